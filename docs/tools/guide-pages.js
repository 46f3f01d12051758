// The handwritten pages: guides, recipes, and pages for contributors.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { withoutStamp } from "./guides.js";
import { summaryOf, titled } from "./markdown.js";
import { stateDiagram } from "./state-diagram.js";
import { withTabs } from "./tabs.js";
import { terminologyPage } from "./terminology-page.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** The reading order. */
const ORDER = ["getting-started", "cancel", "errors", "locked-down", "many-machines", "from-bits-transfer", "testing"];
const RECIPES = [
  "cancel-one",
  "cancel-failed",
  "cancel-by-owner",
  "cancel-old",
  "many-computers",
  "follow",
  "why-failed",
  "without-admin",
  "without-windows",
];

// Available only in English, and not guides.
const FOR_CONTRIBUTORS = ["CONTRIBUTING.md", "docs/translating.md", "docs/proving.md"];

function fileNames(folder, order) {
  const names = readdirSync(ROOT + folder).map((file) => file.replace(/\.md$/, ""));
  return names.sort((a, b) => order.indexOf(a) - order.indexOf(b));
}

/**
 * The slugs of these pages by group, in reading order.
 *
 * @returns {{ guides: string[], recipes: string[], contributors: string[] }}
 */
export function slugsOf(locale) {
  return {
    guides: fileNames(`docs/guides/${locale}`, ORDER).map((name) => `guides/${name}`),
    recipes: fileNames(`docs/recipes/${locale}`, RECIPES).map((name) => `recipes/${name}`),
    contributors: [
      ...FOR_CONTRIBUTORS.map((file) => `guides/${file.replace(/.*\/|\.md$/g, "").toLowerCase()}`),
      "guides/terminology",
    ],
  };
}

const pathOf = (locale, slug) => `docs/${slug.replace("/", `/${locale}/`)}.md`;

/** The title of a guide or a recipe. */
export function titleOf(locale, slug) {
  return titled(withoutStamp(readFileSync(ROOT + pathOf(locale, slug), "utf8"))).title;
}

function pageOf(language, slug, path) {
  const { title, markdown } = titled(withoutStamp(readFileSync(ROOT + path, "utf8")));
  const picture = () => `<div class="picture">\n${stateDiagram(language)}\n</div>`;
  const body = markdown
    .replace("<!-- diagram: states -->", picture)
    .replaceAll(/^> \[!NOTE\]\n((?:> .*\n)+)/gm, (_, note) => `:::note\n${note.replaceAll(/^> /gm, "")}:::\n`);
  return withTabs(language, {
    slug,
    title,
    markdown: body,
    path: path.replace(/^docs\/(?=.+\/)|\.md$/g, ""),
    source: path,
    otherNames: language.words.search[slug]?.split(", "),
  });
}

/** The recipes with their first sentences. */
function listPage({ words }, recipes) {
  const lines = recipes.map(
    ({ slug, title, markdown }) => `- [${title}](${slug.replace("recipes/", "")}.md)  \n  ${summaryOf(markdown)}`,
  );
  return {
    slug: "recipes/index",
    title: words.recipes.title,
    markdown: `${words.recipes.intro}\n\n${lines.join("\n")}`,
  };
}

/**
 * The pages of a language.
 *
 * @param {import("./languages.js").Language} language
 * @returns {import("./markdown.js").Page[]}
 */
export function guidePages(language) {
  const { locale } = language;
  const { guides, recipes } = slugsOf(locale);
  const pages = [...guides, ...recipes].map((slug) => pageOf(language, slug, pathOf(locale, slug)));
  pages.push(
    listPage(
      language,
      pages.filter(({ slug }) => recipes.includes(slug)),
    ),
  );
  if (locale !== "en") {
    return pages;
  }
  const contributors = FOR_CONTRIBUTORS.map((path) =>
    pageOf(language, `guides/${path.replace(/.*\/|\.md$/g, "").toLowerCase()}`, path),
  );
  return [...pages, ...contributors, terminologyPage()];
}
