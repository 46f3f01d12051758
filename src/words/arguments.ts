import { LONGEST_DELAY_IN_MS } from "../waiting/clock.js";
import { text, type Language, type Values } from "./messages.js";
import { propertiesOf } from "./properties-of.js";
import { withoutCredentials } from "./without-credentials.js";

// The checks of a caller's arguments. They know only the language for their errors.

const LONGEST_SHOWN = 100;

/** A value for a message: some values have no text, the start of a long one is enough, and a URL might contain a password. */
function shown(value: unknown): string {
  try {
    return withoutCredentials(String(value)).slice(0, LONGEST_SHOWN);
  } catch {
    return typeof value;
  }
}

/** A TypeError for an invalid argument, in the caller's language; `value` is the original argument. */
export function badArgument(
  language: Language,
  key: string,
  { value, ...values }: Values | { readonly value: unknown } = {},
): TypeError {
  return new TypeError(text(language, `argument.${key}`, { ...values, value: shown(value) }));
}

/**
 * The options of a caller, as {@link propertiesOf} reads them.
 *
 * @throws TypeError if the value is not an object: `true` must not count as no options.
 */
export function optionsOf<T extends object>(language: Language, options: T): T {
  const given = propertiesOf(options);
  if (!given) {
    throw badArgument(language, "options");
  }
  return given;
}

/**
 * Checks the rest of a caller's options, without the known ones.
 *
 * @throws TypeError if anything remains: with a misspelled `whatIf`, a call would change the jobs instead of only returning them.
 */
export function checkNoOthers(language: Language, others: object): void {
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) {
    throw badArgument(language, "option", { value: unknown });
  }
}

export function isPort(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) > 0 && (value as number) < 65_536;
}

// Test runners run modules in realms of their own, and a browser-like environment brings its own AbortSignal. So classes are recognized by
// what they can do, and not with instanceof.

const SIGNAL_METHODS = ["throwIfAborted", "addEventListener", "removeEventListener"] as const;

function isSignal(value: unknown): value is AbortSignal {
  const signal = Object(value) as AbortSignal;
  return typeof signal.aborted === "boolean" && SIGNAL_METHODS.every((name) => typeof signal[name] === "function");
}

/** The time of a Date of any realm, in milliseconds; NaN for any other value. */
function timeOf(value: unknown): number {
  try {
    return Date.prototype.getTime.call(value);
  } catch {
    return Number.NaN;
  }
}

export function checkSignal(language: Language, signal: unknown): void {
  if (signal !== undefined && !isSignal(signal)) {
    throw badArgument(language, "signal");
  }
}

export function checkTimeout(language: Language, name: string, value: unknown): void {
  if (value !== undefined && !(typeof value === "number" && value > 0 && value <= LONGEST_DELAY_IN_MS)) {
    throw badArgument(language, "timeout", { name });
  }
}

export function checkString(language: Language, name: string, value: unknown): string {
  if (typeof value !== "string") {
    throw badArgument(language, "string", { name });
  }
  return value;
}

export function checkBoolean(language: Language, name: string, value: unknown): boolean {
  if (typeof value !== "boolean") {
    throw badArgument(language, "boolean", { name });
  }
  return value;
}

export function checkFunction(language: Language, name: string, value: unknown): void {
  if (value !== undefined && typeof value !== "function") {
    throw badArgument(language, "function", { name });
  }
}

/** A value with no other properties than these, which are checked later. */
export function checkObject<T extends object>(
  language: Language,
  name: string,
  value: T,
  properties: readonly string[],
): T {
  const given = propertiesOf(value);
  if (!given) {
    throw badArgument(language, "object", { name, parts: properties.join(", ") });
  }
  const unknown = Object.keys(given).find((property) => !properties.includes(property));
  if (unknown !== undefined) {
    throw badArgument(language, "option", { value: unknown });
  }
  return given;
}

export function checkDate(language: Language, name: string, value: unknown): Date {
  if (Number.isNaN(timeOf(value))) {
    throw badArgument(language, "date", { name });
  }
  return value as Date;
}

const GUID = /^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\{[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\})$/i;

/** A job ID in its usual form, in lowercase without braces. `index` is its position among several IDs. */
export function checkJobId(language: Language, value: unknown, index?: number): string {
  if (typeof value !== "string" || !GUID.test(value)) {
    throw index === undefined
      ? badArgument(language, "jobId", { value })
      : badArgument(language, "jobIdAt", { index, value });
  }
  return value.replace(/[{}]/g, "").toLowerCase();
}

/** Several job IDs, each in its usual form. */
export function checkJobIds(language: Language, values: Iterable<unknown>): string[] {
  return Array.from(values, (value, index) => checkJobId(language, value, index));
}
