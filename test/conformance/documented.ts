import {
  type Action,
  type Documentation,
  FINAL,
  isUpload,
  type Kind,
  type Property,
  SCOPES,
  type Setting,
  STATES,
  type State,
  UNDER_WAY,
  type Verb,
} from "./documented-calls.js";

// The documented result of every call in every state, as data for `npm run conformance`.

/** Any of these codes, and for a method any of these states after it. */
export interface Documented {
  readonly codes: readonly string[];
  readonly after?: readonly State[];
}

const AT_THE_DOOR: Documented = { codes: ["UNSUPPORTED"] };
/** A property is read: it has a value, or none. */
export const VALUE = "a value";
export const NO_VALUE = "no value";

export function isBits(documentation: Documentation): boolean {
  return documentation === "bits";
}

function invalidState(documentation: Documentation): string {
  return isBits(documentation) ? "BG_E_INVALID_STATE" : "DO_E_INVALID_STATE";
}

/** The possible results of GetJob for a canceled or completed job. */
export function notFound(documentation: Documentation): string {
  return isBits(documentation) ? "BG_E_NOT_FOUND" : "DO_E_JOB_NOT_FOUND";
}

/** Only BITS supports uploads. */
export function documentedCreate(kind: Kind): Documented {
  return isUpload(kind) && !isBits(kind.documentation) ? AT_THE_DOOR : { codes: ["S_OK"] };
}

export function documentedVerb(kind: Kind, state: State, verb: Verb): Documented {
  const { documentation } = kind;
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
      // According to the documentation, a download is Paused on demand or after a transient error, so it can have either state.
      if (documentation === "do-download" && state === "TRANSIENT_ERROR") {
        return { codes: ["S_OK"], after: ["SUSPENDED", state] };
      }
      return {
        codes: ["S_OK"],
        after: [UNDER_WAY.includes(state) || state === "TRANSIENT_ERROR" ? "SUSPENDED" : state],
      };
    case "resume":
      // The state of a job that continues changes soon.
      return { codes: ["S_OK"], after: state === "TRANSFERRED" ? [state] : [...new Set([...UNDER_WAY, state])] };
    case "complete":
      if (isUpload(kind) && state !== "TRANSFERRED") {
        // "For uploads, the state of the job must be BG_JOB_STATE_TRANSFERRED."
        return { codes: [invalidState(documentation)], after: [state] };
      }
      return {
        codes:
          state === "TRANSFERRED" || !isBits(documentation)
            ? ["S_OK"]
            : ["BG_S_PARTIAL_COMPLETE", "BG_S_UNABLE_TO_DELETE_FILES"],
        after: ["ACKNOWLEDGED"],
      };
  }
}

// Their pages name E_NOTIMPL: "You cannot call this method for upload or upload-reply jobs".
const OF_DOWNLOADS: readonly Action[] = ["replaceRemotePrefix", "addFile with ranges"];

export function documentedAction(kind: Kind, state: State, action: Action): Documented {
  const { documentation } = kind;
  if (!SCOPES[documentation].actions.includes(action)) {
    return AT_THE_DOOR;
  }
  if (documentation === "do-download") {
    // It already has its file.
    return { codes: ["E_NOTIMPL", ...(FINAL.includes(state) ? [notFound(documentation)] : [])] };
  }
  const isForOthers = isUpload(kind) && OF_DOWNLOADS.includes(action);
  if (FINAL.includes(state)) {
    return { codes: [invalidState(documentation), notFound(documentation), ...(isForOthers ? ["E_NOTIMPL"] : [])] };
  }
  if (isForOthers) {
    return { codes: ["E_NOTIMPL"] };
  }
  // "Upload jobs can only contain one file": it already has one.
  return { codes: [isUpload(kind) && action === "addFile" ? "BG_E_TOO_MANY_FILES" : "S_OK"] };
}

// "This property is only supported for BG_JOB_TYPE_DOWNLOAD jobs": the pages don't name a code for it, or for a
// property that can no longer be set. The header has a code for each.
const DOWNLOAD_PROPERTIES: readonly Property[] = [
  "dynamicContent",
  "highPerformance",
  "maxDownloadSize",
  "onDemandMode",
];
const DOWNLOADS_ONLY = "BG_E_PROPERTY_SUPPORTED_FOR_DOWNLOAD_JOBS_ONLY";

