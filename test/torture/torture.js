// `npm run torture`: stress tests, with a table of the results. `-- --short` runs each test briefly, `-- --minutes N` runs the soak for N
// minutes instead of 20, `-- --write` writes the table to docs/torture.md. `-- --fleet` runs the kills of a fleet alone; with
// `--write`, it replaces their row.
import { readFileSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import { VERSION } from "../../dist/made/manifest.js";
import {
  DESKTOP_POWERSHELL,
  PWSH,
  powerShellPath,
  WINDOWS_POWERSHELL,
  WINE_POWERSHELL,
  windowsNodeKinds,
} from "../support/powershells.js";
import { commit } from "../support/commit.js";
import { faultyHost } from "../support/fake-host.js";
import { makeWinePrefix } from "../support/wine.js";
import { options, STAND_IN } from "./amounts.js";
import { faults } from "./faults.js";
import { fleetKills, HOSTS_BEHIND_FAKE_SSH } from "./fleet.js";
import { bridge, growth, service, standIn } from "./hosts.js";
import { rows } from "./tally.js";
import { fromWindowsNode } from "./windows-node.js";

const TABLE = fileURLToPath(new URL("../../docs/torture.md", import.meta.url));

const started = performance.now();
async function everything() {
  for (const label of [PWSH, WINDOWS_POWERSHELL, DESKTOP_POWERSHELL]) {
    const executable = powerShellPath(label);
    if (executable) {
      await bridge(label, executable);
    }
  }
  // A stand-in host is a script with a shebang line, which Windows does not support.
  const standsIn = process.platform !== "win32";
  const underWine = powerShellPath(WINE_POWERSHELL);
  const prefix = underWine && (await makeWinePrefix(underWine));
  if (standsIn) {
    await growth(STAND_IN, faultyHost([]).executable);
  }
  // The short form leaves out what takes long.
  if (prefix && !options.short) {
    await growth(WINE_POWERSHELL, prefix.executable);
  }
  // The oldest, as in most tests.
  const windowsNode = options.short ? undefined : windowsNodeKinds.find(({ path }) => path);
  await Promise.all([
    standsIn && standIn(STAND_IN),
    prefix && service(WINE_POWERSHELL, prefix.executable),
    windowsNode && fromWindowsNode(windowsNode, underWine),
    standsIn && fleetKills(),
  ]);
  prefix?.remove();
  // Last, because megabytes of noise would hide the growth of later tests.
  if (standsIn) {
    await faults();
  }
}

await (options.fleet ? fleetKills() : everything());

const heads = ["host", "what", "tried", "answered", "refused", "lost", "wrong", "and"];
const line = (row) => `| ${row.join(" | ")} |`;
const hostOf = (row) => row.split(" | ")[0];
const table = (lines) =>
  [
    line(heads),
    line(heads.map(() => "-")),
    ...lines.sort((a, b) => (hostOf(a) < hostOf(b) ? -1 : hostOf(a) > hostOf(b) ? 1 : 0)),
  ].join("\n");
const where = `background-copy ${VERSION}, ${commit()}, Node ${process.version}, ${process.platform} ${process.arch}, ${cpus().length} processors, ${Math.round(totalmem() / 1e9)} GB`;
const soak = options.minutes === "20" ? "" : ` --minutes ${options.minutes}`;
const minutes = Math.round((performance.now() - started) / 60_000);
const text = `# Stress tests

Made by \`npm run torture -- --write${soak}\`: ${where}; ${minutes} minutes.

Each call must end exactly once: with its own response ("answered") or with a \`BridgeError\` that indicates whether anything might have
changed ("refused"). "Lost" counts calls that ended in neither way. "Wrong" counts all other faults: the response to another call, a job
whose state differs from the reported one, or a request that was repeated but must not be.

${table(rows.map(line))}
`;
console.log(`\n${text}`);
if (options.write && options.fleet) {
  // The rows of the other tests stay.
  const before = readFileSync(TABLE, "utf8");
  const [all] = /(?:^\|.*\n)+/m.exec(before) ?? [""];
  const others = all
    .trimEnd()
    .split("\n")
    .slice(2)
    .filter((each) => hostOf(each) !== `| ${HOSTS_BEHIND_FAKE_SSH}`);
  writeFileSync(
    TABLE,
    before.replace(all, () => `${table([...others, ...rows.map(line)])}\n`),
  );
} else if (options.write) {
  writeFileSync(TABLE, text);
}
