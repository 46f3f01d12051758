import { BackgroundCopyError, BridgeError } from "./errors.js";
import { failed } from "./hresults.js";
import { jobStateName } from "./model.js";
import type { CancelItem } from "./protocol.js";
import { jobResult, type CancelResult } from "./results.js";
import { requestOptions, type CallOptions, type Session } from "./session.js";

/** What became of one job of many. */
export type CancelOutcome =
  | { readonly ok: true; readonly jobId: string; readonly result: CancelResult }
  | { readonly ok: false; readonly jobId: string; readonly error: BackgroundCopyError | BridgeError };

/** How far a call with many jobs has come. */
export interface CancelProgress {
  /** How many jobs have an outcome. */
  readonly done: number;
  /** How many different jobs there are. */
  readonly total: number;
}

/** The options of {@link BackgroundCopyManager.cancelJobs}. */
export interface CancelJobsOptions extends CallOptions {
  /** Called after each group of jobs. */
  readonly onProgress?: ((progress: CancelProgress) => void) | undefined;
}

// Small enough that other calls get their turn in between, large enough that the round trips do not count.
const JOBS_PER_REQUEST = 25;

function outcomeOf(session: Session, { jobId, stateBefore, stateAfter, ...answer }: CancelItem): CancelOutcome {
  const { language, service } = session;
  if (failed(answer.hresult)) {
    return { ok: false, jobId, error: new BackgroundCopyError({ ...answer, service, jobId }, language) };
  }
  const result: CancelResult = {
    ...jobResult(language, { jobId, ...answer }),
    stateBefore: stateBefore === undefined ? undefined : jobStateName(stateBefore),
    stateAfter: stateAfter === undefined ? undefined : jobStateName(stateAfter),
    confirmedBy: "return value",
  };
  return { ok: true, jobId, result };
}

/** Cancels the jobs, a group at a time, and gives an outcome for each: a failure of one is never the end of the others. */
export async function cancelItems(
  session: Session,
  jobIds: readonly string[],
  { onProgress, ...options }: CancelJobsOptions,
): Promise<CancelOutcome[]> {
  const checked = requestOptions(session.language, options);
  const outcomes: CancelOutcome[] = [];
  for (let start = 0; start < jobIds.length; start += JOBS_PER_REQUEST) {
    const group = jobIds.slice(start, start + JOBS_PER_REQUEST);
    try {
      const { items } = await session.port.request("job.cancel", { jobIds: group }, checked);
      outcomes.push(...items.map((item) => outcomeOf(session, item)));
    } catch (error) {
      if (!(error instanceof BridgeError)) {
        throw error;
      }
      outcomes.push(...group.map((jobId): CancelOutcome => ({ ok: false, jobId, error })));
    }
    onProgress?.({ done: outcomes.length, total: jobIds.length });
  }
  return outcomes;
}
