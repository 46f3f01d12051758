import { describe, expect, it } from "vitest";
import { wildcard } from "../../src/calls/wildcard.js";

// The results of `text -like pattern` in PowerShell 7.6; undefined if the pattern is not valid.
describe("wildcard", () => {
  it.each([
    ["", "", true],
    ["", "*", true],
    ["a", "", false],
    ["update 1", "UPDATE*", true],
    ["an update", "update*", false],
    ["a\nb", "a*b", true],
    ["ab", "a?", true],
    ["a", "a?", false],
    ["a", "[a", undefined],
    ["a", "[]", undefined],
    ["b", "[c-a]", undefined],
    ["B", "[a-c]", true],
    ["d", "[a-c-e]", false],
    ["-", "[a-c-e]", true],
    ["-", "[a-]", true],
    ["b", "[a-]", false],
    ["-", "[-a]", true],
    ["]", "[]]", true],
    ["a]", "[a]]", true],
    ["^", "[^a]", true],
    ["b", "[^a]", false],
    ["!", "[!a]", true],
    ["b", "[!a]", false],
    ["[", "[[]", true],
    ["a*", "a[*]", true],
    ["ab", "a[*]", false],
    ["a", "[`a]", true],
    ["]", "[`]]", true],
    ["*", "`*", true],
    ["x", "`*", false],
    ["a[b", "a`[b", true],
    ["a`", "a`", true],
    ["\\", "\\", true],
    ["a.c", "a.c", true],
    ["abc", "a.c", false],
    ["(a|b)", "(a|b)", true],
    ["É", "é", true],
    ["ß", "SS", false],
  ])("tests %j with %j", (text, pattern, expected) => {
    expect(wildcard(pattern)?.(text)).toBe(expected);
  });
});
