import { writeSize } from "../calls/files.js";
import { badArgument } from "../words/arguments.js";
import { languageAndOptions } from "../words/caller-language.js";
import { findHresult, parseHresult } from "../words/hresults.js";
import type { Language } from "../words/messages.js";

/** The language of the environment, because the person who runs the test reads the errors. */
export function ownLanguage(): Language {
  return languageAndOptions({}).language;
}

export function checkName(language: Language, name: string, value: unknown, names: readonly string[]): void {
  if (!names.includes(value as string)) {
    throw badArgument(language, "choice", { name, value, choices: names.join(", ") });
  }
}

export function checkTimes(language: Language, times: unknown): void {
  if (!(Number.isInteger(times) && (times as number) >= 0) && times !== Number.POSITIVE_INFINITY) {
    throw badArgument(language, "unsigned", { name: "times" });
  }
}

export function checkArray(language: Language, name: string, value: unknown): void {
  if (!Array.isArray(value)) {
    throw badArgument(language, "array", { name });
  }
}

/** The number of a code. */
export function codeOf(language: Language, code: unknown): number {
  const isCode = typeof code === "string" || typeof code === "number";
  const hresult = isCode ? (findHresult(code)?.hresult ?? parseHresult(String(code))) : undefined;
  if (hresult === undefined) {
    throw badArgument(language, "code", { value: code });
  }
  return hresult;
}

export function checkSize(language: Language, name: string, value: unknown): void {
  // The number of bytes is exact, even beyond the precision of a number.
  writeSize(language, name, Number.isInteger(value) ? BigInt(value as number) : value);
}
