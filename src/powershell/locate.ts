import { existsSync } from "node:fs";
import { posix, win32 } from "node:path";

// An environment can say anything: a share or a relative path is not where Windows lives.
const LOCAL_ABSOLUTE = /^[a-z]:\\/i;

function windowsPowerShell(environment: NodeJS.ProcessEnv): string[] {
  const { SystemRoot = "" } = environment;
  const root = LOCAL_ABSOLUTE.test(SystemRoot) ? SystemRoot : "C:\\Windows";
  // A 32-bit process sees the 32-bit system folder under the name System32; Sysnative is the other one.
  const folders = environment.PROCESSOR_ARCHITEW6432 ? ["Sysnative", "System32"] : ["System32"];
  return folders.map((folder) => win32.join(root, folder, "WindowsPowerShell", "v1.0", "powershell.exe"));
}

function onPath(name: string, environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): string[] {
  const { join, isAbsolute, delimiter } = platform === "win32" ? win32 : posix;
  const folders = (environment.PATH ?? "").split(delimiter).filter((folder) => isAbsolute(folder));
  return folders.map((folder) => join(folder, platform === "win32" ? `${name}.exe` : name));
}

/** The places where the PowerShell that was asked for may be, in the order in which they are tried. All are absolute. */
export function candidates(
  executable: string | undefined,
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string[] {
  if (executable === "pwsh") {
    return onPath(executable, environment, platform);
  }
  return executable ? [executable] : windowsPowerShell(environment);
}

/** The first candidate that exists. */
export function locatePowerShell(executable: string | undefined): string | undefined {
  return candidates(executable).find((path) => existsSync(path));
}
