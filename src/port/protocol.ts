import * as v from "valibot";
import { BridgeError } from "../words/errors.js";
import { hostDescription, hostIdentity } from "./protocol-host.js";
import { decimal, flag, hresult, named, number, text } from "./protocol-values.js";

// The protocol: every method that a service supports, with its parameters and its result. Enumerations travel as their documented
// numbers, HRESULTs as unsigned numbers, and values that can exceed 53 bits (sizes, offsets, FILETIMEs) as decimal text.

/**
 * The answer of a COM method: its HRESULT, and its documented name, such as `IBackgroundCopyJob::Cancel`. `calledMethod` is the method
 * that ran, if it differs. A refusal is a normal answer; only the bridge itself throws.
 */
const outcome = {
  hresult,
  method: v.string(),
  calledMethod: v.optional(v.string()),
  /** The service that has the job, if the requested service does not have it. */
  knownTo: v.optional(v.literal("bits")),
};
const range = v.object({ initialOffset: decimal, length: decimal });
const newFile = v.object({ remoteUrl: v.string(), localName: v.string(), ranges: v.optional(v.array(range)) });

/** The settings of a job, which its description also contains. */
const settings = {
  displayName: text,
  description: text,
  priority: number,
  notifyFlags: number,
  notifyCmdLine: v.optional(v.object({ program: v.string(), parameters: v.string() })),
  minimumRetryDelay: number,
  noProgressTimeout: number,
  proxySettings: v.optional(v.object({ usage: v.number(), proxyList: v.string(), proxyBypassList: v.string() })),
  replyFileName: text,
  fileAclFlags: number,
  peerCachingFlags: number,
  maximumDownloadTime: number,
  transferPolicy: number,
  dynamicContent: flag,
  highPerformance: flag,
  maxDownloadSize: v.optional(decimal),
  useStoredCredentials: number,
  minimumNotificationInterval: number,
  onDemandMode: flag,
  customHeaders: text,
  securityFlags: number,
  httpMethod: text,
  clientCertificate: v.optional(
    v.object({ storeLocation: v.number(), storeName: v.string(), subjectName: v.string() }),
  ),
};

/** The error of the job, with the service's own text if it has one. */
const jobError = v.object({
  hresult: hresult,
  context: v.number(),
  remoteName: text,
  localName: text,
  description: text,
  contextDescription: text,
  protocol: text,
});

const file = v.object({
  remoteName: v.string(),
  localName: v.string(),
  temporaryName: text,
  bytesTotal: decimal,
  bytesTransferred: decimal,
  completed: v.boolean(),
  ranges: v.optional(v.array(range)),
});

const byteProgress = { bytesTotal: decimal, bytesTransferred: decimal };

/** The properties of a job that a service can refuse to return. */
const refusable = {
  progress: v.optional(v.object({ ...byteProgress, filesTotal: v.number(), filesTransferred: v.number() })),
  error: v.optional(jobError),
  type: number,
  owner: text,
  times: v.optional(v.object({ creation: decimal, modification: decimal, transferCompletion: decimal })),
  ...settings,
  errorCount: number,
  ownerIntegrityLevel: number,
  ownerElevated: flag,
  replyProgress: v.optional(v.object(byteProgress)),
  files: v.optional(v.array(file)),
};

/**
 * A job, as described by its service. Properties that the service does not support are missing; `refused` contains the code of each
 * property that it refused to return.
 */
const job = v.object({
  state: v.number(),
  ...refusable,
  refused: v.optional(named(hresult, refusable)),
});

/** The part of a bulk answer for one job. The states are missing if the job was not found. */
const jobItem = v.object({
  ...outcome,
  jobId: v.string(),
  stateBefore: number,
  stateAfter: number,
  /** For Cancel and Complete: the files that remain on the disk. */
  leftoverFiles: v.optional(v.array(v.string())),
  /** For Cancel: the previous error of the job. */
  jobError: v.optional(jobError),
  /** How the outcome was confirmed, if not by the return value of the method: `state` if that value was lost. */
  confirmedBy: v.optional(v.literal("state")),
  /** Never on the wire: the loss of a cancel's answer for a job that can no longer be read; the item contains the reason. */
  lost: v.optional(v.instance(BridgeError)),
});

/** A method for each of many jobs, in the given order. A failure for one job does not affect the others. */
const verb = { params: v.object({ jobIds: v.array(v.string()) }), result: v.object({ items: v.array(jobItem) }) };

