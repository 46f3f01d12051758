import { basename, dirname, join } from "node:path";

const FOLDER = join("ps", "BackgroundCopy");

/**
 * The module of the package, two folders above this file. A bundle has this code in a file of its own, and what lies two folders above
 * that does not belong to it: there, the module has no absolute path.
 */
export function ownModule(): string {
  const file: string | undefined = import.meta.filename;
  return file && /^module-path\.[jt]s$/.test(basename(file)) ? join(dirname(file), "..", "..", FOLDER) : FOLDER;
}

function isManifest(modulePath: string): boolean {
  return basename(modulePath).toLowerCase() === "backgroundcopy.psd1";
}

/** The folder of a module that is named by its folder or by its manifest. */
export function moduleFolder(modulePath: string): string {
  return isManifest(modulePath) ? dirname(modulePath) : modulePath;
}

/** The request loop of a module, without the commands for people that the manifest brings. */
export function hostModule(modulePath: string): string {
  return join(moduleFolder(modulePath), "host.psm1");
}

/** The files without which there is no such module: also the manifest that is named, although it is not loaded. */
export function neededFiles(modulePath: string): string[] {
  return [...(isManifest(modulePath) ? [modulePath] : []), hostModule(modulePath)];
}
