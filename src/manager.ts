import {
  callVerb,
  CANCEL,
  COMPLETE,
  plan,
  RESUME,
  SUSPEND,
  type BulkOptions,
  type CancelOutcome,
  type JobOutcome,
  type JobPlan,
  type JobTarget,
  type Verb,
} from "./calls/bulk.js";
import { createJob, type CreateJobOptions } from "./calls/create.js";
import { sessionCapabilities } from "./calls/demand.js";
import type { JobSummary } from "./calls/description.js";
import { checkFilter, type JobFilter } from "./calls/filter.js";
import { listJobs } from "./calls/list.js";
import type { CancelResult, VerbResult } from "./calls/results.js";
import type { CallOptions, Session } from "./calls/session.js";
import { openSession, type ConnectOptions } from "./connect.js";
import { BackgroundCopyJob } from "./job.js";
import type { ServiceName } from "./model/services.js";
import type { Capabilities } from "./port/capabilities.js";
import { optionsOf, checkBoolean, checkFunction, checkJobId } from "./words/arguments.js";
import { isNotFound } from "./words/errors.js";
import type { Locale } from "./words/locale.js";
import type { Wording } from "./words/messages.js";

/** What makes a call with many jobs say what would be done, instead of doing it. */
export interface WhatIf {
  readonly whatIf: true;
}

/**
 * The way to a service that holds background transfer jobs.
 *
 * @example
 * ```ts
 * import { BackgroundCopyManager } from "background-copy";
 *
 * await using manager = await BackgroundCopyManager.connect({ service: "embedded", locale: "fr" });
 * const job = await manager.createJob("an example");
 * const { message } = await job.cancel();
 * console.log(message); // La tâche a été annulée avec succès.
 * ```
 */
export class BackgroundCopyManager {
  readonly #session: Session;

