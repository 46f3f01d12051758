// Plain JavaScript, because the stress tests run without a compiler.
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { shellWord } from "./shell-word.js";

const program = readFileSync(new URL("fleet-ssh.sh", import.meta.url), "utf8");
const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));

/** The names of so many hosts. @param {number} count */
export function hostNames(count) {
  return Array.from({ length: count }, (_, i) => `pc-${String(i).padStart(5, "0")}`);
}

/**
 * Makes a fake ssh whose hosts keep their state in that folder, and cost so little that there can be thousands: see fleet-ssh.sh. Returns
 * the path of the executable.
 *
 * @param {string} folder
 * @param {readonly string[]} kill The event at which the process that starts it is killed, and for which time it happens.
 */
export function fleetSsh(folder, kill) {
  const executable = join(folder, "ssh");
  if (!existsSync(executable)) {
    mkdirSync(join(folder, "canceled"));
    writeFileSync(executable, `#!/bin/sh\nfolder=${shellWord(folder)} version=${shellWord(version)}\n${program}`);
    chmodSync(executable, 0o755);
  }
  writeFileSync(join(folder, "kill"), `${kill.join(" ")}\n`);
  return executable;
}
