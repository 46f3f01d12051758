import { JOB_STATE, type JobState } from "../model/job.js";
import type { PropertyName } from "../model/settings.js";
import type { Outcome, WireJob } from "../port/protocol.js";
import { badArgument, checkBoolean, checkDate, checkString } from "../words/arguments.js";
import type { Language } from "../words/messages.js";
import { propertiesOf } from "../words/properties-of.js";
import { demand, demandReadable } from "./demand.js";
import type { JobSummary } from "./description.js";
import { choice } from "./kinds.js";
import type { Session } from "./session.js";
import { wildcard } from "./wildcard.js";

/**
 * A filter for jobs. A job must meet all the given conditions. If a property of the job isn't known, the job doesn't meet the condition.
 */
export interface JobFilter {
  /** One state or several states. */
  readonly state?: JobState | readonly JobState[] | undefined;
  /** The display name, with the wildcards of the -like operator in PowerShell: `*`, `?`, and `[a-z]`. Not case-sensitive. */
  readonly displayName?: string | undefined;
  /** The owner, with the same wildcards; on Windows, a SID. */
  readonly owner?: string | undefined;
  /** Selects jobs created before this time. */
  readonly createdBefore?: Date | undefined;
  /** Selects jobs neither changed nor transferred since this time. */
  readonly modifiedBefore?: Date | undefined;
  /**
   * Whether to include the jobs of other users, which requires administrator rights. This isn't a condition on its own. Default: `false`.
   */
  readonly allUsers?: boolean | undefined;
}

/** A filter that has been checked. */
export interface CheckedFilter {
  readonly allUsers: boolean;
  /** Whether the filter has any condition. */
  readonly isSelective: boolean;
  matches(job: JobSummary): boolean;
  /**
   * The refusal because of which it is unknown whether the job matches: the job meets all conditions, except those for properties that
   * the service refused to return.
   */
  refusalOf(job: JobSummary, refused: WireJob["refused"]): Pick<Outcome, "hresult" | "method"> | undefined;
}

type Condition = (job: JobSummary) => boolean;

/** The property on which a condition depends, and the documented method that returns it. */
interface Source {
  readonly property: PropertyName;
  readonly wireName: keyof NonNullable<WireJob["refused"]>;
  readonly method: string;
}

const DISPLAY_NAME: Source = {
  property: "displayName",
  wireName: "displayName",
  method: "IBackgroundCopyJob::GetDisplayName",
};
const OWNER: Source = { property: "owner", wireName: "owner", method: "IBackgroundCopyJob::GetOwner" };
const TIMES = { wireName: "times", method: "IBackgroundCopyJob::GetTimes" } as const;

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

// What a condition requires of the service in addition to a list of its jobs, and how the condition is tested.
const CONDITIONS: Readonly<
  Record<
    Exclude<keyof JobFilter, "allUsers">,
    { readonly source?: Source; make(language: Language, value: unknown): Condition }
  >
> = {
  state: { make: stateCondition },
  displayName: {
    source: DISPLAY_NAME,
    make: (language, value) => textCondition(language, "displayName", value),
  },
  owner: { source: OWNER, make: (language, value) => textCondition(language, "owner", value) },
  createdBefore: {
    source: { property: "creationTime", ...TIMES },
    make: (language, value) => timeCondition(language, "createdBefore", "creationTime", value),
  },
  modifiedBefore: {
    source: { property: "modificationTime", ...TIMES },
    make: (language, value) => timeCondition(language, "modifiedBefore", "modificationTime", value),
  },
};

/**
 * Checks a filter.
 *
 * @throws TypeError if the value is not a valid filter, including a filter with an unknown condition, which would select more jobs than
 *   intended.
 * @throws BridgeError `UNSUPPORTED` if the service does not return the properties that the filter needs.
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
  const conditions: { readonly isMet: Condition; readonly source: Source | undefined }[] = [];
  for (const [name, { source, make }] of Object.entries(CONDITIONS)) {
    const value = given[name as keyof typeof CONDITIONS];
    if (value !== undefined) {
      conditions.push({ isMet: make(language, value), source });
      if (source) {
        demandReadable(session, source.property);
      }
    }
  }
  return {
    allUsers,
    isSelective: conditions.length > 0,
    matches: (job) => conditions.every(({ isMet }) => isMet(job)),
    refusalOf: (job, refused = {}) => {
      const refusals = conditions
        .filter(({ isMet }) => !isMet(job))
        .map(({ source }) => {
          const hresult = source && refused[source.wireName];
          return source && hresult !== undefined ? { hresult, method: source.method } : undefined;
        });
      return refusals.every((refusal) => refusal) ? refusals[0] : undefined;
    },
  };
}
