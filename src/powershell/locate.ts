import { existsSync, lstatSync } from "node:fs";
import { posix, win32 } from "node:path";
import { isWholePath } from "../port/whole-path.js";

// An environment can contain anything: Windows is never on a share or at a relative path.
const LOCAL_ABSOLUTE = /^[a-z]:\\/i;

/** The places of a file in the system folder of Windows. */
function inSystemFolder(environment: NodeJS.ProcessEnv, ...file: string[]): string[] {
  const { SystemRoot = "" } = environment;
  const root = LOCAL_ABSOLUTE.test(SystemRoot) ? SystemRoot : "C:\\Windows";
  // For a 32-bit process, System32 is the 32-bit system folder, and Sysnative is the other one.
  const folders = environment.PROCESSOR_ARCHITEW6432 ? ["Sysnative", "System32"] : ["System32"];
  return folders.map((folder) => win32.join(root, folder, ...file));
}

/** The folders of PATH. On Windows, an entry can be in quotes and contain semicolons. */
function foldersOf(path: string, platform: NodeJS.Platform): string[] {
  return platform === "win32"
    ? (path.match(/(?:"[^"]*"|[^";])+/g) ?? []).map((entry) => entry.replaceAll('"', ""))
    : path.split(posix.delimiter);
}

function onPath(name: string, environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): string[] {
  const { join } = platform === "win32" ? win32 : posix;
  const folders = foldersOf(environment.PATH ?? "", platform).filter((folder) =>
    isWholePath(folder, platform === "win32"),
  );
  return folders.map((folder) => join(folder, platform === "win32" ? `${name}.exe` : name));
}

/** The possible locations of the requested PowerShell, in the order in which they are tried. All are absolute. */
export function candidates(
  executable: string | undefined,
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string[] {
  if (executable === "pwsh") {
    return onPath(executable, environment, platform);
  }
  return executable ? [executable] : inSystemFolder(environment, "WindowsPowerShell", "v1.0", "powershell.exe");
}

/** The possible locations of the SSH client: the requested one, or that of the system. */
export function sshCandidates(
  executable: string | undefined,
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string[] {
  if (executable) {
    return [executable];
  }
  return platform === "win32"
    ? inSystemFolder(environment, "OpenSSH", "ssh.exe")
    : onPath("ssh", environment, platform);
}

/** Whether the file exists, as far as this process can find out. */
export function isThere(path: string): boolean {
  try {
    // The alias of a Store app can be started, but it can't be resolved to its target.
    return (
      existsSync(path) || (process.platform === "win32" && lstatSync(path, { throwIfNoEntry: false }) !== undefined)
    );
  } catch (error) {
    // Under Node's permission model, this process might not be allowed to look for the file. Starting it then reports the error.
    return (error as NodeJS.ErrnoException).code === "ERR_ACCESS_DENIED";
  }
}

/** The first candidate that exists. */
export function locatePowerShell(executable: string | undefined): string | undefined {
  return candidates(executable).find((path) => isThere(path));
}

/** The first SSH client that exists. */
export function locateSsh(executable: string | undefined): string | undefined {
  return sshCandidates(executable).find((path) => isThere(path));
}
