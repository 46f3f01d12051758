import { describe, expect, it } from "vitest";
import { candidates } from "../../src/powershell/locate.js";

const windowsPowerShell = "System32\\WindowsPowerShell\\v1.0\\powershell.exe";

describe("candidates", () => {
  it("names the Windows PowerShell of Windows", () => {
    expect(candidates(undefined, { SystemRoot: "D:\\Win" }, "win32")).toEqual([`D:\\Win\\${windowsPowerShell}`]);
  });

  it.each([undefined, "", "\\\\server\\share", "Windows", "..\\Windows", "/Windows"])(
    "does not believe SystemRoot when it is %j",
    (SystemRoot) => {
      expect(candidates(undefined, { SystemRoot }, "win32")).toEqual([`C:\\Windows\\${windowsPowerShell}`]);
    },
  );

  it("sees through the redirection of a 32-bit process", () => {
    const environment = { SystemRoot: "C:\\Windows", PROCESSOR_ARCHITEW6432: "AMD64" };
    expect(candidates(undefined, environment, "win32")).toEqual([
      "C:\\Windows\\Sysnative\\WindowsPowerShell\\v1.0\\powershell.exe",
      `C:\\Windows\\${windowsPowerShell}`,
    ]);
  });

  it("looks for pwsh in the absolute folders of PATH alone", () => {
    expect(candidates("pwsh", { PATH: ".:bin:/usr/bin::/opt/ps" }, "linux")).toEqual(["/usr/bin/pwsh", "/opt/ps/pwsh"]);
    const PATH = ".;bin;C:\\Program Files\\PowerShell\\7";
    expect(candidates("pwsh", { PATH }, "win32")).toEqual(["C:\\Program Files\\PowerShell\\7\\pwsh.exe"]);
  });

  it("takes a path as it is, whatever NODE_POWERSHELL says", () => {
    expect(candidates("/opt/ps/pwsh", { NODE_POWERSHELL: "/tmp/other" }, "linux")).toEqual(["/opt/ps/pwsh"]);
  });
});
