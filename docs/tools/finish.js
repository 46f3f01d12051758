// Turns the output of Astro into a site that works at any address, and on a disk: makes links relative, adds the content security policy,
// and builds the search index.
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join, posix } from "node:path";
import { scriptsOf, withPolicy } from "./policy.js";

function filesOf(dist, extension) {
  return readdirSync(dist, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(extension))
    .map((file) => file.replaceAll("\\", "/"));
}

/** Moves a list of pages to the folder of these pages: `fr/codes.html` becomes `fr/codes/index.html`. */
function moveLists(dist) {
  for (const file of filesOf(dist, ".html")) {
    const folder = file.replace(/\.html$/, "");
    if (existsSync(join(dist, folder))) {
      renameSync(join(dist, file), join(dist, folder, "index.html"));
    }
  }
}

/** The file of an address that starts at the root of the site. */
function fileOf(files, path) {
  const name = decodeURIComponent(path.slice(1)).replace(/\/$/, "");
  const page = name.replace(/\.html$/, "");
  return [`${page}/index.html`, `${page}.html`].find((file) => files.has(file)) ?? (name === "" ? "index.html" : name);
}

/** Replaces the addresses in a page that start at the root of the site. */
function withLinks(html, replace) {
  return html.replaceAll(
    /(\s(?:href|src|data-index)=")(\/(?!\/)[^"#?]*)/g,
    (_, before, path) => before + replace(path),
  );
}

/**
 * @param {string} dist The folder of the site.
 * @param {{ site?: string }} places The address of the site: the page for unknown addresses can't use relative links.
 */
export async function finishSite(dist, { site }) {
  moveLists(dist);
  const pages = filesOf(dist, ".html");
  const files = new Set(pages);
  const isOurs = (page) => page.startsWith("en/") || !page.includes("/");
  const known = new Set(pages.filter(isOurs).flatMap((page) => scriptsOf(readFileSync(join(dist, page), "utf8"))));
  const root = site ? new URL(site).pathname.replace(/\/$/, "") : "";
  for (const page of pages) {
    const path = join(dist, page);
    const html = readFileSync(path, "utf8");
    const toFile =
      page === "404.html"
        ? (address) => `${root}/${fileOf(files, address)}`
        : (address) => posix.relative(posix.dirname(page), fileOf(files, address)) || posix.basename(page);
    // Without a script, the page is light. Starlight's default is dark.
    const finished = withLinks(html, toFile).replace('data-theme="dark"', 'data-theme="light"');
    writeFileSync(path, withPolicy(finished, known));
  }
  await writeIndex(dist);
}

async function writeIndex(dist) {
  const pagefind = await import(new URL("../site/node_modules/pagefind/lib/index.js", import.meta.url).href);
  const { index } = await pagefind.createIndex({ excludeSelectors: [".sr-only", ".expressive-code .copy"] });
  const { errors } = await index.addDirectory({ path: dist });
  const { errors: notWritten } = await index.writeFiles({ outputPath: join(dist, "pagefind") });
  await pagefind.close();
  if (errors.length + notWritten.length > 0) {
    throw new Error([...errors, ...notWritten].join("\n"));
  }
}
