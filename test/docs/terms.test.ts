import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import terminology from "../../docs/terminology.json" with { type: "json" };
import { helpTexts } from "../../src/build/powershell-help.js";
import { LOCALES, type Locale } from "../../src/words/locale.js";
import documented from "../facts/documented-messages.json" with { type: "json" };

interface Text {
  readonly where: string;
  readonly text: string;
}

type Tree = { readonly [key: string]: string | Tree };

function* leaves(tree: Tree, where: string): Generator<Text> {
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === "string") {
      yield { where: `${where} / ${key}`, text: value };
    } else {
      yield* leaves(value, `${where} / ${key}`);
    }
  }
}

/** The text without code and names, which must use the agreed terms. */
function prose(text: string): string {
  return text
    .replace(/```[\s\S]*?```|`[^`]*`|\{\{\w+\}\}|\{@link [^}|]*|\]\([^)]*\)|https?:\S+|<[^>]*>/g, "")
    .replace(/\b[A-Z][A-Za-z]*(?:_[A-Z0-9]+)+\b|\bBackgroundCopy\.\w+/g, "");
}

const ROOT = new URL("../../", import.meta.url);

/** The texts of a folder of locales/. */
function catalogueOf(locale: Locale): Text[] {
  const folder = new URL(`locales/${locale}/`, ROOT);
  return readdirSync(folder).flatMap((file) => [
    ...leaves(JSON.parse(readFileSync(new URL(file, folder), "utf8")) as Tree, file),
  ]);
}

const isEnglishHalf = ({ where }: Text): boolean => where.endsWith(" / en");

/** The comments of the sources, which are always in English. */
function comments(): Text[] {
  const files = readdirSync(new URL("src/", ROOT), { recursive: true, encoding: "utf8" });
  return files
    .filter((file) => /\.[jt]s$/.test(file) && !file.startsWith("made"))
    .flatMap((file) =>
      [...readFileSync(new URL(`src/${file}`, ROOT), "utf8").matchAll(/\/\*\*[\s\S]*?\*\/|^ *\/\/ .*$/gm)].map(
        ([comment]) => ({
          where: `src/${file}`,
          text: comment.replaceAll(/^ *(?:\/?\*+\/?|\/\/) ?(?:@param \w+ - )?/gm, ""),
        }),
      ),
    );
}

/** The pages that are in this language. */
function pagesOf(locale: Locale): string[] {
  const pages = (folder: string) =>
    readdirSync(new URL(folder, ROOT))
      .filter((file) => file.endsWith(".md"))
      .map((file) => `${folder}${file}`);
  const english = ["./", "docs/"].flatMap(pages);
  return [...(locale === "en" ? english : []), ...pages(`docs/guides/${locale}/`), ...pages(`docs/recipes/${locale}/`)];
}

/** The texts of a language: its catalogue without the documented sentences, its doc comments and help, and its pages. */
function textsOf(locale: Locale): Text[] {
  const sentences = Object.values(documented[locale]).map(({ documented: sentence }) => sentence);
  const english = locale === "en" ? [...comments(), ...leaves(helpTexts(), "help")] : [];
  const catalogue = [...catalogueOf(locale), ...english].filter(
    // Readers may search for terms that no text uses.
    (text) => !sentences.includes(text.text) && !isEnglishHalf(text) && !text.where.startsWith("site.json / search / "),
  );
  const pages = pagesOf(locale).flatMap((file) =>
    readFileSync(new URL(file, ROOT), "utf8")
      .replace(/```[\s\S]*?```/g, "")
      .split("\n")
      .map((text, line) => ({ where: `${file}, line ${line + 1}`, text })),
  );
  return [...catalogue, ...pages].map(({ where, text }) => ({ where, text: prose(text) }));
}

// In JavaScript, \b treats é as the end of a word.
const WORD = "[\\p{L}\\p{N}_]";
const BOUNDARY = `(?:(?<=${WORD})(?!${WORD})|(?<!${WORD})(?=${WORD}))`;

interface Entry {
  readonly avoid?: readonly string[];
  /** The reason for each word to avoid that has no pattern. */
  readonly unchecked?: Readonly<Record<string, string>>;
}

describe.each(LOCALES)("the texts in %s", (locale) => {
  const patterns = terminology[locale].patterns.map(({ pattern, ...rest }) => ({
    ...rest,
    pattern: new RegExp(pattern.replaceAll("\\b", BOUNDARY), "u"),
  }));

  it("keep to the terms", () => {
    const found = textsOf(locale).flatMap(({ where, text }) =>
      patterns.filter(({ pattern }) => pattern.test(text)).map(({ reason }) => `${where}: ${reason}: ${text}`),
    );
    expect(found).toEqual([]);
  });

  it.each(patterns)("are searched for $pattern", ({ pattern, hits, miss }) => {
    for (const hit of hits) {
      expect(prose(hit)).toMatch(pattern);
    }
    expect(prose(miss)).not.toMatch(pattern);
  });

  /** Whether a pattern has an example with the word and does not match the example without it. */
  function isSearchedFor(word: string): boolean {
    const whole = locale === "zh-TW" ? word : `${BOUNDARY}${word}${BOUNDARY}`;
    return patterns.some(({ pattern, hits }) =>
      hits.some((hit) => {
        const without = hit.replace(new RegExp(whole, "iu"), "");
        return without !== hit && !pattern.test(without);
      }),
    );
  }

  it("are searched for every word to avoid, or there is a reason why not", () => {
    const entries: readonly [string, string | Entry][] = Object.entries(terminology[locale].glossary);
    const wrong = entries.flatMap(([term, entry]) => {
      const { avoid = [], unchecked = {} } = typeof entry === "string" ? {} : entry;
      const stray = Object.keys(unchecked).filter((word) => !avoid.includes(word) || isSearchedFor(word));
      return [...avoid.filter((word) => !unchecked[word] && !isSearchedFor(word)), ...stray].map(
        (word) => `${term}: ${word}`,
      );
    });
    expect(wrong).toEqual([]);
  });
});
