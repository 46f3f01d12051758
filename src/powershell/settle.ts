import { JOB_STATE } from "../model/job.js";
import type { JobItem, Result } from "../port/protocol.js";
import type { BridgeError } from "../words/errors.js";
import { failed } from "../words/hresults.js";

type Cancelled = Result<"job.cancel">;

const CANCELLED = JOB_STATE.toValue("BG_JOB_STATE_CANCELLED");

const CANCEL = "IBackgroundCopyJob::Cancel";

const byState = { hresult: 0, method: CANCEL, stateAfter: CANCELLED, confirmedBy: "state" } as const;

/**
 * The answer of a lost cancel, from the current states of the jobs; `cancel` cancels those that are still open. The outcome of a job that
 * can't be read remains unknown, even if the job is not found, because a service might forget a job that it has canceled. `lostOf`
 * creates that outcome from the reason why the job can't be read.
 */
export async function settleCancel(
  { items }: Result<"job.describe">,
  cancel: (jobIds: string[]) => Promise<Cancelled>,
  lostOf: (unread: JobItem) => BridgeError,
): Promise<Cancelled> {
  const isOpen = ({ job }: (typeof items)[number]) => job !== undefined && job.state !== CANCELLED;
  const open = items.filter(isOpen).map(({ jobId }) => jobId);
  const again = open.length > 0 ? (await cancel(open)).items : [];
  const unknown = (unread: JobItem): JobItem => ({ ...unread, lost: lostOf(unread) });
  const cancelledAgain = new Map(again.map((item) => [item.jobId, isUnread(item) ? unknown(item) : settled(item)]));
  return {
    items: items.map(({ job, ...unread }) => {
      const { jobId } = unread;
      return cancelledAgain.get(jobId) ?? (job ? { jobId, ...byState } : unknown(unread));
    }),
  };
}

/** Whether the job was not available anymore when it was to be canceled again. */
function isUnread({ hresult, method }: JobItem): boolean {
  return failed(hresult) && method !== CANCEL;
}

/** The lost cancel might still have been running in the service, so that the second one came too late for that reason alone. */
function settled(item: JobItem): JobItem {
  const { jobId, stateBefore, stateAfter, hresult } = item;
  if (failed(hresult)) {
    return stateBefore === CANCELLED || stateAfter === CANCELLED ? { jobId, ...byState } : item;
  }
  return { ...item, confirmedBy: "state" };
}
