// The page of the terminology, with the terms to avoid and the reasons.
import { readFileSync } from "node:fs";
import { languages } from "./languages.js";

/** The terms of each language: `docs/terminology.json`. */
export const terminology = JSON.parse(readFileSync(new URL("../terminology.json", import.meta.url), "utf8"));

/**
 * The missing terms of a language, one per line.
 *
 * @param {string} locale
 * @param {object} [terms] The content of docs/terminology.json.
 * @returns {string[]}
 */
export function problemsOfTerms(locale, terms = terminology) {
  const { glossary = {}, ...others } = terms[locale] ?? {};
  return [
    ...(Object.keys(glossary).length > 0 ? [] : ["glossary"]),
    ...["sameAsEnglish", "patterns"].filter((key) => !others[key]),
  ].map((key) => `docs/terminology.json: ${locale} has no ${key}`);
}

export function terminologyPage() {
  const sections = languages
    .filter(({ locale }) => locale !== "en")
    .map(({ locale, words }) => {
      const rows = Object.entries(terminology[locale].glossary).map(
        ([english, { term, avoid = [], reason = "" }]) => `| ${english} | ${term} | ${avoid.join(", ")} | ${reason} |`,
      );
      return [
        `## ${words.site.languageName}`,
        ["| English | term | not | why |", "|-|-|-|-|", ...rows].join("\n"),
      ].join("\n\n");
    });
  return {
    slug: "guides/terminology",
    title: "Terminology",
    markdown: [terminology.introduction, ...sections].join("\n\n"),
    source: "docs/terminology.json",
  };
}
