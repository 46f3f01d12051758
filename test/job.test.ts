import { describe, expect, it } from "vitest";
import { BackgroundCopyManager, type JobSettings } from "../src/index.js";
import { LOCALES } from "../src/words/locale.js";
import { makeSession } from "../src/calls/session.js";
import { isResultOf, type MethodName, type WireJob, type WireSettings } from "../src/port/protocol.js";
import type { Service } from "../src/port/service.js";

const ID = "00000000-0000-4000-8000-000000000001";
const ALL_ONES = "18446744073709551615";

/** A manager of BITS, and what it is asked; `answer` gives the result of each. */
function bits(answer: (method: MethodName, params: unknown) => unknown, locale: (typeof LOCALES)[number] = "en") {
  const sent: [MethodName, unknown][] = [];
  const port: Service = {
    managerInterface: "IBackgroundCopyManager",
    request: async (method, params) => {
      sent.push([method, params]);
      const result = answer(method, params);
      // A test must not answer what no host could.
      expect(isResultOf(method, result)).toBe(true);
      return result as never;
    },
    close: async () => {},
  };
  const manager = new BackgroundCopyManager(makeSession(port, "bits", { locale, wording: "documented" }));
  return { manager, job: manager.job(ID), sent };
}

const OK = (method: string) => ({ hresult: 0, method });
const described = (job: WireJob) => () => ({ items: [{ ...OK("IBackgroundCopyJob::GetState"), jobId: ID, job }] });

// Everything that BITS has to tell, as it travels, and as the caller gets it.
const SETTINGS: { [N in keyof JobSettings]-?: [NonNullable<JobSettings[N]>, NonNullable<WireSettings[N]>] } = {
  displayName: ["ü中\u{1f600}", "ü中\u{1f600}"],
  description: ["", ""],
  priority: ["BG_JOB_PRIORITY_FOREGROUND", 0],
  notifyFlags: [["BG_NOTIFY_JOB_TRANSFERRED", "BG_NOTIFY_JOB_ERROR", "BG_NOTIFY_FILE_RANGES_TRANSFERRED"], 35],
  notifyCmdLine: [
    { program: "C:\\a b.exe", parameters: '"C:\\a b.exe" 1' },
    { program: "C:\\a b.exe", parameters: '"C:\\a b.exe" 1' },
  ],
  minimumRetryDelay: [4_294_967_295, 4_294_967_295],
  noProgressTimeout: [0, 0],
  proxySettings: [
    { usage: "BG_JOB_PROXY_USAGE_OVERRIDE", proxyList: "proxy:80", proxyBypassList: "" },
    { usage: 2, proxyList: "proxy:80", proxyBypassList: "" },
  ],
  replyFileName: ["C:\\reply", "C:\\reply"],
  fileAclFlags: [["BG_COPY_FILE_OWNER", "BG_COPY_FILE_GROUP", "BG_COPY_FILE_DACL", "BG_COPY_FILE_SACL"], 15],
  peerCachingFlags: [["BG_JOB_ENABLE_PEERCACHING_CLIENT", "BG_JOB_ENABLE_PEERCACHING_SERVER"], 3],
  maximumDownloadTime: [3_600, 3_600],
  transferPolicy: ["BITS_JOB_TRANSFER_POLICY_STANDARD", 0x80000067],
  dynamicContent: [true, true],
  highPerformance: [false, false],
  maxDownloadSize: [18_446_744_073_709_551_615n, ALL_ONES],
  useStoredCredentials: ["BG_AUTH_TARGET_PROXY", 2],
  minimumNotificationInterval: [500, 500],
  onDemandMode: [false, false],
  customHeaders: [{ "X-First": "1", "x-second": "a: b" }, "X-First: 1\r\nx-second: a: b"],
  securityFlags: [0x31, 0x31],
  httpMethod: ["PUT", "PUT"],
  clientCertificate: [
    { storeLocation: "BG_CERT_STORE_LOCATION_LOCAL_MACHINE", storeName: "MY", subjectName: "a subject" },
    { storeLocation: 1, storeName: "MY", subjectName: "a subject" },
  ],
};

function column(index: 0 | 1): Record<string, unknown> {
  return Object.fromEntries(Object.entries(SETTINGS).map(([name, pair]) => [name, pair[index]]));
}

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

