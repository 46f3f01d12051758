import { describe, expect, it } from "vitest";
import { BackgroundCopyManager, explain, explainAll, type BackgroundCopyError } from "../../src/index.js";
import { LOCALES } from "../../src/words/locale.js";
import { service } from "../cli/fixture.js";
import { runInShell } from "../support/shell.js";

// Reported problems of looking up a code, by the letters of the list of reports.

const DENIED = "E_ACCESSDENIED";
const run = (...argv: string[]) => runInShell(service, ["explain", ...argv, "--locale", "en"]);

describe("B: explain answers rightly, or says that it does not know", () => {
  it.each([
    ["in hexadecimal, as Windows Update prints it", "80070005"],
    ["with a prefix", "0x80070005"],
    ["in two words", "0x8007 0005"],
    ["as C writes it", "0x80070005L"],
    ["as C writes it, unsigned", "0x80070005UL"],
    ["as Visual Basic writes it", "&H80070005"],
    ["with its sign extended to 64 bits", "0xFFFFFFFF80070005"],
    ["signed", "-2147024891"],
    ["unsigned", "2147942405"],
    ["in brackets", "[0x80070005]"],
    ["as PowerShell and .NET print it", "(Exception from HRESULT: 0x80070005 (E_ACCESSDENIED))"],
    ["with its label", "HRESULT: 0x80070005"],
    ["as Configuration Manager prints it", "Unknown error (Error: 80070005; Source: Windows)"],
    ["in two forms", "0x80070005 (-2147024891)"],
    ["as bitsadmin prints it", "ERROR CODE:    0x80070005 - Access is denied.\nERROR CONTEXT: 0x00000005 - The error"],
    ["in the log of Windows Update", "2026-11-29 10:00:01:123 1052 2a4 Agent WARNING: hr = 80070005, 85123456 bytes"],
    ["as a Win32 error", "5"],
    ["as a Win32 error in hexadecimal", "0x5"],
    ["as a Win32 error in eight digits", "0x00000005"],
    ["as a Win32 error with its label", "Error 5"],
    ["as a Win32 error with its kind", "WIN32: 5"],
    ["as `net` prints it", "System error 5 has occurred."],
    ["as `net` prints it in German", "Systemfehler 5 aufgetreten."],
    ["as a Win32 error in French", "erreur système 5"],
    ["as a Win32 error in Chinese", "錯誤代碼：5"],
    ["by its name in winerror.h", "ERROR_ACCESS_DENIED"],
    ["by its name", "e_accessdenied"],
  ])("takes a code %s: %j", async (_form, text) => {
    expect(explain(text)).toMatchObject({ code: DENIED, hex: "0x80070005", known: true });
    const { exitCode, stdout } = await run(text);
    expect(exitCode).toBe(0);
    expect(stdout.split(DENIED)).toHaveLength(/DENIED|denied/.test(stdout) ? 3 : 2);
  });

  it.each([
    ["80070422", "ERROR_SERVICE_DISABLED"],
    ["80190194", "BG_E_HTTP_ERROR_404"],
    ["12002", "ERROR_WINHTTP_TIMEOUT"],
    ["HTTP/1.1 404 Not Found", "BG_E_HTTP_ERROR_404"],
    ["The status code is 503", "BG_E_HTTP_ERROR_503"],
    ["GetLastError() = 12007", "ERROR_WINHTTP_NAME_NOT_RESOLVED"],
    ["00200017", "BG_S_PARTIAL_COMPLETE"],
    ["0", "S_OK"],
    ["TIMEOUT: No answer arrived", "TIMEOUT"],
    ["ERROR_INTERNET_TIMEOUT", "ERROR_WINHTTP_TIMEOUT"],
  ])("takes what others print: %j is %s", async (text, code) => {
    expect(explain(text)).toMatchObject({ code, known: true });
    expect(await run(text)).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(`^${code}\\b`) });
  });

  it.each([
    ["404", ["HTTP", "BG_E_HTTP_ERROR_404"], ["Win32", "0x80070194"]],
    ["206", ["HTTP", "BG_E_HTTP_ERROR_206"], ["Win32", "ERROR_FILENAME_EXCED_RANGE"]],
    ["1", ["HRESULT", "S_FALSE"], ["Win32", "0x80070001"]],
  ])("offers each meaning of a number that has several: %s", async (text, ...meanings) => {
    expect(explainAll(text).map(({ readAs, code }) => [readAs, code])).toEqual(meanings);
    expect(explain(Number(text))).toEqual(explainAll(text)[0]);
    const { exitCode, stdout } = await run(text);
    expect(exitCode).toBe(0);
    for (const [, code = ""] of meanings) {
      expect(stdout).toContain(code);
    }
    expect(stdout).toContain("several meanings");
  });

  it("takes several codes at once, and a line that is not quoted", async () => {
    const line = "BITS failed with 0x80200013, and before that with Error 5 (E_FAIL)";
    const codes = ["BG_E_INSUFFICIENT_RANGE_SUPPORT", DENIED, "E_FAIL"];
    expect(explainAll(line).map(({ code }) => code)).toEqual(codes);
    for (const argv of [[line], line.split(" "), ["0x80200013", "5", "e_fail"]]) {
      const { exitCode, stdout } = await run(...argv, "--json");
      expect(exitCode).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ locale: "en", codes: codes.map((code) => ({ code })) });
    }
    expect(() => explain(line)).toThrow(/explainAll/);
  });

  it.each([
    "2026-11-29 10:00:01 1732900000 port 8080, 85123456 bytes of {80070005-0000-4000-8000-000000000001}",
    "The process ended with exit code 1.",
    "",
  ])("finds no code where there is none: %j", (text) => {
    expect(explainAll(text)).toEqual([]);
  });

  it("reads a long text in one go", () => {
    for (const filler of [" ", "0", "f", "error ", "win32 ", "A_", "'"]) {
      const long = `win32 error${filler.repeat(200_000)} 0x80070005`;
      expect(explainAll(long).at(-1)).toMatchObject({ code: DENIED });
    }
  });

  it.each(["0x80AB0001", "0x04C5C716", "04C5C716", "87654321", "0x00ABCDEF"])(
    "says that it does not know %s, and not that all is well",
    async (text) => {
      expect(explain(text).known).toBe(false);
      const { exitCode, stdout } = await run(text);
      expect(exitCode).toBe(1);
      expect(stdout).toContain("This package does not know the code.");
      for (const locale of LOCALES) {
        const { advice } = explain(text, { locale });
        expect(advice).toBeTruthy();
        expect(advice).not.toBe(explain("S_FALSE", { locale }).advice);
      }
    },
  );

  it.each([
    ["E_ACCESDENIED", DENIED],
    ["ERROR_ACCESS_DENID", "ERROR_ACCESS_DENIED"],
    ["BG_E_NOTFOUND", "BG_E_NOT_FOUND"],
    ["TIMOEUT", "TIMEOUT"],
  ])("asks whether a name was meant: %s", async (text, meant) => {
    for (const locale of LOCALES) {
      expect(() => explain(text, { locale })).toThrow(meant);
    }
    const alone = await run(text);
    expect(alone).toMatchObject({ exitCode: 2, stdout: "" });
    expect(alone.stderr).toContain(`Did you mean ${meant}?`);
  });

  it("asks the same of a name beside other codes", async () => {
    const { exitCode, stderr } = await run("0x80070005", "E_ACCESDENIED");
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(`mean ${DENIED}?`) });
  });

  it("asks nothing where nothing is near", () => {
    expect(() => explain("WU_E_PT_ECP_SUCCEEDED_WITH_ERRORS", { locale: "en" })).toThrow(/neither the name/);
  });
});

