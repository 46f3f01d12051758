import { makeSession } from "../calls/session.js";
import type { ConnectOptions } from "../connect.js";
import type { ToldAnswer } from "../embedded/environment.js";
import { CANCEL, EmbeddedService, METHODS, Store } from "../embedded/index.js";
import { BackgroundCopyManager } from "../manager.js";
import {
  languageAndOptions,
  badArgument,
  checkNoOthers,
  optionsOf,
  checkBoolean,
  checkFunction,
  checkJobId,
  checkString,
} from "../words/arguments.js";
import { BRIDGE_ERROR_CODES, type BridgeErrorCode } from "../words/errors.js";
import { ownLanguage, checkName, checkTimes, checkArray, codeOf } from "./checks.js";
import { TestClock } from "./clock.js";
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

/** The options of {@link TestService}. */
export interface TestServiceOptions {
  /** The clock that the service goes by. Default: one of its own. */
  readonly clock?: TestClock | undefined;
  /** What files are transferred with, for tests without a network. Default: Node's own fetch. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** Who owns the jobs that are created. Default: `"tester"`. */
  readonly owner?: string | undefined;
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
  async connect(
    options: Pick<ConnectOptions, "locale" | "wording" | "helpBaseUrl"> = {},
  ): Promise<BackgroundCopyManager> {
    const { language, given } = languageAndOptions(options);
    const { locale, wording, helpBaseUrl, ...others } = given;
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
    const given = checkJob(this.#language, job);
    if (owner !== undefined) {
      checkString(this.#language, "owner", owner);
    }
    const added = this.#store.addJob(given.displayName ?? "", owner);
    change(this.#language, added, given);
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
    change(language, found, checkJob(language, job));
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
