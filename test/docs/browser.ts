import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium as engine, type Browser, type BrowserContextOptions, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LOCALES } from "../../src/words/locale.js";
import { chromium } from "../support/chromium.js";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** A page of each kind, in addition to the guides. */
const KINDS = [
  "index.html",
  "modules.html",
  "classes/BackgroundCopyJob.html",
  "classes/BridgeError.html",
  "interfaces/CreateJobOptions.html",
  "functions/explain.html",
  "types/JobState.html",
  "codes/index.html",
  "codes/IBackgroundCopyJob.Cancel.html",
  "codes/BG_E_INVALID_STATE.html",
  "guides/terminology.html",
];

/** Pages with long words: the other parts of pages are the same in every language. */
const WORDY = ["classes/BackgroundCopyJob.html", "interfaces/CreateJobOptions.html", "guides/cancel.html"];

const GUIDES = readdirSync(new URL("../../docs/guides/en", import.meta.url))
  .filter((file) => file !== "index.md")
  .map((file) => `guides/${file.replace(/md$/, "html")}`);
const PAGES = LOCALES.flatMap((locale) =>
  (locale === "en" ? [...KINDS, ...GUIDES] : WORDY).map((path) => `${locale}/${path}`),
);

/** Only the colors depend on the scheme, of all that axe checks. */
const COLORS = ["color-contrast", "link-in-text-block"];

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}

