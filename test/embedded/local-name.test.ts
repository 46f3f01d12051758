import { describe, expect, it } from "vitest";
import { isLocalName } from "../../src/embedded/local-name.js";

describe("a local name", () => {
  it.each(["/a", "/a/ü 中", "/a/nul", "/a/b:c", "/a/..."])("is %j, elsewhere than on Windows", (name) => {
    expect(isLocalName(name, "linux")).toBe(true);
  });

  it.each(["", "a", "./a", "/", "/a/", "/a\0b", "C:\\a"])("is not %j, elsewhere than on Windows", (name) => {
    expect(isLocalName(name, "linux")).toBe(false);
  });

  it.each([
    "C:\\a",
    "c:/a/ü 中 😀",
    "C:\\a\\..\\b",
    "C:\\it's [x] $(y) `z`",
    "\\\\?\\C:\\a\\b.bin",
    "\\\\server\\share\\a",
    "//server/share/a",
    "\\\\?\\UNC\\server\\share\\a",
    "C:\\console",
    "C:\\com0",
    "C:\\nul_",
    "C:\\.nul",
  ])("is %j, on Windows", (name) => {
    expect(isLocalName(name, "win32")).toBe(true);
  });

  it.each([
    "a",
    "\\a",
    "/a",
    "C:a",
    "C:",
    "C:\\",
    "C:\\a\\",
    "C:\\a/",
    "\\\\server\\share",
    "\\\\server\\share\\",
    "C:\\a\0b",
    "C:\\a\nb",
    "C:\\a:b",
    'C:\\"a"',
    "C:\\a?",
    "C:\\a*",
    "C:\\a.",
    "C:\\a ",
    "C:\\..",
    "C:\\NUL",
    "C:\\a\\nul.txt",
    "C:\\aux .tar.gz",
    "C:\\COM1",
    "C:\\lpt\u00b2.bin",
    "C:\\CONIN$",
    "\\\\?\\C:\\con",
  ])("is not %j, on Windows", (name) => {
    expect(isLocalName(name, "win32")).toBe(false);
  });
});
