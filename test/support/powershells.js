// Plain JavaScript, because the benchmarks run without a compiler.
import { existsSync } from "node:fs";
import { join } from "node:path";
import {
  FETCHED_PWSH,
  FETCHED_PWSH_32,
  FETCHED_WINDOWS_PWSH,
  NODE_FOLDERS,
  WINE_32_FOLDER,
} from "../engines/places.js";
import { onPath } from "./programs.js";

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
export const WINE_POWERSHELL_32 = "32-bit PowerShell under Wine";
export const DESKTOP_POWERSHELL = "a PowerShell of edition Desktop";

/** @param {string | undefined} path */
function existing(path) {
  return path && !inWine && existsSync(path) ? path : undefined;
}

const windows = process.platform === "win32";
// In Windows' Node under Wine, the only PowerShell that runs is the one that the set-up of the tests provides: those of the machine are for
// another system, and Wine's own powershell.exe does nothing.
const inWine = windows && process.env.WINEPREFIX !== undefined;
const {
  BACKGROUND_COPY_TEST_PWSH,
  BACKGROUND_COPY_TEST_WINDOWS_POWERSHELL,
  BACKGROUND_COPY_TEST_DESKTOP_POWERSHELL,
  SystemRoot = "C:\\Windows",
} = process.env;

/**
 * The kinds of PowerShell, with their local paths.
 *
 * @type {readonly PowerShellKind[]}
 */
export const powerShells = [
  {
    label: PWSH,
    path:
      existing(BACKGROUND_COPY_TEST_PWSH) ?? existing(FETCHED_PWSH) ?? existing(onPath(windows ? "pwsh.exe" : "pwsh")),
    where: "BACKGROUND_COPY_TEST_PWSH, what npm run engines fetches, pwsh on PATH",
  },
  {
    label: WINDOWS_POWERSHELL,
    path: windows ? existing(join(SystemRoot, "System32", "WindowsPowerShell", "v1.0", "powershell.exe")) : undefined,
    where: "Windows",
  },
  {
    label: WINE_POWERSHELL,
    path:
      onPath("wine") && onPath("script")
        ? (existing(BACKGROUND_COPY_TEST_WINDOWS_POWERSHELL) ?? existing(FETCHED_WINDOWS_PWSH))
        : undefined,
    where: "wine and script on PATH with BACKGROUND_COPY_TEST_WINDOWS_POWERSHELL or what npm run engines fetches",
  },
  {
    label: WINE_POWERSHELL_32,
    path: onPath("wine") && onPath("script") && existing(WINE_32_FOLDER) ? existing(FETCHED_PWSH_32) : undefined,
    where: "wine and script on PATH with what npm run engines fetches",
  },
  {
    // One with the engine of Windows PowerShell, wherever it runs.
    label: DESKTOP_POWERSHELL,
    path: existing(BACKGROUND_COPY_TEST_DESKTOP_POWERSHELL),
    where: "BACKGROUND_COPY_TEST_DESKTOP_POWERSHELL",
  },
];

/** Those that run on this system as it is. */
export const ownPowerShells = powerShells.filter(({ label }) => ![WINE_POWERSHELL, WINE_POWERSHELL_32].includes(label));

/**
 * The path of a kind of PowerShell on this machine.
 *
 * @param {string} label
 */
export function powerShellPath(label) {
  return powerShells.find((kind) => kind.label === label)?.path;
}

/**
 * Windows' own Nodes, of the same shape. They need a PowerShell for Windows to drive.
 *
 * @type {readonly PowerShellKind[]}
 */
export const windowsNodeKinds = [...NODE_FOLDERS].map(([version, folder]) => ({
  label: `Windows' Node ${version}`,
  path: powerShellPath(WINE_POWERSHELL) ? existing(join(folder, "node.exe")) : undefined,
  where: "PowerShell for Windows under Wine, what npm run engines fetches",
}));
