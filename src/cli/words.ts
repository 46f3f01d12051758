import { CLI } from "../made/cli.js";
import { addWords, hasText, text, type Language, type Values } from "../words/messages.js";
import { printableSentence } from "./printable.js";

addWords("cli", CLI);

/** Whether the command line has a text under `key`. */
export function hasWords(key: string): boolean {
  return hasText(key, "cli");
}

/** The text of the command line under `key`. Its values might come from others. */
export function wordsOf(language: Language, key: string, values: Values = {}): string {
  const shown = Object.entries(values).map(([name, value]) => [
    name,
    typeof value === "string" ? printableSentence(value) : value,
  ]);
  return text(language, key, Object.fromEntries(shown), "cli");
}
