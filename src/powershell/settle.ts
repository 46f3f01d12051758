import { failed } from "../hresults.js";
import { JOB_STATE } from "../model.js";
import type { JobItem, Result } from "../protocol.js";

type Cancelled = Result<"job.cancel">;

const CANCELLED = JOB_STATE.toValue("BG_JOB_STATE_CANCELLED");

const byState = {
  hresult: 0,
  method: "IBackgroundCopyJob::Cancel",
  stateAfter: CANCELLED,
  confirmedBy: "state",
} as const;

/**
 * The answer of a cancel that was lost, by the states that the jobs were found in since; `cancel` cancels those that are still open. A
 * job that can't be read has the code that says why: one that is not found has left the queue, or never was in it.
 */
export async function settleCancel(
  { items }: Result<"job.describe">,
  cancel: (jobIds: string[]) => Promise<Cancelled>,
): Promise<Cancelled> {
  const isOpen = ({ job }: (typeof items)[number]) => job !== undefined && job.state !== CANCELLED;
  const open = items.filter(isOpen).map(({ jobId }) => jobId);
  const again = open.length > 0 ? (await cancel(open)).items : [];
  const cancelledAgain = new Map(again.map((item) => [item.jobId, settled(item)]));
  return {
    items: items.map(({ job, ...unread }) => {
      const { jobId } = unread;
      return cancelledAgain.get(jobId) ?? (job ? { jobId, ...byState } : unread);
    }),
  };
}

/** The lost cancel may still have been under way in the service, and the second one have come too late for that reason alone. */
function settled(item: JobItem): JobItem {
  const { jobId, stateBefore, stateAfter, hresult } = item;
  if (failed(hresult)) {
    return stateBefore === CANCELLED || stateAfter === CANCELLED ? { jobId, ...byState } : item;
  }
  return { ...item, confirmedBy: "state" };
}
