import type { TestProject } from "vitest/node";
import { writeMade } from "../../src/build/made.js";
import { PWSH, powerShellPath, WINE_POWERSHELL } from "./powershells.js";
import { makeWinePrefix } from "./wine.js";

declare module "vitest" {
  interface ProvidedContext {
    /** The path of pwsh, or null where there is none. */
    readonly pwsh: string | null;
    /** The script that stands for Windows' PowerShell under Wine, or null where there is none. */
    readonly winePowerShell: string | null;
  }
}

/** Makes ready what the tests share: the words as they are now, and one Wine prefix for the whole run. */
export default async function setup(project: TestProject): Promise<(() => void) | undefined> {
  writeMade();
  project.provide("pwsh", powerShellPath(PWSH) ?? null);
  const windowsPowerShell = powerShellPath(WINE_POWERSHELL);
  const prefix = windowsPowerShell ? await makeWinePrefix(windowsPowerShell) : undefined;
  project.provide("winePowerShell", prefix?.executable ?? null);
  return prefix && (() => prefix.remove());
}
