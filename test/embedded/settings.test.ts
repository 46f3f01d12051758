import { readFile } from "node:fs/promises";
import { beforeEach, describe, expect, it } from "vitest";
import { TRANSFERS_AT_A_TIME } from "../../src/embedded/limits.js";
import type { WireSettings } from "../../src/port/protocol.js";
import { contents } from "../support/file-server.js";
import { Fixture } from "./fixture.js";

const E_INVALIDARG = 0x80070057;
const E_NOTIMPL = 0x80004001;
const DO_E_INVALID_STATE = 0x80d02013;
const BG_E_STRING_TOO_LONG = 0x80200021;

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
    ["priority", "IBackgroundCopyJob::SetPriority", 4, E_NOTIMPL],
    ["customHeaders", "IBackgroundCopyJobHttpOptions::SetCustomHeaders", "no header", E_INVALIDARG],
    ["customHeaders", "IBackgroundCopyJobHttpOptions::SetCustomHeaders", "a b: c", E_INVALIDARG],
    [
      "customHeaders",
      "IBackgroundCopyJobHttpOptions::SetCustomHeaders",
      `a: ${"b".repeat(16_381)}`,
      BG_E_STRING_TOO_LONG,
    ],
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
      const url = `/held?pause=10&${encodeURIComponent(test.folder)}&${i}`;
      // A job of a lower priority would give way to the ones that wait.
      held.push(await test.start(url, test.path(`held-${i}`), "BG_JOB_PRIORITY_FOREGROUND"));
    }
    for (const jobId of held) {
      await test.reaches(jobId, "BG_JOB_STATE_TRANSFERRING");
    }
    const a = await test.start("/moved?a", test.path("a"));
    const b = await test.start("/moved?b", test.path("b"));
    await test.service.request("job.set", { jobId: b, settings: { priority: 0 } });
    // Not to the end of its own queue, if the priority stays the same.
    await expect(test.state(b)).resolves.toBe("BG_JOB_STATE_QUEUED");
    await test.cancel(held[0] as string);
    await test.reaches(a, "BG_JOB_STATE_TRANSFERRED");
    const turns = test.server.requests.map(({ path }) => path).filter((path) => path.startsWith("/moved"));
    expect(turns).toEqual(["/moved?b", "/moved?a"]);
  });
});
