// `npm run engines`: downloads the real engines that the tests use if they find them: PowerShell for this machine and for Windows, Node
// for Windows, and the reference assemblies for scripts for Windows PowerShell 5.1. It skips what already exists and what
// this machine can't use.
import { chmod, cp, mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { keptFolder } from "../support/kept.js";
import { onPath } from "../support/programs.js";
import { downloadNpm, downloadNuGet, run } from "./packages.js";
import { DOTNET_FOR_WINDOWS, NEARLY_NODES, NODES_FOR_WINDOWS, POWERSHELL, REFERENCES } from "./pins.js";
import { DOTNET_FOLDER, NEARLY_NODE_FOLDERS, NODE_FOLDERS, POWERSHELL_FOLDER, REFERENCES_FOLDER } from "./places.js";

/**
 * A download.
 *
 * @typedef {object} Engine
 * @property {string} label
 * @property {string} folder Its folder, which exists only when it is complete.
 * @property {readonly (string | false)[]} missing What this machine lacks to use it.
 * @property {(work: string, made: string) => Promise<void>} make Fills the folder `made`. `work` is for temporary files.
 */

const dotnet = onPath("dotnet");
const sdk = (await hasSdk()) ? false : "the .NET SDK 10 or newer";
const wine = onPath("wine") ? false : "Wine";
const linux = process.platform === "linux" && process.arch === "x64" ? false : "Linux on x64";

async function hasSdk() {
  const version = dotnet && (await run(dotnet, ["--version"]).catch(() => undefined));
  return Number.parseInt(version || "0", 10) >= 10;
}

/** @type {Engine["make"]} */
async function makePowerShell(work, made) {
  const [place] = await downloadNuGet(work, [POWERSHELL]);
  await rename(join(String(place), "tools", "net10.0", "any"), made);
  // `dotnet tool install` creates a program that starts a second process, which survives when the first one is killed; this script
  // becomes PowerShell.
  const program = `#!/bin/sh\nexec "${dotnet}" "$(dirname "$0")/pwsh.dll" "$@"\n`;
  await writeFile(join(made, "unix", "pwsh"), program, { mode: 0o755 });
}

/** @type {Engine["make"]} */
async function makeDotnet(work, made) {
  const { version, frameworks } = DOTNET_FOR_WINDOWS;
  const places = await downloadNuGet(
    work,
    frameworks.map((framework) => ({ ...framework, version })),
  );
  for (const [i, { name }] of frameworks.entries()) {
    const parts = join(String(places[i]), "runtimes", "win-x64");
    for (const part of ["lib/net10.0", "native"]) {
      await cp(join(parts, part), join(made, "shared", name, version), { recursive: true });
    }
  }
  const resolver = join(made, "host", "fxr", version);
  await mkdir(resolver, { recursive: true });
  const [runtime] = frameworks;
  await rename(join(made, "shared", String(runtime?.name), version, "hostfxr.dll"), join(resolver, "hostfxr.dll"));
}

/** @type {Engine["make"]} */
async function makeReferences(work, made) {
  const { framework, powerShell, reader } = REFERENCES;
  const places = await downloadNuGet(work, [framework, powerShell, reader]);
  const [frameworkPlace, powerShellPlace, readerPlace] = places.map(String);
  const files = [
    ...(await dlls(`${frameworkPlace}/build/.NETFramework/v4.7.2`)),
    ...(await dlls(`${powerShellPlace}/lib/net452`)),
  ];
  await mkdir(join(made, "assemblies"), { recursive: true });
  for (const file of files) {
    await rename(file, join(made, "assemblies", basename(file)));
  }
  for (const file of await dlls(`${readerPlace}/lib/net10.0`)) {
    await rename(file, join(made, basename(file)));
  }
}

/** @param {string} folder */
async function dlls(folder) {
  return (await readdir(folder)).filter((name) => name.endsWith(".dll")).map((name) => join(folder, name));
}

/** @type {readonly Engine[]} */
const engines = [
  { label: `PowerShell ${POWERSHELL.version}`, folder: POWERSHELL_FOLDER, missing: [sdk], make: makePowerShell },
  {
    label: `.NET ${DOTNET_FOR_WINDOWS.version} for Windows`,
    folder: DOTNET_FOLDER,
    missing: [sdk, wine],
    make: makeDotnet,
  },
  {
    label: "the reference assemblies for Windows PowerShell 5.1",
    folder: REFERENCES_FOLDER,
    missing: [sdk],
    make: makeReferences,
  },
  ...NODES_FOR_WINDOWS.map((pinned) => ({
    label: `Node ${pinned.version} for Windows`,
    folder: String(NODE_FOLDERS.get(pinned.version)),
    missing: [wine],
    async make(/** @type {string} */ work, /** @type {string} */ made) {
      await downloadNpm(work, pinned);
      await mkdir(made);
      const program = await readFile(join(work, "bin", "node.exe"));
      if (pinned.hidden) {
        program.write("-", program.indexOf(`${pinned.hidden}\0`));
      }
      await writeFile(join(made, "node.exe"), program);
    },
  })),
  ...NEARLY_NODES.map(({ label, program, ...pinned }) => ({
    label: `${label} ${pinned.version}`,
    folder: String(NEARLY_NODE_FOLDERS.get(label)),
    missing: [linux],
    async make(/** @type {string} */ work, /** @type {string} */ made) {
      await downloadNpm(work, pinned);
      await mkdir(made);
      await rename(join(work, program), join(made, label.toLowerCase()));
      await chmod(join(made, label.toLowerCase()), 0o755);
    },
  })),
];

/**
 * Downloads an engine if it is missing, and reports the outcome.
 *
 * @param {Engine} engine
 */
async function fetchEngine({ folder, missing, make }) {
  if (existsSync(folder)) {
    return "is there";
  }
  const lacks = missing.filter((thing) => thing !== false);
  if (lacks.length > 0) {
    return `not fetched, as this machine lacks ${lacks.join(" and ")}`;
  }
  try {
    await keptFolder(basename(folder), (made, work) => make(work, made));
    return "fetched";
  } catch (error) {
    process.exitCode = 1;
    return `not fetched: ${error instanceof Error ? error.message : error}`;
  }
}

if (process.platform === "win32") {
  console.log("nothing is fetched: Windows has a PowerShell, and this Node is its own");
} else {
  await Promise.all(engines.map(async (engine) => console.log(`${engine.label}: ${await fetchEngine(engine)}`)));
}
