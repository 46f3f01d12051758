import { JOB_STATE, type JobState } from "../model/job.js";
import type { PropertyName } from "../model/settings.js";
import { badArgument, checkBoolean, checkDate, checkString } from "../words/arguments.js";
import type { Language } from "../words/messages.js";
import { propertiesOf } from "../words/properties-of.js";
import { demand, demandReadable } from "./demand.js";
import type { JobSummary } from "./description.js";
import { choice } from "./kinds.js";
import type { Session } from "./session.js";
import { wildcard } from "./wildcard.js";

/** Which jobs are meant. A job has to meet every condition that is given; one whose property is not known does not meet it. */
export interface JobFilter {
  /** The state, or one of several. */
  readonly state?: JobState | readonly JobState[] | undefined;
  /** The display name, with the wildcards of PowerShell's -like: `*`, `?`, `[a-z]`. Letter case does not count. */
  readonly displayName?: string | undefined;
  /** The owner, with the same wildcards: on Windows a SID. */
  readonly owner?: string | undefined;
  /** Created before that time. */
  readonly createdBefore?: Date | undefined;
  /** Neither changed nor transferred since that time. */
  readonly modifiedBefore?: Date | undefined;
  /** Also the jobs of other users, for an administrator. No condition by itself. Default: the caller's own alone. */
  readonly allUsers?: boolean | undefined;
}

/** A filter that has been checked. */
export interface CheckedFilter {
  readonly allUsers: boolean;
  /** Whether there is any condition at all. */
  readonly isSelective: boolean;
  matches(job: JobSummary): boolean;
}

type Condition = (job: JobSummary) => boolean;

function stateCondition(language: Language, value: unknown): Condition {
  const states = [value].flat();
  for (const state of states) {
    choice(JOB_STATE).write(state, "state", language);
  }
  return ({ state }) => states.includes(state);
}

function textCondition(language: Language, name: "displayName" | "owner", value: unknown): Condition {
  const pattern = checkString(language, name, value);
  const matches = wildcard(pattern);
  if (!matches) {
    throw badArgument(language, "wildcard", { name, value: pattern.slice(0, 100) });
  }
  return ({ [name]: property }) => property !== undefined && matches(property);
}

function timeCondition(
  language: Language,
  name: "createdBefore" | "modifiedBefore",
  property: "creationTime" | "modificationTime",
  value: unknown,
): Condition {
  const limit = checkDate(language, name, value);
  return ({ [property]: time }) => time !== undefined && time < limit;
}

// What a condition asks of the service beside a list of its jobs, and how it is made.
const CONDITIONS: Readonly<
  Record<
    Exclude<keyof JobFilter, "allUsers">,
    { readonly property?: PropertyName; make(language: Language, value: unknown): Condition }
  >
> = {
  state: { make: stateCondition },
  displayName: {
    property: "displayName",
    make: (language, value) => textCondition(language, "displayName", value),
  },
  owner: { property: "owner", make: (language, value) => textCondition(language, "owner", value) },
  createdBefore: {
    property: "creationTime",
    make: (language, value) => timeCondition(language, "createdBefore", "creationTime", value),
  },
  modifiedBefore: {
    property: "modificationTime",
    make: (language, value) => timeCondition(language, "modifiedBefore", "modificationTime", value),
  },
};

/**
 * Checks a filter.
 *
 * @throws TypeError for what is no filter: also for a condition that there is none of, which would let more jobs through than were meant.
 * @throws BridgeError `UNSUPPORTED` where the service can't tell what is asked.
 */
export function checkFilter(session: Session, filter: JobFilter): CheckedFilter {
  const { language } = session;
  const given = propertiesOf(filter);
  if (!given) {
    throw badArgument(language, "filter");
  }
  const unknown = Object.keys(given).find((name) => name !== "allUsers" && !Object.hasOwn(CONDITIONS, name));
  if (unknown !== undefined) {
    throw badArgument(language, "condition", { value: unknown.slice(0, 100) });
  }
  const { allUsers = false } = given;
  checkBoolean(language, "allUsers", allUsers);
  demand(session, "listJobs");
  if (allUsers) {
    demand(session, "allUsers");
  }
  const conditions: Condition[] = [];
  for (const [name, { property, make }] of Object.entries(CONDITIONS)) {
    const value = given[name as keyof typeof CONDITIONS];
    if (value !== undefined) {
      conditions.push(make(language, value));
      if (property) {
        demandReadable(session, property);
      }
    }
  }
  return {
    allUsers,
    isSelective: conditions.length > 0,
    matches: (job) => conditions.every((condition) => condition(job)),
  };
}
