// `npm run engines`: downloads the real engines that the tests use if they find them: PowerShell for this machine and for Windows, Node
// for Windows, and the reference assemblies for scripts for Windows PowerShell 5.1. It skips what already exists and what
// this machine can't use.
import { chmod, cp, mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { keptFolder } from "../support/kept.js";
import { onPath } from "../support/programs.js";
import { compile } from "./compile.js";
import { downloadDebian, downloadNpm, downloadNuGet, run } from "./packages.js";
import {
  COMPILER,
  DOTNET_32,
  DOTNET_FOR_WINDOWS,
  NEARLY_NODES,
  NODES_FOR_WINDOWS,
  POWERSHELL,
  REFERENCES,
} from "./pins.js";
import {
  DOTNET_FOLDER,
  FOLDER_32,
  NEARLY_NODE_FOLDERS,
  NODE_FOLDERS,
  NOT_COMPILED,
  POWERSHELL_FOLDER,
  REFERENCES_FOLDER,
  WINE_32_FOLDER,
} from "./places.js";
import { runs32Bit } from "./runs-32-bit.js";

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
const debian = onPath("dpkg-query") && onPath("apt-get") ? false : "Debian";
const linux = process.platform === "linux" && process.arch === "x64" ? false : "Linux on x64";
const bits32 = runs32Bit() ? false : "a system that runs 32-bit programs";

async function hasSdk() {
  const version = dotnet && (await run(dotnet, ["--version"]).catch(() => undefined));
  return Number.parseInt(version || "0", 10) >= 10;
}

/** The folders of the .NET that `dotnet` starts PowerShell with. */
async function ownFrameworks() {
  const runtimes = await run(String(dotnet), ["--list-runtimes"]);
  const found = [...runtimes.matchAll(/^Microsoft\.NETCore\.App (10\.\S+) \[(.+)\]$/gm)];
  return found.slice(-1).map(([, version = "", folder = ""]) => join(folder, version));
}

/** The folders of the .NET for Windows. */
const windowsFrameworks = DOTNET_FOR_WINDOWS.frameworks.map(({ name }) =>
  join(DOTNET_FOLDER, "shared", name, DOTNET_FOR_WINDOWS.version),
);

/** @type {Engine["make"]} */
async function makePowerShell(work, made) {
  const canCompile = linux === false;
  const [place, compilerPlace] = await downloadNuGet(work, canCompile ? [POWERSHELL, COMPILER] : [POWERSHELL]);
  await rename(join(String(place), "tools", "net10.0", "any"), made);
  await cp(join(made, "win"), join(made, basename(NOT_COMPILED)), { recursive: true });
  if (canCompile) {
    const compiler = join(String(compilerPlace), "tools", "crossgen2");
    await chmod(compiler, 0o755);
    const compiled = [compile(compiler, join(made, "unix"), "linux", await ownFrameworks())];
    if (existsSync(DOTNET_FOLDER)) {
      compiled.push(compile(compiler, join(made, "win"), "windows", windowsFrameworks));
    }
    await Promise.all(compiled);
  }
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

/** What a program of .NET contains before it is known what it starts. */
const NOT_BOUND = "c3ab8ff13720e8ad9047dd39466b3c8974e592c2fa383d4a3960714caef0c4f2";

/** @type {Engine["make"]} */
async function make32(work, made) {
  const { runtime, program, desktop } = DOTNET_32;
  const [runtimePlace, programPlace, desktopPlace] = await downloadNuGet(work, [runtime, program, desktop]);
  const parts = join(String(runtimePlace), "runtimes", "win-x86");
  const shared = join(made, "shared", "Microsoft.NETCore.App", runtime.version);
  for (const part of ["lib/net10.0", "native"]) {
    await cp(join(parts, part), shared, { recursive: true });
  }
  const resolver = join(made, "host", "fxr", runtime.version);
  await mkdir(resolver, { recursive: true });
  await rename(join(shared, "hostfxr.dll"), join(resolver, "hostfxr.dll"));
  await makeDesktop(join(String(desktopPlace), "runtimes", "win", "lib", "net10.0"), made);
  const file = await readFile(join(String(programPlace), "runtimes", "win-x86", "native", "apphost.exe"));
  const started = relative(FOLDER_32, join(NOT_COMPILED, "pwsh.dll")).replaceAll("/", "\\");
  file.write(started.padEnd(NOT_BOUND.length, "\0"), file.indexOf(NOT_BOUND));
  await writeFile(join(made, "pwsh.exe"), file);
}

/**
 * Makes a desktop part of .NET from the assemblies in a folder.
 *
 * @param {string} assemblies
 * @param {string} made
 */
async function makeDesktop(assemblies, made) {
  const [name, target] = ["Microsoft.WindowsDesktop.App", ".NETCoreApp,Version=v10.0/win-x86"];
  const { version } = DOTNET_32.desktop;
  const folder = join(made, "shared", name, version);
  await cp(assemblies, folder, { recursive: true });
  const contents = Object.fromEntries((await dlls(folder)).map((file) => [basename(file), {}]));
  const key = `${name}/${version}`;
  const dependencies = {
    runtimeTarget: { name: target },
    targets: { [target]: { [key]: { runtime: contents } } },
    libraries: { [key]: { type: "package", serviceable: true, sha512: "" } },
  };
  const framework = { name: "Microsoft.NETCore.App", version: DOTNET_32.runtime.version };
  const settings = { runtimeOptions: { tfm: "net10.0", framework } };
  await writeFile(join(folder, `${name}.deps.json`), JSON.stringify(dependencies));
  await writeFile(join(folder, `${name}.runtimeconfig.json`), JSON.stringify(settings));
}

/** Wine for 64-bit programs also runs those of 32 bits if it finds the 32-bit libraries. @type {Engine["make"]} */
async function makeWine32(work, made) {
  const unpacked = await downloadDebian(work, { name: "libwine", architecture: "i386" });
  await mkdir(made);
  const libraries = join(made, "i386-windows");
  await rename(join(unpacked, "usr", "lib", "i386-linux-gnu", "wine", "i386-windows"), libraries);
  const strip = onPath("x86_64-w64-mingw32-strip");
  if (strip) {
    // Most of their size is information for debuggers.
    const files = (await readdir(libraries)).filter((name) => /\.(?:dll|exe)$/.test(name));
    await run(strip, ["--strip-debug", ...files], libraries);
  }
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

/** @type {Engine} */
const dotnetForWindows = {
  label: `.NET ${DOTNET_FOR_WINDOWS.version} for Windows`,
  folder: DOTNET_FOLDER,
  missing: [sdk, wine],
  make: makeDotnet,
};

/** @type {readonly Engine[]} */
const engines = [
  { label: `PowerShell ${POWERSHELL.version}`, folder: POWERSHELL_FOLDER, missing: [sdk], make: makePowerShell },
  {
    label: `32-bit .NET ${DOTNET_32.runtime.version} for Windows`,
    folder: FOLDER_32,
    missing: [sdk, wine, bits32],
    make: make32,
  },
  {
    label: "the 32-bit part of Wine",
    folder: WINE_32_FOLDER,
    missing: [wine, debian, bits32],
    make: makeWine32,
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
 * Downloads an engine if it is missing, and returns the outcome.
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
  const report = async (/** @type {Engine} */ engine) => console.log(`${engine.label}: ${await fetchEngine(engine)}`);
  // First, because PowerShell is compiled for it.
  await report(dotnetForWindows);
  await Promise.all(engines.map(report));
}
