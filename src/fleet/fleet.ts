import {
  CANCEL,
  COMPLETE,
  RESUME,
  SUSPEND,
  type CancelOutcome,
  type JobOutcome,
  type JobPlan,
  type Verb,
} from "../calls/bulk.js";
import type { JobDescription } from "../calls/description.js";
import type { JobFilter } from "../calls/filter.js";
import type { CancelResult, VerbResult } from "../calls/results.js";
import type { FleetHost } from "../port/engine.js";
import { badArgument, checkBoolean, optionsOf } from "../words/arguments.js";
import { languageAndOptions } from "../words/caller-language.js";
import { openFleet, type FleetOptions } from "./connect.js";
import { doctorWork, type HostCheck, type HostDiagnosis } from "./doctor.js";
import { keyOf } from "./hosts.js";
import { checkFleetFilter, checkIdsByHost, listWork, planWork } from "./listing.js";
import { checkCall, checkRun, type FleetCallOptions, type FleetContext, type FleetRunOptions } from "./options.js";
import type { HostOutcome } from "./outcome.js";
import { checkPlan, isPlan, makePlan, plannedHost, type FleetPlan } from "./plan.js";
import { runHosts } from "./run.js";
import { Tally } from "./tally.js";
import { changeJobs, plansByHost } from "./change.js";

/** The target of a call: the jobs of a plan, or the jobs that a filter selects. */
export type FleetTarget = FleetPlan | JobFilter;

/** The option that makes a call return the affected jobs instead of changing them. */
export interface FleetWhatIf extends FleetCallOptions {
  readonly whatIf: true;
}

type Either<R extends VerbResult> =
  | AsyncGenerator<HostOutcome<JobOutcome<R>>, void, undefined>
  | AsyncGenerator<HostOutcome<JobPlan>, void, undefined>;
type AnyOptions = FleetRunOptions & { readonly whatIf?: boolean | undefined };

/**
 * The background transfer jobs of many Windows hosts. A plan lists the jobs, and a call for the plan changes exactly these jobs. The
 * hosts require an SSH server or PowerShell remoting. Nothing else has to be installed on them.
 *
 * The hosts require Windows 10, version 1709, or later. The OpenSSH server is an optional feature of Windows since Windows 10, version 1809.
 * PowerShell remoting is available only from a Windows computer. Microsoft documents BITS in PowerShell remoting sessions since Windows 10,
 * version 1607, but doesn't document whether it works in OpenSSH sessions: check it with {@link BackgroundCopyFleet.doctor}. An
 * administrator can't change the jobs of the SYSTEM account from another computer
 * ([Microsoft's documentation](https://learn.microsoft.com/windows/win32/bits/user-account-control-and-bits)).
 *
 * @example
 * ```ts
 * import { readFile, writeFile } from "node:fs/promises";
 * import { BackgroundCopyFleet } from "background-copy/fleet";
 *
 * await using fleet = await BackgroundCopyFleet.connect({ hosts: ["pc-1", "pc-2"], engine: "ssh", locale: "en" });
 *
 * const failed = await fleet.listJobs({ state: "BG_JOB_STATE_ERROR", allUsers: true });
 * await writeFile("C:\\Fleet\\plan.json", JSON.stringify(failed, null, 2));
 *
 * const plan = BackgroundCopyFleet.readPlan(await readFile("C:\\Fleet\\plan.json", "utf8"));
 * for await (const host of fleet.cancelJobs(plan, { journal: "C:\\Fleet\\journal.jsonl" })) {
 *   console.log(host.name, host.status); // pc-1 done
 * }
 * ```
 */
export class BackgroundCopyFleet {
  readonly #fleet: FleetContext;

  private constructor(fleet: FleetContext) {
    this.#fleet = fleet;
  }

  /**
   * Prepares the calls for the hosts. Hosts are contacted only by the calls themselves.
   *
   * @param options - The hosts, the engine that reaches them, the limits, and the language.
   * @throws TypeError if an option or a host isn't valid. The message contains the index of the host.
   */
  static async connect(options: FleetOptions): Promise<BackgroundCopyFleet> {
    return new BackgroundCopyFleet(await openFleet(options));
  }

