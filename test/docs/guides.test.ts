import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { LOCALES, type Locale } from "../../src/locale.js";

const GUIDES = new URL("../../docs/guides/", import.meta.url);

function read(locale: Locale, name: string): string {
  return readFileSync(new URL(`${locale}/${name}`, GUIDES), "utf8");
}

/** The code of a guide, less what is said in the reader's language. */
function codeOf(markdown: string, locale: Locale): string[] {
  return (markdown.match(/```[\s\S]*?```/g) ?? []).map((code) =>
    code
      .replace(/ \/\/ .*$/gm, "")
      .replaceAll(`"${locale}"`, '"en"')
      .replaceAll(`--locale ${locale}`, "--locale en"),
  );
}

function headingsOf(markdown: string): number[] {
  return (
    markdown
      .replace(/```[\s\S]*?```/g, "")
      .match(/^#+ /gm)
      ?.map((marks) => marks.length) ?? []
  );
}

describe.each(LOCALES)("the guides in %s", (locale) => {
  const names = readdirSync(new URL(`${locale}/`, GUIDES));

  it("are those of every language, and in English more", () => {
    expect(names).toEqual(
      expect.arrayContaining(["index.md", "getting-started.md", "cancel.md", "errors.md", "locked-down.md"]),
    );
    expect(locale === "en" || names.length === 5).toBe(true);
  });

  it.each(names)("show the two commands: %s", (name) => {
    expect(read(locale, name)).toContain("npm ci && npm run demo");
    expect(read(locale, name)).toContain("npm ci && npm test");
  });

  it.each(names)("have the code and the sections of English: %s", (name) => {
    expect(codeOf(read(locale, name), locale)).toEqual(codeOf(read("en", name), "en"));
    expect(headingsOf(read(locale, name))).toEqual(headingsOf(read("en", name)));
  });
});
