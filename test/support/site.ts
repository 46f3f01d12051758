import { existsSync, readdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { DIST } from "../../docs/tools/serve.js";
import { ROOT } from "./packed.js";

// The sources of the site. docs/ also contains the packages of the site and intermediate files.
const SOURCES = ["docs", "locales", "src", "ps"];
const NOT_SOURCES = /(?:^|[\\/])(?:node_modules|dist|made|content|\.astro)(?:[\\/]|$)/;

function isOlderThan(time: number, folder: string): string | undefined {
  const files = readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true });
  for (const entry of files) {
    const path = join(entry.parentPath, entry.name);
    // Each build of the package writes these into ps/: the folders of cultures, the names of the codes, and the file of the host.
    const isMade =
      folder === "ps" &&
      (entry.parentPath !== join(ROOT, "ps", "BackgroundCopy") || ["hresults.json", "host.psm1"].includes(entry.name));
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

/** The site that `npm run docs` built, or the reason why it can't be checked. */
export const site = { label: "the built site", folder: DIST, missing: missing() };
