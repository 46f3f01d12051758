import { setImmediate } from "node:timers/promises";
import type { ToldAnswer } from "./embedded/environment.js";
import { CANCEL, EmbeddedService, METHODS, Store } from "./embedded/index.js";
import type { Job } from "./embedded/job.js";
import { BRIDGE_ERROR_CODES, BridgeError, type BridgeErrorCode, type RequestOutcome } from "./errors.js";
import { writeSize } from "./files.js";
import { findHresult, hex, parseHresult } from "./hresults.js";
import { BackgroundCopyManager } from "./manager.js";
import { languageOf, makeSession, type ConnectOptions } from "./open-session.js";
import { badArgument, checkNoOthers, optionsOf, type Language } from "./messages.js";
import {
  JOB_ERROR_CONTEXT,
  JOB_PRIORITY,
  JOB_STATE,
  type JobErrorContext,
  type JobPriority,
  type JobState,
} from "./model.js";
import { choice } from "./properties.js";
import type { ServiceMethod, Params, Result } from "./protocol.js";
import type { RequestOptions, Service } from "./service.js";
import { checkBoolean, checkDate, checkFunction, checkJobId, checkObject, checkString } from "./session.js";

/** When the time of a {@link TestClock} begins, unless it is told. */
const BEGINNING = new Date("2020-01-01T00:00:00Z");

