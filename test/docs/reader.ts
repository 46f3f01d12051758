import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium as engine, type Browser, type BrowserContextOptions, type Page } from "playwright-core";
import { afterAll, beforeAll, expect } from "vitest";
import { serve } from "../../docs/tools/serve.js";
import { chromium } from "../support/chromium.js";
import { ROOT } from "../support/packed.js";
import { site } from "../support/site.js";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}

export const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true } as const;
export const DESKTOP = { viewport: { width: 1280, height: 900 } } as const;

/** A reader of the site in a real browser. No page may report errors or load anything from another server. */
export class Reader {
  #browser!: Browser;
  #server!: Awaited<ReturnType<typeof serve>>;

  readonly #base: string;

  /** @param base The path of the site, which must work at any path. */
  constructor(base: string) {
    this.#base = base;
    beforeAll(async () => {
      this.#server = await serve({ folder: site.folder, base });
      this.#browser = await engine.launch({ executablePath: chromium.path as string });
    });
    afterAll(async () => {
      await this.#browser?.close();
      await this.#server?.close();
    });
  }

  async visit(path: string, run: (page: Page) => Promise<void>, options: BrowserContextOptions = DESKTOP) {
    const context = await this.#browser.newContext(options);
    const page = await context.newPage();
    // No own time-outs, because a busy machine is not a fault of the page. The time-out of the test applies.
    page.setDefaultTimeout(0);
    const complaints: string[] = [];
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) {
        complaints.push(message.text());
      }
    });
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("request", (request) => {
      if (!/^(?:data|blob):/.test(request.url()) && !request.url().startsWith(this.#server.url)) {
        complaints.push(request.url());
      }
    });
    try {
      await page.goto(this.#server.url + path);
      await run(page);
      expect(complaints).toEqual([]);
    } finally {
      await context.close();
    }
  }

  /** A separate browser, for pages that are not served. */
  get browser(): Browser {
    return this.#browser;
  }

  /** The address of a page below the root of the site. */
  pathOf(url: string): string {
    return decodeURIComponent(new URL(url).pathname.slice(this.#base.length));
  }
}

/** The texts of the site in a language. */
export function wordsOf(locale: string) {
  return JSON.parse(readFileSync(join(ROOT, "locales", locale, "site.json"), "utf8"));
}

/** The problems that axe finds on the displayed page: in light with all of its rules, and in dark with those for colors. */
export async function violations(page: Page): Promise<Record<"light" | "dark", string[]>> {
  await page.evaluate(axe);
  const found = async (colorScheme: "light" | "dark", rules: object) => {
    await page.emulateMedia({ colorScheme });
    const options = JSON.stringify({ resultTypes: ["violations"], ...rules });
    const all = (await page.evaluate(`axe.run(${options}).then(({ violations }) => violations)`)) as Violation[];
    return all.flatMap(({ id, nodes }) => nodes.slice(0, 5).map(({ html }) => `${id}: ${html}`));
  };
  return {
    light: await found("light", {}),
    dark: await found("dark", { runOnly: ["color-contrast", "link-in-text-block"] }),
  };
}

export const NO_VIOLATIONS = { light: [], dark: [] };

/** The computed value of a style property of an element. */
export function styleOf(page: Page, selector: string, property: string): Promise<unknown> {
  return page.evaluate(`getComputedStyle(document.querySelector(${JSON.stringify(selector)})).${property}`);
}

/** Types a query into the search that Ctrl+K opens, and returns the addresses of the results. */
export async function search(page: Page, text: string): Promise<string[]> {
  await page.keyboard.press("Control+k");
  await page.fill("site-search input", text);
  await page.waitForSelector(`site-search[data-searched=${JSON.stringify(text)}]`, { state: "attached" });
  return page.$$eval("site-search ol a", (links) => links.map((link) => (link as { href: string }).href));
}

export function closeSearch(page: Page): Promise<void> {
  return page.click("site-search .close");
}
