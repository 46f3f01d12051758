import { Enumeration } from "./enumeration.js";

// The documented enumerations that describe a job. An unknown value is kept with its number.

/**
 * The states of a job, named as in [Microsoft's documentation](https://learn.microsoft.com/windows/win32/api/bits/ne-bits-bg_job_state)
 * (BG_JOB_STATE). An undocumented state is kept with its number: `BG_JOB_STATE(42)`.
 *
 * - `BG_JOB_STATE_QUEUED` (Queued): The job is waiting in the transfer queue.
 * - `BG_JOB_STATE_CONNECTING` (Connecting): The service is connecting to the server.
 * - `BG_JOB_STATE_TRANSFERRING` (Transferring): The service is transferring files.
 * - `BG_JOB_STATE_SUSPENDED` (Suspended): The job is suspended until you resume it. New jobs are in this state.
 * - `BG_JOB_STATE_ERROR` (Error): The transfer failed, and the service doesn't retry until you resume the job.
 * - `BG_JOB_STATE_TRANSIENT_ERROR` (Transient error): The transfer failed, and the service retries automatically.
 * - `BG_JOB_STATE_TRANSFERRED` (Transferred): All files are transferred, and the job can be completed.
 * - `BG_JOB_STATE_ACKNOWLEDGED` (Acknowledged): The job has been completed.
 * - `BG_JOB_STATE_CANCELLED` (Canceled): The job has been canceled.
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

/** The states of a canceled or completed job, on which no method has an effect. */
export const FINAL_STATES: readonly JobState[] = ["BG_JOB_STATE_ACKNOWLEDGED", "BG_JOB_STATE_CANCELLED"];

/** The states that do not change without intervention, or at all: a watch ends there. */
export const LAST_STATES: readonly JobState[] = ["BG_JOB_STATE_TRANSFERRED", "BG_JOB_STATE_ERROR", ...FINAL_STATES];

/**
 * The types of a job, named as in [Microsoft's documentation](https://learn.microsoft.com/windows/win32/api/bits/ne-bits-bg_job_type)
 * (BG_JOB_TYPE).
 */
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

/**
 * The priorities of a job, named as in
 * [Microsoft's documentation](https://learn.microsoft.com/windows/win32/api/bits/ne-bits-bg_job_priority) (BG_JOB_PRIORITY).
 */
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

/**
 * The part of the transfer in which an error occurred, named as in
 * [Microsoft's documentation](https://learn.microsoft.com/windows/win32/api/bits/ne-bits-bg_error_context) (BG_ERROR_CONTEXT).
 */
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
