import { setImmediate } from "node:timers/promises";
import { EmbeddedService, METHODS, Store } from "./embedded/index.js";
import type { Job } from "./embedded/job.js";
import { BridgeError, type BridgeErrorCode, type RequestOutcome } from "./errors.js";
import { findHresult, hex, parseHresult } from "./hresults.js";
import { BackgroundCopyManager } from "./manager.js";
import { languageOf, makeSession, type ConnectOptions } from "./open-session.js";
import { JOB_PRIORITY, type JobErrorContext, type JobPriority, type JobState } from "./model.js";
import type { ServiceMethod, Params, Result } from "./protocol.js";
import type { RequestOptions, Service } from "./service.js";
import type { Language } from "./messages.js";

/** When the time of a {@link TestClock} begins, unless it is told. */
const BEGINNING = new Date("2020-01-01T00:00:00Z");

// How many turns of Node's event loop whatever waits for a timer has until the next one: for promises, and for what they bring about.
const TURNS = 5;

/**
 * A clock that stands still until it is told to go on. By it go the times of jobs, the waits for retries, the ticks of watches and the
 * time-outs of calls; whatever a transfer takes for itself it takes in real time.
 */
export class TestClock {
  #now: number;
  readonly #timers = new Set<{ readonly due: number; readonly callback: () => void }>();

  /**
   * @param start - What the time is. Default: 2020 begins, in UTC.
   */
  constructor(start: Date = BEGINNING) {
    this.#now = start.getTime();
  }

  /** The time, in milliseconds since 1970 began. */
  now(): number {
    return this.#now;
  }

  /** How many timers there are: none is left by a watch that has ended. */
  get timers(): number {
    return this.#timers.size;
  }

  /** @internal */
  startTimer(delayInMs: number, callback: () => void): () => void {
    const timer = { due: this.#now + delayInMs, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /**
   * Lets so much time go by. What was to happen meanwhile happens, in its order.
   *
   * @param durationInMs - How much, in milliseconds.
   * @returns When whoever waited for it has had a turn.
   */
  async advance(durationInMs: number): Promise<void> {
    const end = this.#now + durationInMs;
    await settle();
    for (let next = this.#next(end); next; next = this.#next(end)) {
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.due);
      next.callback();
      await settle();
    }
    this.#now = end;
  }

  #next(end: number) {
    const [first] = [...this.#timers].filter(({ due }) => due <= end).sort((a, b) => a.due - b.due);
    return first;
  }
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) {
    await setImmediate();
  }
}

/** What the SDK asks of a service. */
export type TestRequestName =
  | "create"
  | "list"
  | "describe"
  | "set"
  | "setCredentials"
  | "removeCredentials"
  | "takeOwnership"
  | "replaceRemotePrefix"
  | "addFile"
  | "suspend"
  | "resume"
  | "complete"
  | "cancel";

/** A request that has come, whatever became of it. */
export interface TestRequest {
  readonly name: TestRequestName;
  /** The jobs that it was about. */
  readonly jobIds: readonly string[];
}

/** The options of {@link TestService}. */
export interface TestServiceOptions {
  /** The clock that the service goes by. Default: one of its own. */
  readonly clock?: TestClock | undefined;
  /** What files are transferred with, for tests without a network. Default: Node's own fetch. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** Who owns the jobs that are created. Default: `"tester"`. */
  readonly owner?: string | undefined;
}

/** How often, and for which job, a method answers as it is told. */
export interface AnswerOptions {
  /** How often. Default: always. */
  readonly times?: number | undefined;
  /** For which job. Default: for any. */
  readonly jobId?: string | undefined;
}

/** How the way to the service fails. */
export interface BridgeFailureOptions {
  /** Which request fails. Default: the next one, whichever it is. */
  readonly request?: TestRequestName | undefined;
  /** How often. Default: once. */
  readonly times?: number | undefined;
  /** What the caller is told. Default: `"unknown"`. */
  readonly outcome?: RequestOutcome | undefined;
  /** Whether the service does what it was asked, so that only its answer is lost. Default: false. */
  readonly carriedOut?: boolean | undefined;
}

/** A job that a test wants there to be. */
export interface TestJob {
  readonly displayName?: string | undefined;
  readonly description?: string | undefined;
  readonly priority?: JobPriority | undefined;
  readonly state?: JobState | undefined;
  /** Why the job is in error: the name or the number of a code, and where the error occurred. */
  readonly error?: { readonly code: string | number; readonly context?: JobErrorContext | undefined } | undefined;
  /** The job's files, with nothing of them on the disk. */
  readonly files?: readonly TestFile[] | undefined;
  readonly creationTime?: Date | undefined;
  readonly modificationTime?: Date | undefined;
  readonly transferCompletionTime?: Date | undefined;
}

