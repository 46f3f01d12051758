import type { BackgroundCopyJob, JobDescription } from "../../src/index.js";
import {
  documentedAction,
  documentedGet,
  documentedSet,
  documentedVerb,
  notFound,
  NO_VALUE,
  VALUE,
  type Documented,
} from "./documented.js";
import {
  ACTIONS,
  type Action,
  type Kind,
  PROPERTIES,
  type Property,
  SETTINGS,
  type State,
  valueFor,
  type Verb,
} from "./documented-calls.js";
import type { Cell } from "./table.habits.js";
import { codeOf, isIn, newFile, stateOf, type Subject } from "./table.jobs.js";

// Makes the calls of the table on a job, and compares their results.

/** The code of an outcome. */
async function codeFrom(call: Promise<{ readonly code: string }>): Promise<string> {
  try {
    return (await call).code;
  } catch (error) {
    return codeOf(error);
  }
}

/** A call, its result, and the documented result. */
export interface Tried extends Documented {
  readonly call: string;
  readonly code: string;
  /** The state after a verb. */
  readonly found?: string;
}

export async function tryVerb(job: BackgroundCopyJob, kind: Kind, state: State, verb: Verb): Promise<Tried[]> {
  const code = await codeFrom(job[verb]());
  return [{ call: verb, code, found: await stateOf(job), ...documentedVerb(kind, state, verb) }];
}

/** All calls that leave a job unchanged, for one job. */
export async function tryTheRest(
  job: BackgroundCopyJob,
  subject: Subject,
  state: State,
  folder: string,
): Promise<Tried[]> {
  const { type, url, path } = subject;
  const tried: Tried[] = [];
  const description = await job.describe().catch(codeOf);
  for (const property of PROPERTIES) {
    const code = typeof description === "string" ? description : told(description, property);
    tried.push({ call: `get ${property}`, code, ...documentedGet(subject, state, property) });
  }
  for (const setting of SETTINGS) {
    const code = await codeFrom(job.set({ [setting]: valueFor(type, setting) }));
    tried.push({ call: `set ${setting}`, code, ...documentedSet(subject, state, setting) });
  }
  // Of content that may change there are no ranges.
  await codeFrom(job.set({ dynamicContent: false }));
  const address = url(state) as string;
  const target = () => path(newFile(folder));
  const credentials = { target: "BG_AUTH_TARGET_SERVER", scheme: "BG_AUTH_SCHEME_BASIC" } as const;
  const actions: Readonly<Record<Action, () => Promise<{ readonly code: string }>>> = {
    setCredentials: () => job.setCredentials({ ...credentials, userName: "somebody", password: "secret" }),
    removeCredentials: () => job.removeCredentials(credentials.target, credentials.scheme),
    replaceRemotePrefix: () => job.replaceRemotePrefix(address, address),
    takeOwnership: () => job.takeOwnership(),
    addFile: () => job.addFile(address, target()),
    "addFile with ranges": () => job.addFile(address, target(), { ranges: [{ initialOffset: 0, length: 16 }] }),
  };
  for (const action of ACTIONS) {
    tried.push({
      call: action,
      code: await codeFrom(actions[action]()),
      ...documentedAction(subject, state, action),
    });
  }
  return tried;
}

function told(description: JobDescription, property: Property): string {
  return description.refused[property]?.code ?? (description[property] === undefined ? NO_VALUE : VALUE);
}

export function cellOf(subject: Subject, state: Cell["state"], { call, code, found, codes, after }: Tried): Cell {
  const { label: service, documentation, habits } = subject;
  const forgotten = found === notFound(documentation) ? "forgotten" : found;
  const cell: Cell = {
    service,
    state,
    call,
    outcome: [code, ...(forgotten === undefined ? [] : [forgotten])].join(", "),
    documented: [codes.join(" or "), ...(after ? [after.join(" or ")] : [])].join(", "),
    agrees: codes.includes(code) && (!after || isIn(documentation, after, found as string)),
  };
  const habit = cell.agrees ? undefined : habits.find(({ explains }) => explains(cell));
  return habit ? { ...cell, reason: habit.reason } : cell;
}
