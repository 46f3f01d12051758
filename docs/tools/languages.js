// The languages of the sites, those of src/locale.ts, each with its words.
import { readFileSync } from "node:fs";
import { LOCALES } from "../../dist/locale.js";

function read(locale, name) {
  return JSON.parse(readFileSync(new URL(`../../locales/${locale}/${name}.json`, import.meta.url), "utf8"));
}

/**
 * @typedef {object} Language
 * @property {string} locale The BCP 47 tag.
 * @property {object} words The sites' own words: `locales/<locale>/site.json`.
 * @property {object} messages The words of the package: `locales/<locale>/messages.json`.
 */

/** @type {readonly Language[]} */
export const languages = LOCALES.map((locale) => ({
  locale,
  words: read(locale, "site"),
  messages: read(locale, "messages"),
}));

export const english = languages.find(({ locale }) => locale === "en");
