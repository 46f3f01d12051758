// `npm run conformance`: what each verb does in each state, on each service that there is here, beside what is documented.
// `--json FILE` also writes it down.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startVitest } from "vitest/node";

const { values: options } = parseArgs({ options: { json: { type: "string" } } });
const folder = mkdtempSync(join(tmpdir(), "background-copy-table-"));
const file = join(folder, "cells.json");
process.env.BACKGROUND_COPY_TABLE = file;

// vitest is here only because it runs TypeScript in every Node: what it has to say are failures.
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
const config = new URL("table.config.ts", import.meta.url).pathname;
const vitest = await startVitest("test", [], { config, watch: false, reporters: [reporter] });
await vitest?.close();
for (const error of errors) {
  console.error(error.stack ?? error.message);
}

const { cells, skipped } = JSON.parse(readFileSync(file, "utf8"));
rmSync(folder, { recursive: true });
for (const service of new Set(cells.map((cell) => cell.service))) {
  console.log(`\n## ${service}\n\n| state | verb | outcome | documented | agrees |\n|-|-|-|-|-|`);
  for (const { state, verb, outcome, documented, agrees } of cells.filter((cell) => cell.service === service)) {
    const said = agrees === undefined ? "-" : agrees ? "yes" : "NO";
    console.log(`| ${[state, verb, outcome, documented, said].join(" | ")} |`);
  }
}
const count = (agrees) => cells.filter((cell) => cell.agrees === agrees).length;
console.log(`\n${count(true)} agree, ${count(false)} do not, ${count(undefined)} could not be tried`);
for (const reason of skipped) {
  console.log(`without ${reason}`);
}
if (options.json) {
  writeFileSync(options.json, `${JSON.stringify({ cells, skipped }, undefined, 2)}\n`);
}
process.exitCode = errors.length > 0 ? 1 : 0;
