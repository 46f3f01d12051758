import { badArgument } from "../words/arguments.js";
import type { Language } from "../words/messages.js";
import { propertiesOf } from "../words/properties-of.js";

/** A number of hosts, or a percentage of all hosts of the run, such as `"25%"`. */
export type Amount = number | `${number}%`;

/** The numbers of hosts at which a run stops. It then sends nothing more, and the remaining hosts are skipped. */
export interface StopRules {
  /** The number of hosts that failed, were lost, or timed out. */
  readonly failed?: Amount | undefined;
  /** The number of hosts whose service refused at least one job. */
  readonly refused?: Amount | undefined;
  /** The number of hosts that can't be reached. */
  readonly unreachable?: Amount | undefined;
}

const PERCENTAGE = /^(?:\d{1,3}|\d{1,2}\.\d{1,3})%$/;

/** Smaller runs have no batches of their own accord. */
const SMALL_RUN = 20;
const BATCHES: readonly Amount[] = [1, 10, "25%"];
const FAILED: Amount = "5%";
const LEAST_FAILED = 3;

function isAmount(value: unknown): value is Amount {
  if (typeof value === "string" && PERCENTAGE.test(value)) {
    const percentage = Number.parseFloat(value);
    return percentage > 0 && percentage <= 100;
  }
  return Number.isInteger(value) && (value as number) > 0;
}

function checkAmount(language: Language, name: string, value: unknown): void {
  if (!isAmount(value)) {
    throw badArgument(language, "amount", { name });
  }
}

function numberOf(amount: Amount, total: number): number {
  return typeof amount === "number" ? amount : Math.ceil((total * Number.parseFloat(amount)) / 100);
}

/** The sizes of the batches: the last one is repeated. */
export function checkBatches(language: Language, batches: readonly Amount[] | undefined): void {
  if (batches === undefined) {
    return;
  }
  if (!Array.isArray(batches) || batches.length === 0) {
    throw badArgument(language, "array", { name: "batches" });
  }
  for (const [i, amount] of batches.entries()) {
    checkAmount(language, `batches[${i}]`, amount);
  }
}

export function checkStopRules(language: Language, rules: StopRules | undefined): StopRules | undefined {
  if (rules === undefined) {
    return undefined;
  }
  const given = propertiesOf(Object(rules)) as Record<string, unknown> | undefined;
  const names = ["failed", "refused", "unreachable"];
  if (!given) {
    throw badArgument(language, "object", { name: "stopAfter", parts: names.join(", ") });
  }
  for (const [name, amount] of Object.entries(given)) {
    if (!names.includes(name)) {
      throw badArgument(language, "option", { value: name });
    }
    if (amount !== undefined) {
      checkAmount(language, `stopAfter.${name}`, amount);
    }
  }
  return given;
}

/** The numbers of hosts of the batches of a run. */
export function* batchSizes(batches: readonly Amount[] | undefined, total: number): Generator<number> {
  const sizes = batches ?? (total > SMALL_RUN ? BATCHES : [Math.max(total, 1)]);
  for (let i = 0; ; i = Math.min(i + 1, sizes.length - 1)) {
    yield Math.max(1, numberOf(sizes[i] as Amount, total));
  }
}

/** What a host counts as in the rules that stop a run. */
export type Trouble = keyof StopRules;

/** Whether so many hosts in trouble stop the run. */
export function stops(rules: StopRules | undefined, counts: Readonly<Record<Trouble, number>>, total: number): boolean {
  if (!rules) {
    return counts.failed >= Math.max(LEAST_FAILED, numberOf(FAILED, total));
  }
  return (Object.entries(rules) as [Trouble, Amount | undefined][]).some(
    ([trouble, amount]) => amount !== undefined && counts[trouble] >= numberOf(amount, total),
  );
}
