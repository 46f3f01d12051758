import { capabilitiesOf, type Capabilities } from "./capabilities.js";
import { cancelItems, type CancelJobsOptions, type CancelOutcome } from "./cancel.js";
import { BackgroundCopyError } from "./errors.js";
import { BackgroundCopyJob } from "./job.js";
import type { Locale } from "./locale.js";
import { badArgument, type Wording } from "./messages.js";
import { JOB_PRIORITIES, JOB_TYPES, type JobPriority, type JobType, type ServiceName } from "./model.js";
import { openSession, type ConnectOptions } from "./open-session.js";
import { ask, checkJobId, checkString, type CallOptions, type Session } from "./session.js";

/** The options of {@link BackgroundCopyManager.createJob}. */
export interface CreateJobOptions extends CallOptions {
  /** What the job transfers. Default: `BG_JOB_TYPE_DOWNLOAD`. */
  readonly type?: JobType | undefined;
  /** The job's priority. Default: the service's own, `BG_JOB_PRIORITY_NORMAL`. */
  readonly priority?: JobPriority | undefined;
}

// The codes that say that there is no such job, by Delivery Optimization and by BITS.
const NOT_FOUND: readonly string[] = ["DO_E_JOB_NOT_FOUND", "BG_E_NOT_FOUND"];

/**
 * The way to a service that holds background transfer jobs.
 *
 * @example
 * ```ts
 * import { BackgroundCopyManager } from "background-copy";
 *
 * const manager = await BackgroundCopyManager.connect({ service: "embedded", locale: "fr" });
 * const job = await manager.createJob("an example");
 * const { message } = await job.cancel();
 * console.log(message); // La tâche a été annulée avec succès.
 * await manager.close();
 * ```
 */
export class BackgroundCopyManager {
  readonly #session: Session;

  private constructor(session: Session) {
    this.#session = session;
  }

  /**
   * Opens the way to a service: starts Windows PowerShell with the bundled module and activates the service's COM class.
   *
   * Windows 10, version 1709, for Delivery Optimization and BITS; `embedded` works everywhere. While nothing is asked, the manager
   * does not keep Node alive.
   *
   * @param options - The service, the language, and how PowerShell is found.
   * @throws {@link BridgeError} where PowerShell or the service can't be had; `UNSUPPORTED` where no service is named and this is
   *   not Windows.
   */
  static async connect(options: ConnectOptions = {}): Promise<BackgroundCopyManager> {
    return new BackgroundCopyManager(await openSession(options));
  }

  /** The service that holds the jobs. */
  get service(): ServiceName {
    return this.#session.service;
  }

  /** What the service at hand can do, as far as that is documented. */
  get capabilities(): Capabilities {
    return capabilitiesOf(this.#session.service, this.#session.port.managerInterface);
  }

  /** The language of messages. */
  get locale(): Locale {
    return this.#session.language.locale;
  }

  /** Which sentences of the documentation are shown. */
  get wording(): Wording {
    return this.#session.language.wording;
  }

  /**
   * Creates a job. It is suspended and empty: add files, then resume it.
   *
   * Windows 10, version 1709; page: IBackgroundCopyManager::CreateJob.
   *
   * @param displayName - The job's name for people, at most 256 characters. It need not be unique.
   * @throws {@link BackgroundCopyError} `E_INVALIDARG` for a name that the service does not take, `BG_E_TOO_MANY_JOBS_PER_USER` and
   *   `BG_E_TOO_MANY_JOBS_PER_MACHINE` beyond the limits of group policy.
   */
  async createJob(
    displayName: string,
    { type = "BG_JOB_TYPE_DOWNLOAD", priority, ...options }: CreateJobOptions = {},
  ): Promise<BackgroundCopyJob> {
    const { language } = this.#session;
    checkString(language, "displayName", displayName);
    if (!JOB_TYPES.includes(type)) {
      throw badArgument(language, "jobType", { value: String(type) });
    }
    if (priority !== undefined && !JOB_PRIORITIES.includes(priority)) {
      throw badArgument(language, "priority", { value: String(priority) });
    }
    const params = {
      displayName,
      type: JOB_TYPES.indexOf(type),
      ...(priority && { priority: JOB_PRIORITIES.indexOf(priority) }),
    };
    const { jobId } = await ask(this.#session, "job.create", params, options);
    return this.job(jobId ?? "");
  }

  /**
   * A handle on a job, without asking the service whether there is one.
   *
   * @param id - The job's id: a GUID, with or without braces.
   * @throws TypeError for a text that is no GUID.
   */
  job(id: string): BackgroundCopyJob {
    return new BackgroundCopyJob(this.#session, checkJobId(this.#session.language, id));
  }

  /**
   * A job that the service knows.
   *
   * Windows 10, version 1709; page: IBackgroundCopyManager::GetJob.
   *
   * @param id - The job's id: a GUID, with or without braces.
   * @throws {@link BackgroundCopyError} `DO_E_JOB_NOT_FOUND` or `BG_E_NOT_FOUND` where the service knows no such job,
   *   `E_ACCESSDENIED` for a job of somebody else.
   */
  async getJob(id: string, options: CallOptions = {}): Promise<BackgroundCopyJob> {
    const job = this.job(id);
    await job.getState(options);
    return job;
  }

  /**
   * A job, or `undefined` where the service knows no such job.
   *
   * Windows 10, version 1709; page: IBackgroundCopyManager::GetJob.
   *
   * @param id - The job's id: a GUID, with or without braces.
   */
  async findJob(id: string, options: CallOptions = {}): Promise<BackgroundCopyJob | undefined> {
    try {
      return await this.getJob(id, options);
    } catch (error) {
      if (error instanceof BackgroundCopyError && NOT_FOUND.includes(error.code)) {
        return undefined;
      }
      throw error;
    }
  }

  /**
   * Cancels many jobs. Each gets an outcome of its own: a job that can't be canceled is not the end of the others.
   *
   * Windows 10, version 1709; page: IBackgroundCopyJob::Cancel.
   *
   * @param ids - The jobs' ids. A job that is named twice is canceled once.
   * @returns An outcome for each id, in the order given.
   * @throws TypeError for a text that is no GUID, naming its index; nothing is sent then.
   */
  async cancelJobs(ids: Iterable<string>, options: CancelJobsOptions = {}): Promise<CancelOutcome[]> {
    const { language } = this.#session;
    const all = Array.from(ids, (id, index) => checkJobId(language, id, index));
    const outcomes = await cancelItems(this.#session, [...new Set(all)], options);
    const byId = new Map(outcomes.map((outcome) => [outcome.jobId, outcome]));
    return all.map((id) => byId.get(id) as CancelOutcome);
  }

  /** Ends PowerShell, or the embedded service and its jobs. Safe to call more than once. */
  async close(): Promise<void> {
    await this.#session.port.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
