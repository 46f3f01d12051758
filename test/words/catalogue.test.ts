import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { flattened, problemsOfKeys } from "../../docs/tools/languages.js";
import terminology from "../../docs/terminology.json" with { type: "json" };
import { explain } from "../../src/words/explain.js";
import { hresults } from "../../src/words/hresults.js";
import { LOCALES, type Locale } from "../../src/words/locale.js";
import { describeHresult, text } from "../../src/words/messages.js";
import documented from "../facts/documented-messages.json" with { type: "json" };
import interfaces from "../facts/com-interfaces.json" with { type: "json" };
import facts from "../facts/hresults.json" with { type: "json" };
import terms from "../facts/terms.json" with { type: "json" };

const PLURAL = /_(zero|one|two|few|many|other)$/;
// Proofread variants exist only for documented sentences with an error.
const EDITED = /_edited$/;

function read(locale: Locale, file: string): Map<string, string> {
  return flattened(JSON.parse(readFileSync(new URL(`../../locales/${locale}/${file}.json`, import.meta.url), "utf8")));
}

function variables(sentence: string | undefined): string[] {
  return [...new Set(sentence?.match(/\{\{\w+\}\}|%s|\$0|\{\d\}/g) ?? [])].sort();
}

// Texts that are the same in most languages: names, the space between sentences, and the text after a label.
const NAMES = ["BITS", "COM", "Windows", "TypeScript", "PowerShell", "**S_OK**", " ", ".", ": "];

describe.each(["messages", "cli", "site"])("%s.json", (file) => {
  const english = read("en", file);

  it.each(LOCALES)("%s has the keys of English", (locale) => {
    expect(problemsOfKeys(locale, file)).toEqual([]);
  });

  it.each(LOCALES)("%s has the plural forms of its language", (locale) => {
    const words = read(locale, file);
    const counted = [...english.keys()].filter((key) => PLURAL.test(key)).map((key) => key.replace(PLURAL, ""));
    const forms = new Intl.PluralRules(locale).resolvedOptions().pluralCategories;
    for (const key of new Set(counted)) {
      const found = [...words.keys()].filter((k) => k.replace(PLURAL, "") === key).map((k) => PLURAL.exec(k)?.[1]);
      expect(found.sort(), key).toEqual([...forms].sort());
    }
  });

  it.each(LOCALES)("%s has the variables of English", (locale) => {
    for (const [key, sentence] of read(locale, file)) {
      const twin = key.replace(EDITED, "");
      const original = english.get(twin) ?? english.get(twin.replace(PLURAL, "_other"));
      expect(variables(sentence), key).toEqual(variables(original));
    }
  });

  it.each(LOCALES.filter((locale) => locale !== "en"))("%s leaves nothing in English", (locale) => {
    const left = [...read(locale, file)].filter(([key, sentence]) => sentence === english.get(key));
    const { sameAsEnglish } = terminology[locale] as { readonly sameAsEnglish: readonly string[] };
    expect(left.filter(([, sentence]) => !NAMES.concat(sameAsEnglish).includes(sentence))).toEqual([]);
  });
});

describe("the documented sentences", () => {
  it.each(LOCALES)("are shown in %s character for character", (locale) => {
    const language = { locale, wording: "documented" } as const;
    const { S_OK, DO_E_INVALID_STATE } = documented[locale];
    expect(describeHresult(language, 0, "IBackgroundCopyJob::Cancel")).toBe(S_OK.documented);
    expect(describeHresult(language, 0x80d02013, "IBackgroundCopyJob::Cancel")).toBe(DO_E_INVALID_STATE.documented);
    expect(describeHresult(language, 0x80200002, "IBackgroundCopyJob::Cancel")).toBe(DO_E_INVALID_STATE.documented);
  });

  it.each(LOCALES)("have their proofread form in %s on request", (locale) => {
    const language = { locale, wording: "edited" } as const;
    const { S_OK, DO_E_INVALID_STATE } = documented[locale] as Record<string, { documented: string; edited?: string }>;
    const cancel = "IBackgroundCopyJob::Cancel";
    expect(describeHresult(language, 0, cancel)).toBe(S_OK?.edited ?? S_OK?.documented);
    const refused = DO_E_INVALID_STATE?.edited ?? DO_E_INVALID_STATE?.documented;
    expect(describeHresult(language, 0x80d02013, cancel)).toBe(refused);
    expect(describeHresult(language, 0x80200002, cancel)).toBe(refused);
  });
});

