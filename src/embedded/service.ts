import { untilAborted } from "../abort.js";
import { BridgeError } from "../errors.js";
import { failed } from "../hresults.js";
import type { Language } from "../messages.js";
import { JOB_PRIORITIES, JOB_STATES, JOB_TYPES } from "../model.js";
import type { CancelItem, MethodName, Outcome, Params, Result } from "../protocol.js";
import { defaultTimeoutInMs, type RequestOptions, type Service } from "../service.js";
import { hasNul, isGuid, isLocalName, isRemoteUrl } from "./arguments.js";
import { DO_E_JOB_NOT_FOUND, E_INVALIDARG, E_NOTIMPL, S_OK } from "./codes.js";
import { Job } from "./job.js";
import { Jobs } from "./jobs.js";
import { TransferQueue } from "./queue.js";

/** A transfer service inside this process: its jobs are gone when it is closed. */
export function openEmbeddedService(language: Language): Service {
  return new EmbeddedService(language);
}

type Answer<M extends MethodName> = Result<M> | Promise<Result<M>>;
type Handlers = { readonly [M in MethodName]: (params: Params<M>) => Answer<M> };

const DOWNLOAD = JOB_TYPES.indexOf("BG_JOB_TYPE_DOWNLOAD");
const NORMAL = JOB_PRIORITIES.indexOf("BG_JOB_PRIORITY_NORMAL");

class EmbeddedService implements Service {
  readonly managerInterface = "IBackgroundCopyManager";
  readonly #language: Language;
  readonly #queue = new TransferQueue();
  readonly #jobs = new Jobs();
  #closed: Promise<void> | undefined;

  constructor(language: Language) {
    this.#language = language;
  }

  async request<M extends MethodName>(method: M, params: Params<M>, options: RequestOptions = {}): Promise<Result<M>> {
    options.signal?.throwIfAborted();
    if (this.#closed) {
      throw new BridgeError("CLOSED", { outcome: "not sent" }, this.#language);
    }
    const handler: Handlers[M] = this.#handlers[method];
    const answer = handler(params);
    return answer instanceof Promise ? this.#wait(answer, method, options) : answer;
  }

  close(): Promise<void> {
    this.#closed ??= Promise.all([...this.#jobs].map((job) => job.dispose())).then(() => {});
    return this.#closed;
  }

  readonly #handlers: Handlers = {
    "host.echo": ({ text }) => ({ text }),
    "service.open": () => ({ hresult: S_OK, method: "CoCreateInstance" }),
    "job.create": (params) => this.#create(params),
    "job.addFile": ({ jobId, remoteUrl, localName }) =>
      this.#with(jobId, (job) => {
        const isValid = isRemoteUrl(remoteUrl) && isLocalName(localName);
        const hresult = isValid ? job.addFile(remoteUrl, localName) : E_INVALIDARG;
        return { hresult, method: "IBackgroundCopyJob::AddFile" };
      }),
    "job.resume": ({ jobId }) =>
      this.#with(jobId, (job) => ({ hresult: job.resume(), method: "IBackgroundCopyJob::Resume" })),
    "job.suspend": ({ jobId }) =>
      this.#with(jobId, (job) => ({ hresult: job.suspend(), method: "IBackgroundCopyJob::Suspend" })),
    "job.complete": ({ jobId }) => this.#complete(jobId),
    "job.getState": ({ jobId }) =>
      this.#with(jobId, (job) => ({
        hresult: S_OK,
        method: "IBackgroundCopyJob::GetState",
        state: JOB_STATES.indexOf(job.state),
      })),
    // Every job ends now, in this order; what takes its time is only the closing and deleting of files.
    "job.cancel": async ({ jobIds }) => ({ items: await Promise.all(jobIds.map((jobId) => this.#cancel(jobId))) }),
  };

  #create({ displayName, type, priority = NORMAL }: Params<"job.create">): Result<"job.create"> {
    const method = "IBackgroundCopyManager::CreateJob";
    if (hasNul(displayName) || !(type in JOB_TYPES)) {
      return { hresult: E_INVALIDARG, method };
    }
    if (type !== DOWNLOAD) {
      return { hresult: E_NOTIMPL, method };
    }
    if (!(priority in JOB_PRIORITIES)) {
      return { hresult: E_INVALIDARG, method: "IBackgroundCopyJob::SetPriority" };
    }
    const job = new Job(priority, this.#queue);
    this.#jobs.add(job);
    return { hresult: S_OK, method, jobId: job.id };
  }

  async #cancel(jobId: string): Promise<CancelItem> {
    const found = this.#getJob(jobId);
    if (!(found instanceof Job)) {
      return { ...found, jobId };
    }
    const stateBefore = JOB_STATES.indexOf(found.state);
    const hresult = await found.cancel();
    if (!failed(hresult)) {
      this.#jobs.retire(found);
    }
    const stateAfter = JOB_STATES.indexOf(found.state);
    return { jobId: found.id, hresult, method: "IBackgroundCopyJob::Cancel", stateBefore, stateAfter };
  }

  async #complete(jobId: string): Promise<Outcome> {
    const found = this.#getJob(jobId);
    if (!(found instanceof Job)) {
      return found;
    }
    const hresult = await found.complete();
    if (!failed(hresult)) {
      this.#jobs.retire(found);
    }
    return { hresult, method: "IBackgroundCopyJob::Complete" };
  }

  #with<R extends Outcome>(jobId: string, verb: (job: Job) => R): R | Outcome {
    const found = this.#getJob(jobId);
    return found instanceof Job ? verb(found) : found;
  }

  #getJob(jobId: string): Job | Outcome {
    const method = "IBackgroundCopyManager::GetJob";
    if (!isGuid(jobId)) {
      return { hresult: E_INVALIDARG, method };
    }
    return this.#jobs.find(jobId) ?? { hresult: DO_E_JOB_NOT_FOUND, method };
  }

  /** Ends the wait when its time is over; what was begun goes on. */
  async #wait<T>(answer: Promise<T>, method: MethodName, options: RequestOptions): Promise<T> {
    const { signal, timeoutInMs = defaultTimeoutInMs(method) } = options;
    if (!Number.isFinite(timeoutInMs)) {
      return untilAborted(answer, signal);
    }
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        const values = { seconds: timeoutInMs / 1000 };
        reject(new BridgeError("TIMEOUT", { outcome: "unknown", values }, this.#language));
      }, timeoutInMs);
    });
    try {
      return await untilAborted(Promise.race([answer, tooLate]), signal);
    } finally {
      clearTimeout(timer);
    }
  }
}
