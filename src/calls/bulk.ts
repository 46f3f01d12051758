import type { JobItem, Params, VerbName } from "../port/protocol.js";
import { badArgument, checkJobIds } from "../words/arguments.js";
import { BackgroundCopyError, BridgeError } from "../words/errors.js";
import { failed } from "../words/hresults.js";
import { languageIdOf } from "../words/locale.js";
import type { Language } from "../words/messages.js";
import type { JobSummary } from "./description.js";
import { checkFilter, type JobFilter } from "./filter.js";
import { groups } from "./groups.js";
import { selectJobs, summarize, type Summarized } from "./list.js";
import { cancelResult, verbResult, type CancelResult, type VerbResult } from "./results.js";
import { requestOptions, type CallOptions, type Session } from "./session.js";

/** The outcome of a call for one of many jobs. */
export type JobOutcome<R extends VerbResult = VerbResult> =
  | { readonly ok: true; readonly jobId: string; readonly result: R }
  | { readonly ok: false; readonly jobId: string; readonly error: BackgroundCopyError | BridgeError };

/** The outcome of a cancel request for one of many jobs. */
export type CancelOutcome = JobOutcome<CancelResult>;

/** With `whatIf`: a job that the method would be called for, with its current description, or the error that occurred instead. */
export type JobPlan =
  | { readonly ok: true; readonly jobId: string; readonly job: JobSummary }
  | { readonly ok: false; readonly jobId: string; readonly error: BackgroundCopyError };

/** The progress of a call for many jobs. */
export interface BulkProgress<R extends VerbResult = VerbResult> {
  /** The number of jobs that have an outcome. */
  readonly done: number;
  /** The number of different jobs. */
  readonly total: number;
  /** The outcomes since the previous call of `onProgress`. If you collect them, no outcome is lost when you abort the call. */
  readonly outcomes: readonly JobOutcome<R>[];
}

/** The options of {@link BackgroundCopyManager.cancelJobs} and similar methods. */
export interface BulkOptions<R extends VerbResult = VerbResult> extends CallOptions {
  /** A function that is called after each group of jobs. */
  readonly onProgress?: ((progress: BulkProgress<R>) => void) | undefined;
  /** Whether to only return the jobs that would be affected, with their current descriptions. If `true`, the call changes nothing. */
  readonly whatIf?: boolean | undefined;
}

/** The jobs that a call is for: their IDs, or a filter with at least one condition. */
export type JobTarget = Iterable<string> | JobFilter;

/** A method for many jobs, and how its result is built. */
export interface Verb<R extends VerbResult> {
  readonly method: VerbName;
  readonly read: (language: Language, item: JobItem) => R;
}

export const SUSPEND: Verb<VerbResult> = { method: "job.suspend", read: verbResult };
export const RESUME: Verb<VerbResult> = { method: "job.resume", read: verbResult };
export const COMPLETE: Verb<VerbResult> = { method: "job.complete", read: verbResult };
export const CANCEL: Verb<CancelResult> = { method: "job.cancel", read: cancelResult };

/** The outcome of the method for one job, from the answer of the service. */
export function outcomeOf<R extends VerbResult>(
  { language, service }: Pick<Session, "language" | "service">,
  verb: Verb<R>,
  item: JobItem,
): JobOutcome<R> {
  const { jobId, lost } = item;
  if (lost) {
    return { ok: false, jobId, error: lost };
  }
  return failed(item.hresult)
    ? { ok: false, jobId, error: new BackgroundCopyError({ ...item, service }, language) }
    : { ok: true, jobId, result: verb.read(language, item) };
}

function paramsOf({ language }: Session, method: VerbName, group: readonly string[]): Params<VerbName> {
  const jobIds = [...group];
  return method === "job.cancel" ? { jobIds, languageId: languageIdOf(language.locale) } : { jobIds };
}

/**
 * Calls the method for each job, in groups: a failure for one job does not affect the others. `refused` contains the outcomes of the jobs
 * that the method is not called for.
 */
async function callEach<R extends VerbResult>(
  session: Session,
  verb: Verb<R>,
  jobIds: readonly string[],
  refused: readonly JobOutcome<R>[],
  options: CallOptions,
  onProgress?: BulkOptions<R>["onProgress"],
): Promise<JobOutcome<R>[]> {
  const checked = requestOptions(session.language, options);
  const total = refused.length + jobIds.length;
  const all = [...refused];
  if (refused.length > 0) {
    onProgress?.({ done: all.length, total, outcomes: refused });
  }
  for (const group of groups(jobIds)) {
    let outcomes: JobOutcome<R>[];
    try {
      const { items } = await session.port.request(verb.method, paramsOf(session, verb.method, group), checked);
      outcomes = items.map((item) => outcomeOf(session, verb, item));
    } catch (error) {
      if (!(error instanceof BridgeError)) {
        throw error;
      }
      outcomes = group.map((jobId) => ({ ok: false, jobId, error }));
    }
    all.push(...outcomes);
    onProgress?.({ done: all.length, total, outcomes });
  }
  return all;
}

/** Calls the method for one job. */
export async function callOne<R extends VerbResult>(
  session: Session,
  verb: Verb<R>,
  jobId: string,
  options: CallOptions,
): Promise<R> {
  const [outcome] = await callEach(session, verb, [jobId], [], options);
  if (!outcome?.ok) {
    throw outcome?.error;
  }
  return outcome.result;
}

function isIterable(target: JobTarget): target is Iterable<string> {
  return Symbol.iterator in Object(target);
}

/** The jobs that match the filter, for a call that changes them, and the jobs for which this is unknown. */
async function select(session: Session, filter: JobFilter, options: CallOptions): Promise<Summarized[]> {
  const checked = checkFilter(session, filter);
  if (!checked.isSelective) {
    throw badArgument(session.language, "noCondition");
  }
  return selectJobs(session, checked, options, { tellsUnknown: true });
}

/** An outcome for each ID in the given order, from the outcomes of the different IDs. */
function inOrder<O extends { readonly jobId: string }>(jobIds: readonly string[], outcomes: readonly O[]): O[] {
  const byId = new Map(outcomes.map((outcome) => [outcome.jobId, outcome]));
  return jobIds.map((jobId) => byId.get(jobId) as O);
}

/** Calls the method for the selected jobs. */
export async function callVerb<R extends VerbResult>(
  session: Session,
  verb: Verb<R>,
  target: JobTarget,
  options: CallOptions,
  onProgress: BulkOptions<R>["onProgress"],
): Promise<JobOutcome<R>[]> {
  if (isIterable(target)) {
    const jobIds = checkJobIds(session.language, target);
    return inOrder(jobIds, await callEach(session, verb, [...new Set(jobIds)], [], options, onProgress));
  }
  const selected = await select(session, target, options);
  const meant = selected.flatMap((item) => (item.ok ? item.jobId : []));
  const refused = selected.flatMap((item) => (item.ok ? [] : item));
  const outcomes = await callEach(session, verb, meant, refused, options, onProgress);
  return inOrder(
    selected.map(({ jobId }) => jobId),
    outcomes,
  );
}

/** The jobs that the method would be called for. */
export async function plan(session: Session, target: JobTarget, options: CallOptions): Promise<JobPlan[]> {
  if (isIterable(target)) {
    const jobIds = checkJobIds(session.language, target);
    return inOrder(jobIds, await summarize(session, [...new Set(jobIds)], options));
  }
  return select(session, target, options);
}
