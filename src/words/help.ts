import { HOMEPAGE } from "../made/manifest.js";
import type { Locale } from "./locale.js";

/**
 * The page of a code in the reference: below the package's homepage, and as long as it has none, a path in the folder that
 * `npm run docs` writes. A code that has no name of its own leads to the list of all codes.
 */
export function helpUrlOf(locale: Locale, code: string): string {
  const page = `${locale}/codes/${code.startsWith("0x") ? "index" : code}.html`;
  return HOMEPAGE ? new URL(page, HOMEPAGE).href : page;
}
