import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import documentedPages from "../../docs/documented-pages.json" with { type: "json" };
import { LOCALES } from "../../src/words/locale.js";
import documentedMessages from "../facts/documented-messages.json" with { type: "json" };
import { chromium } from "../support/chromium.js";
import { shown } from "../support/markdown.js";
import { site } from "../support/site.js";
import { DESKTOP, NO_VIOLATIONS, PHONE, Reader, styleOf, violations, wordsOf } from "./reader.js";

/** A page of each kind, each in a different language. */
const KINDS = [
  "en/index.html",
  "fr/guides/cancel.html",
  "pt-BR/recipes/cancel-failed.html",
  "zh-TW/codes/IBackgroundCopyJob.Cancel.html",
  "de/codes/BG_E_INVALID_STATE.html",
  "it/codes/index.html",
  "fr/reference/classes/BackgroundCopyJob.html",
  "de/reference/interfaces/CreateJobOptions.html",
  "zh-TW/cmdlets/Stop-BackgroundCopyJob.html",
  "pt-BR/commands/cancel.html",
  "it/guides/from-bits-transfer.html",
];

describe.skipIf(site.missing || !chromium.path)(`${site.label}, in ${chromium.label},`, () => {
  const reader = new Reader("/some/where/");
  const root = new Reader("/");

  it.each(LOCALES)("leads in two clicks from its first page in %s to the answer", async (locale) => {
    const { tasks } = wordsOf(locale).home;
    await reader.visit(`${locale}/`, async (page) => {
      const first = page.url();
      for (const [task, next, expected] of [
        ["cancelFailed", undefined, "recipes/cancel-failed.html"],
        ["findCode", "DO_E_INVALID_STATE", "codes/DO_E_INVALID_STATE.html"],
        ["withoutAdmin", undefined, "recipes/without-admin.html"],
        ["withoutWindows", undefined, "recipes/without-windows.html"],
      ] as const) {
        await page.goto(first);
        await page.getByRole("link", { name: tasks[task].title }).first().click();
        if (next) {
          await page.getByRole("main").getByRole("link", { name: next }).first().click();
        }
        await page.waitForURL(`**/${locale}/${expected}`);
      }
    });
  });

  describe.each([
    ["a desktop", DESKTOP],
    ["a phone", PHONE],
  ])("on %s", (_, device) => {
    it.each(KINDS)("has nothing for axe to find in light and dark, and fits: %s", async (path) => {
      await reader.visit(
        path,
        async (page) => {
          expect(await violations(page)).toEqual(NO_VIOLATIONS);
          expect(await page.evaluate("document.scrollingElement.scrollWidth - innerWidth")).toBe(0);
        },
        { ...device, colorScheme: "light" },
      );
    });
  });

  it.each(LOCALES)("quotes Microsoft's page character for character in %s", async (locale) => {
    const documented = documentedPages.pages[locale];
    await reader.visit(`${locale}/codes/IBackgroundCopyJob.Cancel.html`, async (page) => {
      const texts = (selector: string) =>
        page.$$eval(selector, (elements) => elements.map(({ textContent }) => textContent));
      expect(await texts(".documented blockquote")).toEqual(
        [documented.heading, documented.summary, documented.parameters, documented.returnValue, documented.remarks].map(
          shown,
        ),
      );
      const seeAlso = documented.seeAlso.map(([label = ""]) => label);
      expect(await texts(".documented .quoted")).toEqual(
        [...documented.returnTable.flat(), ...documented.requirements.flat(), ...seeAlso].map(shown),
      );
      const headings = await page.$$eval(".sl-markdown-content h2", (elements) =>
        elements.map(({ textContent }) => textContent),
      );
      expect(headings.slice(0, 6)).toEqual(documented.headings);
      const tabs = await page.$$eval("#syntax, .sl-markdown-content [role=tab]", (elements) =>
        elements.map(({ textContent }) => textContent?.trim()),
      );
      expect(tabs).toHaveLength(5);
      const text = await page.textContent("main");
      for (const { documented: sentence, edited } of Object.values<{ documented: string; edited?: string }>(
        documentedMessages[locale],
      )) {
        expect(text).toContain(sentence);
        expect(text).toContain(edited ?? sentence);
      }
    });
  });

  it.each(["reference/classes/BackgroundCopyJob.html#cancel", "guides/cancel.html#cancel-jobs-by-filter"])(
    "stays at its place when the language is switched: %s",
    async (place) => {
      await reader.visit(`en/${place}`, async (page) => {
        for (const [locale, name] of [
          ["fr", "Français"],
          ["zh-TW", "繁體中文"],
          ["en", "English"],
        ]) {
          await page.click("header language-select summary");
          await page.click(`header language-select a >> text=${name}`);
          await page.waitForURL(`**/${locale}/${place}`);
          expect(await page.$(":target")).not.toBeNull();
        }
      });
    },
  );

  it("shows the same tab on every page, once it is chosen", async () => {
    await reader.visit("it/recipes/cancel-one.html", async (page) => {
      await page.click("[role=tab] >> text=PowerShell");
      await page.goto(page.url().replace("cancel-one", "cancel-old"));
      expect(await page.isVisible("text=Stop-BackgroundCopyJob -WhatIf")).toBe(true);
    });
  });

  it("lets code be copied by touch", async () => {
    await reader.visit(
      "en/recipes/cancel-one.html",
      async (page) => {
        const opacity = await styleOf(page, ".expressive-code .copy button", "opacity");
        expect(Number(opacity)).toBeGreaterThan(0.5);
      },
      PHONE,
    );
  });

  it("shows the whole picture of the states on a phone, in letters that can be read", async () => {
    await reader.visit(
      "de/guides/cancel.html",
      async (page) => {
        const { right } = await page.$eval(".states", (picture) =>
          (picture as never as { getBoundingClientRect(): { right: number } }).getBoundingClientRect(),
        );
        expect(right).toBeLessThanOrEqual(390);
        const height = "document.querySelector('.states .state tspan').getBoundingClientRect().height";
        expect(await page.evaluate(height)).toBeGreaterThan(11);
      },
      PHONE,
    );
  });

  it("leads a reader from its root to the language of the browser", async () => {
    await reader.visit(
      "",
      async (page) => {
        await page.waitForURL("**/pt-BR/index.html");
      },
      { locale: "pt-PT" },
    );
  });

  it("shows an address that there is not in the language of the address", async () => {
    await root.visit("404.html", async (page) => {
      expect(await violations(page)).toEqual(NO_VIOLATIONS);
      expect(await page.locator("li:visible").count()).toBe(LOCALES.length);
      // The server returns this status, which browsers report as an error.
      await page.route("**/fr/guides/nowhere.html", (route) => route.fulfill({ path: join(site.folder, "404.html") }));
      await page.goto(page.url().replace("404.html", "fr/guides/nowhere.html"));
      expect(await page.locator("li:visible").allTextContents()).toEqual([
        expect.stringContaining(wordsOf("fr").site.notFound),
      ]);
      await page.click("li:visible a");
      await page.waitForURL("**/fr/index.html");
    });
  });

  it("is light without a script, with all tabs and with links to the languages", async () => {
    await reader.visit(
      "zh-TW/recipes/cancel-one.html",
      async (page) => {
        expect(await page.getAttribute("html", "data-theme")).toBe("light");
        expect(await page.isVisible("text=npx background-copy cancel")).toBe(true);
        expect(await page.isVisible("text=Stop-BackgroundCopyJob -Id")).toBe(true);
        await page.click("header language-select summary");
        await page.click("header language-select a >> text=Deutsch");
        await page.waitForURL("**/de/recipes/cancel-one.html");
      },
      { ...DESKTOP, javaScriptEnabled: false },
    );
  });

  it("can be read from the disk", async () => {
    const context = await reader.browser.newContext(DESKTOP);
    const page = await context.newPage();
    await page.goto(pathToFileURL(join(site.folder, "fr", "codes", "DO_E_INVALID_STATE.html")).href);
    expect(await styleOf(page, ".sidebar-pane", "position")).toBe("fixed");
    await page.click("main >> text=IBackgroundCopyJob::Cancel");
    await page.waitForURL("**/fr/codes/IBackgroundCopyJob.Cancel.html");
    await context.close();
  });
});
