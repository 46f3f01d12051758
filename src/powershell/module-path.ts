import { basename, dirname, join } from "node:path";

const FOLDER = join("ps", "BackgroundCopy");

/**
 * The module of the package, two folders above this file. In a bundle, this code can be anywhere, and the folder two levels up is not
 * part of it: the module then has no absolute path.
 */
export function ownModule(): string {
  const file: string | undefined = import.meta.filename;
  return file && /^module-path\.[jt]s$/.test(basename(file)) ? join(dirname(file), "..", "..", FOLDER) : FOLDER;
}

function isManifest(modulePath: string): boolean {
  return basename(modulePath).toLowerCase() === "backgroundcopy.psd1";
}

/** The folder of a module, from the path of its folder or of its manifest. */
export function moduleFolder(modulePath: string): string {
  return isManifest(modulePath) ? dirname(modulePath) : modulePath;
}

/** The request loop of a module, without the commands for people that the manifest loads. */
export function hostModule(modulePath: string): string {
  return join(moduleFolder(modulePath), "host.psm1");
}

/** The files that a module must have, including the specified manifest, although it is not loaded. */
export function neededFiles(modulePath: string): string[] {
  return [...(isManifest(modulePath) ? [modulePath] : []), hostModule(modulePath)];
}
