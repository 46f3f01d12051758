import type { Job } from "./job.js";
import { FINAL_JOBS_KEPT } from "./limits.js";

/** The jobs that the service knows: all open jobs, and the latest canceled and completed ones. */
export class Jobs {
  readonly #jobs = new Map<string, Job>();
  readonly #final: string[] = [];

  add(job: Job): void {
    this.#jobs.set(job.id, job);
  }

  find(id: string): Job | undefined {
    return this.#jobs.get(id.toLowerCase());
  }

  /** Removes a job as if it had never existed. */
  delete({ id }: Job): void {
    this.#jobs.delete(id);
  }

  /** Marks a job as canceled or completed: in time it makes room for others, oldest first. */
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
