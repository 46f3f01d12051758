import { mkdir, readFile, rm, stat } from "node:fs/promises";
import { userInfo } from "node:os";
import { beforeEach, describe, expect, it } from "vitest";
import { EmbeddedService, Store } from "../../src/embedded/index.js";
import { realEnvironment } from "../../src/embedded/environment.js";
import { TRANSFERS_AT_A_TIME } from "../../src/embedded/limits.js";
import { isResultOf, type WireSettings } from "../../src/port/protocol.js";
import { TestClock, TestService } from "../../src/testing.js";
import { contents } from "../support/file-server.js";
import { Fixture, LANGUAGE } from "./fixture.js";

const UNKNOWN_SIZE = "18446744073709551615";
const JOB = "00000000-0000-4000-8000-000000000001";
const E_INVALIDARG = 0x80070057;
const E_NOTIMPL = 0x80004001;
const DO_E_INVALID_STATE = 0x80d02013;
const BG_E_STRING_TOO_LONG = 0x80200021;

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
        { localName: test.path("first"), bytesTotal: "65536", bytesTransferred: "65536", completed: true },
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
    expect(over).toMatchObject({ state: 7, progress: { filesTotal: 2, filesTransferred: 2 } });
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

describe("job.set", () => {
  const test = new Fixture();
  let jobId: string;
  beforeEach(async () => {
    jobId = await test.create();
  });
  const set = (settings: WireSettings) => test.service.request("job.set", { jobId, settings });

  it("keeps everything, and answers with the last method", async () => {
    const settings = {
      displayName: "b",
      description: "c",
      priority: 3,
      minimumRetryDelay: 7,
      noProgressTimeout: 0,
      customHeaders: "a: b",
    };
    await expect(set(settings)).resolves.toEqual({
      hresult: 0,
      method: "IBackgroundCopyJobHttpOptions::SetCustomHeaders",
    });
    await expect(test.describe(jobId)).resolves.toMatchObject({ job: settings });
  });

  it.each([
    ["displayName", "IBackgroundCopyJob::SetDisplayName", "a".repeat(257), BG_E_STRING_TOO_LONG],
    ["displayName", "IBackgroundCopyJob::SetDisplayName", "a\0", E_INVALIDARG],
    ["description", "IBackgroundCopyJob::SetDescription", "a".repeat(1_025), BG_E_STRING_TOO_LONG],
    ["priority", "IBackgroundCopyJob::SetPriority", 4, E_INVALIDARG],
    ["customHeaders", "IBackgroundCopyJobHttpOptions::SetCustomHeaders", "no header", E_INVALIDARG],
    ["customHeaders", "IBackgroundCopyJobHttpOptions::SetCustomHeaders", "a b: c", E_INVALIDARG],
    ["notifyFlags", "IBackgroundCopyJob", 1, E_NOTIMPL],
  ])("refuses a wrong %s, and says which it was", async (property, method, value, hresult) => {
    await expect(set({ [property]: value })).resolves.toEqual({ hresult, method, property });
  });

  it("keeps what comes before a refusal, and nothing that comes after", async () => {
    const refused = set({ customHeaders: "a: b", description: "x", priority: 9, displayName: "y" });
    await expect(refused).resolves.toMatchObject({ property: "priority" });
    await expect(test.describe(jobId)).resolves.toMatchObject({
      job: { displayName: "y", description: "x", priority: 2, customHeaders: "" },
    });
  });

  it("is refused for a job that is over, whatever the value", async () => {
    await test.cancel(jobId);
    for (const settings of [{ description: "a" }, { priority: 9 }]) {
      await expect(set(settings)).resolves.toMatchObject({ hresult: DO_E_INVALID_STATE });
    }
  });

  it("raises a retry delay that is too short", async () => {
    await set({ minimumRetryDelay: 0 });
    await expect(test.describe(jobId)).resolves.toMatchObject({ job: { minimumRetryDelay: 1 } });
  });

  it("gives up at once where nothing may be waited for", async () => {
    await set({ noProgressTimeout: 0 });
    await test.addFile(jobId, test.server.url("/busy?status=503&once"));
    await test.resume(jobId);
    await test.reaches(jobId, "BG_JOB_STATE_ERROR");
    expect(test.requests("/busy?status=503&once")).toHaveLength(1);
  });

  it("sends its headers with each request, and keeps those that it needs itself", async () => {
    const path = "/file?pause=20000&times=1&headers";
    await set({ customHeaders: "X-Token: a b\r\nx-token: c\r\nRange: bytes=5-\r\nAccept-Encoding: gzip" });
    await test.addFile(jobId, test.server.url(path));
    await test.resume(jobId);
    await expect.poll(() => test.sizes(), { interval: 5 }).toEqual([20_000]);
    await test.suspend(jobId);
    await test.resume(jobId);
    await test.reaches(jobId, "BG_JOB_STATE_TRANSFERRED");
    const [first, second] = test.requests(path);
    expect(first?.headers).toMatchObject({ "x-token": "a b, c", "accept-encoding": "identity" });
    expect(second?.headers).toMatchObject({ "x-token": "a b, c", range: "bytes=20000-" });
    await test.complete(jobId);
    expect((await readFile(test.path("target.bin"))).equals(contents())).toBe(true);
  });

  it("moves a job that waits for its turn", async () => {
    const held: string[] = [];
    for (let i = 0; i < TRANSFERS_AT_A_TIME; i++) {
      held.push(await test.start(`/held?pause=10&${test.folder}&${i}`, test.path(`held-${i}`)));
    }
    const a = await test.start("/moved?a", test.path("a"));
    const b = await test.start("/moved?b", test.path("b"));
    await test.service.request("job.set", { jobId: b, settings: { priority: 0 } });
    // Not to the end of its own, when that stays the same.
    await expect(test.state(b)).resolves.toBe("BG_JOB_STATE_QUEUED");
    await test.cancel(held[0] as string);
    await test.reaches(a, "BG_JOB_STATE_TRANSFERRED");
    const turns = test.server.requests.map(({ path }) => path).filter((path) => path.startsWith("/moved"));
    expect(turns).toEqual(["/moved?b", "/moved?a"]);
  });
});

