// Runs Astro, which turns the pages into HTML, in the folder of the site. The site has its own packages, and its own Node if the Node of
// the machine is too old for Astro.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const SITE = fileURLToPath(new URL("../site/", import.meta.url));

/** Whether the packages of a folder's lock file are installed. */
function isInstalled(folder) {
  const installed = `${folder}node_modules/.package-lock.json`;
  if (!existsSync(installed)) {
    return false;
  }
  const { packages } = JSON.parse(readFileSync(installed, "utf8"));
  const { packages: wanted } = JSON.parse(readFileSync(`${folder}package-lock.json`, "utf8"));
  return (
    Object.entries(packages).every(([name, { version }]) => wanted[name]?.version === version) &&
    Object.entries(wanted).every(([name, { optional, peer }]) => !name || optional || peer || packages[name])
  );
}

function install(folder) {
  if (isInstalled(folder)) {
    return;
  }
  const { status, error } = spawnSync("npm", ["ci", "--no-progress", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: folder,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (status !== 0) {
    throw error ?? new Error(`npm ci in ${folder} ended with ${status}`);
  }
}

/** Whether this Node can run Astro. */
function isNewEnough() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  return major > 22 || (major === 22 && minor >= 12);
}

/** The Node that runs Astro. It is installed if this one is too old. */
export function nodeForAstro() {
  if (isNewEnough()) {
    return process.execPath;
  }
  install(`${SITE}node/`);
  const name = `${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
  const program = process.platform === "win32" ? "bin/node.exe" : "bin/node";
  const path = ["node", "node-bin"]
    .map((kind) => `${SITE}node/node_modules/${kind}-${name}/${program}`)
    .find(existsSync);
  if (!path) {
    throw new Error(
      `Astro needs Node 22.12 or newer, and there is none for ${name} among the packages of docs/site/node.`,
    );
  }
  return path;
}

/** Installs the packages of the site if they are missing. */
export function installSite() {
  install(SITE);
}

/** Builds the site in docs/site/dist. Shows the output of Astro if it contains warnings or Astro fails. */
export async function buildSite() {
  const args = [`${SITE}node_modules/astro/bin/astro.mjs`, "build", "--silent"];
  const env = { ...process.env, ASTRO_TELEMETRY_DISABLED: "1", NO_COLOR: "1" };
  const build = spawn(nodeForAstro(), args, { cwd: SITE, env, stdio: "inherit" });
  const status = await new Promise((resolve, reject) => build.on("error", reject).on("exit", resolve));
  if (status !== 0) {
    throw new Error(`astro build ended with ${status}`);
  }
}
