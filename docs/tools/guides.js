// The checks of the translated guides.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import MarkdownIt from "markdown-it";
import { untranslatable, withoutUntranslatable } from "./translations.js";

const DOCS = fileURLToPath(new URL("../", import.meta.url));

/** The guides and recipes that exist in every language. Other guides exist only in English. */
export const IN_EVERY_LANGUAGE = {
  guides: ["getting-started.md", "cancel.md", "errors.md", "locked-down.md", "many-machines.md", "testing.md"],
  recipes: readdirSync(`${DOCS}recipes/en`),
};

/** The first line of a translation: the Git hash of the English text that it translates. */
const TRANSLATES = /^<!-- translates ([0-9a-f]{40}) -->\r?\n/;

/** The hash of a file, as `git hash-object` prints it. */
export function hashOf(text) {
  const content = Buffer.from(text.replaceAll("\r\n", "\n"));
  return createHash("sha1").update(`blob ${content.length}\0`).update(content).digest("hex");
}

/** A guide as readers see it. */
export function withoutStamp(markdown) {
  return markdown.replace(TRANSLATES, "");
}

const isProse = (text) => /\p{L}{2,} \p{L}{2,}|\p{Script=Han}/u.test(withoutUntranslatable(text));

/** A line of code: a sentence in its comment is translated, but values in the comment are not. */
function lineOfCode(text) {
  const [code, comment = ""] = text.split(" // ");
  return isProse(comment) ? `${code} // ${untranslatable(comment).join(" ")}` : text;
}

/** The parts of a guide that are the same in every language, in order, and the lines that they start in. */
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
 * The problems of a translated guide, one per line.
 *
 * @param {string} locale
 * @param {string} path The path of its file.
 * @param {string} english The English guide.
 * @param {string} translation The translated guide.
 */
export function problemsOfGuide(locale, path, english, translation) {
  const problem = (what) => `${path}: ${what}`;
  const translated = TRANSLATES.exec(translation)?.[1];
  const hash = hashOf(english);
  const stale = `is stale: it translates ${translated ?? "no English text"}, and that is ${hash} now (docs/translating.md)`;
  const problems = translated === hash ? [] : [problem(stale)];
  // The line with the hash becomes empty, which keeps the line numbers.
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
      // All following parts differ too.
      return [...problems, problem(`is not as in English: ${is(here[at])} | ${is(there[at])}`)];
    }
  }
  return problems;
}

const fileOf = (locale, folder, name) => `${DOCS}${folder}/${locale}/${name}`;

/** What exists in every language: the folders and the names of the files. */
function* inEveryLanguage() {
  for (const [folder, names] of Object.entries(IN_EVERY_LANGUAGE)) {
    yield* names.map((name) => [folder, name]);
  }
}

/** The missing guides and recipes of a language, one per line. */
export function problemsOfMissingGuides(locale) {
  return [...inEveryLanguage()]
    .filter(([folder, name]) => !existsSync(fileOf(locale, folder, name)))
    .map(([folder, name]) => `docs/${folder}/${locale}/${name}: is missing`);
}

/** The problems of the guides and recipes of a language. */
export function problemsOfGuides(locale) {
  return [...inEveryLanguage()].flatMap(([folder, name]) => {
    const [english, translation] = ["en", locale].map((language) =>
      readFileSync(fileOf(language, folder, name), "utf8"),
    );
    return problemsOfGuide(locale, `docs/${folder}/${locale}/${name}`, english, translation);
  });
}
