import { describe, expect, it } from "vitest";
import { TestClock } from "../../src/testing.js";

describe("TestClock", () => {
  it("stands still until it is told, and then calls back in the order of the times", async () => {
    const clock = new TestClock(new Date(1_000));
    const called: [string, number][] = [];
    clock.startTimer(30, () => called.push(["c", clock.now()]));
    clock.startTimer(10, () => {
      called.push(["a", clock.now()]);
      clock.startTimer(10, () => called.push(["b", clock.now()]));
    });
    const callOff = clock.startTimer(5, () => called.push(["never", clock.now()]));
    callOff();
    await clock.advance(9);
    expect(called).toEqual([]);
    await clock.advance(11);
    expect(called).toEqual([
      ["a", 1_010],
      ["b", 1_020],
    ]);
    expect(clock.timers).toBe(1);
    await clock.advance(1_000);
    expect(called.at(-1)).toEqual(["c", 1_030]);
    expect([clock.now(), clock.timers]).toEqual([2_020, 0]);
  });

  it("says what is no time and what is no duration, in words", async () => {
    for (const wrong of ["x", 5, null, new Date(Number.NaN)]) {
      expect(() => new TestClock(wrong as never)).toThrow(/^start .*Date/);
    }
    const clock = new TestClock();
    const now = clock.now();
    for (const wrong of ["5", -1, Number.NaN, Number.POSITIVE_INFINITY, 5n, undefined]) {
      await expect(clock.advance(wrong as never)).rejects.toThrow(/^durationInMs /);
    }
    expect(clock.now()).toBe(now);
  });
});
