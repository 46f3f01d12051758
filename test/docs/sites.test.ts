import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { attributes, decoded, problemsOfLinks, readPages, type Page } from "../../docs/tools/pages.js";
import { BRIDGE_ERROR_CODES } from "../../src/words/errors.js";
import { explain } from "../../src/words/explain.js";
import { pageOf } from "../../src/words/help.js";
import { findHresult, hresults } from "../../src/words/hresults.js";
import { LOCALES } from "../../src/words/locale.js";
import facts from "../facts/hresults.json" with { type: "json" };
import { describeInBrowser } from "./browser.js";
import { prose } from "./pages.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const OTHERS = LOCALES.filter((locale) => locale !== "en");

// Texts that are the same as in English in some languages.
const SAME_BY_RIGHT = /^(?:Interface [\w<>]+|In PowerShell)$/;

const folder = mkdtempSync(join(tmpdir(), "background-copy-sites-"));
let printed = "";
let pages: readonly Page[] = [];

beforeAll(() => {
  printed = execFileSync(process.execPath, ["docs/build.js", "--out", folder], { cwd: ROOT, encoding: "utf8" });
  pages = readPages(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function page(path: string): Page {
  const found = pages.find((each) => each.path === path);
  expect(found, path).toBeDefined();
  return found as Page;
}

describe("the sites", () => {
  it("are made without a warning, all of them in at most three times the time of one", () => {
    expect(printed).not.toMatch(/warn|error/i);
    const [one, all] = [...printed.matchAll(/languages?: ([\d.]+) s/g)].map(([, seconds]) => Number(seconds));
    expect(Number(all) / Number(one)).toBeLessThanOrEqual(3);
  });

  it("have the same pages, but for guides in English alone", () => {
    const of = (locale: string) =>
      pages.filter(({ path }) => path.startsWith(`${locale}/`)).map(({ path }) => path.slice(locale.length + 1));
    const english = of("en");
    for (const locale of OTHERS) {
      const there = of(locale);
      expect(there.filter((path) => !english.includes(path))).toEqual([]);
      expect(english.filter((path) => !there.includes(path)).every((path) => path.startsWith("guides/"))).toBe(true);
      expect(there.length).toBeGreaterThan(hresults.length);
    }
  });

  it.each(LOCALES)("say in %s which language they are in, and where the others are", (locale) => {
    const words = JSON.parse(readFileSync(`${ROOT}locales/${locale}/site.json`, "utf8"));
    for (const { path, html } of pages.filter((each) => each.path.startsWith(`${locale}/`))) {
      expect(html, path).toMatch(`<html class="default" lang="${locale}"`);
      expect(decoded(html), path).toContain(`content="${words.site.description}"`);
      expect(html, path).not.toContain("<!-- translates");
      const twins = [...html.matchAll(/<link rel="alternate" hreflang="([^"]+)" href="([^"]+)"/g)];
      expect(
        twins.map(([, language]) => language),
        path,
      ).toContain(locale);
      const isEverywhere = !path.startsWith("en/guides/") || existsSync(join(folder, path.replace("en/", "fr/")));
      expect(twins.length, path).toBe(isEverywhere ? LOCALES.length : 1);
    }
  });

  it("have one address for a place in every language", () => {
    const places = ({ html }: Page) => [...html.matchAll(/<h[1-6]\b[^>]* id="([^"]*)"/g)].map(([, id]) => id);
    for (const translated of pages.filter(({ path }) => OTHERS.some((locale) => path.startsWith(`${locale}/`)))) {
      const english = places(page(translated.path.replace(/^[^/]+/, "en")));
      const there = places(translated);
      // A page of a code can have a section for a corrected wording, which other languages do not need.
      const both = Math.min(there.length, english.length);
      expect(there.slice(0, both), translated.path).toEqual(english.slice(0, both));
      expect(translated.path.includes("/codes/") || there.length === english.length, translated.path).toBe(true);
      const ids = attributes(translated.html.replace(/<svg\b[\s\S]*?<\/svg>/g, ""), "id");
      expect(new Set(ids).size, translated.path).toBe(ids.length);
    }
  });

  it("have no link that leads nowhere, and ask nobody else for anything", () => {
    expect(problemsOfLinks(folder, pages)).toEqual([]);
  });

  it.each(OTHERS)("leave nothing in English in %s", (locale) => {
    const left = new Set<string>();
    for (const translated of pages.filter(({ path }) => path.startsWith(`${locale}/`))) {
      const english = new Set(prose(page(translated.path.replace(locale, "en"))));
      for (const text of prose(translated)) {
        // A single word can be the same in two languages; the catalogue compares those.
        if (english.has(text) && /\p{L}{2,} \p{L}{2,}/u.test(text) && !SAME_BY_RIGHT.test(text)) {
          left.add(text);
        }
      }
    }
    expect([...left]).toEqual([]);
  });
});

interface Fact {
  readonly name: string;
  readonly hex: string;
  readonly severity: string;
  readonly aliases?: readonly string[];
}

/** The tables of a page, as the texts of their cells. */
function tables({ html }: Page): string[][][] {
  const inside = (text: string, tag: string) =>
    [...text.matchAll(new RegExp(`<(?:${tag})>([\\s\\S]*?)</(?:${tag})>`, "g"))].map(([, content = ""]) => content);
  const cells = (row: string) => inside(row, "t[hd]").map((cell) => decoded(cell.replace(/<[^>]+>/g, "")));
  return inside(html, "table").map((table) => inside(table, "tr").map(cells));
}

describe("the pages of the codes", () => {
  it.each(LOCALES)("give every code its words in %s", (locale) => {
    for (const { name, hex } of hresults) {
      const { html } = page(`${locale}/codes/${name}.html`);
      const text = decoded(html);
      const { message, advice } = explain(name, { locale });
      expect(text, name).toContain(hex);
      expect(text.replace(/<[^>]+>/g, ""), name).toContain(message);
      expect(text.replace(/<[^>]+>/g, ""), name).toContain(advice ?? message);
      expect(text.replace(/<[^>]+>/g, ""), name).toContain(explain(name, { locale: "en" }).message);
      expect(pageOf(locale, name)).toBe(`${locale}/codes/${name}.html`);
    }
  });

  it.each(LOCALES)("give every code in %s its number, severity, other names and methods", (locale) => {
    const { codes } = JSON.parse(readFileSync(`${ROOT}locales/${locale}/site.json`, "utf8"));
    for (const { name, hex, severity, aliases = [] } of facts as readonly Fact[]) {
      const [about = [], methods = []] = tables(page(`${locale}/codes/${name}.html`));
      expect(about, name).toEqual([
        [codes.code, name],
        [codes.hex, hex],
        [codes.decimal, String(Number(hex))],
        [codes.signed, String(Number(hex) | 0)],
        [codes.severity, codes.severityOf[severity]],
        ...(aliases.length > 0 ? [[codes.aliases, aliases.join(", ")]] : []),
      ]);
      const returnedBy = findHresult(name)?.returnedBy ?? [];
      const header = returnedBy.length > 0 ? [[codes.method, codes.methodWords]] : [];
      const rows = returnedBy.map((method) => [method, explain(name, { locale, method }).message]);
      expect(methods, name).toEqual([...header, ...rows]);
    }
  });

  it.each(LOCALES)("give every code of a BridgeError its words in %s, and a place in the list", (locale) => {
    const list = page(`${locale}/codes/index.html`).html;
    for (const code of BRIDGE_ERROR_CODES) {
      const { message, advice = "" } = explain(code, { locale });
      const text = decoded(page(pageOf(locale, code)).html.replace(/<[^>]+>/g, ""));
      expect(text, code).toContain(message);
      expect(text, code).toContain(advice);
      expect(attributes(list, "href"), code).toContain(`${code}.html`);
    }
  });

  it("lead from what a policy refuses to the guide for administrators", () => {
    expect(attributes(page("it/codes/POWERSHELL_BLOCKED.html").html, "href")).toContain("../guides/locked-down.html");
  });

  it("leads from a code without a name to the list", () => {
    page(pageOf("de", "0x80AB0001"));
  });

  it("shows both wordings of Cancel, and why there are two", () => {
    const text = decoded(page("fr/codes/IBackgroundCopyJob.Cancel.html").html);
    expect(text).toContain('En anglais\u00a0: <span lang="en">Job was successfully canceled.');
    expect(text).toContain("La tâche a été annulée avec succès.");
    expect(text).toContain("Le travail a été annulé avec succès.");
    expect(text).toContain("«\u00a0travail\u00a0», et non «\u00a0tâche\u00a0»");
  });
});

describeInBrowser(folder);
