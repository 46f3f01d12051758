import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BackgroundCopyError, type BackgroundCopyManager } from "../../src/index.js";
import { TestService } from "../../src/testing.js";

const CANCEL = "IBackgroundCopyJob::Cancel";
const FILE = { remoteName: "http://a/", localName: "/a" };

describe("TestService", () => {
  let folder: string;
  let service: TestService;
  let manager: BackgroundCopyManager;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "background-copy-"));
    service = new TestService({ fetch: async () => new Response("contents", { headers: { "content-length": "8" } }) });
    manager = await service.connect({ locale: "en" });
  });
  afterEach(async () => {
    await service.close();
    await rm(folder, { recursive: true, force: true });
  });

  it("transfers without a network, and completes", async () => {
    const localName = join(folder, "target");
    const job = await manager.createJob("a job", { files: [{ remoteUrl: "https://nowhere.invalid/", localName }] });
    await job.resume();
    await expect.poll(() => job.getState()).toBe("BG_JOB_STATE_TRANSFERRED");
    await job.complete();
    expect(await readFile(localName, "utf8")).toBe("contents");
  });

  it("lets the clock decide when a job is retried, and when it is given up", async () => {
    let requests = 0;
    const busy = new TestService({
      fetch: async () => {
        requests++;
        return new Response("", { status: 503 });
      },
    });
    const busyManager = await busy.connect();
    const files = [{ remoteUrl: "http://nowhere.invalid/", localName: join(folder, "target") }];
    const job = await busyManager.createJob("a job", { files, minimumRetryDelay: 10, noProgressTimeout: 30 });
    await job.resume();
    await expect.poll(() => job.getState()).toBe("BG_JOB_STATE_TRANSIENT_ERROR");
    await busy.clock.advance(9_999);
    expect(requests).toBe(1);
    await busy.clock.advance(1);
    await expect.poll(() => requests).toBe(2);
    await expect.poll(() => job.getState()).toBe("BG_JOB_STATE_TRANSIENT_ERROR");
    await busy.clock.advance(20_000);
    // The next delay would be 40 seconds.
    await expect.poll(() => job.getState()).toBe("BG_JOB_STATE_ERROR");
    await expect(job.describe()).resolves.toMatchObject({ errorCount: 3, error: { code: "BG_E_HTTP_ERROR_503" } });
    expect([requests, busy.clock.timers]).toEqual([3, 0]);
    await busy.close();
    expect(await readdir(folder)).toEqual([]);
  });

  it("tells the times of its clock", async () => {
    const job = await manager.createJob("a job");
    const created = new Date(service.clock.now());
    await service.clock.advance(90_000);
    await job.set({ description: "changed" });
    await expect(job.describe()).resolves.toMatchObject({
      creationTime: created,
      modificationTime: new Date(created.getTime() + 90_000),
    });
  });

  it("answers as it is told: so often, and for that job alone", async () => {
    const [first, second] = [service.addJob(), service.addJob()] as const;
    service.answer("IBackgroundCopyJob::Suspend", "E_ACCESSDENIED", { times: 2, jobId: first.toUpperCase() });
    const codes = async () =>
      (await manager.suspendJobs([first, second])).map((outcome) => (outcome.ok ? "S_OK" : outcome.error.code));
    expect(await codes()).toEqual(["E_ACCESSDENIED", "S_OK"]);
    expect(await codes()).toEqual(["E_ACCESSDENIED", "S_OK"]);
    expect(await codes()).toEqual(["S_OK", "S_OK"]);
  });

  it("does nothing where it refuses, and all where it succeeds with another code", async () => {
    const id = service.addJob();
    service.answer("IBackgroundCopyJob::Cancel", 0x80070005, { times: 1 });
    await expect(manager.job(id).cancel()).rejects.toMatchObject({ code: "E_ACCESSDENIED", jobId: id });
    await expect(manager.job(id).getState()).resolves.toBe("BG_JOB_STATE_SUSPENDED");
    service.answer("IBackgroundCopyJob::Cancel", "BG_S_UNABLE_TO_DELETE_FILES");
    await expect(manager.job(id).cancel()).resolves.toMatchObject({
      code: "BG_S_UNABLE_TO_DELETE_FILES",
      warning: true,
      stateAfter: "BG_JOB_STATE_CANCELLED",
    });
    // A refusal of the service itself takes precedence over a scripted success.
    await expect(manager.job(id).cancel()).rejects.toMatchObject({ code: "DO_E_INVALID_STATE" });
  });

  it.each([
    ["IBackgroundCopyManager::CreateJob", (m: BackgroundCopyManager) => m.createJob("a job")],
    ["IBackgroundCopyManager::EnumJobs", (m: BackgroundCopyManager) => m.listJobs()],
    ["IBackgroundCopyManager::GetJob", (m: BackgroundCopyManager, id: string) => m.getJob(id)],
    ["IBackgroundCopyJob::GetState", (m: BackgroundCopyManager, id: string) => m.job(id).getState()],
    [
      "IBackgroundCopyJob::SetPriority",
      (m: BackgroundCopyManager, id: string) => m.job(id).set({ priority: "BG_JOB_PRIORITY_LOW" }),
    ],
    ["IBackgroundCopyJob::AddFile", (m: BackgroundCopyManager, id: string) => m.job(id).addFile("http://a/", "/a")],
    ["IBackgroundCopyJob::Resume", (m: BackgroundCopyManager, id: string) => m.job(id).resume()],
    ["IBackgroundCopyJob::Complete", (m: BackgroundCopyManager, id: string) => m.job(id).complete()],
  ])("lets %s refuse", async (method, call) => {
    const id = service.addJob();
    service.answer(method, "RPC_S_CALL_FAILED");
    await expect(call(manager, id)).rejects.toMatchObject({ code: "RPC_S_CALL_FAILED", method });
  });

  it("creates no job of which anything is refused, and names the setting", async () => {
    service.answer("IBackgroundCopyJob::SetPriority", "E_NOTIMPL");
    const creating = manager.createJob("a job", { description: "x", priority: "BG_JOB_PRIORITY_LOW" });
    await expect(creating).rejects.toMatchObject({ code: "E_NOTIMPL", property: "priority" });
    await expect(manager.listJobs()).resolves.toEqual([]);
  });

  it("keeps the warning of a setting among others", async () => {
    const id = service.addJob();
    service.answer("IBackgroundCopyJob::SetDescription", "BG_S_OVERRIDDEN_BY_POLICY");
    const settings = { displayName: "a", description: "b", priority: "BG_JOB_PRIORITY_LOW" } as const;
    await expect(manager.job(id).set(settings)).resolves.toMatchObject({
      code: "BG_S_OVERRIDDEN_BY_POLICY",
      method: "IBackgroundCopyJob::SetDescription",
      warning: true,
    });
    await expect(manager.job(id).describe()).resolves.toMatchObject(settings);
  });

  it("names a property whose getter refuses", async () => {
    const id = service.addJob({ displayName: "a job" });
    service.answer("IBackgroundCopyJob::GetOwner", "E_ACCESSDENIED");
    service.answer("IBackgroundCopyJob::GetTimes", "E_NOTIMPL");
    const description = await manager.job(id).describe();
    expect(description).toMatchObject({
      displayName: "a job",
      refused: {
        owner: { code: "E_ACCESSDENIED", hresult: 0x80070005, hex: "0x80070005" },
        creationTime: { code: "E_NOTIMPL" },
        modificationTime: { code: "E_NOTIMPL" },
        transferCompletionTime: { code: "E_NOTIMPL" },
      },
    });
    expect(description).not.toHaveProperty("owner");
    expect(description).not.toHaveProperty("creationTime");
  });

  it("takes an id with braces, as the SDK does", async () => {
    const id = service.addJob();
    service.answer(CANCEL, "E_ACCESSDENIED", { jobId: `{${id.toUpperCase()}}` });
    await expect(manager.job(id).cancel()).rejects.toMatchObject({ code: "E_ACCESSDENIED" });
    service.changeJob(`{${id}}`, { state: "BG_JOB_STATE_TRANSFERRED" });
    await expect(manager.job(id).getState()).resolves.toBe("BG_JOB_STATE_TRANSFERRED");
  });

  it("leaves on the disk what a Cancel is told to leave", async () => {
    const [first, second] = [service.addJob(), service.addJob()] as const;
    const leftoverFiles = ["C:\\a\\BIT1.tmp"];
    service.answer(CANCEL, "BG_S_UNABLE_TO_DELETE_FILES", { jobId: first, leftoverFiles });
    service.answer(CANCEL, "BG_S_UNABLE_TO_DELETE_FILES", { jobId: second });
    await expect(manager.job(first).cancel()).resolves.toMatchObject({
      code: "BG_S_UNABLE_TO_DELETE_FILES",
      stateAfter: "BG_JOB_STATE_CANCELLED",
      leftoverFiles,
    });
    await expect(manager.job(second).cancel()).resolves.not.toHaveProperty("leftoverFiles");
  });

  it.each([
    [2 ** 60, 1_152_921_504_606_846_976n],
    [2n ** 60n + 1n, 1_152_921_504_606_846_977n],
    [2 ** 53, 9_007_199_254_740_992n],
    [7, 7n],
  ])("loses no byte of a size of %s", async (bytesTotal, told) => {
    const id = service.addJob({
      files: [
        { ...FILE, bytesTotal, bytesTransferred: 1 },
        { ...FILE, bytesTotal: 2n ** 53n },
      ],
    });
    const { progress, files } = await manager.job(id).describe();
    expect(progress).toMatchObject({ bytesTotal: told + 2n ** 53n, bytesTransferred: 1n, filesTransferred: 0 });
    expect(files?.[0]?.progress).toEqual({ bytesTotal: told, bytesTransferred: 1n, completed: false });
    service.changeJob(id, { files: [{ ...FILE, bytesTotal, bytesTransferred: told }] });
    await expect(manager.job(id).describe()).resolves.toMatchObject({ progress: { filesTransferred: 1 } });
  });

  it("writes down what it was asked", async () => {
    const job = await manager.createJob("a job");
    await manager.cancelJobs([job.id]);
    expect(service.requests).toEqual([
      { name: "create", jobIds: [] },
      { name: "cancel", jobIds: [job.id] },
    ]);
  });

  it("outlives its managers, and speaks to each in its language", async () => {
    const id = service.addJob();
    const german = await service.connect({ locale: "de" });
    await manager.close();
    await expect(manager.job(id).cancel()).rejects.toMatchObject({ code: "CLOSED", outcome: "not sent", locale: "en" });
    await expect(german.job(id).cancel()).resolves.toMatchObject({
      message: "Der Auftrag wurde erfolgreich abgebrochen.",
    });
    await expect(german.job(id).cancel()).rejects.toBeInstanceOf(BackgroundCopyError);
    await expect(service.connect({ locale: 7 as never })).rejects.toThrow(TypeError);
  });

  it("gives up what takes too long, by its clock", async () => {
    let started = () => {};
    const asked = new Promise<void>((resolve) => {
      started = resolve;
    });
    // An answer that an abort does not end.
    let end = () => {};
    const deaf = new TestService({
      fetch: () => {
        started();
        return new Promise((_, reject) => {
          end = () => reject(new Error("over"));
        });
      },
    });
    const patient = await deaf.connect();
    const files = [{ remoteUrl: "http://nowhere.invalid/", localName: join(folder, "target") }];
    const job = await patient.createJob("a job", { files });
    await job.resume();
    await asked;
    const canceling = job.cancel({ timeoutInMs: 5_000 }).catch((error: unknown) => error);
    await deaf.clock.advance(4_999);
    expect(await Promise.race([canceling, "still waiting"])).toBe("still waiting");
    await deaf.clock.advance(1);
    expect(await canceling).toMatchObject({ code: "TIMEOUT", outcome: "unknown" });
    end();
    await deaf.close();
  });

  it("answers in the words of the program", async () => {
    const advice = "Ask the team of the depot.";
    const own = await service.connect({ locale: "en", words: { en: { advice: { E_ACCESSDENIED: advice } } } });
    service.answer("IBackgroundCopyJob::Cancel", "E_ACCESSDENIED", { times: 1 });
    await expect(own.job(service.addJob()).cancel()).rejects.toMatchObject({ code: "E_ACCESSDENIED", advice });
    await own.close();
  });
});
