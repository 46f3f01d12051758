import { LONGEST_RETRY_DELAY_IN_S } from "./limits.js";
import type { Settings } from "./settings.js";

/** The number of retries of a job without progress, and the time that it has waited for them. */
export class Retries {
  #count = 0;
  /** In seconds. Only the waits count, so that a network that fails slowly gets as many retries as one that fails immediately. */
  #waited = 0;

  startAnew(): void {
    this.#count = 0;
    this.#waited = 0;
  }

  /** The delay before the next retry, in seconds; `undefined` if there were enough. */
  next({ minimumRetryDelay, noProgressTimeout }: Settings): number | undefined {
    const doubled = Math.min(minimumRetryDelay * 2 ** this.#count, LONGEST_RETRY_DELAY_IN_S);
    const delay = Math.max(minimumRetryDelay, doubled);
    this.#waited += delay;
    this.#count++;
    return this.#waited > noProgressTimeout ? undefined : delay;
  }
}