  /** @internal */
  constructor(session: Session) {
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
    return sessionCapabilities(this.#session);
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
   * Creates a job, sets its properties and adds its files, in one round trip. It is suspended: resume it. Where anything is refused,
   * there is no job.
   *
   * Windows 10, version 1709; pages: IBackgroundCopyManager::CreateJob, and those of what is set and added.
   *
   * @param displayName - The job's name for people, at most 256 characters. It need not be unique.
   * @param options - The job's type, its files and its settings.
   * @throws {@link BackgroundCopyError} whose `method` says what was refused: `E_INVALIDARG` for a name, an address or a path that the
   *   service does not take, `BG_E_TOO_MANY_JOBS_PER_USER` and `BG_E_TOO_MANY_JOBS_PER_MACHINE` beyond the limits of group policy;
   *   `property` is the setting that was refused, if it was one.
   * @throws {@link BridgeError} `UNSUPPORTED` for what the service does not document: {@link BackgroundCopyManager.capabilities}.
   *
   * @example
   * ```ts
   * const update = await manager.createJob("update", {
   *   priority: "BG_JOB_PRIORITY_FOREGROUND",
   *   files: [{ remoteUrl: "https://example.com/update.bin", localName: "C:\\Downloads\\update.bin" }],
   * });
   * await update.resume();
   * ```
   */
  async createJob(displayName: string, options: CreateJobOptions = {}): Promise<BackgroundCopyJob> {
    return this.job(await createJob(this.#session, displayName, options));
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
      if (isNotFound(error)) {
        return undefined;
      }
      throw error;
    }
  }

  /**
   * The jobs of the service that meet every condition of the filter: without one the caller's own, all of them. Canceled and completed
   * jobs are not in the list.
   *
   * BITS, Windows XP; pages: IBackgroundCopyManager::EnumJobs, IDOManager::EnumDownloads. Delivery Optimization documents no list by
   * IBackgroundCopyManager.
   *
   * @throws {@link BackgroundCopyError} `E_ACCESSDENIED` for the jobs of all users, where the caller is no administrator; or the code
   *   with which the service refuses to describe one of its jobs, because a list without that job would not be all of them. A job that
   *   ends meanwhile is left out.
   * @throws {@link BridgeError} `UNSUPPORTED` where {@link Capabilities.listJobs} is false, or the service can't tell what the filter
   *   asks.
   * @throws TypeError for what is no filter.
   *
   * @example
   * ```ts
   * const day = 24 * 60 * 60 * 1000;
   * const stale = await manager.listJobs({ displayName: "update*", createdBefore: new Date(Date.now() - day) });
   * ```
   */
  async listJobs(filter: JobFilter = {}, options: CallOptions = {}): Promise<JobSummary[]> {
    return listJobs(this.#session, checkFilter(this.#session, filter), options);
  }

  /**
   * Says which jobs would be canceled; nothing is done. See the other signature.
   *
   * @returns For each job as it is now, or why it can't be had.
   */
  cancelJobs(target: JobTarget, options: BulkOptions<CancelResult> & WhatIf): Promise<JobPlan[]>;
  /**
   * Cancels many jobs. Each gets an outcome of its own: a job that can't be canceled is not the end of the others.
   *
   * Windows 10, version 1709; page: IBackgroundCopyJob::Cancel.
   *
   * @param target - The jobs' ids, or a filter with at least one condition: `{ displayName: "*" }` is every job that has a name. A job
   *   that is named twice is canceled once.
   * @param options - `onProgress` is called after each group of jobs; `whatIf` only says what would be done.
   * @returns An outcome for each id, in the order given; for a filter, in the order of the service's list. A job that the service
   *   refuses to describe may be meant by the filter or not: nothing is done to it, and its outcome has the error.
   * @throws TypeError for a text that is no GUID, naming its index, for a filter without a condition, and for an option that there is
   *   none of; nothing is sent then.
   * @throws {@link BridgeError} `UNSUPPORTED` for a filter, where {@link BackgroundCopyManager.listJobs} can't be had.
   */
  cancelJobs(target: JobTarget, options?: BulkOptions<CancelResult> & { whatIf?: false }): Promise<CancelOutcome[]>;
  cancelJobs(target: JobTarget, options: BulkOptions<CancelResult> = {}): Promise<CancelOutcome[] | JobPlan[]> {
    return this.#each(CANCEL, target, options);
  }

  /**
   * Says which jobs would be suspended; nothing is done. See {@link BackgroundCopyManager.cancelJobs}.
   *
   * @returns For each job as it is now, or why it can't be had.
   */
  suspendJobs(target: JobTarget, options: BulkOptions & WhatIf): Promise<JobPlan[]>;
  /**
   * Suspends many jobs; see {@link BackgroundCopyManager.cancelJobs} for what is meant, and {@link BackgroundCopyJob.suspend} for what
   * is done.
   *
   * Windows 10, version 1709; page: IBackgroundCopyJob::Suspend.
   */
  suspendJobs(target: JobTarget, options?: BulkOptions & { whatIf?: false }): Promise<JobOutcome[]>;
  suspendJobs(target: JobTarget, options: BulkOptions = {}): Promise<JobOutcome[] | JobPlan[]> {
    return this.#each(SUSPEND, target, options);
  }

  /**
   * Says which jobs would be resumed; nothing is done. See {@link BackgroundCopyManager.cancelJobs}.
   *
   * @returns For each job as it is now, or why it can't be had.
   */
  resumeJobs(target: JobTarget, options: BulkOptions & WhatIf): Promise<JobPlan[]>;
  /**
   * Resumes many jobs; see {@link BackgroundCopyManager.cancelJobs} for what is meant, and {@link BackgroundCopyJob.resume} for what is
   * done.
   *
   * Windows 10, version 1709; page: IBackgroundCopyJob::Resume.
   */
  resumeJobs(target: JobTarget, options?: BulkOptions & { whatIf?: false }): Promise<JobOutcome[]>;
  resumeJobs(target: JobTarget, options: BulkOptions = {}): Promise<JobOutcome[] | JobPlan[]> {
    return this.#each(RESUME, target, options);
  }

  /**
   * Says which jobs would be completed; nothing is done. See {@link BackgroundCopyManager.cancelJobs}.
   *
   * @returns For each job as it is now, or why it can't be had.
   */
  completeJobs(target: JobTarget, options: BulkOptions & WhatIf): Promise<JobPlan[]>;
  /**
   * Completes many jobs; see {@link BackgroundCopyManager.cancelJobs} for what is meant, and {@link BackgroundCopyJob.complete} for what
   * is done. A filter should say `state: "BG_JOB_STATE_TRANSFERRED"`: of other jobs, what has not arrived is deleted.
   *
   * Windows 10, version 1709; page: IBackgroundCopyJob::Complete.
   */
  completeJobs(target: JobTarget, options?: BulkOptions & { whatIf?: false }): Promise<JobOutcome[]>;
  completeJobs(target: JobTarget, options: BulkOptions = {}): Promise<JobOutcome[] | JobPlan[]> {
    return this.#each(COMPLETE, target, options);
  }

  /** Ends PowerShell, or the embedded service and its jobs. Safe to call more than once. */
  async close(): Promise<void> {
    await this.#session.port.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #each<R extends VerbResult>(
    verb: Verb<R>,
    target: JobTarget,
    options: BulkOptions<R>,
  ): Promise<JobOutcome<R>[] | JobPlan[]> {
    const session = this.#session;
    const { language } = session;
    const { whatIf = false, onProgress, ...others } = optionsOf(language, options);
    checkBoolean(language, "whatIf", whatIf);
    checkFunction(language, "onProgress", onProgress);
    return whatIf ? plan(session, target, others) : callVerb(session, verb, target, others, onProgress);
  }
}
