import { describe, expect, it } from "vitest";
import { BRIDGE_ERROR_CODES } from "../../src/words/bridge-codes.js";
import { explain } from "../../src/index.js";
import { LOCALES } from "../../src/words/locale.js";

describe("explain", () => {
  it.each([
    "DO_E_INVALID_STATE",
    "do_e_invalid_state",
    "0x80D02013",
    "0x80d02013",
    "2161123347",
    "-2133843949",
    2161123347,
    -2133843949,
  ])("takes %s", (code) => {
    expect(explain(code, { locale: "en", method: "IBackgroundCopyJob.Cancel" })).toMatchObject({
      code: "DO_E_INVALID_STATE",
      hresult: 2161123347,
      hex: "0x80D02013",
      severity: "error",
      method: "IBackgroundCopyJob::Cancel",
      message: "Cannot cancel a job whose state is BG_JOB_STATE_CANCELLED or BG_JOB_STATE_ACKNOWLEDGED.",
    });
  });

  it("knows the names that pages use for the same code", () => {
    expect(explain("DO_E_NOT_FOUND")).toMatchObject({ code: "DO_E_JOB_NOT_FOUND", hex: "0x80D02003" });
  });

  it("takes a number that nobody knows", () => {
    expect(explain("0x80AB0001")).toMatchObject({ code: "0x80AB0001", hresult: 0x80ab0001, severity: "error" });
  });

  it.each(["TIMEOUT", " timeout"])("takes the code of a BridgeError: %j", (code) => {
    expect(explain(code, { locale: "en" })).toEqual({
      code: "TIMEOUT",
      hresult: undefined,
      hex: undefined,
      severity: "error",
      method: undefined,
      locale: "en",
      message: "No response arrived within the time limit of … s.",
      advice: "Read the state of the job before you repeat the call. Use the option timeoutInMs to allow more time.",
      helpUrl: undefined,
      known: true,
      text: code.trim(),
      readAs: "name",
    });
  });

  it("leaves out of a BridgeError's words what only the error itself can tell, where it stands in brackets or at the end", () => {
    const messageOf = (code: string, locale: string) => explain(code, { locale }).message;
    expect(messageOf("SERVICE_UNAVAILABLE", "en")).toBe("The service … is not available.");
    expect(messageOf("SERVICE_UNAVAILABLE", "zh-TW")).toBe("服務 … 無法使用。");
    expect(messageOf("POWERSHELL_NOT_FOUND", "fr")).toBe("PowerShell est introuvable.");
    expect(messageOf("CONSTRAINED_LANGUAGE", "fr")).toContain("(Constrained Language Mode)");
  });

  it.each(LOCALES)("has words and advice in %s for every code of a BridgeError", (locale) => {
    for (const code of BRIDGE_ERROR_CODES) {
      const { message, advice } = explain(code, { locale });
      // A key without a text is shown as it is.
      expect(`${message} ${advice}`, code).not.toMatch(/bridge|\{\{/);
      const isEnglish = message === explain(code, { locale: "en" }).message;
      expect(isEnglish, code).toBe(locale === "en");
    }
  });

  it.each([
    "",
    " ",
    "nonsense",
    "0x",
    "0x1FFFFFFFF",
    "4294967296",
    "-2147483649",
    "1.5",
    "1e3",
    "NaN",
    Number.NaN,
    1.5,
    "toString",
    "UNSUPPORTED_listJobs",
    "__proto__",
  ])("refuses %j in the caller's language", (code) => {
    expect(() => explain(code, { locale: "de" })).toThrow(TypeError);
  });
});
