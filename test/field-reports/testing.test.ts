import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createContext, runInContext } from "node:vm";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { networkError } from "../../src/embedded/transfer-error.js";
import { BridgeError, type BackgroundCopyJob, type BackgroundCopyManager, type ServiceName } from "../../src/index.js";
import type { ManagerInterface } from "../../src/index.js";
import { capabilitiesOf } from "../../src/port/capabilities.js";
import { TestService } from "../../src/testing.js";
import { LOCALES } from "../../src/words/locale.js";

// Reported problems with tests of programs that use the package, by the letters of the list of reports. `npm run
// check-package` tries the test runners themselves.

const FACES: readonly (readonly [ServiceName, ManagerInterface])[] = [
  ["embedded", "IBackgroundCopyManager"],
  ["bits", "IBackgroundCopyManager"],
  ["delivery-optimization", "IBackgroundCopyManager"],
  ["delivery-optimization", "IDOManager"],
];

let service: TestService;
let manager: BackgroundCopyManager;
let folder: string;
async function standFor(name: ServiceName, face: ManagerInterface = "IBackgroundCopyManager"): Promise<void> {
  service = new TestService({ service: name, interface: face });
  manager = await service.connect({ locale: "en" });
}
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "background-copy-"));
});
afterEach(async () => {
  await service?.close();
  await rm(folder, { recursive: true, force: true });
});

const file = (name = "update.bin") => ({
  remoteUrl: `https://example.com/${name}`,
  localName: join(folder, name),
});

