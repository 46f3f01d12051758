// The COM methods that have a page.
import { readFileSync } from "node:fs";

/** By method: the member of this package that calls it, and the facts of its documentation (`docs/methods.json`). */
export const methods = JSON.parse(readFileSync(new URL("../methods.json", import.meta.url), "utf8"));

export const METHODS = Object.keys(methods);
