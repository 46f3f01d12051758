import { LAST_STATES, type JobState } from "../model/job.js";
import { checkNoOthers, optionsOf, checkSignal, checkTimeout } from "../words/arguments.js";
import { isNotFound } from "../words/errors.js";
import { jobOf, readStatus, type JobStatus } from "./description.js";
import type { Session } from "./session.js";
import { tickerOf } from "./ticker.js";

/** The options of {@link BackgroundCopyJob.watch} and {@link BackgroundCopyJob.waitFor}. */
export interface WatchOptions {
  /** A signal that ends the wait. The job continues, and the wait rejects with the reason of the signal. */
  readonly signal?: AbortSignal | undefined;
  /** The interval between two status requests, in milliseconds. Default: 1,000. */
  readonly intervalInMs?: number | undefined;
}

const INTERVAL_IN_MS = 1_000;

/** The parts of a status that can change, as a string for comparison. */
function essence({ state, progress, error }: JobStatus): string {
  const { bytesTotal, bytesTransferred, filesTotal, filesTransferred } = progress;
  const failure = error && [error.hresult, error.context, error.file?.remoteName];
  return [state, bytesTotal, bytesTransferred, filesTotal, filesTransferred, failure].join(" ");
}

/** The error that ends a watch when the service no longer knows the job. */
type Gone = unknown;

async function* changes(
  session: Session,
  jobId: string,
  { signal, intervalInMs = INTERVAL_IN_MS }: WatchOptions,
): AsyncGenerator<JobStatus, Gone, undefined> {
  const ticker = tickerOf(session, intervalInMs);
  let last: JobStatus | undefined;
  for (;;) {
    signal?.throwIfAborted();
    const item = await ticker.look(jobId, last === undefined, signal);
    let status: JobStatus;
    try {
      status = readStatus(session.language, jobId, jobOf(session, jobId, item));
    } catch (error) {
      if (last && isNotFound(error)) {
        return error;
      }
      throw error;
    }
    if (!last || essence(status) !== essence(last)) {
      last = status;
      yield status;
    }
    if (LAST_STATES.includes(status.state)) {
      return undefined;
    }
  }
}

function checkOptions({ language }: Session, options: WatchOptions): WatchOptions {
  const { signal, intervalInMs, ...others } = optionsOf(language, options);
  checkNoOthers(language, others);
  checkSignal(language, signal);
  checkTimeout(language, "intervalInMs", intervalInMs);
  return { signal, intervalInMs };
}

/**
 * The status of the job immediately, and then at each change, until the state does not change without intervention or the job no
 * longer exists.
 */
export function watchJob(session: Session, jobId: string, options: WatchOptions): AsyncIterableIterator<JobStatus> {
  return changes(session, jobId, checkOptions(session, options));
}

/** The status of the job once it is in one of the given states, or in a state that does not change without intervention. */
export async function waitForJob(
  session: Session,
  jobId: string,
  states: readonly JobState[],
  options: WatchOptions,
): Promise<JobStatus> {
  const watched = changes(session, jobId, checkOptions(session, options));
  for (;;) {
    const { done, value } = await watched.next();
    if (done) {
      throw value;
    }
    if (states.includes(value.state) || LAST_STATES.includes(value.state)) {
      return value;
    }
  }
}
