import { describe, expect, it } from "vitest";
import { lineReader } from "../../src/powershell/lines.js";

describe("lineReader", () => {
  it.each([
    [["one\ntwo\n"], ["one", "two"]],
    [
      ["on", "e\r", "\ntw", "o\n"],
      ["one", "two"],
    ],
    [["\n\n"], ["", ""]],
    [["unfinished"], []],
    [["a\n", "b"], ["a"]],
  ])("cuts %j into %j", (chunks, lines) => {
    const read: string[] = [];
    const push = lineReader((line) => read.push(line));
    chunks.forEach((chunk) => {
      push(chunk);
    });
    expect(read).toEqual(lines);
  });

  it("keeps no more of a line than it was told to", () => {
    const read: string[] = [];
    const push = lineReader((line) => read.push(line), 5);
    for (const chunk of ["abc", "def", "ghi\nsho", "rt\n", "exact\nxxxxxx\n"]) {
      push(chunk);
    }
    expect(read).toEqual(["abcde", "short", "exact", "xxxxx"]);
  });

  it("takes a long line in many pieces in a time that grows with its length alone", () => {
    let length = 0;
    const push = lineReader((line) => {
      length = line.length;
    });
    for (let i = 0; i < 16_384; i++) {
      push("x".repeat(1024));
    }
    push("\n");
    expect(length).toBe(16 * 1024 * 1024);
  });
});
