import { setImmediate } from "node:timers/promises";
import { badArgument, checkDate } from "../words/arguments.js";
import { ownLanguage } from "./checks.js";

/** The initial time of a {@link TestClock}, unless it is specified. */
const BEGINNING = new Date("2020-01-01T00:00:00Z");

// The number of turns of Node's event loop between two timers, for promises and their consequences.
const TURNS = 5;

/**
 * A clock that advances only when the test tells it to. The times of jobs, retry delays, watch intervals, and time-outs of calls follow
 * this clock. Transfers themselves run in real time.
 */
export class TestClock {
  #now: number;
  readonly #timers = new Set<{ readonly due: number; readonly callback: () => void }>();

  /**
   * @param start - The initial time. Default: January 1, 2020, 00:00 UTC.
   * @throws TypeError if the value isn't a valid time.
   */
  constructor(start: Date = BEGINNING) {
    this.#now = checkDate(ownLanguage(), "start", start).getTime();
  }

  /** The current time, in milliseconds since January 1, 1970, 00:00 UTC. */
  now(): number {
    return this.#now;
  }

  /** The number of active timers. A watch that has ended leaves none. */
  get timers(): number {
    return this.#timers.size;
  }

  /** @internal */
  startTimer(delayInMs: number, callback: () => void): () => void {
    const timer = { due: this.#now + delayInMs, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /**
   * Advances the clock. Everything that is due in the meantime happens, in order.
   *
   * @param durationInMs - The duration, in milliseconds.
   * @returns A promise that resolves after everything that waited for the clock has run.
   * @throws TypeError if the value isn't a valid duration. Time never goes back.
   */
  async advance(durationInMs: number): Promise<void> {
    if (!(Number.isFinite(durationInMs) && durationInMs >= 0)) {
      throw badArgument(ownLanguage(), "duration", { name: "durationInMs" });
    }
    const end = this.#now + durationInMs;
    await settle();
    for (let next = this.#next(end); next; next = this.#next(end)) {
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.due);
      next.callback();
      await settle();
    }
    this.#now = end;
  }

  #next(end: number) {
    const [first] = [...this.#timers].filter(({ due }) => due <= end).sort((a, b) => a.due - b.due);
    return first;
  }
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) {
    await setImmediate();
  }
}
