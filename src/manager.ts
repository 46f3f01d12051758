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
import type { Wording } from "./words/messages.js";

/** The option that makes a call for many jobs return the affected jobs instead of changing them. */
export interface WhatIf {
  readonly whatIf: true;
}

/**
 * The connection to a service that manages background transfer jobs. The methods correspond to those of IBackgroundCopyManager in
 * [Microsoft's documentation](https://learn.microsoft.com/windows/win32/delivery_optimization/ibackgroundcopymanager).
 *
 * @example
 * ```ts
 * import { BackgroundCopyManager } from "background-copy";
 *
 * await using manager = await BackgroundCopyManager.connect({ service: "embedded", locale: "en" });
 * const job = await manager.createJob("an example");
 * const { message } = await job.cancel();
 * console.log(message); // Job was successfully canceled.
 * ```
 */
export class BackgroundCopyManager {
  readonly #session: Session;

  /** @internal */
  constructor(session: Session) {
    this.#session = session;
  }

  /**
   * Connects to a service: starts Windows PowerShell with the bundled module and activates the COM class of the service.
   *
   * Delivery Optimization and BITS require Windows 10, version 1709, or later; `embedded` runs on every system. While no call is in
   * progress, the manager doesn't keep Node alive.
   *
   * @param options - The service, the language, and the PowerShell to use.
   * @throws {@link BridgeError} if PowerShell or the service can't be used. The code is `UNSUPPORTED` if no service is specified on a
   *   system other than Windows.
   */
  static async connect(options: ConnectOptions = {}): Promise<BackgroundCopyManager> {
    return new BackgroundCopyManager(await openSession(options));
  }

  /** The service that manages the jobs. */
  get service(): ServiceName {
    return this.#session.service;
  }

