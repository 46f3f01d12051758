import { existsSync, readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { candidates } from "../../src/powershell/locate.js";
import { HostProcess } from "../../src/powershell/process.js";
import { ROOT } from "../support/packed.js";

// The files of a module that PowerShell loads only with a signature if the policy is AllSigned.
const REFUSED_UNSIGNED = [".ps1", ".psm1", ".psd1", ".ps1xml"];

const PAGE = readFileSync(join(ROOT, "docs", "deployment.md"), "utf8");

describe("the page for deployment", () => {
  // On systems with a program that prints its arguments.
  it.skipIf(!existsSync("/bin/echo"))("has the command line that is run", async () => {
    const [, program, line = ""] = /^```\n(\S+) (.+)\n```$/m.exec(PAGE) ?? [];
    expect(candidates(undefined, {}, "win32")).toContain(program?.replace("%SystemRoot%", "C:\\Windows"));
    const process = new HostProcess({ executable: "/bin/echo", environment: {}, executionPolicy: "RemoteSigned" });
    let said = "";
    process.onOutput(
      (text) => {
        said += text;
      },
      () => {},
    );
    await process.exit;
    expect(said.trim()).toBe(line.replace("-MTA ", ""));
  });

  it("signs every file of the module that PowerShell may refuse", () => {
    const [, patterns = ""] = /-Include (.+) \|$/m.exec(PAGE) ?? [];
    const module = readdirSync(join(ROOT, "ps", "BackgroundCopy")).map((name) => extname(name));
    const needed = [...new Set(module)].filter((extension) => REFUSED_UNSIGNED.includes(extension));
    expect(patterns.split(", ").sort()).toEqual(needed.map((extension) => `*${extension}`).sort());
  });
});
