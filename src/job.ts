import { addFile, type AddFileOptions } from "./calls/add-file.js";
import { askJob } from "./calls/ask.js";
import { callOne, CANCEL, COMPLETE, RESUME, SUSPEND } from "./calls/bulk.js";
import { removeCredentials, setCredentials, type JobCredentials } from "./calls/credentials.js";
import { demand, demandSettable } from "./calls/demand.js";
import {
  describeJob,
  readDescription,
  readStatus,
  type JobDescription,
  type JobFile,
  type JobStatus,
} from "./calls/description.js";
import type { JobError } from "./calls/job-error.js";
import { choice } from "./calls/kinds.js";
import type { CancelResult, JobResult, VerbResult } from "./calls/results.js";
import type { CallOptions, Session } from "./calls/session.js";
import { writeSettings } from "./calls/settings.js";
import { waitForJob, watchJob, type WatchOptions } from "./calls/watch.js";
import { JOB_STATE, type JobState } from "./model/job.js";
import type { AuthScheme, AuthTarget } from "./model/setting-values.js";
import type { JobSettings } from "./model/settings.js";
import { badArgument, checkString } from "./words/arguments.js";

/**
 * A job in the transfer queue, identified by its ID. The object doesn't cache anything: every method sends a request to the service.
 *
 * The methods correspond to those of IBackgroundCopyJob in
 * [Microsoft's documentation](https://learn.microsoft.com/windows/win32/delivery_optimization/ibackgroundcopyjob-).
 *
 * All methods reject with a {@link BackgroundCopyError} if the service refuses the request, and with a {@link BridgeError} if PowerShell
 * or the service can't be used or doesn't support the operation (`UNSUPPORTED`, see {@link BackgroundCopyManager.capabilities}). An
 * invalid argument rejects with a TypeError, and an aborted call rejects with the reason of the signal. `DO_E_JOB_NOT_FOUND` or
 * `BG_E_NOT_FOUND` means that the service doesn't know the job. `E_ACCESSDENIED` means that the job belongs to another owner.
 *
 * @example
 * ```ts
 * import { BackgroundCopyManager } from "background-copy";
 *
 * await using manager = await BackgroundCopyManager.connect({ service: "bits" });
 *
 * const job = await manager.createJob("update");
 * await job.addFile("https://example.com/update.bin", "C:\\Downloads\\update.bin");
 * await job.resume();
 *
 * const { state } = await job.waitFor("BG_JOB_STATE_TRANSFERRED");
 * if (state === "BG_JOB_STATE_TRANSFERRED") {
 *   await job.complete();
 * }
 * ```
 */
export class BackgroundCopyJob {
  /** The job ID, a GUID in lowercase. */
  readonly id: string;
  readonly #session: Session;

  /** @internal */
  constructor(session: Session, id: string) {
    this.#session = session;
    this.id = id;
  }

