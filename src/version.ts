import { readFileSync } from "node:fs";

const file = new URL("../package.json", import.meta.url);
const manifest = JSON.parse(readFileSync(file, "utf8")) as { version: string; homepage?: string };

/** The version of this package, and of the module that belongs to it. */
export const VERSION: string = manifest.version;

/** Where the reference is published, with a slash at its end; nothing as long as that is nowhere. */
export const HOMEPAGE: string | undefined = manifest.homepage;
