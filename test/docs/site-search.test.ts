import { describe, expect, it } from "vitest";
import { LOCALES, type Locale } from "../../src/words/locale.js";
import { chromium } from "../support/chromium.js";
import { site } from "../support/site.js";
import { closeSearch, DESKTOP, NO_VIOLATIONS, PHONE, Reader, search, violations, wordsOf } from "./reader.js";

describe.skipIf(site.missing || !chromium.path)(`the search of ${site.label}, in ${chromium.label},`, () => {
  const reader = new Reader("/some/where/");

  const CANCEL_FAILED = "recipes/cancel-failed.html";
  const DENIED = "codes/E_ACCESSDENIED.html";
  const INVALID = "codes/DO_E_INVALID_STATE.html";
  const WORDS: Record<Locale, readonly [text: string, expected: string][]> = {
    en: [
      ["cancel failed jobs", CANCEL_FAILED],
      ["delete job", "guides/cancel.html"],
      ["IBackgroundCopyJob::Cancel", "codes/IBackgroundCopyJob.Cancel.html"],
      ["BackgroundCopyJob.cancel", "reference/classes/BackgroundCopyJob.html"],
    ],
    fr: [
      ["annuler les travaux en échec", CANCEL_FAILED],
      ["accès refusé", DENIED],
    ],
    "pt-BR": [
      ["cancelar trabalhos com falha", CANCEL_FAILED],
      ["acesso negado", DENIED],
    ],
    "zh-TW": [
      ["取消失敗的作業", CANCEL_FAILED],
      ["存取被拒", DENIED],
    ],
    de: [
      ["fehlgeschlagene Aufträge abbrechen", CANCEL_FAILED],
      ["Zugriff verweigert", DENIED],
      ["Vorübergehender Fehler", "reference/type-aliases/JobState.html"],
    ],
    it: [
      ["annullare i processi non riusciti", CANCEL_FAILED],
      ["accesso negato", DENIED],
      ["Stop-BackgroundCopyJob", "cmdlets/Stop-BackgroundCopyJob.html"],
    ],
  };

  it.each(LOCALES)("finds in %s what readers look for among the first three", async (locale) => {
    await reader.visit(`${locale}/`, async (page) => {
      for (const [text, expected] of [...WORDS[locale], ["access denied", DENIED] as const]) {
        const found = (await search(page, text)).map((url) => reader.pathOf(url));
        expect(found.slice(0, 3), text).toContain(`${locale}/${expected}`);
        await closeSearch(page);
      }
    });
  });

  it.each(LOCALES)("finds first in %s a code, however it is written", async (locale) => {
    await reader.visit(`${locale}/guides/errors.html`, async (page) => {
      for (const [text, expected] of [
        ["0x80070005", DENIED],
        ["-2133843949", INVALID],
        ["2161123347", INVALID],
        ["80d02013", INVALID],
        ["DO_E_INVALID_STATE", INVALID],
      ] as const) {
        const [first = ""] = await search(page, text);
        expect(reader.pathOf(first), text).toBe(`${locale}/${expected}`);
        await closeSearch(page);
      }
    });
  });

  it("says when nothing is found, and lets the keyboard open what is", async () => {
    await reader.visit("de/", async (page) => {
      expect(await search(page, "xqzwvk")).toEqual([]);
      expect(await page.textContent("site-search [role=status]")).toContain("xqzwvk");
      await closeSearch(page);
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
          expect(await violations(page)).toEqual(NO_VIOLATIONS);
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
