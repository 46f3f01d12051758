import { describe, expect, it } from "vitest";
import { LOCALES } from "../../src/words/locale.js";
import { OK, column, ID, ALL_ONES, bits, described } from "./fixture.js";

describe("describe", () => {
  it("tells everything, sizes and times exactly", async () => {
    const { job, sent } = bits(
      described({
        ...column(1),
        state: 2,
        type: 0,
        owner: "S-1-5-18",
        progress: { bytesTotal: ALL_ONES, bytesTransferred: "9007199254740993", filesTotal: 2, filesTransferred: 1 },
        // 2020-01-01T00:00:00.123Z, and no completion yet.
        times: { creation: "132223104001230000", modification: "132223104001239999", transferCompletion: "0" },
        errorCount: 3,
        ownerIntegrityLevel: 0x3000,
        ownerElevated: true,
        replyProgress: { bytesTotal: ALL_ONES, bytesTransferred: "0" },
        files: [
          {
            remoteName: "http://a/",
            localName: "C:\\a",
            temporaryName: "C:\\BIT1.tmp",
            bytesTotal: "9007199254740993",
            bytesTransferred: "9007199254740993",
            completed: true,
            ranges: [
              { initialOffset: "0", length: "10" },
              { initialOffset: "9007199254740993", length: ALL_ONES },
            ],
          },
          {
            remoteName: "http://b/",
            localName: "C:\\b",
            bytesTotal: ALL_ONES,
            bytesTransferred: "0",
            completed: false,
          },
        ],
        refused: { errorCount: 0x80004001, times: 0x80070005 },
      }),
    );
    const time = new Date("2020-01-01T00:00:00.123Z");
    const description = await job.describe();
    expect(description).toEqual({
      ...column(0),
      jobId: ID,
      state: "BG_JOB_STATE_TRANSFERRING",
      type: "BG_JOB_TYPE_DOWNLOAD",
      owner: "S-1-5-18",
      progress: {
        bytesTotal: undefined,
        bytesTransferred: 9_007_199_254_740_993n,
        filesTotal: 2,
        filesTransferred: 1,
      },
      creationTime: time,
      modificationTime: time,
      errorCount: 3,
      ownerIntegrityLevel: 0x3000,
      ownerElevated: true,
      replyProgress: { bytesTotal: undefined, bytesTransferred: 0n },
      files: [
        {
          remoteName: "http://a/",
          localName: "C:\\a",
          temporaryName: "C:\\BIT1.tmp",
          progress: { bytesTotal: 9_007_199_254_740_993n, bytesTransferred: 9_007_199_254_740_993n, completed: true },
          ranges: [
            { initialOffset: 0n, length: 10n },
            { initialOffset: 9_007_199_254_740_993n, length: "to end" },
          ],
        },
        {
          remoteName: "http://b/",
          localName: "C:\\b",
          progress: { bytesTotal: undefined, bytesTransferred: 0n, completed: false },
        },
      ],
      refused: {
        errorCount: { code: "E_NOTIMPL", hresult: 0x80004001, hex: "0x80004001" },
        creationTime: { code: "E_ACCESSDENIED", hresult: 0x80070005, hex: "0x80070005" },
        modificationTime: { code: "E_ACCESSDENIED", hresult: 0x80070005, hex: "0x80070005" },
        transferCompletionTime: { code: "E_ACCESSDENIED", hresult: 0x80070005, hex: "0x80070005" },
      },
    });
    expect(description).not.toHaveProperty("transferCompletionTime");
    expect(sent).toEqual([["job.describe", { jobIds: [ID], detail: "all", languageId: 0x409 }]]);
  });

  it("keeps values that the documentation does not know with their numbers", async () => {
    const { job } = bits(
      described({
        state: 42,
        type: 7,
        priority: 9,
        notifyFlags: 65,
        transferPolicy: 8,
        useStoredCredentials: 0,
        proxySettings: { usage: 5, proxyList: "", proxyBypassList: "" },
        error: { hresult: 0x8020ffff, context: 99 },
      }),
    );
    await expect(job.describe()).resolves.toMatchObject({
      state: "BG_JOB_STATE(42)",
      type: "BG_JOB_TYPE(7)",
      priority: "BG_JOB_PRIORITY(9)",
      notifyFlags: ["BG_NOTIFY_JOB_TRANSFERRED", "BG_NOTIFY(64)"],
      transferPolicy: 8,
      useStoredCredentials: 0,
      proxySettings: { usage: "BG_JOB_PROXY_USAGE(5)" },
      error: { code: "0x8020FFFF", context: "BG_ERROR_CONTEXT(99)" },
    });
  });

  it("does not believe a host that tells nothing", async () => {
    const { job } = bits(() => ({ items: [] }));
    await expect(job.describe()).rejects.toMatchObject({ code: "PROTOCOL", outcome: "unknown" });
    const { job: other } = bits(() => ({ items: [{ ...OK("IBackgroundCopyJob::GetState"), jobId: ID }] }));
    await expect(other.getState()).rejects.toMatchObject({ code: "PROTOCOL" });
  });

  it.each([
    ["en", 0x409],
    ["fr", 0x40c],
    ["pt-BR", 0x416],
    ["zh-TW", 0x404],
    ["de", 0x407],
    ["it", 0x410],
  ] as const)("asks for the service's own words in %s", async (locale, languageId) => {
    const { job, sent } = bits(described({ state: 3 }), locale);
    await job.getState();
    expect(sent).toEqual([["job.describe", { jobIds: [ID], detail: "progress", languageId }]]);
    const item = { jobId: ID, ...OK("IBackgroundCopyJob::Cancel") };
    const { job: canceled, sent: sentToCancel } = bits(() => ({ items: [item] }), locale);
    await canceled.cancel();
    expect(sentToCancel).toEqual([["job.cancel", { jobIds: [ID], languageId }]]);
  });
});

