import { codes, COMPLETE, EmbeddedService, type Job, keptOf, RESUME, SETTERS, type Store } from "../embedded/index.js";
import { JOB_ERROR_CONTEXT, JOB_STATE, JOB_TYPE } from "../model/job.js";
import type { ManagerInterface } from "../model/services.js";
import type {
  JobItem,
  Outcome,
  Params,
  Result,
  ServiceMethod,
  WireJob,
  WireJobError,
  WireSettings,
} from "../port/protocol.js";
import type { RequestOptions, Service } from "../port/service.js";
import { failed } from "../words/hresults.js";
import type { Language } from "../words/messages.js";
import {
  calledMethodOf,
  isReadable,
  OTHER_SETTERS,
  REMOVE_CREDENTIALS,
  REPLACE_REMOTE_PREFIX,
  SET_CREDENTIALS,
  TAKE_OWNERSHIP,
  type Face,
} from "./faces.js";

type Handlers = {
  readonly [M in ServiceMethod]?: (params: Params<M>, options: RequestOptions) => Promise<Result<M>>;
};
type NewFile = Params<"job.create">["files"][number];

/** What a job of the services of Windows has in addition to a job of the embedded service. */
export interface Extras {
  type: number;
  readonly settings: WireSettings;
  /** The parts of files, by the position of the file. */
  readonly ranges: Map<number, NonNullable<NewFile["ranges"]>>;
  /** The targets and schemes of credentials. The credentials themselves are not stored. */
  readonly credentials: Set<string>;
}

const DOWNLOAD = JOB_TYPE.toValue("BG_JOB_TYPE_DOWNLOAD") as number;
const { BG_S_PARTIAL_COMPLETE, DO_E_INVALID_STATE, DO_E_JOB_EMPTY, E_NOTIMPL, S_FALSE, S_OK } = codes;

/** Answers as a service of Windows does, with the embedded service for what both do. */
export class StandIn implements Service {
  readonly managerInterface: ManagerInterface;
  readonly #face: Face;
  readonly #store: Store;
  readonly #embedded: EmbeddedService;
  readonly #extras: WeakMap<Job, Extras>;

  /** `extras` belongs to the jobs of the store, like them. */
  constructor(language: Language, store: Store, face: Face, extras: WeakMap<Job, Extras>) {
    this.managerInterface = face.capabilities.interface;
    this.#face = face;
    this.#store = store;
    this.#embedded = new EmbeddedService(language, store);
    this.#extras = extras;
  }

  async request<M extends ServiceMethod>(
    method: M,
    params: Params<M>,
    options: RequestOptions = {},
  ): Promise<Result<M>> {
    const handler = this.#handlers[method];
    const answer = handler ? await handler(params, options) : await this.#embedded.request(method, params, options);
    return this.managerInterface === "IDOManager" ? withCalledMethods(answer) : answer;
  }

  async close(): Promise<void> {}

