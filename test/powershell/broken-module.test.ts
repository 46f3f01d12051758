import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, inject } from "vitest";
import { openPowerShellService } from "../../src/powershell/index.js";
import { BridgeError } from "../../src/words/errors.js";
import { LOCALES } from "../../src/words/locale.js";
import { ROOT } from "../support/packed.js";
import { ownPowerShells, WINE_POWERSHELL } from "../support/powershells.js";

const MODULE = join(ROOT, "ps", "BackgroundCopy");
const NOBODY = "nobody";

/** The file of all requests. */
const HOST = "host.psm1";

/** The outcome of connecting with a copy of the module in which a file was changed. */
async function refusalOf(executable: string, damage: (folder: string) => void): Promise<BridgeError> {
  const folder = mkdtempSync(join(tmpdir(), "background-copy-broken-"));
  try {
    cpSync(MODULE, folder, { recursive: true });
    damage(folder);
    const opening = openPowerShellService({
      service: "bits",
      executable,
      modulePath: join(folder, "BackgroundCopy.psd1"),
      language: { locale: "en", wording: "documented" },
    });
    const error = await opening.then(
      () => NOBODY,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(BridgeError);
    return error as BridgeError;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe.each<{ label: string; path: string | null | undefined }>([
  ...ownPowerShells,
  { label: WINE_POWERSHELL, path: inject("winePowerShell") },
])("a module that can't be loaded, $label", ({ path: executable }) => {
  describe.skipIf(!executable)("is told at connect", () => {
    it("with the line, where it has an error", async () => {
      let line = 0;
      const error = await refusalOf(executable as string, (folder) => {
        const script = readFileSync(join(folder, HOST), "utf8");
        line = script.split("\n").length;
        writeFileSync(join(folder, HOST), `${script}function Test-Error { @{ a = } }\n`);
      });
      expect(error).toMatchObject({ code: "MODULE_BROKEN", outcome: "not sent" });
      for (const locale of LOCALES) {
        expect(error.localize(locale)).toContain(HOST);
        expect(error.localize(locale)).toMatch(new RegExp(`\\b${line}\\b`));
      }
      // PowerShell's own message.
      expect(error.diagnostics.join("\n")).toContain("Test-Error");
    });

    it("where the file for requests is missing", async () => {
      const error = await refusalOf(executable as string, (folder) => rmSync(join(folder, HOST)));
      expect(error).toMatchObject({ code: "MODULE_NOT_FOUND", outcome: "not sent" });
    });

    it("where it fails when it is run", async () => {
      const error = await refusalOf(executable as string, (folder) => {
        const file = join(folder, HOST);
        writeFileSync(file, `# \u4e2d\n[NoSuch.Type]::new()\n${readFileSync(file, "utf8")}`);
      });
      expect(error).toMatchObject({ code: "MODULE_BROKEN" });
      expect(error.message).toContain(HOST);
      expect(error.message).toMatch(/\b2\b/);
      expect(error.diagnostics.join("\n")).toContain("NoSuch.Type");
    });
  });
});
