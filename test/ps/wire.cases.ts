import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Host } from "../../src/powershell/host.js";
import {
  isResultOf,
  type MethodName,
  type Params,
  type Result,
  type WireJob,
  type WireSettings,
} from "../../src/port/protocol.js";
import { type ComServer, DONE, HELD, NOTHING_HELD } from "../support/com-server/index.js";
import type { Service } from "./service.js";

// The protocol, sent to the module directly: each method and each property, on a service that supports them all.

const NOBODY = "00000000-0000-4000-8000-000000000001";
const UNKNOWN = (2n ** 64n - 1n).toString();
const EN_US = 0x409;
const FR_FR = 0x40c;
const S_OK = 0;
const E_NOTIMPL = 0x80004001;
const E_NOINTERFACE = 0x80004002;
const E_ACCESSDENIED = 0x80070005;
const E_INVALIDARG = 0x80070057;
const DOWNLOAD = { type: 0, settings: {}, files: [] };
const RANGES = [
  { initialOffset: "0", length: "100" },
  { initialOffset: "9007199254740993", length: UNKNOWN },
];

let targets = 0;
const target = () => `C:\\windows\\temp\\wire-${++targets}.bin`;

/** A host and the requests to it; `queued` and `calls` query the service for their effects. */
function session(service: Service) {
  let host: Host;
  let server: ComServer;

  async function request<M extends MethodName>(method: M, params: Params<M>): Promise<Result<M>> {
    const result = await host.request(method, params, { timeoutInMs: 60_000 });
    expect(result, `${method} ${JSON.stringify(result)}`).toSatisfy((value: unknown) => isResultOf(method, value));
    return result;
  }

  beforeAll(async () => {
    server = await service.start("keep-final");
    host = service.host();
    await host.ready;
    await request("service.open", { service: service.name });
  });
  afterAll(async () => {
    await host.close();
    await server.stop();
  });
  beforeEach(() => server.command("heal"));
  afterEach(async () => {
    expect(await server.references(), "what is held between requests").toMatchObject({ ...NOTHING_HELD, manager: 1 });
  });

  return {
    request,
    command: (line: string) => server.command(line),
    calls: async () => (await server.command("calls")) as Record<string, number>,
    async create(params: Partial<Params<"job.create">> = {}): Promise<string> {
      const created = await request("job.create", { displayName: "a job", ...DOWNLOAD, ...params });
      expect(created).toMatchObject({ hresult: S_OK, method: "IBackgroundCopyManager::CreateJob" });
      return created.jobId as string;
    },
    async describe(
      jobId: string,
      detail: "progress" | "summary" | "all" = "all",
      languageId = EN_US,
    ): Promise<WireJob> {
      const { items } = await request("job.describe", { jobIds: [jobId], detail, languageId });
      expect(items).toMatchObject([{ jobId, hresult: S_OK, method: "IBackgroundCopyJob::GetState" }]);
      return items[0]?.job as WireJob;
    },
    async set(jobId: string, settings: WireSettings) {
      return request("job.set", { jobId, settings });
    },
    async act(verb: "job.suspend" | "job.resume" | "job.complete" | "job.cancel", ...jobIds: string[]) {
      return (await request(verb, { jobIds, languageId: EN_US })).items;
    },
  };
}

/** A FILETIME that the clocks of this machine and of the service agree on within a minute. */
function isNow(fileTime: string): boolean {
  const milliseconds = Number(BigInt(fileTime) / 10_000n - 11_644_473_600_000n);
  return Math.abs(milliseconds - Date.now()) < 60_000;
}

