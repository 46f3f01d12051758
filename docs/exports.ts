// What the reference describes: the package, and its parts for tests and for web pages, side by side.
export * from "../src/index.js";
export * from "../src/testing.js";
export * from "../src/words.js";
