import { callVerb, outcomeOf, type JobOutcome, type Verb } from "../calls/bulk.js";
import { describeParams } from "../calls/description.js";
import type { JobFilter } from "../calls/filter.js";
import { groups } from "../calls/groups.js";
import type { VerbResult } from "../calls/results.js";
import { makeSession, type Session } from "../calls/session.js";
import { JOB_STATE, type JobState } from "../model/job.js";
import type { JobItem, VerbName } from "../port/protocol.js";
import { BackgroundCopyError } from "../words/errors.js";
import { failed, findHresult } from "../words/hresults.js";
import { NOTHING_EARLIER, type Journal } from "./journal.js";
import type { FleetContext } from "./options.js";
import { verdictOnJobs, type HostVerdict } from "./outcome.js";
import type { PlannedHost } from "./plan.js";
import { RecordingPort } from "./recording-port.js";
import type { HostAtWork, Work } from "./visit.js";

/** A method for the jobs of many hosts: those of a plan, or those that a filter selects. */
export interface FleetVerb<R extends VerbResult> {
  readonly verb: Verb<R>;
  readonly filter: JobFilter | undefined;
  readonly journal: Journal | undefined;
}

/** The call for one host, with what is needed to record it. */
export interface HostCall<R extends VerbResult> {
  readonly work: Work<JobOutcome<R>>;
  /** The answers, those of earlier runs included. */
  readonly items: () => readonly JobItem[];
  /** The jobs for which the call was sent once more. */
  readonly resent: () => readonly string[];
}

/** The state that shows that the method had its effect. */
const STATE_AFTER: Readonly<Partial<Record<VerbName, JobState>>> = {
  "job.suspend": "BG_JOB_STATE_SUSPENDED",
  "job.complete": "BG_JOB_STATE_ACKNOWLEDGED",
  "job.cancel": "BG_JOB_STATE_CANCELLED",
};

const METHOD: Readonly<Record<VerbName, string>> = {
  "job.suspend": "IBackgroundCopyJob::Suspend",
  "job.resume": "IBackgroundCopyJob::Resume",
  "job.complete": "IBackgroundCopyJob::Complete",
  "job.cancel": "IBackgroundCopyJob::Cancel",
};

// A canceled job is no longer in the queue, or can't be canceled.
const GONE = ["BG_E_NOT_FOUND", "DO_E_JOB_NOT_FOUND"];
const OVER = [...GONE, "BG_E_INVALID_STATE", "DO_E_INVALID_STATE"];

function isOneOf(names: readonly string[], hresult: number): boolean {
  return names.includes(findHresult(hresult)?.name ?? "");
}

/** The answer for a job whose state shows that the method had its effect. */
function byState(method: VerbName, jobId: string): JobItem {
  const stateAfter = JOB_STATE.toValue(STATE_AFTER[method]);
  const confirmed = method === "job.cancel" ? ({ confirmedBy: "state" } as const) : {};
  return { jobId, hresult: 0, method: METHOD[method], ...(stateAfter !== undefined && { stateAfter }), ...confirmed };
}

/** Whether the state of a job shows that an earlier run called the method, although its answer was lost. */
function hadEffect(method: VerbName, hresult: number, state: number | undefined): boolean {
  if (failed(hresult)) {
    return method === "job.cancel" && isOneOf(GONE, hresult);
  }
  return state !== undefined && JOB_STATE.toName(state) === STATE_AFTER[method];
}

/** Of the jobs for which the method was sent before, those on which it had its effect. */
async function readEarlier(
  session: Session,
  method: VerbName,
  jobIds: readonly string[],
  options: HostAtWork<unknown>["options"],
): Promise<JobItem[]> {
  const settled: JobItem[] = [];
  for (const group of groups(jobIds)) {
    const { items } = await session.port.request("job.describe", describeParams(session, group, "progress"), options);
    settled.push(
      ...items
        .filter(({ hresult, job }) => hadEffect(method, hresult, job?.state))
        .map(({ jobId }) => byState(method, jobId)),
    );
  }
  return settled;
}

/** With the integrity level of the owner, a refusal has better advice. */
function withOwner<R extends VerbResult>(
  outcome: JobOutcome<R>,
  planned: PlannedHost | undefined,
  { language }: FleetContext,
): JobOutcome<R> {
  const owner = planned?.jobs.find(({ jobId }) => jobId === outcome.jobId);
  if (outcome.ok || owner?.ownerIntegrityLevel === undefined || !(outcome.error instanceof BackgroundCopyError)) {
    return outcome;
  }
  const { ownerIntegrityLevel } = owner;
  return { ...outcome, error: new BackgroundCopyError({ ...outcome.error, ownerIntegrityLevel }, language) };
}

/** The outcomes that an earlier run recorded. */
export function recordedOutcomes<R extends VerbResult>(
  fleet: FleetContext,
  verb: Verb<R>,
  items: readonly JobItem[],
  planned: PlannedHost | undefined,
): JobOutcome<R>[] {
  return items.map((item) => withOwner(outcomeOf(fleet, verb, item), planned, fleet));
}

/** Makes the call for one host. */
export function callHost<R extends VerbResult>(
  fleet: FleetContext,
  { verb, filter, journal }: FleetVerb<R>,
  planned: PlannedHost | undefined,
): HostCall<R> {
  const items: JobItem[] = [];
  let resent: readonly string[] = [];

  const work = async (at: HostAtWork<JobOutcome<R>>): Promise<HostVerdict> => {
    const { host, link, options } = at;
    const { sent, resent: resentBefore, items: answered } = journal?.earlier(host.name) ?? NOTHING_EARLIER;
    items.splice(0, items.length, ...answered);
    const port = new RecordingPort(link.port, {
      onSend: async (jobIds) => {
        await journal?.sent(host.name, jobIds, link.moduleSha256);
      },
      failureOf: at.failureOf,
      onAnswer: (some) => {
        const settled = some.map((item) =>
          verb.method === "job.cancel" && sent.has(item.jobId) && isOneOf(OVER, item.hresult)
            ? byState(verb.method, item.jobId)
            : item,
        );
        items.push(...settled);
        return settled;
      },
    });
    const session = makeSession(port, fleet.service, fleet.language);
    const outcomes: JobOutcome<R>[] = [];
    const collect = (some: readonly JobOutcome<R>[]) => {
      const owned = some.map((outcome) => withOwner(outcome, planned, fleet));
      outcomes.push(...owned);
      at.collect(owned);
    };
    collect(recordedOutcomes(fleet, verb, items, undefined));

    const known = new Set(items.map(({ jobId }) => jobId));
    const unanswered = [...sent].filter((jobId) => !known.has(jobId));
    const settled = await readEarlier(session, verb.method, unanswered, options);
    items.push(...settled);
    collect(recordedOutcomes(fleet, verb, settled, undefined));
    for (const { jobId } of settled) {
      known.add(jobId);
    }
    const again = unanswered.filter((jobId) => !known.has(jobId));
    resent = [...new Set([...resentBefore, ...again])];
    const open = (planned?.jobs.map(({ jobId }) => jobId) ?? again).filter((jobId) => !known.has(jobId));
    for (const target of [open, ...(filter ? [filter] : [])]) {
      await callVerb(session, verb, target, options, ({ outcomes: some }) => collect(some));
    }
    return verdictOnJobs(outcomes);
  };
  return { work, items: () => items, resent: () => resent };
}
