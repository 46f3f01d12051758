import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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

// Files that requests never need: what the commands for people share, and what is for other computers.
const FOR_OTHERS = [
  "people",
  "values",
  "settings",
  "objects",
  "refusals",
  "messages",
  "shown",
  "relay",
  "session",
  "runner",
].map((name) => `${name}.psm1`);
const files = readdirSync(MODULE).filter((name) => /(?<!-commands?)\.psm1$/.test(name) && !FOR_OTHERS.includes(name));

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
    it("of all files that requests need", () => {
      expect(files.length).toBeGreaterThan(12);
    });

    it.each(files)("with the line, where %s has an error", async (file) => {
      let line = 0;
      const error = await refusalOf(executable as string, (folder) => {
        const script = readFileSync(join(folder, file), "utf8");
        line = script.split("\n").length;
        writeFileSync(join(folder, file), `${script}function Test-Error { @{ a = } }\n`);
      });
      expect(error).toMatchObject({ code: "MODULE_BROKEN", outcome: "not sent" });
      for (const locale of LOCALES) {
        expect(error.localize(locale)).toContain(file);
        expect(error.localize(locale)).toMatch(new RegExp(`\\b${line}\\b`));
      }
      // PowerShell's own message.
      expect(error.diagnostics.join("\n")).toContain("Test-Error");
    });

    it.each(["jobs.psm1", "downloads.psm1"])("by its path, where %s is missing", async (file) => {
      const error = await refusalOf(executable as string, (folder) => rmSync(join(folder, file)));
      expect(error).toMatchObject({ code: "MODULE_NOT_FOUND", outcome: "not sent" });
      expect(error.message).toContain(file);
    });

    it("where a file fails when it is run", async () => {
      const error = await refusalOf(executable as string, (folder) => {
        const file = join(folder, "changes.psm1");
        writeFileSync(file, `# \u4e2d\n[NoSuch.Type]::new()\n${readFileSync(file, "utf8")}`);
      });
      expect(error).toMatchObject({ code: "MODULE_BROKEN" });
      expect(error.message).toContain("changes.psm1");
      expect(error.message).toMatch(/\b2\b/);
      expect(error.diagnostics.join("\n")).toContain("NoSuch.Type");
    });
  });
});
