// The home page of a language: what the package is, how to install it, the first call with its outcome, and where to go next.
import { documentedSentences, languages } from "./languages.js";
import { addressOf } from "./markdown.js";

/** The most common tasks and their pages. */
const TASKS = [
  { key: "cancelFailed", slug: "recipes/cancel-failed" },
  { key: "findCode", slug: "codes", anchor: "#most-met" },
  { key: "withoutAdmin", slug: "recipes/without-admin" },
  { key: "withoutWindows", slug: "recipes/without-windows" },
  { key: "follow", slug: "recipes/follow" },
  { key: "allRecipes", slug: "recipes" },
];

/** The first call, in each of the three ways. */
export function samples({ locale, words, messages }) {
  const [outcome] = documentedSentences(messages);
  return [
    {
      label: words.site.typescript,
      language: "ts",
      code: `import { BackgroundCopyManager } from "background-copy";

await using manager = await BackgroundCopyManager.connect({ service: "bits", locale: "${locale}" });

const job = await manager.createJob("update");
const result = await job.cancel();
console.log(result.code); // S_OK
console.log(result.message); // ${outcome}`,
    },
    {
      label: words.site.powershell,
      language: "powershell",
      code: `Import-Module .\\node_modules\\background-copy\\ps\\BackgroundCopy

$jobs = Get-BackgroundCopyJob -Service bits -State BG_JOB_STATE_ERROR
$jobs | Stop-BackgroundCopyJob`,
    },
    {
      label: words.site.commandLine,
      language: "sh",
      code: `npx background-copy list --service bits --locale ${locale}
npx background-copy cancel --state error --service bits --locale ${locale}`,
    },
  ];
}

/** The same two outcomes in every language. */
function outcomes() {
  return languages.map(({ locale, words, messages }) => {
    const [done, refused] = documentedSentences(messages);
    return { locale, name: words.site.languageName, done, refused };
  });
}

/**
 * @param {import("./languages.js").Language} language
 * @returns {import("./markdown.js").Page}
 */
export function homePage(language) {
  const { locale, words } = language;
  const { home } = words;
  const card = ({ key, slug, anchor }) => ({ ...home.tasks[key], href: addressOf(locale, slug, anchor) });
  return {
    slug: "index",
    title: "background-copy",
    description: words.site.description,
    isMdx: true,
    markdown: [
      'import Home from "../../../components/Home.astro";',
      `<Home home={${JSON.stringify({ words: home, tasks: TASKS.map(card), outcomes: outcomes() })}} />`,
    ].join("\n\n"),
    front: {
      template: "splash",
      hero: {
        tagline: home.tagline,
        actions: [
          {
            text: home.start,
            link: addressOf(locale, "guides/getting-started"),
            icon: "right-arrow",
            variant: "primary",
          },
          { text: home.reference, link: addressOf(locale, "reference"), variant: "minimal" },
        ],
      },
      samples: samples(language),
    },
    source: `locales/${locale}/site.json`,
  };
}
