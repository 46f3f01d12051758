import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, delimiter, dirname, join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { fakeHost, faultyHost } from "../support/fake-host.js";
import { ROOT } from "../support/packed.js";
import { run as runProgram, type Run } from "../support/run.js";
import { PWSH, WINE_POWERSHELL } from "../support/powershells.js";

const MAIN = join(ROOT, "dist", "bundle", "cli.js");

function run(...args: string[]): Promise<Run> {
  return runProgram(process.execPath, [MAIN, ...args], { LC_ALL: "C" });
}

/** Runs doctor for a user whose home folder contains none of the reported paths: such a path is written with `~`. */
function runForStranger(...args: string[]): Promise<Run> {
  const home = join(ROOT, "nobody");
  return runProgram(process.execPath, [MAIN, ...args], { LC_ALL: "C", HOME: home, USERPROFILE: home });
}

describe("doctor", () => {
  it("says what would be refused and what to do", async () => {
    const { stdout } = await run("doctor", "--json");
    const { services } = JSON.parse(stdout);
    expect(services.at(-1)).toMatchObject({ service: "embedded", ok: true });
    if (process.platform !== "win32") {
      expect(services[0]).toMatchObject({ ok: false, error: { code: "UNSUPPORTED", advice: expect.any(String) } });
    }
  });

  it.each([
    ["blocked", 3, "POWERSHELL_BLOCKED", { languageMode: "FullLanguage" }],
    ["refused its language", 3, "CONSTRAINED_LANGUAGE", { languageMode: "ConstrainedLanguage" }],
  ])("says what it knows of a PowerShell that is %s", async (behaviour, exitCode, code, mode) => {
    const executable = fakeHost(behaviour);
    const args = ["doctor", "--service", "bits", "--executable", executable];
    const modulePath = join(ROOT, "ps", "BackgroundCopy", "BackgroundCopy.psd1");
    const told = await runForStranger(...args, "--module-path", modulePath, "--json");
    expect(told.exitCode).toBe(exitCode);
    const { host, refused } = JSON.parse(told.stdout);
    expect(host).toMatchObject({
      powershell: { path: executable, version: "0.0", edition: "Fake", ...mode },
      policies: { MachinePolicy: "AllSigned", Process: "RemoteSigned" },
      module: { path: dirname(modulePath) },
      chosenBy: "option",
      error: { code, advice: expect.any(String) },
    });
    expect(refused).toEqual([{ what: "bits", code, message: host.error.message, advice: host.error.advice }]);
    const { stdout } = await runForStranger(...args);
    expect(stdout).toContain(`PowerShell: 0.0 Fake, ${executable}, `);
    expect(stdout).toContain(`Language mode: ${mode.languageMode}\n`);
    expect(stdout).toContain("Execution policy: MachinePolicy AllSigned, Process RemoteSigned\n");
    const advice = host.error.advice.replace("modulePath", "--module-path");
    const [message] = host.error.message.split(" The request did not");
    expect(stdout).toContain(`PowerShell: ${code}. ${message}\n  ${advice}\n`);
  });

  it("says which PowerShell it looked for in vain", async () => {
    const executable = join(ROOT, "nowhere", "pwsh");
    const given = ["--service", "bits", "--executable", executable];
    const { exitCode, stdout } = await runForStranger("doctor", ...given, "--json");
    expect(exitCode).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      host: { powershell: { path: executable }, chosenBy: "option", error: { code: "POWERSHELL_NOT_FOUND" } },
      refused: [{ what: "bits", code: "POWERSHELL_NOT_FOUND" }],
    });
  });

  it("says that not all is well where the service is, and PowerShell does not describe itself", async () => {
    const { exitCode, stdout } = await run("doctor", "--service", "bits", "--executable", fakeHost(), "--json");
    expect(exitCode).toBe(4);
    expect(JSON.parse(stdout)).toMatchObject({
      host: { powershell: { version: "0.0", edition: "Fake" }, error: { code: "PROTOCOL" } },
      services: [{ service: "bits", ok: true }],
      refused: [],
    });
  });

  it.each([
    ["the module", ["--executable", fakeHost(), "--module-path", "nothere/BackgroundCopy.psd1"]],
    ["PowerShell", ["--executable", "nothere/pwsh"]],
  ])("names nobody's home folder: %s", async (_what, given) => {
    const home = mkdtempSync(join(tmpdir(), "background-copy-whose-"));
    const args = given.map((text) => (text.startsWith("nothere") ? join(home, text) : text));
    for (const format of [["--json"], []]) {
      const all = [MAIN, "doctor", "--service", "bits", ...args, ...format];
      const { stdout } = await runProgram(process.execPath, all, { HOME: home, USERPROFILE: home });
      const shown = join("~", "nothere");
      // JSON escapes a backslash.
      expect(stdout).toContain(format.length > 0 ? JSON.stringify(shown).slice(1, -1) : shown);
      expect(stdout).not.toContain(basename(home));
    }
    rmSync(home, { recursive: true });
  });

  const pwsh = inject("pwsh");
  it.skipIf(!pwsh)(`names the module's version, and the policies in their order: ${PWSH}`, async () => {
    const { stdout } = await run("doctor", "--service", "bits", "--executable", pwsh as string, "--json");
    const { host, version } = JSON.parse(stdout);
    expect(host.module.version).toBe(version);
    expect(Object.keys(host.policies)).toEqual([
      "MachinePolicy",
      "UserPolicy",
      "Process",
      "CurrentUser",
      "LocalMachine",
    ]);
  });

  describe.skipIf(!pwsh)(PWSH, () => {
    it("has no variable of the environment, whether PowerShell inherits it or not", async () => {
      const value = "a-value-that-nothing-else-has";
      const args = [MAIN, "doctor", "--service", "bits", "--executable", pwsh as string, "--json"];
      const { stdout } = await runProgram(process.execPath, args, { DOTNET_ROOT_ARM64: value, THE_PASSWORD: value });
      expect(JSON.parse(stdout).host.powershell.languageMode).toBe("FullLanguage");
      expect(stdout).not.toContain(value);
    });
  });

  it("sends no request about jobs", async () => {
    const host = faultyHost([{ method: "job.list", act: "dies before" }]);
    await run("doctor", "--service", "bits", "--executable", host.executable, "--json");
    expect(host.did()).toContain("service.open");
    expect(host.did().filter((text) => text.startsWith("job."))).toEqual([]);
  });

  it("starts nothing that connect would not start", async () => {
    const host = fakeHost();
    const args = ["doctor", "--service", "bits", "--executable", basename(host)];
    const cwd = dirname(host);
    // The name exists in the working folder and is found in PATH.
    const PATH = `${cwd}${delimiter}${process.env.PATH}`;
    const { exitCode, stdout } = await runProgram(process.execPath, [MAIN, ...args], { PATH }, { cwd });
    const started = readFileSync(`${host}.log`, "utf8");
    expect({ exitCode, stdout, started }).toEqual({ exitCode: 2, stdout: "", started: "" });
  });

  const wine = inject("winePowerShell");
  it.skipIf(!wine)(`names the PowerShell: ${WINE_POWERSHELL}`, async () => {
    const { exitCode, stdout } = await run("doctor", "--service", "bits", "--executable", wine as string, "--json");
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      host: {
        powershell: { edition: "Core" },
        chosenBy: "option",
        account: { kind: "user" },
        services: [{ name: "BITS" }],
      },
      services: [{ ok: true, interface: "IBackgroundCopyManager" }],
      refused: [],
    });
  });
});
