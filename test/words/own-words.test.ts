import { describe, expect, it } from "vitest";
import { BackgroundCopyManager, explain, type BackgroundCopyError, type OwnWords } from "../../src/index.js";
import { LOCALES } from "../../src/words/locale.js";
import { loadWords } from "../../src/words.js";

const CANCEL = "IBackgroundCopyJob::Cancel";
const DUTCH = {
  nl: {
    method: { [CANCEL]: { DO_E_INVALID_STATE: "De opdracht is al geannuleerd.", S_OK: "De opdracht is geannuleerd." } },
    advice: { DO_E_INVALID_STATE: "Bel 4711." },
    state: { BG_JOB_STATE_ERROR: "Fout" },
  },
};
const GERMAN = { de: { method: { [CANCEL]: { DO_E_INVALID_STATE: "Schon abgebrochen.", S_OK: "Abgebrochen." } } } };

async function canceledTwice(locale: string, words: OwnWords) {
  await using manager = await BackgroundCopyManager.connect({ service: "embedded", locale, words });
  const job = await manager.createJob("a job");
  const result = await job.cancel();
  const error = (await job.cancel().catch((reason: unknown) => reason)) as BackgroundCopyError;
  return { locale: manager.locale, result, error };
}

describe("texts of a caller", () => {
  it.each([
    ["nl-BE", "nl"],
    ["nl_NL.UTF-8", "nl"],
  ])("add a language: %s", async (asked, locale) => {
    const words = { ...DUTCH, ...GERMAN };
    const { result, error, ...manager } = await canceledTwice(asked, words);
    expect(manager).toEqual({ locale });
    expect(result.message).toBe("De opdracht is geannuleerd.");
    expect(error).toMatchObject({ locale, message: "De opdracht is al geannuleerd.", advice: "Bel 4711." });
    expect([result.localize("de"), error.localize("de-AT")]).toEqual(["Abgebrochen.", "Schon abgebrochen."]);
    expect(error.localize("nl")).toBe(error.message);
    expect(error.localize("fr")).toBe(explain("DO_E_INVALID_STATE", { locale: "fr", method: CANCEL }).message);
  });

  it("replace a text of a language, and no other", async () => {
    const { result, error } = await canceledTwice("de", GERMAN);
    expect([result.message, error.message]).toEqual(["Abgebrochen.", "Schon abgebrochen."]);
    expect(error.advice).toBe(explain("DO_E_INVALID_STATE", { locale: "de", method: CANCEL }).advice);
    // Nobody else has them.
    expect(explain("S_OK", { locale: "de", method: CANCEL }).message).not.toBe("Abgebrochen.");
  });

  it("are those of explain and of a page", async () => {
    const options = { locale: "nl", words: DUTCH, helpBaseUrl: "https://example.com" };
    expect(explain("DO_E_INVALID_STATE", { ...options, method: CANCEL })).toMatchObject({
      locale: "nl",
      message: "De opdracht is al geannuleerd.",
      // The reference does not have that language.
      helpUrl: "https://example.com/en/codes/DO_E_INVALID_STATE.html",
    });
    const words = await loadWords("nl", { words: DUTCH });
    expect([words.locale, words.nameOf("BG_JOB_STATE_ERROR")]).toEqual(["nl", "Fout"]);
  });

  it.each([
    ["nl", "en"],
    ["fr-CA", "fr"],
    ["pt-PT", "pt-BR"],
    ["zh-HK", "zh-TW"],
    ["zh-CN", "en"],
  ])("leave what they lack to the nearest language: %s to %s", (locale, nearest) => {
    const words = { [locale]: { state: { BG_JOB_STATE_ERROR: "!" } } };
    expect(explain("E_FAIL", { locale, words })).toMatchObject({
      locale,
      message: explain("E_FAIL", { locale: nearest }).message,
    });
  });

  it.each([
    ["fr-CA", { "fr-CA": {} }, "fr-CA"],
    ["fr-BE", { "fr-CA": {} }, "fr"],
    ["de", { "DE-at": {} }, "de"],
    ["de-AT", { "DE-at": {} }, "de-AT"],
    ["zh-SG", { "zh-CN": {} }, "zh-CN"],
    ["zh-MO", { "zh-CN": {} }, "zh-TW"],
    ["ja", { "ja-JP": {} }, "ja-JP"],
    ["sr-Latn", { sr: {} }, "en"],
    ["ko", { ja: {} }, "en"],
  ])("are chosen as any language is: %s from %j", (locale, words, expected) => {
    expect(explain("S_OK", { locale, words }).locale).toBe(expected);
  });

  it("are copied", async () => {
    const words = structuredClone(DUTCH);
    await using manager = await BackgroundCopyManager.connect({ service: "embedded", locale: "nl", words });
    words.nl.method[CANCEL].S_OK = "anders";
    expect((await (await manager.createJob("a job")).cancel()).message).toBe("De opdracht is geannuleerd.");
  });

  it("can have a corrected form, and the format of i18next for a variable", () => {
    const words = { nl: { method: { [CANCEL]: { S_OK: "gewoon", S_OK_edited: "verbeterd" } } } };
    const messageOf = (wording: "documented" | "edited") =>
      explain("S_OK", { locale: "nl", method: CANCEL, words, wording }).message;
    expect([messageOf("documented"), messageOf("edited")]).toEqual(["gewoon", "verbeterd"]);
    const own = { nl: { family: { win32: "Windows: {{ number }}" } } };
    expect(explain("0x80070999", { locale: "nl", words: own }).message).toBe("Windows: 2457");
  });
});

