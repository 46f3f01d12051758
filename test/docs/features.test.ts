import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "../support/packed.js";

// docs/features.md names a test for each feature of the package.

const OWN_COLUMN = 2;
const cells = readFileSync(join(ROOT, "docs", "features.md"), "utf8")
  .split("\n")
  .filter((line) => line.startsWith("| "))
  .map((line) => (line.split("|")[OWN_COLUMN] as string).trim())
  .filter((cell) => cell !== "background-copy" && !/^-+$/.test(cell));
const NAME = "`([^`]+) › ([^`]+)`";
const named = cells.flatMap((cell) =>
  [...cell.matchAll(new RegExp(NAME, "g"))].map(([, file, title]) => [file, title]),
);

/** Whether that source contains a test with that title. */
function has(source: string, title: string): boolean {
  const literal = JSON.stringify(title).replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  return new RegExp(`\\(\\s*${literal},`).test(source);
}

describe("the table of features", () => {
  it("has nothing but names of tests in the package's own column", () => {
    expect(cells.length).toBeGreaterThan(25);
    expect(cells.filter((cell) => cell !== "no" && !new RegExp(`^${NAME}(; ${NAME})*$`).test(cell))).toEqual([]);
  });

  it.each(named)("names a test that there is: %s › %s", (file = "", title = "") => {
    const path = join(ROOT, "test", file);
    expect(existsSync(path)).toBe(true);
    expect(has(readFileSync(path, "utf8"), title)).toBe(true);
  });

  it("would see that a title is none", () => {
    expect(has('it("a title", () => {', "a title")).toBe(true);
    expect(has('it.each([1])(\n  "a title",', "a title")).toBe(true);
    expect(has('// "a title", as it was', "a title")).toBe(false);
    expect(has('it("a title and more", () => {', "a title")).toBe(false);
  });
});
