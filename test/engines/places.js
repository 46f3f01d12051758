// The locations of the downloaded engines. A folder exists only if it is complete, so its existence is all that callers check.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DOTNET_32, DOTNET_FOR_WINDOWS, NEARLY_NODES, NODES_FOR_WINDOWS, POWERSHELL, REFERENCES } from "./pins.js";

/** The folder of all engines, which Git ignores. */
export const ENGINES = fileURLToPath(new URL("../../.engines", import.meta.url));

/** Contains the trees of the package, `unix` and `win`, a program in `unix`, and for 32-bit .NET another `win`, which is not compiled. */
export const POWERSHELL_FOLDER = join(ENGINES, `powershell-${POWERSHELL.version}-compiled`);
export const FETCHED_PWSH = join(POWERSHELL_FOLDER, "unix", "pwsh");
export const NOT_COMPILED = join(POWERSHELL_FOLDER, "win-not-compiled");
export const FETCHED_WINDOWS_PWSH = join(POWERSHELL_FOLDER, "win", "pwsh.exe");

/** The layout of .NET on Windows: `host/fxr` and `shared`. */
export const DOTNET_FOLDER = join(ENGINES, `dotnet-win-x64-${DOTNET_FOR_WINDOWS.version}`);

/** Contains the 32-bit .NET for Windows, and a program that becomes PowerShell with it. */
export const FOLDER_32 = `${POWERSHELL_FOLDER}-win-x86-${DOTNET_32.runtime.version}`;
export const FETCHED_PWSH_32 = join(FOLDER_32, "pwsh.exe");

/** The 32-bit part of the Wine of this machine, in the layout of WINEDLLPATH. */
export const WINE_32_FOLDER = join(ENGINES, "wine-32");

/** The folders of the versions of Node for Windows; the program in each is `node.exe`. */
export const NODE_FOLDERS = new Map(
  NODES_FOR_WINDOWS.map(({ version }) => [version, join(ENGINES, `node-windows-${version}`)]),
);

/** The folder of each runtime that is almost Node, by label. The name of the program is the label. */
export const NEARLY_NODE_FOLDERS = new Map(
  NEARLY_NODES.map(({ label, version }) => [label, join(ENGINES, `${label.toLowerCase()}-${version}`)]),
);

/** The reference assemblies for Windows PowerShell 5.1 in `assemblies`, and the library that reads them. */
export const REFERENCES_FOLDER = join(
  ENGINES,
  `references-${REFERENCES.framework.id.split(".").at(-1)}-${REFERENCES.powerShell.version}`,
);
