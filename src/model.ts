/**
 * The states of a job, under the documentation's names (BG_JOB_STATE). A state that the documentation does not know is kept
 * with its number: `BG_JOB_STATE(42)`.
 */
export type JobState =
  | "BG_JOB_STATE_QUEUED"
  | "BG_JOB_STATE_CONNECTING"
  | "BG_JOB_STATE_TRANSFERRING"
  | "BG_JOB_STATE_SUSPENDED"
  | "BG_JOB_STATE_ERROR"
  | "BG_JOB_STATE_TRANSIENT_ERROR"
  | "BG_JOB_STATE_TRANSFERRED"
  | "BG_JOB_STATE_ACKNOWLEDGED"
  | "BG_JOB_STATE_CANCELLED"
  | `BG_JOB_STATE(${number})`;

/** The kinds of job, under the documentation's names (BG_JOB_TYPE). */
export type JobType = "BG_JOB_TYPE_DOWNLOAD" | "BG_JOB_TYPE_UPLOAD" | "BG_JOB_TYPE_UPLOAD_REPLY";

/** The priorities of a job, under the documentation's names (BG_JOB_PRIORITY). */
export type JobPriority =
  | "BG_JOB_PRIORITY_FOREGROUND"
  | "BG_JOB_PRIORITY_HIGH"
  | "BG_JOB_PRIORITY_NORMAL"
  | "BG_JOB_PRIORITY_LOW";

/** The services that hold jobs: the two of Windows, and the one inside the Node process. */
export type ServiceName = "delivery-optimization" | "bits" | "embedded";

// The position in each list is the value of the documented enumeration.
export const JOB_STATES: readonly JobState[] = [
  "BG_JOB_STATE_QUEUED",
  "BG_JOB_STATE_CONNECTING",
  "BG_JOB_STATE_TRANSFERRING",
  "BG_JOB_STATE_SUSPENDED",
  "BG_JOB_STATE_ERROR",
  "BG_JOB_STATE_TRANSIENT_ERROR",
  "BG_JOB_STATE_TRANSFERRED",
  "BG_JOB_STATE_ACKNOWLEDGED",
  "BG_JOB_STATE_CANCELLED",
];

export const JOB_TYPES: readonly JobType[] = ["BG_JOB_TYPE_DOWNLOAD", "BG_JOB_TYPE_UPLOAD", "BG_JOB_TYPE_UPLOAD_REPLY"];

export const JOB_PRIORITIES: readonly JobPriority[] = [
  "BG_JOB_PRIORITY_FOREGROUND",
  "BG_JOB_PRIORITY_HIGH",
  "BG_JOB_PRIORITY_NORMAL",
  "BG_JOB_PRIORITY_LOW",
];

/** The name of a state's number. */
export function jobStateName(value: number): JobState {
  return JOB_STATES[value] ?? `BG_JOB_STATE(${value})`;
}
