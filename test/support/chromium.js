// Plain JavaScript beside powershells.js, which looks for the other programs that the tests drive where they find them.
import { existsSync } from "node:fs";
import { onPath } from "./programs.js";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome.exe", "msedge.exe"];

const { BACKGROUND_COPY_TEST_CHROMIUM } = process.env;

/** The browser that the tests of the reference drive, with its path on this machine, where it is there. */
export const chromium = {
  label: "Chromium",
  path:
    BACKGROUND_COPY_TEST_CHROMIUM && existsSync(BACKGROUND_COPY_TEST_CHROMIUM)
      ? BACKGROUND_COPY_TEST_CHROMIUM
      : onPath(...NAMES),
  where: "chromium, chrome or msedge on PATH, or BACKGROUND_COPY_TEST_CHROMIUM",
};
