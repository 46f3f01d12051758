import { createHash } from "node:crypto";
import type { JobDescription } from "../calls/description.js";
import type { FleetHost } from "../port/engine.js";
import { badArgument } from "../words/arguments.js";
import type { Language } from "../words/messages.js";
import type { HostOutcome, HostStatus } from "./outcome.js";
import { parsePlan, type SavedPlan } from "./saved.js";
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
  readonly message?: string | undefined;
  readonly jobs: readonly PlannedJob[];
}

/** The jobs of a fleet at one time, as plain data that can be saved as JSON. */
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
}: HostOutcome<JobDescription>): Pick<PlannedHost, "status" | "message" | "jobs"> {
  return { status, ...(error && { message: error.message }), jobs: jobs.map(plannedJob) };
}

export function makePlan(service: FleetServiceName, hosts: readonly PlannedHost[]): FleetPlan {
  const contents = { fleetPlan: 1, service, created: new Date().toISOString(), hosts, hash: "0".repeat(64) };
  // The hash depends on the order of the properties, which is that of the schema.
  const plan = parsePlan(JSON.parse(JSON.stringify(contents)));
  if (typeof plan === "string") {
    throw new TypeError(plan);
  }
  return { ...plan, hash: hashOf(plan) };
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
  return plan;
}

/** Whether a target is meant to be a plan, even if it is not valid. */
export function isPlan(target: unknown): target is FleetPlan {
  return Object.hasOwn(Object(target), "fleetPlan");
}
