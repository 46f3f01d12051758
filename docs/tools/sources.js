// Writes the input of Astro: the pages and texts of each language, and the menu.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { cmdletPages } from "./cmdlet-pages.js";
import { codePages } from "./code-pages.js";
import { commandPages } from "./command-pages.js";
import { guidePages } from "./guide-pages.js";
import { homePage } from "./home-page.js";
import { fileOf } from "./markdown.js";
import { CODE_GROUPS, menuOf } from "./menu.js";
import { methodPages } from "./method-pages.js";
import { readTranslations } from "./translations.js";

const CONTENT = fileURLToPath(new URL("../site/src/content/", import.meta.url));
const { version, homepage, repository } = JSON.parse(
  readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
);

/** The names that have a page outside the reference: codes, methods, commands for PowerShell. */
function addNames(names, pages) {
  for (const { slug, title } of pages) {
    if (/^(?:codes|cmdlets)\/./.test(slug) && !slug.endsWith("/index")) {
      names.set(title, slug);
    }
  }
}

async function pagesOf(language, reference) {
  const translations = readTranslations(language.locale, "reference");
  const { pages: ofReference, names } = await reference.pages(language, translations);
  const pages = [
    homePage(language),
    ...guidePages(language),
    ...commandPages(language),
    ...cmdletPages(language),
    ...codePages(language),
    ...methodPages(language, { english: reference.english, translations, pages: ofReference }),
    ...ofReference,
  ];
  addNames(names, pages);
  return { pages, names };
}

function write(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/**
 * @param {readonly import("./languages.js").Language[]} languages English first.
 * @param {import("./reference.js").Reference} reference
 * @param {{ site?: string, repository?: string }} places
 * @returns {Promise<Map<string, { text: string, ids: string[] }>>} The pages by address: `fr/guides/cancel`.
 */
export async function writeSources(languages, reference, places) {
  rmSync(CONTENT, { recursive: true, force: true });
  const sources = new Map();
  const names = {};
  let english = [];
  for (const language of languages) {
    const { locale, words } = language;
    const made = await pagesOf(language, reference);
    english = locale === "en" ? made.pages : english;
    names[locale] = Object.fromEntries(made.names);
    for (const page of made.pages) {
      const source = fileOf(locale, page, made.names, sources.get(`en/${page.slug}`)?.ids);
      sources.set(`${locale}/${page.slug}`, source);
      write(`${CONTENT}docs/${locale}/${page.slug}.${page.isMdx ? "mdx" : "md"}`, source.text);
    }
    write(`${CONTENT}i18n/${locale}.json`, JSON.stringify(words.starlight));
  }
  const site = {
    version,
    site: (places.site ?? homepage)?.replace(/\/$/, ""),
    repository: places.repository ?? repository?.url,
    languages: languages.map(({ locale, words }) => ({ locale, name: words.site.languageName, words: words.site })),
    menu: menuOf(
      languages,
      english.filter(({ slug }) => slug.startsWith("reference/")),
    ),
    codeGroups: CODE_GROUPS,
    names,
  };
  write(`${CONTENT}site.json`, JSON.stringify(site));
  return sources;
}
