import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, inject, it } from "vitest";
import { printable } from "../../src/cli/printable.js";
import { ROOT } from "../support/packed.js";
import { PWSH } from "../support/powershells.js";
import { hostileText, runs, sampled } from "../support/property.js";
import { runPowerShell } from "../support/run-powershell.js";

const pwsh = inject("pwsh") as string;
const MODULE = join(ROOT, "ps", "BackgroundCopy");

// A text, with any halves of pairs in it.
const READ_TEXT = `function Read-Text([string] $Encoded) { $bytes = [Convert]::FromBase64String($Encoded); $chars = New-Object char[] ($bytes.Length / 2); [Buffer]::BlockCopy($bytes, 0, $chars, 0, $bytes.Length); -join $chars }`;

// Reads texts, one per line in base64, and writes what the views show of each in the same way.
const SHOW_TEXTS = `
Import-Module "$env:MODULE/BackgroundCopy.psd1"
${READ_TEXT}
$shown = foreach ($line in [IO.File]::ReadAllLines($env:TEXTS)) { $job = [pscustomobject]@{ PSTypeName = 'BackgroundCopy.Job'; DisplayName = Read-Text $line }; [Convert]::ToBase64String([Text.Encoding]::Unicode.GetBytes($job.ToShown('DisplayName'))) }
[IO.File]::WriteAllLines($env:SHOWN, [string[]]@($shown))
`;

// Makes the objects of the commands, each text of which is the one that it reads. Writes the output of their views, in this process and as
// objects that another process returned, and last the names of all properties.
const SHOW_OBJECTS = `
Import-Module "$env:MODULE/BackgroundCopy.psd1"
Import-Module "$env:MODULE/objects.psm1"
Import-Module "$env:MODULE/properties.psm1"
${READ_TEXT}
$text = Read-Text ([IO.File]::ReadAllText($env:TEXTS))
$file = @{ remoteName = $text; localName = $text; temporaryName = $text; bytesTotal = [uint64]1; bytesTransferred = [uint64]1; completed = $true; ranges = @() }
$failure = @{ hresult = 2147942405; context = 5; remoteName = $text; localName = $text; description = $text; contextDescription = $text; protocol = $text }
$all = @{ state = 4; displayName = $text; description = $text; owner = $text; replyFileName = $text; httpMethod = $text; error = $failure; files = @($file); refused = @{ }; customHeaders = "a: $text"; notifyCmdLine = @{ program = $text; parameters = $text }; proxySettings = @{ usage = 2; proxyList = $text; proxyBypassList = $text }; clientCertificate = @{ storeLocation = 0; storeName = $text; subjectName = $text } }
$job = ConvertTo-JobObject 'bits' ([guid]::Empty) $all $true
$result = [pscustomobject]@{ PSTypeName = 'BackgroundCopy.JobResult'; JobId = [guid]::Empty; Code = 'S_OK'; HResult = '0x00000000'; Message = ''; StateBefore = ''; StateAfter = ''; LeftoverFiles = @($text, $text); JobError = $job.Error }
$objects = $job, $job.Files[0], $job.Error, $result
$far = @($objects | ForEach-Object { [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($_)) })
$views = @(foreach ($object in $objects + $far) { $object | Out-String -Width 400; $object | Format-List | Out-String -Width 400 })
[IO.File]::WriteAllText($env:SHOWN, -join $views)
$detail = @(Get-JobProperty 'Get' $false | Where-Object { -not $_['Summary'] } | ForEach-Object { $_.Name }) + 'files', 'refused'
$summary = ConvertTo-JobObject 'bits' ([guid]::Empty) @{ state = 4 } $false
ConvertTo-Json -Compress @{ 'BackgroundCopy.Job' = @($summary.PSObject.Properties.Name) + $detail; 'BackgroundCopy.File' = @($job.Files[0].PSObject.Properties.Name); 'BackgroundCopy.JobError' = @($job.Error.PSObject.Properties.Name); 'BackgroundCopy.JobResult' = @($result.PSObject.Properties.Name) }
`;

/** Runs a script that writes a file, and returns its content and what the script said. */
async function written(script: string, texts: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), "background-copy-views-"));
  try {
    const files = { TEXTS: join(folder, "texts"), SHOWN: join(folder, "shown") };
    writeFileSync(files.TEXTS, texts.map((text) => Buffer.from(text, "utf16le").toString("base64")).join("\n"));
    const { stdout, stderr } = await runPowerShell(pwsh, script, { MODULE, ...files });
    expect(stderr).toBe("");
    return { stdout, file: readFileSync(files.SHOWN, "utf8") };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function shown(texts: readonly string[]): Promise<string[]> {
  const { file } = await written(SHOW_TEXTS, texts);
  const lines = file.trimEnd().split(/\r?\n/);
  return lines.map((line) => Buffer.from(line, "base64").toString("utf16le"));
}

const HIDDEN =
  "\x1b\x07\n\r\t\u00a0\u00ad\u202e\u2028\u3164\u115f\uffa0\u2800\ufe0f\u{e0041}\u{1d159}\u{13441}\ud800\udc00";

describe.skipIf(!pwsh)(`5: the views of the commands, ${PWSH}`, () => {
  it("5: show each text as the command line does", async () => {
    const hidden = fc.constantFrom(...HIDDEN);
    const text = fc.oneof(
      hostileText,
      fc.string({ unit: fc.oneof(hidden, fc.constantFrom("a", "中", "👩🏽", "\x1b[31m", "\\u{1B}")), maxLength: 20 }),
    );
    const texts = sampled(text, runs(300)).map((each) => each.slice(0, 300) || "x");
    expect(await shown(texts)).toEqual(texts.map(printable));
  });

  it("5: show each character as the command line does", async () => {
    const blocks = Array.from({ length: 0x110 }, (_, block) =>
      Array.from({ length: 0x1000 }, (_, i) => `${String.fromCodePoint(block * 0x1000 + i)}a`).join(""),
    );
    const all = await shown(blocks);
    expect(all.length).toBe(blocks.length);
    expect(blocks.filter((block, i) => all[i] !== printable(block))).toEqual([]);
  });

  it("5: leave nothing in any property for the terminal to obey, and leave out no property", async () => {
    const { file, stdout } = await written(SHOW_OBJECTS, [HIDDEN]);
    const lines = file.split(/\r?\n/);
    expect(lines.filter((line) => printable(line) !== line)).toEqual([]);
    expect(file).toMatch(/^Files +: \{@\{JobId=.*RemoteName=\\u\{1B\}/m);
    // Twenty of the properties are texts, and each is shown twice.
    expect(file.split("\\u{1B}").length).toBeGreaterThan(40);

    const views = readFileSync(join(MODULE, "BackgroundCopy.format.ps1xml"), "utf8").split("<View>");
    for (const [type, names] of Object.entries(JSON.parse(stdout) as Record<string, string[]>)) {
      const list = views.find((view) => view.includes(`<TypeName>${type}</TypeName>`) && view.includes("<ListItems>"));
      const labels = [...(list ?? "").matchAll(/<Label>(\w+)<\/Label><ScriptBlock>\$_\.ToShown\('\1'\)/g)];
      const pascal = names.map((name) => name.charAt(0).toUpperCase() + name.slice(1));
      expect(labels.map(([, label]) => label).sort(), type).toEqual(pascal.sort());
    }
  });
});
