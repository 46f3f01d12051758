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
 * Reads the status of jobs, with one request per interval for all of them. It runs only while a caller is waiting, so an abandoned watch
 * leaves no timer behind.
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

  /** The status of the job: immediately for a new caller, otherwise at the next interval. */
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

  /** Callers in the same turn share a request. */
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

  /** Runs the timer as long as a caller is waiting. */
  #keepTimer(): void {
    if (this.#waiting.size === 0) {
      this.#stopTimer?.();
      this.#stopTimer = undefined;
    } else if (!this.#stopTimer) {
      const { clock } = this.#session;
      const delay = this.#lastTick + this.#intervalInMs - clock.now();
      // If the clock is set back, nobody waits longer.
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

// By session, and by interval in milliseconds.
const tickers = new WeakMap<Session, Map<number, Ticker>>();

/** The ticker of a session for this interval. */
export function tickerOf(session: Session, intervalInMs: number): Ticker {
  const ofSession = tickers.get(session) ?? new Map<number, Ticker>();
  const ticker = ofSession.get(intervalInMs) ?? new Ticker(session, intervalInMs);
  tickers.set(session, ofSession.set(intervalInMs, ticker));
  return ticker;
}
