export { BackgroundCopyManager } from "./manager.js";
export { BackgroundCopyJob } from "./job.js";
export { BackgroundCopyError, BridgeError, LocalizedError } from "./words/errors.js";
export { explain, explainAll } from "./words/explain.js";

export type { BulkOptions, BulkProgress, CancelOutcome, JobOutcome, JobPlan, JobTarget } from "./calls/bulk.js";
export type { Capabilities } from "./port/capabilities.js";
export type { ManagerInterface } from "./model/services.js";
export type {
  JobDescription,
  JobFile,
  JobProgress,
  JobStatus,
  JobSummary,
  RefusedProperty,
} from "./calls/description.js";
export type { BridgeErrorCode } from "./words/bridge-codes.js";
export type { RequestOutcome } from "./words/errors.js";
export type { ExplainOptions } from "./words/explain.js";
export type { Explanation } from "./words/explanation.js";
export type { CodeName } from "./words/hresults.js";
export type { CodeKind } from "./words/code-text.js";
export type { FileRange, NewFile } from "./calls/files.js";
export type { JobFilter } from "./calls/filter.js";
export type { AddFileOptions } from "./calls/add-file.js";
export type { JobCredentials } from "./calls/credentials.js";
export type { JobError } from "./calls/job-error.js";
export type { Locale } from "./words/locale.js";
export type { CreateJobOptions } from "./calls/create.js";
export type { WhatIf } from "./manager.js";
export type { Messages } from "./words/catalogue.js";
export type { OwnWords } from "./words/own-words.js";
export type { Wording } from "./words/messages.js";
export type {
  AuthScheme,
  AuthTarget,
  CertificateStoreLocation,
  FileAclFlag,
  NotifyFlag,
  PeerCachingFlag,
  ProxyUsage,
  TransferPolicy,
} from "./model/setting-values.js";
export type { JobErrorContext, JobPriority, JobState, JobType } from "./model/job.js";
export type { ServiceName } from "./model/services.js";
export type { ConnectOptions } from "./connect.js";
export type {
  ClientCertificate,
  JobSettings,
  NotifyCmdLine,
  PropertyName,
  ProxySettings,
  SettingName,
} from "./model/settings.js";
export type { CancelResult, JobResult, VerbResult } from "./calls/results.js";
export type { CallOptions } from "./calls/session.js";
export type { WatchOptions } from "./calls/watch.js";
