import type { JobFilter } from "../calls/filter.js";
import { choice } from "../calls/kinds.js";
import { wildcard } from "../calls/wildcard.js";
import { RUNNER_SCRIPT } from "../made/runner-script.js";
import { SENT_MODULE } from "../made/sent-module.js";
import { JOB_STATE } from "../model/job.js";
import { badArgument, checkJobIds, checkNoOthers, checkObject, checkString } from "../words/arguments.js";
import { languageAndOptions } from "../words/caller-language.js";
import type { Language } from "../words/messages.js";

/** The tools that run a script on many computers. They keep different amounts of its output. */
export type RunnerTool = "configuration-manager" | "intune" | "ansible";
export const RUNNER_TOOLS = ["configuration-manager", "intune", "ansible"] as const satisfies readonly RunnerTool[];

/** The actions of the script. */
export type RunnerAction = "list" | "cancel" | "suspend" | "resume" | "complete";
export const RUNNER_ACTIONS = [
  "list",
  "cancel",
  "suspend",
  "resume",
  "complete",
] as const satisfies readonly RunnerAction[];

const RUNNER_SERVICES = ["bits", "delivery-optimization"] as const;

/** The options of {@link runnerScript}, which are the defaults of the script's parameters. */
export interface RunnerScriptOptions {
  readonly tool: RunnerTool;
  /** The action of the script. Default: `"list"`. */
  readonly action?: RunnerAction | undefined;
  /** The IDs of the jobs to change. Required for Intune, which doesn't pass parameters to scripts. */
  readonly jobIds?: readonly string[] | undefined;
  /** The conditions of the jobs that `"list"` returns. Default: all jobs of all users. */
  readonly filter?: Pick<JobFilter, "state" | "displayName" | "owner"> | undefined;
  /** The service that manages the jobs. Default: `"bits"`. */
  readonly service?: (typeof RUNNER_SERVICES)[number] | undefined;
  /** The language of the errors, as a BCP 47 tag. */
  readonly locale?: string | undefined;
}

function oneOf<T extends string>(language: Language, name: string, values: readonly T[], value: unknown): T {
  const found = values.find((one) => one === value);
  if (!found) {
    throw badArgument(language, "choice", { name, value, choices: values.join(", ") });
  }
  return found;
}

function checkPattern(language: Language, name: string, value: unknown): string {
  const pattern = checkString(language, name, value);
  if (!wildcard(pattern)) {
    throw badArgument(language, "wildcard", { name, value: pattern.slice(0, 100) });
  }
  return pattern;
}

function conditions(language: Language, filter: RunnerScriptOptions["filter"]): Readonly<Record<string, string>> {
  const { state, displayName, owner } = checkObject(language, "filter", filter ?? {}, [
    "state",
    "displayName",
    "owner",
  ]);
  const states = state === undefined ? [] : [state].flat();
  for (const one of states) {
    choice(JOB_STATE).write(one, "state", language);
  }
  return {
    State: states.join(","),
    DisplayName: displayName === undefined ? "" : checkPattern(language, "displayName", displayName),
    Owner: owner === undefined ? "" : checkPattern(language, "owner", owner),
  };
}

/**
 * A text as an expression of PowerShell in ASCII, which means the same in every code page. Other characters are their numbers: PowerShell
 * treats several quotation marks like the one of ASCII.
 */
function literal(text: string): string {
  if (/^[ -~]*$/.test(text)) {
    return `'${text.replaceAll("'", "''")}'`;
  }
  return `(-join [char[]](${Array.from({ length: text.length }, (_, i) => text.charCodeAt(i)).join(", ")}))`;
}

/**
 * Returns a script for a tool that runs scripts on many computers. The script contains the module and requires no installation on the
 * computers. It prints one line of JSON, which {@link readAnswers} reads.
 *
 * @param options - The tool, the action, and the jobs.
 * @returns The text of the script, in ASCII.
 * @throws TypeError if an option isn't valid.
 *
 * @example
 * ```ts
 * import { writeFile } from "node:fs/promises";
 * import { runnerScript } from "background-copy/fleet";
 *
 * const script = runnerScript({ tool: "configuration-manager", filter: { state: "BG_JOB_STATE_ERROR" } });
 * await writeFile("C:\\Fleet\\list-failed.ps1", script);
 * ```
 */
export function runnerScript(options: RunnerScriptOptions): string {
  const { language, given } = languageAndOptions(options);
  const { tool, action = "list", jobIds = [], filter, service = "bits", locale: _, ...others } = given;
  checkNoOthers(language, others);
  oneOf(language, "tool", RUNNER_TOOLS, tool);
  oneOf(language, "action", RUNNER_ACTIONS, action);
  oneOf(language, "service", RUNNER_SERVICES, service);
  if (!Array.isArray(jobIds) || (action !== "list" && tool === "intune" && jobIds.length === 0)) {
    throw badArgument(language, "array", { name: "jobIds" });
  }
  const ids = checkJobIds(language, jobIds);
  // The script refuses these too, but on every computer.
  if (action === "list" ? ids.length > 0 : filter !== undefined) {
    throw badArgument(language, "option", { value: action === "list" ? "jobIds" : "filter" });
  }
  const values = {
    Tool: tool,
    Action: action,
    JobId: ids.join(","),
    ...conditions(language, filter),
    Service: service,
  };
  return Object.entries(values).reduce(
    (text, [name, value]) =>
      text.replace(new RegExp(`(?<=^ +\\[string\\]\\$${name} = )'.*'`, "m"), () => literal(value)),
    RUNNER_SCRIPT.before + SENT_MODULE["delivery-optimization"].text + RUNNER_SCRIPT.after,
  );
}
