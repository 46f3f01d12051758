import { JOB_STATE, JOB_TYPE } from "../model/job.js";
import type { JobItem, Outcome, Params, Result, ServiceMethod, WireSettings } from "../port/protocol.js";
import { defaultTimeoutInMs, type RequestOptions, type Service } from "../port/service.js";
import { untilAborted } from "../waiting/abort.js";
import { BridgeError } from "../words/errors.js";
import { failed } from "../words/hresults.js";
import type { Language } from "../words/messages.js";
import { hasNul, isGuid, isRemoteUrl } from "./arguments.js";
import { DO_E_INVALID_STATE, DO_E_JOB_NOT_FOUND, E_INVALIDARG, E_NOTIMPL, S_OK } from "./codes.js";
import { currentError, describe, GETTERS } from "./describe.js";
import { realEnvironment, type Environment } from "./environment.js";
import { Job, type Ended } from "./job.js";
import type { Jobs } from "./jobs.js";
import { isLocalName } from "./local-name.js";
import { LONGEST_DISPLAY_NAME } from "./limits.js";
import { changesOf, SETTERS } from "./settings.js";
import { Store } from "./store.js";

type Answer<M extends ServiceMethod> = Result<M> | Promise<Result<M>>;
type Handlers = { readonly [M in ServiceMethod]: (params: Params<M>) => Answer<M> };
type File = Params<"job.create">["files"][number];

const DOWNLOAD = JOB_TYPE.toValue("BG_JOB_TYPE_DOWNLOAD");

const GET_JOB = "IBackgroundCopyManager::GetJob";
const CREATE_JOB = "IBackgroundCopyManager::CreateJob";
export const ENUM_JOBS = "IBackgroundCopyManager::EnumJobs";
const GET_STATE = "IBackgroundCopyJob::GetState";
const SUSPEND = "IBackgroundCopyJob::Suspend";
export const RESUME = "IBackgroundCopyJob::Resume";
export const COMPLETE = "IBackgroundCopyJob::Complete";
export const CANCEL = "IBackgroundCopyJob::Cancel";

/** The documented names of the methods of every service, other than those for properties, for lists, and for new files. */
export const METHODS: readonly string[] = [
  GET_JOB,
  CREATE_JOB,
  GET_STATE,
  SUSPEND,
  RESUME,
  COMPLETE,
  CANCEL,
  GETTERS.progress,
  GETTERS.error,
].filter((method) => method !== undefined);

/** The answer that several settings have together: a warning must not be lost among successes. */
export function keptOf<O extends Outcome>(kept: O | undefined, next: O): O {
  return kept === undefined || kept.hresult === S_OK || next.hresult !== S_OK ? next : kept;
}

/** The result of a method, in addition to the states. */
type VerbAnswer = Pick<JobItem, "hresult" | "leftoverFiles" | "jobError">;

/** A transfer service inside this process. Its jobs end when it is closed. */
export class EmbeddedService implements Service {
  readonly managerInterface = "IBackgroundCopyManager";
  readonly #language: Language;
  readonly #store: Store;
  readonly #jobs: Jobs;
  readonly #environment: Environment;
  #isClosed = false;

  constructor(language: Language, store = new Store(realEnvironment())) {
    this.#language = language;
    this.#store = store;
    this.#jobs = store.jobs;
    this.#environment = store.environment;
  }

