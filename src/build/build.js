// Builds dist/ from src/ and completes the PowerShell module. Plain JavaScript, so that it runs before anything is built.
import { execFileSync } from "node:child_process";
import { copyFileSync, cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle } from "./bundle.js";
import { MADE, writeMade } from "./made.js";
import { writeHostFile } from "./host-file.js";
import { writePowerShellHelp } from "./powershell-help.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const dist = join(root, "dist");
const module = join(root, "ps", "BackgroundCopy");
// Written last, so that it exists only if the build is complete.
const names = join(module, "hresults.json");

/** The path of the TypeScript compiler, or undefined if the development dependencies are not installed. */
function compiler() {
  try {
    const manifest = createRequire(import.meta.url).resolve("@typescript/native/package.json");
    return join(dirname(manifest), "bin", "tsc");
  } catch {
    return undefined;
  }
}

export async function build() {
  if (!compiler()) {
    throw new Error("Nothing is built here, and the compiler is not installed: run npm ci.");
  }
  writeMade();
  // The output of a deleted file must not be packed.
  rmSync(dist, { recursive: true, force: true });
  execFileSync(process.execPath, [compiler(), "-p", join(root, "tsconfig.json")], { stdio: "inherit" });
  cpSync(MADE, join(dist, "made"), { recursive: true });
  await bundle(dist, join(dist, "bundle"));
  const { LANGUAGES } = await import("../../dist/words/locale.js");
  for (const [locale, { culture }] of Object.entries(LANGUAGES)) {
    mkdirSync(join(module, culture), { recursive: true });
    copyFileSync(join(root, "locales", locale, "messages.json"), join(module, culture, "messages.json"));
  }
  writePowerShellHelp(LANGUAGES);
  writeHostFile(module);
  const { hresults } = await import("../../dist/words/hresults.js");
  const byHex = Object.fromEntries(hresults().map(({ hex, name }) => [hex, name]));
  writeFileSync(names, JSON.stringify(byHex, undefined, 1));
}

/** Builds the package if it is not built yet: an installation with --ignore-scripts leaves the build to the first use. */
export async function ensureBuilt() {
  if (!existsSync(names) || !existsSync(dist)) {
    await build();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url) && !(process.argv.includes("--if-possible") && !compiler())) {
  await build();
}
