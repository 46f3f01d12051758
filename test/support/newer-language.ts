import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { REFERENCES_FOLDER } from "../engines/places.js";
import { ROOT } from "./packed.js";
import { runPowerShell } from "./run-powershell.js";

/** A construct that Windows PowerShell 5.1 does not support or interprets differently. */
export interface Finding {
  readonly rule: string;
  readonly line: number;
  readonly text: string;
}

/** The reference assemblies. Without them, only the rules for syntax and commands apply. */
export const references = {
  label: "the reference assemblies of .NET Framework 4.7.2",
  path: existsSync(REFERENCES_FOLDER) ? REFERENCES_FOLDER : undefined,
  where: "what npm run engines fetches",
};

const LINT = join(ROOT, "test", "support", "newer-language", "lint.psm1");

async function ask(pwsh: string, script: string, env: NodeJS.ProcessEnv): Promise<unknown> {
  const lines = ["$ErrorActionPreference = 'Stop'", "Import-Module $env:LINT", script];
  const { stdout, stderr } = await runPowerShell(pwsh, lines.join("\n"), {
    LINT,
    REFERENCES: references.path,
    ...env,
  });
  if (stderr) {
    throw new Error(stderr);
  }
  return JSON.parse(stdout);
}

/** The names of all rules. */
export async function ruleNames(pwsh: string): Promise<readonly string[]> {
  return (await ask(pwsh, "ConvertTo-Json -Compress @(Get-RuleName)", {})) as string[];
}

/** The findings in each of the scripts. */
export async function findNewerLanguage(
  pwsh: string,
  scripts: readonly string[],
): Promise<readonly (readonly Finding[])[]> {
  const folder = mkdtempSync(join(tmpdir(), "background-copy-language-"));
  try {
    // In a file, because they are too large for an environment variable.
    const SCRIPTS = join(folder, "scripts.json");
    writeFileSync(SCRIPTS, JSON.stringify(scripts));
    const each = "ForEach-Object { , @(Find-NewerLanguage $_) }";
    const all = `@((Get-Content -Raw -LiteralPath $env:SCRIPTS | ConvertFrom-Json -NoEnumerate) | ${each})`;
    return (await ask(pwsh, `ConvertTo-Json -Compress -Depth 3 -InputObject ${all}`, { SCRIPTS })) as Finding[][];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
