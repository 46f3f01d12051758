// The COM methods that have pages.
import { readFileSync } from "node:fs";

/** By method, what it is called by here, and the facts of its documentation: `docs/methods.json`. */
export const methods = JSON.parse(readFileSync(new URL("../methods.json", import.meta.url), "utf8"));

export const METHODS = Object.keys(methods);
