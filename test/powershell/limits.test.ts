import { afterEach, describe, expect, it, vi } from "vitest";
import type { RequestOutcome } from "../../src/words/errors.js";
import { asked, failure, open, starts } from "../support/faulty-service.js";

// The tests advance the clock themselves, so the real speed of a host does not matter.

const job = { jobIds: ["00000000-0000-4000-8000-000000000001"] };
const cancel = { ...job, languageId: 0 };
const describing = { ...cancel, detail: "progress" } as const;

afterEach(() => {
  vi.useRealTimers();
});

describe("a host", () => {
  it.each<[string, RequestOutcome]>([
    ["hangs", "unknown"],
    ["hangs when it has done it", "unknown"],
  ])("that %s is ended when the time is up, and what was not begun goes to the next", async (act, outcome) => {
    const { host, service } = await open({ method: "job.cancel", act });
    await using _ = service;
    vi.useFakeTimers({ toFake: ["setTimeout"] });
    const hanging = failure(service.request("job.cancel", cancel, { timeoutInMs: 300 }));
    const behind = service.request("host.echo", { text: "behind" });
    await expect.poll(() => asked(host, "job.cancel")).toBe(1);
    vi.advanceTimersByTime(300);
    vi.useRealTimers();
    expect(await hanging).toMatchObject({ code: "TIMEOUT", outcome });
    expect(await behind).toEqual({ text: "behind" });
    expect(asked(host, "job.cancel")).toBe(1);
  });

  it("has the time of a request begin when it is at the head", async () => {
    const { host, service } = await open({ method: "job.describe", act: "waits" });
    await using _ = service;
    vi.useFakeTimers({ toFake: ["setTimeout"] });
    const slow = service.request("job.describe", describing, { timeoutInMs: 60_000 });
    const behind = service.request("host.echo", { text: "behind" }, { timeoutInMs: 300 });
    await expect.poll(() => asked(host, "job.describe")).toBe(1);
    vi.advanceTimersByTime(59_000);
    // From here on, a timer must not wait for a clock that stands still.
    vi.useRealTimers();
    host.goOn();
    await slow;
    expect(await behind).toEqual({ text: "behind" });
    expect(asked(host, "job.describe")).toBe(1);
    expect(starts(host)).toBe(1);
  });

  it("that does not start again is tried with growing waits, then not for a while", async () => {
    const { host, service } = await open(
      { method: "job.cancel", act: "dies after" },
      { start: [2, 3, 4, 5, 6], act: "dies at once" },
    );
    await using _ = service;
    // Makes the pause last until the test ends it.
    vi.useFakeTimers({ toFake: ["performance"] });
    // It was lost when it was sent; later events do not change that.
    expect(await failure(service.request("job.cancel", cancel))).toMatchObject({
      code: "HOST_EXITED",
      outcome: "unknown",
    });
    const tried = starts(host);
    expect(tried).toBe(4);
    const calls = Array.from({ length: 100 }, () => failure(service.request("host.echo", { text: "x" })));
    for (const error of await Promise.all(calls)) {
      expect(error).toMatchObject({ code: "HOST_EXITED", outcome: "not sent" });
    }
    expect(starts(host)).toBe(tried);
    // One attempt after each pause, until it starts again.
    let answer: unknown;
    while (!answer) {
      vi.advanceTimersByTime(5_000);
      answer = await service.request("host.echo", { text: "again" }).catch(() => undefined);
    }
    expect(starts(host)).toBe(7);
  });

  it("ends a wait for the next one when the service is closed", async () => {
    const { host, service } = await open(
      { method: "host.echo", act: "dies before" },
      { start: [2, 3, 4, 5, 6, 7, 8, 9], act: "dies at once" },
    );
    const asking = failure(service.request("host.echo", { text: "x" }));
    await expect.poll(() => starts(host)).toBeGreaterThan(1);
    await service.close();
    expect(["CLOSED", "HOST_EXITED"]).toContain((await asking).code);
    expect(await failure(service.request("host.echo", { text: "x" }))).toMatchObject({ code: "CLOSED" });
  });
});
