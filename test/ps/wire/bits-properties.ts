import { expect, it } from "vitest";
import type { WireSettings } from "../../../src/port/protocol.js";
import {
  NOBODY,
  UNKNOWN,
  EN_US,
  FR_FR,
  S_OK,
  E_NOTIMPL,
  E_NOINTERFACE,
  E_ACCESSDENIED,
  E_INVALIDARG,
  target,
  isNow,
  type Wire,
} from "./session.js";

// What BITS returns about a job, and the settings of a job.

/** Properties, errors and files as BITS returns them, and each setting. */
export function bitsProperties({ request, command, calls, create, describe: tell, set, act }: Wire): void {
  it("describes a new job in all that BITS documents", async () => {
    const jobId = await create({ displayName: "a \u4e2d job", type: 0 });
    const job = await tell(jobId);
    const { times, owner, ...rest } = job;
    expect(owner).toMatch(/^S-1-5-/);
    expect(times).toMatchObject({ transferCompletion: "0" });
    expect(isNow(times?.creation as string)).toBe(true);
    expect(isNow(times?.modification as string)).toBe(true);
    expect(rest).toEqual({
      state: 3,
      progress: { bytesTotal: "0", bytesTransferred: "0", filesTotal: 0, filesTransferred: 0 },
      type: 0,
      displayName: "a \u4e2d job",
      priority: 2,
      notifyFlags: 3,
      minimumRetryDelay: 600,
      noProgressTimeout: 1_209_600,
      proxySettings: { usage: 0, proxyList: "", proxyBypassList: "" },
      fileAclFlags: 0,
      peerCachingFlags: 0,
      maximumDownloadTime: 7_776_000,
      transferPolicy: 0,
      dynamicContent: false,
      highPerformance: false,
      maxDownloadSize: "0",
      useStoredCredentials: 0,
      minimumNotificationInterval: 0,
      onDemandMode: false,
      securityFlags: 0,
      httpMethod: "GET",
      errorCount: 0,
      ownerIntegrityLevel: 0x3000,
      ownerElevated: true,
      files: [],
      // Properties that exist only for uploads with a reply.
      refused: { replyFileName: E_NOTIMPL, replyProgress: E_NOTIMPL },
    });
  });

  it("tells as much as is asked for", async () => {
    const jobId = await create();
    expect(Object.keys(await tell(jobId, "progress")).sort()).toEqual(["progress", "state"]);
    expect(Object.keys(await tell(jobId, "summary")).sort()).toEqual(
      ["displayName", "owner", "priority", "progress", "state", "times", "type"].sort(),
    );
  });

  it("describes many, and answers for each", async () => {
    const jobIds = [await create(), NOBODY, "nonsense", await create({ displayName: "another" })];
    const { items } = await request("job.describe", { jobIds, detail: "summary", languageId: 0 });
    expect(items.map(({ jobId }) => jobId)).toEqual(jobIds);
    expect(items.map(({ hresult }) => hresult)).toEqual([S_OK, 0x80200001, E_INVALIDARG, S_OK]);
    expect(items.map(({ job }) => job?.displayName)).toEqual(["a job", undefined, undefined, "another"]);
  });

  it.each<[string, WireSettings]>([
    ["displayName", { displayName: "another \u{1f600}" }],
    ["description", { description: 'what it "is"' }],
    ["priority", { priority: 0 }],
    ["notifyFlags", { notifyFlags: 0x1b }],
    ["notifyCmdLine", { notifyCmdLine: { program: "C:\\a b\\run.exe", parameters: "run.exe /x" } }],
    ["minimumRetryDelay", { minimumRetryDelay: 4_294_967_295 }],
    ["noProgressTimeout", { noProgressTimeout: 120 }],
    ["proxySettings", { proxySettings: { usage: 2, proxyList: "one:80 two:81", proxyBypassList: "<local>" } }],
    ["fileAclFlags", { fileAclFlags: 15 }],
    ["peerCachingFlags", { peerCachingFlags: 7 }],
    ["maximumDownloadTime", { maximumDownloadTime: 3600 }],
    ["transferPolicy", { transferPolicy: 0x80000021 }],
    ["dynamicContent", { dynamicContent: true }],
    ["highPerformance", { highPerformance: true }],
    ["maxDownloadSize", { maxDownloadSize: "18446744073709551614" }],
    ["useStoredCredentials", { useStoredCredentials: 2 }],
    ["minimumNotificationInterval", { minimumNotificationInterval: 1500 }],
    ["onDemandMode", { onDemandMode: true }],
    ["customHeaders", { customHeaders: "X-One: 1\r\nX-Two: \u00fc\r\n" }],
    ["securityFlags", { securityFlags: 0x911 }],
    // This makes it a foreground job.
    ["httpMethod", { httpMethod: "POST", priority: 0 }],
    ["clientCertificate", { clientCertificate: { storeLocation: 1, storeName: "MY", subjectName: "CN=me" } }],
  ])("sets %s, and nothing else", async (name, settings) => {
    const jobId = await create();
    const before = await tell(jobId);
    expect(await set(jobId, settings)).toEqual({
      hresult: S_OK,
      method: expect.stringMatching(/^IBackgroundCopyJob\w*::Set\w+$/),
    });
    const after = await tell(jobId);
    expect(after[name as "priority"]).toEqual(settings[name as "priority"]);
    expect({ ...after, times: 0 }).toEqual({ ...before, ...settings, times: 0 });
  });

  it("sets what only an upload with a reply has", async () => {
    const jobId = await create({ type: 2 });
    expect(await set(jobId, { replyFileName: "C:\\windows\\temp\\reply.bin" })).toMatchObject({ hresult: S_OK });
    expect(await tell(jobId)).toMatchObject({
      type: 2,
      replyFileName: "C:\\windows\\temp\\reply.bin",
      replyProgress: { bytesTotal: UNKNOWN, bytesTransferred: "0" },
    });
  });

  it("takes a setting back where an empty text says so", async () => {
    const jobId = await create({
      settings: {
        notifyCmdLine: { program: "C:\\run.exe", parameters: "run.exe" },
        customHeaders: "A: b\r\n",
        proxySettings: { usage: 2, proxyList: "p:1", proxyBypassList: "" },
      },
    });
    const none = {
      notifyCmdLine: { program: "", parameters: "" },
      customHeaders: "",
      proxySettings: { usage: 1, proxyList: "", proxyBypassList: "" },
    };
    expect(await set(jobId, none)).toMatchObject({ hresult: S_OK });
    const job = await tell(jobId);
    expect(job).toMatchObject({ proxySettings: { usage: 1, proxyList: "", proxyBypassList: "" } });
    expect(job).not.toHaveProperty("notifyCmdLine");
    expect(job).not.toHaveProperty("customHeaders");
  });

  it("sets in order, and names what was refused", async () => {
    const jobId = await create();
    await command("refuse IBackgroundCopyJob::SetMinimumRetryDelay 0x80070005");
    const settings = { customHeaders: "A: b\r\n", minimumRetryDelay: 5, description: "new" };
    expect(await set(jobId, settings)).toEqual({
      hresult: E_ACCESSDENIED,
      method: "IBackgroundCopyJob::SetMinimumRetryDelay",
      property: "minimumRetryDelay",
    });
    const job = await tell(jobId);
    expect(job.description).toBe("new");
    expect(job).not.toHaveProperty("customHeaders");
  });

  it("tells a success with a reservation", async () => {
    const jobId = await create();
    await command("refuse IBackgroundCopyJob::SetPriority 0x00200055");
    expect(await set(jobId, { priority: 1, noProgressTimeout: 60 })).toEqual({
      hresult: 0x00200055,
      method: "IBackgroundCopyJob::SetPriority",
      property: "priority",
    });
  });

  it.each<[string, WireSettings]>([
    ["a text with a NUL", { description: "a\0b" }],
    ["a number that does not fit", { noProgressTimeout: 2 ** 32 }],
    ["a size that does not fit", { maxDownloadSize: "99999999999999999999" }],
  ])("does not let %s through", async (_what, settings) => {
    const jobId = await create();
    const [property] = Object.keys(settings);
    const before = await calls();
    expect(await set(jobId, settings)).toMatchObject({ hresult: E_INVALIDARG, property });
    const after = await calls();
    expect(Object.keys(after).filter((name) => after[name] !== before[name] && name.includes("::Set"))).toEqual([]);
  });

  it("sets nothing where nothing is given", async () => {
    expect(await set(await create(), {})).toEqual({ hresult: S_OK, method: "IBackgroundCopyManager::GetJob" });
    expect(await set(NOBODY, {})).toEqual({ hresult: 0x80200001, method: "IBackgroundCopyManager::GetJob" });
  });

  it("names each property that is refused, and tells the rest", async () => {
    const jobId = await create();
    await command("refuse IBackgroundCopyJob::GetOwner 0x80070005");
    await command("refuse IBackgroundCopyJob5::GetProperty 0x80200057");
    await command("refuse IBackgroundCopyJob::EnumFiles 0x80004001");
    const job = await tell(jobId);
    expect(job.refused).toMatchObject({ owner: E_ACCESSDENIED, transferPolicy: 0x80200057, files: E_NOTIMPL });
    expect(job).toMatchObject({ displayName: "a job", priority: 2 });
    for (const name of ["owner", "transferPolicy", "files"]) {
      expect(job).not.toHaveProperty(name);
    }
  });

  it("says of a job whose state is refused only that", async () => {
    const jobId = await create();
    await command("refuse IBackgroundCopyJob::GetState 0x80070005 1");
    const { items } = await request("job.describe", { jobIds: [jobId], detail: "all", languageId: 0 });
    expect(items).toEqual([{ jobId, hresult: E_ACCESSDENIED, method: "IBackgroundCopyJob::GetState" }]);
  });

  it("tells why a job failed, in the service's words where it has the language", async () => {
    const localName = target();
    const jobId = await create({ files: [{ remoteUrl: "http://stand-in/404", localName }] });
    await act("job.resume", jobId);
    const failure = {
      hresult: 0x80190194,
      context: 5,
      remoteName: "http://stand-in/404",
      localName,
      protocol: "http",
    };
    expect(await tell(jobId, "progress", EN_US)).toMatchObject({
      state: 4,
      error: {
        ...failure,
        description: "Error 0x80190194 of the stand-in service.",
        contextDescription: "Context 0x00000005 of the stand-in service.",
      },
    });
    expect((await tell(jobId, "progress", FR_FR)).error).toEqual(failure);
    expect((await tell(jobId, "all")).errorCount).toBe(1);
    await command("refuse IBackgroundCopyJob::GetError 0x8020000F");
    expect(await tell(jobId, "progress")).toMatchObject({ state: 4, refused: { error: 0x8020000f } });
  });

  it("tells each file as it is, and sizes to the last byte", async () => {
    const localName = target();
    const jobId = await create({ files: [{ remoteUrl: "http://stand-in/hold?bytes=9007199254740995", localName }] });
    await act("job.resume", jobId);
    const { files, progress } = await tell(jobId);
    expect(progress).toEqual({
      bytesTotal: "9007199254740995",
      bytesTransferred: "4503599627370497",
      filesTotal: 1,
      filesTransferred: 0,
    });
    expect(files).toEqual([
      {
        remoteName: "http://stand-in/hold?bytes=9007199254740995",
        localName,
        temporaryName: expect.stringMatching(/\\BIT\w+\.tmp$/i),
        bytesTotal: "9007199254740995",
        bytesTransferred: "4503599627370497",
        completed: false,
      },
    ]);
    await act("job.cancel", jobId);
  });

  it("does without what an older system lacks", async () => {
    const jobId = await create();
    await command("without IBackgroundCopyJob5");
    expect((await tell(jobId)).refused).toMatchObject({ transferPolicy: E_NOINTERFACE, onDemandMode: E_NOINTERFACE });
    expect(await set(jobId, { onDemandMode: true })).toMatchObject({
      hresult: E_NOINTERFACE,
      method: "IBackgroundCopyJob5::SetProperty",
      property: "onDemandMode",
    });
  });
}
