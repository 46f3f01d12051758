// Plain JavaScript, as the measurements run without a compiler in between.
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/**
 * A PowerShell that the tests can drive, or could, if the machine had it.
 *
 * @typedef {object} PowerShellKind
 * @property {string} label How tests and the summary call it.
 * @property {string | undefined} path Its path on this machine, where it is there.
 * @property {string} where How the tests find it.
 */

export const PWSH = "PowerShell 7";
export const WINDOWS_POWERSHELL = "Windows PowerShell 5.1";
export const WINE_POWERSHELL = "PowerShell for Windows under Wine";

/** @param {string} name */
function onPath(name) {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** @param {string | undefined} path */
function existing(path) {
  return path && existsSync(path) ? path : undefined;
}

const windows = process.platform === "win32";
const {
  BACKGROUND_COPY_TEST_PWSH,
  BACKGROUND_COPY_TEST_WINDOWS_POWERSHELL = "/opt/microsoft/powershell-win-x64/pwsh.exe",
  SystemRoot = "C:\\Windows",
} = process.env;

/**
 * The kinds of PowerShell that there are, with their paths on this machine.
 *
 * @type {readonly PowerShellKind[]}
 */
export const powerShells = [
  {
    label: PWSH,
    path: existing(BACKGROUND_COPY_TEST_PWSH) ?? onPath(windows ? "pwsh.exe" : "pwsh"),
    where: "pwsh on PATH, or BACKGROUND_COPY_TEST_PWSH",
  },
  {
    label: WINDOWS_POWERSHELL,
    path: windows ? existing(join(SystemRoot, "System32", "WindowsPowerShell", "v1.0", "powershell.exe")) : undefined,
    where: "Windows",
  },
  {
    label: WINE_POWERSHELL,
    path: onPath("wine") && onPath("script") ? existing(BACKGROUND_COPY_TEST_WINDOWS_POWERSHELL) : undefined,
    where: "wine on PATH and pwsh.exe in /opt/microsoft/powershell-win-x64, or BACKGROUND_COPY_TEST_WINDOWS_POWERSHELL",
  },
];

/**
 * The path of a kind of PowerShell on this machine.
 *
 * @param {string} label
 */
export function powerShellPath(label) {
  return powerShells.find((kind) => kind.label === label)?.path;
}
