import { attributes, decoded, type Page } from "../../docs/tools/pages.js";

// Text that is not specific to a language: code, signatures, text marked as English, and the names of the languages.
const NOT_PROSE =
  /<(script|style|pre|code|svg)\b[\s\S]*?<\/\1>|<nav class="languages"[\s\S]*?<\/nav>|<(\w+)[^>]* lang="en">[\s\S]*?<\/\2>|<div class="tsd-signature[^>]*>[\s\S]*?<\/div>/g;

/** The texts of a page in the language of its site. */
export function prose({ html }: Page): string[] {
  const body = html.slice(html.indexOf("<body")).replace(NOT_PROSE, " ");
  const shown = body.replaceAll("<wbr/>", "").split(/<[^>]+>/);
  const labels = attributes(body, "aria-label", "placeholder", "title");
  return [...shown, ...labels].map((text) => decoded(text).replace(/\s+/g, " ").trim()).filter(Boolean);
}
