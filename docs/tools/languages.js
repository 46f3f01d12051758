// The languages of the site, which are those of src/words/locale.ts, with their texts.
import { existsSync, readFileSync } from "node:fs";
import { LOCALES } from "../../dist/words/locale.js";

/** A file of a language. A missing file counts as empty, so that its missing keys are reported. */
function read(locale, name) {
  const file = new URL(`../../locales/${locale}/${name}.json`, import.meta.url);
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
}

/**
 * @typedef {object} Language
 * @property {string} locale The BCP 47 tag.
 * @property {any} words The texts of the site: `locales/<locale>/site.json`.
 * @property {any} messages The texts of the package: `locales/<locale>/messages.json`.
 * @property {any} cli The texts of the command line: `locales/<locale>/cli.json`.
 */

/** @type {readonly Language[]} */
export const languages = LOCALES.map((locale) => ({
  locale,
  words: read(locale, "site"),
  messages: read(locale, "messages"),
  cli: read(locale, "cli"),
}));

/** The sentences of Microsoft's page about a successful cancel and a refused one. */
export function documentedSentences(messages) {
  const { S_OK: done, DO_E_INVALID_STATE: refused } = messages.method["IBackgroundCopyJob::Cancel"];
  return [done, refused];
}

/** The texts of a file in locales/ by key. The key of a text in a group starts with the name of the group: `codes / title`. */
export function flattened(tree, prefix = "") {
  return new Map(
    Object.entries(tree).flatMap(([key, value]) =>
      typeof value === "string" ? [[prefix + key, value]] : [...flattened(value, `${prefix}${key} / `)],
    ),
  );
}

// The suffixes of keys for plural forms, which differ between languages, and for corrected sentences, which exist only where needed.
const PLURAL = /_(zero|one|two|few|many|other)$/;
const EDITED = /_edited$/;

function keysOf(tree) {
  const keys = [...flattened(tree).keys()].filter((key) => !EDITED.test(key));
  return new Set(keys.map((key) => key.replace(PLURAL, "")));
}

/**
 * The keys that only this language or only the others have, one per line.
 *
 * @param {string} locale
 * @param {string} name The name of the file, `site`.
 * @param {object} [tree] The content of the file.
 * @returns {string[]}
 */
export function problemsOfKeys(locale, name, tree = read(locale, name)) {
  const [there, here] = [keysOf(read("en", name)), keysOf(tree)];
  const problem = (what) => (key) => `locales/${locale}/${name}.json: ${what}: ${key}`;
  return [
    ...[...there].filter((key) => !here.has(key)).map(problem("lacks")),
    ...[...here].filter((key) => !there.has(key)).map(problem("has what English has not")),
  ];
}
