import type { JobSettings, JobType } from "../../src/index.js";

// The jobs, states, and calls of `npm run conformance`, and which of the calls each service documents.

/** The service whose documentation applies. */
export type Documentation = "embedded" | "do-job" | "do-download" | "bits";

export const TYPES: readonly JobType[] = ["BG_JOB_TYPE_DOWNLOAD", "BG_JOB_TYPE_UPLOAD", "BG_JOB_TYPE_UPLOAD_REPLY"];

/** The service of the jobs, and what they transfer. */
export interface Kind {
  readonly documentation: Documentation;
  readonly type: JobType;
}

export function isUpload({ type }: Kind): boolean {
  return type !== "BG_JOB_TYPE_DOWNLOAD";
}

/** The states of a job, BG_JOB_STATE. */
export const STATES = [
  "SUSPENDED",
  "QUEUED",
  "CONNECTING",
  "TRANSFERRING",
  "TRANSIENT_ERROR",
  "ERROR",
  "TRANSFERRED",
  "ACKNOWLEDGED",
  "CANCELLED",
] as const;
export type State = (typeof STATES)[number];
export const FINAL: readonly State[] = ["ACKNOWLEDGED", "CANCELLED"];
export const UNDER_WAY: readonly State[] = ["QUEUED", "CONNECTING", "TRANSFERRING"];

/** Each of these methods ends the job or changes its state. */
export const VERBS = ["cancel", "suspend", "resume", "complete"] as const;
export type Verb = (typeof VERBS)[number];

/** The other operations of a job. */
export const ACTIONS = [
  "setCredentials",
  "removeCredentials",
  "replaceRemotePrefix",
  "takeOwnership",
  "addFile",
  "addFile with ranges",
] as const;
export type Action = (typeof ACTIONS)[number];

/** Every settable property, with a valid value. */
export const VALUES: Required<{ [N in keyof JobSettings]: NonNullable<JobSettings[N]> }> = {
  displayName: "another name",
  description: "ü中\u{1f600}",
  priority: "BG_JOB_PRIORITY_FOREGROUND",
  notifyFlags: ["BG_NOTIFY_JOB_TRANSFERRED", "BG_NOTIFY_JOB_MODIFICATION"],
  notifyCmdLine: { program: "C:\\tool.exe", parameters: "tool.exe /now" },
  minimumRetryDelay: 90,
  noProgressTimeout: 3_600,
  proxySettings: { usage: "BG_JOB_PROXY_USAGE_OVERRIDE", proxyList: "proxy:80", proxyBypassList: "<local>" },
  replyFileName: "C:\\reply.bin",
  fileAclFlags: ["BG_COPY_FILE_DACL"],
  peerCachingFlags: ["BG_JOB_ENABLE_PEERCACHING_CLIENT", "BG_JOB_DISABLE_BRANCH_CACHE"],
  maximumDownloadTime: 7_200,
  transferPolicy: "BITS_JOB_TRANSFER_POLICY_STANDARD",
  dynamicContent: true,
  highPerformance: true,
  maxDownloadSize: 2n ** 53n + 1n,
  useStoredCredentials: "BG_AUTH_TARGET_PROXY",
  minimumNotificationInterval: 1_500,
  onDemandMode: false,
  customHeaders: { "X-First": "1", "X-Second": "a: b" },
  securityFlags: 1,
  httpMethod: "GET",
  clientCertificate: { storeLocation: "BG_CERT_STORE_LOCATION_CURRENT_USER", storeName: "MY", subjectName: "nobody" },
};
export type Setting = keyof typeof VALUES;
export const SETTINGS = Object.keys(VALUES) as Setting[];

/** The value for a job of that type: the usual HTTP method is valid in every state, because it changes nothing. */
export function valueFor(type: JobType, name: Setting): (typeof VALUES)[Setting] {
  return name === "httpMethod" && type !== "BG_JOB_TYPE_DOWNLOAD" ? "BITS_POST" : VALUES[name];
}

const TIMES = ["creationTime", "modificationTime", "transferCompletionTime"] as const;
const READ_ONLY = [
  "progress",
  "error",
  "files",
  "type",
  "owner",
  ...TIMES,
  "errorCount",
  "ownerIntegrityLevel",
  "ownerElevated",
  "replyProgress",
] as const;
/** Every readable property. */
export const PROPERTIES = [...SETTINGS, ...READ_ONLY] as const;
export type Property = (typeof PROPERTIES)[number];

interface Scope {
  readonly set: readonly Setting[];
  readonly get: readonly Property[];
  readonly actions: readonly Action[];
}

const DOWNLOAD_SETTINGS = ["displayName", "priority", "noProgressTimeout", "transferPolicy", "customHeaders"] as const;
const JOB_SETTINGS = ["priority", "notifyFlags", "noProgressTimeout", "transferPolicy"] as const;
const EMBEDDED_SETTINGS = [
  "displayName",
  "description",
  "priority",
  "minimumRetryDelay",
  "noProgressTimeout",
  "customHeaders",
] as const;

/** The documented operations of each service. All others must fail before anything is sent. */
export const SCOPES: Readonly<Record<Documentation, Scope>> = {
  bits: { set: SETTINGS, get: PROPERTIES, actions: ACTIONS },
  // The pages of IBackgroundCopyJob, IBackgroundCopyJob5 and IDeliveryOptimizationJob2 under Delivery Optimization.
  "do-job": {
    set: JOB_SETTINGS,
    get: [...JOB_SETTINGS, "displayName", "progress", "error", "files", "type", ...TIMES],
    actions: ["addFile", "addFile with ranges"],
  },
  // The page of DODownloadProperty; progress and error are in DO_DOWNLOAD_STATUS. Only Start takes ranges.
  "do-download": {
    set: [...DOWNLOAD_SETTINGS, "securityFlags"],
    get: [...DOWNLOAD_SETTINGS, "progress", "error", "files"],
    actions: ["addFile"],
  },
  embedded: {
    set: EMBEDDED_SETTINGS,
    get: [...EMBEDDED_SETTINGS, "progress", "error", "files", "type", "owner", ...TIMES, "errorCount"],
    actions: ["addFile"],
  },
};