const REPLY: readonly Property[] = ["replyFileName", "replyProgress"];

/** Whether the property exists only for upload-reply jobs and this job is of another type: the pages name E_NOTIMPL. */
function isOfReplies({ type }: Kind, name: Property): boolean {
  return type !== "BG_JOB_TYPE_UPLOAD_REPLY" && REPLY.includes(name);
}

// The pages name a time after which these properties can't be set: the job of the table has a file.
const RESUMED = {
  states: STATES.filter((state) => state !== "SUSPENDED"),
  code: "BG_E_READ_ONLY_PROPERTY_AFTER_RESUME",
};
const ARRIVED = { states: ["TRANSFERRED"] as readonly State[], code: "BG_E_INVALID_STATE" };
const SETTLED: Partial<Record<Setting, { readonly states: readonly State[]; readonly code: string }>> = {
  // "prior to adding any files"
  highPerformance: { states: STATES, code: "BG_E_READ_ONLY_PROPERTY_AFTER_ADDFILE" },
  // "prior to the first time Resume is called"
  dynamicContent: RESUMED,
  maxDownloadSize: RESUMED,
  // "before the job transitions to the BG_JOB_STATE_TRANSFERRED state"
  fileAclFlags: ARRIVED,
  // "anytime before BITS begins downloading the reply"
  replyFileName: ARRIVED,
};

export function documentedSet(kind: Kind, state: State, name: Setting): Documented {
  const { documentation } = kind;
  if (!SCOPES[documentation].set.includes(name)) {
    return AT_THE_DOOR;
  }
  if (isOfReplies(kind, name)) {
    return { codes: ["E_NOTIMPL", ...(FINAL.includes(state) ? [notFound(documentation)] : [])] };
  }
  const isForOthers = isUpload(kind) && DOWNLOAD_PROPERTIES.includes(name);
  const others = isForOthers ? [DOWNLOADS_ONLY] : [];
  if (FINAL.includes(state)) {
    return { codes: [invalidState(documentation), notFound(documentation), ...others] };
  }
  const settled = SETTLED[name];
  if (settled?.states.includes(state)) {
    return { codes: [settled.code, ...others] };
  }
  if (isForOthers) {
    return { codes: others };
  }
  return { codes: name === "clientCertificate" ? ["S_OK", "CRYPT_E_NOT_FOUND"] : ["S_OK"] };
}

// Properties that a new job does not have. For a download, a property that was never set returns E_NOT_SET.
const NOT_THERE: readonly Property[] = ["notifyCmdLine", "customHeaders", "clientCertificate"];
const NOT_SET: readonly Property[] = ["noProgressTimeout", "transferPolicy"];

export function documentedGet(kind: Kind, state: State, name: Property): Documented {
  const { documentation } = kind;
  const { get } = SCOPES[documentation];
  if (!get.includes(name)) {
    return { codes: [NO_VALUE] };
  }
  const forgotten = FINAL.includes(state) ? [notFound(documentation)] : [];
  if (isOfReplies(kind, name)) {
    return { codes: ["E_NOTIMPL", ...forgotten] };
  }
  if (isUpload(kind) && DOWNLOAD_PROPERTIES.includes(name)) {
    // The page does not specify whether a property that can't be set can be read.
    return { codes: [VALUE, "E_NOTIMPL", ...forgotten] };
  }
  const hasError = state === "ERROR" || state === "TRANSIENT_ERROR";
  const isTransferred = state === "TRANSFERRED" || state === "ACKNOWLEDGED";
  if (name === "description" && isBits(documentation)) {
    // The page does not specify whether a description that was never set is an empty text or none.
    return { codes: [VALUE, NO_VALUE, ...forgotten] };
  }
  const isMissing =
    (name === "error" && !hasError) ||
    // It might have been transferred before it was canceled.
    (name === "transferCompletionTime" && !isTransferred) ||
    (NOT_THERE.includes(name) && documentation !== "embedded") ||
    (NOT_SET.includes(name) && documentation === "do-download");
  return { codes: [isMissing ? NO_VALUE : VALUE, ...forgotten] };
}
