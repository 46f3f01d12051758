// `npm run docs`: the reference and its guides, a site for each language, from one type check; `-- --out FOLDER` writes them elsewhere.
// `npm run docs -- --update`: makes locales/*/reference.json fit the doc comments, and help.json the help for PowerShell, for translators
// to fill.
import { accessSync, constants, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import {
  Application,
  Converter,
  MinimalSourceFile,
  ReflectionKind,
  TSConfigReader,
  ValidatingFileRegistry,
} from "typedoc";
import { helpTexts } from "../src/build/powershell-help.js";
import { addDocuments } from "./tools/documents.js";
import { problemsOfGuides, problemsOfMissingGuides } from "./tools/guides.js";
import { languages, problemsOfKeys } from "./tools/languages.js";
import { problemsOfLinks, readPages } from "./tools/pages.js";
import { linkNames } from "./tools/references.js";
import { dressSite, translateGroups } from "./tools/site.js";
import { problemsOfTerms } from "./tools/terminology-page.js";
import { textsOf } from "./tools/texts.js";
import { problemsOf, readTranslations, updated, writeTranslations } from "./tools/translations.js";

const root = fileURLToPath(new URL("../", import.meta.url));
const others = languages.map(({ locale }) => locale).filter((locale) => locale !== "en");
const {
  values: { out, update },
} = parseArgs({ options: { out: { type: "string", default: `${root}docs/site` }, update: { type: "boolean" } } });

const app = await Application.bootstrap(
  {
    entryPoints: [`${root}docs/exports.ts`],
    tsconfig: `${root}docs/tsconfig.json`,
    name: "background-copy",
    readme: "none",
    disableSources: true,
    excludeInternal: true,
    excludePrivate: true,
    excludeExternals: true,
    highlightLanguages: ["ts", "sh", "powershell", "json"],
    ignoredHighlightLanguages: ["mermaid"],
    // Paths are not checked here, as pages link each other by their addresses too: the links of the sites are followed when they are there.
    validation: { notExported: true, invalidLink: true, invalidPath: false, notDocumented: false },
    includeHierarchySummary: false,
    searchInComments: true,
    searchInDocuments: true,
    navigation: { includeGroups: true },
    customCss: `${root}docs/theme/site.css`,
    customJs: `${root}docs/theme/site.js`,
  },
  [new TSConfigReader()],
);

if (!update) {
  // Without these there are no pages to be made. What is stale is told later, beside the pages.
  const missing = others.flatMap((locale) => [
    ...["messages", "site"].flatMap((name) => problemsOfKeys(locale, name)),
    ...problemsOfMissingGuides(locale),
    ...problemsOfTerms(locale),
  ]);
  failOn(missing);
  failOn(problemsOfFolder(out));
}

// The texts are collected while their links are as written, after parameters have got theirs.
const english = {};
app.converter.on(
  Converter.EVENT_RESOLVE_END,
  ({ project }) => {
    for (const { symbol, part, text } of textsOf(project)) {
      english[symbol] ??= {};
      english[symbol][part] ??= text;
      if (english[symbol][part] !== text) {
        app.logger.error(`${symbol}, ${part}: two texts have this name`);
      }
    }
  },
  -200,
);

const converted = await app.convert();
if (!converted) {
  process.exit(1);
}
app.validate(converted);

const translations = new Map(others.map((locale) => [locale, readTranslations(locale, "reference")]));
const help = helpTexts();
for (const locale of others) {
  const [reference, helpInLanguage] = [translations.get(locale), readTranslations(locale, "help")];
  if (update) {
    writeTranslations(locale, "reference", updated(locale, english, reference));
    writeTranslations(locale, "help", updated(locale, help, helpInLanguage));
    continue;
  }
  const problems = [
    ...problemsOf(locale, english, reference),
    ...problemsOf(locale, help, helpInLanguage),
    ...problemsOfGuides(locale),
  ];
  for (const problem of problems) {
    app.logger.error(problem);
  }
}
if (update) {
  process.exit();
}

let current;
linkNames(app);
dressSite(app, () => current);
const snapshot = app.serializer.projectToObject(converted, root);
// The exports were validated above; a snapshot does not know what was left out of it.
app.options.setValue("validation", { ...app.options.getValue("validation"), notExported: false });
for (const language of languages) {
  current = language;
  await generate(language);
  if (language === languages[0]) {
    report("one language");
  }
}
writeFileSync(`${out}/index.html`, chooser(languages));
report(`${languages.length} languages`);
for (const problem of problemsOfLinks(out, readPages(out))) {
  app.logger.error(problem);
}
process.exitCode = app.logger.hasErrors() || app.logger.hasWarnings() ? 1 : 0;

/** Says what is wrong, if anything, and ends. */
function failOn(problems) {
  for (const problem of problems) {
    app.logger.error(problem);
  }
  if (problems.length > 0) {
    process.exit(1);
  }
}

function problemsOfFolder(folder) {
  try {
    const first = resolve(folder, languages[0].locale);
    makeFolder(first);
    accessSync(first, constants.W_OK);
    return [];
  } catch (error) {
    return [`--out: nothing can be written there: ${error.message}`];
  }
}

/** Makes a folder and those above it, one by one: asked for all at once, Node tries for ever where the system makes none, as in /proc. */
function makeFolder(folder) {
  if (!existsSync(folder)) {
    makeFolder(dirname(folder));
    mkdirSync(folder);
  }
}

/** Writes a language's site, from a copy of the project of its own. */
async function generate({ locale, words }) {
  app.options.setValue("lang", locale);
  app.internationalization.addTranslations(locale, words.typedoc);
  app.internationalization.setLocale(locale);
  app.options.setValue("groupOrder", groupOrder(words));
  const project = app.deserializer.reviveProject(
    undefined,
    { ...snapshot, groups: undefined },
    {
      projectRoot: root,
      registry: new ValidatingFileRegistry(),
    },
  );
  if (locale !== "en") {
    translate(project, locale);
  }
  addDocuments(app, project, current);
  app.trigger(Application.EVENT_PROJECT_REVIVE, project);
  translateGroups(project);
  app.validate(project);
  await app.generateDocs(project, `${out}/${locale}`);
}

function translate(project, locale) {
  const catalogue = translations.get(locale);
  for (const { symbol, part, replace } of textsOf(project)) {
    const text = catalogue[symbol]?.[part]?.[locale];
    if (text) {
      const source = new MinimalSourceFile(text, `${root}locales/${locale}/reference.json`);
      replace(app.converter.parseRawComment(source, project.files).content);
    }
  }
}

function report(what) {
  process.stdout.write(`${what}: ${(performance.now() / 1000).toFixed(1)} s\n`);
}

/** Guides and codes first, then what a reader looks for first. */
function groupOrder({ site, codes }) {
  const kinds = [ReflectionKind.Class, ReflectionKind.Function, ReflectionKind.Interface, ReflectionKind.TypeAlias];
  return [site.guides, codes.title, ...kinds.map((kind) => ReflectionKind.pluralString(kind)), "*"];
}

/** The page that leads to the sites. */
function chooser(all) {
  const links = all.map(
    ({ locale, words: { site } }) =>
      `<li><a href="${locale}/index.html" hreflang="${locale}" lang="${locale}">${site.languageName}</a></li>`,
  );
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>background-copy</title>
<link rel="stylesheet" href="en/assets/style.css">
<link rel="stylesheet" href="en/assets/custom.css">
</head>
<body>
<main class="chooser">
<h1>background-copy</h1>
<ul>
${links.join("\n")}
</ul>
</main>
</body>
</html>
`;
}
