import { FINAL_STATES } from "../model/job.js";
import { BackgroundCopyError, BridgeError, isNotFound } from "../words/errors.js";
import { ask } from "./ask.js";
import { describeParams, jobOf, readSummary, type JobSummary } from "./description.js";
import type { CheckedFilter } from "./filter.js";
import { groups } from "./groups.js";
import { requestOptions, type CallOptions, type Session } from "./session.js";

/** The number of times that a list is started before the call fails: the list itself might cause the service to exit. */
const LISTS_PER_REQUEST = 3;

/** Not every service removes a canceled or completed job from its list immediately. */
function isFinal({ state }: JobSummary): boolean {
  return FINAL_STATES.includes(state);
}

/** The outcome of describing one of many jobs. */
export type Summarized =
  | { readonly ok: true; readonly jobId: string; readonly job: JobSummary }
  | { readonly ok: false; readonly jobId: string; readonly error: BackgroundCopyError };

/** Describes the jobs in groups. With a filter, a job for which it is unknown whether the filter selects it counts as refused. */
export async function summarize(
  session: Session,
  jobIds: readonly string[],
  options: CallOptions,
  filter?: CheckedFilter,
): Promise<Summarized[]> {
  const checked = requestOptions(session.language, options);
  const summaries: Summarized[] = [];
  for (const group of groups(jobIds)) {
    const { items } = await session.port.request("job.describe", describeParams(session, group, "summary"), checked);
    group.forEach((jobId, i) => {
      try {
        const wire = jobOf(session, jobId, items[i]);
        const job = readSummary(session.language, jobId, wire);
        const refusal = isFinal(job) ? undefined : filter?.refusalOf(job, wire.refused);
        if (refusal) {
          throw new BackgroundCopyError({ ...refusal, service: session.service, jobId }, session.language);
        }
        summaries.push({ ok: true, jobId, job });
      } catch (error) {
        if (!(error instanceof BackgroundCopyError)) {
          throw error;
        }
        summaries.push({ ok: false, jobId, error });
      }
    });
  }
  return summaries;
}

/** The IDs of the jobs, one page at a time, so that other calls can run in between. */
async function listIds(session: Session, allUsers: boolean, options: CallOptions): Promise<string[]> {
  const jobIds: string[] = [];
  for (let page = 0, lists = 0; ; page++) {
    const answer = await ask(session, "job.list", { allUsers, page }, options);
    if (answer.page === 0) {
      // The first page, or a list that was lost and starts again.
      jobIds.length = 0;
      page = 0;
      if (++lists > LISTS_PER_REQUEST) {
        throw new BridgeError("PROTOCOL", { outcome: "unknown" }, session.language);
      }
    }
    jobIds.push(...(answer.jobIds ?? []).map((jobId) => jobId.toLowerCase()));
    if (!answer.more) {
      return jobIds;
    }
  }
}

/**
 * The jobs that match the filter, in the service's order, and the jobs that the service refuses to describe, for which a match is
 * unknown; with `tellsUnknown`, also the jobs of which it refuses only what the filter needs. A job that is canceled or completed in the
 * meantime is not included.
 */
export async function selectJobs(
  session: Session,
  filter: CheckedFilter,
  options: CallOptions,
  { tellsUnknown = false } = {},
): Promise<Summarized[]> {
  const { signal } = requestOptions(session.language, options);
  const jobIds = await session.lists.take(() => listIds(session, filter.allUsers, options), signal);
  const summaries = await summarize(session, jobIds, options, tellsUnknown ? filter : undefined);
  return summaries.filter((item) =>
    item.ok ? !isFinal(item.job) && filter.matches(item.job) : !isNotFound(item.error),
  );
}

/** The jobs that match the filter. */
export async function listJobs(session: Session, filter: CheckedFilter, options: CallOptions): Promise<JobSummary[]> {
  const selected = await selectJobs(session, filter, options);
  return selected.map((item) => {
    if (!item.ok) {
      throw item.error;
    }
    return item.job;
  });
}
