import type { FleetEngine } from "../port/engine.js";
import { badArgument, checkFunction, checkNoOthers, checkSignal, checkString, optionsOf } from "../words/arguments.js";
import type { Language } from "../words/messages.js";
import { checkBatches, checkStopRules, type Amount, type StopRules } from "./amounts.js";
import { limitHosts, type Hosts } from "./hosts.js";
import { LARGEST_SEED, makeSeed } from "./order.js";
import type { HostStatus } from "./outcome.js";

/** The services that a fleet can manage. */
export type FleetServiceName = "bits" | "delivery-optimization";

/** What all calls of a fleet share. */
export interface FleetContext {
  readonly engine: FleetEngine;
  readonly service: FleetServiceName;
  readonly language: Language;
  readonly hosts: Hosts;
  readonly concurrency: number;
  readonly connectTimeoutInMs: number;
  readonly hostTimeoutInMs: number;
  /** See {@link OpenOptions.withIntegrity}. */
  readonly withIntegrity?: boolean | undefined;
}

/** The progress of a call for many hosts. */
export interface FleetProgress {
  /** The number of hosts that have an outcome. */
  readonly done: number;
  readonly total: number;
  /** The number of hosts in progress. */
  readonly active: number;
  /** The number of hosts for each status. */
  readonly counts: Readonly<Record<HostStatus, number>>;
  /** The number of jobs that have an outcome, and the number of jobs with an error. */
  readonly jobs: { readonly done: number; readonly refused: number };
  /** The seed of the order of the hosts. */
  readonly seed: number;
}

/** The options of all calls of a fleet. */
export interface FleetCallOptions {
  /** The names of the hosts to which the call is limited. Default: all hosts. */
  readonly limit?: Iterable<string> | undefined;
  /**
   * The seed of the order of the hosts: an integer from 0 to 4294967295. The same seed results in the same order. Default: a random number.
   */
  readonly seed?: number | undefined;
  /** A function that is called for each outcome of a host. */
  readonly onProgress?: ((progress: FleetProgress) => void) | undefined;
  /** A signal that ends the call with the reason of the signal. Jobs whose requests were sent might still change. */
  readonly signal?: AbortSignal | undefined;
}

/** The options of {@link BackgroundCopyFleet.cancelJobs} and similar methods. */
export interface FleetRunOptions extends FleetCallOptions {
  /**
   * The sizes of the batches: numbers of hosts, or percentages of all hosts. The last size is repeated. A batch starts when all hosts of the
   * previous batch have an outcome. Default: `[1, 10, "25%"]` for more than 20 hosts; otherwise, one batch.
   */
  readonly batches?: readonly Amount[] | undefined;
  /** The rules that stop the run. Default: the run stops when 5% of the hosts, but at least 3, have failed. */
  readonly stopAfter?: StopRules | undefined;
  /** The path of a file that records the requests and the responses. If the file exists, the call continues the recorded run. */
  readonly journal?: string | undefined;
  /** Whether a filter may select the jobs without a plan. Default: `false`. */
  readonly unplanned?: boolean | undefined;
}

/** The checked options of a call. */
export interface CheckedCall {
  readonly hosts: Hosts;
  readonly seed: number;
  readonly onProgress: FleetCallOptions["onProgress"];
  readonly signal: AbortSignal | undefined;
}

export type CheckedRun = CheckedCall & Pick<FleetRunOptions, "batches" | "stopAfter" | "journal">;

export function checkInteger(language: Language, name: string, value: unknown, least: number, most: number): void {
  if (!(Number.isInteger(value) && (value as number) >= least && (value as number) <= most)) {
    throw badArgument(language, "integer", { name, least, most });
  }
}

/** The options of every call; the rest is returned too. */
function split<T extends FleetCallOptions>({ language, hosts }: FleetContext, options: T) {
  const { limit, seed = makeSeed(), onProgress, signal, ...others } = optionsOf(language, options);
  if (limit !== undefined && (typeof limit === "string" || !(Symbol.iterator in Object(limit)))) {
    throw badArgument(language, "array", { name: "limit" });
  }
  checkInteger(language, "seed", seed, 0, LARGEST_SEED);
  checkFunction(language, "onProgress", onProgress);
  checkSignal(language, signal);
  return { checked: { hosts: limitHosts(language, hosts, limit), seed, onProgress, signal }, others };
}

export function checkCall(fleet: FleetContext, options: FleetCallOptions): CheckedCall {
  const { checked, others } = split(fleet, options);
  checkNoOthers(fleet.language, others);
  return checked;
}

export function checkRun(fleet: FleetContext, options: Omit<FleetRunOptions, "unplanned">): CheckedRun {
  const { language } = fleet;
  const { checked, others } = split(fleet, options);
  const { batches, stopAfter, journal, ...rest } = others;
  checkNoOthers(language, rest);
  checkBatches(language, batches);
  if (journal !== undefined) {
    checkString(language, "journal", journal);
  }
  return { ...checked, batches, stopAfter: checkStopRules(language, stopAfter), journal };
}