/** A file of a {@link TestJob}. */
export interface TestFile {
  readonly remoteName: string;
  readonly localName: string;
  /** How many bytes there are to transfer. Default: unknown. */
  readonly bytesTotal?: number | undefined;
  /** How many have been transferred. A file that has all of them is completed. Default: 0. */
  readonly bytesTransferred?: number | undefined;
}

interface ScriptedAnswer {
  readonly method: string;
  readonly hresult: number;
  readonly jobId: string | undefined;
  times: number;
}

interface ScriptedFailure {
  readonly code: BridgeErrorCode;
  readonly request: TestRequestName | undefined;
  readonly outcome: RequestOutcome;
  readonly carriedOut: boolean;
  times: number;
}

/** The number of a code. */
function codeOf(code: string | number): number {
  const hresult = findHresult(code)?.hresult ?? parseHresult(String(code));
  if (hresult === undefined) {
    throw new TypeError(`${code} is neither the name nor the number of an HRESULT.`);
  }
  return hresult;
}

/**
 * A transfer service for the tests of programs that use this package: the embedded one, with a clock of its own, with jobs in whatever
 * state a test needs, and with failures on demand. Nothing of Node is replaced.
 *
 * @example
 * ```ts
 * import { TestService } from "background-copy/testing";
 *
 * const service = new TestService();
 * const manager = await service.connect({ locale: "en" });
 * const id = service.addJob({ displayName: "update", state: "BG_JOB_STATE_TRANSFERRING" });
 * service.answer("IBackgroundCopyJob::Cancel", "E_ACCESSDENIED", { times: 1 });
 * await manager.cancelJobs([id]); // an outcome with the error
 * await manager.cancelJobs([id]); // canceled
 * await service.close();
 * ```
 */
export class TestService {
  /** The clock that the service goes by. */
  readonly clock: TestClock;
  readonly #requests: TestRequest[] = [];
  readonly #answers: ScriptedAnswer[] = [];
  readonly #failures: ScriptedFailure[] = [];
  readonly #store: Store;

  /**
   * @param options - The clock, what files are transferred with, and who owns the jobs.
   */
  constructor({ clock = new TestClock(), fetch = globalThis.fetch, owner = "tester" }: TestServiceOptions = {}) {
    this.clock = clock;
    this.#store = new Store({
      clock,
      fetch,
      owner,
      answerFor: (method, jobId) => this.#takeAnswer(method, jobId),
    });
  }

  /** The requests that have come, in their order. */
  get requests(): readonly TestRequest[] {
    return this.#requests;
  }

  /**
   * A manager of this service's jobs. There can be several, in different languages; closing one leaves the service and its jobs alone.
   *
   * @throws TypeError for a locale or a wording that is none.
   */
  async connect(options: Pick<ConnectOptions, "locale" | "wording"> = {}): Promise<BackgroundCopyManager> {
    const language = languageOf(options);
    const port = new TestPort(new EmbeddedService(language, this.#store), language, {
      record: (request) => this.#requests.push(request),
      takeFailure: (name) => this.#takeFailure(name),
    });
    return new BackgroundCopyManager(makeSession(port, "embedded", language, this.clock));
  }

  /**
   * Tells a method what to answer. With an error code it does nothing; with a success code it does its work, and answers with that code
   * where it succeeds.
   *
   * @param method - As the documentation writes it: `"IBackgroundCopyJob::Cancel"`. A property whose getter refuses is in `refused` of
   *   the description.
   * @param code - The name or the number of a code: `"E_ACCESSDENIED"`, `0x80070005`.
   * @param options - How often, and for which job.
   * @throws TypeError for a method that this service does not have, and for what is no code.
   */
  answer(method: string, code: string | number, { times = Number.POSITIVE_INFINITY, jobId }: AnswerOptions = {}): void {
    if (!METHODS.includes(method)) {
      throw new TypeError(`There is no method ${method} here. There are: ${METHODS.join(", ")}.`);
    }
    this.#answers.push({ method, hresult: codeOf(code), jobId: jobId?.toLowerCase(), times });
  }

  /**
   * Lets the way to the service fail, as PowerShell may.
   *
   * @param code - The code of the error.
   * @param options - Which request fails, how often, and what becomes of it.
   */
  failBridge(
    code: BridgeErrorCode,
    { request, times = 1, outcome = "unknown", carriedOut = false }: BridgeFailureOptions = {},
  ): void {
    this.#failures.push({ code, request, times, outcome, carriedOut });
  }

  /**
   * Adds a job. Nothing happens to it by itself, whatever its state: a verb makes it a job like any other.
   *
   * @param job - How it is. Default: as a new job.
   * @param owner - Who owns it. Default: who owns the others. The jobs of other owners are only in the list of all users.
   * @returns Its id.
   */
  addJob(job: TestJob = {}, owner?: string): string {
    const added = this.#store.addJob(job.displayName ?? "", owner);
    change(added, job);
    return added.id;
  }

  /**
   * Changes a job, as a transfer would or a person. A transfer that is under way ends.
   *
   * @param jobId - The id of any job of this service.
   * @param job - What changes: files by their place, the rest by its name.
   * @throws TypeError for an id that no job has.
   */
  changeJob(jobId: string, job: TestJob): void {
    const found = this.#store.jobs.find(jobId);
    if (!found) {
      throw new TypeError(`There is no job ${jobId} here.`);
    }
    change(found, job);
  }

  /** Ends every job, and deletes their temporary files. */
  close(): Promise<void> {
    return this.#store.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #takeAnswer(method: string, jobId: string | undefined): number | undefined {
    const found = this.#answers.find(
      (answer) => answer.method === method && answer.times > 0 && (!answer.jobId || answer.jobId === jobId),
    );
    if (found) {
      found.times--;
    }
    return found?.hresult;
  }

  #takeFailure(name: TestRequestName): ScriptedFailure | undefined {
    const found = this.#failures.find(({ request, times }) => times > 0 && (!request || request === name));
    if (found) {
      found.times--;
    }
    return found;
  }
}

