// The checks of the translated doc comments, and the to-do list for translators.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/**
 * By symbol, then by part: `{ en, <locale> }` in the file of a language, and the text itself for the English texts.
 *
 * @typedef {Record<string, Record<string, any>>} Catalogue
 */

/** The file of the translations of a language: `reference` for the doc comments, `help` for the help for PowerShell. */
function fileOf(locale, name) {
  return fileURLToPath(new URL(`../../locales/${locale}/${name}.json`, import.meta.url));
}

export function readTranslations(locale, name) {
  const file = fileOf(locale, name);
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
}

// Code, the targets of links, addresses, and the names of constants and methods are the same in every language.
const NOT_FOR_TRANSLATION =
  /```[\s\S]*?```|`[^`]+`|(?<=\{@link\w* )[^ |}]+|(?<=\]\()[^\s)]+|https?:[^\s)>]+|\b[A-Z]\w*(?:::\w+|_\w+)/g;

export function untranslatable(text) {
  return [...new Set(text.match(NOT_FOR_TRANSLATION))].sort();
}

export function withoutUntranslatable(text) {
  return text.replace(NOT_FOR_TRANSLATION, "");
}

function* entriesOf(catalogue) {
  for (const [symbol, parts] of Object.entries(catalogue)) {
    for (const [part, entry] of Object.entries(parts)) {
      yield { symbol, part, entry };
    }
  }
}

/**
 * The problems of a language's translations, one per line.
 *
 * @param {string} locale
 * @param {Catalogue} english The English texts.
 * @param {Catalogue} translations The file of the language.
 */
export function problemsOf(locale, english, translations) {
  const problems = [];
  for (const { symbol, part, entry: text } of entriesOf(english)) {
    const entry = translations[symbol]?.[part];
    const problem = (what) => problems.push(`${locale}: ${symbol}, ${part}: ${what}`);
    if (!entry?.[locale]) {
      problem("is not translated");
    } else if (entry.en !== text) {
      problem("is stale: the English text has changed");
    } else if (entry[locale] === text && /\p{L}{3}/u.test(withoutUntranslatable(text))) {
      problem("is left in English");
    } else if (String(untranslatable(text)) !== String(untranslatable(entry[locale]))) {
      problem(`has other links, code or names: ${untranslatable(text)} | ${untranslatable(entry[locale])}`);
    }
  }
  for (const { symbol, part } of entriesOf(translations)) {
    if (!english[symbol]?.[part]) {
      problems.push(`${locale}: ${symbol}, ${part}: is an orphan: no such text`);
    }
  }
  return problems;
}

/**
 * Updates the catalogue of a language: a new text gets an empty translation, or the translation of an identical text. A stale text keeps
 * its old pair as `was`. Orphans are removed.
 *
 * @param {string} locale
 * @param {Catalogue} english The English texts.
 * @param {Catalogue} translations The file of the language.
 */
export function updated(locale, english, translations) {
  const known = new Map([...entriesOf(translations)].map(({ entry }) => [entry.en, entry[locale]]));
  /** @type {Catalogue} */
  const catalogue = {};
  for (const { symbol, part, entry: text } of entriesOf(english)) {
    const { was, ...pair } = translations[symbol]?.[part] ?? {};
    const translation = pair.en === text ? pair[locale] : known.get(text);
    const before = pair.en === text ? was : pair;
    catalogue[symbol] ??= {};
    catalogue[symbol][part] = {
      en: text,
      [locale]: translation ?? "",
      ...(!translation && before?.[locale] && { was: before }),
    };
  }
  return catalogue;
}

export function writeTranslations(locale, name, catalogue) {
  writeFileSync(fileOf(locale, name), `${JSON.stringify(catalogue, undefined, 2)}\n`);
}
