// Plain JavaScript beside powershells.js, which looks for the other programs that the tests drive where they find them.
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome.exe", "msedge.exe"];

function onPath() {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
}

const { BACKGROUND_COPY_TEST_CHROMIUM } = process.env;

/** The browser that the tests of the reference drive, with its path on this machine, where it is there. */
export const chromium = {
  label: "Chromium",
  path:
    BACKGROUND_COPY_TEST_CHROMIUM && existsSync(BACKGROUND_COPY_TEST_CHROMIUM)
      ? BACKGROUND_COPY_TEST_CHROMIUM
      : onPath(),
  where: "chromium, chrome or msedge on PATH, or BACKGROUND_COPY_TEST_CHROMIUM",
};
