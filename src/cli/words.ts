import { CLI } from "../made/cli.js";
import { Catalogue, type Values } from "../words/catalogue.js";
import type { Language } from "../words/messages.js";
import { printableSentence } from "./printable.js";

const words = new Catalogue(CLI);

/** Whether the command line has a text under `key`. */
export function hasWords({ locale }: Language, key: string): boolean {
  return words.has(locale, key);
}

/** The text of the command line under `key`. Its values might come from others. */
export function wordsOf({ locale }: Language, key: string, values: Values = {}): string {
  const shown = Object.entries(values).map(([name, value]) => [
    name,
    typeof value === "string" ? printableSentence(value) : value,
  ]);
  return words.text(locale, key, Object.fromEntries(shown));
}
