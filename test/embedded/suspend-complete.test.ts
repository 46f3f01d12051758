import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { describe, expect, it, vi } from "vitest";
import { DO_E_INVALID_STATE, S_OK } from "../../src/embedded/codes.js";
import { failed } from "../../src/words/hresults.js";
import { contents } from "../support/file-server.js";
import { Fixture } from "./fixture.js";

// Long enough that no job is retried on its own.
vi.mock("../../src/embedded/limits.js", async (original) => ({
  ...(await original<object>()),
  MINIMUM_RETRY_DELAY_IN_S: 1_000,
  NO_PROGRESS_TIMEOUT_IN_S: 10_000,
}));

const SUSPENDED = { hresult: S_OK, method: "IBackgroundCopyJob::Suspend" };
const COMPLETED = { hresult: S_OK, method: "IBackgroundCopyJob::Complete" };
const PAUSED = "/paused?pause=20000";

describe("Suspend", () => {
  const test = new Fixture();

  it("ends the request, and Resume asks for the rest alone", async () => {
    const path = "/file?pause=20000&times=1&suspended";
    const jobId = await test.start(path);
    await expect.poll(() => test.sizes(), { interval: 5 }).toEqual([20_000]);
    await expect(test.suspend(jobId)).resolves.toMatchObject(SUSPENDED);
    await expect(test.state(jobId)).resolves.toBe("BG_JOB_STATE_SUSPENDED");
    await expect.poll(() => test.requests(path)[0]?.isOver()).toBe(true);
    await test.resume(jobId);
    await test.reaches(jobId, "BG_JOB_STATE_TRANSFERRED");
    expect(test.requests(path)[1]).toMatchObject({ range: "bytes=20000-" });
    await expect(test.complete(jobId)).resolves.toMatchObject(COMPLETED);
    expect((await readFile(test.path("target.bin"))).equals(contents())).toBe(true);
  });

  it("and Resume can follow each other at once, any number of times", async () => {
    const jobId = await test.start("/file?size=3000000");
    for (let i = 0; i < 50; i++) {
      await test.suspend(jobId);
      await test.resume(jobId);
      await new Promise((resolve) => setTimeout(resolve, i % 3));
    }
    await test.reaches(jobId, "BG_JOB_STATE_TRANSFERRED");
    await test.complete(jobId);
    expect(await test.names()).toEqual(["target.bin"]);
    expect((await readFile(test.path("target.bin"))).equals(contents(3_000_000))).toBe(true);
  });

  it("ends the wait for a retry", async () => {
    const jobId = await test.start("/file?status=503&times=1&retried");
    await test.reaches(jobId, "BG_JOB_STATE_TRANSIENT_ERROR");
    await expect(test.suspend(jobId)).resolves.toMatchObject(SUSPENDED);
    await expect(test.state(jobId)).resolves.toBe("BG_JOB_STATE_SUSPENDED");
    await test.resume(jobId);
    await test.reaches(jobId, "BG_JOB_STATE_TRANSFERRED");
  });

  it("leaves a job alone that waits for its caller", async () => {
    const fresh = await test.create();
    const failed = await test.start("/file?status=404", test.path("a"));
    const transferred = await test.start("/file", test.path("b"));
    await test.reaches(failed, "BG_JOB_STATE_ERROR");
    await test.reaches(transferred, "BG_JOB_STATE_TRANSFERRED");
    for (const [jobId, state] of [
      [fresh, "BG_JOB_STATE_SUSPENDED"],
      [failed, "BG_JOB_STATE_ERROR"],
      [transferred, "BG_JOB_STATE_TRANSFERRED"],
    ] as const) {
      await expect(test.suspend(jobId)).resolves.toMatchObject(SUSPENDED);
      await expect(test.state(jobId)).resolves.toBe(state);
    }
  });

  it("is refused for a job that is over", async () => {
    const jobId = await test.create();
    await test.cancel(jobId);
    await expect(test.suspend(jobId)).resolves.toMatchObject({ ...SUSPENDED, hresult: DO_E_INVALID_STATE });
  });
});

describe("Complete", () => {
  const test = new Fixture();

  it("takes the place of a file that has the name", async () => {
    await writeFile(test.path("target.bin"), "old");
    const jobId = await test.start("/file");
    await test.reaches(jobId, "BG_JOB_STATE_TRANSFERRED");
    await expect(test.complete(jobId)).resolves.toMatchObject(COMPLETED);
    expect((await readFile(test.path("target.bin"))).equals(contents())).toBe(true);
    expect(await test.names()).toEqual(["target.bin"]);
  });

  it("keeps the files that have arrived, and deletes the one that has not", async () => {
    const jobId = await test.create();
    await test.addFile(jobId, test.server.url("/first"), test.path("first"));
    await test.addFile(jobId, test.server.url(PAUSED), test.path("second"));
    await test.resume(jobId);
    await expect.poll(() => test.sizes(), { interval: 5 }).toContain(20_000);
    await expect(test.complete(jobId)).resolves.toMatchObject(COMPLETED);
    expect(await test.names()).toEqual(["first"]);
    await expect(test.state(jobId)).resolves.toBe("BG_JOB_STATE_ACKNOWLEDGED");
  });

  it("names the files that it leaves", async () => {
    const jobId = await test.start(PAUSED);
    await expect.poll(() => test.sizes(), { interval: 5 }).toEqual([20_000]);
    const [name] = await test.names();
    const left = test.path(name as string);
    await rename(left, test.path("moved"));
    await mkdir(left);
    await expect(test.complete(jobId)).resolves.toMatchObject({ hresult: 0x0020001a, leftoverFiles: [left] });
    await expect(test.state(jobId)).resolves.toBe("BG_JOB_STATE_ACKNOWLEDGED");
  });

  it("ends a job that was never started", async () => {
    const jobId = await test.create();
    await expect(test.complete(jobId)).resolves.toMatchObject(COMPLETED);
    await expect(test.complete(jobId)).resolves.toMatchObject({ ...COMPLETED, hresult: DO_E_INVALID_STATE });
  });

  it("says why a file can't have its name, and can be repeated", async () => {
    const jobId = await test.start("/file");
    await test.reaches(jobId, "BG_JOB_STATE_TRANSFERRED");
    await mkdir(test.path("target.bin"));
    const { hresult } = await test.complete(jobId);
    expect(failed(hresult)).toBe(true);
    await expect(test.state(jobId)).resolves.toBe("BG_JOB_STATE_TRANSFERRED");
    await rm(test.path("target.bin"), { recursive: true });
    await expect(test.complete(jobId)).resolves.toMatchObject(COMPLETED);
    expect(await test.names()).toEqual(["target.bin"]);
  });

  it("and Cancel at once: the first one counts", async () => {
    const jobId = await test.start("/file");
    await test.reaches(jobId, "BG_JOB_STATE_TRANSFERRED");
    const [completed, canceled] = await Promise.all([test.complete(jobId), test.cancel(jobId)]);
    expect(completed).toMatchObject(COMPLETED);
    expect(canceled).toMatchObject([{ hresult: DO_E_INVALID_STATE }]);
    expect(await test.names()).toEqual(["target.bin"]);
  });

  it("is no job's end that is unknown", async () => {
    const jobId = "00000000-0000-4000-8000-000000000000";
    await expect(test.complete(jobId)).resolves.toMatchObject({ method: "IBackgroundCopyManager::GetJob" });
    await expect(test.suspend(jobId)).resolves.toMatchObject({ method: "IBackgroundCopyManager::GetJob" });
  });
});
