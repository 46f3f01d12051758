import { describe, expect, it } from "vitest";
import { LOCALES, type Locale } from "../../src/words/locale.js";
import { chromium } from "../support/chromium.js";
import { site } from "../support/site.js";
import { DESKTOP, PHONE, Reader, search, violations, wordsOf } from "./reader.js";

describe.skipIf(site.missing || !chromium.path)(`the search of ${site.label}, in ${chromium.label},`, () => {
  const reader = new Reader("/some/where/");

  const CANCEL_FAILED = "recipes/cancel-failed.html";
  const DENIED = "codes/E_ACCESSDENIED.html";
  const INVALID = "codes/DO_E_INVALID_STATE.html";
  const inEach = (text: string, expected: string) =>
    LOCALES.map((locale): [Locale, string, string] => [locale, text, expected]);

  it.each([
    ["en", "cancel failed jobs", CANCEL_FAILED],
    ["fr", "annuler les travaux en échec", CANCEL_FAILED],
    ["pt-BR", "cancelar trabalhos com falha", CANCEL_FAILED],
    ["zh-TW", "取消失敗的作業", CANCEL_FAILED],
    ["de", "fehlgeschlagene Aufträge abbrechen", CANCEL_FAILED],
    ["it", "annullare i processi non riusciti", CANCEL_FAILED],
    ["fr", "accès refusé", DENIED],
    ["pt-BR", "acesso negado", DENIED],
    ["zh-TW", "存取被拒", DENIED],
    ["de", "Zugriff verweigert", DENIED],
    ["it", "accesso negato", DENIED],
    ["de", "Vorübergehender Fehler", "reference/type-aliases/JobState.html"],
    ["en", "delete job", "guides/cancel.html"],
    ["en", "IBackgroundCopyJob::Cancel", "codes/IBackgroundCopyJob.Cancel.html"],
    ["it", "Stop-BackgroundCopyJob", "cmdlets/Stop-BackgroundCopyJob.html"],
    ["en", "BackgroundCopyJob.cancel", "reference/classes/BackgroundCopyJob.html"],
    ...inEach("access denied", DENIED),
  ] as [Locale, string, string][])("finds in %s among the first three: %s", async (locale, text, expected) => {
    await reader.visit(`${locale}/`, async (page) => {
      const found = (await search(page, text)).map((url) => reader.pathOf(url));
      expect(found.slice(0, 3)).toContain(`${locale}/${expected}`);
    });
  });

  it.each([
    ...inEach("0x80070005", DENIED),
    ...inEach("-2133843949", INVALID),
    ...inEach("2161123347", INVALID),
    ...inEach("80d02013", INVALID),
    ...inEach("DO_E_INVALID_STATE", INVALID),
  ])("finds first in %s the code %s", async (locale, text, expected) => {
    await reader.visit(`${locale}/guides/errors.html`, async (page) => {
      const [first = ""] = await search(page, text);
      expect(reader.pathOf(first)).toBe(`${locale}/${expected}`);
    });
  });

  it("says when nothing is found, and lets the keyboard open what is", async () => {
    await reader.visit("de/", async (page) => {
      expect(await search(page, "xqzwvk")).toEqual([]);
      expect(await page.textContent("site-search [role=status]")).toContain("xqzwvk");
      await page.click("site-search .close");
      const [, second = ""] = await search(page, "abbrechen");
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
      await page.waitForURL(second);
    });
  });

  describe.each([
    ["a desktop", DESKTOP],
    ["a phone", PHONE],
  ])("on %s", (_, device) => {
    it("has nothing for axe to find in the search with what it has found", async () => {
      await reader.visit(
        "fr/",
        async (page) => {
          await search(page, "annuler");
          await page.keyboard.press("ArrowDown");
          for (const colorScheme of ["light", "dark"] as const) {
            await page.emulateMedia({ colorScheme });
            expect(await violations(page), colorScheme).toEqual([]);
          }
        },
        device,
      );
    });

    it("filters the list of codes as one types", async () => {
      await reader.visit(
        "de/codes/",
        async (page) => {
          const left = async (text: string) => {
            await page.fill("code-filter input", text);
            return page.$$eval(".code-list li", (items) =>
              items
                .filter((item) => (item as { offsetParent?: unknown }).offsetParent)
                .map((item) => item.querySelector("a")?.textContent),
            );
          };
          for (const text of ["0x80D02013", "2161123347", "-2133843949", "do_e_invalid_state", "no number 80D02013"]) {
            expect(await left(text), text).toEqual(text.startsWith("no ") ? [] : ["DO_E_INVALID_STATE"]);
          }
          expect(await left("zugriff verweigert")).toContain("E_ACCESSDENIED");
          const ofBits = await left("bits");
          expect(ofBits).toContain("BG_E_INVALID_STATE");
          expect(ofBits).not.toContain("DO_E_INVALID_STATE");
          expect(await left("no such code")).toEqual([]);
          expect(await page.textContent("code-filter [role=status]")).toBe(wordsOf("de").codes.noneFound);
        },
        device,
      );
    });
  });
});