describe("job.create", () => {
  const test = new Fixture();
  const create = (settings: WireSettings, files: { remoteUrl: string; localName: string }[]) =>
    test.service.request("job.create", { displayName: "a job", type: 0, settings, files });

  it("sets and adds in one", async () => {
    const files = ["a", "b"].map((name) => ({ remoteUrl: test.server.url(`/${name}`), localName: test.path(name) }));
    const { jobId } = await create({ description: "x", priority: 0 }, files);
    await expect(test.describe(jobId as string)).resolves.toMatchObject({
      job: {
        state: 3,
        description: "x",
        priority: 0,
        files: [{ localName: test.path("a") }, { localName: test.path("b") }],
      },
    });
  });

  it.each([
    [{ priority: 9 }, "http://a/", "IBackgroundCopyJob::SetPriority"],
    [{}, "ftp://a/", "IBackgroundCopyJob::AddFile"],
  ])("leaves no job where %j or %s is refused", async (settings, remoteUrl, method) => {
    const result = await create(settings, [{ remoteUrl, localName: test.path("a") }]);
    expect(result).toMatchObject({ hresult: E_INVALIDARG, method });
    expect(result).not.toHaveProperty("jobId");
    await expect(test.service.request("job.list", { allUsers: true, page: 0 })).resolves.toMatchObject({ jobIds: [] });
  });

  it("refuses a name that is too long", async () => {
    const params = { type: 0, settings: {}, files: [] };
    await expect(
      test.service.request("job.create", { displayName: "a".repeat(257), ...params }),
    ).resolves.toMatchObject({
      hresult: E_INVALIDARG,
    });
    await expect(
      test.service.request("job.create", { displayName: "a".repeat(256), ...params }),
    ).resolves.toMatchObject({
      hresult: 0,
    });
  });
});

describe("what the service does not have", () => {
  const test = new Fixture();

  it("is answered with E_NOTIMPL, after the job is found", async () => {
    const known = await test.create();
    const calls = (jobId: string) =>
      [
        [
          test.service.request("job.setCredentials", { jobId, target: 1, scheme: 1, userName: "", password: "" }),
          "IBackgroundCopyJob2::SetCredentials",
        ],
        [
          test.service.request("job.removeCredentials", { jobId, target: 1, scheme: 1 }),
          "IBackgroundCopyJob2::RemoveCredentials",
        ],
        [test.service.request("job.takeOwnership", { jobId }), "IBackgroundCopyJob::TakeOwnership"],
        [
          test.service.request("job.replaceRemotePrefix", { jobId, oldPrefix: "", newPrefix: "" }),
          "IBackgroundCopyJob3::ReplaceRemotePrefix",
        ],
        [
          test.service.request("job.addFile", { jobId, remoteUrl: "http://a/", localName: "/a", ranges: [] }),
          "IBackgroundCopyJob3::AddFileWithRanges",
        ],
      ] as const;
    for (const [call, method] of calls(known)) {
      await expect(call).resolves.toEqual({ hresult: E_NOTIMPL, method });
    }
    for (const [call] of calls(JOB)) {
      await expect(call).resolves.toMatchObject({ method: "IBackgroundCopyManager::GetJob" });
    }
  });
});

describe("Cancel", () => {
  const test = new Fixture();

  it("names the files that it leaves", async () => {
    const jobId = await test.create();
    await test.addFile(jobId, test.server.url("/left?a"), test.path("a"));
    await test.addFile(jobId, test.server.url("/left?b"), test.path("b"));
    await test.resume(jobId);
    await test.reaches(jobId, "BG_JOB_STATE_TRANSFERRED");
    const files = (await test.describe(jobId))?.job?.files;
    const stubborn = files?.[1]?.temporaryName as string;
    await rm(stubborn);
    await mkdir(stubborn);
    const [item] = await test.cancel(jobId);
    expect(item).toMatchObject({ hresult: 0x0020001a, leftoverFiles: [stubborn] });
    expect(isResultOf("job.cancel", { items: [item] })).toBe(true);
  });
});
