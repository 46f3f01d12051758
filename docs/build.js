// `npm run docs`: the site in every language, in docs/site/dist, from one type check. `-- --locale fr` builds that language and English
// only; `-- --site URL` and `-- --repository URL` specify the addresses of the site and its sources.
// `npm run docs -- --update`: updates locales/*/reference.json for the doc comments, and help.json for the help for PowerShell, so that
// translators can fill in what is missing.
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { helpTexts } from "../src/build/powershell-help.js";
import { buildSite, installSite } from "./tools/astro.js";
import { finishSite } from "./tools/finish.js";
import { problemsOfGuides, problemsOfMissingGuides } from "./tools/guides.js";
import { languages, problemsOfKeys } from "./tools/languages.js";
import { problemsOfAddresses } from "./tools/links.js";
import { problemsOfMarkup } from "./tools/markup.js";
import { problemsOfLinks, readPages } from "./tools/pages.js";
import { Reference } from "./tools/reference.js";
import { writeSources } from "./tools/sources.js";
import { problemsOfTerms } from "./tools/terminology-page.js";
import { problemsOf, readTranslations, updated, writeTranslations } from "./tools/translations.js";

const {
  values: { locale: only, update, ...places },
} = parseArgs({
  options: {
    locale: { type: "string" },
    site: { type: "string" },
    repository: { type: "string" },
    update: { type: "boolean" },
  },
});
const wanted = languages.filter(({ locale }) => !only || locale === "en" || locale === only);
const others = wanted.map(({ locale }) => locale).filter((locale) => locale !== "en");

if (!update) {
  // The pages can't be built without these. Stale translations are reported later, after the pages.
  failOn(
    others.flatMap((locale) => [
      ...["messages", "site", "cli"].flatMap((name) => problemsOfKeys(locale, name)),
      ...problemsOfMissingGuides(locale),
      ...problemsOfTerms(locale),
    ]),
  );
}

installSite();
const reference = await Reference.read();
if (!reference) {
  process.exit(1);
}
const help = helpTexts();
if (update) {
  for (const locale of others) {
    writeTranslations(locale, "reference", updated(locale, reference.english, readTranslations(locale, "reference")));
    writeTranslations(locale, "help", updated(locale, help, readTranslations(locale, "help")));
  }
  process.exit();
}
const stale = others.flatMap((locale) => [
  ...problemsOf(locale, reference.english, readTranslations(locale, "reference")),
  ...problemsOf(locale, help, readTranslations(locale, "help")),
  ...problemsOfGuides(locale),
  ...problemsOfMarkup(locale),
]);

const sources = await writeSources(wanted, reference, places);
report("pages");
failOn([...stale, ...problemsOfAddresses(sources)]);
if (reference.hasProblems) {
  process.exit(1);
}

await buildSite();
report("site");
const dist = fileURLToPath(new URL("site/dist/", import.meta.url));
await finishSite(dist, places);
report("search and links");
failOn(problemsOfLinks(dist, readPages(dist)));

/** Reports the problems, if any, and exits. */
function failOn(problems) {
  for (const problem of problems) {
    process.stdout.write(`[error] ${problem}\n`);
  }
  if (problems.length > 0) {
    process.exit(1);
  }
}

function report(what) {
  process.stdout.write(`${what}: ${(performance.now() / 1000).toFixed(1)} s\n`);
}
