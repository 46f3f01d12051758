import type { BulkOptions, BulkProgress, CancelResult, JobFilter, JobOutcome, JobPlan, VerbResult } from "../index.js";
import type { BackgroundCopyManager } from "../manager.js";
import { BridgeError } from "../words/errors.js";
import { flag, type Command } from "./command.js";
import { adviceOf, diagnosticLines } from "./error-words.js";
import { ExitCode, exitCodeOf, exitCodeOfResult, UsageError, worstExitCode } from "./exit-code.js";
import { errorLines, resultLines } from "./job-cells.js";
import { jobTable } from "./list.js";
import { LiveLines } from "./live-lines.js";
import { printable, printableSentence } from "./printable.js";
import { isAgreedTo } from "./question.js";
import { filterOf, filterOptions, uniqueIds, type FilterArguments } from "./selection.js";
import type { Terminal } from "./terminal.js";

interface BulkArguments extends FilterArguments {
  readonly id?: readonly string[] | undefined;
  readonly whatIf?: boolean | undefined;
  readonly yes?: boolean | undefined;
}

type Target = readonly string[] | JobFilter;
type Options = Omit<BulkOptions<VerbResult>, "whatIf">;

interface Verb {
  readonly name: "cancel" | "suspend" | "resume" | "complete";
  readonly examples: readonly string[];
  apply(manager: BackgroundCopyManager, ids: readonly string[], options: Options): Promise<JobOutcome<VerbResult>[]>;
}

/** The command for a method that many jobs support, with job IDs or a filter. */
function bulkCommand(verb: Verb): Command<BulkArguments> {
  return {
    name: verb.name,
    parameters: "[id..]",
    examples: verb.examples,
    positionals: (words) => ({
      id: { type: "string", describe: words("argument.id"), defaultDescription: words("none") },
    }),
    options: (words) => ({ ...filterOptions(words), "what-if": flag(words, "whatIf"), yes: flag(words, "yes") }),
    run: (terminal, options) => run(verb, terminal, options),
  };
}

async function run(verb: Verb, terminal: Terminal, options: BulkArguments): Promise<number> {
  const { whatIf = false, yes = false } = options;
  const given = uniqueIds(terminal, options.id ?? []);
  const filter = filterOf(terminal, options);
  if (given.length > 0 ? filter || options.allUsers : !filter) {
    throw new UsageError(terminal.words("selection.ambiguous"));
  }
  if (filter && !whatIf && !yes && !terminal.isInteractive) {
    throw new UsageError(terminal.words("selection.yesNeeded"));
  }
  await using manager = await terminal.connectToJobs(options);
  if (whatIf) {
    return await showPlan(verb, terminal, manager, filter ?? given);
  }
  if (!filter) {
    return await carryOut(verb, terminal, manager, given);
  }
  const plan = await agreedPlan(verb, terminal, manager, filter, { ask: !yes });
  if (!plan) {
    return ExitCode.interrupted;
  }
  const ids = plan.flatMap((item) => (item.ok ? item.jobId : []));
  const refused = plan.flatMap((item) => (item.ok ? [] : item));
  return await carryOut(verb, terminal, manager, ids, refused);
}

function planOf(manager: BackgroundCopyManager, target: Target, { signal }: Terminal): Promise<JobPlan[]> {
  return manager.cancelJobs(target, { whatIf: true, signal });
}

function planLines(verb: Verb, terminal: Terminal, plan: readonly JobPlan[], width: number): string[] {
  const jobs = plan.flatMap((item) => (item.ok ? item.job : []));
  return [
    ...(jobs.length > 0 ? jobTable(terminal, jobs, width) : []),
    ...plan.flatMap((item) => (item.ok ? [] : outcomeLines(terminal, item))),
    terminal.words(`${verb.name}.plan`, { count: jobs.length }),
  ];
}

async function showPlan(verb: Verb, terminal: Terminal, manager: BackgroundCopyManager, target: Target) {
  const plan = await planOf(manager, target, terminal);
  for (const line of planLines(verb, terminal, plan, terminal.width)) {
    terminal.line(line);
  }
  const { service, locale } = manager;
  const jobs = plan.map((item) => (item.ok ? { ok: true, ...item.job } : refusal(item)));
  terminal.document({ service, locale, whatIf: true, jobs });
  return worstExitCode(plan.flatMap((item) => (item.ok ? [] : exitCodeOf(item.error))));
}

/**
 * The jobs that the filter selects now: the command changes the jobs that it showed, not those that the filter would select later.
 * Undefined if the user does not confirm. Without jobs, there is nothing to confirm.
 */
async function agreedPlan(
  verb: Verb,
  terminal: Terminal,
  manager: BackgroundCopyManager,
  filter: JobFilter,
  { ask }: { readonly ask: boolean },
): Promise<JobPlan[] | undefined> {
  try {
    const plan = await planOf(manager, filter, terminal);
    if (!ask || !plan.some(({ ok }) => ok) || (await isAgreed(verb, terminal, plan))) {
      return plan;
    }
  } catch (error) {
    if (!terminal.signal.aborted) {
      throw error;
    }
    const { service, locale } = manager;
    terminal.document({ service, locale, jobs: [] });
  }
  terminal.note(terminal.words("question.declined"));
  return undefined;
}

/** Whether the user has seen the jobs and agreed. */
function isAgreed(verb: Verb, terminal: Terminal, plan: readonly JobPlan[]): Promise<boolean> {
  for (const line of planLines(verb, terminal, plan, terminal.widthOfNotes)) {
    terminal.note(line);
  }
  return isAgreedTo(terminal, terminal.words("question.ask"));
}

