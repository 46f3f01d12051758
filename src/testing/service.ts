import { makeSession } from "../calls/session.js";
import type { ConnectOptions } from "../connect.js";
import type { ToldAnswer } from "../embedded/environment.js";
import { get } from "../embedded/get.js";
import { CANCEL, type Job, Store } from "../embedded/index.js";
import { BackgroundCopyManager } from "../manager.js";
import { SERVICES, type ManagerInterface, type ServiceName } from "../model/services.js";
import {
  badArgument,
  checkNoOthers,
  optionsOf,
  checkBoolean,
  checkFunction,
  checkJobId,
  checkString,
} from "../words/arguments.js";
import { BRIDGE_ERROR_CODES, type BridgeErrorCode } from "../words/bridge-codes.js";
import { languageAndOptions } from "../words/caller-language.js";
import type { CodeName } from "../words/hresults.js";
import { ownLanguage, checkName, checkTimes, checkArray, codeOf } from "./checks.js";
import { TestClock } from "./clock.js";
import { faceOf, type Face } from "./faces.js";
import { checkJob, change, type TestJob } from "./job.js";
import { TestPort } from "./port.js";
import { REQUEST_NAMES, type TestRequest, type TestRequestName } from "./requests.js";
import {
  OUTCOMES,
  type ScriptedAnswer,
  type ScriptedFailure,
  type AnswerOptions,
  type BridgeFailureOptions,
} from "./script.js";
import { StandIn, type Extras } from "./stand-in.js";

const INTERFACES: Readonly<Record<ServiceName, readonly ManagerInterface[]>> = {
  "delivery-optimization": ["IBackgroundCopyManager", "IDOManager"],
  bits: ["IBackgroundCopyManager"],
  embedded: ["IBackgroundCopyManager"],
};

/** The options of {@link TestService}. */
export interface TestServiceOptions {
  /**
   * The service that this one stands for, with its capabilities, its codes, and its refusals. A property that was never set is missing, and
   * an upload doesn't transfer anything. Default: `"embedded"`.
   */
  readonly service?: ServiceName | undefined;
  /** For `"delivery-optimization"`, the interface that gives access to the jobs. Default: `"IBackgroundCopyManager"`. */
  readonly interface?: ManagerInterface | undefined;
  /** The clock of the service. Default: a new clock. */
  readonly clock?: TestClock | undefined;
  /** The function that transfers files, for tests without a network. Default: the function of the embedded service. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** The owner of new jobs. Default: `"tester"`. */
  readonly owner?: string | undefined;
}