  async request<M extends ServiceMethod>(
    method: M,
    params: Params<M>,
    options: RequestOptions = {},
  ): Promise<Result<M>> {
    options.signal?.throwIfAborted();
    if (this.#isClosed) {
      throw new BridgeError("CLOSED", { outcome: "not sent" }, this.#language);
    }
    const handler: Handlers[M] = this.#handlers[method];
    const answer = handler(params);
    return answer instanceof Promise ? this.#wait(answer, method, options) : answer;
  }

  close(): Promise<void> {
    this.#isClosed = true;
    return this.#store.close();
  }

  readonly #handlers: Handlers = {
    "host.echo": ({ text }) => ({ text }),
    "service.open": () => ({ hresult: S_OK, method: "CoCreateInstance" }),
    "job.create": (params) => this.#create(params),
    "job.list": ({ allUsers }) => this.#list(allUsers),
    "job.describe": ({ jobIds, detail }) => ({ items: jobIds.map((jobId) => this.#describe(jobId, detail)) }),
    "job.set": ({ jobId, settings }) => this.#with(jobId, (job) => this.#set(job, settings)),
    "job.addFile": ({ jobId, ...file }) => this.#with(jobId, (job) => this.#addFile(job, file)),
    "job.setCredentials": ({ jobId }) => this.#refuse(jobId, "IBackgroundCopyJob2::SetCredentials"),
    "job.removeCredentials": ({ jobId }) => this.#refuse(jobId, "IBackgroundCopyJob2::RemoveCredentials"),
    "job.takeOwnership": ({ jobId }) => this.#refuse(jobId, "IBackgroundCopyJob::TakeOwnership"),
    "job.replaceRemotePrefix": ({ jobId }) => this.#refuse(jobId, "IBackgroundCopyJob3::ReplaceRemotePrefix"),
    // Every job is called now, in this order; only closing, moving, and deleting files takes time.
    "job.suspend": ({ jobIds }) => this.#each(jobIds, SUSPEND, (job) => ({ hresult: job.suspend() })),
    "job.resume": ({ jobIds }) => this.#each(jobIds, RESUME, (job) => ({ hresult: job.resume() })),
    "job.complete": ({ jobIds }) => this.#each(jobIds, COMPLETE, async (job) => this.#ended(job, await job.complete())),
    "job.cancel": ({ jobIds }) => this.#each(jobIds, CANCEL, (job) => this.#cancel(job)),
  };

  #create({ displayName, type, settings, files }: Params<"job.create">): Result<"job.create"> {
    const method = CREATE_JOB;
    const isName = !hasNul(displayName) && displayName.length <= LONGEST_DISPLAY_NAME;
    const created = this.#call(method, undefined, () =>
      !isName || !(type in JOB_TYPE.names) ? E_INVALIDARG : type === DOWNLOAD ? S_OK : E_NOTIMPL,
    );
    if (failed(created)) {
      return { hresult: created, method };
    }
    const job = this.#store.addJob(displayName);
    const refusal = this.#fill(job, settings, files);
    if (refusal) {
      void job.dispose();
      this.#jobs.delete(job);
      return refusal;
    }
    return { hresult: created, method, jobId: job.id };
  }

  /** Sets the settings and adds the files, and stops at the first refusal. */
  #fill(job: Job, settings: WireSettings, files: readonly File[]): Outcome | undefined {
    if (Object.keys(settings).length > 0) {
      const set = this.#set(job, settings);
      if (failed(set.hresult)) {
        return set;
      }
    }
    for (const file of files) {
      const added = this.#addFile(job, file);
      if (failed(added.hresult)) {
        return added;
      }
    }
    return undefined;
  }

  #list(allUsers: boolean): Result<"job.list"> {
    const method = ENUM_JOBS;
    const hresult = this.#call(method, undefined, () => S_OK);
    if (failed(hresult)) {
      return { hresult, method };
    }
    const { owner } = this.#environment;
    const jobs = [...this.#jobs].filter((job) => !job.isFinal && (allUsers || job.owner === owner));
    return { hresult, method, jobIds: jobs.map(({ id }) => id), page: 0, more: false };
  }

