import { CLI } from "../made/cli.js";
import { addWords, text, type Language, type Values } from "../words/messages.js";

addWords("cli", CLI);

/** The text of the command line under `key`. */
export function wordsOf(language: Language, key: string, values?: Values): string {
  return text(language, key, values, "cli");
}
