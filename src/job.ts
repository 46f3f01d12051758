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
 * A job in the transfer queue, addressed by its id. The handle holds nothing of the service: every method asks anew.
 *
 * All methods reject with a {@link BackgroundCopyError} when the service refuses, with a {@link BridgeError} when PowerShell or the
 * service could not be reached, or can't do what is asked (`UNSUPPORTED`, see {@link BackgroundCopyManager.capabilities}), with a
 * TypeError for a wrong argument, and with the signal's reason when they are aborted. `DO_E_JOB_NOT_FOUND` or `BG_E_NOT_FOUND` says
 * that the service knows no such job, `E_ACCESSDENIED` that it belongs to somebody else.
 */
export class BackgroundCopyJob {
  /** The job's id, a GUID in lower case. */
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
   * Windows 10, version 1709; pages: IBackgroundCopyJob::AddFile, IBackgroundCopyJob3::AddFileWithRanges. Delivery Optimization
   * documents other methods for it; the outcome names the one that ran.
   *
   * @param remoteUrl - The file's address on the server, `http:` or `https:`.
   * @param localName - The absolute path under which the file appears when the job is completed.
   * @param options - The parts of the file, where it is not all of it.
   * @returns The outcome, with the service's code.
   * @throws {@link BackgroundCopyError} `E_INVALIDARG` for an address or path that the service does not take, `E_ACCESSDENIED` where
   *   the caller may not write, `DO_E_INVALID_STATE` or `BG_E_INVALID_STATE` for a canceled or completed job, `E_NOTIMPL` for a second
   *   file where {@link Capabilities.multipleFiles} is false, `BG_E_INVALID_RANGE`, `BG_E_OVERLAPPING_RANGES`, `DO_E_INVALID_RANGE` or
   *   `DO_E_OVERLAPPING_RANGES` for parts that the service does not take.
   * @throws {@link BridgeError} `UNSUPPORTED` for parts where {@link Capabilities.fileRanges} is false.
   */
  async addFile(remoteUrl: string, localName: string, options: AddFileOptions = {}): Promise<JobResult> {
    return addFile(this.#session, this.id, remoteUrl, localName, options);
  }

  /**
   * Puts the job into the transfer queue, so that its files are transferred: new jobs are suspended.
   *
   * Windows 10, version 1709; page: IBackgroundCopyJob::Resume.
   *
   * @returns The outcome, with the service's code.
   * @throws {@link BackgroundCopyError} `DO_E_JOB_EMPTY` or `BG_E_EMPTY` for a job without files, `DO_E_INVALID_STATE` or
   *   `BG_E_INVALID_STATE` for a canceled or completed job.
   */
  async resume(options: CallOptions = {}): Promise<VerbResult> {
    return callOne(this.#session, RESUME, this.id, options);
  }

  /**
   * Suspends the job: its transfer stops, and what has arrived is kept until it is resumed. New jobs, jobs in error and jobs that have
   * been transferred are suspended already: for them nothing changes.
   *
   * Windows 10, version 1709; page: IBackgroundCopyJob::Suspend.
   *
   * @returns The outcome, with the service's code.
   * @throws {@link BackgroundCopyError} `DO_E_INVALID_STATE` or `BG_E_INVALID_STATE` for a canceled or completed job.
   */
  async suspend(options: CallOptions = {}): Promise<VerbResult> {
    return callOne(this.#session, SUSPEND, this.id, options);
  }

  /**
   * Ends the job and saves its files: they appear under their local names. Of a download that is not yet transferred only the files
   * that have arrived as a whole are saved, and the others are deleted: look at the state first.
   *
   * Moving files may take long, so there is no time-out unless `timeoutInMs` sets one.
   *
   * Windows 10, version 1709; page: IBackgroundCopyJob::Complete.
   *
   * @returns The outcome. A success other than S_OK is a result with a warning: on BITS `BG_S_PARTIAL_COMPLETE` where only some of the
   *   files were saved, and `BG_S_UNABLE_TO_DELETE_FILES` where `leftoverFiles` are still on the disk. Delivery Optimization documents
   *   S_OK alone.
   * @throws {@link BackgroundCopyError} `DO_E_INVALID_STATE` or `BG_E_INVALID_STATE` for a canceled or completed job; or the code of
   *   what kept a file from getting its local name.
   */
  async complete(options: CallOptions = {}): Promise<VerbResult> {
    return callOne(this.#session, COMPLETE, this.id, options);
  }

  /**
   * Removes the job from the transfer queue and deletes its temporary files, on the client (downloads) or the server (uploads).
   * A canceled job can't be recovered.
   *
   * Windows 10, version 1709; page: IBackgroundCopyJob::Cancel.
   *
   * @returns The outcome. A success other than S_OK is a result with a warning: with `BG_S_UNABLE_TO_DELETE_FILES`, `leftoverFiles` has
   *   what is still on the disk. For a job that was in error, `jobError` says why.
   * @throws {@link BackgroundCopyError} `DO_E_INVALID_STATE` (Delivery Optimization) or `BG_E_INVALID_STATE` (BITS) for a job whose
   *   state is BG_JOB_STATE_CANCELLED or BG_JOB_STATE_ACKNOWLEDGED; `DO_E_JOB_NOT_FOUND` or `BG_E_NOT_FOUND` where the service knows
   *   no such job.
   */
  async cancel(options: CallOptions = {}): Promise<CancelResult> {
    return callOne(this.#session, CANCEL, this.id, options);
  }

  /**
   * Everything that the service tells of the job, in one round trip. Which properties that are is in
   * {@link Capabilities.readableProperties}.
   *
   * Windows 10, version 1709; page: IBackgroundCopyJob.
   */
  async describe(options: CallOptions = {}): Promise<JobDescription> {
    const job = await describeJob(this.#session, this.id, "all", options);
    return readDescription(this.#session.language, this.id, job);
  }

  /**
   * The job's state.
   *
   * Windows 10, version 1709; page: IBackgroundCopyJob::GetState.
   */
  async getState(options: CallOptions = {}): Promise<JobState> {
    const { state } = await describeJob(this.#session, this.id, "progress", options);
    return JOB_STATE.toName(state);
  }

  /**
   * Why the job is in error; `undefined` where its state is neither BG_JOB_STATE_ERROR nor BG_JOB_STATE_TRANSIENT_ERROR.
   *
   * Windows 10, version 1709; page: IBackgroundCopyJob::GetError.
   */
  async getError(options: CallOptions = {}): Promise<JobError | undefined> {
    const job = await describeJob(this.#session, this.id, "progress", options);
    return readStatus(this.#session.language, this.id, job).error;
  }

  /**
   * The job's files, with the progress of each.
   *
   * Windows 10, version 1709; page: IBackgroundCopyJob::EnumFiles.
   */
  async listFiles(options: CallOptions = {}): Promise<readonly JobFile[]> {
    const { files = [] } = await this.describe(options);
    return files;
  }

  /**
   * Sets properties of the job, in the order of {@link JobSettings}. The first one that the service refuses ends it; those before it
   * are set.
   *
   * Windows 10, version 1709, for IBackgroundCopyJob; each setting names its method.
   *
   * @param settings - What is to be set. What is missing or `undefined` stays as it is.
   * @returns The outcome of the last method that was called, or of the first that succeeded with a warning: `BG_S_PROXY_CHANGED`,
   *   `BG_S_OVERRIDDEN_BY_POLICY`.
   * @throws {@link BackgroundCopyError} with `property`, the setting that was refused: `DO_E_INVALID_STATE` or `BG_E_INVALID_STATE` for
   *   a canceled or completed job, `E_INVALIDARG`, `BG_E_STRING_TOO_LONG` and others for a value that the service does not take.
   * @throws {@link BridgeError} `UNSUPPORTED` for a setting that is not in {@link Capabilities.settableProperties}; nothing is set then.
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
   * Gives the job credentials for a server or a proxy. They replace those for the same target and scheme. They are not kept here, and
   * can't be read back.
   *
   * BITS, Windows XP; page: IBackgroundCopyJob2::SetCredentials.
   *
   * @throws {@link BackgroundCopyError} `BG_E_INVALID_AUTH_TARGET`, `BG_E_INVALID_AUTH_SCHEME`, `BG_E_USERNAME_TOO_LARGE` or
   *   `BG_E_PASSWORD_TOO_LARGE` for what the service does not take.
   * @throws {@link BridgeError} `UNSUPPORTED` where {@link Capabilities.credentials} is false.
   */
  async setCredentials(credentials: JobCredentials, options: CallOptions = {}): Promise<JobResult> {
    return setCredentials(this.#session, this.id, credentials, options);
  }

  /**
   * Takes credentials from the job.
   *
   * BITS, Windows XP; page: IBackgroundCopyJob2::RemoveCredentials.
   *
   * @returns The outcome; `S_FALSE` where there were none for that target and scheme.
   * @throws {@link BridgeError} `UNSUPPORTED` where {@link Capabilities.credentials} is false.
   */
  async removeCredentials(target: AuthTarget, scheme: AuthScheme, options: CallOptions = {}): Promise<JobResult> {
    return removeCredentials(this.#session, this.id, target, scheme, options);
  }

  /**
   * Makes the caller the owner of the job. A job that changes its owner may leave temporary files behind that nobody deletes.
   *
   * BITS, Windows XP; page: IBackgroundCopyJob::TakeOwnership.
   *
   * @throws {@link BackgroundCopyError} `E_ACCESSDENIED` for a caller who is no administrator, `BG_E_NEW_OWNER_NO_FILE_ACCESS` and
   *   `BG_E_NEW_OWNER_DIFF_MAPPING` where the caller can't reach the job's files.
   * @throws {@link BridgeError} `UNSUPPORTED` where {@link Capabilities.takeOwnership} is false.
   */
  async takeOwnership(options: CallOptions = {}): Promise<JobResult> {
    demand(this.#session, "takeOwnership");
    return askJob(this.#session, "job.takeOwnership", { jobId: this.id }, options);
  }

  /**
   * Lets the addresses of the job's files begin otherwise, for example where the server has moved.
   *
   * BITS, Windows Vista; page: IBackgroundCopyJob3::ReplaceRemotePrefix.
   *
   * @param oldPrefix - How the addresses begin that are changed. Letter case counts.
   * @param newPrefix - How they begin afterwards.
   * @returns The outcome; `S_FALSE` where no address begins so.
   * @throws {@link BridgeError} `UNSUPPORTED` where {@link Capabilities.replaceRemotePrefix} is false.
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
   * Watches the job: its status at once, then at each change of its state, its progress or its error. The watch ends after
   * BG_JOB_STATE_TRANSFERRED, BG_JOB_STATE_ERROR, BG_JOB_STATE_ACKNOWLEDGED and BG_JOB_STATE_CANCELLED, and when the job is gone.
   *
   * However many jobs of a manager are watched at the same interval, the service is asked once an interval. While nobody waits for the
   * next status, it is not asked at all. To end the watch is nothing to the job.
   *
   * Windows 10, version 1709; pages: IBackgroundCopyJob::GetState, IBackgroundCopyJob::GetProgress, IBackgroundCopyJob::GetError.
   *
   * @throws TypeError at once for a wrong option. All else is thrown by the iteration.
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
   * Waits until the job is in that state, or in one of several: or, as with {@link BackgroundCopyJob.watch}, in one in which nothing
   * more happens by itself. Look at the state that is returned.
   *
   * Windows 10, version 1709; page: IBackgroundCopyJob::GetState.
   *
   * @returns The job's status, as it was when the wait ended.
   * @throws {@link BackgroundCopyError} `DO_E_JOB_NOT_FOUND` or `BG_E_NOT_FOUND` where the job is gone before.
   */
  async waitFor(state: JobState | readonly JobState[], options: WatchOptions = {}): Promise<JobStatus> {
    const states = [state].flat();
    for (const one of states) {
      choice(JOB_STATE).write(one, "state", this.#session.language);
    }
    return waitForJob(this.#session, this.id, states, options);
  }
}