/** The environment's language: what is wrong with a test is said to whoever runs it. */
function ownLanguage(): Language {
  return languageOf({});
}

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
   * @throws TypeError for what is no time.
   */
  constructor(start: Date = BEGINNING) {
    this.#now = checkDate(ownLanguage(), "start", start).getTime();
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
   * @throws TypeError for what is no duration: time never goes back.
   */
  async advance(durationInMs: number): Promise<void> {
    if (!(Number.isFinite(durationInMs) && durationInMs >= 0)) {
      throw badArgument(ownLanguage(), "duration", { name: "durationInMs" });
    }
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

/** How often, for which job, and with what beside the code a method answers as it is told. */
export interface AnswerOptions {
  /** How often. Default: always. */
  readonly times?: number | undefined;
  /** For which job: its id, with or without braces. Default: for any. */
  readonly jobId?: string | undefined;
  /** Of `IBackgroundCopyJob::Cancel`, the files that it could not delete. Default: it does not tell. */
  readonly leftoverFiles?: readonly string[] | undefined;
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
  readonly bytesTotal?: number | bigint | undefined;
  /** How many have been transferred. A file that has all of them is completed. Default: 0. */
  readonly bytesTransferred?: number | bigint | undefined;
}

interface ScriptedAnswer {
  readonly method: string;
  readonly told: ToldAnswer;
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

// Types are gone when a test runs; these say at run time what names there are, and the compiler says that none is missing.
const REQUEST_NAMES: Readonly<Record<TestRequestName, true>> = {
  create: true,
  list: true,
  describe: true,
  set: true,
  setCredentials: true,
  removeCredentials: true,
  takeOwnership: true,
  replaceRemotePrefix: true,
  addFile: true,
  suspend: true,
  resume: true,
  complete: true,
  cancel: true,
};
const OUTCOMES: Readonly<Record<RequestOutcome, true>> = { "not sent": true, unknown: true };

function checkName(language: Language, name: string, value: unknown, names: readonly string[]): void {
  if (!names.includes(value as string)) {
    throw badArgument(language, "choice", { name, value, choices: names.join(", ") });
  }
}

function checkTimes(language: Language, times: unknown): void {
  if (!(Number.isInteger(times) && (times as number) >= 0) && times !== Number.POSITIVE_INFINITY) {
    throw badArgument(language, "unsigned", { name: "times" });
  }
}

function checkArray(language: Language, name: string, value: unknown): void {
  if (!Array.isArray(value)) {
    throw badArgument(language, "array", { name });
  }
}

/** The number of a code. */
function codeOf(language: Language, code: unknown): number {
  const isCode = typeof code === "string" || typeof code === "number";
  const hresult = isCode ? (findHresult(code)?.hresult ?? parseHresult(String(code))) : undefined;
  if (hresult === undefined) {
    throw badArgument(language, "code", { value: code });
  }
  return hresult;
}

function checkSize(language: Language, name: string, value: unknown): void {
  // What a number stands for is exact, also beyond what it can count.
  writeSize(language, name, Number.isInteger(value) ? BigInt(value as number) : value);
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
 * const [refused] = await manager.cancelJobs([id]);
 * console.log(refused?.ok); // false
 * const [canceled] = await manager.cancelJobs([id]);
 * console.log(canceled?.ok); // true
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
  readonly #language = ownLanguage();

  /**
   * @param options - The clock, what files are transferred with, and who owns the jobs.
   * @throws TypeError for an option that there is none of or whose value is not possible.
   */
  constructor(options: TestServiceOptions = {}) {
    const language = this.#language;
    const {
      clock = new TestClock(),
      fetch = globalThis.fetch,
      owner = "tester",
      ...others
    } = optionsOf(language, options);
    checkNoOthers(language, others);
    if (!(clock instanceof TestClock)) {
      throw badArgument(language, "clock");
    }
    checkFunction(language, "fetch", fetch);
    checkString(language, "owner", owner);
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
   * @throws TypeError for a locale or a wording that is none, and for an option that there is none of.
   */
  async connect(options: Pick<ConnectOptions, "locale" | "wording"> = {}): Promise<BackgroundCopyManager> {
    const language = languageOf(options);
    const { locale, wording, ...others } = options;
    checkNoOthers(language, others);
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
   * @param options - How often, for which job, and what is left on the disk.
   * @throws TypeError for a method that this service does not have, for what is no code, and for an option that there is none of or
   *   whose value is not possible.
   */
  answer(method: string, code: string | number, options: AnswerOptions = {}): void {
    const language = this.#language;
    const { times = Number.POSITIVE_INFINITY, jobId, leftoverFiles, ...others } = optionsOf(language, options);
    checkName(language, "method", method, METHODS);
    checkNoOthers(language, leftoverFiles && method !== CANCEL ? { leftoverFiles } : others);
    checkTimes(language, times);
    if (leftoverFiles !== undefined) {
      checkArray(language, "leftoverFiles", leftoverFiles);
      for (const [i, path] of leftoverFiles.entries()) {
        checkString(language, `leftoverFiles[${i}]`, path);
      }
    }
    this.#answers.push({
      method,
      told: { hresult: codeOf(language, code), ...(leftoverFiles && { leftoverFiles: [...leftoverFiles] }) },
      jobId: jobId === undefined ? undefined : checkJobId(language, jobId),
      times,
    });
  }

  /**
   * Lets the way to the service fail, as PowerShell may.
   *
   * @param code - The code of the error.
   * @param options - Which request fails, how often, and what becomes of it.
   * @throws TypeError for what is no code, and for an option that there is none of or whose value is not possible.
   */
  failBridge(code: BridgeErrorCode, options: BridgeFailureOptions = {}): void {
    const language = this.#language;
    const { request, times = 1, outcome = "unknown", carriedOut = false, ...others } = optionsOf(language, options);
    checkName(language, "code", code, BRIDGE_ERROR_CODES);
    checkNoOthers(language, others);
    if (request !== undefined) {
      checkName(language, "request", request, Object.keys(REQUEST_NAMES));
    }
    checkTimes(language, times);
    checkName(language, "outcome", outcome, Object.keys(OUTCOMES));
    checkBoolean(language, "carriedOut", carriedOut);
    this.#failures.push({ code, request, times, outcome, carriedOut });
  }

  /**
   * Adds a job. Nothing happens to it by itself, whatever its state: a verb makes it a job like any other.
   *
   * @param job - How it is at first. Default: as a new job.
   * @param owner - Who owns it. Default: who owns the others. The jobs of other owners are only in the list of all users.
   * @returns Its id.
   * @throws TypeError for a property that there is none of, and for a value that is not possible; no job is added then.
   */
  addJob(job: TestJob = {}, owner?: string): string {
    checkJob(this.#language, job);
    if (owner !== undefined) {
      checkString(this.#language, "owner", owner);
    }
    const added = this.#store.addJob(job.displayName ?? "", owner);
    change(this.#language, added, job);
    return added.id;
  }

  /**
   * Changes a job, as a transfer would or a person. A transfer that is under way ends.
   *
   * @param jobId - The id of any job of this service, with or without braces.
   * @param job - What changes: files by their place, the rest by its name.
   * @throws TypeError for an id that no job has, for a property that there is none of, and for a value that is not possible; nothing
   *   changes then.
   */
  changeJob(jobId: string, job: TestJob): void {
    const language = this.#language;
    const found = this.#store.jobs.find(checkJobId(language, jobId));
    if (!found) {
      throw badArgument(language, "noJob", { value: jobId });
    }
    checkJob(language, job);
    change(language, found, job);
  }

  /** Ends every job, and deletes their temporary files. */
  close(): Promise<void> {
    return this.#store.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #takeAnswer(method: string, jobId: string | undefined): ToldAnswer | undefined {
    const found = this.#answers.find(
      (answer) => answer.method === method && answer.times > 0 && (!answer.jobId || answer.jobId === jobId),
    );
    if (found) {
      found.times--;
    }
    return found?.told;
  }

  #takeFailure(name: TestRequestName): ScriptedFailure | undefined {
    const found = this.#failures.find(({ request, times }) => times > 0 && (!request || request === name));
    if (found) {
      found.times--;
    }
    return found;
  }
}

const JOB_PROPERTIES = [
  "displayName",
  "description",
  "priority",
  "state",
  "error",
  "files",
  "creationTime",
  "modificationTime",
  "transferCompletionTime",
];
const FILE_PROPERTIES = ["remoteName", "localName", "bytesTotal", "bytesTransferred"];

/** @throws TypeError for what no job can be. */
function checkJob(language: Language, job: TestJob): void {
  const {
    displayName = "",
    description = "",
    priority,
    state,
    error,
    files = [],
    creationTime,
    modificationTime,
    transferCompletionTime,
    ...others
  } = checkObject(language, "job", job, JOB_PROPERTIES);
  checkNoOthers(language, others);
  checkString(language, "displayName", displayName);
  checkString(language, "description", description);
  if (priority !== undefined) {
    choice(JOB_PRIORITY).write(priority, "priority", language);
  }
  if (state !== undefined) {
    choice(JOB_STATE).write(state, "state", language);
  }
  if (error !== undefined) {
    checkError(language, error);
  }
  checkArray(language, "files", files);
  for (const [i, file] of files.entries()) {
    checkFile(language, `files[${i}]`, file);
  }
  for (const [name, time] of Object.entries({ creationTime, modificationTime, transferCompletionTime })) {
    if (time !== undefined) {
      checkDate(language, name, time);
    }
  }
}

function checkError(language: Language, error: NonNullable<TestJob["error"]>): void {
  const { code, context, ...others } = checkObject(language, "error", error, ["code", "context"]);
  checkNoOthers(language, others);
  codeOf(language, code);
  if (context !== undefined) {
    choice(JOB_ERROR_CONTEXT).write(context, "error.context", language);
  }
}

function checkFile(language: Language, name: string, file: TestFile): void {
  const { remoteName, localName, bytesTotal, bytesTransferred, ...others } = checkObject(
    language,
    name,
    file,
    FILE_PROPERTIES,
  );
  checkNoOthers(language, others);
  checkString(language, `${name}.remoteName`, remoteName);
  checkString(language, `${name}.localName`, localName);
  for (const [size, bytes] of Object.entries({ bytesTotal, bytesTransferred })) {
    if (bytes !== undefined) {
      checkSize(language, `${name}.${size}`, bytes);
    }
  }
}

function change(
  language: Language,
  job: Job,
  { displayName, description, priority, state, error, files = [], ...times }: TestJob,
): void {
  job.set({
    ...(displayName !== undefined && { displayName }),
    ...(description !== undefined && { description }),
    ...(priority !== undefined && { priority: JOB_PRIORITY.toValue(priority) as number }),
  });
  files.forEach(({ remoteName, localName, bytesTotal, bytesTransferred = 0 }, i) => {
    if (!job.files[i]) {
      job.addFile(remoteName, localName);
    }
    job.files[i]?.pretend(BigInt(bytesTransferred), bytesTotal === undefined ? undefined : BigInt(bytesTotal));
  });
  if (state || error) {
    const { code, context = "BG_ERROR_CONTEXT_REMOTE_FILE" } = error ?? {};
    const failure = code === undefined ? undefined : { hresult: codeOf(language, code), context, file: job.files[0] };
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
    const hresult = code === "SERVICE_UNAVAILABLE" ? codeOf(this.#language, "ERROR_SERVICE_DISABLED") : undefined;
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
