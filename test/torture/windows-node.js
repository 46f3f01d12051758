// The stress tests from Windows' own Node under Wine.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeWinePrefix, windowsPath } from "../support/wine.js";
import { rows } from "./tally.js";

const INSIDE = windowsPath(join(import.meta.dirname, "inside-windows-node.js"));

/** Runs them in the Node for Windows at this path, and takes over the rows of its table. */
export async function fromWindowsNode({ label, path }, windowsPowerShell) {
  const prefix = await makeWinePrefix(windowsPowerShell);
  const folder = mkdtempSync(join(tmpdir(), "background-copy-torture-"));
  try {
    const table = join(folder, "rows.json");
    // Under Wine, Node exits immediately if its output is not a file.
    const said = join(folder, "said");
    const output = openSync(said, "w");
    const own = { TORTURE_ROWS: windowsPath(table), TORTURE_POWERSHELL: windowsPath(windowsPowerShell) };
    const child = spawn("wine", [path, "--expose-gc", INSIDE, ...process.argv.slice(2)], {
      stdio: ["ignore", output, output],
      env: { ...process.env, ...prefix.environment, ...own },
    });
    closeSync(output);
    const [code] = await once(child, "exit");
    console.log(readFileSync(said, "utf8"));
    if (code !== 0) {
      process.exitCode = 1;
    }
    rows.push(
      ...JSON.parse(readFileSync(table, "utf8")).map(([host, ...cells]) => [`${host}, from ${label}`, ...cells]),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
    prefix.remove();
  }
}
