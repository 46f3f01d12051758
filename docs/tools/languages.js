// The languages of the sites, those of src/words/locale.ts, each with its words.
import { existsSync, readFileSync } from "node:fs";
import { LOCALES } from "../../dist/words/locale.js";

/** A file of a language; empty where there is none: the keys that it lacks are found. */
function read(locale, name) {
  const file = new URL(`../../locales/${locale}/${name}.json`, import.meta.url);
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
}

/**
 * @typedef {object} Language
 * @property {string} locale The BCP 47 tag.
 * @property {any} words The sites' own words: `locales/<locale>/site.json`.
 * @property {any} messages The words of the package: `locales/<locale>/messages.json`.
 * @property {any} cli The words of the command line: `locales/<locale>/cli.json`.
 */

/** @type {readonly Language[]} */
export const languages = LOCALES.map((locale) => ({
  locale,
  words: read(locale, "site"),
  messages: read(locale, "messages"),
  cli: read(locale, "cli"),
}));

/** What Microsoft's page says of a cancel that succeeds, and of one that is refused. */
export function documentedSentences(messages) {
  const { S_OK: done, DO_E_INVALID_STATE: refused } = messages.method["IBackgroundCopyJob::Cancel"];
  return [done, refused];
}

/** The texts of a file of locales/ by their keys, those of a group behind its name: `codes / title`. */
export function flattened(tree, prefix = "") {
  return new Map(
    Object.entries(tree).flatMap(([key, value]) =>
      typeof value === "string" ? [[prefix + key, value]] : [...flattened(value, `${prefix}${key} / `)],
    ),
  );
}

// The ends of keys for plural forms, which each language has its own of, and for sentences that are corrected where one is wrong.
const PLURAL = /_(zero|one|two|few|many|other)$/;
const EDITED = /_edited$/;

function keysOf(tree) {
  const keys = [...flattened(tree).keys()].filter((key) => !EDITED.test(key));
  return new Set(keys.map((key) => key.replace(PLURAL, "")));
}

/**
 * The keys that a file of a language lacks or has to itself, a line each.
 *
 * @param {string} locale
 * @param {string} name The name of the file, `site`.
 * @param {object} [tree] What is in it.
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
