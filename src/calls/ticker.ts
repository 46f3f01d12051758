import { setImmediate } from "node:timers";
import { untilAborted } from "../waiting/abort.js";
import { describeParams, type DescribedItem } from "./description.js";
import type { Session } from "./session.js";

interface Waiting {
  readonly jobId: string;
  resolve(item: DescribedItem | undefined): void;
  reject(error: unknown): void;
}

/**
 * Looks at jobs, at all of them with one request a tick. It only ticks while somebody waits for it: a watch that is left has no timer.
 */
class Ticker {
  readonly #session: Session;
  readonly #intervalInMs: number;
  readonly #newcomers = new Set<Waiting>();
  readonly #waiting = new Set<Waiting>();
  #lastTick = 0;
  #stopTimer: (() => void) | undefined;

  constructor(session: Session, intervalInMs: number) {
    this.#session = session;
    this.#intervalInMs = intervalInMs;
  }

  /** What is told of the job: at once to somebody who is new, else at the next tick. */
  look(jobId: string, isNew: boolean, signal: AbortSignal | undefined): Promise<DescribedItem | undefined> {
    let waiting: Waiting;
    const told = new Promise<DescribedItem | undefined>((resolve, reject) => {
      waiting = { jobId, resolve, reject };
      if (isNew) {
        this.#welcome(waiting);
      } else {
        this.#waiting.add(waiting);
        this.#keepTimer();
      }
    });
    return untilAborted(told, signal).finally(() => {
      this.#newcomers.delete(waiting);
      this.#waiting.delete(waiting);
      this.#keepTimer();
    });
  }

  /** Those who come in the same turn share a request. */
  #welcome(waiting: Waiting): void {
    this.#newcomers.add(waiting);
    if (this.#newcomers.size === 1) {
      setImmediate(() => {
        const newcomers = [...this.#newcomers];
        this.#newcomers.clear();
        if (!this.#stopTimer) {
          this.#lastTick = this.#session.clock.now();
        }
        void this.#ask(newcomers);
      });
    }
  }

  /** Lets the timer run as long as somebody waits for it. */
  #keepTimer(): void {
    if (this.#waiting.size === 0) {
      this.#stopTimer?.();
      this.#stopTimer = undefined;
    } else if (!this.#stopTimer) {
      const { clock } = this.#session;
      const delay = this.#lastTick + this.#intervalInMs - clock.now();
      // A clock that was put back must not make anybody wait for longer.
      this.#stopTimer = clock.startTimer(Math.min(Math.max(delay, 0), this.#intervalInMs), () => this.#tick());
    }
  }

  #tick(): void {
    this.#stopTimer = undefined;
    this.#lastTick = this.#session.clock.now();
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    void this.#ask(waiting);
  }

  async #ask(waiting: readonly Waiting[]): Promise<void> {
    const jobIds = [...new Set(waiting.map(({ jobId }) => jobId))];
    if (jobIds.length === 0) {
      return;
    }
    try {
      const params = describeParams(this.#session, jobIds, "progress");
      const { items } = await this.#session.port.request("job.describe", params);
      const byId = new Map(jobIds.map((jobId, i) => [jobId, items[i]]));
      for (const { jobId, resolve } of waiting) {
        resolve(byId.get(jobId));
      }
    } catch (error) {
      for (const { reject } of waiting) {
        reject(error);
      }
    }
  }
}

// By session, and by their intervals in milliseconds.
const tickers = new WeakMap<Session, Map<number, Ticker>>();

/** What looks at the jobs of a session at that interval. */
export function tickerOf(session: Session, intervalInMs: number): Ticker {
  const ofSession = tickers.get(session) ?? new Map<number, Ticker>();
  const ticker = ofSession.get(intervalInMs) ?? new Ticker(session, intervalInMs);
  tickers.set(session, ofSession.set(intervalInMs, ticker));
  return ticker;
}
