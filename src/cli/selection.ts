import type { Options } from "yargs";
import type { JobFilter } from "../index.js";
import { JOB_STATE } from "../model/job.js";
import { checkJobId, checkJobIds } from "../words/arguments.js";
import { flag, repeated, shortName, single, type Words } from "./command.js";
import { UsageError } from "./exit-code.js";
import { parsePointInTime } from "./point-in-time.js";
import type { GlobalOptions, Terminal } from "./terminal.js";

/** The options that select jobs. */
export interface FilterArguments extends GlobalOptions {
  readonly state?: readonly string[] | undefined;
  readonly name?: string | undefined;
  readonly owner?: string | undefined;
  readonly createdBefore?: string | undefined;
  readonly modifiedBefore?: string | undefined;
  readonly allUsers?: boolean | undefined;
}

const STATES = new Map(JOB_STATE.names.map((state) => [shortName("BG_JOB_STATE_", state), state]));

export function filterOptions(words: Words): Record<string, Options> {
  return {
    state: repeated(words, "state", { choices: [...STATES.keys()] }),
    name: single(words, "name"),
    owner: single(words, "owner"),
    "created-before": single(words, "createdBefore"),
    "modified-before": single(words, "modifiedBefore"),
    "all-users": flag(words, "allUsers"),
  };
}

/** The IDs on the command line, each once, in any notation. */
export function uniqueIds({ language }: Terminal, ids: readonly string[]): string[] {
  // A single ID has no position to report.
  return ids.length === 1 ? [checkJobId(language, ids[0])] : [...new Set(checkJobIds(language, ids))];
}

/** The filter on the command line, or undefined if it has no condition. */
export function filterOf(terminal: Terminal, options: FilterArguments): JobFilter | undefined {
  const { state, name, owner, createdBefore, modifiedBefore, allUsers } = options;
  const before = (option: string, value: string | undefined) =>
    value === undefined ? {} : { [option]: pointInTime(terminal, value) };
  const conditions: JobFilter = {
    ...(state && { state: state.flatMap((short) => STATES.get(short) ?? []) }),
    ...(name !== undefined && { displayName: name }),
    ...(owner !== undefined && { owner }),
    ...before("createdBefore", createdBefore),
    ...before("modifiedBefore", modifiedBefore),
  };
  return Object.keys(conditions).length > 0 ? { ...conditions, ...(allUsers && { allUsers }) } : undefined;
}

function pointInTime(terminal: Terminal, value: string): Date {
  const point = parsePointInTime(value);
  if (!point) {
    throw new UsageError(terminal.words("badTime", { value }));
  }
  return point;
}