const METHODS = {
  /** Returns the text unchanged, to check that the host responds and to measure a round trip. */
  "host.echo": { params: v.object({ text: v.string() }), result: v.object({ text: v.string() }) },
  /** Describes the host itself. Works even if no service is open. */
  "host.describe": { params: v.object({}), result: hostDescription },
  /** Identifies the host; with `integrity`, the integrity level too. */
  "host.identify": { params: v.object({ integrity: v.optional(v.boolean()) }), result: hostIdentity },
  /** Activates the class of the service. Sent once to each host, before anything else. */
  "service.open": {
    params: v.object({ service: v.picklist(["delivery-optimization", "bits"]) }),
    result: v.object({ ...outcome, interface: v.optional(v.picklist(["IBackgroundCopyManager", "IDOManager"])) }),
  },
  /**
   * Creates a job, sets its settings, and adds its files. If the service refuses any part, the job is canceled; `property` is the refused
   * setting, if any.
   */
  "job.create": {
    params: v.object({
      displayName: v.string(),
      type: v.number(),
      settings: v.omit(v.object(settings), ["displayName"]),
      files: v.array(newFile),
    }),
    result: v.object({ ...outcome, jobId: text, property: text }),
  },
  /**
   * A page of the IDs of the caller's jobs, or of the jobs of all users. Page 0 starts a list. Any page other than the next one of the
   * last started list starts it again: `page` in the result is the actual page, and `more` indicates whether another page follows.
   */
  "job.list": {
    params: v.object({ allUsers: v.boolean(), page: v.number() }),
    result: v.object({
      ...outcome,
      jobIds: v.optional(v.array(v.string())),
      page: number,
      more: v.optional(v.boolean()),
    }),
  },
  /**
   * Describes each job. `progress` includes the state, the progress, and the error; `summary` also the type, display name, owner,
   * priority, and times; `all` everything. `languageId` is the LANGID for the service's own error texts.
   */
  "job.describe": {
    params: v.object({
      jobIds: v.array(v.string()),
      detail: v.picklist(["progress", "summary", "all"]),
      languageId: v.number(),
    }),
    result: v.object({ items: v.array(v.object({ ...outcome, jobId: v.string(), job: v.optional(job) })) }),
  },
  /**
   * Sets the given settings, in the order of the settings above. The call stops at the first refusal, and `property` is the refused
   * setting.
   */
  "job.set": {
    params: v.object({ jobId: v.string(), settings: v.object(settings) }),
    result: v.object({ ...outcome, property: text }),
  },
  "job.setCredentials": {
    params: v.object({
      jobId: v.string(),
      target: v.number(),
      scheme: v.number(),
      userName: v.string(),
      password: v.string(),
    }),
    result: v.object(outcome),
  },
  "job.removeCredentials": {
    params: v.object({ jobId: v.string(), target: v.number(), scheme: v.number() }),
    result: v.object(outcome),
  },
  "job.takeOwnership": { params: v.object({ jobId: v.string() }), result: v.object(outcome) },
  "job.replaceRemotePrefix": {
    params: v.object({ jobId: v.string(), oldPrefix: v.string(), newPrefix: v.string() }),
    result: v.object(outcome),
  },
  "job.addFile": { params: v.object({ jobId: v.string(), ...newFile.entries }), result: v.object(outcome) },
  "job.suspend": verb,
  "job.resume": verb,
  "job.complete": verb,
  /** `languageId` is the LANGID for the service's own texts of the previous errors of the jobs. */
  "job.cancel": { ...verb, params: v.object({ jobIds: v.array(v.string()), languageId: v.number() }) },
};

type Methods = typeof METHODS;
export type MethodName = keyof Methods;
/** The requests to a service. A host also answers requests about itself. */
export type ServiceMethod = Exclude<MethodName, "host.describe" | "host.identify">;
export type Params<M extends MethodName> = v.InferInput<Methods[M]["params"]>;
export type Result<M extends MethodName> = v.InferOutput<Methods[M]["result"]>;
/** The methods of every job, for one job or many. */
export type VerbName = "job.suspend" | "job.resume" | "job.complete" | "job.cancel";
export type JobItem = v.InferOutput<typeof jobItem>;
export type WireJob = v.InferOutput<typeof job>;
export type WireFile = v.InferOutput<typeof file>;
export type WireJobError = v.InferOutput<typeof jobError>;
export type WireSettings = v.InferInput<Methods["job.set"]["params"]>["settings"];
/** The answer of a method, regardless of the rest of its result. */
export type Outcome = Pick<JobItem, "hresult" | "method" | "calledMethod" | "knownTo">;

/** Whether `value` is valid as the parameters of `method`. */
export function isParamsOf<M extends MethodName>(method: M, value: unknown): value is Params<M> {
  return v.is(METHODS[method].params, value);
}

/** Whether `value` is a valid result of `method`: a host that is not ours gets no further. */
export function isResultOf<M extends MethodName>(method: M, value: unknown): value is Result<M> {
  return v.is(METHODS[method].result, value);
}

/** Whether `value` is a result of `method` with an item for each of the requested jobs. */
export function isAnswerTo<M extends MethodName>(method: M, params: Params<M>, value: unknown): value is Result<M> {
  const { jobIds } = params as { readonly jobIds?: readonly string[] };
  if (!isResultOf(method, value)) {
    return false;
  }
  const { items } = value as { readonly items?: readonly { readonly jobId: string }[] };
  return !jobIds || !items || (jobIds.length === items.length && jobIds.every((id, i) => id === items[i]?.jobId));
}
