import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { helpTexts } from "../../src/build/powershell-help.js";
import fr from "../../locales/fr/help.json" with { type: "json" };
import zhTW from "../../locales/zh-TW/help.json" with { type: "json" };
import { ownPowerShells } from "../support/powershells.js";
import { runPowerShell } from "../support/run-powershell.js";

const MODULE = fileURLToPath(new URL("../../ps/BackgroundCopy/BackgroundCopy.psd1", import.meta.url));
const english = helpTexts();

interface Help {
  readonly synopsis: string;
  readonly parameter: string;
  readonly remark: string;
  readonly about: string;
}

describe.each(ownPowerShells)("Get-Help, in $label", ({ path }) => {
  describe.skipIf(!path)("as people call it", () => {
    async function ask<T>(culture: string, script: string): Promise<T> {
      const { stdout, stderr } = await runPowerShell(
        path as string,
        `[Console]::OutputEncoding = [Text.Encoding]::UTF8; [Threading.Thread]::CurrentThread.CurrentUICulture = '${culture}'; Import-Module $env:MODULE; ${script} | ConvertTo-Json -Compress -Depth 5`,
        { MODULE },
      );
      expect(stderr).toBe("");
      return JSON.parse(stdout) as T;
    }

    const HELP =
      "$h = Get-Help Stop-BackgroundCopyJob -Full; @{ synopsis = [string]$h.Synopsis; parameter = [string](@($h.parameters.parameter | Where-Object name -eq 'Id').description.Text); remark = [string](@($h.examples.example)[0].remarks.Text); about = [string](Get-Help about_BackgroundCopy) }";
    const stop = (part: string) => english["Stop-BackgroundCopyJob"]?.[part] as string;

    // Cultures without their own folder: their parents have one, or there is none.
    it.each([
      ["fr-CA", fr["Stop-BackgroundCopyJob"].synopsis.fr, fr["Stop-BackgroundCopyJob"]["parameter Id"].fr],
      ["fr-FR", fr["Stop-BackgroundCopyJob"].synopsis.fr, fr["Stop-BackgroundCopyJob"]["parameter Id"].fr],
      [
        "zh-TW",
        zhTW["Stop-BackgroundCopyJob"].synopsis["zh-TW"],
        zhTW["Stop-BackgroundCopyJob"]["parameter Id"]["zh-TW"],
      ],
      [
        "zh-HK",
        zhTW["Stop-BackgroundCopyJob"].synopsis["zh-TW"],
        zhTW["Stop-BackgroundCopyJob"]["parameter Id"]["zh-TW"],
      ],
      ["en-GB", stop("synopsis"), stop("parameter Id")],
      ["ja-JP", stop("synopsis"), stop("parameter Id")],
    ])("speaks the language of %s", async (culture, synopsis, parameter) => {
      expect(await ask<Help>(culture, HELP)).toMatchObject({ synopsis, parameter });
    });

    it("has the topic and the examples in the language", async () => {
      const { about, remark } = await ask<Help>("zh-TW", HELP);
      expect(about).toContain(zhTW.about_BackgroundCopy["4"]["zh-TW"]);
      expect(about).toContain("Stop-BackgroundCopyJob -WhatIf");
      expect(remark).toBe(zhTW["Stop-BackgroundCopyJob"]["example 1"]["zh-TW"]);
      expect((await ask<Help>("ja-JP", HELP)).about).toContain("SHORT DESCRIPTION");
    });

    it("keeps the space before a colon in a culture of France", async () => {
      const script =
        "[Threading.Thread]::CurrentThread.CurrentCulture = 'fr-FR'; Get-Help Set-BackgroundCopyJob -Full | Out-String";
      const shown = await ask<string>("fr-FR", script);
      expect(fr["Set-BackgroundCopyJob"].description.fr).toContain("\u00a0:");
      expect(shown).toContain("\u202f:");
    });

    it("says of every parameter what PowerShell knows of it", async () => {
      const script = `
      $texts = @{ help = @{}; declared = @{} };
      foreach ($c in Get-Command -Module BackgroundCopy) {
        $texts.help[$c.Name] = @((Get-Help $c.Name -Full).parameters.parameter | Sort-Object name | ForEach-Object { "$($_.name) $($_.type.name) $($_.required) $($_.position) $($_.pipelineInput) $($_.aliases) $($_.globbing)" });
        $texts.declared[$c.Name] = @($c.Parameters.Values | Where-Object { $_.Name -notin [Management.Automation.Cmdlet]::CommonParameters } | Sort-Object Name | ForEach-Object {
          $a = @($_.Attributes | Where-Object { $_ -is [Parameter] })[0]; $p = if ($a.Position -ge 0) { $a.Position } else { 'named' };
          $w = @(if ($a.ValueFromPipeline) { 'ByValue' }; if ($a.ValueFromPipelineByPropertyName) { 'ByPropertyName' }); $i = if ($w) { "True ($($w -join ', '))" } else { 'False' };
          $n = @($_.Aliases | Where-Object { $_ -notin 'wi', 'cf' }); $l = if ($n) { $n -join ', ' } else { 'none' };
          $g = @($_.Attributes | Where-Object { $_ -is [Management.Automation.SupportsWildcardsAttribute] }).Count -gt 0;
          "$($_.Name) $($_.ParameterType.Name) $($a.Mandatory) $p $i $l $g" }) };
      $texts`.replaceAll(/\n\s*/g, " ");
      type Parameters = Record<string, readonly string[]>;
      const { help, declared } = await ask<{ help: Parameters; declared: Parameters }>("de-DE", script);
      const lower = (all: Parameters) => JSON.parse(JSON.stringify(all).toLowerCase()) as Parameters;
      expect(Object.keys(declared)).toHaveLength(9);
      expect(lower(help)).toEqual(lower(declared));
    });
  });
});
