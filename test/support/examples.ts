import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { codePages } from "../../docs/tools/code-pages.js";
import { samples } from "../../docs/tools/home-page.js";
import { languages } from "../../docs/tools/languages.js";
import { COMMANDS } from "../../src/cli/command-line.js";

export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** A block of code of a page. */
export interface Example {
  readonly language: string;
  readonly code: string;
}

function examplesOf(markdown: string): Example[] {
  return [...markdown.matchAll(/^ *(?:\* )?```(ts|js|sh|powershell)\n([\s\S]*?)\n *(?:\* )?```$/gm)].map(
    ([, language = "", code = ""]) => ({ language, code: code.replace(/^ *\* ?/gm, "") }),
  );
}

function filesBelow(folder: string, extension: string): string[] {
  return (
    readdirSync(ROOT + folder, { recursive: true, encoding: "utf8" })
      // The site and the examples have packages of their own, and the site has pages that are made.
      .filter((file) => file.endsWith(extension) && !/^site[\\/]|\bnode_modules[\\/]/.test(file))
      .map((file) => `${folder}/${file.replaceAll("\\", "/")}`)
  );
}

// Its examples are whole files and recipes, which recipes.ts carries out.
const RECIPES = "docs/bundling.md";

// Every page for readers, the doc comments, the pages from the catalogue, and the help of the command line.
const pages: readonly { readonly file: string; readonly examples: readonly Example[] }[] = [
  ...["README.md", "CONTRIBUTING.md", "CHANGELOG.md", ...filesBelow("docs", ".md"), ...filesBelow("src", ".ts")]
    .filter((file) => file !== RECIPES)
    .map((file) => ({ file, examples: examplesOf(readFileSync(ROOT + file, "utf8")) })),
  ...languages.flatMap((language) =>
    codePages(language).map(({ slug, markdown }) => ({
      file: `${language.locale}/${slug}`,
      examples: examplesOf(markdown),
    })),
  ),
  ...languages.map((language) => ({ file: `${language.locale}/index`, examples: samples(language) })),
  ...COMMANDS.map(({ name, examples }) => ({
    file: `${name} --help`,
    examples: examples.map((line) => ({ language: "sh", code: `npx background-copy ${line}` })),
  })),
];

/** The examples in these languages, by the page they are on. */
export function those(...languages: readonly string[]) {
  return pages
    .map(({ file, examples }) => ({ file, examples: examples.filter(({ language }) => languages.includes(language)) }))
    .filter(({ examples }) => examples.length > 0);
}

/** The examples of each help topic of the module, in each language. */
export function topicExamples(): string[] {
  return filesBelow("ps/BackgroundCopy", ".txt").map((file) =>
    (readFileSync(ROOT + file, "utf8").match(/^ {8}\S.*$/gm) ?? []).join("\n"),
  );
}
