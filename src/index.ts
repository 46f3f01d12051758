export { BackgroundCopyManager } from "./manager.js";
export { BackgroundCopyJob } from "./job.js";
export { BackgroundCopyError, BridgeError, LocalizedError } from "./errors.js";
export { explain } from "./explain.js";

export type {
  BulkOptions,
  BulkProgress,
  CancelOutcome,
  JobOutcome,
  JobPlan,
  JobTarget,
} from "./bulk.js";
export type { Capabilities, ManagerInterface } from "./capabilities.js";
export type { JobDescription, JobFile, JobProgress, JobStatus, JobSummary, RefusedProperty } from "./description.js";
export type { BridgeErrorCode, RequestOutcome } from "./errors.js";
export type { Explanation, ExplainOptions } from "./explain.js";
export type { FileRange, NewFile } from "./files.js";
export type { JobFilter } from "./filter.js";
export type { AddFileOptions, JobCredentials } from "./job.js";
export type { JobError } from "./job-error.js";
export type { Locale } from "./locale.js";
export type { CreateJobOptions, WhatIf } from "./manager.js";
export type { Wording } from "./messages.js";
export type {
  AuthScheme,
  AuthTarget,
  CertificateStoreLocation,
  FileAclFlag,
  JobErrorContext,
  JobPriority,
  JobState,
  JobType,
  NotifyFlag,
  PeerCachingFlag,
  ProxyUsage,
  ServiceName,
  TransferPolicy,
} from "./model.js";
export type { ConnectOptions } from "./open-session.js";
export type {
  ClientCertificate,
  JobSettings,
  NotifyCmdLine,
  PropertyName,
  ProxySettings,
  SettingName,
} from "./properties.js";
export type { CancelResult, JobResult, VerbResult } from "./results.js";
export type { CallOptions } from "./session.js";
export type { WatchOptions } from "./watch.js";
