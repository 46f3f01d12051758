import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

/** A page of a site, read as far as the tests need it. */
export interface Page {
  /** Its path below the folder of all sites, `fr/guides/cancel.html`. */
  readonly path: string;
  readonly html: string;
}

/** All pages below a folder. */
export function readPages(folder: string): Page[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".html"))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({ path: relative(folder, file).replaceAll("\\", "/"), html: readFileSync(file, "utf8") }));
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };

export function decoded(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => ENTITIES[name] ?? "");
}

/** The values of an attribute, of all elements that have it. */
export function attributes(html: string, ...names: readonly string[]): string[] {
  const pattern = new RegExp(`\\s(?:${names.join("|")})="([^"]*)"`, "g");
  return [...html.matchAll(pattern)].map(([, value]) => decoded(value ?? ""));
}

// What is not written for people of one language: code, signatures, what is marked as English, and the languages' own names.
const NOT_PROSE =
  /<(script|style|pre|code|svg)\b[\s\S]*?<\/\1>|<nav class="languages"[\s\S]*?<\/nav>|<(\w+)[^>]* lang="en">[\s\S]*?<\/\2>|<div class="tsd-signature[^>]*>[\s\S]*?<\/div>/g;

/** The pieces of text that a page shows in the language of its site. */
export function prose({ html }: Page): string[] {
  const body = html.slice(html.indexOf("<body")).replace(NOT_PROSE, " ");
  const shown = body.replaceAll("<wbr/>", "").split(/<[^>]+>/);
  const labels = attributes(body, "aria-label", "placeholder", "title");
  return [...shown, ...labels].map((text) => decoded(text).replace(/\s+/g, " ").trim()).filter(Boolean);
}
