import { setImmediate } from "node:timers";
import { untilAborted } from "./abort.js";
import { describeParams, jobOf, readStatus, type DescribedItem, type JobStatus } from "./description.js";
import { isNotFound } from "./list.js";
import { checkNoOthers, optionsOf } from "./messages.js";
import { LAST_STATES, type JobState } from "./model.js";
import { checkSignal, checkTimeout, type Session } from "./session.js";

/** The options of {@link BackgroundCopyJob.watch} and {@link BackgroundCopyJob.waitFor}. */
export interface WatchOptions {
  /** Ends the wait alone: the job goes on, and the wait rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** How long there is between two looks at the job, in milliseconds. Default: 1,000. */
  readonly intervalInMs?: number | undefined;
}

const INTERVAL_IN_MS = 1_000;

interface Waiting {
  readonly jobId: string;
  resolve(item: DescribedItem | undefined): void;
  reject(error: unknown): void;
}

/**
 * Looks at jobs, at all of them with one request a tick. It only ticks while somebody waits for it: a watch that is left has no timer.
 */
export class Ticker {
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

function tickerOf(session: Session, intervalInMs: number): Ticker {
  const ticker = session.tickers.get(intervalInMs) ?? new Ticker(session, intervalInMs);
  session.tickers.set(intervalInMs, ticker);
  return ticker;
}

/** Whatever can change of a status, to be compared. */
function essence({ state, progress, error }: JobStatus): string {
  const { bytesTotal, bytesTransferred, filesTotal, filesTransferred } = progress;
  const failure = error && [error.hresult, error.context, error.file?.remoteName];
  return [state, bytesTotal, bytesTransferred, filesTotal, filesTransferred, failure].join(" ");
}

/** What a watch ends with when the job is gone: why the service does not know it. */
type Gone = unknown;

async function* changes(
  session: Session,
  jobId: string,
  { signal, intervalInMs = INTERVAL_IN_MS }: WatchOptions,
): AsyncGenerator<JobStatus, Gone, undefined> {
  const ticker = tickerOf(session, intervalInMs);
  let last: JobStatus | undefined;
  for (;;) {
    signal?.throwIfAborted();
    const item = await ticker.look(jobId, last === undefined, signal);
    let status: JobStatus;
    try {
      status = readStatus(session.language, jobId, jobOf(session, jobId, item));
    } catch (error) {
      if (last && isNotFound(error)) {
        return error;
      }
      throw error;
    }
    if (!last || essence(status) !== essence(last)) {
      last = status;
      yield status;
    }
    if (LAST_STATES.includes(status.state)) {
      return undefined;
    }
  }
}

function checkOptions({ language }: Session, options: WatchOptions): void {
  const { signal, intervalInMs, ...others } = optionsOf(language, options);
  checkNoOthers(language, others);
  checkSignal(language, signal);
  checkTimeout(language, "intervalInMs", intervalInMs);
}

/** The job's status at once, then at each change, until nothing more happens by itself or the job is gone. */
export function watchJob(session: Session, jobId: string, options: WatchOptions): AsyncIterableIterator<JobStatus> {
  checkOptions(session, options);
  return changes(session, jobId, options);
}

/** The job's status when it is in one of those states, or in one in which nothing more happens by itself. */
export async function waitForJob(
  session: Session,
  jobId: string,
  states: readonly JobState[],
  options: WatchOptions,
): Promise<JobStatus> {
  checkOptions(session, options);
  const watched = changes(session, jobId, options);
  for (;;) {
    const { done, value } = await watched.next();
    if (done) {
      throw value;
    }
    if (states.includes(value.state) || LAST_STATES.includes(value.state)) {
      return value;
    }
  }
}
