import { jobStateName, type JobState } from "./model.js";
import { jobResult, type CancelResult, type JobResult } from "./results.js";
import { cancelItems } from "./cancel.js";
import type { Outcome } from "./protocol.js";
import { ask, checkString, type CallOptions, type Session } from "./session.js";

/**
 * A job in the transfer queue, addressed by its id. The handle holds nothing of the service: every method asks anew.
 *
 * All methods reject with a {@link BackgroundCopyError} when the service refuses, with a {@link BridgeError} when PowerShell or the
 * service could not be reached, and with the signal's reason when they are aborted.
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
   * Windows 10, version 1709; page: IBackgroundCopyJob::AddFile. Delivery Optimization documents other methods for it; the outcome
   * names the one that ran.
   *
   * @param remoteUrl - The file's address on the server, `http:` or `https:`.
   * @param localName - The absolute path under which the file appears when the job is completed.
   * @returns The outcome, with the service's code.
   * @throws {@link BackgroundCopyError} `E_INVALIDARG` for an address or path that the service does not take, `E_ACCESSDENIED` where
   *   the caller may not write, `DO_E_INVALID_STATE` or `BG_E_INVALID_STATE` for a canceled or completed job, `E_NOTIMPL` for a second
   *   file where {@link Capabilities.multipleFiles} is false.
   */
  async addFile(remoteUrl: string, localName: string, options: CallOptions = {}): Promise<JobResult> {
    const { language } = this.#session;
    const params = {
      jobId: this.id,
      remoteUrl: checkString(language, "remoteUrl", remoteUrl),
      localName: checkString(language, "localName", localName),
    };
    return this.#result(await ask(this.#session, "job.addFile", params, options));
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
  async resume(options: CallOptions = {}): Promise<JobResult> {
    return this.#result(await ask(this.#session, "job.resume", { jobId: this.id }, options));
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
  async suspend(options: CallOptions = {}): Promise<JobResult> {
    return this.#result(await ask(this.#session, "job.suspend", { jobId: this.id }, options));
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
   *   files were saved. Delivery Optimization documents S_OK alone.
   * @throws {@link BackgroundCopyError} `DO_E_INVALID_STATE` or `BG_E_INVALID_STATE` for a canceled or completed job; or the code of
   *   what kept a file from getting its local name.
   */
  async complete(options: CallOptions = {}): Promise<JobResult> {
    return this.#result(await ask(this.#session, "job.complete", { jobId: this.id }, options));
  }

  /**
   * The job's state.
   *
   * Windows 10, version 1709; page: IBackgroundCopyJob::GetState.
   *
   * @throws {@link BackgroundCopyError} `DO_E_JOB_NOT_FOUND` or `BG_E_NOT_FOUND` where the service knows no such job.
   */
  async getState(options: CallOptions = {}): Promise<JobState> {
    const { state } = await ask(this.#session, "job.getState", { jobId: this.id }, options);
    return jobStateName(state ?? -1);
  }

  /**
   * Removes the job from the transfer queue and deletes its temporary files, on the client (downloads) or the server (uploads).
   * A canceled job can't be recovered.
   *
   * Windows 10, version 1709; page: IBackgroundCopyJob::Cancel.
   *
   * @returns The outcome. A success other than S_OK, such as `BG_S_UNABLE_TO_DELETE_FILES`, is a result with a warning.
   * @throws {@link BackgroundCopyError} `DO_E_INVALID_STATE` (Delivery Optimization) or `BG_E_INVALID_STATE` (BITS) for a job whose
   *   state is BG_JOB_STATE_CANCELLED or BG_JOB_STATE_ACKNOWLEDGED; `DO_E_JOB_NOT_FOUND` or `BG_E_NOT_FOUND` where the service knows
   *   no such job.
   */
  async cancel(options: CallOptions = {}): Promise<CancelResult> {
    const [outcome] = await cancelItems(this.#session, [this.id], options);
    if (!outcome?.ok) {
      throw outcome?.error;
    }
    return outcome.result;
  }

  #result(outcome: Outcome): JobResult {
    return jobResult(this.#session.language, { ...outcome, jobId: this.id });
  }
}
