export { BackgroundCopyManager } from "./manager.js";
export { BackgroundCopyJob } from "./job.js";
export { BackgroundCopyError, BridgeError, LocalizedError } from "./errors.js";
export { explain } from "./explain.js";

export type { Capabilities, ManagerInterface } from "./capabilities.js";
export type { CancelJobsOptions, CancelOutcome, CancelProgress } from "./cancel.js";
export type { BridgeErrorCode, RequestOutcome } from "./errors.js";
export type { Explanation, ExplainOptions } from "./explain.js";
export type { Locale } from "./locale.js";
export type { CreateJobOptions } from "./manager.js";
export type { Wording } from "./messages.js";
export type { JobPriority, JobState, JobType, ServiceName } from "./model.js";
export type { ConnectOptions } from "./open-session.js";
export type { CancelResult, JobResult } from "./results.js";
export type { CallOptions } from "./session.js";