  readonly #handlers: Handlers = {
    "job.create": (params) => this.#create(params),
    "job.describe": (params, options) => this.#describe(params, options),
    "job.set": ({ jobId, settings }) => this.#set(jobId, settings),
    "job.addFile": ({ jobId, ...file }) => this.#addFile(jobId, file),
    "job.cancel": (params, options) => this.#cancel(params, options),
    "job.resume": async ({ jobIds }, options) => ({
      items: await Promise.all(jobIds.map((jobId) => this.#resume(jobId, options))),
    }),
    "job.complete": async ({ jobIds }, options) => ({
      items: await Promise.all(jobIds.map((jobId) => this.#complete(jobId, options))),
    }),
    "job.setCredentials": async ({ jobId, target, scheme }) =>
      this.#change(jobId, SET_CREDENTIALS, (_job, { credentials }) => {
        credentials.add(`${target} ${scheme}`);
        return S_OK;
      }),
    "job.removeCredentials": async ({ jobId, target, scheme }) =>
      this.#change(jobId, REMOVE_CREDENTIALS, (_job, { credentials }) =>
        credentials.delete(`${target} ${scheme}`) ? S_OK : S_FALSE,
      ),
    "job.takeOwnership": async ({ jobId }) =>
      this.#change(jobId, TAKE_OWNERSHIP, (job) => {
        job.owner = this.#store.environment.owner;
        return S_OK;
      }),
    "job.replaceRemotePrefix": async ({ jobId, oldPrefix, newPrefix }) =>
      this.#change(jobId, REPLACE_REMOTE_PREFIX, ({ files }) => {
        const matching = files.filter(({ remoteName }) => remoteName.startsWith(oldPrefix));
        for (const file of matching) {
          file.remoteName = newPrefix + file.remoteName.slice(oldPrefix.length);
        }
        return matching.length > 0 ? S_OK : S_FALSE;
      }),
  };

  #extrasOf(job: Job): Extras {
    const extras = this.#extras.get(job) ?? {
      type: DOWNLOAD,
      settings: {},
      ranges: new Map(),
      credentials: new Set<string>(),
    };
    this.#extras.set(job, extras);
    return extras;
  }

  #change(jobId: string, method: string, change: (job: Job, extras: Extras) => number): Outcome {
    return this.#embedded.call(jobId, method, (job) =>
      job.isFinal ? DO_E_INVALID_STATE : change(job, this.#extrasOf(job)),
    );
  }

  async #create({ displayName, type, settings, files }: Params<"job.create">): Promise<Result<"job.create">> {
    const created = await this.#embedded.request("job.create", {
      displayName,
      type: DOWNLOAD,
      settings: {},
      files: [],
    });
    const job = created.jobId === undefined ? undefined : this.#store.jobs.find(created.jobId);
    if (!job) {
      return created;
    }
    this.#extrasOf(job).type = type;
    const refusal = await this.#fill(job, settings, files);
    if (refusal) {
      void job.dispose();
      this.#store.jobs.delete(job);
    }
    return refusal ?? created;
  }

  async #fill({ id }: Job, settings: WireSettings, files: readonly NewFile[]): Promise<Outcome | undefined> {
    if (Object.keys(settings).length > 0) {
      const set = await this.#set(id, settings);
      if (failed(set.hresult)) {
        return set;
      }
    }
    for (const file of files) {
      const added = await this.#addFile(id, file);
      if (failed(added.hresult)) {
        return added;
      }
    }
    return undefined;
  }

  /** Sets the settings in their order, and stops at the first refusal. */
  async #set(jobId: string, settings: WireSettings): Promise<Result<"job.set">> {
    let kept: Result<"job.set"> | undefined;
    for (const [name, value] of Object.entries(settings)) {
      const set = Object.hasOwn(SETTERS, name)
        ? await this.#embedded.request("job.set", { jobId, settings: { [name]: value } })
        : this.#change(jobId, OTHER_SETTERS[name as keyof typeof OTHER_SETTERS], (_job, extras) => {
            Object.assign(extras.settings, { [name]: value });
            return S_OK;
          });
      if (failed(set.hresult)) {
        return { ...set, property: name };
      }
      kept = keptOf(kept, set);
    }
    return kept ?? this.#embedded.request("job.set", { jobId, settings });
  }

  async #addFile(jobId: string, file: NewFile): Promise<Outcome> {
    const { capabilities, dialect } = this.#face;
    const job = this.#store.jobs.find(jobId);
    if (job && job.files.length > 0 && !capabilities.multipleFiles) {
      return this.#embedded.call(jobId, dialect.addFile, () => E_NOTIMPL);
    }
    const added = await this.#embedded.request("job.addFile", { jobId, ...file });
    if (job && file.ranges && !failed(added.hresult)) {
      this.#extrasOf(job).ranges.set(job.files.length - 1, file.ranges);
    }
    return added;
  }

  /** A job that uploads; the embedded service, which only downloads, would overwrite its file. */
  #uploadOf(jobId: string): Job | undefined {
    const job = this.#store.jobs.find(jobId);
    return job && this.#extrasOf(job).type !== DOWNLOAD ? job : undefined;
  }

  #callUpload(job: Job, method: string, call: () => number): JobItem {
    const stateBefore = JOB_STATE.toValue(job.state) as number;
    const outcome = this.#embedded.call(job.id, method, () => (job.isFinal ? DO_E_INVALID_STATE : call()));
    return { ...outcome, jobId: job.id, stateBefore, stateAfter: JOB_STATE.toValue(job.state) as number };
  }

  /** Resumes a job. An upload is queued, and only the test changes it further. */
  async #resume(jobId: string, options: RequestOptions): Promise<JobItem> {
    const upload = this.#uploadOf(jobId);
    return upload
      ? this.#callUpload(upload, RESUME, () => {
          if (upload.files.length === 0) {
            return DO_E_JOB_EMPTY;
          }
          upload.pretend("BG_JOB_STATE_QUEUED", undefined);
          return S_OK;
        })
      : this.#forward("job.resume", jobId, options);
  }

  async #complete(jobId: string, options: RequestOptions): Promise<JobItem> {
    const job = this.#store.jobs.find(jobId);
    const isTransferred = job?.state === "BG_JOB_STATE_TRANSFERRED";
    const upload = this.#uploadOf(jobId);
    if (upload && !isTransferred) {
      return this.#callUpload(upload, COMPLETE, () => DO_E_INVALID_STATE);
    }
    const isPartial = this.#face.service === "bits" && !isTransferred && job?.files.some(({ isWhole }) => !isWhole);
    const item = await this.#forward("job.complete", jobId, options);
    return isPartial && item.hresult === S_OK ? { ...item, hresult: BG_S_PARTIAL_COMPLETE } : item;
  }

  async #cancel(params: Params<"job.cancel">, options: RequestOptions): Promise<Result<"job.cancel">> {
    const { items } = await this.#embedded.request("job.cancel", params, options);
    return {
      items: items.map((item) => ({ ...item, ...(item.jobError && { jobError: this.#errorShown(item.jobError) }) })),
    };
  }

  async #forward(method: "job.resume" | "job.complete", jobId: string, options: RequestOptions): Promise<JobItem> {
    const { items } = await this.#embedded.request(method, { jobIds: [jobId] }, options);
    return items[0] as JobItem;
  }

  async #describe(params: Params<"job.describe">, options: RequestOptions): Promise<Result<"job.describe">> {
    const { items } = await this.#embedded.request("job.describe", params, options);
    return {
      items: items.map(({ job, ...item }) => ({
        ...item,
        ...(job && { job: this.#shown(item.jobId, job, params.detail) }),
      })),
    };
  }

  /** IDODownload returns the code of an error, and nothing else. */
  #errorShown(error: WireJobError): WireJobError {
    const context = JOB_ERROR_CONTEXT.toValue("BG_ERROR_CONTEXT_UNKNOWN") as number;
    return this.managerInterface === "IDOManager" ? { hresult: error.hresult, context } : error;
  }

  /** The description with everything that the service returns, and nothing else. */
  #shown(jobId: string, wire: WireJob, detail: Params<"job.describe">["detail"]): WireJob {
    const job = this.#store.jobs.find(jobId);
    const { type, settings, ranges } = job ? this.#extrasOf(job) : {};
    const shown = {
      ...wire,
      ...(wire.error && { error: this.#errorShown(wire.error) }),
      ...(wire.type !== undefined && { type }),
      ...(detail === "all" && settings),
      ...(wire.files && {
        files: wire.files.map((file, i) => ({ ...file, ...(ranges?.has(i) && { ranges: ranges.get(i) }) })),
      }),
    };
    return Object.fromEntries(
      Object.entries(shown).filter(([name]) => isReadable(this.#face.capabilities, name)),
    ) as WireJob;
  }
}

function withCalledMethods<A extends object>(answer: A): A {
  const { method, items } = answer as { readonly method?: string; readonly items?: readonly object[] };
  const calledMethod = method === undefined ? undefined : calledMethodOf(method);
  return {
    ...answer,
    ...(calledMethod !== undefined && { calledMethod }),
    ...(items && { items: items.map(withCalledMethods) }),
  };
}