/**
 * Calls the method. `refused` contains the outcomes of jobs for which it is unknown whether the filter selects them: they are reported
 * with the others.
 */
async function carryOut(
  verb: Verb,
  terminal: Terminal,
  manager: BackgroundCopyManager,
  ids: readonly string[],
  refused: readonly Refused[] = [],
): Promise<number> {
  const soFar: JobOutcome<VerbResult>[] = [...refused];
  const live = terminal.isInteractive ? new LiveLines(terminal.stderr) : undefined;
  const onProgress = ({ done, total, outcomes }: BulkProgress<VerbResult>) => {
    soFar.push(...outcomes);
    if (done < total) {
      live?.draw([terminal.words("bulk.progress", { done, total })]);
    }
  };
  const { signal } = terminal;
  try {
    const outcomes = [...refused, ...(await verb.apply(manager, ids, { signal, onProgress }))];
    live?.clear();
    report(verb, terminal, manager, outcomes, outcomes.length);
    return worstExitCode(
      outcomes.map((outcome) => (outcome.ok ? exitCodeOfResult(outcome.result) : exitCodeOf(outcome.error))),
    );
  } catch (error) {
    if (!signal.aborted) {
      throw error;
    }
    // The outcomes so far are reported; those of the current group are unknown.
    live?.clear();
    report(verb, terminal, manager, soFar, refused.length + ids.length);
    terminal.note(terminal.words("bulk.interrupted"));
    throw error;
  }
}

function report(
  verb: Verb,
  terminal: Terminal,
  { service, locale }: BackgroundCopyManager,
  outcomes: readonly JobOutcome<VerbResult>[],
  total: number,
): void {
  for (const line of outcomes.flatMap((outcome) => outcomeLines(terminal, outcome))) {
    terminal.line(line);
  }
  const count = outcomes.filter(({ ok }) => ok).length;
  const reserved = outcomes.filter((outcome) => outcome.ok && outcome.result.warning).length;
  terminal.line(terminal.words(`${verb.name}.summary`, { count, total }));
  if (reserved > 0) {
    terminal.line(terminal.style("yellow", terminal.words("bulk.warnings", { count: reserved })));
  }
  // If the answers for many jobs were lost together, the error is the same for all.
  const lost = outcomes.find((outcome) => !outcome.ok && outcome.error instanceof BridgeError);
  for (const line of diagnosticLines(terminal.language, lost && !lost.ok ? lost.error : undefined)) {
    terminal.note(line);
  }
  const jobs = outcomes.map((outcome) => (outcome.ok ? { ok: true, ...outcome.result } : refusal(outcome)));
  terminal.document({ service, locale, jobs });
}

type Refused = Extract<JobOutcome<VerbResult>, { ok: false }>;

function refusal({ jobId, error }: Refused): object {
  return { ok: false, ...error.toJSON(), jobId };
}

/** The outcome for a job, as text. */
function outcomeLines(terminal: Terminal, outcome: JobOutcome<VerbResult> | Refused): string[] {
  const indent = (lines: readonly string[]) => lines.map((line) => `  ${line}`);
  const { jobId } = outcome;
  if (!outcome.ok) {
    const { code, message } = outcome.error;
    const advice = adviceOf(terminal.language, outcome.error);
    return [
      `${jobId}  ${terminal.style("red", code)}  ${printableSentence(message)}`,
      ...indent(advice ? [advice] : []),
    ];
  }
  const { leftoverFiles = [], jobError } = outcome.result as Partial<CancelResult> & VerbResult;
  const [said = "", ...reservation] = resultLines(terminal, outcome.result);
  return [
    `${jobId}  ${said}`,
    ...indent(reservation),
    ...indent(leftoverFiles.map((name) => terminal.words("bulk.leftoverFile", { name: printable(name) }))),
    ...(jobError ? indent([terminal.words("bulk.failedBefore"), ...errorLines(terminal, jobError)]) : []),
  ];
}

const apply =
  (method: "cancelJobs" | "suspendJobs" | "resumeJobs" | "completeJobs"): Verb["apply"] =>
  (manager, ids, options) =>
    manager[method](ids, options);

export const cancel = bulkCommand({
  name: "cancel",
  examples: [
    "cancel 6f0f2b0c-6b1a-4f0e-9d38-0a54f2a1c3de --service bits",
    "cancel --state error --modified-before 7d --service bits --what-if",
    'cancel --name "*update*" --service bits --yes --json',
  ],
  apply: apply("cancelJobs"),
});

export const suspend = bulkCommand({
  name: "suspend",
  examples: ["suspend 6f0f2b0c-6b1a-4f0e-9d38-0a54f2a1c3de", "suspend --state transferring --service bits"],
  apply: apply("suspendJobs"),
});

export const resume = bulkCommand({
  name: "resume",
  examples: [
    "resume 6f0f2b0c-6b1a-4f0e-9d38-0a54f2a1c3de",
    "resume --state suspended --created-before 2026-11-21 --service bits",
  ],
  apply: apply("resumeJobs"),
});

export const complete = bulkCommand({
  name: "complete",
  examples: ["complete 6f0f2b0c-6b1a-4f0e-9d38-0a54f2a1c3de", "complete --state transferred --service bits --yes"],
  apply: apply("completeJobs"),
});
