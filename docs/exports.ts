// What the reference describes: the package, and its parts for many machines, for tests, and for web pages, side by side.
export * from "../src/index.js";
export * from "../src/fleet.js";
export * from "../src/testing.js";
export * from "../src/words.js";
