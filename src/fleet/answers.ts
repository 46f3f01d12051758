import { CANCEL, COMPLETE, outcomeOf, RESUME, SUSPEND, type JobOutcome, type Verb } from "../calls/bulk.js";
import { readError, type JobError } from "../calls/job-error.js";
import type { VerbResult } from "../calls/results.js";
import { JOB_STATE } from "../model/job.js";
import type { RemoteHost } from "../port/engine.js";
import { badArgument, checkNoOthers, checkString } from "../words/arguments.js";
import type { BridgeErrorCode } from "../words/bridge-codes.js";
import { languageAndOptions } from "../words/caller-language.js";
import { BackgroundCopyError, BridgeError, type BridgeFailure } from "../words/errors.js";
import { failed, hex } from "../words/hresults.js";
import type { Language, Wording } from "../words/messages.js";
import { verdictOn, verdictOnJobs, type HostOutcome, type HostVerdict } from "./outcome.js";
import type { PlannedJob } from "./plan.js";
import { cleanRemote } from "./remote.js";
import { ANSWER_FORMAT, parseAnswer, type AnsweredJob, type RunnerAnswerShape } from "./runner-answer.js";
import type { RunnerAction } from "./runner-script.js";

/** The output of a script of {@link runnerScript} on one computer. */
export interface RunnerAnswer {
  /** The name of the computer in the tool. The output can't change it. */
  readonly host: string;
  /** The output of the script. */
  readonly text: string;
}

/** A job in the list of a computer. */
export interface ListedJob extends PlannedJob {
  /** Whether `displayName` contains only the start of the name. */
  readonly isNameCut: boolean;
  /** The error of the job, if its state is BG_JOB_STATE_ERROR or BG_JOB_STATE_TRANSIENT_ERROR. */
  readonly jobError?: JobError | undefined;
}

/** The outcome for a computer on which a tool ran the script. */
export interface RunnerOutcome extends HostOutcome {
  /** The action of the script; `undefined` if its output can't be read. */
  readonly action?: RunnerAction | undefined;
  /** The listed jobs. */
  readonly listed: readonly ListedJob[];
  /** The number of all jobs that were listed or changed, including omitted jobs. */
  readonly total: number;
  /** The number of jobs for which the output of the tool has no space. Jobs that need attention are omitted last. */
  readonly omitted: number;
}

/** The options of {@link readAnswers}. */
export interface ReadAnswersOptions {
  /** The names of all computers. A computer without an output then also has an outcome. */
  readonly hosts?: Iterable<string> | undefined;
  /** The language of the messages, as a BCP 47 tag. */
  readonly locale?: string | undefined;
  readonly wording?: Wording | undefined;
}

const VERBS: Readonly<Record<Exclude<RunnerAction, "list">, Verb<VerbResult>>> = {
  cancel: CANCEL,
  suspend: SUSPEND,
  resume: RESUME,
  complete: COMPLETE,
};
const METHODS = {
  cancel: "IBackgroundCopyJob::Cancel",
  suspend: "IBackgroundCopyJob::Suspend",
  resume: "IBackgroundCopyJob::Resume",
  complete: "IBackgroundCopyJob::Complete",
} as const;

/** The failures that the script itself reports; before it sends anything. */
const REPORTED: readonly string[] = [
  "UNSUPPORTED",
  "DYNAMIC_CODE_BLOCKED",
  "SERVICE_UNAVAILABLE",
  "CONSTRAINED_LANGUAGE",
  "MODULE_BROKEN",
  "PROTOCOL",
] satisfies BridgeErrorCode[];
const LONGEST_SHOWN = 1000;

/** The start of an output, as a terminal can show it. */
function shown(text: string): string[] {
  const clean = text.slice(0, LONGEST_SHOWN).replace(/[^\P{C}\n]/gu, "");
  return clean.split("\n").filter((line) => line.trim() !== "");
}

/** What is read of one output. */
type Read = HostVerdict & Pick<RunnerOutcome, "action" | "listed" | "total" | "omitted" | "jobs" | "remote">;

const NOTHING = { listed: [], total: 0, omitted: 0, jobs: [] } as const;

function unreadable(language: Language, host: string, text: string, found?: number): Read {
  const failure: BridgeFailure = { outcome: "unknown", diagnostics: shown(text), values: { host } };
  const error =
    found === undefined
      ? new BridgeError("PROTOCOL", failure, language)
      : new BridgeError(
          "MODULE_MISMATCH",
          { ...failure, values: { host, found: String(found), expected: String(ANSWER_FORMAT) } },
          language,
        );
  return { ...NOTHING, ...verdictOn(error) };
}

