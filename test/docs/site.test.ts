import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { attributes, decoded, problemsOfLinks, readPages, type Page } from "../../docs/tools/pages.js";
import { BRIDGE_ERROR_CODES } from "../../src/words/bridge-codes.js";
import { explain } from "../../src/words/explain.js";
import { pageOf } from "../../src/words/help.js";
import { findHresult, hresults } from "../../src/words/hresults.js";
import { LOCALES } from "../../src/words/locale.js";
import facts from "../facts/hresults.json" with { type: "json" };
import { ROOT } from "../support/packed.js";
import { site } from "../support/site.js";
import { mainText, prose, tables } from "./pages.js";
import { wordsOf } from "./reader.js";

const OTHERS = LOCALES.filter((locale) => locale !== "en");
const CANCEL = "IBackgroundCopyJob::Cancel";

// Texts that are the same in English and in some other languages.
const SAME_BY_RIGHT =
  /^(?:Interface [\w<>]+|In PowerShell|Configuration Manager|background-copy \w+|npm install background-copy)$/;

/** A text of a page, on one line. */
const plain = (text: string) => text.replaceAll(/\s+/g, " ");

describe.skipIf(site.missing)(site.label, () => {
  const { folder } = site;
  let pages: ReadonlyMap<string, Page> = new Map();
  beforeAll(() => {
    pages = new Map(readPages(folder).map((page) => [page.path, page]));
  });

  function page(path: string): Page {
    const found = pages.get(path);
    expect(found, path).toBeDefined();
    return found as Page;
  }

  const ofLanguage = (locale: string) => [...pages.values()].filter(({ path }) => path.startsWith(`${locale}/`));

  it("has the same pages in every language", () => {
    const slugs = (locale: string) => ofLanguage(locale).map(({ path }) => path.slice(locale.length + 1));
    const english = slugs("en").sort();
    expect(english.length).toBeGreaterThan(hresults().length);
    for (const locale of OTHERS) {
      expect(slugs(locale).sort()).toEqual(english);
    }
  });

  it.each(LOCALES)("says in %s which language it is in, and where the others are", (locale) => {
    for (const { path, html } of ofLanguage(locale)) {
      expect(html, path).toMatch(`<html lang="${locale}"`);
      const twins = [...html.matchAll(/<link rel="alternate" hreflang="([^"]+)" href="([^"]+)"/g)];
      expect(twins.map(([, language]) => language).sort(), path).toEqual([...LOCALES].sort());
      // Links for browsers without scripts.
      const links = [...html.matchAll(/<a href="([^"]+)" hreflang="([^"]+)"/g)].map(
        ([, href, language]) => `${language} ${href}`,
      );
      expect(links.slice(0, LOCALES.length).sort(), path).toEqual(
        twins.map(([, language, href]) => `${language} ${href}`).sort(),
      );
    }
  });

  it.each(LOCALES)("gives every page in %s a title and a description of its own", (locale) => {
    const titles = ofLanguage(locale).map(({ html }) => /<title>([^<]*)/.exec(html)?.[1]);
    expect(titles.filter((title, index) => !title || titles.indexOf(title) !== index)).toEqual([]);
    const without = ofLanguage(locale).filter(({ html }) => !/<meta name="description" content="[^"]{5}/.test(html));
    expect(without.map(({ path }) => path)).toEqual([]);
    expect(ofLanguage(locale).filter(({ html }) => (html.match(/<h1\b/g) ?? []).length !== 1)).toEqual([]);
  });

  it("has one address for a place in every language", () => {
    const ids = ({ html }: Page) => [...html.matchAll(/<h[2-6]\b[^>]* id="([^"]*)"/g)].map(([, id]) => id);
    for (const translated of OTHERS.flatMap(ofLanguage)) {
      expect(ids(translated), translated.path).toEqual(ids(page(translated.path.replace(/^[^/]+/, "en"))));
      const all = attributes(
        translated.html.replaceAll(/<svg\b[\s\S]*?<\/svg>|<template\b[\s\S]*?<\/template>/g, ""),
        "id",
      );
      expect(
        all.filter((id, index) => all.indexOf(id) !== index),
        translated.path,
      ).toEqual([]);
    }
  });

  it("has no link that leads nowhere, and asks nobody else for anything", () => {
    expect(problemsOfLinks(folder, [...pages.values()])).toEqual([]);
  });

  it.each(OTHERS)("leaves nothing in English in %s", (locale) => {
    const left = new Set<string>();
    const titles = ofLanguage(locale)
      .filter(({ html }) => /<main\b[^>]* lang="en"/.test(html))
      .map(({ html }) => decoded(/<title>(.+) \|/.exec(html)?.[1] ?? ""));
    for (const translated of ofLanguage(locale)) {
      if (/<main\b[^>]* lang="en"/.test(translated.html)) {
        continue;
      }
      const english = new Set(prose(page(translated.path.replace(locale, "en"))));
      for (const text of prose(translated)) {
        // A single word may be the same in two languages. The catalogue's own test compares those.
        if (
          english.has(text) &&
          /\p{L}{2,} \p{L}{2,}/u.test(text) &&
          !SAME_BY_RIGHT.test(text) &&
          !titles.includes(text)
        ) {
          left.add(text);
        }
      }
    }
    expect([...left]).toEqual([]);
  });

  it.each(LOCALES)("names Microsoft and its license on every page in %s", (locale) => {
    for (const { path, html } of ofLanguage(locale)) {
      const [, credit = ""] = /<p class="credit[^>]*>([\s\S]*?)<\/p>/.exec(html) ?? [];
      expect(credit, path).toContain("Microsoft Corporation");
      expect(attributes(credit, "href"), path).toEqual(["https://creativecommons.org/licenses/by/4.0/"]);
    }
  });

  describe("in its pages of the codes", () => {
    it.each(LOCALES)("gives every code its words in %s", (locale) => {
      for (const { name, hex, returnedBy } of hresults()) {
        const text = mainText(page(`${locale}/codes/${name}.html`));
        const { message, advice } = explain(name, { locale });
        const ofCancel = returnedBy.includes(CANCEL) ? explain(name, { locale, method: CANCEL }).message : message;
        for (const said of [hex, message, advice ?? message, ofCancel]) {
          expect(text, name).toContain(plain(said));
        }
        expect(pageOf(locale, name)).toBe(`${locale}/codes/${name}.html`);
      }
    });

    it.each(LOCALES)("gives every code in %s its number, severity, other names and methods", (locale) => {
      const { codes } = wordsOf(locale);
      for (const { name, hex, severity, aliases = [] } of facts as readonly {
        readonly name: string;
        readonly hex: string;
        readonly severity: string;
        readonly aliases?: readonly string[];
      }[]) {
        const [about = [], methods = []] = tables(page(`${locale}/codes/${name}.html`));
        expect(about, name).toEqual([
          [codes.code, name],
          [codes.hex, hex],
          [codes.decimal, String(Number(hex))],
          [codes.signed, String(Number(hex) | 0)],
          [codes.severity, codes.severityOf[severity]],
          ...(aliases.length > 0 ? [[codes.aliases, aliases.join(", ")]] : []),
        ]);
        const returnedBy = [...(findHresult(name)?.returnedBy ?? [])].sort(
          (a, b) => Number(b === CANCEL) - Number(a === CANCEL),
        );
        const header = returnedBy.length > 0 ? [[codes.method, codes.methodWords]] : [];
        const rows = returnedBy.map((method) => [method, explain(name, { locale, method }).message]);
        expect(methods, name).toEqual([...header, ...rows]);
      }
    });

    it.each(LOCALES)("gives every code of a BridgeError its words in %s, and a place in the list", (locale) => {
      const list = page(`${locale}/codes/index.html`).html;
      for (const code of BRIDGE_ERROR_CODES) {
        const { message, advice = "" } = explain(code, { locale });
        const text = mainText(page(pageOf(locale, code)));
        expect(text, code).toContain(plain(message));
        expect(text, code).toContain(plain(advice));
        expect(attributes(list, "href"), code).toContain(`${code}.html`);
      }
    });

    it("leads from what a policy refuses to the guide for administrators", () => {
      const links = attributes(page("it/codes/POWERSHELL_BLOCKED.html").html, "href");
      expect(links).toContain("../guides/locked-down.html");
    });

    it("leads from a code without a name to the list", () => {
      page(pageOf("de", "0x80AB0001"));
    });
  });

  it.each(LOCALES)("has pages in %s for all commands and all of their options", (locale) => {
    const { cli, help } = { cli: read(locale, "cli"), help: read(locale === "en" ? "fr" : locale, "help") };
    for (const [name, summary] of Object.entries<string>(cli.command)) {
      expect(mainText(page(`${locale}/commands/${name}.html`)), name).toContain(plain(summary));
    }
    expect(mainText(page(`${locale}/commands/create.html`))).toContain("--minimum-retry-delay");
    for (const [name, parts] of Object.entries<Record<string, Record<string, string>>>(help)) {
      if (name === "about_BackgroundCopy") {
        continue;
      }
      const text = mainText(page(`${locale}/cmdlets/${name}.html`));
      for (const { [locale]: said = "" } of Object.values(parts)) {
        expect(text, name).toContain(plain(said.split("\n\n")[0] ?? ""));
      }
    }
  });

  function read(locale: string, name: string) {
    return JSON.parse(readFileSync(join(ROOT, "locales", locale, `${name}.json`), "utf8"));
  }

  it("shows on the page of each class how it is used", () => {
    for (const name of ["BackgroundCopyJob", "BackgroundCopyManager"]) {
      const { html } = page(`fr/reference/classes/${name}.html`);
      const examples = wordsOf("fr").typedoc.tag_example;
      expect(decoded(html).split(`>${examples}<`).length, name).toBeGreaterThan(3);
    }
  });

  it.each(LOCALES)("has all errors of a method below one heading in %s", (locale) => {
    for (const { path, html } of ofLanguage(locale).filter((page) => page.path.includes("/reference/"))) {
      const headings = [...html.matchAll(/<h([2-6])[^>]*>([^<]*)/g)].map(([, level, text]) => `${level} ${text}`);
      expect(
        headings.filter((heading, i) => heading === headings[i - 1]),
        path,
      ).toEqual([]);
    }
  });

  it("links the names in its signatures", () => {
    const { html } = page("de/reference/classes/BackgroundCopyJob.html");
    const [, link] = /<a class="name" href="([^"]+)">(?:<span[^>]*>)?CancelResult/.exec(html) ?? [];
    expect(link).toBe("../interfaces/CancelResult.html");
  });

  it("has its icon and a page for addresses that there are not", () => {
    expect(existsSync(join(folder, "favicon.svg"))).toBe(true);
    for (const locale of LOCALES) {
      expect(page("404.html").html).toContain(wordsOf(locale).site.notFound);
    }
  });
});