export function bitsOnTheWire(service: Service): void {
  describe("on the wire", () => {
    const { request, command, calls, create, describe: tell, set, act } = session(service);

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
      ["customHeaders", { customHeaders: "X-One: 1\r\nX-Two: \u00fc" }],
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
          customHeaders: "A: b",
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
      const settings = { customHeaders: "A: b", minimumRetryDelay: 5, description: "new" };
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

    it("creates a job with settings and files in one request", async () => {
      const files = [
        { remoteUrl: HELD, localName: target() },
        { remoteUrl: DONE, localName: target(), ranges: RANGES },
      ];
      const jobId = await create({ settings: { description: "with files", priority: 3 }, files });
      const job = await tell(jobId);
      expect(job).toMatchObject({
        description: "with files",
        priority: 3,
        progress: { filesTotal: 2, bytesTotal: UNKNOWN },
      });
      const fresh = { bytesTotal: UNKNOWN, bytesTransferred: "0", completed: false };
      expect(job.files).toEqual([
        { remoteName: HELD, localName: files[0]?.localName, ...fresh },
        { remoteName: DONE, localName: files[1]?.localName, ...fresh, ranges: RANGES },
      ]);
    });

    it.each<[string, Partial<Params<"job.create">>, number, string]>([
      ["a setting", { settings: { priority: 99 } }, E_NOTIMPL, "IBackgroundCopyJob::SetPriority"],
      [
        "a file",
        { files: [{ remoteUrl: "ftp://x/y", localName: "C:\\x" }] },
        E_INVALIDARG,
        "IBackgroundCopyJob::AddFile",
      ],
      [
        "a range",
        { files: [{ remoteUrl: DONE, localName: "C:\\x", ranges: [{ initialOffset: "0", length: "0" }] }] },
        0x8020002b,
        "IBackgroundCopyJob3::AddFileWithRanges",
      ],
    ])("cancels a new job of which %s is refused", async (_what, params, hresult, method) => {
      const before = (await calls())["IBackgroundCopyJob::Cancel"] ?? 0;
      const created = await request("job.create", { displayName: "a job", ...DOWNLOAD, ...params });
      expect(created).toEqual({ hresult, method });
      expect((await calls())["IBackgroundCopyJob::Cancel"]).toBe(before + 1);
    });

    it("says which job is left where it can't even be canceled", async () => {
      await command("refuse IBackgroundCopyJob::Cancel 0x80070005");
      const created = await request("job.create", { displayName: "a job", ...DOWNLOAD, settings: { priority: 99 } });
      expect(created).toMatchObject({ hresult: E_NOTIMPL, method: "IBackgroundCopyJob::SetPriority" });
      expect(await tell(created.jobId as string, "progress")).toMatchObject({ state: 3 });
    });

    it("lists the caller's jobs, and those of all users", async () => {
      const own = await create();
      const { id: foreign } = (await command("foreign S-1-5-21-1-2-3-1001")) as { id: string };
      const list = async (allUsers: boolean) => request("job.list", { allUsers, page: 0 });
      const { jobIds, ...outcome } = await list(false);
      expect(outcome).toEqual({ hresult: S_OK, method: "IBackgroundCopyManager::EnumJobs", page: 0, more: false });
      expect(jobIds).toContain(own);
      expect(jobIds).not.toContain(foreign.toLowerCase());
      expect((await list(true)).jobIds).toEqual(expect.arrayContaining([own, foreign.toLowerCase()]));
      await command("refuse IBackgroundCopyManager::EnumJobs 0x80070005");
      expect(await list(true)).toEqual({ hresult: E_ACCESSDENIED, method: "IBackgroundCopyManager::EnumJobs" });
    });

    it("lists many jobs a page at a time", async () => {
      const created = await Promise.all(Array.from({ length: 120 }, () => create()));
      const list = async (page: number) => request("job.list", { allUsers: false, page });
      const first = await list(0);
      expect(first).toMatchObject({ page: 0, more: true });
      expect(first.jobIds).toHaveLength(100);
      // Other requests, and a list that is started and abandoned, do not affect it.
      await tell(created[0] as string, "progress");
      expect(await list(0)).toEqual(first);
      const jobIds = [...(first.jobIds ?? [])];
      for (let page = 1, more = true; more; page++) {
        const next = await list(page);
        expect(next.page).toBe(page);
        jobIds.push(...(next.jobIds ?? []));
        more = next.more as boolean;
      }
      expect(new Set(jobIds).size).toBe(jobIds.length);
      expect(jobIds).toEqual(expect.arrayContaining(created));

      // The list is at its end: there is no next page, and only the first page can start another list.
      for (const page of [jobIds.length, 7]) {
        expect(await list(page)).toMatchObject({ page: 0, more: true });
      }
      await command("refuse IBackgroundCopyJob::GetId 0x80070005");
      expect(await list(1)).toEqual({ hresult: E_ACCESSDENIED, method: "IBackgroundCopyJob::GetId" });
      await command("heal");
      // A refused list has ended; a lost list starts again.
      expect(await list(2)).toMatchObject({ page: 0, more: true });
      await command("refuse IEnum::Next 0x800706BA 1");
      expect(await list(1)).toEqual(first);
      await act("job.cancel", ...created);
      await command("refuse IEnum::Next 0x80070005");
      expect(await list(1)).toMatchObject({ hresult: E_ACCESSDENIED });
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

    it("suspends, resumes, completes and cancels many", async () => {
      const whole = await create({ files: [{ remoteUrl: DONE, localName: target() }] });
      const held = await create({ files: [{ remoteUrl: HELD, localName: target() }] });
      const partial = await create({
        files: [DONE, HELD].map((remoteUrl) => ({ remoteUrl, localName: target() })),
      });
      const item = (jobId: string, verb: string, hresult: number, stateBefore?: number, stateAfter?: number) => ({
        jobId,
        hresult,
        method: `IBackgroundCopyJob::${verb}`,
        ...(stateBefore !== undefined && { stateBefore, stateAfter }),
      });
      const nobody = { jobId: NOBODY, hresult: 0x80200001, method: "IBackgroundCopyManager::GetJob" };
      const empty = await create();
      expect(await act("job.resume", whole, NOBODY, held, partial, empty)).toEqual([
        item(whole, "Resume", S_OK, 3, 6),
        nobody,
        item(held, "Resume", S_OK, 3, 2),
        item(partial, "Resume", S_OK, 3, 2),
        item(empty, "Resume", 0x80200003, 3, 3),
      ]);
      expect(await act("job.suspend", held, NOBODY, whole)).toEqual([
        item(held, "Suspend", S_OK, 2, 3),
        nobody,
        item(whole, "Suspend", S_OK, 6, 6),
      ]);
      expect(await act("job.complete", whole, partial, NOBODY)).toEqual([
        item(whole, "Complete", S_OK, 6, 7),
        item(partial, "Complete", 0x00200017, 2, 7),
        nobody,
      ]);
      expect(await act("job.cancel", held, whole, NOBODY)).toEqual([
        item(held, "Cancel", S_OK, 3, 8),
        item(whole, "Cancel", 0x80200002, 7, 7),
        nobody,
      ]);
      expect(await act("job.cancel", "nonsense")).toEqual([
        { jobId: "nonsense", hresult: E_INVALIDARG, method: "IBackgroundCopyManager::GetJob" },
      ]);
    });

    it("says what a canceled job had failed with", async () => {
      const localName = target();
      const jobId = await create({ files: [{ remoteUrl: "http://stand-in/transient", localName }] });
      await act("job.resume", jobId);
      expect(await act("job.cancel", jobId)).toMatchObject([
        {
          hresult: S_OK,
          stateBefore: 5,
          stateAfter: 8,
          jobError: {
            hresult: 0x80072ee7,
            context: 5,
            localName,
            description: "Error 0x80072EE7 of the stand-in service.",
          },
        },
      ]);
    });

    it.each([
      ["job.cancel", 8],
      ["job.complete", 7],
    ] as const)("names the temporary files that a %s leaves behind", async (verb, stateAfter) => {
      const jobId = await create({
        files: ["http://stand-in/undeletable", DONE, HELD].map((remoteUrl) => ({ remoteUrl, localName: target() })),
      });
      await act("job.resume", jobId);
      const { files } = await tell(jobId);
      expect(await act(verb, jobId)).toMatchObject([
        { hresult: 0x0020001a, stateAfter, leftoverFiles: [files?.[0]?.temporaryName] },
      ]);
    });

    it("sets and removes credentials", async () => {
      const jobId = await create();
      const credentials = (target: number, scheme: number, userName = "Jürgen", password = "pä$$ \u4e2d") =>
        request("job.setCredentials", { jobId, target, scheme, userName, password });
      const remove = (target: number, scheme: number) => request("job.removeCredentials", { jobId, target, scheme });
      const method = "IBackgroundCopyJob2::SetCredentials";
      const given = async () =>
        ((await command(`credentials ${jobId}`)) as number[][]).map((units) => String.fromCharCode(...units));
      expect(await credentials(1, 1)).toEqual({ hresult: S_OK, method });
      expect(await given()).toEqual(["J\u00fcrgen", "p\u00e4$$ \u4e2d"]);
      expect(await credentials(2, 4, "", "")).toEqual({ hresult: S_OK, method });
      expect(await given()).toEqual(["", ""]);
      expect(await credentials(3, 1)).toEqual({ hresult: 0x80200027, method });
      expect(await credentials(1, 9)).toEqual({ hresult: 0x80200028, method });
      const removed = "IBackgroundCopyJob2::RemoveCredentials";
      expect(await remove(1, 1)).toEqual({ hresult: S_OK, method: removed });
      expect(await remove(1, 1)).toEqual({ hresult: 1, method: removed });
      expect(await remove(2, 4)).toEqual({ hresult: S_OK, method: removed });
    });

    it("takes ownership", async () => {
      const { id } = (await command("foreign S-1-5-21-1-2-3-1002")) as { id: string };
      const jobId = id.toLowerCase();
      expect((await tell(jobId)).owner).toBe("S-1-5-21-1-2-3-1002");
      const method = "IBackgroundCopyJob::TakeOwnership";
      expect(await request("job.takeOwnership", { jobId })).toEqual({ hresult: S_OK, method });
      expect((await tell(jobId)).owner).not.toBe("S-1-5-21-1-2-3-1002");
    });

    it("replaces the beginning of remote names", async () => {
      const jobId = await create({ files: [{ remoteUrl: DONE, localName: target() }] });
      const replace = (oldPrefix: string, newPrefix: string) =>
        request("job.replaceRemotePrefix", { jobId, oldPrefix, newPrefix });
      const method = "IBackgroundCopyJob3::ReplaceRemotePrefix";
      expect(await replace("http://stand-in/", "https://other/")).toEqual({ hresult: S_OK, method });
      expect((await tell(jobId)).files).toMatchObject([{ remoteName: "https://other/done?bytes=65536" }]);
      expect(await replace("http://nowhere/", "https://other/")).toEqual({ hresult: 1, method });
      expect(await replace("http://a\0b/", "https://other/")).toEqual({ hresult: E_INVALIDARG, method });
    });

    it("adds files, whole or in ranges", async () => {
      const jobId = await create();
      const add = (remoteUrl: string, ranges?: typeof RANGES) =>
        request("job.addFile", { jobId, remoteUrl, localName: target(), ...(ranges && { ranges }) });
      expect(await add(HELD)).toEqual({ hresult: S_OK, method: "IBackgroundCopyJob::AddFile" });
      const method = "IBackgroundCopyJob3::AddFileWithRanges";
      expect(await add(HELD, RANGES)).toEqual({ hresult: S_OK, method });
      const overlapping = [...RANGES].map((range) => ({ ...range, initialOffset: "50" }));
      expect(await add(HELD, overlapping)).toEqual({ hresult: 0x8020002c, method });
      expect(await add("http://a\0b/")).toEqual({ hresult: E_INVALIDARG, method: "IBackgroundCopyJob::AddFile" });
      expect((await tell(jobId)).files).toHaveLength(2);
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
  });
}

export function deliveryOptimizationOnTheWire(service: Service): void {
  describe("on the wire", () => {
    const { request, calls, create, describe: tell, set, act } = session(service);

    it("asks for what Delivery Optimization documents, and for nothing else", async () => {
      const files = [
        { remoteUrl: HELD, localName: target() },
        { remoteUrl: DONE, localName: target(), ranges: RANGES },
      ];
      const before = await calls();
      const jobId = await create({
        displayName: "a job",
        settings: { priority: 1, notifyFlags: 2, noProgressTimeout: 600, transferPolicy: 0x80000067 },
        files,
      });
      const { times, ...job } = await tell(jobId);
      expect(isNow(times?.creation as string)).toBe(true);
      const fresh = { bytesTotal: UNKNOWN, bytesTransferred: "0", completed: false };
      expect(job).toEqual({
        state: 3,
        progress: { bytesTotal: UNKNOWN, bytesTransferred: "0", filesTotal: 2, filesTransferred: 0 },
        type: 0,
        displayName: "a job",
        priority: 1,
        notifyFlags: 2,
        noProgressTimeout: 600,
        transferPolicy: 0x80000067,
        files: [
          { remoteName: HELD, localName: files[0]?.localName, ...fresh },
          { remoteName: DONE, localName: files[1]?.localName, ...fresh, ranges: RANGES },
        ],
      });
      const undocumented =
        /GetOwner|Description|MinimumRetryDelay|Proxy|ErrorCount|EnumJobs|GetProtocol|GetTemporaryName/;
      const after = await calls();
      expect(Object.keys(after).filter((name) => undocumented.test(name) && after[name] !== before[name])).toEqual([]);
    });

    it.each<[string, WireSettings]>([
      ["priority", { priority: 0 }],
      ["notifyFlags", { notifyFlags: 9 }],
      ["noProgressTimeout", { noProgressTimeout: 61 }],
      ["transferPolicy", { transferPolicy: 0x800000ff }],
    ])("sets %s", async (_name, settings) => {
      const jobId = await create();
      expect(await set(jobId, settings)).toMatchObject({ hresult: S_OK });
      expect(await tell(jobId)).toMatchObject(settings);
    });

    it.each<[string, WireSettings, string]>([
      ["displayName", { displayName: "new" }, "IBackgroundCopyJob::SetDisplayName"],
      ["description", { description: "new" }, "IBackgroundCopyJob::SetDescription"],
      ["onDemandMode", { onDemandMode: true }, "IBackgroundCopyJob5::SetProperty"],
      ["customHeaders", { customHeaders: "A: b" }, "IBackgroundCopyJobHttpOptions::SetCustomHeaders"],
    ])("does not ask for %s, which is not documented", async (property, settings, method) => {
      const jobId = await create();
      const before = (await calls())[method];
      expect(await set(jobId, settings)).toEqual({ hresult: E_NOTIMPL, method, property });
      expect((await calls())[method]).toBe(before);
    });

    it("has no list, no credentials, no owners and no prefixes", async () => {
      const jobId = await create();
      const refused = (method: string) => ({ hresult: E_NOTIMPL, method });
      expect(await request("job.list", { allUsers: false, page: 0 })).toEqual(
        refused("IBackgroundCopyManager::EnumJobs"),
      );
      expect(
        await request("job.setCredentials", { jobId, target: 1, scheme: 1, userName: "u", password: "p" }),
      ).toEqual(refused("IBackgroundCopyJob2::SetCredentials"));
      expect(await request("job.removeCredentials", { jobId, target: 1, scheme: 1 })).toEqual(
        refused("IBackgroundCopyJob2::RemoveCredentials"),
      );
      expect(await request("job.takeOwnership", { jobId })).toEqual(refused("IBackgroundCopyJob::TakeOwnership"));
      expect(
        await request("job.replaceRemotePrefix", { jobId, oldPrefix: "http://a/", newPrefix: "http://b/" }),
      ).toEqual(refused("IBackgroundCopyJob3::ReplaceRemotePrefix"));
    });

    it("tells why a job failed, and has no words for it", async () => {
      const localName = target();
      const jobId = await create({ files: [{ remoteUrl: "http://stand-in/404", localName }] });
      await act("job.resume", jobId);
      const error = { hresult: 0x80190194, context: 5, remoteName: "http://stand-in/404", localName };
      expect((await tell(jobId, "progress")).error).toEqual(error);
      expect(await act("job.cancel", jobId)).toMatchObject([
        { hresult: S_OK, stateBefore: 4, stateAfter: 8, jobError: error },
      ]);
    });

    it("goes the way of a job", async () => {
      const jobId = await create({ files: [{ remoteUrl: DONE, localName: target() }] });
      expect(await act("job.resume", jobId)).toMatchObject([{ hresult: S_OK, stateBefore: 3, stateAfter: 6 }]);
      const { progress, times } = await tell(jobId, "summary");
      expect(progress).toEqual({ bytesTotal: "65536", bytesTransferred: "65536", filesTotal: 1, filesTransferred: 1 });
      expect(isNow(times?.transferCompletion as string)).toBe(true);
      expect(await act("job.complete", jobId)).toMatchObject([{ hresult: S_OK, stateAfter: 7 }]);
      expect((await tell(jobId)).files).toMatchObject([{ completed: true }]);
      expect(await act("job.cancel", jobId)).toMatchObject([{ hresult: 0x80d02013, stateBefore: 7, stateAfter: 7 }]);
    });
  });
}

export function downloadsOnTheWire(service: Service): void {
  describe("on the wire", () => {
    const { request, command, create, describe: tell, set, act } = session(service);

    it("describes a download as a job", async () => {
      const jobId = await create({ displayName: "a job" });
      expect(await tell(jobId)).toEqual({
        state: 3,
        progress: { bytesTotal: "0", bytesTransferred: "0", filesTotal: 0, filesTransferred: 0 },
        type: 0,
        displayName: "a job",
        // If nothing is set, it runs in the background.
        priority: 2,
        files: [],
      });
      expect(Object.keys(await tell(jobId, "progress")).sort()).toEqual(["progress", "state"]);
      expect(Object.keys(await tell(jobId, "summary")).sort()).toEqual(
        ["displayName", "priority", "progress", "state", "type"].sort(),
      );
    });

    it.each<[string, WireSettings]>([
      ["displayName", { displayName: "new" }],
      ["priority", { priority: 0 }],
      ["noProgressTimeout", { noProgressTimeout: 61 }],
      ["customHeaders", { customHeaders: "X-One: 1\r\nX-Two: 2" }],
      ["transferPolicy ALWAYS", { transferPolicy: 0x800000ff }],
      ["transferPolicy NOT_ROAMING", { transferPolicy: 0x8000007f }],
      ["transferPolicy NO_SURCHARGE", { transferPolicy: 0x8000006f }],
      ["transferPolicy STANDARD", { transferPolicy: 0x80000067 }],
      ["transferPolicy UNRESTRICTED", { transferPolicy: 0x80000021 }],
    ])("sets %s, and nothing else", async (_name, settings) => {
      const jobId = await create();
      const before = await tell(jobId);
      expect(await set(jobId, settings)).toEqual({
        hresult: S_OK,
        method: expect.stringMatching(/^IBackgroundCopyJob\w*::Set\w+$/),
        calledMethod: "IDODownload::SetProperty",
      });
      expect(await tell(jobId)).toEqual({ ...before, ...settings });
    });

    it("sets the security flags, which can't be read", async () => {
      const jobId = await create();
      expect(await set(jobId, { securityFlags: 0x1 })).toEqual({
        hresult: S_OK,
        method: "IBackgroundCopyJobHttpOptions::SetSecurityFlags",
        calledMethod: "IDODownload::SetProperty",
      });
      expect(await tell(jobId)).not.toHaveProperty("securityFlags");
    });

    it("weakens no check of a certificate but the one that BITS' flags say", async () => {
      const jobId = await create();
      // By flag of BITS: the flag of WinHTTP, and whether it weakens a check.
      const certificates = [
        { bits: 0x1, winHttp: 0x1, name: "WINHTTP_ENABLE_SSL_REVOCATION" },
        { bits: 0x2, winHttp: 0x1000, name: "SECURITY_FLAG_IGNORE_CERT_CN_INVALID" },
        { bits: 0x4, winHttp: 0x2000, name: "SECURITY_FLAG_IGNORE_CERT_DATE_INVALID" },
        { bits: 0x8, winHttp: 0x100, name: "SECURITY_FLAG_IGNORE_UNKNOWN_CA" },
        { bits: 0x10, winHttp: 0x200, name: "SECURITY_FLAG_IGNORE_CERT_WRONG_USAGE" },
      ];
      const redirections = { silent: 0, report: 0x100, disallow: 0x200, httpsToHttp: 0x800 };
      let last = [0, false];
      for (const policy of Object.values(redirections)) {
        for (let securityFlags = policy; securityFlags < policy + 0x20; securityFlags++) {
          const { hresult } = await set(jobId, { securityFlags });
          const asked = certificates.filter(({ bits }) => securityFlags & bits);
          const isIdle = (securityFlags & 0x1) !== 0 && asked.length > 1;
          const lacks = policy === redirections.report || policy === redirections.disallow || isIdle;
          expect(hresult, String(securityFlags)).toBe(lacks ? E_NOTIMPL : S_OK);
          if (!lacks) {
            last = [asked.reduce((sum, { winHttp }) => sum + winHttp, 0), policy === redirections.httpsToHttp];
          }
          // After a refusal, everything is as before.
          expect(await command(`security ${jobId}`), String(securityFlags)).toEqual(last);
        }
      }
      expect(await set(jobId, { securityFlags: 0 })).toMatchObject({ hresult: S_OK });
      expect(await command(`security ${jobId}`)).toEqual([0, false]);
    });

    it("refuses what downloads don't have", async () => {
      const jobId = await create();
      const refused = (method: string) => ({ hresult: E_NOTIMPL, method });
      expect(await set(jobId, { description: "new" })).toEqual({
        ...refused("IBackgroundCopyJob::SetDescription"),
        property: "description",
      });
      // A combination of flags without a corresponding policy for downloads.
      expect(await set(jobId, { transferPolicy: 1 })).toMatchObject({
        hresult: E_INVALIDARG,
        property: "transferPolicy",
      });
      expect(await set(jobId, { noProgressTimeout: 59 })).toMatchObject({ hresult: E_INVALIDARG });
      expect(await request("job.takeOwnership", { jobId })).toEqual(refused("IBackgroundCopyJob::TakeOwnership"));
      expect(await request("job.list", { allUsers: true, page: 0 })).toEqual(
        refused("IBackgroundCopyManager::EnumJobs"),
      );
      const file = { jobId, remoteUrl: DONE, localName: target(), ranges: RANGES };
      expect(await request("job.addFile", file)).toMatchObject({
        hresult: E_NOTIMPL,
        method: "IBackgroundCopyJob::AddFile",
      });
      expect((await tell(jobId)).files).toEqual([]);
    });

    it("lists the caller's downloads, whichever way their ids are written", async () => {
      const jobIds = [await create(), await create()];
      const list = async () => (await request("job.list", { allUsers: false, page: 0 })).jobIds;
      expect(await list()).toEqual(expect.arrayContaining(jobIds));
      await command("braces");
      expect(await list()).toEqual(expect.arrayContaining(jobIds));
    });

    it("aborts a new download of which something is refused", async () => {
      const { queued } = (await command("references")) as { queued: number };
      const created = await request("job.create", {
        displayName: "a job",
        ...DOWNLOAD,
        settings: { priority: 0, description: "not here" },
      });
      expect(created).toEqual({ hresult: E_NOTIMPL, method: "IBackgroundCopyJob::SetDescription" });
      const { jobIds } = await request("job.list", { allUsers: false, page: 0 });
      const { items } = await request("job.describe", {
        jobIds: jobIds?.slice(queued) ?? [],
        detail: "progress",
        languageId: 0,
      });
      expect(items.map(({ job }) => job?.state)).toEqual([8]);
    });

    it("goes the way of a job", async () => {
      const localName = target();
      const jobId = await create({ files: [{ remoteUrl: HELD, localName }] });
      const item = (verb: string, called: string, stateBefore: number, stateAfter: number) => [
        {
          jobId,
          hresult: S_OK,
          method: `IBackgroundCopyJob::${verb}`,
          calledMethod: `IDODownload::${called}`,
          stateBefore,
          stateAfter,
        },
      ];
      const file = { remoteName: HELD, localName, completed: false };
      expect((await tell(jobId)).files).toMatchObject([{ ...file, bytesTransferred: "0" }]);
      expect(await act("job.resume", jobId)).toEqual(item("Resume", "Start", 3, 2));
      expect(await tell(jobId)).toMatchObject({
        state: 2,
        progress: { bytesTotal: "1000000", bytesTransferred: "500000", filesTotal: 1, filesTransferred: 0 },
        files: [{ ...file, bytesTotal: "1000000", bytesTransferred: "500000" }],
      });
      expect(await act("job.suspend", jobId)).toEqual(item("Suspend", "Pause", 2, 3));
      await act("job.resume", jobId);
      // The whole file was requested once.
      expect(await command(`starts ${jobId}`)).toEqual([0, null]);
      await command(`finish ${jobId}`);
      expect(await tell(jobId, "progress")).toMatchObject({ state: 6, progress: { filesTransferred: 1 } });
      expect(await act("job.complete", jobId)).toEqual(item("Complete", "Finalize", 6, 7));
      expect((await tell(jobId)).files).toMatchObject([{ completed: true }]);
    });

    it("tells the code of a failure, and keeps it for the cancel", async () => {
      const jobId = await create({ files: [{ remoteUrl: "http://stand-in/404", localName: target() }] });
      await act("job.resume", jobId);
      const error = { hresult: 0x80190194, context: 1 };
      expect(await tell(jobId, "progress")).toMatchObject({ state: 4, error });
      expect(await act("job.cancel", jobId)).toMatchObject([{ hresult: S_OK, stateBefore: 4, jobError: error }]);
    });
  });
}
