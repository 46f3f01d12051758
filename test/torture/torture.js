// `npm run torture`: stress tests, with a table of the results. `-- --short` runs each test briefly, `-- --minutes N` runs the soak for N
// minutes instead of 20, `-- --write` writes the table to docs/torture.md.
import { writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import { BackgroundCopyManager } from "../../dist/index.js";
import { VERSION } from "../../dist/made/manifest.js";
import { Host } from "../../dist/powershell/host.js";
import { openPowerShellService } from "../../dist/powershell/index.js";
import { faultyHost } from "../support/fake-host.js";
import { PWSH, powerShellPath, WINDOWS_POWERSHELL, WINE_POWERSHELL } from "../support/powershells.js";
import { makeWinePrefix } from "../support/wine.js";
import { AMOUNT, LANGUAGE, options, STAND_IN } from "./amounts.js";
import { faults, guid } from "./faults.js";
import { atOnce, inARow, manyJobs, sideBySide } from "./load.js";
import { soakOn } from "./soak.js";
import { rows } from "./tally.js";

const MODULE = fileURLToPath(new URL("../../ps/BackgroundCopy/BackgroundCopy.psd1", import.meta.url));
const TABLE = fileURLToPath(new URL("../../docs/torture.md", import.meta.url));

async function standIn() {
  const well = faultyHost([]);
  const open = () => openPowerShellService({ service: "bits", language: LANGUAGE, executable: well.executable });
  const port = await open();
  await inARow(STAND_IN, port);
  await atOnce(STAND_IN, port);
  await port.close();
  await sideBySide(STAND_IN, open);
  const manager = await BackgroundCopyManager.connect({ service: "bits", executable: faultyHost([]).executable });
  await manyJobs(
    STAND_IN,
    manager,
    Array.from({ length: AMOUNT.jobs }, (_, i) => guid(i)),
  );
  await manager.close();
  await soakOn(STAND_IN, well.executable, 1_000, (made) => async () => guid(made()));
}

/** Without a service: Linux has none, and that of a Windows machine in use is left alone. */
async function bridge(label, executable) {
  const open = async () => {
    const host = new Host({
      executable,
      modulePath: MODULE,
      executionPolicy: "RemoteSigned",
      service: "bits",
      language: LANGUAGE,
    });
    await host.ready;
    return host;
  };
  const host = await open();
  await inARow(label, host);
  await atOnce(label, host);
  await host.close();
  await sideBySide(label, open);
}

async function wine(windowsPowerShell) {
  const prefix = await makeWinePrefix(windowsPowerShell);
  try {
    const { executable } = prefix;
    const open = () => openPowerShellService({ service: "bits", language: LANGUAGE, executable });
    const port = await open();
    await inARow(WINE_POWERSHELL, port);
    await atOnce(WINE_POWERSHELL, port);
    await port.close();
    await sideBySide(WINE_POWERSHELL, open);
    const manager = await BackgroundCopyManager.connect({ service: "bits", executable });
    const ids = [];
    for (let i = 0; i < AMOUNT.jobs; i++) {
      ids.push((await manager.createJob("a job")).id);
    }
    await manyJobs(WINE_POWERSHELL, manager, ids);
    await manager.close();
    // The start takes time there, and giving up on a host that is killed at each start is correct.
    await soakOn(
      WINE_POWERSHELL,
      executable,
      15_000,
      (_made, quiet) => async () => (await quiet.createJob("a job")).id,
    );
  } finally {
    prefix.remove();
  }
}

const started = performance.now();
for (const label of [PWSH, WINDOWS_POWERSHELL]) {
  const executable = powerShellPath(label);
  if (executable) {
    await bridge(label, executable);
  }
}
// A stand-in host is a script with a shebang line, which Windows does not support.
const standsIn = process.platform !== "win32";
const underWine = powerShellPath(WINE_POWERSHELL);
await Promise.all([standsIn && standIn(), underWine && wine(underWine)]);
// Last, because megabytes of noise would hide the growth of later tests.
if (standsIn) {
  await faults();
}

const heads = ["host", "what", "tried", "answered", "refused", "lost", "wrong", "and"];
rows.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
const table = [heads, heads.map(() => "-"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
const where = `background-copy ${VERSION}, Node ${process.version}, ${process.platform} ${process.arch}, ${cpus().length} processors, ${Math.round(totalmem() / 1e9)} GB`;
const minutes = Math.round((performance.now() - started) / 60_000);
const text = `# Stress tests

Made by \`npm run torture -- --write\`: ${where}; ${minutes} minutes.

Each call must end exactly once: with its own response ("answered") or with a \`BridgeError\` that indicates whether anything might have
changed ("refused"). "Lost" counts calls that ended in neither way. "Wrong" counts all other faults: the response to another call, a job
whose state differs from the reported one, or a request that was repeated but must not be.

${table}
`;
console.log(`\n${text}`);
if (options.write) {
  writeFileSync(TABLE, text);
}
