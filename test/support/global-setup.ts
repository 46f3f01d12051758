import type { TestProject } from "vitest/node";
import { writeMade } from "../../src/build/made.js";
import { PWSH, powerShellPath, WINE_POWERSHELL } from "./powershells.js";
import { makeWinePrefix } from "./wine.js";

declare module "vitest" {
  interface ProvidedContext {
    /** The path of pwsh, or null if there is none. */
    readonly pwsh: string | null;
    /** The script that starts PowerShell for Windows under Wine, or null if there is none. */
    readonly winePowerShell: string | null;
  }
}

/** Prepares what the tests share: the current messages, and one Wine prefix for the whole run. */
export default async function setup(project: TestProject): Promise<(() => void) | undefined> {
  writeMade();
  project.provide("pwsh", powerShellPath(PWSH) ?? null);
  const windowsPowerShell = powerShellPath(WINE_POWERSHELL);
  const prefix = windowsPowerShell ? await makeWinePrefix(windowsPowerShell) : undefined;
  project.provide("winePowerShell", prefix?.executable ?? null);
  project.provide("standInIsInstalled", false);
  project.provide("packed", null);
  return prefix && (() => prefix.remove());
}