function change(job: Job, { displayName, description, priority, state, error, files = [], ...times }: TestJob): void {
  job.set({
    ...(displayName !== undefined && { displayName }),
    ...(description !== undefined && { description }),
    ...(priority !== undefined && { priority: JOB_PRIORITY.toValue(priority) as number }),
  });
  files.forEach(({ remoteName, localName, bytesTotal, bytesTransferred = 0 }, i) => {
    if (!job.files[i]) {
      job.addFile(remoteName, localName);
    }
    job.files[i]?.pretend(bytesTransferred, bytesTotal);
  });
  if (state || error) {
    const { code, context = "BG_ERROR_CONTEXT_REMOTE_FILE" } = error ?? {};
    const failure = code === undefined ? undefined : { hresult: codeOf(code), context, file: job.files[0] };
    job.pretend(state ?? "BG_JOB_STATE_ERROR", failure);
  }
  const { creationTime, modificationTime, transferCompletionTime } = times;
  job.times.creation = creationTime?.getTime() ?? job.times.creation;
  job.times.modification = modificationTime?.getTime() ?? job.times.modification;
  job.times.transferCompletion = transferCompletionTime?.getTime() ?? job.times.transferCompletion;
}

interface PortScript {
  record(request: TestRequest): void;
  takeFailure(name: TestRequestName): ScriptedFailure | undefined;
}

/** One manager's way to the service. */
class TestPort implements Service {
  readonly managerInterface = "IBackgroundCopyManager";
  readonly #service: Service;
  readonly #language: Language;
  readonly #script: PortScript;
  #isClosed = false;

  constructor(service: Service, language: Language, script: PortScript) {
    this.#service = service;
    this.#language = language;
    this.#script = script;
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
    const name = method.replace("job.", "") as TestRequestName;
    this.#script.record({ name, jobIds: jobIdsOf(params) });
    const failure = this.#script.takeFailure(name);
    if (failure && !failure.carriedOut) {
      throw this.#errorOf(failure, name);
    }
    const result = await this.#service.request(method, params, options);
    if (failure) {
      throw this.#errorOf(failure, name);
    }
    return result;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
  }

  #errorOf({ code, outcome }: ScriptedFailure, name: TestRequestName): BridgeError {
    const hresult = code === "SERVICE_UNAVAILABLE" ? codeOf("ERROR_SERVICE_DISABLED") : undefined;
    // Whatever the words of one failure or another name.
    const values = {
      service: "embedded",
      platform: process.platform,
      path: "powershell.exe",
      hex: hex(hresult ?? 0),
      exitCode: 1,
      seconds: 60,
      found: "-",
      expected: "-",
    };
    const jobLeftBehind = name === "create" && outcome === "unknown";
    return new BridgeError(code, { outcome, values, jobLeftBehind, ...(hresult && { hresult }) }, this.#language);
  }
}

function jobIdsOf(params: object): readonly string[] {
  const { jobId, jobIds } = params as { jobId?: string; jobIds?: readonly string[] };
  return jobIds ?? (jobId === undefined ? [] : [jobId]);
}
