import { readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "../support/packed.js";

// What PowerShell reads of a module only with a signature, where the policy is AllSigned.
const REFUSED_UNSIGNED = [".ps1", ".psm1", ".psd1", ".ps1xml"];

describe("the page for deployment", () => {
  it("signs every file of the module that PowerShell may refuse", () => {
    const page = readFileSync(join(ROOT, "docs", "deployment.md"), "utf8");
    const [, patterns = ""] = /-Include (.+) \|$/m.exec(page) ?? [];
    const module = readdirSync(join(ROOT, "ps", "BackgroundCopy")).map((name) => extname(name));
    const needed = [...new Set(module)].filter((extension) => REFUSED_UNSIGNED.includes(extension));
    expect(patterns.split(", ").sort()).toEqual(needed.map((extension) => `*${extension}`).sort());
  });
});
