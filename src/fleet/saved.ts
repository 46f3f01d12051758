import * as v from "valibot";
import { JOB_STATE, type JobState } from "../model/job.js";
import { SERVICES } from "../model/services.js";
import { BRIDGE_ERROR_CODES, type BridgeErrorCode } from "../words/bridge-codes.js";

// What a fleet saves in files and reads back. A file might have been changed, so that its contents are checked like those of a stranger.

const text = v.pipe(v.string(), v.maxLength(100_000));
const jobId = v.pipe(v.string(), v.regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/));
const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const time = v.pipe(v.string(), v.isoTimestamp());

const plannedJob = v.strictObject({
  jobId,
  state: v.custom<JobState>((value) => JOB_STATE.toValue(value) !== undefined),
  displayName: v.optional(text),
  owner: v.optional(text),
  ownerIntegrityLevel: v.optional(count),
  created: v.optional(time),
});

/** The values in the message of an error, in the order of their names, because the hash of a plan depends on it. */
const values = v.pipe(
  v.record(v.string(), v.union([text, v.number()])),
  v.transform((record) => Object.fromEntries(Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1)))),
);

/** The parts of the message of an error. The message itself is in the language of the program that saved it, and is left out. */
const error = v.union([
  v.object({
    code: v.custom<BridgeErrorCode>((value) => BRIDGE_ERROR_CODES.includes(value as string)),
    outcome: v.picklist(["not sent", "unknown"]),
    hresult: v.optional(count),
    details: v.object({ feature: v.optional(text), values: v.optional(values) }),
  }),
  v.object({
    hresult: count,
    method: text,
    calledMethod: v.optional(text),
    knownTo: v.optional(v.picklist(SERVICES)),
    service: v.picklist(SERVICES),
    jobId: v.optional(jobId),
    property: v.optional(text),
  }),
]);

const plannedHost = v.strictObject({
  name: text,
  address: text,
  port: v.optional(count),
  user: v.optional(text),
  status: v.picklist(["done", "refused", "failed", "unreachable", "lost", "timed out", "skipped"]),
  error: v.optional(error),
  jobs: v.array(plannedJob),
});

const plan = v.strictObject({
  fleetPlan: v.literal(1),
  service: v.picklist(["bits", "delivery-optimization"]),
  created: time,
  hosts: v.array(plannedHost),
  hash: sha256,
});

const journalLine = v.variant("line", [
  v.object({
    line: v.literal("run"),
    fleetJournal: v.literal(1),
    run: sha256,
    method: text,
    seed: count,
    total: count,
    engine: text,
    user: text,
    from: text,
    time: text,
  }),
  v.object({ line: v.literal("sent"), host: text, jobIds: v.array(jobId), module: text, time: text }),
  v.object({
    line: v.literal("done"),
    host: text,
    status: text,
    outcome: v.picklist(["complete", "not sent", "unknown"]),
    items: v.array(v.looseObject({ jobId })),
    resent: v.array(jobId),
    code: v.optional(text),
    startedAt: v.optional(text),
    durationInMs: v.number(),
    time: text,
  }),
]);

export type SavedError = v.InferOutput<typeof error>;
export type SavedPlan = v.InferOutput<typeof plan>;
export type JournalLine = v.InferOutput<typeof journalLine>;
export type LineOf<K extends JournalLine["line"]> = Extract<JournalLine, { line: K }>;

/** A plan with its properties in the order of the schema, or the name of the first property that is not valid. */
export function parsePlan(value: unknown): SavedPlan | string {
  const { success, output, issues } = v.safeParse(plan, value, { abortEarly: true });
  return success ? output : (v.getDotPath(issues[0]) ?? "fleetPlan");
}

/** A line of a journal, or `undefined` if the text is none. */
export function parseLine(text: string): JournalLine | undefined {
  try {
    const { success, output } = v.safeParse(journalLine, JSON.parse(text));
    return success ? output : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a job can be part of a plan: a host might send anything. */
export function isPlannable(job: unknown): boolean {
  return v.is(plannedJob, job);
}
