import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, sep } from "node:path";
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
  ["imports run down", "testing/clock.ts", 'import type { Hosts } from "../fleet/hosts.js";'],
  ["imports run down", "fleet/order.ts", 'import type { Command } from "../cli/command.js";'],
  ["imports run down", "connect.ts", 'import type { BackgroundCopyJob } from "./job.js";'],
  ["no circle", "calls/groups.ts", 'import type { JobTarget } from "./bulk.js";'],
  ["no circle", "cli/table.ts", 'import { jobTable } from "./list.js";'],
  ["every file is in a room", "flat.ts", "export const flat = true;"],
  ["every file is in a room", "shed/tools.ts", 'import type { Host } from "../powershell/host.js";'],
  ["manager and job know no adapter", "manager.ts", 'import type { Store } from "./embedded/store.js";'],
  ["manager and job know no adapter", "job.ts", 'import { Host } from "./powershell/host.js";'],
  ["only powershell/process.ts imports node_modules/node-powershell/", "cli/show.ts", 'import "node-powershell";'],
  ["only words/catalogue.ts imports node_modules/i18next/", "words/help.ts", 'import type { i18n } from "i18next";'],
  [
    "only (port/protocol|fleet/(saved|runner-answer)) imports node_modules/valibot/",
    "calls/files.ts",
    'import * as v from "valibot";',
  ],
  ["only (powershell|build)/ imports ^(node:)?child_process$", "cli/json.ts", 'import "node:child_process";'],
  ["words work in a browser", "words/names.ts", 'import "node:os";'],
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

describe.each(["index.ts", "fleet.ts", "testing.ts", "words.ts"])("the door %s", (door) => {
  it("only re-exports", () => {
    const program = ts.createProgram([join(ROOT, "src", door)], { noResolve: true, noLib: true });
    const { statements = [] } = program.getSourceFile(join(ROOT, "src", door)) ?? {};
    expect(statements.length).toBeGreaterThan(0);
    expect(statements.filter((each) => !ts.isExportDeclaration(each) || !each.moduleSpecifier)).toEqual([]);
  });
});

// What is written elsewhere: packages, what the build and the site write, and what the engines consist of.
const WRITTEN = new Set(["node_modules", "dist", "made", ".astro", "content", ".engines", ".git", "host.psm1"]);
const CODE = /\.(?:[cm]?[jt]s|astro|css|psm1|psd1|ps1|ps1xml|c|h|idl|sh|ya?ml)$|^run$/;
const MOST_LINES = 300;

/** The files of code in a folder and its subfolders. */
function codeIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (WRITTEN.has(entry.name)) {
      return [];
    }
    if (entry.isDirectory()) {
      return codeIn(path);
    }
    return entry.isFile() && CODE.test(entry.name) ? [path] : [];
  });
}

/** The number of lines of a file. The examples of the reference are not code of the file. */
function linesOf(file: string): number {
  return readFileSync(file, "utf8")
    .replaceAll("\r\n", "\n")
    .replaceAll(/^ *\*\n *\* @example\n(?: *\*.*\n)*? *\* ```\n(?= *\*(?:\/|\n))/gm, "")
    .trimEnd()
    .split("\n").length;
}

/** The files of code that are too long, by their paths in the folder. */
function tooLongIn(folder: string): string[] {
  return codeIn(folder)
    .filter((file) => linesOf(file) > MOST_LINES)
    .map((file) => relative(folder, file).replaceAll(sep, "/"));
}

describe("a file of code", () => {
  it("has 300 lines at most", () => {
    expect(codeIn(ROOT).length).toBeGreaterThan(400);
    expect(tooLongIn(ROOT)).toEqual([]);
  });

  it("is found in any folder where it has more", () => {
    const folder = mkdtempSync(join(tmpdir(), "background-copy-lines-"));
    try {
      for (const [name, lines] of [
        ["ps/jobs.psm1", 301],
        ["test/support/server.c", 301],
        ["docs/page.astro", 301],
        ["src/job.ts", 300],
        ["locales/messages.json", 301],
        ["node_modules/other/index.js", 301],
      ] as const) {
        mkdirSync(join(folder, dirname(name)), { recursive: true });
        writeFileSync(join(folder, name), "line\r\n".repeat(lines));
      }
      expect(tooLongIn(folder).toSorted()).toEqual(["docs/page.astro", "ps/jobs.psm1", "test/support/server.c"]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("has fewer than 80 lines in src/, if it is one of the shorter half", () => {
    const lines = codeIn(join(ROOT, "src"))
      .map(linesOf)
      .toSorted((a, b) => a - b);
    expect(lines[Math.floor(lines.length / 2)]).toBeLessThan(80);
  });
});
