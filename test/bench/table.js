// The table of a run: printed, and written to docs/measurements.md.
import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import { commit } from "../support/commit.js";

const PAGE = fileURLToPath(new URL("../../docs/measurements.md", import.meta.url));
const SECTION = /(?<=^## Calls and starts\n)[\s\S]*?(?=^## )/m;

/** The worst run of each row: a figure that holds only sometimes does not hold. A run that can't tell is worse than all. */
export function worst(runs) {
  const rank = ({ verdict, badness }) => (verdict === "can't tell" ? Number.POSITIVE_INFINITY : badness);
  return runs[0].map(({ title, what }) =>
    runs
      .map((rows) => rows.find((row) => row.title === title && row.what === what))
      .reduce((a, b) => (rank(b) > rank(a) ? b : a)),
  );
}

function markdown(rows, { runs, isFull, minutes }) {
  const command = `npm run bench -- ${isFull ? "--full " : ""}${runs > 1 ? `--runs ${runs} ` : ""}--write`;
  const machine = `${commit()}, Node ${process.version}, ${process.platform} ${process.arch}, ${availableParallelism()} processors, ${Math.round(totalmem() / 2 ** 30)} GB`;
  const head =
    "| host | what | ratio | middle half of the turns | own time, time of the rival | limit | |\n| - | - | - | - | - | - | - |";
  const lines = rows.map(
    ({ title, what, value, spread, times, limit, verdict }) =>
      `| ${[title, what, value, spread, times, limit, verdict].join(" | ")} |`,
  );
  const counted = runs > 1 ? ` Each row is the worst of ${runs} runs.` : "";
  return `\nMade by \`${command}\`: ${machine}; ${minutes} minutes.${counted}\n\n${head}\n${lines.join("\n")}\n\n`;
}

export function print(rows) {
  let title;
  for (const row of rows) {
    if (row.title !== title) {
      title = row.title;
      console.log(`\n${title}`);
    }
    const { what, value, spread, times, limit, verdict } = row;
    console.log(
      `  ${what.padEnd(58)} ${value.padEnd(16)} ${spread.padEnd(18)} ${times.padEnd(22)} ${limit.padEnd(16)} ${verdict}`,
    );
  }
}

/** Writes the table, unless the machine was too busy for it. */
export function write(rows, facts) {
  if (rows.some(({ verdict }) => verdict === "can't tell")) {
    console.log("\nNot written: the machine was too busy for some rows.");
    return false;
  }
  const page = readFileSync(PAGE, "utf8");
  writeFileSync(
    PAGE,
    page.replace(SECTION, () => markdown(rows, facts)),
  );
  return true;
}