  /** The operations that the connected service supports according to Microsoft's documentation. */
  get capabilities(): Capabilities {
    return sessionCapabilities(this.#session);
  }

  /** The language of the messages. */
  get locale(): string {
    return this.#session.language.locale;
  }

  /** The wording of the messages that quote Microsoft's documentation. */
  get wording(): Wording {
    return this.#session.language.wording;
  }

  /**
   * Creates a job, sets its properties, and adds its files, in one round trip. The new job is suspended; call
   * {@link BackgroundCopyJob.resume} to start it. If the service refuses any part, no job is created.
   *
   * Requires Windows 10, version 1709, or later. Documented methods: IBackgroundCopyManager::CreateJob and the methods of the given
   * settings and files.
   *
   * @param displayName - The display name of the job, up to 256 characters. It doesn't have to be unique.
   * @param options - The type, the files, and the settings of the job.
   * @throws {@link BackgroundCopyError} with the refused method in `method`: `E_INVALIDARG` if a name, a URL, or a path isn't valid,
   *   `BG_E_TOO_MANY_JOBS_PER_USER` or `BG_E_TOO_MANY_JOBS_PER_MACHINE` if a limit of Group Policy is reached. `property` is the refused
   *   setting, if any.
   * @throws {@link BridgeError} `UNSUPPORTED` if the service doesn't support the type, a setting, or a file. See
   *   {@link BackgroundCopyManager.capabilities}.
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
   * Returns an object for a job without checking that the job exists.
   *
   * @param id - The job ID: a GUID, with or without braces.
   * @throws TypeError if the ID isn't a GUID.
   */
  job(id: string): BackgroundCopyJob {
    return new BackgroundCopyJob(this.#session, checkJobId(this.#session.language, id));
  }

  /**
   * Gets an existing job.
   *
   * Requires Windows 10, version 1709, or later. Documented method: IBackgroundCopyManager::GetJob.
   *
   * @param id - The job ID: a GUID, with or without braces.
   * @throws {@link BackgroundCopyError} `DO_E_JOB_NOT_FOUND` or `BG_E_NOT_FOUND` if the service doesn't know the job, `E_ACCESSDENIED` if
   *   it belongs to another owner.
   */
  async getJob(id: string, options: CallOptions = {}): Promise<BackgroundCopyJob> {
    const job = this.job(id);
    await job.getState(options);
    return job;
  }

  /**
   * Gets a job, or `undefined` if the service doesn't know the job.
   *
   * Requires Windows 10, version 1709, or later. Documented method: IBackgroundCopyManager::GetJob.
   *
   * @param id - The job ID: a GUID, with or without braces.
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
   * Lists the jobs that meet all the conditions of the filter. Without a filter, lists all jobs of the caller. The list doesn't include
   * canceled and completed jobs.
   *
   * Requires BITS, Windows XP or later. Documented methods: IBackgroundCopyManager::EnumJobs and IDOManager::EnumDownloads. For Delivery
   * Optimization, IBackgroundCopyManager has no documented method to list jobs.
   *
   * @throws {@link BackgroundCopyError} `E_ACCESSDENIED` for the jobs of all users if the caller isn't an administrator, or the code with
   *   which the service refuses to describe a job, because the list would be incomplete without that job. A job that is canceled or
   *   completed in the meantime is omitted.
   * @throws {@link BridgeError} `UNSUPPORTED` if {@link Capabilities.listJobs} is `false` or the service doesn't return the properties
   *   that the filter needs.
   * @throws TypeError if the filter isn't valid.
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
   * Returns the jobs that would be canceled, and changes nothing. See the other signature.
   *
   * @returns For each job, its current description, or the reason why it isn't available.
   */
  cancelJobs(target: JobTarget, options: BulkOptions<CancelResult> & WhatIf): Promise<JobPlan[]>;
  /**
   * Cancels many jobs. Each job has its own outcome: if the service refuses to cancel a job, the other jobs are still canceled.
   *
   * Requires Windows 10, version 1709, or later. Documented method: IBackgroundCopyJob::Cancel
   * ([Microsoft's documentation](https://learn.microsoft.com/windows/win32/delivery_optimization/ibackgroundcopyjob-cancel)).
   *
   * @param target - The job IDs, or a filter with at least one condition: `{ displayName: "*" }` selects every job that has a name. A job
   *   that is specified twice is canceled once.
   * @param options - `onProgress` is called after each group of jobs. With `whatIf`, the call only returns the jobs that would be
   *   canceled.
   * @returns An outcome for each ID, in the given order. With a filter, the order is that of the service's list. If the service refuses
   *   to describe a job, it's unknown whether the filter selects it: the job isn't changed, and its outcome contains the error.
   * @throws TypeError if an ID isn't a GUID (the message contains its index), if the filter has no condition, or if an option is unknown.
   *   In this case, nothing is sent.
   * @throws {@link BridgeError} `UNSUPPORTED` for a filter, if {@link BackgroundCopyManager.listJobs} isn't supported.
   *
   * @example
   * ```ts
   * const failed = { state: "BG_JOB_STATE_ERROR" } as const;
   * for (const plan of await manager.cancelJobs(failed, { whatIf: true })) {
   *   console.log(plan.jobId, plan.ok && plan.job.displayName);
   * }
   * for (const outcome of await manager.cancelJobs(failed)) {
   *   console.log(outcome.jobId, outcome.ok ? outcome.result.message : outcome.error.message);
   * }
   * ```
   */
  cancelJobs(
    target: JobTarget,
    options?: BulkOptions<CancelResult> & { whatIf?: false | undefined },
  ): Promise<CancelOutcome[]>;
  /** Depending on `whatIf`, cancels the jobs, or returns the jobs that would be canceled. See the other signatures. */
  cancelJobs(target: JobTarget, options: BulkOptions<CancelResult>): Promise<CancelOutcome[] | JobPlan[]>;
  cancelJobs(target: JobTarget, options: BulkOptions<CancelResult> = {}): Promise<CancelOutcome[] | JobPlan[]> {
    return this.#each(CANCEL, target, options);
  }

  /**
   * Returns the jobs that would be suspended, and changes nothing. See {@link BackgroundCopyManager.cancelJobs}.
   *
   * @returns For each job, its current description, or the reason why it isn't available.
   */
  suspendJobs(target: JobTarget, options: BulkOptions & WhatIf): Promise<JobPlan[]>;
  /**
   * Suspends many jobs. See {@link BackgroundCopyManager.cancelJobs} for the parameters and {@link BackgroundCopyJob.suspend} for the
   * effect.
   *
   * Requires Windows 10, version 1709, or later. Documented method: IBackgroundCopyJob::Suspend.
   */
  suspendJobs(target: JobTarget, options?: BulkOptions & { whatIf?: false | undefined }): Promise<JobOutcome[]>;
  /** Depending on `whatIf`, suspends the jobs, or returns the jobs that would be suspended. See the other signatures. */
  suspendJobs(target: JobTarget, options: BulkOptions): Promise<JobOutcome[] | JobPlan[]>;
  suspendJobs(target: JobTarget, options: BulkOptions = {}): Promise<JobOutcome[] | JobPlan[]> {
    return this.#each(SUSPEND, target, options);
  }

  /**
   * Returns the jobs that would be resumed, and changes nothing. See {@link BackgroundCopyManager.cancelJobs}.
   *
   * @returns For each job, its current description, or the reason why it isn't available.
   */
  resumeJobs(target: JobTarget, options: BulkOptions & WhatIf): Promise<JobPlan[]>;
  /**
   * Resumes many jobs. See {@link BackgroundCopyManager.cancelJobs} for the parameters and {@link BackgroundCopyJob.resume} for the
   * effect.
   *
   * Requires Windows 10, version 1709, or later. Documented method: IBackgroundCopyJob::Resume.
   */
  resumeJobs(target: JobTarget, options?: BulkOptions & { whatIf?: false | undefined }): Promise<JobOutcome[]>;
  /** Depending on `whatIf`, resumes the jobs, or returns the jobs that would be resumed. See the other signatures. */
  resumeJobs(target: JobTarget, options: BulkOptions): Promise<JobOutcome[] | JobPlan[]>;
  resumeJobs(target: JobTarget, options: BulkOptions = {}): Promise<JobOutcome[] | JobPlan[]> {
    return this.#each(RESUME, target, options);
  }

  /**
   * Returns the jobs that would be completed, and changes nothing. See {@link BackgroundCopyManager.cancelJobs}.
   *
   * @returns For each job, its current description, or the reason why it isn't available.
   */
  completeJobs(target: JobTarget, options: BulkOptions & WhatIf): Promise<JobPlan[]>;
  /**
   * Completes many jobs. See {@link BackgroundCopyManager.cancelJobs} for the parameters and {@link BackgroundCopyJob.complete} for the
   * effect. A filter should include `state: "BG_JOB_STATE_TRANSFERRED"`, because completing a job in another state deletes its incomplete
   * files.
   *
   * Requires Windows 10, version 1709, or later. Documented method: IBackgroundCopyJob::Complete.
   */
  completeJobs(target: JobTarget, options?: BulkOptions & { whatIf?: false | undefined }): Promise<JobOutcome[]>;
  /** Depending on `whatIf`, completes the jobs, or returns the jobs that would be completed. See the other signatures. */
  completeJobs(target: JobTarget, options: BulkOptions): Promise<JobOutcome[] | JobPlan[]>;
  completeJobs(target: JobTarget, options: BulkOptions = {}): Promise<JobOutcome[] | JobPlan[]> {
    return this.#each(COMPLETE, target, options);
  }

  /** Ends PowerShell, or the embedded service and its jobs. You can call this method more than once. */
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
