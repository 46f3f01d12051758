import { readFileSync } from "node:fs";

const manifest = new URL("../package.json", import.meta.url);

/** The version of this package, and of the module that belongs to it. */
export const VERSION: string = (JSON.parse(readFileSync(manifest, "utf8")) as { version: string }).version;
