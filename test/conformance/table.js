// `npm run conformance`: compares the result of every method in every state, and of every property, with the documented one, on each
// available service. `--json FILE` writes every cell to a file.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { startVitest } from "vitest/node";

const { values: options } = parseArgs({ options: { json: { type: "string" } } });
const folder = mkdtempSync(join(tmpdir(), "background-copy-table-"));
const file = join(folder, "cells.json");
process.env.BACKGROUND_COPY_TABLE = file;

// vitest is used only because it runs TypeScript in every version of Node: its output is reported as failures.
const errors = [];
const reporter = {
  onTestRunEnd: (modules, unhandled) =>
    errors.push(
      ...unhandled,
      ...modules.flatMap((module) => [
        ...module.errors(),
        ...[...module.children.allTests()].flatMap((test) => test.result().errors ?? []),
      ]),
    ),
};
const config = fileURLToPath(new URL("table.config.ts", import.meta.url));
const vitest = await startVitest("test", [], { config, watch: false, reporters: [reporter] });
await vitest?.close();
for (const error of errors) {
  console.error(error.stack ?? error.message);
}

const { cells, skipped } = JSON.parse(readFileSync(file, "utf8"));
rmSync(folder, { recursive: true });
for (const service of new Set(cells.map((cell) => cell.service))) {
  console.log(`\n## ${service}\n\n| call | states | outcome | documented | agrees |\n|-|-|-|-|-|`);
  // A row is a call in all states with the same result.
  const rows = new Map();
  for (const { state, call, outcome, documented, agrees, reason } of cells.filter((cell) => cell.service === service)) {
    const said = agrees === undefined ? "-" : agrees ? "yes" : `NO: ${reason ?? "?"}`;
    const row = JSON.stringify([call, outcome, documented, said]);
    rows.set(row, [...(rows.get(row) ?? []), state]);
  }
  const calls = [...new Set(cells.map((cell) => cell.call))];
  const sorted = [...rows].map(([row, states]) => [...JSON.parse(row), states.join(" ")]);
  for (const [call, outcome, documented, said, states] of sorted.sort(
    (a, b) => calls.indexOf(a[0]) - calls.indexOf(b[0]),
  )) {
    console.log(`| ${[call, states, outcome, documented, said].join(" | ")} |`);
  }
}
const count = (agrees) => cells.filter((cell) => cell.agrees === agrees).length;
const unexplained = cells.filter((cell) => cell.agrees === false && !cell.reason).length;
console.log(
  `\n${count(true)} agree, ${count(false)} do not, ${unexplained} of them without a known reason, ${count(undefined)} could not be tried`,
);
for (const reason of skipped) {
  console.log(`without ${reason}`);
}
if (options.json) {
  writeFileSync(options.json, `${JSON.stringify({ cells, skipped }, undefined, 2)}\n`);
}
process.exitCode = errors.length > 0 || unexplained > 0 ? 1 : 0;