describe("set", () => {
  it.each(Object.entries(SETTINGS))("passes on %s", async (name, [given, travels]) => {
    const { job, sent } = bits(() => OK("IBackgroundCopyJob::SetPriority"));
    await expect(job.set({ [name]: given })).resolves.toMatchObject({ jobId: ID, code: "S_OK" });
    expect(sent).toEqual([["job.set", { jobId: ID, settings: { [name]: travels } }]]);
  });

  it("passes on all of them in the order of the documentation, whatever the caller's", async () => {
    const { job, sent } = bits(() => OK("IBackgroundCopyJob::SetPriority"));
    await job.set(Object.fromEntries(Object.entries(column(0)).reverse()));
    const [[, params]] = sent as [[MethodName, { settings: object }]];
    expect(Object.keys(params.settings)).toEqual(Object.keys(SETTINGS));
  });

  it("takes values that the documentation does not know by their numbers", async () => {
    const { job, sent } = bits(() => OK("IBackgroundCopyJob::SetPriority"));
    await job.set({
      priority: "BG_JOB_PRIORITY(9)",
      notifyFlags: ["BG_NOTIFY(64)", "BG_NOTIFY_JOB_ERROR"],
      transferPolicy: 0x80000000,
      useStoredCredentials: 0,
      customHeaders: {},
    });
    expect(sent[0]?.[1]).toMatchObject({
      settings: {
        priority: 9,
        notifyFlags: 66,
        transferPolicy: 0x80000000,
        useStoredCredentials: 0,
        customHeaders: "",
      },
    });
  });

  it("names the one that is refused", async () => {
    const { job } = bits(() => ({
      hresult: 0x80200021,
      method: "IBackgroundCopyJob::SetDescription",
      property: "description",
    }));
    await expect(job.set({ description: "a" })).rejects.toMatchObject({
      code: "BG_E_STRING_TOO_LONG",
      property: "description",
      method: "IBackgroundCopyJob::SetDescription",
      jobId: ID,
    });
  });

  it("leaves alone what is undefined", async () => {
    const { job, sent } = bits(() => OK("IBackgroundCopyJob::SetDescription"));
    await job.set({ description: "a", displayName: undefined });
    expect(sent[0]?.[1]).toEqual({ jobId: ID, settings: { description: "a" } });
  });
});

describe("the other verbs of BITS", () => {
  it("travel as they are documented", async () => {
    const { manager, job, sent } = bits((method) =>
      method === "job.create" ? { ...OK("IBackgroundCopyManager::CreateJob"), jobId: ID } : OK("IBackgroundCopyJob::X"),
    );
    const ranges = [
      { initialOffset: 5, length: 10n },
      { initialOffset: 2n ** 53n, length: "to end" },
    ] as const;
    const wireRanges = [
      { initialOffset: "5", length: "10" },
      { initialOffset: "9007199254740992", length: ALL_ONES },
    ];
    await manager.createJob("a job", {
      type: "BG_JOB_TYPE_UPLOAD_REPLY",
      replyFileName: "C:\\r",
      files: [{ remoteUrl: "http://a/", localName: "C:\\a", ranges }],
    });
    await job.addFile("http://b/", "C:\\b", { ranges });
    await job.addFile("http://c/", "C:\\c");
    await job.setCredentials({
      target: "BG_AUTH_TARGET_PROXY",
      scheme: "BG_AUTH_SCHEME_NEGOTIATE",
      userName: "user",
      password: "secret",
    });
    await job.removeCredentials("BG_AUTH_TARGET_SERVER", "BG_AUTH_SCHEME_BASIC");
    await job.takeOwnership();
    await job.replaceRemotePrefix("http://a/", "http://b/");
    expect(sent).toEqual([
      [
        "job.create",
        {
          displayName: "a job",
          type: 2,
          settings: { replyFileName: "C:\\r" },
          files: [{ remoteUrl: "http://a/", localName: "C:\\a", ranges: wireRanges }],
        },
      ],
      ["job.addFile", { jobId: ID, remoteUrl: "http://b/", localName: "C:\\b", ranges: wireRanges }],
      ["job.addFile", { jobId: ID, remoteUrl: "http://c/", localName: "C:\\c" }],
      ["job.setCredentials", { jobId: ID, target: 2, scheme: 4, userName: "user", password: "secret" }],
      ["job.removeCredentials", { jobId: ID, target: 1, scheme: 1 }],
      ["job.takeOwnership", { jobId: ID }],
      ["job.replaceRemotePrefix", { jobId: ID, oldPrefix: "http://a/", newPrefix: "http://b/" }],
    ]);
  });

  it("keeps no password, also where it is refused", async () => {
    const { job } = bits(() => ({ hresult: 0x80200026, method: "IBackgroundCopyJob2::SetCredentials" }));
    const credentials = { target: "BG_AUTH_TARGET_SERVER", scheme: "BG_AUTH_SCHEME_BASIC", userName: "u" } as const;
    const error = await job.setCredentials({ ...credentials, password: "secret" }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "BG_E_PASSWORD_TOO_LARGE" });
    expect(`${JSON.stringify(error)} ${(error as Error).stack}`).not.toContain("secret");
  });

  it("says with words of its own that nothing was to be done", async () => {
    const { job } = bits(() => ({ hresult: 1, method: "IBackgroundCopyJob3::ReplaceRemotePrefix" }));
    const result = await job.replaceRemotePrefix("http://a/", "http://b/");
    expect(result).toMatchObject({ code: "S_FALSE", warning: true });
    expect(result.message).toMatch(/prefix/);
  });
});
