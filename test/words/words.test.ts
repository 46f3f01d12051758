import i18next from "i18next";
import { describe, expect, it } from "vitest";
import { JOB_ERROR_CONTEXT, JOB_PRIORITY, JOB_STATE, JOB_TYPE } from "../../src/model/job.js";
import { BackgroundCopyManager, BridgeError, explain, explainAll, type LocalizedError } from "../../src/index.js";
import { loadMessages, loadWords } from "../../src/words.js";
import { BRIDGE_ERROR_CODES, type BridgeErrorCode } from "../../src/words/bridge-codes.js";
import { BackgroundCopyError } from "../../src/words/errors.js";
import { LOCALES } from "../../src/words/locale.js";

const ENGLISH = { locale: "en", wording: "documented" } as const;
const sent = (value: unknown) => JSON.parse(JSON.stringify(value));

/** Whether the words for an error that has traveled are those of the error itself. */
async function expectSameWords(error: LocalizedError): Promise<void> {
  for (const locale of LOCALES) {
    const words = await loadWords(locale, { helpBaseUrl: "https://example.com" });
    for (const what of [error, error.toJSON(), sent(error)]) {
      const { message, advice, helpUrl, code } = words.explain(what);
      expect({ message, code }).toEqual({ message: error.localize(locale), code: error.code });
      expect(helpUrl).toBe(`https://example.com/${locale}/codes/${error.code}.html`);
      if (locale === error.locale) {
        expect(advice).toBe(error.advice);
      }
    }
  }
}

describe("words for what a program sends", () => {
  it("are those of a refusal", async () => {
    await using manager = await BackgroundCopyManager.connect({ service: "embedded", locale: "fr" });
    const job = await manager.createJob("a job");
    const result = await job.cancel();
    await expectSameWords((await job.cancel().catch((reason: unknown) => reason)) as BackgroundCopyError);
    for (const locale of LOCALES) {
      const { message, severity } = (await loadWords(locale)).explain(sent(result));
      expect({ message, severity }).toEqual({ message: result.localize(locale), severity: "success" });
    }
  });

  it("name the service that has the job instead", async () => {
    const method = "IBackgroundCopyManager::GetJob";
    const refusal = { hresult: 0x80d02003, method, service: "delivery-optimization", knownTo: "bits" } as const;
    const error = new BackgroundCopyError(refusal, ENGLISH);
    expect(error.message).toContain("bits");
    await expectSameWords(error);
  });

  it.each([
    [0x3000, false],
    [0x4000, true],
    [0x5000, true],
  ])("name the runner for a job of an owner with the integrity level %i: %s", async (ownerIntegrityLevel, isSystem) => {
    const refusal = { hresult: 0x80070005, method: "IBackgroundCopyJob::Cancel", service: "bits" } as const;
    const error = new BackgroundCopyError({ ...refusal, ownerIntegrityLevel }, ENGLISH);
    expect([error.message.includes("system account"), error.advice?.includes("runner")]).toEqual([isSystem, isSystem]);
    expect(error.ownerIntegrityLevel).toBe(ownerIntegrityLevel);
    await expectSameWords(error);
    const other = new BackgroundCopyError({ ...refusal, hresult: 0x80200001, ownerIntegrityLevel }, ENGLISH);
    expect(other.message).not.toContain("system account");
  });

  it.each(BRIDGE_ERROR_CODES as BridgeErrorCode[])("are those of a failure: %s", async (code) => {
    const values = { path: "C:\\x", systemCode: "EACCES", seconds: 5, service: "bits", platform: "aix", exitCode: 3 };
    for (const outcome of ["not sent", "unknown"] as const) {
      await expectSameWords(new BridgeError(code, { outcome, values }, ENGLISH));
    }
  });

  it("are those of the feature and the reason of a failure", async () => {
    const values = { service: "delivery-optimization" };
    await expectSameWords(new BridgeError("UNSUPPORTED", { outcome: "not sent", feature: "uploads", values }, ENGLISH));
    const lost = { outcome: "unknown", jobLeftBehind: true, jobGone: true, values: { seconds: 5 } } as const;
    await expectSameWords(new BridgeError("TIMEOUT", lost, ENGLISH));
    const off = { outcome: "not sent", hresult: 0x80070422, values: { service: "bits", hex: "0x80070422" } } as const;
    await expectSameWords(new BridgeError("SERVICE_UNAVAILABLE", off, ENGLISH));
  });

  it("are those of explain for a code", async () => {
    const words = await loadWords("de");
    const method = "IBackgroundCopyJob.Cancel";
    const expected = explain("0x80D02013", { locale: "de", method });
    expect(words.explain("0x80D02013", { method })).toEqual(expected);
    expect(words.explain({ hresult: -2133843949 }, { method })).toMatchObject({ message: expected.message });
    expect(words.explain({ code: "0x80AB0001" })).toMatchObject({ code: "0x80AB0001", known: false });
    expect(words.explainAll("404")).toEqual(explainAll("404", { locale: "de" }));
  });

  it.each([
    {},
    { code: 5 },
    { hresult: "0x80070005" },
    { hresult: Number.NaN },
    { hresult: 2 ** 40 },
    { hresult: 0.5 },
    [],
  ])("are refused where there is no code: %j", async (what) => {
    for (const locale of LOCALES) {
      const words = await loadWords(locale);
      expect(() => words.explain(what)).toThrow(TypeError);
      expect(() => words.explain(what)).toThrow("hresult");
    }
  });

  it.each([
    { details: null },
    { details: "x", outcome: 5 },
    { details: { values: null, feature: {}, jobGone: "yes" } },
    { details: { values: { seconds: { lng: "it" }, lng: "it", defaultValue: "x", context: "edited" } } },
    { details: { feature: "../../hresult.E_FAIL" } },
  ])("are made whatever else has arrived: %j", async (more) => {
    const { message } = (await loadWords("en")).explain({ code: "TIMEOUT", hresult: "x", ...more });
    expect(message).toMatch(/^No response arrived within the time limit of .* s\.$/);
  });

  it("need a language, and no other options than theirs", async () => {
    await expect(loadWords(undefined as never)).rejects.toThrow(TypeError);
    await expect(loadWords("de", { help: "x" } as never)).rejects.toThrow(/help/);
    await expect(loadWords("de", { helpBaseUrl: "x" })).rejects.toThrow(TypeError);
    const words = await loadWords("de");
    expect(() => words.explain("S_OK", { methode: "x" } as never)).toThrow(/methode/);
    expect(() => words.explain(undefined as never)).toThrow(TypeError);
  });
});

