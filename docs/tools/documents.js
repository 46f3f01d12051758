// The pages beside the reference: the guides of docs/guides/, and those that are made from the catalogue.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { DocumentReflection, MinimalSourceFile } from "typedoc";
import { codePages } from "./code-pages.js";
import { withoutStamp } from "./guides.js";
import { stateDiagram } from "./state-diagram.js";
import { terminologyPage } from "./terminology-page.js";

const DOCS = fileURLToPath(new URL("../", import.meta.url));

/** The order in which the guides are read. */
const ORDER = ["getting-started", "cancel", "errors", "locked-down", "from-bits-transfer", "testing"];

// Written in English alone, and not as a guide.
const ALSO_IN_ENGLISH = [
  { name: "guides/contributing", path: fileURLToPath(new URL("../../CONTRIBUTING.md", import.meta.url)) },
  { name: "guides/translating", path: `${DOCS}translating.md` },
  { name: "guides/proving", path: `${DOCS}proving.md` },
];

/** The guides of a language, in reading order: their names and paths. */
export function guidesOf(locale) {
  const names = readdirSync(`${DOCS}guides/${locale}`)
    .map((file) => file.replace(/\.md$/, ""))
    .filter((name) => name !== "index")
    .sort((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b));
  const guides = names.map((name) => ({ name: `guides/${name}`, path: `${DOCS}guides/${locale}/${name}.md` }));
  return locale === "en" ? [...guides, ...ALSO_IN_ENGLISH] : guides;
}

/** The path of the first page of a site. */
export function indexOf(locale) {
  return `${DOCS}guides/${locale}/index.md`;
}

// A guide that exists in English alone is reached from the other sites by the address of its page.
function forSite(path, language, toRoot) {
  return withoutStamp(readFileSync(path, "utf8"))
    .replaceAll(/\]\(\.\.\/en\/([\w-]+)\.md\)/g, `](${toRoot}../en/guides/$1.html)`)
    .replace("<!-- diagram: states -->", () => stateDiagram(language));
}

function parse(app, project, path, markdown) {
  return app.converter.parseRawComment(new MinimalSourceFile(markdown, path), project.files).content;
}

function add(app, project, group, { name, title, path, markdown, otherNames }) {
  // A page without a file gets a path of its own too, so that relative links start from somewhere.
  const content = parse(app, project, path ?? `${DOCS}${name}.md`, markdown);
  const document = new DocumentReflection(title, project, content, { group });
  document.pageName = name;
  document.otherNames = otherNames;
  project.addChild(document);
  project.registerReflection(document, undefined, path);
}

/** Puts the first page, the guides and the codes into a project. */
export function addDocuments(app, project, language) {
  const { locale, words } = language;
  const index = indexOf(locale);
  project.readme = parse(app, project, index, forSite(index, language, ""));
  const guides = guidesOf(locale).map(({ name, path }) => {
    const markdown = forSite(path, language, "../");
    return { name, path, markdown, title: /^# (.+)$/m.exec(markdown)[1] };
  });
  for (const page of locale === "en" ? [...guides, terminologyPage()] : guides) {
    add(app, project, words.site.guides, page);
  }
  for (const page of codePages(language)) {
    add(app, project, words.codes.title, page);
  }
}
