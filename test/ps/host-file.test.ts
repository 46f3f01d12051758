import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PARTS, writeHostFile } from "../../src/build/host-file.js";
import { ROOT } from "../support/packed.js";

const MODULE = join(ROOT, "ps", "BackgroundCopy");

describe("the file that the host imports", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "background-copy-host-file-"));
    cpSync(MODULE, folder, { recursive: true });
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const read = (name: string) => readFileSync(join(folder, name), "utf8");

  it("is that of the files next to it, with each of their functions, no import, and no comment", () => {
    const built = read("host.psm1");
    writeHostFile(folder);
    expect(read("host.psm1")).toBe(built);
    for (const name of PARTS) {
      for (const [definition] of read(`${name}.psm1`).matchAll(/^function .*$/gm)) {
        expect(built.split(definition)).toHaveLength(2);
      }
    }
    expect(built).not.toMatch(/\bImport-Module\b/);
    expect(built.match(/^\s*#/gm)).toHaveLength(1);
  });

  it("contains each file after all that it imports", () => {
    for (const [i, name] of PARTS.entries()) {
      const imported = [...read(`${name}.psm1`).matchAll(/^Import-Module .*\$PSScriptRoot\/([\w-]+)\.psm1/gm)];
      expect(PARTS.slice(0, i)).toEqual(expect.arrayContaining(imported.map(([, other]) => other)));
    }
  });

  it.each([
    ["function", "function Close-JobList { }"],
    ["variable", "$script:classIds = @{ }"],
  ])("is not made of two files that define the same %s", (_kind, definition) => {
    writeFileSync(join(folder, "jobs.psm1"), `${read("jobs.psm1")}${definition}\n`);
    expect(() => writeHostFile(folder)).toThrow(/Two files of the module define (Close-JobList|classIds)\./);
  });
});
