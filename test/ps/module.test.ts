import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { explain } from "../../src/words/explain.js";
import type { Locale } from "../../src/words/locale.js";
import { text } from "../../src/words/messages.js";
import interfaces from "../facts/com-interfaces.json" with { type: "json" };
import { ROOT } from "../support/packed.js";
import { ownPowerShells } from "../support/powershells.js";
import { runPowerShell } from "../support/run-powershell.js";

const MODULE = join(ROOT, "ps", "BackgroundCopy");
const files = readdirSync(MODULE).filter((name) => /\.ps[md]?1(xml)?$/.test(name));
const COMMANDS = [
  "Add-BackgroundCopyFile",
  "Complete-BackgroundCopyJob",
  "Get-BackgroundCopyFile",
  "Get-BackgroundCopyJob",
  "New-BackgroundCopyJob",
  "Resume-BackgroundCopyJob",
  "Set-BackgroundCopyJob",
  "Stop-BackgroundCopyJob",
  "Suspend-BackgroundCopyJob",
];
const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));

describe("the module's files", () => {
  it.each(files)("%s is ASCII, without tabs", (name) => {
    expect(readFileSync(join(MODULE, name), "latin1")).toMatch(/^[\n -~]*$/);
  });

  it.each(["BackgroundCopy.psd1", "loop.psm1", "host.psm1"])("%s has the version of the package", (name) => {
    const [, said] = /version\s*= '(.*)'/i.exec(readFileSync(join(MODULE, name), "utf8")) ?? [];
    expect(said).toBe(version);
  });
});

