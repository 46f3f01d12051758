import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./packed.js";

// Pages name tests as `file › title`, below test/.

const NAME = "`([^`]+) › ([^`]+)`";
const ALL = new RegExp(`^${NAME}(; ${NAME})*$`);

/** The cells of a column of the tables in a text, the first being 1. The heads of the tables are among them. */
export function column(text: string, number: number): string[] {
  return text
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .map((line) => (line.split("|")[number] as string).trim())
    .filter((cell) => !/^-+$/.test(cell));
}

/** Whether a cell contains nothing but names of tests. */
export function namesTests(cell: string): boolean {
  return ALL.test(cell);
}

/** The file and the title of each test that is named. */
export function namedIn(cells: readonly string[]): [file: string, title: string][] {
  return cells.flatMap((cell) =>
    [...cell.matchAll(new RegExp(NAME, "g"))].map(([, file = "", title = ""]): [string, string] => [file, title]),
  );
}

/** Whether that source contains a test with that title. */
export function hasTitle(source: string, title: string): boolean {
  const literal = JSON.stringify(title).replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  return new RegExp(`\\(\\s*${literal},`).test(source);
}

/** Whether the file contains a test with that title. */
export function isTest(file: string, title: string): boolean {
  const path = join(ROOT, "test", file);
  return existsSync(path) && hasTitle(readFileSync(path, "utf8"), title);
}
