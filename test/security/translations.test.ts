import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import fc from "fast-check";
import { chromium as engine } from "playwright-core";
import { describe, expect, it, onTestFinished } from "vitest";
import { foreignMarkup, problemsOfMarkup } from "../../docs/tools/markup.js";
import { readPages } from "../../docs/tools/pages.js";
import { scriptsOf, withPolicy } from "../../docs/tools/policy.js";
import { LOCALES } from "../../src/words/locale.js";
import { chromium } from "../support/chromium.js";
import { hasMarkup } from "../support/markdown.js";
import { hostileText, runs } from "../support/property.js";
import { site } from "../support/site.js";

const OTHERS = LOCALES.filter((locale) => locale !== "en");
const ENGLISH = "Cancels the `job`, see [Microsoft](https://learn.microsoft.com/windows/win32/) and <br> {{id}}.";

describe("15: HTML in a translation", () => {
  it.each(OTHERS)("15: is in none of %s", (locale) => {
    expect(problemsOfMarkup(locale)).toEqual([]);
  });

  it.each([
    "Annule <script>alert(1)</script>.",
    "Annule <img src=x onerror=alert(1)>.",
    "Annule </div><!-- .",
    "Annule <a href='https://example.com'>ici</a>.",
    "Annule [ici](javascript:alert(1)).",
    "Annule [ici]( JavaScript:alert(1)).",
    "Annule [ici](data:text/html,x).",
    "Annule [ici](//example.com/x).",
    "Annule [ici](https://example.com/).",
    "Annule [ici](<javascript:alert(1)>).",
    "Annule ![](https://example.com/pixel.png).",
    "Annule <https://example.com>.",
    "Annule [ici].\n\n[ici]: https://example.com",
    'Annule.\n\nimport { rmSync } from "node:fs"\n',
    "Annule {process.exit()}.",
    "Annule [ici](java&#115;cript:alert(1)).",
    "Annule <svg/onload=alert(1)>",
  ])("15: is refused: %j", (translation) => {
    expect(foreignMarkup(ENGLISH, translation)).not.toEqual([]);
  });

  it("15: is refused where the English text has another", () => {
    expect(foreignMarkup("See <br>.", "Voir <br><br onclick=x>.")).toEqual(["<br onclick=x"]);
  });

  it.each([
    "Annule le `job`, voir [Microsoft](https://learn.microsoft.com/fr-fr/windows/) et <br> {{id}}.",
    "Annule si 1 < 2 et `job`, voir [ici](cancel.md#places).",
    '```ts\nimport { a } from "b"; // <T>\n```',
  ])("15: is not in %j", (translation) => {
    expect(foreignMarkup(ENGLISH, translation)).toEqual([]);
  });

  it("15: is refused wherever a reader of Markdown finds it", () => {
    const piece = fc.oneof(
      fc.constantFrom(..."<>/!?[]()`:{}&; \n\t=\"'abs"),
      fc.constantFrom(
        "<script>",
        "</b>",
        "<!--",
        "](javascript:",
        "](",
        "[a]: ",
        "```",
        "``",
        "~~~",
        "`",
        "\\",
        "    ",
      ),
      hostileText,
    );
    const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(""));
    fc.assert(
      fc.property(text, (translation) => {
        if (hasMarkup(translation)) {
          expect(foreignMarkup("", translation)).not.toEqual([]);
        }
      }),
      runs(2_000),
    );
  });
});

describe.skipIf(!chromium.path)(`15: the policy of the pages, in ${chromium.label}`, () => {
  const OURS = "<script>document.title += 'ours ';</script>";
  const FORGED =
    "<script>document.title += 'forged ';</script>" +
    `<img src="x" onerror="document.title += 'forged ';"><a href="javascript:void (document.title += 'forged ')">a</a>` +
    '<iframe srcdoc="<script>top.document.title += 1</script>"></iframe><base href="https://example.com/">';

  /** The title that scripts have made of a page. */
  async function titleOf(html: string): Promise<string> {
    const server = createServer((_request, response) => {
      response.writeHead(200, { "content-type": "text/html" }).end(html);
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const browser = await engine.launch({ executablePath: chromium.path as string });
    try {
      const page = await browser.newPage();
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      await page.getByText("a", { exact: true }).first().click();
      return await page.title();
    } finally {
      await browser.close();
    }
  }

  const page = (body: string) => `<!DOCTYPE html><html><head><title></title></head><body>${OURS}${body}</body></html>`;

  it("15: lets a page run what is the site's, and nothing that a text has brought", async () => {
    const html = page(`<a href="#a">a</a>${FORGED}`);
    expect(await titleOf(html.replace('<a href="#a">a</a>', ""))).toContain("forged");
    const known = new Set(scriptsOf(page("")));
    expect(await titleOf(withPolicy(page(FORGED), known))).toBe("ours");
  });
});

describe.skipIf(site.missing)(`15: ${site.label}`, () => {
  it("15: has a policy on every page, in front of all scripts, and no script but its own", () => {
    const pages = readPages(site.folder);
    const known = new Set(
      pages.filter(({ path }) => /^en\/|^[^/]+$/.test(path)).flatMap(({ html }) => scriptsOf(html)),
    );
    for (const { path, html } of pages) {
      const [, policy = ""] =
        /<head\b[^>]*><meta http-equiv="content-security-policy" content="([^"]+)"/.exec(html) ?? [];
      expect(policy, path).toContain("default-src 'self'; script-src 'self' 'wasm-unsafe-eval' 'sha256-");
      expect(policy, path).not.toMatch(/script-src[^;]*'unsafe-(?:inline|eval)'/);
      for (const hash of scriptsOf(html)) {
        expect(known.has(hash), path).toBe(true);
        expect(policy, path).toContain(`'sha256-${hash}'`);
      }
      expect(html.replaceAll(/<script\b[\s\S]*?<\/script>/g, ""), path).not.toMatch(
        /<[a-z][^>]*\son[a-z]+\s*=|="javascript:/i,
      );
    }
  });
});
