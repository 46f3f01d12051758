// Plain JavaScript, as the measurements run without a compiler in between.
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const DELIVERY_OPTIMIZATION = "{5B99FA76-721C-423C-ADAC-56D03C8A8007}";
const BITS = "{4991D34B-80A1-4291-83B6-3328366B9097}";

/**
 * A Wine prefix of its own, with a script that stands for its PowerShell.
 *
 * @typedef {object} WinePrefix
 * @property {string} path The folder that Wine calls the prefix.
 * @property {string} executable What the SDK starts as if it were powershell.exe.
 * @property {() => void} remove
 */

/**
 * A path of this machine as programs in the prefix see it.
 *
 * @param {string} path
 */
export function windowsPath(path) {
  return `Z:${path.replaceAll("/", "\\")}`;
}

/**
 * Makes a Wine prefix.
 *
 * @param {string} windowsPowerShell The path of a pwsh.exe.
 * @param {object} [options]
 * @param {boolean} [options.bitsStandsIn] Whether Wine's BITS answers for the class of Delivery Optimization. Default: it does.
 * @returns {WinePrefix}
 */
export function makeWinePrefix(windowsPowerShell, { bitsStandsIn = true } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "background-copy-wine-"));
  const own = {
    WINEPREFIX: join(folder, "prefix"),
    WINEDEBUG: "-all",
    // Without it .NET 10 dies now and then under Wine 8.
    DOTNET_EnableWriteXorExecute: "0",
  };
  const env = { ...process.env, ...own };
  const wine = (/** @type {string[]} */ ...args) => execFileSync("wine", args, { env, stdio: "ignore" });
  const stop = () => spawnSync("wineserver", ["-k"], { env, stdio: "ignore" });
  wine("wineboot", "-i");
  wine("winecfg", "-v", "win10");
  if (bitsStandsIn) {
    wine("reg", "add", `HKCR\\CLSID\\${DELIVERY_OPTIMIZATION}\\TreatAs`, "/ve", "/d", BITS, "/f");
  }
  // A new prefix holds its service database locked for long seconds, and no service can be activated; its next start is quick.
  stop();

  const executable = join(folder, "powershell.sh");
  const exports = Object.entries(own).map(([name, value]) => `export ${name}='${value}'\n`);
  // A console program that has no handle on a console does not start in Wine: `script` puts a terminal under stderr. What this
  // adds is -MTA, which the SDK itself adds on Windows alone, and the module's path as Windows writes it.
  const start = `exec wine '${windowsPowerShell}' -MTA $* <&3 >&4`;
  writeFileSync(
    executable,
    `#!/bin/bash
${exports.join("")}export BACKGROUND_COPY_MODULE="Z:\${BACKGROUND_COPY_MODULE//\\//\\\\}"
exec script -qec "${start}" /dev/null 3<&0 4>&1 </dev/null >&2
`,
  );
  chmodSync(executable, 0o755);
  return {
    path: own.WINEPREFIX,
    executable,
    remove() {
      stop();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}