describe("the job's own error", () => {
  const error = {
    hresult: 0x80190194,
    context: 5,
    remoteName: "http://a/",
    localName: "C:\\a",
    description: "HTTP status 404: The requested URL does not exist on the server.",
    contextDescription: "The error occurred while the remote file was being processed.",
    protocol: "http",
  };

  it("has words of the catalogue, and those of the service", async () => {
    const { job } = bits(described({ state: 4, error }));
    const told = await job.getError();
    expect(told).toMatchObject({
      code: "BG_E_HTTP_ERROR_404",
      hresult: 0x80190194,
      hex: "0x80190194",
      context: "BG_ERROR_CONTEXT_REMOTE_FILE",
      file: { remoteName: "http://a/", localName: "C:\\a" },
      description: error.description,
      contextDescription: error.contextDescription,
      protocol: "http",
    });
    const sentences = LOCALES.map((locale) => told?.localize(locale));
    expect(new Set(sentences).size).toBe(LOCALES.length);
    expect(sentences[0]).toBe(told?.message);
  });

  it.each(LOCALES)("says where it occurred in %s", async (locale) => {
    const messages = new Set<string>();
    for (let context = 0; context <= 8; context++) {
      const { job } = bits(described({ state: 4, error: { ...error, context } }), locale);
      const told = await job.getError();
      expect(told?.contextMessage).not.toMatch(/errorContext|\{\{/);
      messages.add(told?.contextMessage ?? "");
    }
    expect(messages.size).toBe(9);
  });

  it("is none where the job is not in error", async () => {
    const { job } = bits(described({ state: 3 }));
    await expect(job.getError()).resolves.toBeUndefined();
  });

  it("is kept with a cancel, and so are the files that are left", async () => {
    const item = {
      jobId: ID,
      hresult: 0x0020001a,
      method: "IBackgroundCopyJob::Cancel",
      stateBefore: 4,
      stateAfter: 8,
      leftoverFiles: ["C:\\BIT1.tmp"],
      jobError: error,
    };
    const { job } = bits(() => ({ items: [item] }));
    await expect(job.cancel()).resolves.toMatchObject({
      code: "BG_S_UNABLE_TO_DELETE_FILES",
      warning: true,
      stateBefore: "BG_JOB_STATE_ERROR",
      stateAfter: "BG_JOB_STATE_CANCELLED",
      leftoverFiles: ["C:\\BIT1.tmp"],
      jobError: { code: "BG_E_HTTP_ERROR_404", context: "BG_ERROR_CONTEXT_REMOTE_FILE" },
      confirmedBy: "return value",
    });
    const { job: other } = bits(() => ({ items: [{ ...item, leftoverFiles: undefined, jobError: undefined }] }));
    const result = await other.cancel();
    expect(result).not.toHaveProperty("leftoverFiles");
    expect(result).not.toHaveProperty("jobError");
  });

  it("has what a complete leaves told as well", async () => {
    const item = { jobId: ID, hresult: 0x0020001a, method: "IBackgroundCopyJob::Complete", stateAfter: 7 };
    const { job } = bits(() => ({ items: [{ ...item, leftoverFiles: ["C:\\BIT1.tmp"] }] }));
    await expect(job.complete()).resolves.toMatchObject({
      code: "BG_S_UNABLE_TO_DELETE_FILES",
      leftoverFiles: ["C:\\BIT1.tmp"],
    });
    const { job: other } = bits(() => ({ items: [item] }));
    expect(await other.complete()).not.toHaveProperty("leftoverFiles");
  });
});
