import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hresults } from "../../src/words/hresults.js";
import { ROOT } from "../support/packed.js";

// Reported problems with the types, by the letters of the list of reports.

const COMPILERS = ["typescript-oldest", "@typescript/native"];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "background-copy-types-"));
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(ROOT, join(folder, "node_modules", "background-copy"), "junction");
  symlinkSync(join(ROOT, "node_modules", "@types"), join(folder, "node_modules", "@types"), "junction");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const OPTIONS = {
  module: "nodenext",
  target: "es2022",
  lib: ["es2022", "esnext.disposable"],
  types: ["node"],
  strict: true,
  exactOptionalPropertyTypes: true,
  // check-package checks them.
  skipLibCheck: true,
  noEmit: true,
};

/** What a compiler says about a program; nothing if it is in order. */
function problemsOf(compiler: string, source: string): string {
  writeFileSync(join(folder, "program.mts"), source);
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: OPTIONS, files: ["program.mts"] }));
  const manifest = createRequire(import.meta.url).resolve(`${compiler}/package.json`);
  try {
    return execFileSync(process.execPath, [join(dirname(manifest), "bin", "tsc"), "-p", folder], { encoding: "utf8" });
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}

const registry = ts.createDocumentRegistry();

/** What an editor offers at the place of `|` in a program. */
function offered(source: string): string[] {
  const file = join(folder, "edited.mts");
  const content = source.replace("|", "");
  const host: ts.LanguageServiceHost = {
    getCompilationSettings: () => ({
      module: ts.ModuleKind.NodeNext,
      target: ts.ScriptTarget.ES2022,
      strict: true,
      types: ["node"],
    }),
    getScriptFileNames: () => [file],
    // One version of the edited file would be another program's.
    getScriptVersion: (name) => (name === file ? source : "1"),
    getScriptSnapshot: (name) => {
      const text = name === file ? content : ts.sys.readFile(name);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => folder,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    fileExists: (name) => name === file || ts.sys.fileExists(name),
    readFile: ts.sys.readFile,
    directoryExists: ts.sys.directoryExists,
    realpath: ts.sys.realpath as (path: string) => string,
  };
  const completions = ts.createLanguageService(host, registry).getCompletionsAtPosition(file, source.indexOf("|"), {});
  return completions?.entries.map(({ name }) => name) ?? [];
}

describe("R: whatIf as a variable", () => {
  const PROGRAM = `import type { BackgroundCopyManager, CancelOutcome, JobOutcome, JobPlan } from "background-copy";
    export async function cancelAll(manager: BackgroundCopyManager, whatIf: boolean, maybe?: boolean): Promise<void> {
      const either: CancelOutcome[] | JobPlan[] = await manager.cancelJobs(["id"], { whatIf });
      const others: (JobOutcome[] | JobPlan[])[] = [
        await manager.suspendJobs(["id"], { whatIf }),
        await manager.resumeJobs(["id"], { whatIf }),
        await manager.completeJobs(["id"], { whatIf: maybe }),
      ];
      for (const each of either) {
        console.log(each.ok, each.jobId, others.length);
      }
      const plans: JobPlan[] = await manager.cancelJobs(["id"], { whatIf: true });
      const none: CancelOutcome[] = await manager.cancelJobs(["id"]);
      const off: CancelOutcome[] = await manager.cancelJobs(["id"], { whatIf: false });
      const unset: CancelOutcome[] = await manager.cancelJobs(["id"], { whatIf: undefined });
      console.log(plans, none, off, unset);`;

  it.each(COMPILERS)("gives outcomes or plans, with %s", (compiler) => {
    expect(problemsOf(compiler, `${PROGRAM} }`)).toBe("");
  });

  it("does not give outcomes alone", () => {
    const wrong = "const outcomes: CancelOutcome[] = await manager.cancelJobs([], { whatIf }); console.log(outcomes);";
    expect(problemsOf("@typescript/native", `${PROGRAM} ${wrong} }`)).toMatch(/TS2322/);
  });
});

describe("T: the names of codes", () => {
  const NAMES = hresults().map(({ name }) => name);
  const HEAD = `import { BackgroundCopyError, explain, type CodeName } from "background-copy";
    import { TestService } from "background-copy/testing";
    declare const error: BackgroundCopyError;
    declare const service: TestService;`;

  it.each([
    ["error.code", 'error.code === "|"'],
    ["explain()", 'explain("|")'],
    ["answer()", 'service.answer("IBackgroundCopyJob::Cancel", "|")'],
    ["addJob()", 'service.addJob({ error: { code: "|" } })'],
  ])("are offered by an editor: %s", (_, place) => {
    expect(offered(`${HEAD}\n${place};`)).toEqual(expect.arrayContaining(NAMES));
  });

  it.each([
    ["failBridge()", 'service.failBridge("|")'],
    ["explain()", 'explain("|")'],
  ])("are offered by an editor, those of the bridge too: %s", (_, place) => {
    expect(offered(`${HEAD}\n${place};`)).toEqual(expect.arrayContaining(["TIMEOUT", "POWERSHELL_BLOCKED"]));
  });

  it.each(COMPILERS)("stay open to others, and can be closed, with %s", (compiler) => {
    const program = `${HEAD}
      error.code === "0x80D0FFFF";
      const code: string = error.code;
      service.answer("IBackgroundCopyJob::Cancel", code);
      explain("80070005");
      error.code === ("E_ACCESSDENIED" satisfies CodeName);
      // @ts-expect-error: misspelled
      error.code === ("E_ACCESS_DENIED" satisfies CodeName);
      // @ts-expect-error: misspelled
      service.failBridge("TIME_OUT");`;
    expect(problemsOf(compiler, program)).toBe("");
  });
});
