import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, inject, it } from "vitest";
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
  // The host's file is made of the others.
  const own = readdirSync(MODULE).filter((name) => /\.ps[md]?1$/.test(name) && name !== "host.psm1");
  const far = ["com.psm1", "doubles.psm1", "tokens.psm1"];
  const files = [...own.map((name) => join(MODULE, name)), ...far.map((name) => join(FAR_COM, name))].map(
    (path) => [path, readFileSync(path, "utf8")] as const,
  );
  const refused = "if (";
  const hitsAndMisses = Object.values(allExamples).flatMap(({ hits, misses }) => [...hits, ...misses]);
  let examples: readonly string[];
  let found: ReadonlyMap<string, readonly Finding[]>;
  const findingsIn = (script: string) => found.get(script) ?? expect.fail("a script that nobody asked about");

  // One PowerShell for all, because it takes longer to read the reference assemblies than the scripts.
  beforeAll(async () => {
    const ofPages = those("powershell").flatMap((page) => page.examples.map(({ code }) => code));
    examples = [...new Set([...ofPages, ...topicExamples(), ...(await helpExamples())])];
    const scripts = [...files.map(([, text]) => text), ...examples, refused, ...hitsAndMisses];
    const findings = await findNewerLanguage(pwsh, scripts);
    found = new Map(findings.map((each, i) => [scripts[i] as string, each]));
  });

  it("is that of the module, and of what stands for its COM where there is none", () => {
    expect(own.length).toBeGreaterThan(10);
    const unexpected = files.map(([path, text]) => [path, findingsIn(text).filter((finding) => !isException(finding))]);
    expect(Object.fromEntries(unexpected)).toEqual(Object.fromEntries(files.map(([path]) => [path, []])));
    if (references.path) {
      const texts = files.flatMap(([, text]) => findingsIn(text)).map(({ text }) => text);
      expect(EXCEPTIONS.filter((text) => !texts.includes(text))).toEqual([]);
    }
  });

  it("is that of the examples on all pages, of the help topics and of Get-Help", () => {
    expect(examples.length).toBeGreaterThan(20);
    expect(examples.filter((example) => findingsIn(example).length)).toEqual([]);
  });

  it("is more than what PowerShell 7 refuses too", () => {
    expect(findingsIn(refused)).toMatchObject([{ line: 1 }]);
  });

  it("is told by rules of which each has examples", async () => {
    expect(Object.keys(allExamples).sort()).toEqual([...(await ruleNames(pwsh))].sort());
  });

  it.each(["hits", "misses"] as const)("is told by rules with their %s", (kind) => {
    const examplesOfRules = Object.entries(allExamples).flatMap(([rule, example]) =>
      example[kind].map((script) => ({ rule, script })),
    );
    const broken = examplesOfRules.map(({ rule, script }) => ({
      script,
      rule: findingsIn(script).some((finding) => finding.rule === rule) ? rule : "",
    }));
    expect(broken).toEqual(examplesOfRules.map(({ rule, script }) => ({ script, rule: kind === "hits" ? rule : "" })));
  });
});
