import stringWidth from "string-width";
import { beforeAll, describe, expect, it } from "vitest";
import { cut, table, type Column } from "../../src/cli/table.js";
import { loadWidths } from "../../src/cli/width.js";

beforeAll(loadWidths);

const JOB = "6f0f2b0c-6b1a-4f0e-9d38-0a54f2a1c3de";

const COLUMNS: readonly Column[] = [
  { title: "Job" },
  { title: "State" },
  { title: "Size", align: "right" },
  { title: "Name", shrinksTo: 8 },
  { title: "Created", optional: true },
];

function rows(...names: readonly string[]) {
  return names.map((name) => [
    { text: JOB },
    { text: "Transferring" },
    { text: "12 MB" },
    { text: name },
    { text: "2026-11-21 08:30" },
  ]);
}

describe("a table", () => {
  it("is as wide as what is in it where there is room", () => {
    expect(table(COLUMNS, rows("a", "a longer name"), 160)).toEqual([
      "Job                                   State          Size  Name           Created",
      `${JOB}  Transferring  12 MB  a              2026-11-21 08:30`,
      `${JOB}  Transferring  12 MB  a longer name  2026-11-21 08:30`,
    ]);
  });

  it("cuts long names first, and never an id", () => {
    const lines = table(COLUMNS, rows("n".repeat(200)), 100);
    expect(lines.map((line) => stringWidth(line))).toEqual([100 - "2026-11-21 08:30".length + "Created".length, 100]);
    expect(lines[1]).toMatch(new RegExp(`^${JOB} .* n+… {2}2026`));
  });

  it("leaves out what is optional where names would be cut too short", () => {
    expect(table(COLUMNS, rows("a longer name"), 70)).toEqual([
      "Job                                   State          Size  Name",
      `${JOB}  Transferring  12 MB  a longer n…`,
    ]);
  });

  it("gives the id a line of its own in a narrow window", () => {
    expect(table(COLUMNS, rows("a longer name"), 60)).toEqual([
      "Job",
      "  State          Size  Name           Created",
      JOB,
      "  Transferring  12 MB  a longer name  2026-11-21 08:30",
    ]);
  });

  it("keeps ids whole in a window that has no room for them", () => {
    expect(table(COLUMNS, rows("name"), 20)).toContain(JOB);
  });

  it("aligns Chinese, which takes two columns a character", () => {
    const lines = table(
      [{ title: "狀態" }, { title: "名稱" }],
      [
        [{ text: "傳輸中" }, { text: "更新" }],
        [{ text: "Error" }, { text: "update" }],
      ],
      80,
    );
    expect(lines).toEqual(["狀態    名稱", "傳輸中  更新", "Error   update"]);
    const starts = lines.map((line) => stringWidth(line.slice(0, line.search(/名|更|update/))));
    expect(new Set(starts)).toEqual(new Set([8]));
  });

  it("measures without colours", () => {
    const paint = (text: string) => `\x1b[31m${text}\x1b[39m`;
    const [, line = ""] = table([{ title: "A" }, { title: "B" }], [[{ text: "x", paint }, { text: "y" }]], 80);
    expect(line).toBe("\x1b[31mx\x1b[39m  y");
  });
});

describe("a text that is cut", () => {
  it.each([
    ["update", 6, "update"],
    ["updates", 6, "updat…"],
    ["更新更新", 8, "更新更新"],
    ["更新更新", 7, "更新更…"],
    ["更新更新", 6, "更新…"],
    ["👩‍👩‍👧‍👦 family", 4, "👩‍👩‍👧‍👦 …"],
    ["e\u0301e\u0301e\u0301", 2, "e\u0301…"],
  ])("%s has room in %i columns as %s", (text, width, expected) => {
    expect(cut(text, width)).toBe(expected);
    expect(stringWidth(cut(text, width))).toBeLessThanOrEqual(width);
  });
});