  /**
   * Adds a file to the job.
   *
   * Requires Windows 10, version 1709, or later. Documented methods: IBackgroundCopyJob::AddFile,
   * IBackgroundCopyJob3::AddFileWithRanges, and others for Delivery Optimization. The result contains the method that ran.
   *
   * @param remoteUrl - The URL of the file on the server, with `http:` or `https:`.
   * @param localName - The absolute path of the file after the job is completed.
   * @param options - The parts of the file, if not the whole file.
   * @returns The result, with the service's code.
   * @throws {@link BackgroundCopyError} `E_INVALIDARG` if the URL or the path isn't valid, `E_ACCESSDENIED` if the caller has no write
   *   access to the path, `DO_E_INVALID_STATE` or `BG_E_INVALID_STATE` if the job is already canceled or completed, `E_NOTIMPL` for a
   *   second file if {@link Capabilities.multipleFiles} is `false`, or `BG_E_INVALID_RANGE`, `BG_E_OVERLAPPING_RANGES`,
   *   `DO_E_INVALID_RANGE`, or `DO_E_OVERLAPPING_RANGES` if the parts aren't valid.
   * @throws {@link BridgeError} `UNSUPPORTED` if parts are specified and {@link Capabilities.fileRanges} is `false`.
   */
  async addFile(remoteUrl: string, localName: string, options: AddFileOptions = {}): Promise<JobResult> {
    return addFile(this.#session, this.id, remoteUrl, localName, options);
  }

  /**
   * Adds the job to the transfer queue, which starts a new job or resumes a suspended or failed one. New jobs are suspended.
   *
   * Requires Windows 10, version 1709, or later. Documented method: IBackgroundCopyJob::Resume.
   *
   * @returns The result, with the service's code.
   * @throws {@link BackgroundCopyError} `DO_E_JOB_EMPTY` or `BG_E_EMPTY` if the job contains no files, `DO_E_INVALID_STATE` or
   *   `BG_E_INVALID_STATE` if the job is already canceled or completed.
   */
  async resume(options: CallOptions = {}): Promise<VerbResult> {
    return callOne(this.#session, RESUME, this.id, options);
  }

  /**
   * Suspends the job. The transfer stops, and the data received so far is kept until the job is resumed. For new jobs, failed jobs, and
   * transferred jobs, which don't transfer anything, the call changes nothing.
   *
   * Requires Windows 10, version 1709, or later. Documented method: IBackgroundCopyJob::Suspend.
   *
   * @returns The result, with the service's code.
   * @throws {@link BackgroundCopyError} `DO_E_INVALID_STATE` or `BG_E_INVALID_STATE` if the job is already canceled or completed.
   */
  async suspend(options: CallOptions = {}): Promise<VerbResult> {
    return callOne(this.#session, SUSPEND, this.id, options);
  }

  /**
   * Completes the job and saves its files under their local names. If a download isn't fully transferred, only complete files are saved,
   * and the other files are deleted. Check the state first.
   *
   * Moving files can take a long time, so there is no time-out unless `timeoutInMs` specifies one.
   *
   * Requires Windows 10, version 1709, or later. Documented method: IBackgroundCopyJob::Complete.
   *
   * @returns The result. A success code other than S_OK is a result with a warning. BITS returns `BG_S_PARTIAL_COMPLETE` if only some of
   *   the files were saved, and `BG_S_UNABLE_TO_DELETE_FILES` if `leftoverFiles` remain on the disk. For Delivery Optimization, only S_OK
   *   is documented.
   * @throws {@link BackgroundCopyError} `DO_E_INVALID_STATE` or `BG_E_INVALID_STATE` if the job is already canceled or completed, or the
   *   code of the error that prevented a file from getting its local name.
   */
  async complete(options: CallOptions = {}): Promise<VerbResult> {
    return callOne(this.#session, COMPLETE, this.id, options);
  }

  /**
   * Cancels the job: removes it from the transfer queue and deletes its temporary files, on the client (downloads) or the server
   * (uploads). A canceled job can't be recovered.
   *
   * Requires Windows 10, version 1709, or later. Documented method: IBackgroundCopyJob::Cancel
   * ([Microsoft's documentation](https://learn.microsoft.com/windows/win32/delivery_optimization/ibackgroundcopyjob-cancel)).
   *
   * @returns The result. A success code other than S_OK is a result with a warning. With `BG_S_UNABLE_TO_DELETE_FILES`, `leftoverFiles`
   *   contains the files that remain on the disk. If the job had failed, `jobError` contains the reason.
   * @throws {@link BackgroundCopyError} `DO_E_INVALID_STATE` (Delivery Optimization) or `BG_E_INVALID_STATE` (BITS) if the state of the
   *   job is BG_JOB_STATE_CANCELLED or BG_JOB_STATE_ACKNOWLEDGED, `DO_E_JOB_NOT_FOUND` or `BG_E_NOT_FOUND` if the service doesn't know
   *   the job.
   *
   * @example
   * ```ts
   * const unwanted = await manager.createJob("unwanted");
   * const result = await unwanted.cancel();
   * console.log(result.code); // S_OK
   * console.log(result.stateAfter); // BG_JOB_STATE_CANCELLED
   * ```
   */
  async cancel(options: CallOptions = {}): Promise<CancelResult> {
    return callOne(this.#session, CANCEL, this.id, options);
  }

  /**
   * Gets all properties of the job in one round trip. {@link Capabilities.readableProperties} lists the supported properties.
   *
   * Requires Windows 10, version 1709, or later. Documented interface: IBackgroundCopyJob.
   */
  async describe(options: CallOptions = {}): Promise<JobDescription> {
    const job = await describeJob(this.#session, this.id, "all", options);
    return readDescription(this.#session.language, this.id, job);
  }

  /**
   * Gets the state of the job.
   *
   * Requires Windows 10, version 1709, or later. Documented method: IBackgroundCopyJob::GetState.
   */
  async getState(options: CallOptions = {}): Promise<JobState> {
    const { state } = await describeJob(this.#session, this.id, "progress", options);
    return JOB_STATE.toName(state);
  }

  /**
   * Gets the reason why the job failed, or `undefined` if its state is neither BG_JOB_STATE_ERROR nor BG_JOB_STATE_TRANSIENT_ERROR.
   *
   * Requires Windows 10, version 1709, or later. Documented method: IBackgroundCopyJob::GetError.
   *
   * @example
   * ```ts
   * for (const { jobId } of await manager.listJobs({ state: "BG_JOB_STATE_ERROR" })) {
   *   const failure = await manager.job(jobId).getError();
   *   console.log(failure?.code, failure?.message, failure?.advice);
   * }
   * ```
   */
  async getError(options: CallOptions = {}): Promise<JobError | undefined> {
    const job = await describeJob(this.#session, this.id, "progress", options);
    return readStatus(this.#session.language, this.id, job).error;
  }

  /**
   * Gets the files of the job, with the progress of each file.
   *
   * Requires Windows 10, version 1709, or later. Documented method: IBackgroundCopyJob::EnumFiles.
   */
  async listFiles(options: CallOptions = {}): Promise<readonly JobFile[]> {
    const { files = [] } = await this.describe(options);
    return files;
  }

  /**
   * Sets properties of the job, in the order of {@link JobSettings}. The call stops at the first property that the service refuses to
   * set. The properties before it remain set.
   *
   * Requires Windows 10, version 1709, or later for IBackgroundCopyJob. The description of each setting contains its method.
   *
   * @param settings - The settings to change. Missing and `undefined` settings remain unchanged.
   * @returns The result of the last method called, or of the first method that succeeded with a warning: `BG_S_PROXY_CHANGED`,
   *   `BG_S_OVERRIDDEN_BY_POLICY`.
   * @throws {@link BackgroundCopyError} with the refused setting in `property`: `DO_E_INVALID_STATE` or `BG_E_INVALID_STATE` if the job
   *   is already canceled or completed, or `E_INVALIDARG`, `BG_E_STRING_TOO_LONG`, and others if the value isn't valid.
   * @throws {@link BridgeError} `UNSUPPORTED` for a setting that isn't in {@link Capabilities.settableProperties}. In this case, nothing
   *   is set.
   *
   * @example
   * ```ts
   * const nightly = await manager.createJob("nightly");
   * await nightly.set({ priority: "BG_JOB_PRIORITY_LOW", description: "Nightly update" });
   * ```
   */
  async set(settings: JobSettings, options: CallOptions = {}): Promise<JobResult> {
    const { language } = this.#session;
    const wire = writeSettings(language, settings);
    if (Object.keys(wire).length === 0) {
      throw badArgument(language, "settings");
    }
    demandSettable(this.#session, wire);
    return askJob(this.#session, "job.set", { jobId: this.id, settings: wire }, options);
  }

  /**
   * Sets the credentials of the job for a server or a proxy. They replace existing credentials for the same target and scheme. The
   * package doesn't store them, and they can't be read back.
   *
   * Requires BITS, Windows XP or later. Documented method: IBackgroundCopyJob2::SetCredentials.
   *
   * @throws {@link BackgroundCopyError} `BG_E_INVALID_AUTH_TARGET`, `BG_E_INVALID_AUTH_SCHEME`, `BG_E_USERNAME_TOO_LARGE`, or
   *   `BG_E_PASSWORD_TOO_LARGE` if the corresponding value isn't valid.
   * @throws {@link BridgeError} `UNSUPPORTED` if {@link Capabilities.credentials} is `false`.
   */
  async setCredentials(credentials: JobCredentials, options: CallOptions = {}): Promise<JobResult> {
    return setCredentials(this.#session, this.id, credentials, options);
  }

  /**
   * Removes credentials from the job.
   *
   * Requires BITS, Windows XP or later. Documented method: IBackgroundCopyJob2::RemoveCredentials.
   *
   * @returns The result. The code is `S_FALSE` if the job has no credentials for this target and scheme.
   * @throws {@link BridgeError} `UNSUPPORTED` if {@link Capabilities.credentials} is `false`.
   */
  async removeCredentials(target: AuthTarget, scheme: AuthScheme, options: CallOptions = {}): Promise<JobResult> {
    return removeCredentials(this.#session, this.id, target, scheme, options);
  }

  /**
   * Makes the caller the owner of the job. After a change of owner, some temporary files might never be deleted.
   *
   * Requires BITS, Windows XP or later. Documented method: IBackgroundCopyJob::TakeOwnership.
   *
   * @throws {@link BackgroundCopyError} `E_ACCESSDENIED` if the caller isn't an administrator, `BG_E_NEW_OWNER_NO_FILE_ACCESS` or
   *   `BG_E_NEW_OWNER_DIFF_MAPPING` if the caller has no access to the files of the job.
   * @throws {@link BridgeError} `UNSUPPORTED` if {@link Capabilities.takeOwnership} is `false`.
   */
  async takeOwnership(options: CallOptions = {}): Promise<JobResult> {
    demand(this.#session, "takeOwnership");
    return askJob(this.#session, "job.takeOwnership", { jobId: this.id }, options);
  }

  /**
   * Replaces the beginning of the file URLs, for example because the server has moved.
   *
   * Requires BITS, Windows Vista or later. Documented method: IBackgroundCopyJob3::ReplaceRemotePrefix.
   *
   * @param oldPrefix - The beginning of the URLs to change. Case-sensitive.
   * @param newPrefix - The new beginning.
   * @returns The result. The code is `S_FALSE` if no URL starts with the old prefix.
   * @throws {@link BridgeError} `UNSUPPORTED` if {@link Capabilities.replaceRemotePrefix} is `false`.
   */
  async replaceRemotePrefix(oldPrefix: string, newPrefix: string, options: CallOptions = {}): Promise<JobResult> {
    const { language } = this.#session;
    const params = {
      jobId: this.id,
      oldPrefix: checkString(language, "oldPrefix", oldPrefix),
      newPrefix: checkString(language, "newPrefix", newPrefix),
    };
    demand(this.#session, "replaceRemotePrefix");
    return askJob(this.#session, "job.replaceRemotePrefix", params, options);
  }

  /**
   * Watches the job. Returns its status immediately, and then at each change. The watch ends after BG_JOB_STATE_TRANSFERRED,
   * BG_JOB_STATE_ERROR, BG_JOB_STATE_ACKNOWLEDGED, or BG_JOB_STATE_CANCELLED, or when the service no longer knows the job.
   *
   * The manager sends one request per interval for all jobs that are watched at the same interval. It sends no request while no caller is
   * waiting for the next status. Ending the watch doesn't affect the job.
   *
   * Requires Windows 10, version 1709, or later. Documented methods: IBackgroundCopyJob::GetState, IBackgroundCopyJob::GetProgress, and
   * IBackgroundCopyJob::GetError.
   *
   * @throws TypeError immediately if an option isn't valid. The iteration throws all other errors.
   *
   * @example
   * ```ts
   * import { BackgroundCopyManager } from "background-copy";
   *
   * await using manager = await BackgroundCopyManager.connect({ service: "bits" });
   * const job = await manager.createJob("update", {
   *   files: [{ remoteUrl: "https://example.com/update.bin", localName: "C:\\Downloads\\update.bin" }],
   * });
   * await job.resume();
   *
   * for await (const { state, progress } of job.watch({ intervalInMs: 500 })) {
   *   console.log(state, progress.bytesTransferred, progress.bytesTotal);
   * }
   * ```
   */
  watch(options: WatchOptions = {}): AsyncIterableIterator<JobStatus> {
    return watchJob(this.#session, this.id, options);
  }

  /**
   * Waits until the job is in the given state, or in one of several. As with {@link BackgroundCopyJob.watch}, the wait also ends in a
   * state that doesn't change without intervention. Check the returned state.
   *
   * Requires Windows 10, version 1709, or later. Documented method: IBackgroundCopyJob::GetState.
   *
   * @returns The status of the job at the end of the wait.
   * @throws {@link BackgroundCopyError} `DO_E_JOB_NOT_FOUND` or `BG_E_NOT_FOUND` if the job no longer exists before that.
   */
  async waitFor(state: JobState | readonly JobState[], options: WatchOptions = {}): Promise<JobStatus> {
    const states = [state].flat();
    for (const one of states) {
      choice(JOB_STATE).write(one, "state", this.#session.language);
    }
    return waitForJob(this.#session, this.id, states, options);
  }
}
