import { createHash } from "node:crypto";
import type { JobDescription } from "../calls/description.js";
import type { FleetHost } from "../port/engine.js";
import { badArgument } from "../words/arguments.js";
import { BackgroundCopyError, BridgeError } from "../words/errors.js";
import type { Language } from "../words/messages.js";
import type { HostOutcome, HostStatus } from "./outcome.js";
import { parsePlan, type SavedError, type SavedPlan } from "./saved.js";
import type { FleetServiceName } from "./options.js";

/** A job of a plan. */
export interface PlannedJob {
  readonly jobId: string;
  readonly state: JobDescription["state"];
  readonly displayName?: string | undefined;
  readonly owner?: string | undefined;
  /** The integrity level of the owner's token. At 0x4000 (SYSTEM) and above, an administrator can't change the job. */
  readonly ownerIntegrityLevel?: number | undefined;
  /** The time when the job was created, in ISO 8601 format. */
  readonly created?: string | undefined;
}

/** A host of a plan. */
export interface PlannedHost extends FleetHost {
  /** The status of the host: `"done"` if its jobs are listed. */
  readonly status: HostStatus;
  /** The reason why the jobs aren't listed. */
  readonly error?: BackgroundCopyError | BridgeError | undefined;
  readonly jobs: readonly PlannedJob[];
}

/** The jobs of a fleet at one time. The plan can be saved as JSON. */
export interface FleetPlan {
  /** The version of the format. */
  readonly fleetPlan: 1;
  readonly service: FleetServiceName;
  /** The time when the plan was made, in ISO 8601 format. */
  readonly created: string;
  readonly hosts: readonly PlannedHost[];
  /** The SHA-256 of the other properties, which shows that the plan wasn't changed. */
  readonly hash: string;
}

function hashOf({ hash, ...contents }: SavedPlan): string {
  return createHash("sha256").update(JSON.stringify(contents)).digest("hex");
}

export function plannedJob(job: JobDescription): PlannedJob {
  const { jobId, state, displayName, owner, ownerIntegrityLevel, creationTime } = job;
  return {
    jobId,
    state,
    ...(displayName !== undefined && { displayName }),
    ...(owner !== undefined && { owner }),
    ...(ownerIntegrityLevel !== undefined && { ownerIntegrityLevel }),
    ...(creationTime !== undefined && { created: creationTime.toISOString() }),
  };
}

/** What a plan contains of a host, from the outcome of its list. */
export function plannedHost({
  status,
  error,
  jobs,
}: HostOutcome<JobDescription>): Pick<PlannedHost, "status" | "error" | "jobs"> {
  return { status, ...(error && { error }), jobs: jobs.map(plannedJob) };
}

function errorOf(language: Language, saved: SavedError): BackgroundCopyError | BridgeError {
  if (!("outcome" in saved)) {
    return new BackgroundCopyError(saved, language);
  }
  const { code, outcome, hresult, details } = saved;
  return new BridgeError(code, { outcome, ...(hresult !== undefined && { hresult }), ...details }, language);
}

/** The plan with the errors of its hosts in the language of the reader. */
function worded(language: Language, { hosts, ...plan }: SavedPlan): FleetPlan {
  return {
    ...plan,
    hosts: hosts.map(({ error, ...host }) => ({ ...host, ...(error && { error: errorOf(language, error) }) })),
  };
}

export function makePlan(language: Language, service: FleetServiceName, hosts: readonly PlannedHost[]): FleetPlan {
  const contents = { fleetPlan: 1, service, created: new Date().toISOString(), hosts, hash: "0".repeat(64) };
  // The hash depends on the order of the properties, which is that of the schema.
  const plan = parsePlan(JSON.parse(JSON.stringify(contents)));
  if (typeof plan === "string") {
    throw new TypeError(plan);
  }
  return worded(language, { ...plan, hash: hashOf(plan) });
}

/**
 * Checks a plan.
 *
 * @throws TypeError if it is not a plan, or if it was changed.
 */
export function checkPlan(language: Language, value: unknown): FleetPlan {
  const plan = parsePlan(value);
  if (typeof plan === "string") {
    throw badArgument(language, "plan", { name: plan });
  }
  if (hashOf(plan) !== plan.hash) {
    throw badArgument(language, "planHash");
  }
  return worded(language, plan);
}

/** Whether a target is meant to be a plan, even if it is not valid. */
export function isPlan(target: unknown): target is FleetPlan {
  return Object.hasOwn(Object(target), "fleetPlan");
}
