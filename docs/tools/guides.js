// What the translations of the guides must hold to.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import MarkdownIt from "markdown-it";
import { untranslatable, withoutUntranslatable } from "./translations.js";

const DOCS = fileURLToPath(new URL("../", import.meta.url));

/** The guides and the recipes that every language has; other guides are in English alone. */
export const IN_EVERY_LANGUAGE = {
  guides: ["getting-started.md", "cancel.md", "errors.md", "locked-down.md", "testing.md"],
  recipes: readdirSync(`${DOCS}recipes/en`),
};

/** The first line of a translation: which English text it translates, by the name that git has for it. */
const TRANSLATES = /^<!-- translates ([0-9a-f]{40}) -->\r?\n/;

/** What `git hash-object` says of a file. */
export function hashOf(text) {
  const content = Buffer.from(text.replaceAll("\r\n", "\n"));
  return createHash("sha1").update(`blob ${content.length}\0`).update(content).digest("hex");
}

/** A guide as its readers see it. */
export function withoutStamp(markdown) {
  return markdown.replace(TRANSLATES, "");
}

const isProse = (text) => /\p{L}{2,} \p{L}{2,}|\p{Script=Han}/u.test(withoutUntranslatable(text));

/** A line of code: a sentence in its comment is translated, any other value that it claims is not. */
function lineOfCode(text) {
  const [code, comment = ""] = text.split(" // ");
  return isProse(comment) ? `${code} // ${untranslatable(comment).join(" ")}` : text;
}

/** The pieces of a guide in their order, as far as they are the same in every language, and the lines that they start in. */
function piecesOf(markdown) {
  return new MarkdownIt({ html: true }).parse(markdown, {}).flatMap(({ type, tag, nesting, map, info, content }) => {
    const line = (map?.[0] ?? 0) + 1;
    if (type === "fence") {
      const lines = content.split("\n").map((text, index) => ({ line: line + 1 + index, piece: lineOfCode(text) }));
      return [{ line, piece: `code ${info}` }, ...lines];
    }
    if (type === "inline") {
      return [{ line, piece: `links, code and names: ${untranslatable(content).join(" ")}` }];
    }
    return nesting === -1 ? [] : [{ line, piece: `${tag} ${content}`.trim() }];
  });
}

/**
 * What is wrong with the translation of a guide, a line each.
 *
 * @param {string} locale
 * @param {string} path That of its file.
 * @param {string} english The English guide.
 * @param {string} translation The guide in the language.
 */
export function problemsOfGuide(locale, path, english, translation) {
  const problem = (what) => `${path}: ${what}`;
  const translated = TRANSLATES.exec(translation)?.[1];
  const hash = hashOf(english);
  const stale = `is stale: it translates ${translated ?? "no English text"}, and that is ${hash} now (docs/translating.md)`;
  const problems = translated === hash ? [] : [problem(stale)];
  // The line of the stamp stays as an empty one, so that the numbers of the lines fit.
  const inEnglish = translation
    .replace(TRANSLATES, "\n")
    .replaceAll(`"${locale}"`, '"en"')
    .replaceAll(`--locale ${locale}`, "--locale en")
    .replaceAll(` ${locale}/codes/`, " en/codes/")
    .replaceAll(`](../../guides/${locale}/`, "](../../guides/en/")
    .replaceAll(/\]\(\.\.\/en\/([\w-]+\.md)\)/g, (link, target) =>
      IN_EVERY_LANGUAGE.guides.includes(target) ? link : `](${target})`,
    );
  const [there, here] = [piecesOf(english), piecesOf(inEnglish)];
  for (let at = 0; at < Math.max(there.length, here.length); at += 1) {
    if (there[at]?.piece !== here[at]?.piece) {
      const is = (found) => (found ? `line ${found.line}, ${found.piece}` : "its end");
      // What follows does not fit either.
      return [...problems, problem(`is not as in English: ${is(here[at])} | ${is(there[at])}`)];
    }
  }
  return problems;
}

const fileOf = (locale, folder, name) => `${DOCS}${folder}/${locale}/${name}`;

/** What every language has: the folders and the names of the files. */
function* inEveryLanguage() {
  for (const [folder, names] of Object.entries(IN_EVERY_LANGUAGE)) {
    yield* names.map((name) => [folder, name]);
  }
}

/** The guides and recipes that a language lacks, a line each. */
export function problemsOfMissingGuides(locale) {
  return [...inEveryLanguage()]
    .filter(([folder, name]) => !existsSync(fileOf(locale, folder, name)))
    .map(([folder, name]) => `docs/${folder}/${locale}/${name}: is missing`);
}

/** What is wrong with the guides and recipes of a language. */
export function problemsOfGuides(locale) {
  return [...inEveryLanguage()].flatMap(([folder, name]) => {
    const [english, translation] = ["en", locale].map((language) =>
      readFileSync(fileOf(language, folder, name), "utf8"),
    );
    return problemsOfGuide(locale, `docs/${folder}/${locale}/${name}`, english, translation);
  });
}
