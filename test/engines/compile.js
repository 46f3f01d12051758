// Compiles the PowerShell of the package ahead of time.
import { rename } from "node:fs/promises";
import { join } from "node:path";
import { run } from "./packages.js";

/**
 * What PowerShell loads at each start. The installers of PowerShell contain it compiled, but the package does not: .NET would compile it at
 * each start, which takes longer than the rest.
 */
const COMPILED = [
  "System.Management.Automation",
  "Microsoft.PowerShell.ConsoleHost",
  "Microsoft.PowerShell.Commands.Management",
  "Microsoft.PowerShell.Commands.Utility",
  "Microsoft.PowerShell.Security",
];

/**
 * Compiles a PowerShell.
 *
 * @param {string} compiler
 * @param {string} folder
 * @param {"linux" | "windows"} system
 * @param {readonly string[]} frameworks The folders of the .NET that it runs with.
 */
export async function compile(compiler, folder, system, frameworks) {
  const references = [folder, ...frameworks].flatMap((place) => ["-r", join(place, "*.dll")]);
  const target = ["--targetos", system, "--targetarch", "x64", "-O"];
  for (const file of COMPILED.map((name) => join(folder, `${name}.dll`))) {
    await run(compiler, [file, "-o", `${file}.compiled`, ...references, ...target]);
    await rename(`${file}.compiled`, file);
  }
}