  #describe(jobId: string, detail: Params<"job.describe">["detail"]): Result<"job.describe">["items"][number] {
    const found = this.#getJob(jobId);
    if (!(found instanceof Job)) {
      return { ...found, jobId };
    }
    const answerFor = (method: string) => this.#environment.answerFor(method, found.id)?.hresult;
    const method = GET_STATE;
    const hresult = this.#call(method, found.id, () => S_OK);
    return failed(hresult)
      ? { hresult, method, jobId: found.id }
      : { hresult, method, jobId: found.id, job: describe(found, detail, answerFor) };
  }

  #set(job: Job, settings: WireSettings): Result<"job.set"> {
    const unknown = Object.keys(settings).find((name) => !Object.hasOwn(SETTERS, name));
    if (unknown !== undefined) {
      return { hresult: E_NOTIMPL, method: "IBackgroundCopyJob", property: unknown };
    }
    let kept: Outcome | undefined;
    for (const { name, method, change } of changesOf(settings)) {
      const hresult = this.#call(method, job.id, () =>
        typeof change === "object" ? job.set(change) : job.isFinal ? DO_E_INVALID_STATE : change,
      );
      if (failed(hresult)) {
        return { hresult, method, property: name };
      }
      kept = keptOf(kept, { hresult, method });
    }
    return kept ?? { hresult: E_INVALIDARG, method: "IBackgroundCopyJob" };
  }

  #addFile(job: Job, { remoteUrl, localName, ranges }: File): Outcome {
    const { dialect } = this.#environment;
    const method = ranges ? dialect.addFileWithRanges : dialect.addFile;
    if (method === undefined) {
      return { hresult: E_NOTIMPL, method: "IBackgroundCopyJob3::AddFileWithRanges" };
    }
    const isValid = isRemoteUrl(remoteUrl) && isLocalName(localName);
    const hresult = this.#call(method, job.id, () => (isValid ? job.addFile(remoteUrl, localName) : E_INVALIDARG));
    return { hresult, method };
  }

  async #cancel(job: Job): Promise<VerbAnswer> {
    const jobError = currentError(job);
    return { ...this.#ended(job, await job.cancel()), ...(jobError && { jobError }) };
  }

  /** For methods that end jobs: a canceled or completed job makes room for others in time. */
  #ended(job: Job, { hresult, leftoverFiles }: Ended): VerbAnswer {
    if (!failed(hresult)) {
      this.#jobs.retire(job);
    }
    return { hresult, ...(leftoverFiles.length > 0 && { leftoverFiles: [...leftoverFiles] }) };
  }

  async #each(
    jobIds: readonly string[],
    method: string,
    verb: (job: Job) => VerbAnswer | Promise<VerbAnswer>,
  ): Promise<{ items: JobItem[] }> {
    return { items: await Promise.all(jobIds.map((jobId) => this.#one(jobId, method, verb))) };
  }

  async #one(jobId: string, method: string, verb: (job: Job) => VerbAnswer | Promise<VerbAnswer>): Promise<JobItem> {
    const found = this.#getJob(jobId);
    if (!(found instanceof Job)) {
      return { ...found, jobId };
    }
    const stateBefore = JOB_STATE.toValue(found.state) as number;
    const told = this.#environment.answerFor(method, found.id);
    const own: VerbAnswer = told && failed(told.hresult) ? told : this.#inDialect(await verb(found));
    const answer = failed(own.hresult) ? own : { ...own, ...told };
    const stateAfter = JOB_STATE.toValue(found.state) as number;
    return { jobId: found.id, ...answer, method, stateBefore, stateAfter };
  }

  /** The answer of a method: the scripted answer if it is a refusal or the method succeeds, otherwise its own. */
  #call(method: string, jobId: string | undefined, run: () => number): number {
    const told = this.#environment.answerFor(method, jobId)?.hresult;
    if (told !== undefined && failed(told)) {
      return told;
    }
    const { hresult } = this.#inDialect({ hresult: run() });
    return told !== undefined && !failed(hresult) ? told : hresult;
  }

  #inDialect(answer: VerbAnswer): VerbAnswer {
    return { ...answer, hresult: this.#environment.dialect.codeOf(answer.hresult) };
  }

  /** Calls a method of a job, for a service that supports more methods than this one. */
  call(jobId: string, method: string, run: (job: Job) => number): Outcome {
    return this.#with(jobId, (job) => ({ hresult: this.#call(method, job.id, () => run(job)), method }));
  }

  #refuse(jobId: string, method: string): Outcome {
    return this.#with(jobId, () => ({ hresult: E_NOTIMPL, method }));
  }

  #with<R extends Outcome>(jobId: string, verb: (job: Job) => R): R | Outcome {
    const found = this.#getJob(jobId);
    return found instanceof Job ? verb(found) : found;
  }

  #getJob(jobId: string): Job | Outcome {
    if (!isGuid(jobId)) {
      return { hresult: E_INVALIDARG, method: GET_JOB };
    }
    const job = this.#jobs.find(jobId);
    const hresult = this.#call(GET_JOB, jobId.toLowerCase(), () => (job ? S_OK : DO_E_JOB_NOT_FOUND));
    return failed(hresult) || !job ? { hresult, method: GET_JOB } : job;
  }

  /** Ends the wait after the time-out. The operation continues. */
  async #wait<T>(answer: Promise<T>, method: ServiceMethod, options: RequestOptions): Promise<T> {
    const { signal, timeoutInMs = defaultTimeoutInMs(method) } = options;
    if (!Number.isFinite(timeoutInMs)) {
      return untilAborted(answer, signal);
    }
    let callOff = () => {};
    const tooLate = new Promise<never>((_resolve, reject) => {
      callOff = this.#environment.clock.startTimer(timeoutInMs, () => {
        const values = { seconds: timeoutInMs / 1000 };
        reject(new BridgeError("TIMEOUT", { outcome: "unknown", values }, this.#language));
      });
    });
    try {
      return await untilAborted(Promise.race([answer, tooLate]), signal);
    } finally {
      callOff();
    }
  }
}
