import type { Environment } from "./environment.js";
import { Job } from "./job.js";
import { Jobs } from "./jobs.js";
import { TransferQueue } from "./queue.js";
import { defaultSettings } from "./settings.js";

/** What a service holds for all its managers: its jobs, and the queue that transfers them. */
export class Store {
  readonly environment: Environment;
  readonly jobs = new Jobs();
  readonly #queue = new TransferQueue();
  #closed: Promise<void> | undefined;

  constructor(environment: Environment) {
    this.environment = environment;
  }

  /** Adds a new job of that owner. */
  addJob(displayName: string, owner = this.environment.owner): Job {
    const { clock, get, dialect } = this.environment;
    const job = new Job(defaultSettings(displayName), owner, { clock, get, dialect, queue: this.#queue });
    this.jobs.add(job);
    return job;
  }

  /** Ends every job, and removes everything of them. */
  close(): Promise<void> {
    this.#closed ??= Promise.all([...this.jobs].map((job) => job.dispose())).then(() => {});
    return this.#closed;
  }
}
