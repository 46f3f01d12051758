import { BridgeError, LocalizedError } from "../words/errors.js";
import type { Language } from "../words/messages.js";
import { printable } from "./format.js";
import { hasWords, wordsOf } from "./words.js";

// What the command line says of an error beside its message: advice in terms of its own options, and what PowerShell wrote.

// The options of programs that are options of the command line too.
const OPTIONS = /\b(?:executable|modulePath|allUsers)\b/g;

function asOption(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** What can be done about an error, in terms of the command line: with its options, and without what only a program has. */
export function adviceOf(language: Language, error: LocalizedError): string | undefined {
  if (!(error instanceof BridgeError)) {
    return error.advice;
  }
  const key = `bridgeAdvice.${error.adviceKey}`;
  return hasWords(key) ? wordsOf(language, key) : error.advice?.replaceAll(OPTIONS, asOption);
}

/** What PowerShell wrote beside its answers, which the advice may name. */
export function diagnosticLines(language: Language, error: unknown): string[] {
  const lines = error instanceof BridgeError ? error.diagnostics : [];
  return lines.length > 0 ? [wordsOf(language, "diagnostics"), ...lines.map((line) => `  ${printable(line)}`)] : [];
}
