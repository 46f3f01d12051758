// `npm run security`: attacks the package from every seat in the long form and writes the table in docs/security.md. `-- --short` runs the
// short form and prints the table alone.
import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { startVitest } from "vitest/node";
import { SEATS } from "./seats.js";

const TESTS = fileURLToPath(new URL("../", import.meta.url));
const PAGE = fileURLToPath(new URL("../../docs/security.md", import.meta.url));
const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
const {
  values: { short },
} = parseArgs({ options: { short: { type: "boolean", default: false } } });
if (!short) {
  process.env.BACKGROUND_COPY_TEST_LONG = "1";
}

const number = (value) => value.toLocaleString("en");
const sum = (numbers) => numbers.reduce((total, each) => total + each, 0);

/** @type {readonly import("vitest/node").TestModule[]} */
let modules = [];
const errors = [];
const started = performance.now();
const reporter = {
  onTestRunEnd(all, unhandled) {
    modules = all;
    const failures = all.flatMap((module) => [
      ...module.errors(),
      ...[...module.children.allSuites()].flatMap((suite) => suite.errors()),
      ...[...module.children.allTests()].flatMap((test) => test.result().errors ?? []),
    ]);
    errors.push(...unhandled, ...failures);
  },
};
const config = fileURLToPath(new URL("table.config.ts", import.meta.url));
const vitest = await startVitest("test", [], { config, watch: false, reporters: [reporter] });
await vitest?.close();
for (const error of errors) {
  console.error(error.stack ?? error.message);
}

/** The attacks in a file of tests: how many there were, and what became of them. */
function rowOf(module) {
  const file = relative(TESTS, module.moduleId).replaceAll("\\", "/");
  const [seat = "?", tried = "?"] = SEATS[file] ?? [];
  const tests = [...module.children.allTests()];
  const count = (state) => tests.filter((test) => test.result().state === state).length;
  const failed = count("failed");
  const skipped = count("skipped");
  const held = failed > 0 ? `NO: ${failed} failed` : skipped > 0 ? `yes, ${skipped} not tried here` : "yes";
  const inputs = sum(tests.map((test) => test.meta().inputs ?? 0));
  return { seat, file, cells: [seat, tried, number(count("passed") + failed), number(inputs), held, `\`${file}\``] };
}

const rows = modules.map(rowOf).sort((a, b) => a.seat.localeCompare(b.seat) || a.file.localeCompare(b.file));
const minutes = Math.round((performance.now() - started) / 60_000);
const table = [
  `Made by \`npm run security\`: background-copy ${version}, Node ${process.version}, ${process.platform} ${process.arch}, ${cpus().length} processors; ${minutes} minutes.`,
  "",
  "| From | What was tried | Tests | Generated inputs | It held | Tests in |",
  "| - | - | - | - | - | - |",
  ...rows.map(({ cells }) => `| ${cells.join(" | ")} |`),
].join("\n");
console.log(table);

const strangers = rows.filter(({ seat }) => seat === "?").map(({ file }) => file);
for (const file of strangers) {
  console.error(`${file} has no seat in test/security/seats.js`);
}
const sound = errors.length === 0 && strangers.length === 0 && rows.length > 0;
if (sound && !short) {
  const page = readFileSync(PAGE, "utf8");
  writeFileSync(
    PAGE,
    page.replace(/(?<=<!-- attacks -->\n\n)[\s\S]*?(?=\n\n<!-- end -->)/, () => table),
  );
}
process.exitCode = sound ? 0 : 1;
