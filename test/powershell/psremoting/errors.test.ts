import { describe, expect, inject, it } from "vitest";
import { readRemotingFailure } from "../../../src/powershell/psremoting/errors.js";
import { remotingEngine } from "../../../src/powershell/psremoting/engine.js";
import { ROOT } from "../../support/packed.js";
import { ownPowerShells, WINE_POWERSHELL } from "../../support/powershells.js";
import { runPowerShell } from "../../support/run-powershell.js";
import { windowsPath } from "../../support/wine.js";
import { failureOf, language, openOptions } from "../ssh/opening.js";

/** An error of WSMan: its number, the name that PowerShell gives to it, and what it means here. */
const ERRORS = [
  [53, "NetworkPathNotFound", "HOST_UNREACHABLE"],
  [-2144108103, "ComputerNotFound", "HOST_UNREACHABLE"],
  [-2144108526, "CannotConnect", "HOST_UNREACHABLE"],
  [-2144108250, "WinRMOperationTimeout", "HOST_UNREACHABLE"],
  [5, "AccessDenied", "HOST_LOGON_REFUSED"],
  [1326, "LogonFailure", "HOST_LOGON_REFUSED"],
  [1312, "", "HOST_LOGON_REFUSED"],
  [-2144108316, "ServerNotTrusted", "HOST_NOT_TRUSTED"],
  [-2144108101, "CannotUseIPAddress", "HOST_NOT_TRUSTED"],
  [-2144108269, "URLNotAvailable", "REMOTING_OFF"],
  [-2144108270, "CannotConnectWinRMService", "REMOTING_OFF"],
  [-2144108485, "InvalidResourceUri", "ENDPOINT_NOT_FOUND"],
  [995, "WinRMOperationAborted", "HOST_LOST"],
  [4711, "", "HOST_LOST"],
] as const;

describe("an error of WSMan", () => {
  it.each(ERRORS)("%i %s is %s", (number, name, code) => {
    const detail = name || `${number}`;
    expect(readRemotingFailure(`BackgroundCopyRemoting ${number}`)).toEqual({ code, values: { detail } });
  });

  it("is not any other error", () => {
    expect(
      readRemotingFailure("Modules_ModuleNotFound,Microsoft.PowerShell.Commands.ImportModuleCommand"),
    ).toBeUndefined();
  });
});

// Records as WSMan makes them, from PowerShell's own classes.
describe.each<{ label: string; path: string | null | undefined }>([
  ...ownPowerShells,
  { label: WINE_POWERSHELL, path: inject("winePowerShell") },
])("the relay's report of an error of WSMan, $label", ({ label, path }) => {
  it.skipIf(!path)("contains its number, however deep it is", async () => {
    const file = `${ROOT}/ps/BackgroundCopy/session.psm1`;
    const session = label === WINE_POWERSHELL ? windowsPath(file) : file;
    const script = `
      Import-Module $env:MODULE
      ${ERRORS.map(
        ([number], i) => `
      $e = [Management.Automation.Remoting.PSRemotingTransportException]::new('said'); $e.ErrorCode = ${number}
      if (${i % 2}) { $e = [InvalidOperationException]::new('said', $e) }
      $r = [Management.Automation.ErrorRecord]::new($e, 'PSRemotingTransportException', 'OpenError', $null)
      (Get-RemotingFailure $r)`,
      ).join("")}
      $r = [Management.Automation.ErrorRecord]::new([InvalidOperationException]::new('said'), 'Other', 'OpenError', $null)
      (Get-RemotingFailure $r)`;
    const { stdout } = await runPowerShell(path as string, script, { MODULE: session });
    const reported = stdout.split("\n").filter((line) => line.includes("BackgroundCopyRemoting"));
    expect(reported.map((line) => line.replace(/^.*(?=BackgroundCopyRemoting)/, ""))).toEqual([
      ...ERRORS.map(([number]) => `BackgroundCopyRemoting ${number}`),
      "BackgroundCopyRemoting - Other",
    ]);
  });
});

describe("the engine psremoting", () => {
  it.skipIf(process.platform === "win32")("does not exist on this system, and says so", async () => {
    const engine = remotingEngine({}, language);
    const error = await failureOf(engine.open({ name: "far", address: "far.invalid" }, openOptions()));
    expect(error).toMatchObject({ code: "UNSUPPORTED", outcome: "not sent" });
    expect(error.message).toContain("psremoting");
  });

  it.each([
    { executable: "powershell.exe" },
    { port: 0 },
    { configurationName: "a b" },
    { useSsl: "yes" },
    { credential: {} },
    { module: { installed: "relative" } },
    { authentication: "CredSSP" },
  ])("refuses %j", (options) => {
    expect(() => remotingEngine(options as object, language)).toThrow(TypeError);
  });
});