describe("the codes", () => {
  it("are those of the documentation", () => {
    const known = hresults().map(({ name, hex, severity, aliases }) => ({ name, hex, severity, aliases }));
    const expected = facts.map(({ name, hex, severity, aliases = [] }) => ({ name, hex, severity, aliases }));
    const order = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
    expect(known.sort(order)).toEqual(expected.sort(order));
  });

  it("are returned by methods that the interfaces have", () => {
    const methods = interfaces.flatMap(({ name, methods: own }) =>
      own.map(({ signature }) => `${name}::${/^\w+ (\w+)/.exec(signature)?.[1]}`),
    );
    // Its interface has no IID in any header and is never called.
    const isInternal = (method: string) => method.startsWith("IDODownloadInternal::");
    const named = new Set(hresults().flatMap(({ returnedBy }) => returnedBy));
    expect(named.size).toBeGreaterThan(40);
    expect([...named].filter((method) => !methods.includes(method) && !isInternal(method))).toEqual([]);
  });

  it("have their number and their severity in agreement", () => {
    for (const { hex, hresult, severity } of hresults()) {
      expect(Number(hex)).toBe(hresult);
      expect(severity, hex).toBe(hresult < 0x80000000 ? "success" : "error");
    }
  });

  it.each(LOCALES)("have words of their own or of their status in %s", (locale) => {
    const words = read(locale, "messages");
    for (const { name, family } of hresults()) {
      expect(words.has(`hresult / ${name}`) || family === "http", name).toBe(true);
      expect(explain(name, { locale }).message, name).not.toMatch(/\{\{|hresult\.|family\./);
    }
  });

  it.each(LOCALES)("have words in %s also where nobody knows them", (locale) => {
    for (const code of ["0x80D0FFFF", "0x8020FFFF", "0x801901FF", "0x8007FFFF", "0x80AB0001", "0x00ABCDEF"]) {
      const { message, advice } = explain(code, { locale });
      expect(`${message} ${advice}`).not.toMatch(/\{\{|family/);
      expect(message.length, code).toBeGreaterThan(8);
    }
  });
});

describe("a class that can't be activated", () => {
  const method = "CoCreateInstance";

  it.each(LOCALES)("has the words and the advice of the activation in %s, not those of files and jobs", (locale) => {
    const language = { locale, wording: "documented" } as const;
    const message = text(language, `method.${method}.other`);
    const advice = text(language, "bridgeAdvice.SERVICE_UNAVAILABLE");
    for (const code of ["ERROR_FILE_NOT_FOUND", "ERROR_PATH_NOT_FOUND", "E_INVALIDARG", "0x8007041D", "0x80AB0001"]) {
      expect(explain(code, { locale, method })).toMatchObject({ message, advice });
    }
  });

  it.each(LOCALES)("advises in %s on the account's permissions, not on whose job it is", (locale) => {
    const { advice } = explain("E_ACCESSDENIED", { locale, method });
    expect(advice).toMatch(/DCOM.*dcomcnfg/);
    for (const other of [undefined, "IBackgroundCopyManager::GetJob"]) {
      expect(explain("E_ACCESSDENIED", { locale, method: other }).advice).not.toContain("DCOM");
    }
  });

  it.each(LOCALES)("says in %s what the code says where that fits", (locale) => {
    for (const code of [
      "ERROR_SERVICE_DISABLED",
      "ERROR_SERVICE_NOT_ACTIVE",
      "ERROR_NOT_LOGGED_ON",
      "DO_E_NO_SERVICE",
    ]) {
      expect(explain(code, { locale, method })).toEqual({ ...explain(code, { locale }), method });
    }
  });
});

describe("the terms", () => {
  it.each(LOCALES)("name states and priorities in %s as agreed", (locale) => {
    const { states, priorities = {} } = terms[locale] as { states: object; priorities?: object };
    const language = { locale, wording: "documented" } as const;
    for (const [name, term] of Object.entries(states)) {
      expect(text(language, `state.${name}`)).toBe(term);
    }
    for (const [name, term] of Object.entries(priorities)) {
      expect(text(language, `priority.${name}`)).toBe(term);
    }
  });
});
