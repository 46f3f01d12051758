import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { those, topicExamples } from "../support/examples.js";
import { type Finding, findNewerLanguage, references, ruleNames } from "../support/newer-language.js";
import { ROOT } from "../support/packed.js";
import { PWSH } from "../support/powershells.js";
import { runPowerShell } from "../support/run-powershell.js";
import { EXAMPLES, MEMBER_EXAMPLES } from "./newer-language.cases.js";

const MODULE = join(ROOT, "ps", "BackgroundCopy");
const FAR_COM = join(ROOT, "test", "support", "far-com");
const pwsh = inject("pwsh") as string;
const allExamples = { ...EXAMPLES, ...(references.path && MEMBER_EXAMPLES) };

// Code that the rules for types and members can't decide.
const EXCEPTIONS: readonly string[] = [
  // Only PowerShell 7 runs these.
  "[Text.Json.JsonDocument]",
  "$Element.EnumerateObject()",
  "$Element.EnumerateArray()",
  "$Element.GetRawText()",
  "[Runtime.InteropServices.RuntimeInformation]",
  // Public in Windows PowerShell since version 3, but missing from PowerShellStandard.
  "[Management.Automation.Security.SystemPolicy]",
  // The module itself adds this method to its objects.
  "$_.ToShown('Text')",
];
const isException = ({ text }: Finding) => EXCEPTIONS.includes(text);

/** The examples of each command in Get-Help. */
async function helpExamples(): Promise<readonly string[]> {
  const { stdout } = await runPowerShell(
    pwsh,
    "Import-Module $env:MODULE; ConvertTo-Json -Compress @(Get-Command -Module BackgroundCopy | ForEach-Object { (Get-Help $_.Name).examples.example.code })",
    { MODULE: join(MODULE, "BackgroundCopy.psd1") },
  );
  return JSON.parse(stdout) as string[];
}

const judge = references.path ? `${PWSH} with ${references.label}` : `${PWSH} without ${references.label}`;

describe.skipIf(!pwsh)(`the language of Windows PowerShell 5.1, as ${judge} can tell it`, () => {
  it("is that of the module, and of what stands for its COM where there is none", async () => {
    // The host's file is made of the others.
    const own = readdirSync(MODULE).filter((name) => /\.ps[md]?1$/.test(name) && name !== "host.psm1");
    expect(own.length).toBeGreaterThan(10);
    const far = ["com.psm1", "doubles.psm1", "tokens.psm1"];
    const files = [...own.map((name) => join(MODULE, name)), ...far.map((name) => join(FAR_COM, name))];
    const found = await findNewerLanguage(
      pwsh,
      files.map((path) => readFileSync(path, "utf8")),
    );
    const unexpected = files.map((path, i) => [path, found[i]?.filter((finding) => !isException(finding))]);
    expect(Object.fromEntries(unexpected)).toEqual(Object.fromEntries(files.map((path) => [path, []])));
    if (references.path) {
      const texts = found.flat().map(({ text }) => text);
      expect(EXCEPTIONS.filter((text) => !texts.includes(text))).toEqual([]);
    }
  });

  it("is that of the examples on all pages, of the help topics and of Get-Help", async () => {
    const ofPages = those("powershell").flatMap(({ examples }) => examples.map(({ code }) => code));
    const examples = [...new Set([...ofPages, ...topicExamples(), ...(await helpExamples())])];
    expect(examples.length).toBeGreaterThan(20);
    const found = await findNewerLanguage(pwsh, examples);
    expect(examples.filter((_, i) => found[i]?.length)).toEqual([]);
  });

  it("is more than what PowerShell 7 refuses too", async () => {
    expect(await findNewerLanguage(pwsh, ["if ("])).toMatchObject([[{ line: 1 }]]);
  });

  it("is told by rules of which each has examples", async () => {
    expect(Object.keys(allExamples).sort()).toEqual([...(await ruleNames(pwsh))].sort());
  });

  it.each(["hits", "misses"] as const)("is told by rules with their %s", async (kind) => {
    const examples = Object.entries(allExamples).flatMap(([rule, example]) =>
      example[kind].map((script) => ({ rule, script })),
    );
    const found = await findNewerLanguage(
      pwsh,
      examples.map(({ script }) => script),
    );
    const broken = examples.map(({ rule, script }, i) => ({
      script,
      rule: found[i]?.some((finding) => finding.rule === rule) ? rule : "",
    }));
    expect(broken).toEqual(examples.map(({ rule, script }) => ({ script, rule: kind === "hits" ? rule : "" })));
  });
});
