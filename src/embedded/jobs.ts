import type { Job } from "./job.js";
import { FINAL_JOBS_KEPT } from "./limits.js";

/** The jobs that the service knows: all that are open, and the latest of those that are over. */
export class Jobs {
  readonly #jobs = new Map<string, Job>();
  readonly #final: string[] = [];

  add(job: Job): void {
    this.#jobs.set(job.id, job);
  }

  find(id: string): Job | undefined {
    return this.#jobs.get(id.toLowerCase());
  }

  /** The job has never been. */
  delete({ id }: Job): void {
    this.#jobs.delete(id);
  }

  /** The job is over: it makes room for others in time, the oldest first. */
  retire({ id }: Job): void {
    this.#final.push(id);
    if (this.#final.length > FINAL_JOBS_KEPT) {
      this.#jobs.delete(this.#final.shift() as string);
    }
  }

  [Symbol.iterator](): Iterator<Job> {
    return this.#jobs.values();
  }
}