describe("texts of a caller that do not fit", () => {
  const WRONG: readonly [what: string, words: unknown, named: readonly string[]][] = [
    [
      "an unknown key",
      { de: { hresult: { E_ACESSDENIED: "x" } } },
      ["words.de.hresult.E_ACESSDENIED", "hresult.E_ACCESSDENIED"],
    ],
    ["a key like no other", { de: { greetings: { hello: "x" } } }, ["words.de.greetings.hello"]],
    ["a text for a group", { de: { hresult: "x" } }, ["words.de.hresult"]],
    ["a group for a text", { de: { hresult: { E_FAIL: { a: "x" } } } }, ["words.de.hresult.E_FAIL.a"]],
    ["a missing variable", { de: { bridge: { TIMEOUT: "x" } } }, ["words.de.bridge.TIMEOUT", "{{seconds}}"]],
    ["an unknown variable", { nl: { hresult: { E_FAIL: "{{path}}" } } }, ["words.nl.hresult.E_FAIL", "{{path}}"]],
    ["a number", { de: { hresult: { E_FAIL: 5 } } }, ["words.de.hresult.E_FAIL"]],
    ["a key of an object", JSON.parse('{"de":{"__proto__":{"E_FAIL":"x"}}}'), ["__proto__"]],
    ["no tag", { "not a language": {} }, ["not a language", "BCP"]],
    ["an array for a language", { de: [] }, ["words"]],
    ["an array", [], ["words"]],
    ["a text", "de", ["words"]],
    ["nothing", null, ["words"]],
  ];

  it.each(WRONG)("are refused in every language: %s", async (_, words, named) => {
    const messages = LOCALES.map((locale) => {
      try {
        explain("S_OK", { locale, words: words as OwnWords });
      } catch (error) {
        expect(error).toBeInstanceOf(TypeError);
        return (error as Error).message;
      }
      throw new Error("accepted");
    });
    for (const message of messages) {
      for (const name of named) {
        expect(message).toContain(name);
      }
    }
    expect(new Set(messages).size).toBe(LOCALES.length);
    const options = { service: "embedded", locale: "it", words: words as OwnWords } as const;
    await expect(BackgroundCopyManager.connect(options)).rejects.toThrow(messages[LOCALES.indexOf("it")]);
    await expect(loadWords("it", { words: words as OwnWords })).rejects.toThrow(messages[LOCALES.indexOf("it")]);
  });
});