/** The failure that the script reports instead of jobs. */
function failureOf(language: Language, host: string, answer: RunnerAnswerShape): BackgroundCopyError | BridgeError {
  const { service = "bits", error = {} } = answer;
  const { code = "", hex: text, method, calledMethod, detail = "" } = error;
  const hresult = text === undefined ? undefined : Number(text);
  if (code === "" && hresult !== undefined && method !== undefined) {
    return new BackgroundCopyError({ hresult, method, calledMethod, service }, language);
  }
  const known = REPORTED.includes(code) ? (code as BridgeErrorCode) : "PROTOCOL";
  const values = { host, service, platform: "-", file: "runner.ps1", line: detail, hex: hex(hresult ?? 0) };
  const failure: BridgeFailure = { outcome: "not sent", diagnostics: shown(`${code} ${detail}`), values };
  return new BridgeError(known, hresult === undefined ? failure : { ...failure, hresult }, language);
}

function outcomesOf(
  language: Language,
  answer: RunnerAnswerShape,
  action: Exclude<RunnerAction, "list">,
): JobOutcome[] {
  const { service = "bits", jobs } = answer;
  return jobs.map(({ jobId, hex: text, method = METHODS[action], calledMethod, before, after }) =>
    outcomeOf({ language, service }, VERBS[action], {
      jobId,
      hresult: Number(text),
      method,
      calledMethod,
      stateBefore: before,
      stateAfter: after,
    }),
  );
}

function listedJob(language: Language, job: AnsweredJob): ListedJob {
  const { jobId, state = 0, error, context = 0, owner, created, name, cut = false } = job;
  return {
    jobId,
    state: JOB_STATE.toName(state),
    ...(name !== undefined && { displayName: name }),
    ...(owner !== undefined && { owner }),
    ...(created !== undefined && { created }),
    isNameCut: cut,
    ...(error !== undefined && { jobError: readError(language, { hresult: Number(error), context }) }),
  };
}

/** The first job that was refused as an error, if any: a list can contain jobs that can't be described. */
function refusalOf(language: Language, { service = "bits", jobs }: RunnerAnswerShape): BackgroundCopyError | undefined {
  const refused = jobs.find(({ hex: text }) => text !== undefined && failed(Number(text)));
  return (
    refused &&
    new BackgroundCopyError(
      {
        jobId: refused.jobId,
        hresult: Number(refused.hex),
        method: refused.method ?? "IBackgroundCopyManager::GetJob",
        service,
      },
      language,
    )
  );
}

function readOne(language: Language, host: string, text: string): Read {
  const answer = parseAnswer(text);
  if (answer === undefined || typeof answer === "number") {
    return unreadable(language, host, text, answer);
  }
  const { action, total, omitted, error } = answer;
  const remote = answer.remote && cleanRemote(answer.remote as RemoteHost);
  const common = { action, total, omitted, remote };
  if (error || action === undefined) {
    return { ...NOTHING, ...common, ...verdictOn(failureOf(language, host, answer)) };
  }
  if (action === "list") {
    const listed = answer.jobs.filter(({ hex: code }) => code === undefined).map((job) => listedJob(language, job));
    const refusal = refusalOf(language, answer);
    const verdict: HostVerdict = refusal ? verdictOn(refusal) : { status: "done", outcome: "complete" };
    return { ...common, ...verdict, listed, jobs: [] };
  }
  const jobs = outcomesOf(language, answer, action);
  return { ...common, ...verdictOnJobs(jobs), listed: [], jobs };
}

function checkAnswer(language: Language, value: unknown): RunnerAnswer {
  const { host, text } = Object(value) as Partial<RunnerAnswer>;
  return { host: checkString(language, "host", host), text: checkString(language, "text", text) };
}

/**
 * Reads the outputs of a script of {@link runnerScript}, which a tool returned.
 *
 * @param answers - The outputs, each with the name of its computer.
 * @returns An outcome for each output, in the given order, and then for each computer in `hosts` without an output. An output that isn't an
 *   answer of the script, for example because the tool cut it off, has the error `PROTOCOL` and the outcome `"unknown"`.
 */
export function readAnswers(answers: Iterable<RunnerAnswer>, options: ReadAnswersOptions = {}): RunnerOutcome[] {
  const { language, given } = languageAndOptions(options);
  const { hosts = [], locale: _, wording: __, ...others } = given;
  checkNoOthers(language, others);
  if (!(Symbol.iterator in Object(answers))) {
    throw badArgument(language, "array", { name: "answers" });
  }
  const read = Array.from(answers, (value) => checkAnswer(language, value));
  const known = new Set(read.map(({ host }) => host));
  const silent = Array.from(hosts, (host) => ({ host: checkString(language, "hosts", host), text: "" }));
  return [...read, ...silent.filter(({ host }) => !known.has(host))].map(({ host, text }) => ({
    name: host,
    address: host,
    engine: "runner",
    ...readOne(language, host, text),
    batch: 1,
    attempt: 1,
    resent: [],
    fromJournal: false,
    durationInMs: 0,
  }));
}
