import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { run } from "./run.js";
import { shellWord } from "./shell-word.js";
import { windowsPath } from "./wine.js";

/** What a tool has of a script that it ran. */
export interface ScriptRun {
  readonly exitCode: number | null;
  /** The standard output, in lines. */
  readonly lines: readonly string[];
}

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "background-copy-script-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/**
 * A program in `into` that starts PowerShell as the given script of a Wine prefix does, but without the option -MTA, which the tools that
 * run scripts don't pass.
 */
export function withoutMta(executable: string, into: string): string {
  const path = join(mkdtempSync(join(into, "powershell-")), "powershell.sh");
  writeFileSync(path, readFileSync(executable, "utf8").replace(" -MTA", ""));
  chmodSync(path, 0o755);
  return path;
}

/** A program beside the given script of a Wine prefix that starts another PowerShell in it. */
export function withProgram(executable: string, program: string): string {
  const path = join(mkdtempSync(join(dirname(executable), "powershell-")), "powershell.sh");
  const start = `export BACKGROUND_COPY_TEST_PROGRAM=${shellWord(program)}`;
  writeFileSync(
    path,
    readFileSync(executable, "utf8").replace(/^export BACKGROUND_COPY_TEST_PROGRAM=.*$/m, () => start),
  );
  chmodSync(path, 0o755);
  return path;
}

/** Runs the text of a script as a tool does: saves it as a file, and starts PowerShell with -File. `args` contain no blanks. */
export async function runScript(executable: string, text: string, args: readonly string[] = []): Promise<ScriptRun> {
  const temporary = folder();
  const file = join(temporary, "script.ps1");
  writeFileSync(file, text);
  const inWine = executable.endsWith(".sh");
  const path = inWine ? windowsPath(file).replaceAll("\\", "\\\\") : file;
  const { exitCode, stdout } = await run(
    inWine ? withoutMta(executable, temporary) : executable,
    ["-NoProfile", "-NonInteractive", "-ExecutionPolicy", "Bypass", "-File", path, ...args],
    { TERM: "dumb", NO_COLOR: "1", POWERSHELL_TELEMETRY_OPTOUT: "1" },
  );
  return { exitCode, lines: stdout.split(/\r?\n/).filter((line) => line !== "") };
}
