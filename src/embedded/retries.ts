import { LONGEST_RETRY_DELAY_IN_S } from "./limits.js";
import type { Settings } from "./settings.js";

/** How often a job has been tried again without progress, and how long it has waited for that. */
export class Retries {
  #count = 0;
  /** In seconds. Only the waits count, so that a network that fails slowly has as many retries as one that fails at once. */
  #waited = 0;

  startAnew(): void {
    this.#count = 0;
    this.#waited = 0;
  }

  /** How long to wait for the next one, in seconds; `undefined` when there have been enough. */
  next({ minimumRetryDelay, noProgressTimeout }: Settings): number | undefined {
    const doubled = Math.min(minimumRetryDelay * 2 ** this.#count, LONGEST_RETRY_DELAY_IN_S);
    const delay = Math.max(minimumRetryDelay, doubled);
    this.#waited += delay;
    this.#count++;
    return this.#waited > noProgressTimeout ? undefined : delay;
  }
}
