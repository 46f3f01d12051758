import { getEventListeners } from "node:events";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { BackgroundCopyManager, JobState, JobStatus } from "../../src/index.js";
import { TestService, type TestJob } from "../../src/testing.js";
import { built } from "../support/packed.js";
import { run } from "../support/run.js";

const FILE = { remoteName: "http://a/", localName: "/a", bytesTotal: 100 };

describe("watch", () => {
  let service: TestService;
  let manager: BackgroundCopyManager;
  beforeEach(async () => {
    service = new TestService();
    manager = await service.connect({ locale: "en" });
  });

  const transferring = (bytesTransferred = 0): TestJob => ({
    state: "BG_JOB_STATE_TRANSFERRING",
    files: [{ ...FILE, bytesTransferred }],
  });
  const describes = () => service.requests.filter(({ name }) => name === "describe");

  /** Collects what a watch returns; `ended` settles with it. */
  function record(id: string, options = {}) {
    const seen: JobStatus[] = [];
    const ended = (async () => {
      for await (const status of manager.job(id).watch(options)) {
        seen.push(status);
      }
    })();
    return { seen, ended };
  }

  it("tells the status at once, then each change, and ends when the job is transferred", async () => {
    const id = service.addJob(transferring());
    const { seen, ended } = record(id);
    await service.clock.advance(0);
    expect(seen).toMatchObject([{ jobId: id, state: "BG_JOB_STATE_TRANSFERRING", progress: { bytesTransferred: 0n } }]);
    await service.clock.advance(3_000);
    expect(seen).toHaveLength(1);
    service.changeJob(id, transferring(60));
    await service.clock.advance(999);
    expect(seen).toHaveLength(1);
    await service.clock.advance(1);
    expect(seen[1]).toMatchObject({ progress: { bytesTotal: 100n, bytesTransferred: 60n, filesTransferred: 0 } });
    service.changeJob(id, { ...transferring(100), state: "BG_JOB_STATE_TRANSFERRED" });
    await service.clock.advance(1_000);
    await ended;
    expect(seen[2]).toMatchObject({ state: "BG_JOB_STATE_TRANSFERRED", progress: { filesTransferred: 1 } });
    expect([seen.length, service.clock.timers]).toEqual([3, 0]);
  });

  it("tells an error that changes while the state does not", async () => {
    const id = service.addJob({ state: "BG_JOB_STATE_TRANSIENT_ERROR", error: { code: "BG_E_HTTP_ERROR_503" } });
    const { seen, ended } = record(id);
    await service.clock.advance(0);
    service.changeJob(id, { state: "BG_JOB_STATE_TRANSIENT_ERROR", error: { code: "ERROR_WINHTTP_TIMEOUT" } });
    await service.clock.advance(1_000);
    expect(seen.map(({ error }) => error?.code)).toEqual(["BG_E_HTTP_ERROR_503", "ERROR_WINHTTP_TIMEOUT"]);
    await manager.job(id).cancel();
    await service.clock.advance(1_000);
    await ended;
  });

  it.each([
    "BG_JOB_STATE_TRANSFERRED",
    "BG_JOB_STATE_ERROR",
    "BG_JOB_STATE_ACKNOWLEDGED",
    "BG_JOB_STATE_CANCELLED",
  ] satisfies JobState[])("ends at once with %s", async (state) => {
    const { seen, ended } = record(service.addJob({ state }));
    await ended;
    expect(seen.map((status) => status.state)).toEqual([state]);
    expect(service.clock.timers).toBe(0);
  });

  it("ends when a job that was seen is gone, and refuses one that never was", async () => {
    const id = service.addJob(transferring());
    const { seen, ended } = record(id);
    await service.clock.advance(0);
    service.answer("IBackgroundCopyManager::GetJob", "DO_E_JOB_NOT_FOUND", { jobId: id });
    await service.clock.advance(1_000);
    await ended;
    expect(seen).toHaveLength(1);
    await expect(record(id).ended).rejects.toMatchObject({ code: "DO_E_JOB_NOT_FOUND", jobId: id });
  });

  it("asks once a tick, however many jobs are watched", async () => {
    const ids = Array.from({ length: 500 }, () => service.addJob(transferring()));
    const watches = ids.map((id) => record(id));
    await service.clock.advance(0);
    expect(describes()).toHaveLength(1);
    expect(describes()[0]?.jobIds).toEqual(ids);
    await service.clock.advance(10_000);
    expect(describes()).toHaveLength(11);
    expect(service.clock.timers).toBe(1);
    await manager.cancelJobs(ids);
    await service.clock.advance(1_000);
    await Promise.all(watches.map(({ ended }) => ended));
    expect(describes()).toHaveLength(12);
    expect(service.clock.timers).toBe(0);
  });

  it("asks for those alone who come in between, and takes them along at the next tick", async () => {
    const [first, second] = [service.addJob(transferring()), service.addJob(transferring())];
    void record(first);
    await service.clock.advance(1_400);
    void record(second);
    await service.clock.advance(0);
    expect(describes().map(({ jobIds }) => jobIds)).toEqual([[first], [first], [second]]);
    await service.clock.advance(600);
    expect(describes()[3]?.jobIds).toEqual([first, second]);
  });

  it("asks nothing for whoever does not wait for more", async () => {
    const id = service.addJob(transferring());
    const watched = manager.job(id).watch();
    const first = watched.next();
    await service.clock.advance(0);
    await first;
    await service.clock.advance(60_000);
    expect(describes()).toHaveLength(1);
    expect(service.clock.timers).toBe(0);
  });

  it("has an interval for each who wants one", async () => {
    const id = service.addJob(transferring());
    void record(id, { intervalInMs: 100 });
    void record(id, { intervalInMs: 1_000 });
    await service.clock.advance(1_000);
    expect(describes()).toHaveLength(2 + 10 + 1);
  });

  it("ends for an abort with its reason, and leaves the job alone", async () => {
    const id = service.addJob(transferring());
    const controller = new AbortController();
    const watch = record(id, { signal: controller.signal });
    const other = record(id);
    await service.clock.advance(1_500);
    controller.abort(new Error("enough"));
    await expect(watch.ended).rejects.toThrow("enough");
    expect(service.clock.timers).toBe(1);
    await expect(manager.job(id).getState()).resolves.toBe("BG_JOB_STATE_TRANSFERRING");
    await manager.job(id).cancel();
    await service.clock.advance(1_000);
    await other.ended;
    expect(service.clock.timers).toBe(0);
    await expect(record(id, { signal: controller.signal }).ended).rejects.toThrow("enough");
  });

  it("leaves no timer when the last one who waits gives up", async () => {
    const controller = new AbortController();
    const { ended } = record(service.addJob(transferring()), { signal: controller.signal });
    await service.clock.advance(500);
    expect(service.clock.timers).toBe(1);
    controller.abort(new Error("enough"));
    await expect(ended).rejects.toThrow("enough");
    expect(service.clock.timers).toBe(0);
  });

  it.each(["abort", "cancel"])("leaves nothing on a signal that 100 share when they end by %s", async (how) => {
    using warnings = vi.spyOn(process, "emitWarning");
    const controller = new AbortController();
    const { signal } = controller;
    const ids = Array.from({ length: 100 }, () => service.addJob(transferring()));
    const watches = Promise.allSettled(ids.map((id) => record(id, { signal }).ended));
    await service.clock.advance(1_500);
    if (how === "abort") {
      controller.abort("enough");
    } else {
      await manager.cancelJobs(ids);
      await service.clock.advance(1_000);
    }
    const end = how === "abort" ? { status: "rejected", reason: "enough" } : { status: "fulfilled", value: undefined };
    expect(await watches).toEqual(ids.map(() => end));
    expect(getEventListeners(signal, "abort")).toEqual([]);
    expect(warnings).not.toHaveBeenCalled();
  });

  it("passes on what keeps it from the service, to everybody who waits", async () => {
    const ids = [service.addJob(transferring()), service.addJob(transferring())];
    const watches = ids.map((id) => record(id).ended.catch((error: unknown) => error));
    await service.clock.advance(0);
    service.failBridge("HOST_EXITED", { request: "describe" });
    await service.clock.advance(1_000);
    expect(await Promise.all(watches)).toMatchObject([{ code: "HOST_EXITED" }, { code: "HOST_EXITED" }]);
    expect(service.clock.timers).toBe(0);
  });

  it.each([{ intervalInMs: 0 }, { intervalInMs: "1" }, { signal: {} }])(
    "refuses %j before it is iterated",
    (options) => {
      expect(() => manager.job(service.addJob()).watch(options as never)).toThrow(TypeError);
    },
  );

  it("keeps Node alive while somebody waits, and no longer", async () => {
    const source = `import { BackgroundCopyManager } from ${built("index.js")};
      const manager = await BackgroundCopyManager.connect({ service: "embedded" });
      const job = await manager.createJob("a job");
      const waiting = job.waitFor("BG_JOB_STATE_CANCELLED", { intervalInMs: 20 });
      setTimeout(() => job.cancel(), 100).unref();
      console.log((await waiting).state);
      const left = job.watch();
      await left.next();
      console.log("done");`;
    const ran = await run(process.execPath, ["--input-type=module", "-e", source], {});
    expect(ran).toMatchObject({ exitCode: 0, stdout: "BG_JOB_STATE_CANCELLED\ndone\n" });
  });

  describe("waitFor", () => {
    it("gives the status with the state that is waited for", async () => {
      const id = service.addJob({ state: "BG_JOB_STATE_QUEUED" });
      const waiting = manager.job(id).waitFor(["BG_JOB_STATE_SUSPENDED", "BG_JOB_STATE_TRANSFERRING"]);
      await service.clock.advance(1_500);
      service.changeJob(id, transferring(7));
      await service.clock.advance(1_000);
      await expect(waiting).resolves.toMatchObject({
        state: "BG_JOB_STATE_TRANSFERRING",
        progress: { bytesTransferred: 7n },
      });
      expect(service.clock.timers).toBe(0);
    });

    it("gives the status with which nothing more happens by itself", async () => {
      const id = service.addJob({ state: "BG_JOB_STATE_ERROR", error: { code: "BG_E_HTTP_ERROR_404" } });
      await expect(manager.job(id).waitFor("BG_JOB_STATE_TRANSFERRED")).resolves.toMatchObject({
        state: "BG_JOB_STATE_ERROR",
        error: { code: "BG_E_HTTP_ERROR_404" },
      });
    });

    it("is refused where the job is gone", async () => {
      const id = service.addJob(transferring());
      const waiting = manager
        .job(id)
        .waitFor("BG_JOB_STATE_TRANSFERRED")
        .catch((error: unknown) => error);
      await service.clock.advance(0);
      service.answer("IBackgroundCopyManager::GetJob", "DO_E_JOB_NOT_FOUND");
      await service.clock.advance(1_000);
      expect(await waiting).toMatchObject({ code: "DO_E_JOB_NOT_FOUND", jobId: id });
    });

    it.each(["BG_JOB_STATE_DONE", 6, undefined, ["BG_JOB_STATE_ERROR", ""]])("knows no state %j", async (state) => {
      await expect(manager.job(service.addJob()).waitFor(state as never)).rejects.toThrow(TypeError);
    });
  });
});
