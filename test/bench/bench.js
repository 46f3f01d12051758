// `npm run bench`: the cost of a call and of a start, as ratios within one run, in three minutes. `-- --full` takes more turns and more
// jobs, and measures the memory. `-- --runs N` repeats all, and the worst run of each row counts. `-- --write` writes the table to
// docs/measurements.md. With Wine and its PowerShell, it also measures COM.
import { PWSH, powerShellPath, WINE_POWERSHELL } from "../support/powershells.js";
import { makeWinePrefix } from "../support/wine.js";
import { measureBridge, memoryGrowth } from "./bridge.js";
import { measureCancel, measureReading } from "./com.js";
import { measureFleet } from "./fleet.js";
import { measureStarts } from "./starts.js";
import { print, worst, write } from "./table.js";
import { isFull, takeRows, wasBusy } from "./timing.js";

/** The rows of one host, printed as soon as they are there. */
async function measured(label, path, measure) {
  if (!path) {
    console.log(`\ndid not find ${label}`);
    return [];
  }
  await measure(path);
  let rows = takeRows(label);
  if (!wasBusy && rows.some(({ verdict }) => verdict === "can't tell")) {
    console.log("\nDisturbed by other programs, so measured once more:");
    await measure(path);
    rows = takeRows(label);
  }
  print(rows);
  return rows;
}

async function underWine(path) {
  const prefix = await makeWinePrefix(path);
  try {
    await measureBridge(prefix.executable, 1.4);
    // Before the jobs are canceled, because canceled jobs remain in Wine's list.
    await measureReading(prefix.executable);
    await measureCancel(prefix.executable);
  } finally {
    prefix.remove();
  }
}

async function run() {
  return [
    ...(await measured("Node", process.execPath, measureStarts)),
    ...(await measured("1,000 hosts in memory", process.execPath, measureFleet)),
    ...(await measured(PWSH, powerShellPath(PWSH), (path) => measureBridge(path, 1.2))),
    ...(await measured(WINE_POWERSHELL, powerShellPath(WINE_POWERSHELL), underWine)),
  ];
}

const memory = process.argv.indexOf("--memory");
if (memory !== -1) {
  console.log(JSON.stringify(await memoryGrowth(process.argv[memory + 1])));
} else {
  const started = performance.now();
  const count = Number(process.argv[process.argv.indexOf("--runs") + 1]) || 1;
  const runs = [];
  for (let i = 0; i < count; i++) {
    runs.push(await run());
  }
  const rows = worst(runs);
  if (count > 1) {
    console.log(`\nThe worst of ${count} runs`);
    print(rows);
  }
  const minutes = Math.ceil((performance.now() - started) / 60_000);
  const isWritten = !process.argv.includes("--write") || write(rows, { runs: count, isFull, minutes });
  process.exitCode = isWritten && rows.every(({ verdict }) => verdict !== "missed") ? 0 : 1;
}
