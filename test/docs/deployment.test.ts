import { existsSync, readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { openPowerShellService } from "../../src/powershell/index.js";
import { powerShellArguments } from "../../src/powershell/command-line.js";
import { candidates } from "../../src/powershell/locate.js";
import { HostProcess } from "../../src/powershell/process.js";
import { fakeHost } from "../support/fake-host.js";
import { column, isTest, namedIn, namesTests } from "../support/named-tests.js";
import { ROOT } from "../support/packed.js";

// The files of a module that PowerShell loads only with a signature if the policy is AllSigned.
const REFUSED_UNSIGNED = [".ps1", ".psm1", ".psd1", ".ps1xml"];

const MODULE = join(ROOT, "ps", "BackgroundCopy");
const PAGE = readFileSync(join(ROOT, "docs", "deployment.md"), "utf8");
const [, TABLE_OF_TESTS = ""] = PAGE.split("\n## Tests of these statements\n");
const TEST_COLUMN = 2;
const cells = column(TABLE_OF_TESTS, TEST_COLUMN).filter((cell) => cell !== "Test");

describe("the page for deployment", () => {
  // On systems with a program that prints its arguments.
  it.skipIf(!existsSync("/bin/echo"))("has the command line that is run", async () => {
    const [, program, line = ""] = /^```\n(\S+) (.+)\n```$/m.exec(PAGE) ?? [];
    expect(candidates(undefined, {}, "win32")).toContain(program?.replace("%SystemRoot%", "C:\\Windows"));
    const process = new HostProcess({
      executable: "/bin/echo",
      arguments: powerShellArguments({ executionPolicy: "RemoteSigned", isWindows: true }),
      environment: {},
    });
    let said = "";
    process.onOutput(
      (text) => {
        said += text;
      },
      () => {},
    );
    await process.exit;
    expect(said.trim()).toBe(line);
  });

  it("signs every file of the module that PowerShell may refuse", () => {
    const [, patterns = ""] = /-Include (.+) \|$/m.exec(PAGE) ?? [];
    const module = readdirSync(MODULE).map((name) => extname(name));
    const needed = [...new Set(module)].filter((extension) => REFUSED_UNSIGNED.includes(extension));
    expect(patterns.split(", ").sort()).toEqual(needed.map((extension) => `*${extension}`).sort());
  });

  it("promises one constant line of script, whatever the options and the requests are", async () => {
    const write = vi.spyOn(HostProcess.prototype, "write");
    const scripts: string[] = [];
    try {
      for (const [service, locale] of [
        ["bits", "en"],
        ["delivery-optimization", "zh-TW"],
      ] as const) {
        const language = { locale, wording: "documented" } as const;
        const opened = await openPowerShellService({ service, language, executable: fakeHost() });
        await opened.request("host.echo", { text: "exit; \n" });
        await opened.close();
        const [script = "", ...requests] = write.mock.calls.splice(0).map(([text]) => text);
        scripts.push(script);
        expect(requests.map((request) => JSON.parse(request).method)).toEqual(["service.open", "host.echo"]);
        expect(requests.filter((request) => !/^[ -~]+\n$/.test(request))).toEqual([]);
      }
    } finally {
      write.mockRestore();
    }
    expect(scripts[0]).toMatch(/^[ -~]+\n$/);
    expect(scripts[1]).toBe(scripts[0]);
  });

  it("promises that each file of the module exports its functions by name", () => {
    const files = readdirSync(MODULE).filter((name) => name.endsWith(".psm1"));
    const exported = files.map((name) => readFileSync(join(MODULE, name), "utf8").match(/^Export-ModuleMember .*$/gm));
    expect(exported).toEqual(
      files.map(() => [expect.stringMatching(/^Export-ModuleMember -Function [A-Z][A-Za-z0-9]*-[\w, -]+$/)]),
    );
  });
});

describe("the table of the tests for these statements", () => {
  it("has for each statement the names of tests, or the reason why there is none", () => {
    expect(cells.length).toBeGreaterThan(40);
    expect(cells.filter((cell) => !namesTests(cell) && !/^Not tested: [^|]+\.$/.test(cell))).toEqual([]);
  });

  it.each(namedIn(cells))("names a test that there is: %s › %s", (file, title) => {
    expect(isTest(file, title)).toBe(true);
  });
});
