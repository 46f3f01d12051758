import { Enumeration } from "./enumeration.js";

// The documentation's enumerations of what a job is. A value that they do not know is kept with its number.

/**
 * The states of a job, under the documentation's names (BG_JOB_STATE). A state that the documentation does not know is kept
 * with its number: `BG_JOB_STATE(42)`.
 *
 * - `BG_JOB_STATE_QUEUED` (Queued): the job waits for its turn.
 * - `BG_JOB_STATE_CONNECTING` (Connecting): the service is connecting to the server.
 * - `BG_JOB_STATE_TRANSFERRING` (Transferring): files are being transferred.
 * - `BG_JOB_STATE_SUSPENDED` (Suspended): nothing happens until the job is resumed. A new job begins so.
 * - `BG_JOB_STATE_ERROR` (Error): the transfer failed, and nothing happens until the job is resumed.
 * - `BG_JOB_STATE_TRANSIENT_ERROR` (Transient error): the transfer failed, and the service will try again by itself.
 * - `BG_JOB_STATE_TRANSFERRED` (Transferred): all files have been transferred and wait for Complete.
 * - `BG_JOB_STATE_ACKNOWLEDGED` (Acknowledged): Complete has ended the job.
 * - `BG_JOB_STATE_CANCELLED` (Canceled): Cancel has ended the job.
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

export const JOB_STATE = new Enumeration<JobState>("BG_JOB_STATE", {
  BG_JOB_STATE_QUEUED: 0,
  BG_JOB_STATE_CONNECTING: 1,
  BG_JOB_STATE_TRANSFERRING: 2,
  BG_JOB_STATE_SUSPENDED: 3,
  BG_JOB_STATE_ERROR: 4,
  BG_JOB_STATE_TRANSIENT_ERROR: 5,
  BG_JOB_STATE_TRANSFERRED: 6,
  BG_JOB_STATE_ACKNOWLEDGED: 7,
  BG_JOB_STATE_CANCELLED: 8,
});

/** The states in which a job is over: no verb is taken any more. */
export const FINAL_STATES: readonly JobState[] = ["BG_JOB_STATE_ACKNOWLEDGED", "BG_JOB_STATE_CANCELLED"];

/** The states in which nothing more happens by itself, or ever: a watch ends there. */
export const LAST_STATES: readonly JobState[] = ["BG_JOB_STATE_TRANSFERRED", "BG_JOB_STATE_ERROR", ...FINAL_STATES];

/** The kinds of job, under the documentation's names (BG_JOB_TYPE). */
export type JobType =
  | "BG_JOB_TYPE_DOWNLOAD"
  | "BG_JOB_TYPE_UPLOAD"
  | "BG_JOB_TYPE_UPLOAD_REPLY"
  | `BG_JOB_TYPE(${number})`;

export const JOB_TYPE = new Enumeration<JobType>("BG_JOB_TYPE", {
  BG_JOB_TYPE_DOWNLOAD: 0,
  BG_JOB_TYPE_UPLOAD: 1,
  BG_JOB_TYPE_UPLOAD_REPLY: 2,
});

/** The priorities of a job, under the documentation's names (BG_JOB_PRIORITY). */
export type JobPriority =
  | "BG_JOB_PRIORITY_FOREGROUND"
  | "BG_JOB_PRIORITY_HIGH"
  | "BG_JOB_PRIORITY_NORMAL"
  | "BG_JOB_PRIORITY_LOW"
  | `BG_JOB_PRIORITY(${number})`;

export const JOB_PRIORITY = new Enumeration<JobPriority>("BG_JOB_PRIORITY", {
  BG_JOB_PRIORITY_FOREGROUND: 0,
  BG_JOB_PRIORITY_HIGH: 1,
  BG_JOB_PRIORITY_NORMAL: 2,
  BG_JOB_PRIORITY_LOW: 3,
});

/** Where a job's error occurred, under the documentation's names (BG_ERROR_CONTEXT). */
export type JobErrorContext =
  | "BG_ERROR_CONTEXT_NONE"
  | "BG_ERROR_CONTEXT_UNKNOWN"
  | "BG_ERROR_CONTEXT_GENERAL_QUEUE_MANAGER"
  | "BG_ERROR_CONTEXT_QUEUE_MANAGER_NOTIFICATION"
  | "BG_ERROR_CONTEXT_LOCAL_FILE"
  | "BG_ERROR_CONTEXT_REMOTE_FILE"
  | "BG_ERROR_CONTEXT_GENERAL_TRANSPORT"
  | "BG_ERROR_CONTEXT_REMOTE_APPLICATION"
  | "BG_ERROR_CONTEXT_SERVER_CERTIFICATE_CALLBACK"
  | `BG_ERROR_CONTEXT(${number})`;

export const JOB_ERROR_CONTEXT = new Enumeration<JobErrorContext>("BG_ERROR_CONTEXT", {
  BG_ERROR_CONTEXT_NONE: 0,
  BG_ERROR_CONTEXT_UNKNOWN: 1,
  BG_ERROR_CONTEXT_GENERAL_QUEUE_MANAGER: 2,
  BG_ERROR_CONTEXT_QUEUE_MANAGER_NOTIFICATION: 3,
  BG_ERROR_CONTEXT_LOCAL_FILE: 4,
  BG_ERROR_CONTEXT_REMOTE_FILE: 5,
  BG_ERROR_CONTEXT_GENERAL_TRANSPORT: 6,
  BG_ERROR_CONTEXT_REMOTE_APPLICATION: 7,
  BG_ERROR_CONTEXT_SERVER_CERTIFICATE_CALLBACK: 8,
});
