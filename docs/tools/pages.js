// The built site, and the check of its links.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, relative } from "node:path";

/**
 * A page of the built site.
 *
 * @typedef {object} Page
 * @property {string} path Its path below the folder of all sites, `fr/guides/cancel.html`.
 * @property {string} html
 */

/**
 * All pages below a folder.
 *
 * @param {string} folder
 * @returns {Page[]}
 */
export function readPages(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".html"))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({ path: relative(folder, file).replaceAll("\\", "/"), html: readFileSync(file, "utf8") }));
}

const ENTITIES = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };

/** @param {string} text */
export function decoded(text) {
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name) => ENTITIES[name]);
}

/**
 * The values of attributes, of all elements that have them.
 *
 * @param {string} html
 * @param {...string} names
 */
export function attributes(html, ...names) {
  const pattern = new RegExp(`\\s(?:${names.join("|")})="([^"]*)"`, "g");
  return [...html.matchAll(pattern)].map(([, value]) => decoded(value));
}

/**
 * The broken links, and the links that make the browser load something from another server, one per line.
 *
 * @param {string} folder The folder of all sites.
 * @param {readonly Page[]} pages Its pages.
 */
export function problemsOfLinks(folder, pages) {
  const anchors = new Map(pages.map(({ path, html }) => [path, new Set(attributes(html, "id"))]));
  const isRight = (path, html, link) => {
    if (/^https:\/\//.test(link)) {
      // A link for readers, not a script, a style, or an image.
      return html.includes(`<a href="${link.replaceAll("&", "&amp;")}"`);
    }
    const [file, anchor] = link.split("#");
    const target = file === "" ? path : posix.normalize(posix.join(dirname(path), file.split("?")[0]));
    const isThere = anchors.has(target) || (!target.endsWith(".html") && existsSync(join(folder, target)));
    // A script inserts the icons.
    return isThere && (!anchor || link.startsWith("#icon-") || anchors.get(target)?.has(decodeURIComponent(anchor)));
  };
  return pages.flatMap(({ path, html }) =>
    [...new Set(attributes(html, "href", "src"))]
      .filter((link) => !isRight(path, html, link))
      .map((link) => `${path}: the link ${link} leads nowhere`),
  );
}
