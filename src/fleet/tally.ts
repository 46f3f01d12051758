import type { CheckedCall, FleetProgress } from "./options.js";
import type { HostOutcome } from "./outcome.js";

/** Counts outcomes, and reports the progress. */
export class Tally {
  readonly #total: number;
  readonly #seed: number;
  readonly #onProgress: CheckedCall["onProgress"];
  readonly #counts = { done: 0, refused: 0, failed: 0, unreachable: 0, lost: 0, "timed out": 0, skipped: 0 };
  readonly #jobs = { done: 0, refused: 0 };
  #done = 0;

  constructor({ hosts, seed, onProgress }: Pick<CheckedCall, "hosts" | "seed" | "onProgress">) {
    this.#total = hosts.size;
    this.#seed = seed;
    this.#onProgress = onProgress;
  }

  add({ status, jobs }: HostOutcome<unknown>, active: number): void {
    this.#done++;
    this.#counts[status]++;
    for (const job of jobs) {
      this.#jobs.done++;
      this.#jobs.refused += (job as { ok?: boolean }).ok === false ? 1 : 0;
    }
    this.#onProgress?.(this.#progress(active));
  }

  #progress(active: number): FleetProgress {
    const [counts, jobs] = [{ ...this.#counts }, { ...this.#jobs }];
    return { done: this.#done, total: this.#total, active, counts, jobs, seed: this.#seed };
  }
}
