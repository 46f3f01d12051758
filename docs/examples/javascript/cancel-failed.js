import { BridgeError } from "background-copy";

/** The jobs that this program is responsible for. */
export const FAILED = { displayName: "nightly*", state: "BG_JOB_STATE_ERROR" };

/** The names of the failed jobs. */
export async function listFailed(manager) {
  const jobs = await manager.listJobs(FAILED);
  return jobs.map(({ displayName }) => displayName);
}

/**
 * Cancels the failed jobs. With `dryRun`, nothing changes, and the jobs that would be canceled count as canceled.
 *
 * A refused job is still there. For an unknown one, the response was lost: it might be canceled.
 */
export async function cancelFailed(manager, { dryRun = false } = {}) {
  const report = { canceled: [], refused: [], unknown: [] };
  for (const outcome of await manager.cancelJobs(FAILED, { whatIf: dryRun })) {
    const { jobId } = outcome;
    if (outcome.ok) {
      report.canceled.push(jobId);
    } else if (outcome.error instanceof BridgeError && outcome.error.outcome === "unknown") {
      report.unknown.push(jobId);
    } else {
      report.refused.push({ jobId, code: outcome.error.code, reason: outcome.error.message });
    }
  }
  return report;
}
