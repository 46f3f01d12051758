import { stat } from "node:fs/promises";
import { userInfo } from "node:os";
import { describe, expect, it } from "vitest";
import { realEnvironment } from "../../src/embedded/environment.js";
import { EmbeddedService, Store } from "../../src/embedded/index.js";
import { isResultOf } from "../../src/port/protocol.js";
import { TestClock, TestService } from "../../src/testing.js";
import { Fixture, LANGUAGE } from "./fixture.js";

const UNKNOWN_SIZE = "18446744073709551615";
const JOB = "00000000-0000-4000-8000-000000000001";

// Tenths of microseconds since 1601.
function filetime(timeInMs: number): string {
  return String((BigInt(timeInMs) + 11_644_473_600_000n) * 10_000n);
}
describe("job.describe", () => {
  const test = new Fixture();

  it("tells of a new job what it is, and of each detail no more than that", async () => {
    const jobId = await test.create("BG_JOB_PRIORITY_HIGH");
    const before = Date.now();
    const progress = { bytesTotal: "0", bytesTransferred: "0", filesTotal: 0, filesTransferred: 0 };
    const times = expect.objectContaining({ transferCompletion: "0" });
    const summary = {
      state: 3,
      progress,
      type: 0,
      displayName: "a job",
      owner: userInfo().username,
      priority: 1,
      times,
    };
    const all = {
      ...summary,
      description: "",
      minimumRetryDelay: 1,
      noProgressTimeout: 60,
      customHeaders: "",
      errorCount: 0,
      files: [],
    };
    for (const [detail, job] of [
      ["progress", { state: 3, progress }],
      ["summary", summary],
      ["all", all],
    ] as const) {
      const item = await test.describe(jobId, detail);
      expect(item).toEqual({ jobId, hresult: 0, method: "IBackgroundCopyJob::GetState", job });
      expect(isResultOf("job.describe", { items: [item] })).toBe(true);
    }
    const { job } = (await test.describe(jobId)) ?? {};
    const created = Number(BigInt(job?.times?.creation ?? 0) / 10_000n - 11_644_473_600_000n);
    expect(Math.abs(created - before)).toBeLessThan(60_000);
  });

  it("follows a transfer: sizes when they are known, what has arrived, and where", async () => {
    const jobId = await test.create();
    await test.addFile(jobId, test.server.url("/first"), test.path("first"));
    await test.addFile(jobId, test.server.url("/second?pause=20000&times=1"), test.path("second"));
    const unknown = { bytesTotal: UNKNOWN_SIZE, bytesTransferred: "0", completed: false };
    await expect(test.describe(jobId)).resolves.toMatchObject({
      job: { progress: { bytesTotal: UNKNOWN_SIZE, filesTotal: 2 }, files: [unknown, unknown] },
    });
    await test.resume(jobId);
    await expect.poll(async () => (await test.describe(jobId))?.job?.progress?.bytesTransferred).toBe("85536");
    const { job } = (await test.describe(jobId)) ?? {};
    expect(job).toMatchObject({
      state: 2,
      progress: { bytesTotal: "131072", bytesTransferred: "85536", filesTotal: 2, filesTransferred: 1 },
      files: [
        { localName: test.path("first"), bytesTotal: "65536", bytesTransferred: "65536", completed: false },
        { localName: test.path("second"), bytesTotal: "65536", bytesTransferred: "20000", completed: false },
      ],
    });
    const [first, second] = job?.files ?? [];
    expect((await stat(first?.temporaryName as string)).size).toBe(65_536);
    expect((await stat(second?.temporaryName as string)).size).toBe(20_000);
    test.server.breakConnections();
    await test.reaches(jobId, "BG_JOB_STATE_TRANSFERRED");
    const done = (await test.describe(jobId))?.job;
    expect(done).toMatchObject({ progress: { bytesTransferred: "131072", filesTransferred: 2 }, errorCount: 1 });
    expect(done).not.toHaveProperty("error");
    expect(BigInt(done?.times?.transferCompletion ?? 0)).toBeGreaterThanOrEqual(BigInt(done?.times?.creation ?? 1));
    await test.complete(jobId);
    const over = (await test.describe(jobId))?.job;
    expect(over).toMatchObject({
      state: 7,
      progress: { filesTotal: 2, filesTransferred: 2 },
      files: [{ completed: true }, { completed: true }],
    });
    expect(over?.files?.map((file) => file.temporaryName)).toEqual([undefined, undefined]);
  });

  it("tells what a server told wrong: less on the disk than had arrived", async () => {
    const jobId = await test.start("/anew?pause=65500&times=1&ranges=no");
    await test.breakOff(65_500);
    await test.reaches(jobId, "BG_JOB_STATE_TRANSFERRED");
    await expect(test.describe(jobId)).resolves.toMatchObject({ job: { progress: { bytesTransferred: "65536" } } });
  });

  it("takes back what had arrived when the file begins anew", async () => {
    let end = () => {};
    const bodies = [
      new ReadableStream({
        start: (controller) => controller.enqueue(new Uint8Array(5)),
        pull: (controller) => controller.error(new Error("broken off")),
      }),
      new ReadableStream({
        start: (controller) => {
          end = () => controller.error(new Error("over"));
        },
      }),
    ];
    const headers = { "content-length": "10" };
    const service = new TestService({ fetch: async () => new Response(bodies.shift() as ReadableStream, { headers }) });
    const manager = await service.connect();
    const files = [{ remoteUrl: "http://nowhere.invalid/", localName: test.path("target") }];
    const job = await manager.createJob("a job", { files });
    await job.resume();
    await expect.poll(() => job.getState()).toBe("BG_JOB_STATE_TRANSIENT_ERROR");
    await expect(job.describe()).resolves.toMatchObject({ progress: { bytesTotal: 10n, bytesTransferred: 5n } });
    await service.clock.advance(1_000);
    await expect.poll(async () => (await job.describe()).progress.bytesTransferred).toBe(0n);
    end();
    await service.close();
  });

  it.each([
    ["/file?status=404", "target", 4, { hresult: 0x80190194, context: 5 }],
    ["/file?stop=100", "target", 5, { hresult: 0x80072efe, context: 5 }],
    ["/file", "no/target", 4, { hresult: 0x80070003, context: 4 }],
  ])("tells why %s to %s is in error, with the file", async (path, name, state, error) => {
    const jobId = await test.create();
    await test.service.request("job.set", { jobId, settings: { minimumRetryDelay: 50 } });
    await test.addFile(jobId, test.server.url(path), test.path(name));
    await test.resume(jobId);
    await expect.poll(async () => (await test.describe(jobId, "progress"))?.job?.state).toBe(state);
    const { job } = (await test.describe(jobId, "progress")) ?? {};
    expect(job?.error).toEqual({ ...error, remoteName: test.server.url(path), localName: test.path(name) });
    const [item] = await test.cancel(jobId);
    expect(item).toMatchObject({ hresult: 0, stateBefore: state, jobError: job?.error });
    await expect(test.describe(jobId)).resolves.not.toHaveProperty("job.error");
  });

  it("has nothing to add to the cancel of a job that is not in error", async () => {
    const [item] = await test.cancel(await test.create());
    expect(item).not.toHaveProperty("jobError");
    expect(item).not.toHaveProperty("leftoverFiles");
  });

  it("describes many in the order given, and lists those that are not over", async () => {
    const [a, b, c] = [await test.create(), await test.create(), await test.create()];
    await test.cancel(b);
    const params = { jobIds: [c, JOB, b.toUpperCase(), a], detail: "progress", languageId: 0x409 } as const;
    const { items } = await test.service.request("job.describe", { ...params, jobIds: [...params.jobIds] });
    expect(items.map(({ jobId, job }) => [jobId, job?.state])).toEqual([
      [c, 3],
      [JOB, undefined],
      [b, 8],
      [a, 3],
    ]);
    await expect(test.service.request("job.list", { allUsers: false, page: 0 })).resolves.toEqual({
      hresult: 0,
      method: "IBackgroundCopyManager::EnumJobs",
      jobIds: [a, c],
      page: 0,
      more: false,
    });
  });

  it("goes by its clock", async () => {
    const clock = new TestClock(new Date(5));
    const service = new EmbeddedService(LANGUAGE, new Store({ ...realEnvironment(), clock }));
    const { jobId } = await service.request("job.create", { displayName: "", type: 0, settings: {}, files: [] });
    await clock.advance(100);
    await service.request("job.set", { jobId: jobId as string, settings: { description: "later" } });
    const params = { jobIds: [jobId as string], detail: "summary", languageId: 0 } as const;
    const { items } = await service.request("job.describe", { ...params, jobIds: [...params.jobIds] });
    const times = { creation: filetime(5), modification: filetime(105), transferCompletion: "0" };
    expect(items[0]?.job?.times).toEqual(times);
    await service.close();
  });
});