describe.each(ownPowerShells)("the module, $label", ({ path }) => {
  const pwsh = path as string;

  describe.skipIf(!path)("as it is loaded", () => {
    it("exports its commands and nothing else, in strict mode", async () => {
      const { stdout, stderr } = await runPowerShell(
        pwsh,
        "Set-StrictMode -Version Latest; $ErrorActionPreference = 'Stop'; $m = Import-Module $env:MODULE -PassThru; @($m.ExportedCommands.Keys | Sort-Object) -join ' '; @($m.ExportedVariables.Keys).Count + @($m.ExportedAliases.Keys).Count",
        { MODULE: join(MODULE, "BackgroundCopy.psd1") },
      );
      expect(stderr).toBe("");
      expect(stdout.trim().split("\n")).toEqual([COMMANDS.join(" "), "0"]);
    });

    it("has help for its commands", async () => {
      const { stdout } = await runPowerShell(
        pwsh,
        "Import-Module $env:MODULE; @(foreach ($c in (Get-Module BackgroundCopy).ExportedCommands.Keys) { $h = Get-Help $c -Full; @{ name = $c; synopsis = [string]$h.Synopsis; description = [string]$h.description.Text; without = @($h.parameters.parameter | Where-Object { -not $_.description.Text } | ForEach-Object { $_.name }); examples = @($h.examples.example).Count; inputs = [string]($h.inputTypes.inputType.type.name); outputs = [string]($h.returnValues.returnValue.type.name); notes = [string]$h.alertSet.alert.Text; links = @($h.relatedLinks.navigationLink).Count } }) | ConvertTo-Json -Compress -Depth 4",
        { MODULE: join(MODULE, "BackgroundCopy.psd1") },
      );
      const helps = JSON.parse(stdout) as { name: string; [part: string]: unknown }[];
      expect(helps.map(({ name }) => name).sort()).toEqual(COMMANDS);
      for (const { name, synopsis, description, without, examples, ...rest } of helps) {
        expect((synopsis as string).length, name).toBeGreaterThan(20);
        expect((description as string).length, name).toBeGreaterThan(50);
        expect(without, name).toEqual([]);
        expect(examples, name).toBeGreaterThanOrEqual(3);
        for (const [part, text] of Object.entries(rest)) {
          expect(text, `${part} of ${name}`).toBeTruthy();
        }
      }
    });

    it("asks before each of its changes where it is told to, and never for what it gets", async () => {
      const { stdout } = await runPowerShell(
        pwsh,
        "Import-Module $env:MODULE; (Get-Module BackgroundCopy).ExportedCommands.Values | Where-Object { $_.Parameters.ContainsKey('WhatIf') -and $_.Parameters.ContainsKey('Confirm') } | Sort-Object Name | ForEach-Object Name",
        { MODULE: join(MODULE, "BackgroundCopy.psd1") },
      );
      expect(stdout.trim().split("\n")).toEqual(COMMANDS.filter((name) => !name.startsWith("Get-")));
    });

    it("says that there is no COM here", async () => {
      const script =
        "Import-Module $env:MODULE; try { Stop-BackgroundCopyJob -Id 00000000-0000-4000-8000-000000000001 -ErrorAction Stop } catch { $_.FullyQualifiedErrorId; $_.CategoryInfo.Category; $_.Exception.Message }";
      const { stdout } = await runPowerShell(pwsh, script, { MODULE: join(MODULE, "BackgroundCopy.psd1") });
      if (process.platform !== "win32") {
        expect(stdout.split("\n")).toEqual(
          expect.arrayContaining(["UNSUPPORTED,Stop-BackgroundCopyJob", "NotImplemented"]),
        );
        expect(stdout).toContain("delivery-optimization");
        expect(stdout).not.toContain("{{");
      }
    });

    it.each([
      ["CoCreateInstance", "ERROR_FILE_NOT_FOUND"],
      ["CoCreateInstance", "ERROR_SERVICE_DISABLED"],
      ["CoCreateInstance", "E_ACCESSDENIED"],
      ["IBackgroundCopyManager::GetJob", "E_ACCESSDENIED"],
      ["IBackgroundCopyJob::AddFile", "ERROR_FILE_NOT_FOUND"],
    ])("has for %s and %s the words and the advice of the SDK", async (method, code) => {
      const { hresult, message, advice } = explain(code, { method, locale: "en" });
      const { stdout } = await runPowerShell(
        pwsh,
        `Import-Module "$env:MODULE"; $m = Get-HResultMessage ${(hresult as number) - 2 ** 32} '${method}'; $m.Text; $m.Advice`,
        { MODULE: join(MODULE, "messages.psm1"), LC_ALL: "C" },
      );
      expect(stdout.trim().split("\n")).toEqual([message, advice]);
    });

    it.skipIf(process.platform === "win32").each([
      ['"Mandatory Label\\High Mandatory Level","Label","S-1-16-12288",""', "12288"],
      ['"Verbindliche Beschriftung\\Mittlere Verbindlichkeitsstufe","Bezeichnung","S-1-16-8192",""', "8192"],
      ['"VM\\root"', ""],
    ])("reads the integrity level from what whoami prints: %s", async (line, level) => {
      const folder = mkdtempSync(join(tmpdir(), "background-copy-whoami-"));
      const program = join(folder, "whoami");
      // It ends only if it has an input of its own.
      const lines = ['"Jeder","Bekannte Gruppe","S-1-1-0","Verbindliche Gruppe"', line].map((text) => `echo '${text}'`);
      writeFileSync(program, `#!/bin/sh\ncat\necho "$@" >&2\n${lines.join("\n")}\n`, { mode: 0o755 });
      const script =
        "$m = Import-Module $env:MODULE -PassThru; '[{0}]' -f (& $m { Get-IntegrityLevel $args[0] } $env:PROGRAM); '[{0}]' -f (& $m { Get-IntegrityLevel '/none' })";
      const env = { MODULE: join(MODULE, "diagnose.psm1"), PROGRAM: program };
      const { stdout, stderr } = await runPowerShell(pwsh, script, env);
      rmSync(folder, { recursive: true });
      expect({ stdout, stderr }).toEqual({ stdout: `[${level}]\n[]\n`, stderr: "" });
    });

    it("speaks the language of the user", async () => {
      const script =
        "Import-Module $env:MODULE; try { Stop-BackgroundCopyJob -Id 00000000-0000-4000-8000-000000000001 -ErrorAction Stop } catch { $_.Exception.Message }";
      const said: string[] = [];
      for (const LC_ALL of [
        "C",
        "fr_CA.UTF-8",
        "pt_PT.UTF-8",
        "zh_HK.UTF-8",
        "de_AT.UTF-8",
        "it_IT.UTF-8",
        "zh_CN.UTF-8",
        "ja_JP.UTF-8",
      ]) {
        const { stdout } = await runPowerShell(pwsh, script, { MODULE: join(MODULE, "BackgroundCopy.psd1"), LC_ALL });
        said.push(stdout.trim());
      }
      const values = { service: "delivery-optimization", platform: "Unix" };
      const words = (locale: Locale) => text({ locale, wording: "documented" }, "bridge.UNSUPPORTED", values);
      const locales = ["en", "fr", "pt-BR", "zh-TW", "de", "it", "en", "en"] as const;
      if (process.platform !== "win32") {
        expect(said).toEqual(locales.map(words));
      }
    });

    it("asks for nothing with -WhatIf", async () => {
      const script =
        "Import-Module $env:MODULE; Stop-BackgroundCopyJob -Id 00000000-0000-4000-8000-000000000001 -WhatIf";
      const { stdout, stderr } = await runPowerShell(pwsh, script, { MODULE: join(MODULE, "BackgroundCopy.psd1") });
      expect(stderr).toBe("");
      expect(stdout).toContain("00000000-0000-4000-8000-000000000001");
    });

    it("calls each transfer policy what downloads call it", async () => {
      const { stdout } = await runPowerShell(
        pwsh,
        "Import-Module $env:MODULE; & (Get-Module download-properties) { $script:costPolicies } | ForEach-Object { '{0:x8}' -f $_ }",
        { MODULE: join(MODULE, "download-properties.psm1") },
      );
      const policies = {
        Always: "800000ff",
        Unrestricted: "80000021",
        Standard: "80000067",
        NoRoaming: "8000007f",
        NoSurcharge: "8000006f",
      };
      expect(stdout.trim().split("\n")).toEqual(Object.values(policies));
    });

    it("knows an error that passes by the zone of its code, which all of them have", async () => {
      const paused = 5;
      const states = { transient: 5, fatal: 4 };
      const failures = [
        ["80D03800", states.transient],
        ["80D03FFF", states.transient],
        ["80D037FF", states.fatal],
        ["80D04000", states.fatal],
        ["80073805", states.fatal],
      ] as const;
      const calls = failures.map(([hex]) => `ConvertTo-JobState ${paused} 0x${hex} 0`);
      const { stdout } = await runPowerShell(
        pwsh,
        `Import-Module $env:MODULE; & (Get-Module download-properties) { ${calls.join("; ")} }`,
        { MODULE: join(MODULE, "download-properties.psm1") },
      );
      expect(stdout.trim().split("\n").map(Number)).toEqual(failures.map(([, state]) => state));
    });

    it("has the interfaces of the documentation", async () => {
      const { stdout } = await runPowerShell(
        pwsh,
        "Import-Module $env:MODULE; & (Get-Module interfaces) { $script:interfaces } | ConvertTo-Json -Depth 5 -Compress",
        { MODULE: join(MODULE, "interfaces.psm1") },
      );
      const table = JSON.parse(stdout) as Record<string, { Iid: string; Base: string; Methods: string[] }>;
      const documented = Object.fromEntries(
        interfaces.map(({ name, iid, inherits, methods }) => [
          name,
          { Iid: iid, Base: inherits, Methods: methods.map(({ signature }) => notation(signature)) },
        ]),
      );
      expect(table).toEqual(documented);
      // The slots of the table are in order, so that their position is their slot.
      for (const { name, inherits, methods } of interfaces) {
        const first = inherits === "IUnknown" ? 3 : 3 + slotsOf(inherits);
        expect(
          methods.map(({ slot }) => slot),
          name,
        ).toEqual(methods.map((_, i) => first + i));
      }
    });

    it("makes a type of each interface, with the slots of its base before its own", async () => {
      const script =
        'Import-Module $env:MODULE; & (Get-Module com) { foreach ($name in $script:table.Keys) { $type = Get-ComInterface $name; "$name $($type.GUID) $($type.GetMethods().Count)" } }';
      const { stdout, stderr } = await runPowerShell(pwsh, script, { MODULE: join(MODULE, "com.psm1") });
      expect(stderr).toBe("");
      const expected = interfaces.map(({ name, iid }) => `${name} ${iid.toLowerCase()} ${slotsOf(name)}`);
      expect(stdout.trim().split("\n").sort()).toEqual(expected.sort());
    });
  });
});

