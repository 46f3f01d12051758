import { afterEach, describe, expect, it, vi } from "vitest";
import { negotiateLocale } from "../../src/words/locale.js";

describe("negotiateLocale", () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it.each([
    ["en", "en"],
    ["en-GB", "en"],
    ["fr", "fr"],
    ["fr-CA", "fr"],
    ["pt", "pt-BR"],
    ["pt-PT", "pt-BR"],
    ["pt_BR.UTF-8", "pt-BR"],
    ["de_DE.UTF-8", "de"],
    ["de_AT@euro", "de"],
    ["DE", "de"],
    ["it-CH", "it"],
    ["zh-TW", "zh-TW"],
    ["zh-Hant", "zh-TW"],
    ["zh_HK", "zh-TW"],
    ["zh-MO", "zh-TW"],
    ["zh", "en"],
    ["zh-CN", "en"],
    ["zh-Hans", "en"],
    ["zh-Hans-TW", "en"],
    ["C", "en"],
    ["C.UTF-8", "en"],
    ["POSIX", "en"],
    ["ja-JP", "en"],
    ["tlh", "en"],
    ["../../etc/passwd", "en"],
    ["fr\u0000", "en"],
    ["__proto__", "en"],
    ["constructor", "en"],
    ["x".repeat(100_000), "en"],
  ])("%s gives %s", (requested, nearest) => {
    expect(negotiateLocale(requested)).toBe(nearest);
  });

  it("asks the environment in the order of POSIX, and passes over what is empty", () => {
    vi.stubEnv("LC_ALL", "");
    vi.stubEnv("LC_MESSAGES", "it_IT.UTF-8");
    vi.stubEnv("LANG", "de_DE.UTF-8");
    expect(negotiateLocale()).toBe("it");
    vi.stubEnv("LC_ALL", "fr_FR");
    expect(negotiateLocale()).toBe("fr");
  });
});
