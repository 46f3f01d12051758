import { HOMEPAGE } from "../made/manifest.js";
import { environment } from "./environment.js";
import { negotiateLocale } from "./locale.js";
import type { Language } from "./messages.js";

/** Whether a text is the URL of a folder of pages. A URL with a fragment, such as `#readme`, is not the URL of a folder. */
export function isPageAddress(text: string): boolean {
  return URL.canParse(text) && /^(?:https?|file):/i.test(text) && !/[?#]/.test(text);
}

/**
 * The page of a code in the reference, below the URL of the caller, of the environment, or of the package, in this order. Undefined if
 * there is none, because a relative path would lead nowhere. A code without a name leads to the list of all codes.
 */
export function helpUrlOf({ locale, helpBaseUrl }: Language, code: string): string | undefined {
  const base = [helpBaseUrl, environment().BACKGROUND_COPY_HELP_URL, HOMEPAGE].find((each) => each);
  if (!base || !isPageAddress(base)) {
    return undefined;
  }
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/$/, "")}/${pageOf(locale, code)}`;
  return url.href;
}

/** The path of the page within the reference, which has the languages of this package. */
export function pageOf(locale: string, code: string): string {
  return `${negotiateLocale(locale)}/codes/${code.startsWith("0x") ? "index" : code}.html`;
}