/** The number of methods of an interface without those of IUnknown. */
function slotsOf(name: string): number {
  const found = interfaces.find((entry) => entry.name === name);
  return found ? found.methods.length + slotsOf(found.inherits) : 0;
}

// 16 bytes by value or by reference; .NET has no other name for the union.
const KINDS: Readonly<Record<string, string>> = {
  GUID: "guid",
  REFIID: "guid",
  BITS_JOB_PROPERTY_VALUE: "guid",
  BITS_FILE_PROPERTY_VALUE: "string",
  LPCWSTR: "string",
  LPWSTR: "string",
  VARIANT: "variant",
  ULONG: "uint",
  DWORD: "uint",
  UINT64: "ulong",
  ULONG64: "ulong",
};
const STRUCTURES =
  /^(BG_AUTH_CREDENTIALS|BG_FILE_INFO|BG_FILE_RANGE|BYTE|DO_DOWNLOAD_\w+|DOSwarmStats|BG_\w+_PROGRESS|BG_JOB_TIMES)$/;

/** The documented signature of a method, in the notation of the module's table. */
function notation(signature: string): string {
  const [, name, list = ""] = /^HRESULT (\w+)\((.*)\)$/.exec(signature) ?? [];
  return `${name}(${(list.match(/\[.*?\]\s*[^,]+/g) ?? []).map(parameter).join(", ")})`;
}

function parameter(text: string): string {
  const [, attributes = "", type = "", stars = "", array] =
    /^\[(.*?)\]\s*(?:const )?(\w+)\s*(\**)\s*\w+(\[\])?$/.exec(text.trim()) ?? [];
  const direction = attributes === "in, out" ? "ref " : attributes === "out" ? "out " : "";
  if (/^(I[A-Z]|void)/.test(type)) {
    return `${direction}unknown`;
  }
  if (STRUCTURES.test(type) || array) {
    // The caller provides the memory of a structure; only what the method allocates is an output.
    return stars === "**" ? "out pointer" : "pointer";
  }
  const byReference = stars === "*" && direction === "" && type !== "LPCWSTR";
  return `${byReference || type === "REFIID" ? "in " : direction}${KINDS[type] ?? "int"}`;
}