describe("E: values of another realm, as in Jest or in the vmThreads of Vitest", () => {
  const inRealm = (code: string) => runInContext(code, createContext({ AbortController }));

  it("are dates", async () => {
    await standFor("embedded");
    service.addJob({ displayName: "old", creationTime: inRealm("new Date(0)") });
    const createdBefore = inRealm("new Date(86400000)");
    expect(createdBefore).not.toBeInstanceOf(Date);
    await expect(manager.listJobs({ createdBefore })).resolves.toMatchObject([
      { displayName: "old", creationTime: new Date(0) },
    ]);
    for (const wrong of ["new Date(NaN)", "({ getTime: () => 0 })", "Object.create(Date.prototype)", "0"]) {
      await expect(manager.listJobs({ createdBefore: inRealm(wrong) })).rejects.toThrow(TypeError);
    }
  });

  it("are signals, those of a browser-like environment too", async () => {
    await standFor("embedded");
    const reason = new Error("enough");
    const foreign = Object.create(null, Object.getOwnPropertyDescriptors(AbortSignal.prototype));
    expect(foreign).not.toBeInstanceOf(AbortSignal);
    const signal = new Proxy(AbortSignal.abort(reason), {
      getPrototypeOf: () => null,
      get: (target, name) => {
        const value = Reflect.get(target, name);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    expect(signal).not.toBeInstanceOf(AbortSignal);
    await expect(manager.listJobs({}, { signal })).rejects.toBe(reason);
    await expect(manager.listJobs({}, { signal: { aborted: true } as AbortSignal })).rejects.toThrow(TypeError);
  });

  it("are errors of Node", () => {
    const error = inRealm(
      'new TypeError("fetch failed", { cause: Object.assign(new Error(), { code: "ECONNREFUSED" }) })',
    );
    expect(error).not.toBeInstanceOf(Error);
    expect(networkError(error)).toMatchObject({ hresult: 0x80072efd, transient: true });
    const several = inRealm(
      'new TypeError("fetch failed", { cause: new AggregateError([Object.assign(new Error(), { code: "ENOTFOUND" })]) })',
    );
    expect(networkError(several)).toMatchObject({ hresult: 0x80072ee7 });
  });

  it("are options", async () => {
    await standFor("embedded");
    await expect(manager.listJobs(inRealm('({ displayName: "*" })'))).resolves.toEqual([]);
  });
});

describe("U: a TestService stands for any service", () => {
  it.each(FACES)("with its name and its capabilities: %s, %s", async (name, face) => {
    await standFor(name, face);
    expect(manager.service).toBe(name);
    expect(manager.capabilities).toEqual(capabilitiesOf(name, face));
  });

  /** Calls that a service might not support, by the capability that they need. */
  const CALLS: Readonly<Record<string, (job: BackgroundCopyJob) => Promise<unknown>>> = {
    listJobs: () => manager.listJobs(),
    allUsers: () => manager.listJobs({ allUsers: true }),
    multipleFiles: () => manager.createJob("a job", { files: [file("a"), file("b")] }),
    fileRanges: (job) =>
      job.addFile("https://example.com/", join(folder, "part"), { ranges: [{ initialOffset: 0, length: 1 }] }),
    uploads: () => manager.createJob("a job", { type: "BG_JOB_TYPE_UPLOAD" }),
    takeOwnership: (job) => job.takeOwnership(),
    credentials: (job) =>
      job.setCredentials({
        target: "BG_AUTH_TARGET_SERVER",
        scheme: "BG_AUTH_SCHEME_BASIC",
        userName: "somebody",
        password: "secret",
      }),
    replaceRemotePrefix: (job) => job.replaceRemotePrefix("https://example.com/", "https://example.org/"),
  };

  it.each(FACES)("and refuses what it does not support, with the alternative: %s, %s", async (name, face) => {
    await standFor(name, face);
    const id = service.addJob();
    for (const [feature, call] of Object.entries(CALLS)) {
      const isSupported = manager.capabilities[feature as "listJobs"];
      const sent = service.requests.length;
      if (isSupported) {
        await call(manager.job(id));
        expect(service.requests.length, feature).toBeGreaterThan(sent);
      } else {
        const error = await call(manager.job(id)).then(
          () => undefined,
          (reason: unknown) => reason,
        );
        expect(error, feature).toBeInstanceOf(BridgeError);
        expect(error).toMatchObject({
          code: "UNSUPPORTED",
          outcome: "not sent",
          message: expect.stringContaining(name),
        });
        expect(service.requests.length, feature).toBe(sent);
      }
    }
  });

  it.each(FACES)("and returns no property that it does not return: %s, %s", async (name, face) => {
    await standFor(name, face);
    const id = service.addJob({ displayName: "update", files: [{ remoteName: "https://a/", localName: "/a" }] });
    const { jobId, state, progress, refused, ...properties } = await manager.job(id).describe();
    const readable: readonly string[] = manager.capabilities.readableProperties;
    expect(Object.keys(properties).filter((property) => !readable.includes(property))).toEqual([]);
    expect({ jobId, state, refused }).toEqual({ jobId: id, state: "BG_JOB_STATE_SUSPENDED", refused: {} });
    expect(progress.filesTotal).toBe(1);
  });

  it.each([["a second file of a download", (job: BackgroundCopyJob) => job.addFile("https://a/", join(folder, "b"))]])(
    "and refuses as IDOManager does: %s",
    async (_, call) => {
      await standFor("delivery-optimization", "IDOManager");
      const job = await manager.createJob("a job", { files: [file()] });
      await expect(call(job)).rejects.toMatchObject({
        code: "E_NOTIMPL",
        method: "IBackgroundCopyJob::AddFile",
        calledMethod: "IDODownload::SetProperty",
      });
      await expect(job.cancel()).resolves.toMatchObject({ calledMethod: "IDODownload::Abort" });
    },
  );

  it("with what BITS does to a job: its owner, its credentials, and its URLs", async () => {
    await standFor("bits");
    const job = await manager.createJob("a job", { files: [file()] });
    const target = ["BG_AUTH_TARGET_SERVER", "BG_AUTH_SCHEME_BASIC"] as const;
    await expect(job.removeCredentials(...target)).resolves.toMatchObject({ code: "S_FALSE" });
    await job.setCredentials({ target: target[0], scheme: target[1], userName: "somebody", password: "secret" });
    await expect(job.removeCredentials(...target)).resolves.toMatchObject({ code: "S_OK" });
    await expect(job.replaceRemotePrefix("https://example.org/", "x")).resolves.toMatchObject({ code: "S_FALSE" });
    await job.replaceRemotePrefix("https://example.com/", "https://mirror.example/");
    expect((await job.listFiles())[0]?.remoteName).toBe("https://mirror.example/update.bin");
    const other = manager.job(service.addJob({}, "somebody else"));
    await other.takeOwnership();
    expect((await other.describe()).owner).toBe("tester");
    await job.cancel();
    await expect(job.takeOwnership()).rejects.toMatchObject({ code: "BG_E_INVALID_STATE" });
  });

  it("and shares what was set with its other managers", async () => {
    await standFor("bits");
    const job = await manager.createJob("a job", { httpMethod: "POST" });
    const other = await service.connect({ locale: "de" });
    await expect(other.job(job.id).describe()).resolves.toMatchObject({ httpMethod: "POST" });
  });

  it("without ever touching the file of an upload", async () => {
    await standFor("bits");
    const source = join(folder, "report.txt");
    await writeFile(source, "as it was");
    const job = await manager.createJob("a job", {
      type: "BG_JOB_TYPE_UPLOAD",
      files: [{ remoteUrl: "https://example.com/report", localName: source }],
    });
    await job.resume();
    await expect(job.getState()).resolves.toBe("BG_JOB_STATE_QUEUED");
    await expect(job.complete()).rejects.toMatchObject({ code: "BG_E_INVALID_STATE" });
    service.changeJob(job.id, { state: "BG_JOB_STATE_TRANSFERRED" });
    await expect(job.complete()).resolves.toMatchObject({ code: "S_OK" });
    expect(await readFile(source, "utf8")).toBe("as it was");
  });

  it.each([
    ["bits", "IBackgroundCopyJob::TakeOwnership", (job: BackgroundCopyJob) => job.takeOwnership()],
    [
      "bits",
      "IBackgroundCopyJob2::SetNotifyCmdLine",
      (job: BackgroundCopyJob) => job.set({ notifyCmdLine: { program: "a", parameters: "" } }),
    ],
    [
      "delivery-optimization",
      "IDeliveryOptimizationJob2::AddFile",
      (job: BackgroundCopyJob) => job.addFile("https://a/", join(folder, "a")),
    ],
  ] as const)("which refuses on demand as %s: %s", async (name, method, call) => {
    await standFor(name);
    const job = await manager.createJob("a job");
    service.answer(method, "E_ACCESSDENIED", { times: 1 });
    await expect(call(job)).rejects.toMatchObject({ code: "E_ACCESSDENIED", method });
    await expect(call(job)).resolves.toMatchObject({ code: "S_OK", method });
  });

  it.each([
    ["delivery-optimization", "IBackgroundCopyManager::EnumJobs"],
    ["delivery-optimization", "IBackgroundCopyJob::TakeOwnership"],
    ["delivery-optimization", "IBackgroundCopyJob::AddFile"],
    ["embedded", "IBackgroundCopyJob2::SetCredentials"],
  ] as const)("and knows as %s no method %s", async (name, method) => {
    await standFor(name);
    expect(() => service.answer(method, "E_FAIL")).toThrow(method);
  });

  it.each([
    [{ service: "bit" as never }, "bit"],
    [{ service: "bits", interface: "IDOManager" }, "interface"],
    [{ interface: "IDOManager" }, "interface"],
    [{ service: "delivery-optimization", interface: "IUnknown" as never }, "interface"],
  ] as const)("that there is: not %j", (options, named) => {
    expect(() => new TestService(options)).toThrow(TypeError);
    expect(() => new TestService(options)).toThrow(named);
  });

  it.each(LOCALES)("and is named in %s where its bridge fails", async (locale) => {
    await standFor("delivery-optimization");
    const speaking = await service.connect({ locale });
    service.failBridge("UNSUPPORTED", { outcome: "not sent" });
    await expect(speaking.createJob("a job")).rejects.toThrow("delivery-optimization");
  });

  it("whose jobs have an error only where they are in an error", async () => {
    await standFor("bits");
    const error = { code: "BG_E_HTTP_ERROR_404" } as const;
    expect(() => service.addJob({ error })).toThrow(/state.*BG_JOB_STATE_ERROR, BG_JOB_STATE_TRANSIENT_ERROR/);
    expect(() => service.addJob({ error, state: "BG_JOB_STATE_TRANSFERRED" })).toThrow("BG_JOB_STATE_TRANSFERRED");
    const id = service.addJob({ error, state: "BG_JOB_STATE_ERROR" });
    service.changeJob(id, { error: { code: "BG_E_HTTP_ERROR_403" } });
    expect((await manager.job(id).getError())?.code).toBe("BG_E_HTTP_ERROR_403");
  });
});
