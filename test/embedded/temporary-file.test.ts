import { describe, expect, it, vi } from "vitest";
import { Fixture } from "./fixture.js";
import * as codes from "../../src/embedded/codes.js";

// Delays the closing of files, and the ends of writes.
const closing = vi.hoisted(() => ({ allowed: Promise.resolve() }));
const writing = vi.hoisted(() => ({ allowed: Promise.resolve() }));
vi.mock("node:fs/promises", async (original) => {
  const fs = await original<typeof import("node:fs/promises")>();
  return {
    ...fs,
    open: async (...args: Parameters<typeof fs.open>) => {
      const handle = await fs.open(...args);
      if (String(args[0]).endsWith(".tmp")) {
        const { close, write } = handle;
        handle.close = () => closing.allowed.then(() => close.call(handle));
        handle.write = async (...data: unknown[]) => {
          const written = await (write as (...data: unknown[]) => Promise<never>).apply(handle, data);
          await writing.allowed;
          return written;
        };
      }
      return handle;
    },
  };
});

/** Holds up every file at that point; returns a function that releases them. */
function hold(place: typeof closing): () => void {
  let release = () => {};
  place.allowed = new Promise((resolve) => {
    release = resolve;
  });
  return release;
}

const PAUSED = "/paused?pause=1000";

describe("jobs whose file does not close", () => {
  const test = new Fixture();

  async function startPaused(): Promise<string> {
    const jobId = await test.start(PAUSED);
    await expect.poll(() => test.sizes(), { interval: 5 }).toEqual([1_000]);
    return jobId;
  }

  it("are waited for no longer than the caller wants, and cancelled all the same", async () => {
    const jobId = await startPaused();
    const release = hold(closing);
    const reason = new Error("no longer wanted");
    const abort = new AbortController();
    const answer = test.service.request("job.cancel", { jobIds: [jobId], languageId: 0 }, { signal: abort.signal });
    await expect(test.state(jobId)).resolves.toBe("BG_JOB_STATE_CANCELLED");
    await expect(test.cancel(jobId)).resolves.toMatchObject([{ hresult: codes.DO_E_INVALID_STATE }]);
    abort.abort(reason);
    await expect(answer).rejects.toBe(reason);
    release();
    await expect.poll(() => test.names()).toEqual([]);
  });

  it("are given up after the time that the caller gives", async () => {
    const jobId = await startPaused();
    const release = hold(closing);
    await expect(
      test.service.request("job.cancel", { jobIds: [jobId], languageId: 0 }, { timeoutInMs: 1 }),
    ).rejects.toMatchObject({
      name: "BridgeError",
      code: "TIMEOUT",
      outcome: "unknown",
    });
    release();
    await expect.poll(() => test.names()).toEqual([]);
  });

  it("stay cancelled when the transfer ends meanwhile", async () => {
    const release = hold(writing);
    // Few enough bytes to arrive at once: there is a single write.
    const jobId = await test.start("/file?size=1000");
    await expect.poll(() => test.sizes(), { interval: 5 }).toEqual([1_000]);
    const cancelled = test.cancel(jobId);
    release();
    await expect(cancelled).resolves.toMatchObject([{ hresult: 0, stateBefore: 2, stateAfter: 8 }]);
    await expect(test.state(jobId)).resolves.toBe("BG_JOB_STATE_CANCELLED");
    await expect(test.names()).resolves.toEqual([]);
  });

  it("are waited for by close, also when they are being cancelled already", async () => {
    const jobId = await startPaused();
    const release = hold(closing);
    const cancelled = test.cancel(jobId);
    let isClosed = false;
    const closed = test.service.close().then(() => {
      isClosed = true;
    });
    await test.names();
    expect(isClosed).toBe(false);
    release();
    await closed;
    await expect(test.names()).resolves.toEqual([]);
    await expect(cancelled).resolves.toMatchObject([{ hresult: 0 }]);
  });
});
