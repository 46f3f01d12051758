import { existsSync, readdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { DIST } from "../../docs/tools/serve.js";
import { ROOT } from "./packed.js";

// What the site is made from; below docs/ also lie its own packages and what it is made of on the way.
const SOURCES = ["docs", "locales", "src", "ps"];
const NOT_SOURCES = /(?:^|[\\/])(?:node_modules|dist|made|content|\.astro)(?:[\\/]|$)/;

function isOlderThan(time: number, folder: string): string | undefined {
  const files = readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true });
  for (const entry of files) {
    const path = join(entry.parentPath, entry.name);
    // Each build of the package writes these into ps/: the folders of cultures, and the names of the codes.
    const isMade =
      folder === "ps" && (entry.parentPath !== join(ROOT, "ps", "BackgroundCopy") || entry.name === "hresults.json");
    if (entry.isFile() && !isMade && !NOT_SOURCES.test(relative(ROOT, path)) && statSync(path).mtimeMs > time) {
      return relative(ROOT, path);
    }
  }
  return undefined;
}

function missing(): string | undefined {
  const first = join(DIST, "index.html");
  if (!existsSync(first) || !existsSync(join(DIST, "pagefind", "pagefind.js"))) {
    return "not built: npm run docs";
  }
  const time = statSync(first).mtimeMs;
  const newer = SOURCES.map((folder) => isOlderThan(time, folder)).find(Boolean);
  return newer && `older than ${newer}: npm run docs`;
}

/** The site as `npm run docs` has built it, and why it can't be looked at, if so. */
export const site = { label: "the built site", folder: DIST, missing: missing() };
