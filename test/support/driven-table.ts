import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Reporter, TestCase, TestModule } from "vitest/node";
import { ROOT } from "./packed.js";
import { powerShells, windowsNodeKinds } from "./powershells.js";

// `npm run driven`: runs all tests, and writes into docs/proving.md which engine was driven from which Node, and in what.

const PAGE = join(ROOT, "docs", "proving.md");
const [BEGIN, END] = ["<!-- driven: written by npm run driven -->", "<!-- end of driven -->"];
const NO_ENGINE = "none: stand-in hosts, the embedded service, and what needs no service";

/** What the folders of test/ are about. */
const SUBJECTS: Readonly<Record<string, string>> = {
  bench: "measurements",
  calls: "calls",
  cli: "command line",
  conformance: "conformance",
  docs: "reference and guides",
  embedded: "embedded service",
  fleet: "many machines",
  hostile: "hostile values",
  powershell: "bridge",
  ps: "module",
  security: "security",
  testing: "background-copy/testing",
  torture: "torture",
  windows: "proof",
  words: "words",
};

function subjectOf({ module }: TestCase): string {
  const [, folder = ""] = /\btest\/(\w[\w-]*)\//.exec(module.moduleId) ?? [];
  return SUBJECTS[folder] ?? (module.moduleId.includes("package.test") ? "packed package" : "the rest");
}

function row(engine: string, node: string, tests: readonly TestCase[]): string {
  const subjects = [...new Set(tests.map(subjectOf))].sort();
  const what = subjects.map((subject) => `${subject} ${tests.filter((test) => subjectOf(test) === subject).length}`);
  return `| ${engine} | ${node} | ${tests.length} | ${what.join(", ")} |`;
}

export default class DrivenTable implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const driven = modules
      .flatMap((module) => [...module.children.allTests()])
      .filter((test) => test.result().state === "passed");
    const nodes = [
      {
        name: `Node ${process.versions.node} on ${process.platform}`,
        isOf: (project: string) => !/Windows/.test(project),
      },
      ...windowsNodeKinds.map(({ label }) => ({ name: label, isOf: (project: string) => project.startsWith(label) })),
    ];
    const found = powerShells.filter(({ path }) => path).map(({ label }) => label);
    const engines = [
      ...found.map((label) => ({ name: label, drives: ({ fullName }: TestCase) => fullName.includes(label) })),
      { name: NO_ENGINE, drives: ({ fullName }: TestCase) => !found.some((label) => fullName.includes(label)) },
    ];
    const rows = engines.flatMap(({ name, drives }) =>
      nodes
        .map((node) => ({ node, tests: driven.filter((test) => drives(test) && node.isOf(test.project.name)) }))
        .filter(({ tests }) => tests.length > 0)
        .map(({ node, tests }) => row(name, node.name, tests)),
    );
    for (const { label, where } of powerShells.filter(({ path }) => !path)) {
      rows.push(`| ${label} | – | 0 | not found; looked for: ${where} |`);
    }
    const table = ["| engine | Node | tests that passed | in what |", "|-|-|-|-|", ...rows].join("\n");
    const page = readFileSync(PAGE, "utf8");
    const [before] = page.split(BEGIN);
    const [, after] = page.split(END);
    writeFileSync(PAGE, `${before}${BEGIN}\n\n${table}\n\n${END}${after}`);
  }
}
