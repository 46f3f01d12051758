import { existsSync } from "node:fs";
import { afterEach, expect, it, vi } from "vitest";
import { BackgroundCopyManager, BridgeError, explain } from "../../src/index.js";

afterEach(() => {
  vi.unstubAllEnvs();
});

it("leads to the address that the environment names, unless the caller names one", () => {
  vi.stubEnv("BACKGROUND_COPY_HELP_URL", "https://intranet.example.com/reference");
  const base = { locale: "fr-CA" };
  expect(explain("E_FAIL", base).helpUrl).toBe("https://intranet.example.com/reference/fr/codes/E_FAIL.html");
  const helpBaseUrl = "https://example.com";
  expect(explain("E_FAIL", { ...base, helpBaseUrl }).helpUrl).toBe("https://example.com/fr/codes/E_FAIL.html");
});

it("leads from a code without a name to the list", () => {
  const { helpUrl } = explain("0x80AB0001", { locale: "de", helpBaseUrl: "https://example.com" });
  expect(helpUrl).toBe("https://example.com/de/codes/index.html");
});

it("leads nowhere where no address is known", () => {
  for (const address of ["", "fr/codes", "https://example.com/project#readme"]) {
    vi.stubEnv("BACKGROUND_COPY_HELP_URL", address);
    expect(explain("E_FAIL").helpUrl).toBeUndefined();
  }
});

it.skipIf(existsSync("C:\\Windows"))("leads from a failure of the bridge to the page of its code", async () => {
  const options = { locale: "zh-TW", helpBaseUrl: "https://example.com/" };
  const error = await BackgroundCopyManager.connect(options).catch((reason: unknown) => reason);
  expect((error as BridgeError).helpUrl).toBe("https://example.com/zh-TW/codes/UNSUPPORTED.html");
});