describe("Z: where an error leads", () => {
  const refused = async (options: object) => {
    await using manager = await BackgroundCopyManager.connect({ service: "embedded", locale: "pt", ...options });
    const job = await manager.createJob("an example");
    await job.cancel();
    return (await job.cancel().catch((reason: unknown) => reason)) as BackgroundCopyError;
  };

  it.each([
    ["https://docs.example.com/transfers", "https://docs.example.com/transfers/pt-BR/codes/DO_E_INVALID_STATE.html"],
    ["https://docs.example.com/", "https://docs.example.com/pt-BR/codes/DO_E_INVALID_STATE.html"],
    ["file:///srv/docs/", "file:///srv/docs/pt-BR/codes/DO_E_INVALID_STATE.html"],
  ])("is an address below the one that is named: %s", async (helpBaseUrl, page) => {
    expect((await refused({ helpBaseUrl })).helpUrl).toBe(page);
    expect(explain("DO_E_INVALID_STATE", { locale: "pt", helpBaseUrl }).helpUrl).toBe(page);
  });

  it("refuses an address that is none", () => {
    for (const helpBaseUrl of ["de/codes", "javascript:alert(1)", "https://example.com/project#readme"]) {
      expect(() => explain("S_OK", { helpBaseUrl })).toThrow(TypeError);
    }
  });
});