  /**
   * Reads a plan that was saved as JSON, and checks that it wasn't changed.
   *
   * @param saved - The JSON text, or the object from `JSON.parse`.
   * @param options - The language of the errors.
   * @throws TypeError if it isn't a plan, or if it was changed after it was made.
   */
  static readPlan(saved: unknown, options: Pick<FleetOptions, "locale" | "wording" | "words"> = {}): FleetPlan {
    const { language } = languageAndOptions(options);
    try {
      return checkPlan(language, typeof saved === "string" ? JSON.parse(saved) : saved);
    } catch (error) {
      throw error instanceof SyntaxError ? badArgument(language, "plan", { name: "JSON" }) : error;
    }
  }

  /** The names of the hosts, each once, in the given order. */
  get hosts(): readonly string[] {
    return Array.from(this.#fleet.hosts.values(), ({ name }) => name);
  }

  /**
   * Lists the jobs of the hosts as a plan.
   *
   * A filter requires BITS. Documented methods: IBackgroundCopyManager::EnumJobs for a filter, IBackgroundCopyManager::GetJob for IDs.
   *
   * @param target - The conditions of the jobs, or a `Map` of the job IDs by the names of the hosts. Without conditions, the plan contains all
   *   jobs of the account. The jobs of all users require an administrator. Of the IDs, the plan contains those that the service knows.
   * @returns The plan. It contains every host: if the jobs of a host can't be listed, `status` and `error` contain the reason.
   * @throws TypeError if the filter, an ID, the name of a host, or an option isn't valid.
   * @throws {@link BridgeError} `UNSUPPORTED` for a filter with Delivery Optimization, which lists only the jobs that the same account created.
   */
  async listJobs(
    target: JobFilter | ReadonlyMap<string, Iterable<string>> = {},
    options: FleetCallOptions = {},
  ): Promise<FleetPlan> {
    const fleet = this.#fleet;
    const call = checkCall(fleet, options);
    const ids = target instanceof Map ? checkIdsByHost(fleet, target) : undefined;
    if (!ids) {
      checkFleetFilter(fleet, target as JobFilter, false);
    }
    const planned = new Map<string, ReturnType<typeof plannedHost>>();
    const hosts = [...call.hosts.values()];
    const work = ({ name }: FleetHost) => listWork(fleet, ids?.get(keyOf(name)) ?? (target as JobFilter));
    const asked = ids ? hosts.filter(({ name }) => ids.has(keyOf(name))) : hosts;
    const run = { call, hosts: asked, tally: new Tally(call), changes: false, workFor: work };
    for await (const outcome of runHosts<JobDescription>(fleet, run)) {
      planned.set(outcome.name, plannedHost(outcome));
    }
    const nothing = { status: "done", jobs: [] } as const;
    return makePlan(
      fleet.language,
      fleet.service,
      hosts.map((host) => ({ ...host, ...(planned.get(host.name) ?? nothing) })),
    );
  }

  /** Returns the jobs that would be canceled, and changes nothing. See the other signature. */
  cancelJobs(target: FleetTarget, options: FleetWhatIf): AsyncGenerator<HostOutcome<JobPlan>, void, undefined>;
  /**
   * Cancels the jobs of a plan, batch by batch. If the connection to a host fails, the call tries to connect once more, but never
   * repeats a request that was sent. To continue an interrupted run, call the method again with the same plan and the same journal.
   *
   * A remote administrator can't cancel the jobs of a system account, because their owner has a higher integrity level. Documented method:
   * IBackgroundCopyJob::Cancel ([Microsoft's documentation](https://learn.microsoft.com/windows/win32/delivery_optimization/ibackgroundcopyjob-cancel)).
   *
   * @param target - The plan, or, with `unplanned: true`, a filter with at least one condition.
   * @param options - The batches, the rules that stop the run, and the journal.
   * @returns An outcome for each host, as soon as it is known.
   * @throws TypeError if the plan, the filter, or an option isn't valid, or if the journal belongs to another run. In this case, nothing is
   *   sent.
   * @throws {@link BridgeError} `JOURNAL_FAILED` if the journal can't be used. In this case, nothing more is sent.
   */
  cancelJobs(
    target: FleetTarget,
    options?: FleetRunOptions,
  ): AsyncGenerator<HostOutcome<CancelOutcome>, void, undefined>;
  cancelJobs(target: FleetTarget, options: AnyOptions = {}): Either<CancelResult> {
    return this.#each(CANCEL, target, options);
  }

  /** Returns the jobs that would be suspended, and changes nothing. */
  suspendJobs(target: FleetTarget, options: FleetWhatIf): AsyncGenerator<HostOutcome<JobPlan>, void, undefined>;
  /** Suspends the jobs of a plan. See {@link BackgroundCopyFleet.cancelJobs}. */
  suspendJobs(target: FleetTarget, options?: FleetRunOptions): AsyncGenerator<HostOutcome, void, undefined>;
  suspendJobs(target: FleetTarget, options: AnyOptions = {}): Either<VerbResult> {
    return this.#each(SUSPEND, target, options);
  }

  /** Returns the jobs that would be resumed, and changes nothing. */
  resumeJobs(target: FleetTarget, options: FleetWhatIf): AsyncGenerator<HostOutcome<JobPlan>, void, undefined>;
  /** Resumes the jobs of a plan. See {@link BackgroundCopyFleet.cancelJobs}. */
  resumeJobs(target: FleetTarget, options?: FleetRunOptions): AsyncGenerator<HostOutcome, void, undefined>;
  resumeJobs(target: FleetTarget, options: AnyOptions = {}): Either<VerbResult> {
    return this.#each(RESUME, target, options);
  }

  /** Returns the jobs that would be completed, and changes nothing. */
  completeJobs(target: FleetTarget, options: FleetWhatIf): AsyncGenerator<HostOutcome<JobPlan>, void, undefined>;
  /** Completes the jobs of a plan. See {@link BackgroundCopyFleet.cancelJobs}. */
  completeJobs(target: FleetTarget, options?: FleetRunOptions): AsyncGenerator<HostOutcome, void, undefined>;
  completeJobs(target: FleetTarget, options: AnyOptions = {}): Either<VerbResult> {
    return this.#each(COMPLETE, target, options);
  }

  /**
   * Checks whether the hosts can be reached and used, and whether the account is allowed to list its own jobs and the jobs of all users.
   * Changes nothing.
   */
  doctor(options: FleetCallOptions = {}): AsyncGenerator<HostDiagnosis, void, undefined> {
    const fleet = { ...this.#fleet, withIntegrity: true };
    const call = checkCall(fleet, options);
    const run = { call, hosts: call.hosts.values(), tally: new Tally(call), changes: false };
    return runHosts<HostCheck>(fleet, { ...run, workFor: () => doctorWork(fleet) });
  }

  /** Closes the engine and its shared resources. Each call closes its own connections. */
  async close(): Promise<void> {
    await this.#fleet.engine.close?.();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #each<R extends VerbResult>(verb: Verb<R>, target: FleetTarget, given: AnyOptions): Either<R> {
    const fleet = this.#fleet;
    const { language } = fleet;
    const { whatIf = false, unplanned = false, ...options } = optionsOf(language, given);
    checkBoolean(language, "whatIf", whatIf);
    checkBoolean(language, "unplanned", unplanned);
    const plan = isPlan(target) ? checkPlan(language, target) : undefined;
    if (plan && plan.service !== fleet.service) {
      throw badArgument(language, "planService", { value: plan.service, service: fleet.service });
    }
    if (!plan && !whatIf && !unplanned) {
      throw badArgument(language, "unplanned");
    }
    const filter = plan ? undefined : (target as JobFilter);
    if (filter) {
      checkFleetFilter(fleet, filter, true);
    }
    const call = whatIf ? checkCall(fleet, options) : checkRun(fleet, options);
    const plans = plan && plansByHost(fleet, call, plan);
    if (!whatIf) {
      return changeJobs(fleet, call, { verb, plan, plans, filter });
    }
    const targetOf = (name: string) => filter ?? plans?.get(name)?.jobs.map(({ jobId }) => jobId) ?? [];
    const run = { call, hosts: call.hosts.values(), tally: new Tally(call), changes: false };
    return runHosts<JobPlan>(fleet, { ...run, workFor: ({ name }) => planWork(fleet, targetOf(name)) });
  }
}
