import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
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

/**
 * The folder for temporary files of tests and of all programs that they start, so that nothing of them remains. Its name is short, because
 * the path of a socket is limited.
 */
function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "bc-"));
  for (const name of process.platform === "win32" ? ["TEMP", "TMP"] : ["TMPDIR"]) {
    process.env[name] = folder;
  }
  return folder;
}

/** Prepares what the tests share: the current messages, a temporary folder, and one Wine prefix for the whole run. */
export default async function setup(project: TestProject): Promise<() => void> {
  writeMade();
  const folder = temporaryFolder();
  project.provide("pwsh", powerShellPath(PWSH) ?? null);
  const windowsPowerShell = powerShellPath(WINE_POWERSHELL);
  const prefix = windowsPowerShell ? await makeWinePrefix(windowsPowerShell) : undefined;
  project.provide("winePowerShell", prefix?.executable ?? null);
  project.provide("standInIsInstalled", false);
  project.provide("packed", null);
  return () => {
    prefix?.remove();
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  };
}
