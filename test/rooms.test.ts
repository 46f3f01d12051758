import { appendFileSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROOT } from "./support/packed.js";
import { run } from "./support/run.js";

// `npm run lint` checks the imports of src/ against the floors. Here it checks a copy with a breach of each rule.

const CRUISER = join(ROOT, "node_modules", "dependency-cruiser", "bin", "dependency-cruise.mjs");

/** A rule, a file, and the line that breaks the rule in that file. */
const BREACHES: readonly [rule: string, file: string, line: string][] = [
  ["imports run down", "model/enumeration.ts", 'export { hex } from "../words/hresults.js";'],
  ["imports run down", "waiting/turns.ts", 'import type { Session } from "../calls/session.js";'],
  ["imports run down", "waiting/abort.ts", 'export type Upper = import("../port/service.js").Service;'],
  ["imports run down", "port/service.ts", 'export const manager = () => import("../manager.js");'],
  ["imports run down", "words/help.ts", 'import "../testing.js";'],
  ["imports run down", "embedded/codes.ts", 'import type { Host } from "../powershell/host.js";'],
  ["imports run down", "connect.ts", 'import type { BackgroundCopyJob } from "./job.js";'],
  ["no circle", "calls/groups.ts", 'import type { JobTarget } from "./bulk.js";'],
  ["no circle", "cli/table.ts", 'import { jobTable } from "./list.js";'],
  ["every file is in a room", "flat.ts", "export const flat = true;"],
  ["every file is in a room", "shed/tools.ts", 'import type { Host } from "../powershell/host.js";'],
  ["manager and job know no adapter", "manager.ts", 'import type { Store } from "./embedded/store.js";'],
  ["manager and job know no adapter", "job.ts", 'import { Host } from "./powershell/host.js";'],
  ["only powershell/process.ts imports node_modules/node-powershell/", "cli/show.ts", 'import "node-powershell";'],
  ["only words/messages.ts imports node_modules/i18next/", "words/help.ts", 'import type { i18n } from "i18next";'],
  ["only port/protocol.ts imports node_modules/valibot/", "calls/files.ts", 'import * as v from "valibot";'],
  ["only (powershell|build)/ imports ^(node:)?child_process$", "cli/json.ts", 'import "node:child_process";'],
  ["what is imported is there", "cli/format.ts", 'import "./nowhere.js";'],
];

interface Violation {
  readonly rule: { readonly name: string };
  readonly from: string;
  /** The files of a circle, which is reported for only one of them. */
  readonly cycle?: readonly { readonly name: string }[];
}

/** Whether a violation concerns that file. Only circles of two files count: longer ones follow from them. */
function isAbout({ from, cycle }: Violation, file: string): boolean {
  return cycle ? cycle.length === 2 && cycle.some(({ name }) => name === file) : from === file;
}

describe("the imports of src/", () => {
  let copy: string;
  let violations: readonly Violation[];

  beforeAll(async () => {
    copy = mkdtempSync(join(tmpdir(), "background-copy-imports-"));
    for (const name of ["src", ".dependency-cruiser.js", "tsconfig.json", "package.json"]) {
      cpSync(join(ROOT, name), join(copy, name), { recursive: true });
    }
    cpSync(join(copy, "src", "waiting", "abort.ts"), join(copy, "src", "shed", "tools.ts"));
    symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"), "junction");
    for (const [, file, line] of BREACHES) {
      appendFileSync(join(copy, "src", file), `${line}\n`);
    }
    const { stdout } = await run(process.execPath, [CRUISER, "src", "--output-type", "json"], {}, { cwd: copy });
    violations = JSON.parse(stdout).summary.violations;
  });
  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  it.each(BREACHES)('break the rule "%s" in %s with: %s', (rule, file) => {
    const broken = violations.filter((violation) => isAbout(violation, `src/${file}`));
    expect(broken.map(({ rule: { name } }) => name)).toContain(rule);
  });

  it("break no rule in the project", async () => {
    const { exitCode, stdout } = await run(process.execPath, [CRUISER, "src"], {}, { cwd: ROOT });
    expect(stdout).toContain("no dependency violations found");
    expect(exitCode).toBe(0);
  });
});

describe.each(["index.ts", "testing.ts"])("the door %s", (door) => {
  it("only re-exports", () => {
    const program = ts.createProgram([join(ROOT, "src", door)], { noResolve: true, noLib: true });
    const { statements = [] } = program.getSourceFile(join(ROOT, "src", door)) ?? {};
    expect(statements.length).toBeGreaterThan(0);
    expect(statements.filter((each) => !ts.isExportDeclaration(each) || !each.moduleSpecifier)).toEqual([]);
  });
});

describe("the files of src/", () => {
  const lines = readdirSync(join(ROOT, "src"), { recursive: true, encoding: "utf8" })
    .filter((file) => /\.[jt]s$/.test(file))
    .map(
      (file) =>
        [
          file,
          // The examples of the reference are not code of the file.
          readFileSync(join(ROOT, "src", file), "utf8")
            .replaceAll(/^ *\*\n *\* @example\n(?: *\*.*\n)*? *\* ```\n(?= *\*(?:\/|\n))/gm, "")
            .trimEnd()
            .split("\n").length,
        ] as const,
    )
    .toSorted(([, a], [, b]) => a - b);

  it("have 300 lines at most, and most of them fewer than 80", () => {
    expect(lines.filter(([, length]) => length > 300)).toEqual([]);
    expect(lines[Math.floor(lines.length / 2)]?.[1]).toBeLessThan(80);
  });
});