/**
 * A transfer service to test programs that use this package. It's the embedded service with its own clock, with jobs in any state, and
 * with failures on demand. It doesn't replace any part of Node.
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
  /** The clock of the service. */
  readonly clock: TestClock;
  readonly #requests: TestRequest[] = [];
  readonly #answers: ScriptedAnswer[] = [];
  readonly #failures: ScriptedFailure[] = [];
  readonly #store: Store;
  readonly #extras = new WeakMap<Job, Extras>();
  readonly #face: Face;
  readonly #language = ownLanguage();

  /**
   * @param options - The service that this one stands for, the clock, the function that transfers files, and the owner of the jobs.
   * @throws TypeError if an option is unknown or its value isn't valid.
   */
  constructor(options: TestServiceOptions = {}) {
    const language = this.#language;
    const {
      service = "embedded",
      interface: managerInterface = "IBackgroundCopyManager",
      clock = new TestClock(),
      fetch: download = get,
      owner = "tester",
      ...others
    } = optionsOf(language, options);
    checkNoOthers(language, others);
    checkName(language, "service", service, SERVICES);
    checkName(language, "interface", managerInterface, INTERFACES[service]);
    if (!(clock instanceof TestClock)) {
      throw badArgument(language, "clock");
    }
    checkFunction(language, "fetch", download);
    checkString(language, "owner", owner);
    this.clock = clock;
    this.#face = faceOf(service, managerInterface);
    this.#store = new Store({
      clock,
      get: download,
      owner,
      dialect: this.#face.dialect,
      answerFor: (method, jobId) => this.#takeAnswer(method, jobId),
    });
  }

  /** The requests that the service has received, in order. */
  get requests(): readonly TestRequest[] {
    return this.#requests;
  }

  /**
   * Connects a manager to the jobs of this service. You can connect several managers, in different languages. Closing a manager doesn't
   * affect the service and its jobs.
   *
   * @throws TypeError if the locale or the wording isn't valid, or if an option is unknown.
   */
  async connect(
    options: Pick<ConnectOptions, "locale" | "wording" | "words" | "helpBaseUrl"> = {},
  ): Promise<BackgroundCopyManager> {
    const { language, given } = languageAndOptions(options);
    const { locale, wording, words, helpBaseUrl, ...others } = given;
    checkNoOthers(language, others);
    const { service } = this.#face;
    const port = new TestPort(new StandIn(language, this.#store, this.#face, this.#extras), service, language, {
      record: (request) => this.#requests.push(request),
      takeFailure: (name) => this.#takeFailure(name),
    });
    return new BackgroundCopyManager(makeSession(port, service, language, this.clock));
  }

  /**
   * Specifies the answer of a method. With an error code, the method does nothing and returns the code. With a success code, the method
   * does its work and returns the code if it succeeds.
   *
   * @param method - The documented name of the method, such as `"IBackgroundCopyJob::Cancel"`. If the method that gets a property
   *   returns an error code, the property is in `refused` of the description.
   * @param code - The name or the number of a code, such as `"E_ACCESSDENIED"` or `0x80070005`.
   * @param options - How often and for which job the answer applies, and the files that remain on the disk.
   * @throws TypeError if this service doesn't support the method, if the code isn't valid, or if an option is unknown or its value isn't
   *   valid.
   */
  answer(method: string, code: CodeName | (string & {}) | number, options: AnswerOptions = {}): void {
    const language = this.#language;
    const { times = Number.POSITIVE_INFINITY, jobId, leftoverFiles, ...others } = optionsOf(language, options);
    checkName(language, "method", method, this.#face.methods);
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
   * Makes the connection to the service fail, as PowerShell might.
   *
   * @param code - The code of the error.
   * @param options - The request that fails, how often it fails, and its outcome.
   * @throws TypeError if the code isn't valid, or if an option is unknown or its value isn't valid.
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
   * Adds a job. The service doesn't change it on its own, regardless of its state. A call of suspend, resume, complete, or cancel makes
   * it an ordinary job.
   *
   * @param job - The initial properties of the job. Default: those of a new job.
   * @param owner - The owner of the job. Default: the owner of the other jobs. Only the list of all users includes jobs of other owners.
   * @returns The job ID.
   * @throws TypeError if a property is unknown or its value isn't valid. In this case, no job is added.
   */
  addJob(job: TestJob = {}, owner?: string): string {
    const given = checkJob(this.#language, job);
    if (owner !== undefined) {
      checkString(this.#language, "owner", owner);
    }
    const added = this.#store.addJob(given.displayName ?? "", owner);
    change(this.#language, added, given);
    return added.id;
  }

  /**
   * Changes a job, as a transfer or a user might. A transfer in progress ends.
   *
   * @param jobId - The ID of any job of this service, with or without braces.
   * @param job - The properties to change. Files are identified by their position, other properties by their name.
   * @throws TypeError if no job has the ID, or if a property is unknown or its value isn't valid. In this case, nothing changes.
   */
  changeJob(jobId: string, job: TestJob): void {
    const language = this.#language;
    const found = this.#store.jobs.find(checkJobId(language, jobId));
    if (!found) {
      throw badArgument(language, "noJob", { value: jobId });
    }
    change(language, found, checkJob(language, job, found.state));
  }

  /** Ends all jobs and deletes their temporary files. */
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
