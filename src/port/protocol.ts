import * as v from "valibot";
import { BridgeError } from "../words/errors.js";

// The wire: every method that a service answers, its parameters and its result. Enumerations travel as their documented numbers,
// HRESULTs as unsigned numbers, what may exceed 53 bits (sizes, offsets, FILETIMEs) as decimal text.

/**
 * What a COM method answered: its HRESULT, and its documented name, `IBackgroundCopyJob::Cancel`. `calledMethod` is the one that ran,
 * where that was another. A refusal is an answer like any other; only the bridge itself throws.
 */
const outcome = {
  hresult: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffffffff)),
  method: v.string(),
  calledMethod: v.optional(v.string()),
  /** The service that has the job, where the one that was asked for it alone has not. */
  knownTo: v.optional(v.literal("bits")),
};
const text = v.optional(v.string());
const number = v.optional(v.number());
const flag = v.optional(v.boolean());
const decimal = v.pipe(v.string(), v.regex(/^\d{1,20}$/));

const range = v.object({ initialOffset: decimal, length: decimal });
const newFile = v.object({ remoteUrl: v.string(), localName: v.string(), ranges: v.optional(v.array(range)) });

/** What can be set of a job, and is read with its description. */
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

/** The job's own failure, in the words of the service where it has some. */
const jobError = v.object({
  hresult: outcome.hresult,
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

/** A job as its service tells it. What a service does not give is missing; `refused` has the code of each property that it refused. */
const job = v.object({
  state: v.number(),
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
  refused: v.optional(v.record(v.string(), outcome.hresult)),
});

/** One job's part of a bulk answer. The states are missing where no job was found. */
const jobItem = v.object({
  ...outcome,
  jobId: v.string(),
  stateBefore: number,
  stateAfter: number,
  /** Of Cancel and Complete: what was left on the disk. */
  leftoverFiles: v.optional(v.array(v.string())),
  /** Of Cancel: what the job had failed with before. */
  jobError: v.optional(jobError),
  /** What the item is known by, where that is not the method's own answer: `state`, where that answer was lost. */
  confirmedBy: v.optional(v.literal("state")),
  /** Never on the wire: the loss of a cancel's answer, of a job that can't be read since; the item says why not. */
  lost: v.optional(v.instance(BridgeError)),
});

/** A verb of a job, for each of many in the order given, however the others fare. */
const verb = { params: v.object({ jobIds: v.array(v.string()) }), result: v.object({ items: v.array(jobItem) }) };

/** What PowerShell knows of itself and the machine, with nothing secret in it. What it can't find out is missing. */
const hostDescription = v.object({
  powershell: v.object({
    version: v.string(),
    edition: v.string(),
    path: v.string(),
    framework: v.string(),
    is64Bit: v.boolean(),
    languageMode: v.string(),
    lockdown: v.string(),
    culture: v.string(),
    codePages: v.object({ input: v.number(), output: v.number() }),
  }),
  /** By scope, the strongest first: MachinePolicy, UserPolicy, Process, CurrentUser, LocalMachine. */
  policies: v.record(v.string(), v.string()),
  module: v.object({ path: v.string(), version: v.string(), signature: text }),
  account: v.optional(
    v.object({
      kind: v.picklist(["system", "localService", "networkService", "user"]),
      logon: v.picklist(["service", "batch", "remoteInteractive", "interactive", "network", "other"]),
      session: v.number(),
      elevated: v.boolean(),
    }),
  ),
  services: v.optional(v.array(v.object({ name: v.string(), status: v.string(), startType: v.string() }))),
  /** The numbers that group policy sets, by their names in the registry. */
  limits: v.optional(
    v.object({
      bits: v.record(v.string(), v.number()),
      deliveryOptimization: v.record(v.string(), v.number()),
    }),
  ),
  /** What each class answers when it is asked for that interface. */
  interfaces: v.optional(v.array(v.object({ service: v.string(), interface: v.string(), hresult: outcome.hresult }))),
});

const METHODS = {
  /** Gives the text back unchanged: a sign of life, and the measure of a round trip. */
  "host.echo": { params: v.object({ text: v.string() }), result: v.object({ text: v.string() }) },
  /** Describes the host itself. Answered also where no service is open. */
  "host.describe": { params: v.object({}), result: hostDescription },
  /** Activates the service's class. Sent once to each host, before anything else. */
  "service.open": {
    params: v.object({ service: v.picklist(["delivery-optimization", "bits"]) }),
    result: v.object({ ...outcome, interface: v.optional(v.picklist(["IBackgroundCopyManager", "IDOManager"])) }),
  },
  /**
   * Creates a job, sets what is given and adds its files. A job of which anything is refused is canceled; `property` says which
   * setting it was, if it was one.
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
   * A page of the ids of the caller's jobs, or of the jobs of all users. Page 0 begins a list. Any other than the next page of the list
   * that was begun last begins it anew: `page` in the result says which one it is, and `more` whether another follows.
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
   * Describes each job. `progress`: state, progress and error; `summary`: also type, display name, owner, priority and times; `all`:
   * everything. `languageId` is the LANGID of the service's own words for an error.
   */
  "job.describe": {
    params: v.object({
      jobIds: v.array(v.string()),
      detail: v.picklist(["progress", "summary", "all"]),
      languageId: v.number(),
    }),
    result: v.object({ items: v.array(v.object({ ...outcome, jobId: v.string(), job: v.optional(job) })) }),
  },
  /** Sets what is given, in the order of the settings above; the first refusal ends it, and `property` says which one that was. */
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
  /** `languageId` is the LANGID of the service's own words for what the jobs had failed with. */
  "job.cancel": { ...verb, params: v.object({ jobIds: v.array(v.string()), languageId: v.number() }) },
};

type Methods = typeof METHODS;
export type MethodName = keyof Methods;
/** What is asked of a service. A host is also asked about itself. */
export type ServiceMethod = Exclude<MethodName, "host.describe">;
export type Params<M extends MethodName> = v.InferInput<Methods[M]["params"]>;
export type Result<M extends MethodName> = v.InferOutput<Methods[M]["result"]>;
/** The verbs that every job has, for one job or many. */
export type VerbName = "job.suspend" | "job.resume" | "job.complete" | "job.cancel";
export type JobItem = v.InferOutput<typeof jobItem>;
export type WireJob = v.InferOutput<typeof job>;
export type WireFile = v.InferOutput<typeof file>;
export type WireJobError = v.InferOutput<typeof jobError>;
export type WireSettings = v.InferInput<Methods["job.set"]["params"]>["settings"];
/** What a method answered, whatever else is in its result. */
export type Outcome = Pick<JobItem, "hresult" | "method" | "calledMethod" | "knownTo">;

/** Whether `value` is what `method` may be sent. */
export function isParamsOf<M extends MethodName>(method: M, value: unknown): value is Params<M> {
  return v.is(METHODS[method].params, value);
}

/** Whether `value` is a result of `method`: a host that is not ours gets no further than this. */
export function isResultOf<M extends MethodName>(method: M, value: unknown): value is Result<M> {
  return v.is(METHODS[method].result, value);
}

/** Whether `value` is a result of `method` that has an item for each of the jobs that were asked for. */
export function isAnswerTo<M extends MethodName>(method: M, params: Params<M>, value: unknown): value is Result<M> {
  const { jobIds } = params as { readonly jobIds?: readonly string[] };
  if (!isResultOf(method, value)) {
    return false;
  }
  const { items } = value as { readonly items?: readonly { readonly jobId: string }[] };
  return !jobIds || !items || (jobIds.length === items.length && jobIds.every((id, i) => id === items[i]?.jobId));
}
