// The site: turns the pages that docs/build.js writes to src/content into HTML.
import { readFileSync } from "node:fs";
import { satteri } from "@astrojs/markdown-satteri";
import starlight from "@astrojs/starlight";
import { defineConfig } from "astro/config";
import { breakingNames, tablesAsCards } from "./src/narrow.mjs";

const { languages, menu, repository } = JSON.parse(
  readFileSync(new URL("src/content/site.json", import.meta.url), "utf8"),
);

export default defineConfig({
  // Files have the names of the addresses. docs/tools/finish.js makes all links relative, so that the site works at any address.
  build: { format: "file" },
  trailingSlash: "never",
  prefetch: false,
  markdown: {
    processor: satteri({
      // Sentences of Microsoft's documentation are shown character for character, without typographic quotes and dashes.
      features: { smartPunctuation: false, headingAttributes: true },
      hastPlugins: [breakingNames, tablesAsCards],
    }),
  },
  integrations: [
    starlight({
      title: "background-copy",
      locales: Object.fromEntries(languages.map(({ locale, name }) => [locale, { label: name, lang: locale }])),
      defaultLocale: "en",
      disable404Route: true,
      pagefind: false,
      favicon: "/favicon.svg",
      sidebar: menu,
      routeMiddleware: "./src/route.ts",
      customCss: ["./src/styles/site.css"],
      social: repository ? [{ icon: "github", label: "GitHub", href: repository }] : [],
      credits: false,
      components: Object.fromEntries(
        ["Footer", "Hero", "LanguageSelect", "PageTitle", "Search", "SiteTitle"].map((name) => [
          name,
          `./src/components/${name}.astro`,
        ]),
      ),
      tableOfContents: { minHeadingLevel: 2, maxHeadingLevel: 3 },
    }),
  ],
});
