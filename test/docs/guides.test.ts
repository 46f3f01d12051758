import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { hashOf, IN_EVERY_LANGUAGE, problemsOfGuide, problemsOfGuides } from "../../docs/tools/guides.js";
import { LOCALES, type Locale } from "../../src/words/locale.js";

const GUIDES = new URL("../../docs/guides/", import.meta.url);

function read(locale: Locale, name: string): string {
  return readFileSync(new URL(`${locale}/${name}`, GUIDES), "utf8");
}

describe.each(LOCALES)("the guides in %s", (locale) => {
  const names = readdirSync(new URL(`${locale}/`, GUIDES));

  it("are those of every language, and in English more", () => {
    expect(names).toEqual(expect.arrayContaining(IN_EVERY_LANGUAGE.guides));
    expect(locale === "en" || names.length === IN_EVERY_LANGUAGE.guides.length).toBe(true);
  });

  it.each(names)("show the two commands: %s", (name) => {
    expect(read(locale, name)).toContain("npm ci && npm run demo");
    expect(read(locale, name)).toContain("npm ci && npm test");
  });
});

describe.each(LOCALES.filter((locale) => locale !== "en"))("the translations of the guides into %s", (locale) => {
  it("are of the English text, and of all of it", () => {
    expect(problemsOfGuides(locale)).toEqual([]);
  });
});

describe("the translation of a guide", () => {
  const english = `# Canceling

See [errors](errors.md) and [migration](from-bits-transfer.md). \`job.cancel()\` removes it.

- One \`job\`.
- Two jobs.

| State | Cancel |
| --- | --- |
| any | canceled |
| none | refused |

\`\`\`ts
await connect({ locale: "en" });
console.log(result.code); // S_OK
console.log(result.message); // The job BG_E_EMPTY is canceled.
\`\`\`
`;
  const french = `<!-- translates ${hashOf(english)} -->
# Annuler

Voir [la migration](../en/from-bits-transfer.md) et [les erreurs](errors.md). \`job.cancel()\` le retire.

- Un \`job\`.
- Deux travaux.

| État | Annuler |
| --- | --- |
| tous | annulé |
| aucun | refusé |

\`\`\`ts
await connect({ locale: "fr" });
console.log(result.code); // S_OK
console.log(result.message); // Le travail BG_E_EMPTY est annulé.
\`\`\`
`;

  it("is in order when it says the same", () => {
    expect(problemsOfGuide("fr", "cancel.md", english, french)).toEqual([]);
    expect(problemsOfGuide("fr", "cancel.md", english, french.replaceAll("\n", "\r\n"))).toEqual([]);
  });

  it.each([
    ["Two jobs.", "Two or three jobs."],
    ["removes it", "deletes it"],
  ])("is stale when English has another sentence: %s", (before, after) => {
    const changed = english.replace(before, after);
    const problem = expect.stringMatching(`stale: it translates ${hashOf(english)}, .* ${hashOf(changed)} now`);
    expect(problemsOfGuide("fr", "cancel.md", changed, french)).toEqual([problem]);
  });

  it("is stale when it does not say what it translates", () => {
    const unnamed = french.replace(/^.*\n/, "");
    expect(problemsOfGuide("fr", "cancel.md", english, unnamed)).toEqual([expect.stringContaining("is stale")]);
  });

  it.each([
    ["a link", "[les erreurs](errors.md)", "les erreurs"],
    ["the target of a link", "(errors.md)", "(cancel.md)"],
    ["the language of a link's target", "(errors.md)", "(../en/errors.md)"],
    ["a paragraph", /\nVoir .*\n/, ""],
    ["an item", "- Deux travaux.\n", ""],
    ["a row", "| aucun | refusé |\n", ""],
    ["inline code", "`job`", "travail"],
    ["a line of code", /await connect.*\n/, ""],
    ["a value in a comment", "// S_OK", "// S_FALSE"],
    ["a comment", " // S_OK", ""],
    ["a sentence in a comment", / \/\/ Le travail.*/, ""],
    ["a name in a comment", "BG_E_EMPTY", "vide"],
    ["its end", /```ts[\s\S]*/, ""],
  ])("is refused when it has lost or changed %s", (_, before, after) => {
    const problem = expect.stringMatching(/cancel\.md: is not as in English: (?:line \d+|its end)/);
    expect(problemsOfGuide("fr", "cancel.md", english, french.replace(before, after))).toEqual([problem]);
  });

  it("is refused when it has more than English", () => {
    const problem = expect.stringMatching(/its end$/);
    expect(problemsOfGuide("fr", "cancel.md", english, `${french}\nEncore.\n`)).toEqual([problem]);
  });
});

it("names a text as git does", () => {
  expect(hashOf("text\n")).toBe("8e27be7d6154a1f68ea9160ef0e18691d20560dc");
});
