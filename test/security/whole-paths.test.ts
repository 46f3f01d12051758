import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { BackgroundCopyManager } from "../../src/index.js";
import { candidates } from "../../src/powershell/locate.js";
import { isWholePath } from "../../src/port/whole-path.js";
import { ROOT } from "../support/packed.js";
import { PWSH } from "../support/powershells.js";
import { hostileText, runs } from "../support/property.js";

describe("14: a path on Windows that lies on no drive", () => {
  it.each([
    ["\\tools", false],
    ["/tools", false],
    ["tools", false],
    ["C:tools", false],
    ["C:", false],
    ["1:\\tools", false],
    ["", false],
    ["C:\\tools", true],
    ["c:/tools", true],
    ["\\\\server\\share\\tools", true],
    ["\\\\?\\C:\\tools", true],
  ])("14: %j is whole: %j", (path, expected) => {
    expect(isWholePath(path, true)).toBe(expected);
  });

  it("14: is not searched for pwsh", () => {
    const PATH = '\\tools;/tools;/\\;C:tools;"\\a;b";C:\\Program Files\\PowerShell\\7';
    expect(candidates("pwsh", { PATH }, "win32")).toEqual(["C:\\Program Files\\PowerShell\\7\\pwsh.exe"]);
  });

  it("14: is never searched, whatever PATH says", () => {
    const start = fc.constantFrom("", "\\", "/", "C:", "C:\\", "c:/", "\\\\s\\", '"', '"\\', ".", "..\\");
    const path = fc.array(fc.tuple(start, hostileText).map((parts) => parts.join(""))).map((parts) => parts.join(";"));
    fc.assert(
      fc.property(path, (PATH) => {
        const found = candidates("pwsh", { PATH }, "win32");
        expect(found.filter((one) => !/^(?:[a-z]:\\|\\\\[^\\])/i.test(one))).toEqual([]);
      }),
      runs(1_000),
    );
  });
});

describe("14: a module that is not there", () => {
  const pwsh = inject("pwsh");
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "background-copy-module-"));
    cpSync(join(ROOT, "ps", "BackgroundCopy"), folder, { recursive: true });
    rmSync(join(folder, "BackgroundCopy.psd1"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.skipIf(!pwsh).each(["BackgroundCopy.psd1", "Other.psd1", "no/BackgroundCopy.psd1", "host.psm1"])(
    `14: is not loaded from beside %s (${PWSH})`,
    async (name) => {
      const options = { service: "bits", executable: pwsh as string, modulePath: join(folder, name) } as const;
      await expect(BackgroundCopyManager.connect(options)).rejects.toMatchObject({ code: "MODULE_NOT_FOUND" });
    },
  );
});
