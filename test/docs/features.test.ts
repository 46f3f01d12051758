import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { column, hasTitle, isTest, namedIn, namesTests } from "../support/named-tests.js";
import { ROOT } from "../support/packed.js";

// docs/features.md names a test for each feature of the package.

const OWN_COLUMN = 2;
const cells = column(readFileSync(join(ROOT, "docs", "features.md"), "utf8"), OWN_COLUMN).filter(
  (cell) => cell !== "background-copy",
);

describe("the table of features", () => {
  it("has nothing but names of tests in the package's own column", () => {
    expect(cells.length).toBeGreaterThan(25);
    expect(cells.filter((cell) => cell !== "no" && !namesTests(cell))).toEqual([]);
  });

  it.each(namedIn(cells))("names a test that there is: %s › %s", (file, title) => {
    expect(isTest(file, title)).toBe(true);
  });

  it("would see that a title is none", () => {
    expect(hasTitle('it("a title", () => {', "a title")).toBe(true);
    expect(hasTitle('it.each([1])(\n  "a title",', "a title")).toBe(true);
    expect(hasTitle('// "a title", as it was', "a title")).toBe(false);
    expect(hasTitle('it("a title and more", () => {', "a title")).toBe(false);
  });
});
