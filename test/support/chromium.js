// Plain JavaScript like powershells.js, which finds the other programs for the tests.
import { existsSync } from "node:fs";
import { onPath } from "./programs.js";

// Without a window, a page takes half of the processor time, so that Chromium is tried first.
const NAMES = [
  "chromium-headless-shell",
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
  "chrome.exe",
  "msedge.exe",
];

const { BACKGROUND_COPY_TEST_CHROMIUM } = process.env;

/** The browser for the tests of the reference, with its local path if it exists. */
export const chromium = {
  label: "Chromium",
  path:
    BACKGROUND_COPY_TEST_CHROMIUM && existsSync(BACKGROUND_COPY_TEST_CHROMIUM)
      ? BACKGROUND_COPY_TEST_CHROMIUM
      : onPath(...NAMES),
  where: "chromium-headless-shell, chromium, chrome, or msedge on PATH, or BACKGROUND_COPY_TEST_CHROMIUM",
};
