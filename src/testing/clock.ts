import { setImmediate } from "node:timers/promises";
import { badArgument, checkDate } from "../words/arguments.js";
import { ownLanguage } from "./checks.js";

/** When the time of a {@link TestClock} begins, unless it is told. */
const BEGINNING = new Date("2020-01-01T00:00:00Z");

// How many turns of Node's event loop whatever waits for a timer has until the next one: for promises, and for what they bring about.
const TURNS = 5;

/**
 * A clock that stands still until it is told to go on. By it go the times of jobs, the waits for retries, the ticks of watches and the
 * time-outs of calls; whatever a transfer takes for itself it takes in real time.
 */
export class TestClock {
  #now: number;
  readonly #timers = new Set<{ readonly due: number; readonly callback: () => void }>();

  /**
   * @param start - What the time is. Default: 2020 begins, in UTC.
   * @throws TypeError for what is no time.
   */
  constructor(start: Date = BEGINNING) {
    this.#now = checkDate(ownLanguage(), "start", start).getTime();
  }

  /** The time, in milliseconds since 1970 began. */
  now(): number {
    return this.#now;
  }

  /** How many timers there are: none is left by a watch that has ended. */
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
   * Lets so much time go by. What was to happen meanwhile happens, in its order.
   *
   * @param durationInMs - How much, in milliseconds.
   * @returns When whoever waited for it has had a turn.
   * @throws TypeError for what is no duration: time never goes back.
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
