import { HOMEPAGE } from "../made/manifest.js";
import type { Language } from "./messages.js";

/** Whether a text is the address of a folder of pages. An address that leads to a place in a page, `#readme`, is that of no folder. */
export function isPageAddress(text: string): boolean {
  return URL.canParse(text) && /^(?:https?|file):/i.test(text) && !/[?#]/.test(text);
}

/**
 * The page of a code in the reference, below the address that the caller names, else the environment, else the package itself. Undefined
 * where nobody names one: a relative path would lead nowhere. A code that has no name of its own leads to the list of all codes.
 */
export function helpUrlOf({ locale, helpBaseUrl }: Language, code: string): string | undefined {
  const base = [helpBaseUrl, globalThis.process?.env.BACKGROUND_COPY_HELP_URL, HOMEPAGE].find((each) => each);
  if (!base || !isPageAddress(base)) {
    return undefined;
  }
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/$/, "")}/${pageOf(locale, code)}`;
  return url.href;
}

/** The path of the page within the reference. */
export function pageOf(locale: string, code: string): string {
  return `${locale}/codes/${code.startsWith("0x") ? "index" : code}.html`;
}
