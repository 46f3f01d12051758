// Installs what the packed package is carried with, here and not at the top, where everybody's npm ci would pay for it.
import { execFileSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";

const here = import.meta.dirname;
const installed = join(here, "node_modules", ".package-lock.json");
const isThere =
  existsSync(installed) && statSync(installed).mtimeMs > statSync(join(here, "package-lock.json")).mtimeMs;
if (!isThere) {
  // None of them requires its own installation scripts.
  const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-progress"];
  execFileSync("npm", args, { cwd: here, stdio: "inherit", shell: process.platform === "win32" });
}
