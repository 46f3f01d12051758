// Refuses HTML in translations, and whatever else a page of the site would take for more than text. Translators write sentences. What the
// English text has, they may have, and nothing else.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { IN_EVERY_LANGUAGE, withoutStamp } from "./guides.js";
import { flattened } from "./languages.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const BLOCK = /^( {0,3})(`{3,}|~{3,})[^\n]*\n[\s\S]*?^\1\2[^\n]*$/gm;
/** Code in a sentence: a translation has that of the English text. */
const CODE = /(?<![`\\])(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/g;
/** Tags and comments, targets of links and images, definitions of targets, and the code of MDX. */
const MARKUP = /<[/!?\p{L}][^>]*|\]\(\s*[^)\s<&[(]*|^ {0,3}\[[^\]]*\]:.*|^\s*(?:import|export)\b.*|\{\{?|&#?\w+;/gmu;
// A page for people to follow, and the values in a sentence.
const HARMLESS =
  /^\]\((?!\s*<?\s*[a-z+.-]+:|\s*\/\/)|^\]\(\s*https:\/\/learn\.microsoft\.com\/|^\{\{$|^&(?:amp|lt|gt|nbsp);$/i;

function markupOf(text, codes) {
  const prose = codes.reduce((rest, code) => rest.replaceAll(code, " "), text.replaceAll(BLOCK, ""));
  return (prose.match(MARKUP) ?? []).filter((piece) => !HARMLESS.test(piece));
}

/**
 * What a translation has that is more than text, and its English text has not.
 *
 * @param {string} english
 * @param {string} translation
 * @returns {string[]}
 */
export function foreignMarkup(english, translation) {
  const codes = (english.replaceAll(BLOCK, "").match(CODE) ?? []).sort((a, b) => b.length - a.length);
  const own = new Set(markupOf(english, codes));
  return markupOf(translation, codes).filter((piece) => !own.has(piece));
}

const read = (path) => readFileSync(ROOT + path, "utf8");
const PLURAL_OR_EDITED = /_(?:zero|one|two|few|many|other|edited)$/;

/** The texts of a language with their English ones: where each is, and both. */
function* textsOf(locale) {
  for (const name of readdirSync(`${ROOT}locales/${locale}`)) {
    const tree = JSON.parse(read(`locales/${locale}/${name}`));
    if (name === "reference.json" || name === "help.json") {
      for (const [symbol, parts] of Object.entries(tree)) {
        for (const [part, pair] of Object.entries(parts)) {
          yield [`${locale}/${name}: ${symbol}, ${part}`, pair.en, pair[locale] ?? ""];
        }
      }
      continue;
    }
    const english = flattened(JSON.parse(read(`locales/en/${name}`)));
    for (const [key, text] of flattened(tree)) {
      // The one text with placeholders that look like tags; it is shown on terminals alone.
      if (name !== "cli.json" || key !== "usage") {
        yield [
          `${locale}/${name}: ${key}`,
          english.get(key) ?? english.get(key.replace(PLURAL_OR_EDITED, "")) ?? "",
          text,
        ];
      }
    }
  }
  for (const [folder, names] of Object.entries(IN_EVERY_LANGUAGE)) {
    for (const name of names) {
      const [english, text] = ["en", locale].map((each) => withoutStamp(read(`docs/${folder}/${each}/${name}`)));
      yield [`docs/${folder}/${locale}/${name}`, english, text];
    }
  }
}

/** The markup in the translations of a language, a line each. */
export function problemsOfMarkup(locale) {
  return [...textsOf(locale)].flatMap(([place, english, text]) =>
    foreignMarkup(english, text).map((piece) => `${place}: is more than text: ${piece}`),
  );
}
