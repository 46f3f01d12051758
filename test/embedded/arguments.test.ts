import { describe, expect, it } from "vitest";
import { isRemoteUrl } from "../../src/embedded/arguments.js";

const START = "http://server/";

describe("a URL", () => {
  it.each([
    START,
    "https://server:8080/a%20b/c?*",
    "http://[::1]/file?a=b*c#part",
    `${START}${"é".repeat(10)}`,
    START + "a".repeat(260),
    `${START}${`${"a".repeat(199)}/`.repeat(10)}${"a".repeat(2_200 - START.length - 2_000)}`,
  ])("may be %j", (url) => {
    expect(isRemoteUrl(url)).toBe(true);
  });

  it.each([
    ["of another protocol", "ftp://server/file"],
    ["without a protocol", "server/file"],
    ["with a password", "http://user:secret@server/file"],
    ["with a NUL", `${START}a\0`],
    ["with a space", `${START}a b`],
    ["that begins with a line break", `\n${START}`],
    ["with a quotation mark", `${START}"a"`],
    ["with a backslash", "http://server\\file"],
    ["with a wildcard", `${START}*.bin`],
    ["with a part of more than 260 characters", START + "a".repeat(261)],
    [
      "of more than 2,200 characters",
      `${START}${`${"a".repeat(199)}/`.repeat(10)}${"a".repeat(2_201 - START.length - 2_000)}`,
    ],
  ])("is none %s", (_what, url) => {
    expect(isRemoteUrl(url)).toBe(false);
  });
});
