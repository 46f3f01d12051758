import { BridgeError, LocalizedError } from "../words/errors.js";
import type { Language } from "../words/messages.js";
import { printable } from "./printable.js";
import { hasWords, wordsOf } from "./words.js";

// What the command line adds to the message of an error: advice in terms of its own options, and the output of PowerShell.

// The options of the SDK that are also options of the command line.
const OPTIONS = /\b(?:executable|modulePath|allUsers)\b/g;

function asOption(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** The recommended action for an error in terms of the command line: with its options, and without parts that only a program has. */
export function adviceOf(language: Language, error: LocalizedError): string | undefined {
  if (!(error instanceof BridgeError)) {
    return error.advice;
  }
  const key = `bridgeAdvice.${error.adviceKey}`;
  return hasWords(language, key) ? wordsOf(language, key) : error.advice?.replaceAll(OPTIONS, asOption);
}

/** The output of PowerShell in addition to its answers, which the advice might mention. */
export function diagnosticLines(language: Language, error: unknown): string[] {
  const lines = error instanceof BridgeError ? error.diagnostics : [];
  return lines.length > 0 ? [wordsOf(language, "diagnostics"), ...lines.map((line) => `  ${printable(line)}`)] : [];
}