describe("names for people", () => {
  it.each(LOCALES)("are there in %s for all that is documented", async (locale) => {
    const words = await loadWords(locale);
    const all = [JOB_STATE, JOB_TYPE, JOB_PRIORITY, JOB_ERROR_CONTEXT].flatMap(({ names }) => [...names]);
    expect(all).toHaveLength(25);
    const shown = all.map((value) => words.nameOf(value as never));
    expect(shown.filter((text) => /BG_|\./.test(text.replace(/[.。]$/, "")))).toEqual([]);
    expect(words.nameOf("BG_JOB_STATE(42)")).toBe("BG_JOB_STATE(42)");
    expect(words.nameOf("BG_ERROR_CONTEXT(9)")).toBe(words.nameOf("BG_ERROR_CONTEXT_UNKNOWN"));
  });
});

describe("the resource for i18next", () => {
  it.each(LOCALES)("gives an instance of its user the texts in %s", async (locale) => {
    const instance = i18next.createInstance();
    await instance.init({ lng: locale, showSupportNotice: false } as never);
    instance.addResourceBundle(locale, "background-copy", await loadMessages(locale));
    const ns = "background-copy";
    expect(instance.t("hresult.E_ACCESSDENIED", { ns })).toBe(explain("E_ACCESSDENIED", { locale }).message);
    const method = "IBackgroundCopyJob::Cancel";
    expect(instance.t(`method.${method}.S_OK`, { ns, nsSeparator: false })).toBe(
      explain("S_OK", { locale, method }).message,
    );
  });

  it("is new each time, and fits where texts of a caller go", async () => {
    const messages = (await loadMessages("de-AT")) as { state: Record<string, string> };
    messages.state.BG_JOB_STATE_ERROR = "Kaputt";
    expect(((await loadMessages("de")) as typeof messages).state.BG_JOB_STATE_ERROR).toBe("Fehler");
    const words = await loadWords("de", { words: { de: messages } });
    expect(words.nameOf("BG_JOB_STATE_ERROR")).toBe("Kaputt");
  });
});
