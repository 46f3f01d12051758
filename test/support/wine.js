// Plain JavaScript, because the benchmarks run without a compiler.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DOTNET_FOLDER, FOLDER_32, WINE_32_FOLDER } from "../engines/places.js";
import { keptFolder } from "./kept.js";
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
 * What a program needs to run in the prefix of a folder.
 *
 * @param {string} folder
 * @param {boolean} runs32Bit Whether 32-bit programs run there too.
 */
function environmentOf(folder, runs32Bit) {
  return {
    WINEPREFIX: join(folder, "prefix"),
    // PowerShell keeps settings of the user there: the tests must not use those of this machine.
    HOME: folder,
    // The programs of a prefix meet there.
    TMPDIR: tmpdir(),
    WINEDEBUG: "-all",
    // The encoding of file names in Wine.
    LC_CTYPE: "C.UTF-8",
    // Without it, .NET 10 sometimes crashes under Wine 8.
    DOTNET_EnableWriteXorExecute: "0",
    ...(runs32Bit && { WINEDLLPATH: WINE_32_FOLDER, DOTNET_ROOT_X86: windowsPath(FOLDER_32) }),
    // The .NET of this machine can't be used there; .NET for Windows is expected where Windows has it.
    DOTNET_ROOT: "",
  };
}

/**
 * Runs a command of Wine. On a busy machine what Wine starts now and then does not start in time.
 *
 * @param {NodeJS.ProcessEnv} env
 * @param {string[]} args
 */
function wine(env, ...args) {
  if (spawnSync("wine", args, { env, stdio: "ignore" }).status !== 0) {
    execFileSync("wine", args, { env, stdio: "ignore" });
  }
}

/** @param {NodeJS.ProcessEnv} env */
function stopWine(env) {
  spawnSync("wineserver", ["-k"], { env, stdio: "ignore" });
}

/**
 * The path of a prefix in which no program ran yet. To make one takes ten times as long as to copy it.
 *
 * @param {boolean} runs32Bit
 */
async function emptyPrefix(runs32Bit) {
  const [version = ""] = execFileSync("wine", ["--version"], {
    encoding: "utf8",
    // Where only the 64-bit part is installed, it says so.
    stdio: ["ignore", "pipe", "ignore"],
  }).split(/\s/);
  const kept = await keptFolder(runs32Bit ? `${version}-32` : version, async (folder) => {
    mkdirSync(folder);
    const own = environmentOf(folder, runs32Bit);
    const env = { ...process.env, ...own };
    wine(env, "wineboot", "-i");
    wine(env, "winecfg", "-v", "win10");
    stopWine(env);
    execFileSync("wineserver", ["-w"], { env, stdio: "ignore" });
    ownFolders(join(own.WINEPREFIX, "drive_c", "users"));
  });
  return environmentOf(kept, runs32Bit).WINEPREFIX;
}

/**
 * Replaces the links to the home folder, such as Documents, with folders.
 *
 * @param {string} users
 */
function ownFolders(users) {
  for (const link of readdirSync(users, { recursive: true, withFileTypes: true })) {
    if (link.isSymbolicLink()) {
      const path = join(link.parentPath, link.name);
      rmSync(path);
      mkdirSync(path);
    }
  }
}

/**
 * Makes a Wine prefix.
 *
 * @param {string} windowsPowerShell The path of a pwsh.exe.
 * @param {object} [options]
 * @param {boolean} [options.bitsStandsIn] Whether Wine's BITS answers for the class of Delivery Optimization. Default: it does.
 * @param {boolean} [options.runs32Bit] Whether 32-bit programs run there too. Default: they don't.
 * @returns {Promise<WinePrefix>}
 */
export async function makeWinePrefix(windowsPowerShell, { bitsStandsIn = true, runs32Bit = false } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "background-copy-wine-"));
  const own = environmentOf(folder, runs32Bit);
  const env = { ...process.env, ...own };
  const empty = await emptyPrefix(runs32Bit);
  // Copies on the same disk share the files of Windows, but not the registry, which Wine would change in place.
  if (spawnSync("cp", ["-al", empty, own.WINEPREFIX], { stdio: "ignore" }).status !== 0) {
    rmSync(own.WINEPREFIX, { recursive: true, force: true });
    execFileSync("cp", ["-a", empty, own.WINEPREFIX]);
  }
  for (const file of readdirSync(empty).filter((name) => name.endsWith(".reg"))) {
    rmSync(join(own.WINEPREFIX, file));
    copyFileSync(join(empty, file), join(own.WINEPREFIX, file));
  }
  if (existsSync(DOTNET_FOLDER)) {
    symlinkSync(DOTNET_FOLDER, join(own.WINEPREFIX, "drive_c", "Program Files", "dotnet"));
  }
  if (bitsStandsIn) {
    wine(env, "reg", "add", `HKCR\\CLSID\\${DELIVERY_OPTIMIZATION}\\TreatAs`, "/ve", "/d", BITS, "/f");
    // After the first start of a prefix its service database is locked for several seconds, and no service can be activated.
    stopWine(env);
  }
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
# The language of a test must not decide about the names of files.
[ "\${LC_ALL-}" != C ] || unset LC_ALL
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
      stopWine(env);
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