/** Simulates a reader of the sites in `folder`, in a real browser, from the disk. */
export function describeInBrowser(folder: string): void {
  describe.skipIf(!chromium.path)(`in ${chromium.label}`, () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await engine.launch({ executablePath: chromium.path as string });
    });
    afterAll(() => browser?.close());

    /** Visits a page; it must not report errors or request anything from other hosts. */
    async function visit(path: string, run: (page: Page) => Promise<void>, options: BrowserContextOptions = {}) {
      const context = await browser.newContext(options);
      const page = await context.newPage();
      // A busy machine is not a defect of the page: the test's own limit ends what never arrives.
      page.setDefaultTimeout(0);
      const complaints: string[] = [];
      page.on("console", (message) => {
        if (["error", "warning"].includes(message.type())) {
          complaints.push(message.text());
        }
      });
      page.on("pageerror", (error) => complaints.push(error.message));
      page.on("request", (request) => {
        if (!/^(file|data|blob):/.test(request.url())) {
          complaints.push(request.url());
        }
      });
      await page.goto(new URL(path, pathToFileURL(join(folder, "index.html"))).href);
      await page.waitForSelector("#tsd-nav-container a", { state: "attached" });
      await run(page);
      await context.close();
      expect(complaints).toEqual([]);
    }

    async function violations(page: Page, ...runOnly: readonly string[]): Promise<string[]> {
      await page.evaluate(axe);
      // It would request the style sheets again, which no page may do from the disk.
      const options = JSON.stringify({ preload: false, ...(runOnly.length > 0 && { runOnly }) });
      // The menu of the site is long and the same on every page, so it is checked on the first page only.
      const context = page.url().endsWith("/index.html") ? "document" : '{ exclude: [".site-menu"] }';
      const found = (await page.evaluate(
        `axe.run(${context}, ${options}).then(({ violations }) => violations)`,
      )) as Violation[];
      return found.flatMap(({ id, nodes }) => nodes.slice(0, 5).map(({ html }) => `${id}: ${html}`));
    }

    it.each([
      "classes/BackgroundCopyJob.html#cancel",
      "classes/BackgroundCopyJob.html#methods",
      "guides/cancel.html#by-a-filter",
    ])("stays at its place when the language is switched: %s", async (place) => {
      await visit(`en/${place}`, async (page) => {
        for (const [locale, name] of [
          ["fr", "Français"],
          ["zh-TW", "繁體中文"],
          ["en", "English"],
        ]) {
          await page.click(`.languages >> text=${name}`);
          await page.waitForURL(`**/${locale}/${place}`);
          expect(await page.$(":target")).not.toBeNull();
        }
      });
    });

    it.each([
      ["en", "cancel", "BackgroundCopyJob.html#cancel"],
      ["fr", "annuler", "guides/cancel.html"],
      ["pt-BR", "cancelar", "guides/cancel.html"],
      ["zh-TW", "取消", "guides/cancel.html"],
      ["de", "abbrechen", "guides/cancel.html"],
      ["it", "annullare", "guides/cancel.html"],
      ["fr", "0x80D02013", "DO_E_INVALID_STATE.html"],
      ["en", "IBackgroundCopyJob::Cancel", "IBackgroundCopyJob.Cancel.html"],
      ["en", "BackgroundCopyJob.cancel", "BackgroundCopyJob.html#cancel"],
      ["zh-TW", "job.cancel()", "BackgroundCopyJob.html#cancel"],
      ["it", "-2133843949", "DO_E_INVALID_STATE.html"],
      ["fr", "+d'attente", "BG_E_NOT_FOUND.html"],
      ["fr", "etat", "guides/cancel.html"],
      ["fr", "connexion en cours", "JobState.html"],
      ["fr", "suspendu", "JobState.html"],
      ["de", "Vorübergehender Fehler", "JobState.html"],
      ["de", "xqzw~^:", undefined],
    ])("finds in %s the word %s", async (locale, word, expected) => {
      await visit(`${locale}/index.html`, async (page) => {
        await page.keyboard.press("/");
        await page.fill("#tsd-search-input", word);
        await page.waitForSelector(expected ? "#tsd-search-results a" : "#tsd-search-status > div", {
          state: "attached",
        });
        const found = await page.$$eval("#tsd-search-results a", (links) =>
          links.map((link) => link.getAttribute("href")),
        );
        expect(
          found.some((href) => expected && href?.endsWith(expected)),
          found.join(),
        ).toBe(Boolean(expected));
        expect(await page.textContent("#tsd-search-status")).toContain(expected ? "" : word);
      });
    });

    it.each([
      ["fr", "0x80D02013", "codes/DO_E_INVALID_STATE.html"],
      ["it", "2161123347", "codes/DO_E_INVALID_STATE.html"],
      ["fr", "transfert en cours", "types/JobState.html"],
      ["zh-TW", "暫時性錯誤", "types/JobState.html"],
    ])("puts first in %s what is exactly %s", async (locale, word, expected) => {
      await visit(`${locale}/index.html`, async (page) => {
        await page.keyboard.press("/");
        await page.fill("#tsd-search-input", word);
        await page.waitForSelector("#tsd-search-results a");
        expect(await page.getAttribute("#tsd-search-results a", "href")).toMatch(new RegExp(`/${expected}$`));
      });
    });

    it.each(PAGES)("has nothing for axe to find in light and dark, and fits a phone: %s", async (path) => {
      await visit(
        path,
        async (page) => {
          expect(await violations(page), "light").toEqual([]);
          await page.emulateMedia({ colorScheme: "dark" });
          expect(await violations(page, ...COLORS), "dark").toEqual([]);
          await page.setViewportSize({ width: 375, height: 700 });
          expect(await page.evaluate("document.scrollingElement.scrollWidth - innerWidth")).toBe(0);
        },
        { colorScheme: "light" },
      );
    });

    it("has nothing for axe to find in the search with what it has found", async () => {
      await visit("fr/index.html", async (page) => {
        await page.keyboard.press("/");
        await page.fill("#tsd-search-input", "annuler");
        await page.waitForSelector("#tsd-search-results a[role=option]");
        await page.keyboard.press("ArrowDown");
        for (const colorScheme of ["light", "dark"] as const) {
          await page.emulateMedia({ colorScheme });
          expect(await violations(page), colorScheme).toEqual([]);
        }
      });
    });

    it("lets the keyboard and the pointer open what the search has found", async () => {
      await visit("en/index.html", async (page) => {
        const find = async () => {
          await page.keyboard.press("/");
          await page.fill("#tsd-search-input", "cancel");
          await page.waitForSelector("#tsd-search-results a[role=option]");
          return page.$$eval("#tsd-search-results a", (links) => links.map((link) => (link as { href: string }).href));
        };
        const [first = "", second = "", third = ""] = await find();
        const selected = "#tsd-search-results [aria-selected=true]";
        const move = async (key: string, to: string) => {
          await page.keyboard.press(key);
          expect(await page.$$eval(selected, (links) => links.map((link) => (link as { href: string }).href))).toEqual([
            to,
          ]);
        };
        await move("ArrowDown", first);
        await move("ArrowDown", second);
        await move("ArrowDown", third);
        await move("ArrowUp", second);
        await page.keyboard.press("Enter");
        await page.waitForURL(second);
        await page.goBack();
        await find();
        await page.click("#tsd-search-results a >> nth=2");
        await page.waitForURL(third);
      });
    });

    it("lets a wide table and the picture of the states be scrolled by the keyboard, and the picture be read", async () => {
      await visit(
        "en/guides/from-bits-transfer.html",
        async (page) => {
          expect(await page.evaluate("document.querySelector('table').tabIndex")).toBe(0);
        },
        { viewport: { width: 375, height: 700 } },
      );
      await visit(
        "de/guides/cancel.html",
        async (page) => {
          expect(await page.evaluate("document.querySelector('.picture').tabIndex")).toBe(0);
          const height = "document.querySelector('.states .name').getBoundingClientRect().height";
          expect(await page.evaluate(height)).toBeGreaterThan(9);
          await page.setViewportSize({ width: 1280, height: 700 });
          await page.waitForFunction("document.querySelector('.picture').tabIndex === -1");
        },
        { viewport: { width: 375, height: 700 } },
      );
    });

    it("lets the keyboard skip to the content", async () => {
      await visit("it/guides/errors.html", async (page) => {
        await page.keyboard.press("Tab");
        expect(await page.evaluate("document.activeElement.className")).toBe("skip");
        await page.keyboard.press("Enter");
        await page.waitForURL("**/errors.html#content");
      });
    });
  });
}
