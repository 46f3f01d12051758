import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { installPacked, type Project } from "./packed.js";
import { powerShellPath, WINE_POWERSHELL } from "./powershells.js";
import { makeWinePrefix, windowsPath, type WinePrefix } from "./wine.js";

declare module "vitest" {
  interface ProvidedContext {
    /** What a program needs to run in the Wine prefix of the tests in Windows' Node. */
    readonly wineEnvironment: Readonly<Record<string, string>>;
    /** Whether the stand-in transfer service is installed where this Node runs. */
    readonly standInIsInstalled: boolean;
    /** Whether the long form runs: each contract of the stand-in service and each change in a host that dies, and not the first alone. */
    readonly everything: boolean;
    /** A project with the packed package, where the tests can't make one themselves. */
    readonly packed: Project | null;
  }
}

/** Makes ready what the tests in one of Windows' Nodes share: a Wine prefix, in which they start PowerShell themselves. */
export async function setUp(
  project: TestProject,
  makePrefix: (windowsPowerShell: string) => Promise<WinePrefix>,
): Promise<() => void> {
  const windowsPowerShell = powerShellPath(WINE_POWERSHELL) as string;
  const prefix = await makePrefix(windowsPowerShell);
  // A share of this machine, as Windows has for its administrators.
  const server = join(prefix.path, "dosdevices", "unc", "localhost");
  mkdirSync(server, { recursive: true });
  symlinkSync(join(prefix.path, "drive_c"), join(server, "C$"));
  project.provide("pwsh", null);
  project.provide("winePowerShell", windowsPath(windowsPowerShell));
  project.provide("standInIsInstalled", false);
  project.provide("packed", null);
  project.provide("wineEnvironment", prefix.environment);
  return () => prefix.remove();
}

/** With Wine's BITS, and with the packed package. */
export default async function setup(project: TestProject): Promise<() => void> {
  const remove = await setUp(project, makeWinePrefix);
  const packed = installPacked();
  project.provide("packed", {
    folder: windowsPath(packed.folder),
    tarball: windowsPath(packed.tarball),
    files: packed.files,
  });
  return () => {
    packed.remove();
    remove();
  };
}
