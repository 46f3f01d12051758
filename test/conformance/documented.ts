import type { JobSettings } from "../../src/index.js";

// What the documentation says of every call in every state, as data: what `npm run conformance` compares with.

/** Whose documentation counts. */
export type Documentation = "embedded" | "do-job" | "do-download" | "bits";

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
const UNDER_WAY: readonly State[] = ["QUEUED", "CONNECTING", "TRANSFERRING"];

/** Each of them ends the job or takes it to another state. */
export const VERBS = ["cancel", "suspend", "resume", "complete"] as const;
export type Verb = (typeof VERBS)[number];

/** What else can be done with a job. */
export const ACTIONS = [
  "setCredentials",
  "removeCredentials",
  "replaceRemotePrefix",
  "takeOwnership",
  "addFile",
  "addFile with ranges",
] as const;
export type Action = (typeof ACTIONS)[number];

/** Every property that can be set, with a value that the documentation allows. */
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
  peerCachingFlags: ["BG_JOB_ENABLE_PEERCACHING_CLIENT"],
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
type Setting = keyof typeof VALUES;
export const SETTINGS = Object.keys(VALUES) as Setting[];

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
/** Every property that can be read. */
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

/** What each documents at all. Anything else is to be refused at the door. */
const SCOPES: Readonly<Record<Documentation, Scope>> = {
  bits: { set: SETTINGS, get: PROPERTIES, actions: ACTIONS },
  // The pages of IBackgroundCopyJob, IBackgroundCopyJob5 and IDeliveryOptimizationJob2 under Delivery Optimization.
  "do-job": {
    set: JOB_SETTINGS,
    get: [...JOB_SETTINGS, "displayName", "progress", "error", "files", "type", ...TIMES],
    actions: ["addFile", "addFile with ranges"],
  },
  // The page of DODownloadProperty; progress and error are in DO_DOWNLOAD_STATUS. Start alone takes ranges.
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

/** Any of these codes, and for a verb any of these states after it. */
export interface Documented {
  readonly codes: readonly string[];
  readonly after?: readonly State[];
}

const AT_THE_DOOR: Documented = { codes: ["UNSUPPORTED"] };
/** A property is read: it has a value, or there is none. */
export const VALUE = "a value";
export const NO_VALUE = "no value";

export function isBits(documentation: Documentation): boolean {
  return documentation === "bits";
}

function invalidState(documentation: Documentation): string {
  return isBits(documentation) ? "BG_E_INVALID_STATE" : "DO_E_INVALID_STATE";
}

/** What GetJob may say of a job that is over. */
export function notFound(documentation: Documentation): string {
  return isBits(documentation) ? "BG_E_NOT_FOUND" : "DO_E_JOB_NOT_FOUND";
}

export function documentedVerb(documentation: Documentation, state: State, verb: Verb): Documented {
  if (FINAL.includes(state)) {
    return { codes: [invalidState(documentation), notFound(documentation)], after: [state] };
  }
  switch (verb) {
    case "cancel":
      return {
        codes: isBits(documentation) ? ["S_OK", "BG_S_UNABLE_TO_DELETE_FILES"] : ["S_OK"],
        after: ["CANCELLED"],
      };
    case "suspend":
      // The documentation calls a download Paused on demand or after a transient error: it may read as either.
      if (documentation === "do-download" && state === "TRANSIENT_ERROR") {
        return { codes: ["S_OK"], after: ["SUSPENDED", state] };
      }
      return {
        codes: ["S_OK"],
        after: [UNDER_WAY.includes(state) || state === "TRANSIENT_ERROR" ? "SUSPENDED" : state],
      };
    case "resume":
      // A job that goes on soon has another state.
      return { codes: ["S_OK"], after: state === "TRANSFERRED" ? [state] : [...new Set([...UNDER_WAY, state])] };
    case "complete":
      return {
        codes:
          state === "TRANSFERRED" || !isBits(documentation)
            ? ["S_OK"]
            : ["BG_S_PARTIAL_COMPLETE", "BG_S_UNABLE_TO_DELETE_FILES"],
        after: ["ACKNOWLEDGED"],
      };
  }
}

export function documentedAction(documentation: Documentation, state: State, action: Action): Documented {
  if (!SCOPES[documentation].actions.includes(action)) {
    return AT_THE_DOOR;
  }
  if (documentation === "do-download") {
    // It has its file already.
    return { codes: ["E_NOTIMPL", ...(FINAL.includes(state) ? [notFound(documentation)] : [])] };
  }
  return FINAL.includes(state)
    ? { codes: [invalidState(documentation), notFound(documentation)] }
    : { codes: ["S_OK"] };
}

// The pages name a time after which these can't be set any more: the job of the table has a file.
const SETTLED: Partial<Record<Setting, readonly State[]>> = {
  // "prior to adding any files"
  highPerformance: STATES,
  // "prior to the first time Resume is called"
  dynamicContent: STATES.filter((state) => state !== "SUSPENDED"),
  maxDownloadSize: STATES.filter((state) => state !== "SUSPENDED"),
  // "before the job transitions to the BG_JOB_STATE_TRANSFERRED state"
  fileAclFlags: ["TRANSFERRED"],
};

export function documentedSet(documentation: Documentation, state: State, name: Setting): Documented {
  if (!SCOPES[documentation].set.includes(name)) {
    return AT_THE_DOOR;
  }
  if (name === "replyFileName") {
    // For an upload-reply job alone: its getter's page names the code.
    return { codes: ["E_NOTIMPL", ...(FINAL.includes(state) ? [notFound(documentation)] : [])] };
  }
  if (FINAL.includes(state)) {
    return { codes: [invalidState(documentation), notFound(documentation)] };
  }
  if (SETTLED[name]?.includes(state)) {
    return { codes: [invalidState(documentation)] };
  }
  return { codes: name === "clientCertificate" ? ["S_OK", "CRYPT_E_NOT_FOUND"] : ["S_OK"] };
}

// What a new job has none of. A download has no property that was not set (E_NOT_SET).
const NOT_THERE: readonly Property[] = ["notifyCmdLine", "customHeaders", "clientCertificate"];
const NOT_SET: readonly Property[] = ["noProgressTimeout", "transferPolicy"];

export function documentedGet(documentation: Documentation, state: State, name: Property): Documented {
  const { get } = SCOPES[documentation];
  if (!get.includes(name)) {
    return { codes: [NO_VALUE] };
  }
  const forgotten = FINAL.includes(state) ? [notFound(documentation)] : [];
  if (name === "replyFileName" || name === "replyProgress") {
    return { codes: ["E_NOTIMPL", ...forgotten] };
  }
  const hasError = state === "ERROR" || state === "TRANSIENT_ERROR";
  const isTransferred = state === "TRANSFERRED" || state === "ACKNOWLEDGED";
  if (name === "description" && isBits(documentation)) {
    // The page does not say whether a description that was never set is an empty text or none.
    return { codes: [VALUE, NO_VALUE, ...forgotten] };
  }
  const isMissing =
    (name === "error" && !hasError) ||
    // It may have been transferred before it was canceled.
    (name === "transferCompletionTime" && !isTransferred) ||
    (NOT_THERE.includes(name) && documentation !== "embedded") ||
    (NOT_SET.includes(name) && documentation === "do-download");
  return { codes: [isMissing ? NO_VALUE : VALUE, ...forgotten] };
}
