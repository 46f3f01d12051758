import { attributes, decoded, type Page } from "../../docs/tools/pages.js";

// Content that does not depend on the language: code, pictures, text marked as English, and the names of the languages.
const NOT_PROSE =
  /<(script|style|template|pre|code|svg|language-select)\b[\s\S]*?<\/\1>|<!--[\s\S]*?-->|<(\w+)[^>]* lang="en"[^>]*>[\s\S]*?<\/\2>|<ul class="outcomes[\s\S]*?<\/ul>/g;

/** The texts of a page in the language of its site. */
export function prose({ html }: Page): string[] {
  const body = html.slice(html.indexOf("<body")).replace(NOT_PROSE, " ");
  const shown = body.replaceAll(/<wbr\s*\/?>/g, "").split(/<[^>]+>/);
  const labels = attributes(body, "aria-label", "placeholder", "title");
  return [...shown, ...labels].map((text) => decoded(text).replace(/\s+/g, " ").trim()).filter(Boolean);
}

/** The text of the main part of a page. */
export function mainText({ html }: Page): string {
  const [main = ""] = /<main\b[\s\S]*<\/main>/.exec(html) ?? [];
  return decoded(
    main.replaceAll(/<wbr\s*\/?>|<\/?(?:code|span|strong|a|p)\b[^>]*>/g, "").replaceAll(/<[^>]+>/g, " "),
  ).replaceAll(/\s+/g, " ");
}

/** The tables of a page, as the texts of their cells. */
export function tables({ html }: Page): string[][][] {
  const inside = (text: string, tag: string) =>
    [...text.matchAll(new RegExp(`<(${tag})\\b[^>]*>([\\s\\S]*?)</\\1>`, "g"))].map(([, , content = ""]) => content);
  const cells = (row: string) => inside(row, "t[hd]").map((cell) => decoded(cell.replaceAll(/<[^>]+>/g, "")));
  return inside(html, "table").map((table) => inside(table, "tr").map(cells));
}
