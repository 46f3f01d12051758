import { CLI } from "../made/cli.js";
import { addWords, hasText, text, type Language, type Values } from "../words/messages.js";

addWords("cli", CLI);

/** Whether the command line has a text under `key`. */
export function hasWords(key: string): boolean {
  return hasText(key, "cli");
}

/** The text of the command line under `key`. */
export function wordsOf(language: Language, key: string, values?: Values): string {
  return text(language, key, values, "cli");
}
