import { mkdir, readFile, rename, rm, truncate } from "node:fs/promises";
import { afterEach, describe, expect, it, vi, type MockInstance } from "vitest";
import * as codes from "../../src/embedded/codes.js";
import { TRANSFERS_AT_A_TIME } from "../../src/embedded/limits.js";
import type { JobPriority } from "../../src/model/job.js";
import { contents } from "../support/file-server.js";
import { Fixture } from "./fixture.js";

// Long enough that no job is retried on its own.
const DELAY = vi.hoisted(() => 1_000_000);
vi.mock("../../src/embedded/limits.js", async (original) => ({
  ...(await original<object>()),
  MINIMUM_RETRY_DELAY_IN_S: DELAY / 1_000,
  NO_PROGRESS_TIMEOUT_IN_S: DELAY,
}));

const PAUSED = "/paused?pause=1000";

describe("jobs under way", () => {
  const test = new Fixture();
  afterEach(() => vi.restoreAllMocks());

  /** Jobs that take all turns, never give way, and never end on their own. */
  async function occupyAllTurns(): Promise<string[]> {
    const jobIds: string[] = [];
    for (let i = 0; i < TRANSFERS_AT_A_TIME; i++) {
      const path = `${PAUSED}&${encodeURIComponent(test.folder)}&${i}`;
      jobIds.push(await test.start(path, test.path(`paused-${i}`), "BG_JOB_PRIORITY_FOREGROUND"));
    }
    return jobIds;
  }

  /** Checks that the timer of a retry is not left behind. */
  function expectCleared(setting: MockInstance<typeof setTimeout>, clearing: MockInstance<typeof clearTimeout>): void {
    const timers = setting.mock.calls.flatMap(([, time], i) =>
      time === DELAY ? [setting.mock.results[i]?.value] : [],
    );
    expect(timers).toHaveLength(1);
    expect(clearing).toHaveBeenCalledWith(timers[0]);
  }

  it.each(["/slow", PAUSED])("can be cancelled in mid-transfer (%s), and leave nothing", async (path) => {
    const jobId = await test.start(path);
    await expect.poll(() => test.sizes(), { interval: 5 }).toEqual([expect.toSatisfy((size: number) => size > 0)]);
    await expect(test.cancel(jobId)).resolves.toMatchObject([{ hresult: 0, stateBefore: 2, stateAfter: 8 }]);
    await expect(test.names()).resolves.toEqual([]);
    await expect.poll(() => test.requests(path).at(-1)?.isOver()).toBe(true);
    await expect(test.state(jobId)).resolves.toBe("BG_JOB_STATE_CANCELLED");
  });

  it("can be cancelled before the first byte", async () => {
    const jobId = await test.start("/file");
    await expect(test.cancel(jobId)).resolves.toMatchObject([{ hresult: 0, stateBefore: 2, stateAfter: 8 }]);
    await expect(test.names()).resolves.toEqual([]);
  });

  it("can be cancelled while they wait for a retry", async () => {
    const path = "/waiting?pause=1000";
    const setting = vi.spyOn(globalThis, "setTimeout");
    const jobId = await test.start(path);
    await test.breakOff(1000);
    await test.reaches(jobId, "BG_JOB_STATE_TRANSIENT_ERROR");
    await expect(test.sizes()).resolves.toEqual([1000]);
    const clearing = vi.spyOn(globalThis, "clearTimeout");
    await expect(test.cancel(jobId)).resolves.toMatchObject([{ hresult: 0, stateBefore: 5, stateAfter: 8 }]);
    expectCleared(setting, clearing);
    await expect(test.names()).resolves.toEqual([]);
    expect(test.requests(path)).toHaveLength(1);
  });

  it.each([500, 0])("go on from what is on the disk, also when that has become less: %d bytes", async (left) => {
    const path = `/cut?pause=20000&times=1&${left}`;
    const jobId = await test.start(path);
    await test.breakOff(20_000);
    await test.reaches(jobId, "BG_JOB_STATE_TRANSIENT_ERROR");
    const [name] = await test.names();
    await truncate(test.path(name as string), left);
    await test.resume(jobId);
    await test.reaches(jobId, "BG_JOB_STATE_TRANSFERRED");
    expect(test.requests(path)[1]).toMatchObject({ range: left ? `bytes=${left}-` : undefined });
    expect((await readFile(test.path(name as string))).equals(contents())).toBe(true);
  });

  it("begin anew when their temporary file has vanished", async () => {
    const jobId = await test.start("/vanished?pause=20000&times=1");
    await test.breakOff(20_000);
    await test.reaches(jobId, "BG_JOB_STATE_TRANSIENT_ERROR");
    const [lost] = await test.names();
    await rm(test.path(lost as string));
    await test.resume(jobId);
    await test.reaches(jobId, "BG_JOB_STATE_TRANSFERRED");
    const [name] = await test.names();
    expect((await readFile(test.path(name as string))).equals(contents())).toBe(true);
  });

  it("are retried at once by Resume", async () => {
    const setting = vi.spyOn(globalThis, "setTimeout");
    const jobId = await test.start("/waiting?status=503&times=1");
    await test.reaches(jobId, "BG_JOB_STATE_TRANSIENT_ERROR");
    const clearing = vi.spyOn(globalThis, "clearTimeout");
    await test.resume(jobId);
    await test.reaches(jobId, "BG_JOB_STATE_TRANSFERRED");
    expectCleared(setting, clearing);
  });

  it("can be cancelled when in error, and when transferred", async () => {
    const failed = await test.start("/file?status=404", test.path("a"));
    const transferred = await test.start("/file", test.path("b"));
    await test.reaches(failed, "BG_JOB_STATE_ERROR");
    await test.reaches(transferred, "BG_JOB_STATE_TRANSFERRED");
    await expect(test.cancel(failed, transferred)).resolves.toMatchObject([
      { hresult: 0, stateBefore: 4, stateAfter: 8 },
      { hresult: 0, stateBefore: 6, stateAfter: 8 },
    ]);
    await expect(test.names()).resolves.toEqual([]);
  });

  it("say so when a file cannot be deleted, and are cancelled all the same", async () => {
    const jobId = await test.start("/file");
    await test.reaches(jobId, "BG_JOB_STATE_TRANSFERRED");
    const [name] = await test.names();
    await rename(test.path(name as string), test.path("moved"));
    await mkdir(test.path(name as string));
    await expect(test.cancel(jobId)).resolves.toEqual([
      {
        jobId,
        hresult: codes.BG_S_UNABLE_TO_DELETE_FILES,
        method: "IBackgroundCopyJob::Cancel",
        stateBefore: 6,
        stateAfter: 8,
        leftoverFiles: [test.path(name as string)],
      },
    ]);
    await expect(test.state(jobId)).resolves.toBe("BG_JOB_STATE_CANCELLED");
  });

  it("do not mind when their temporary file is gone already", async () => {
    const jobId = await test.start("/file");
    await test.reaches(jobId, "BG_JOB_STATE_TRANSFERRED");
    const [name] = await test.names();
    await rm(test.path(name as string));
    await expect(test.cancel(jobId)).resolves.toMatchObject([{ hresult: 0 }]);
  });

  it("wait for a turn, the most urgent first", async () => {
    const [first] = await occupyAllTurns();
    const order: JobPriority[] = [
      "BG_JOB_PRIORITY_LOW",
      "BG_JOB_PRIORITY_NORMAL",
      "BG_JOB_PRIORITY_FOREGROUND",
      "BG_JOB_PRIORITY_HIGH",
      "BG_JOB_PRIORITY_FOREGROUND",
    ];
    const waiting: string[] = [];
    for (const [i, priority] of order.entries()) {
      waiting.push(await test.start(`/turn?${i}`, test.path(`${i}`), priority));
    }
    for (const jobId of waiting) {
      await expect(test.state(jobId)).resolves.toBe("BG_JOB_STATE_QUEUED");
    }
    // Already on its way, so it stays in its place.
    await expect(test.resume(waiting[4] as string)).resolves.toMatchObject({ hresult: 0 });
    await test.cancel(first as string);
    for (const jobId of waiting) {
      await test.reaches(jobId, "BG_JOB_STATE_TRANSFERRED");
    }
    const turns = test.server.requests.map(({ path }) => path).filter((path) => path.startsWith("/turn"));
    expect(turns).toEqual(["/turn?2", "/turn?4", "/turn?3", "/turn?1", "/turn?0"]);
  });

  it("never begin when they are cancelled in the queue", async () => {
    const [first] = await occupyAllTurns();
    const cancelled = await test.start("/never", test.path("never"));
    await expect(test.cancel(cancelled)).resolves.toMatchObject([{ hresult: 0, stateBefore: 0, stateAfter: 8 }]);
    await test.cancel(first as string);
    const next = await test.start("/next", test.path("next"));
    await test.reaches(next, "BG_JOB_STATE_TRANSFERRED");
    expect(test.requests("/never")).toEqual([]);
    await expect(test.state(cancelled)).resolves.toBe("BG_JOB_STATE_CANCELLED");
  });

  it("a thousand of them: all are cancelled in one call, and nothing is left", async () => {
    const jobIds: string[] = [];
    for (let i = 0; i < 1_000; i++) {
      jobIds.push(await test.start(`${PAUSED}&thousand`, test.path(`target-${i}`)));
    }
    await test.asks(`${PAUSED}&thousand`);
    const items = await test.cancel(...jobIds);
    expect(items.map(({ jobId }) => jobId)).toEqual(jobIds);
    expect(new Set(items.map(({ hresult }) => hresult))).toEqual(new Set([0]));
    await expect(test.names()).resolves.toEqual([]);
    // No waiting job has had a turn in the meantime.
    expect(test.requests(`${PAUSED}&thousand`).length).toBeLessThanOrEqual(TRANSFERS_AT_A_TIME);
  });

  it("a thousand of them: all are transferred, a few at a time", async () => {
    const jobIds: string[] = [];
    for (let i = 0; i < 1_000; i++) {
      jobIds.push(await test.start("/many?size=100", test.path(`target-${i}`)));
    }
    const states = await Promise.all(jobIds.map((jobId) => test.state(jobId)));
    const transferring = states.filter((state) => state === "BG_JOB_STATE_TRANSFERRING");
    expect(transferring.length).toBeLessThanOrEqual(TRANSFERS_AT_A_TIME);
    for (const jobId of jobIds) {
      await test.reaches(jobId, "BG_JOB_STATE_TRANSFERRED");
    }
    await expect(test.names()).resolves.toHaveLength(1_000);
  });

  it("end with the service, and leave nothing", async () => {
    await occupyAllTurns();
    await test.start("/file", test.path("queued"));
    await test.create();
    await expect.poll(() => test.sizes(), { interval: 5 }).toEqual(Array(TRANSFERS_AT_A_TIME).fill(1_000));
    await Promise.all([test.service.close(), test.service.close()]);
    await expect(test.names()).resolves.toEqual([]);
    await expect.poll(() => test.server.requests.every(({ isOver }) => isOver())).toBe(true);
  });

  it("end with the service also when they are in error, transferred or waiting for a retry", async () => {
    const failed = await test.start("/file?status=404", test.path("a"));
    const transferred = await test.start("/file", test.path("b"));
    const waiting = await test.start("/waiting?stop=0", test.path("c"));
    await test.reaches(failed, "BG_JOB_STATE_ERROR");
    await test.reaches(transferred, "BG_JOB_STATE_TRANSFERRED");
    await test.reaches(waiting, "BG_JOB_STATE_TRANSIENT_ERROR");
    await test.service.close();
    await expect(test.names()).resolves.toEqual([]);
  });
});
