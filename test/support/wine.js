// Plain JavaScript, because the benchmarks run without a compiler.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DOTNET_FOLDER } from "../engines/places.js";
import { shellWord } from "./shell-word.js";

const DELIVERY_OPTIMIZATION = "{5B99FA76-721C-423C-ADAC-56D03C8A8007}";
const BITS = "{4991D34B-80A1-4291-83B6-3328366B9097}";

/**
 * A separate Wine prefix, with a script that starts its PowerShell.
 *
 * @typedef {object} WinePrefix
 * @property {string} path The folder that Wine calls the prefix.
 * @property {string} executable What the SDK starts as if it were powershell.exe.
 * @property {Readonly<Record<string, string>>} environment What a program needs to run in it.
 * @property {() => void} remove
 */

/**
 * A path of this machine as programs in the prefix see it, one of which this may be.
 *
 * @param {string} path
 */
export function windowsPath(path) {
  return process.platform === "win32" ? path : `Z:${path.replaceAll("/", "\\")}`;
}

/**
 * Makes a Wine prefix.
 *
 * @param {string} windowsPowerShell The path of a pwsh.exe.
 * @param {object} [options]
 * @param {boolean} [options.bitsStandsIn] Whether Wine's BITS answers for the class of Delivery Optimization. Default: it does.
 * @param {string} [options.template] The path of a prefix that nothing has run in yet, whose files this one shares: Wine replaces the files
 *   that it changes.
 * @returns {Promise<WinePrefix>}
 */
export async function makeWinePrefix(windowsPowerShell, { bitsStandsIn = true, template } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "background-copy-wine-"));
  const own = {
    WINEPREFIX: join(folder, "prefix"),
    // Wine links Documents to it, and PowerShell keeps user settings there: the tests must not use those of this machine.
    HOME: folder,
    WINEDEBUG: "-all",
    // The encoding of file names in Wine.
    LC_CTYPE: "C.UTF-8",
    // Without it, .NET 10 sometimes crashes under Wine 8.
    DOTNET_EnableWriteXorExecute: "0",
    // The .NET of this machine can't be used there; .NET for Windows is expected where Windows has it.
    DOTNET_ROOT: "",
  };
  const env = { ...process.env, ...own };
  // On a busy machine what Wine starts now and then does not start in time.
  const wine = (/** @type {string[]} */ ...args) => {
    if (spawnSync("wine", args, { env, stdio: "ignore" }).status !== 0) {
      execFileSync("wine", args, { env, stdio: "ignore" });
    }
  };
  const stop = () => spawnSync("wineserver", ["-k"], { env, stdio: "ignore" });
  if (template) {
    execFileSync("cp", ["-al", template, own.WINEPREFIX]);
  } else {
    wine("wineboot", "-i");
    wine("winecfg", "-v", "win10");
    if (existsSync(DOTNET_FOLDER)) {
      symlinkSync(DOTNET_FOLDER, join(own.WINEPREFIX, "drive_c", "Program Files", "dotnet"));
    }
  }
  if (bitsStandsIn) {
    wine("reg", "add", `HKCR\\CLSID\\${DELIVERY_OPTIMIZATION}\\TreatAs`, "/ve", "/d", BITS, "/f");
  }
  // A new prefix keeps its service database locked for several seconds, during which no service can be activated; its next start is
  // quick.
  stop();

  const executable = join(folder, "powershell.sh");
  const exports = Object.entries({ ...own, BACKGROUND_COPY_TEST_PROGRAM: windowsPowerShell }).map(
    ([name, value]) => `export ${name}=${shellWord(value)}\n`,
  );
  // A console program without a console handle does not start in Wine: `script` puts a terminal under stderr. The script adds -MTA, which
  // the SDK itself adds only on Windows, and the path of the module in Windows notation.
  const start = String.raw`exec wine \"\$BACKGROUND_COPY_TEST_PROGRAM\" -MTA $* <&3 >&4`;
  writeFileSync(
    executable,
    `#!/bin/bash
${exports.join("")}export BACKGROUND_COPY_MODULE="Z:\${BACKGROUND_COPY_MODULE//\\//\\\\}"
exec script -qec "${start}" /dev/null 3<&0 4>&1 </dev/null >&2
`,
  );
  chmodSync(executable, 0o755);
  if (bitsStandsIn) {
    // On a busy machine, the services of Wine sometimes do not start in time.
    await holdInterfaces(executable).catch(() => holdInterfaces(executable));
  }
  return {
    path: own.WINEPREFIX,
    executable,
    environment: own,
    remove() {
      stop();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

/**
 * Starts a PowerShell that keeps Wine's BITS answering until all processes of the prefix end. hold-interfaces.psm1 explains how.
 *
 * @param {string} executable
 */
async function holdInterfaces(executable) {
  const module = join(import.meta.dirname, "hold-interfaces.psm1");
  const holder = spawn(executable, ["-NoLogo", "-NoProfile", "-NonInteractive", "-Command", "-"], {
    env: { ...process.env, BACKGROUND_COPY_MODULE: module, TERM: "dumb", NO_COLOR: "1" },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let complaint = "";
  holder.stderr.setEncoding("utf8").on("data", (text) => {
    complaint += text;
  });
  holder.stdin.write("Import-Module $env:BACKGROUND_COPY_MODULE; Lock-BitsInterface\n");
  let said = "";
  for await (const chunk of holder.stdout.setEncoding("utf8")) {
    said += chunk;
    if (said.includes("\n")) {
      break;
    }
  }
  if (said.trim() !== "held") {
    throw new Error(`Wine's BITS can't be held: ${said}${complaint}`);
  }
  // It ends with its standard input, at the latest with this process; nothing has to wait for it.
  holder.unref();
  for (const stream of [holder.stdin, holder.stderr]) {
    /** @type {import("node:net").Socket} */ (/** @type {unknown} */ (stream)).unref();
  }
}
