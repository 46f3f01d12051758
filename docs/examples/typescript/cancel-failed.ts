import { BridgeError, type BackgroundCopyManager, type CodeName, type JobFilter } from "background-copy";

/** The jobs that this program is responsible for. */
export const FAILED: JobFilter = { displayName: "nightly*", state: "BG_JOB_STATE_ERROR" };

/** A job that the service refused to cancel, and the reason. */
interface Refused {
  readonly jobId: string;
  readonly code: CodeName | (string & {});
  readonly reason: string;
}

/** The outcomes of the jobs. A refused job is still there. For an unknown one, the response was lost: it might be canceled. */
export interface Report {
  readonly canceled: readonly string[];
  readonly refused: readonly Refused[];
  readonly unknown: readonly string[];
}

/** The names of the failed jobs. */
export async function listFailed(manager: BackgroundCopyManager): Promise<string[]> {
  const jobs = await manager.listJobs(FAILED);
  return jobs.map(({ displayName = "" }) => displayName);
}

/** Cancels the failed jobs. With `dryRun`, nothing changes, and the jobs that would be canceled count as canceled. */
export async function cancelFailed(manager: BackgroundCopyManager, { dryRun = false } = {}): Promise<Report> {
  const canceled: string[] = [];
  const refused: Refused[] = [];
  const unknown: string[] = [];
  for (const outcome of await manager.cancelJobs(FAILED, { whatIf: dryRun })) {
    const { jobId } = outcome;
    if (outcome.ok) {
      canceled.push(jobId);
    } else if (outcome.error instanceof BridgeError && outcome.error.outcome === "unknown") {
      unknown.push(jobId);
    } else {
      refused.push({ jobId, code: outcome.error.code, reason: outcome.error.message });
    }
  }
  return { canceled, refused, unknown };
}
