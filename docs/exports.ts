// What the reference describes: the package, and its part for tests, side by side.
export * from "../src/index.js";
export * from "../src/testing.js";
