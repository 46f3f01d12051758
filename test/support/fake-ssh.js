// Plain JavaScript, because the benchmarks run without a compiler.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const program = new URL("fake-ssh.mjs", import.meta.url).href;
const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));

/**
 * What goes wrong with a host: a failure of ssh, by its name in `failures` of fake-ssh.mjs, or `act` from `acts` there at the first request
 * for `method`, in each process or once.
 *
 * @typedef {string | { readonly method: string, readonly act: string, readonly once?: boolean }} HostFault
 */

/**
 * A program that stands for ssh and for the hosts behind it. A host keeps the state of its jobs in a file, so that it outlives the process.
 *
 * @typedef {object} FakeSsh
 * @property {string} executable What the engine starts as if it were ssh.
 * @property {(address: string) => string} farSide A command that is the PowerShell of that host, for a real server.
 * @property {(address: string) => string[]} did What was done with a host, one thing an entry: `start`, the method of each request,
 *   `cancel ID` (or another verb), `end` when its input ended.
 * @property {(address: string, number: number) => string} jobId The ID of a job of a host, the first being 0.
 */

/**
 * Makes a fake ssh.
 *
 * @param {object} [options]
 * @param {number} [options.jobs] How many jobs each host has. Default: 2.
 * @param {Readonly<Record<string, HostFault>>} [options.faults] By address.
 * @param {readonly string[]} [options.refused] The IDs of jobs that may not be changed.
 * @returns {FakeSsh}
 */
export function fakeSsh({ jobs = 2, faults = {}, refused = [] } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "background-copy-fake-ssh-"));
  const hosts = join(folder, "hosts");
  mkdirSync(hosts);
  const settings = join(folder, "settings.json");
  writeFileSync(settings, JSON.stringify({ version, hosts, jobs, faults, refused }));
  const write = (/** @type {string} */ name, /** @type {string} */ address) => {
    const path = join(folder, name);
    const call = `main(${JSON.stringify(settings)}, ${address})`;
    writeFileSync(path, `#!${process.execPath}\nimport(${JSON.stringify(program)}).then(({ main }) => ${call});\n`);
    chmodSync(path, 0o755);
    return path;
  };
  return {
    executable: write("ssh", "undefined"),
    farSide: (address) => write(`far-side-${address}`, JSON.stringify(address)),
    did(address) {
      const path = join(hosts, address);
      return existsSync(path) ? readFileSync(path, "utf8").trimEnd().split("\n") : [];
    },
    jobId: (address, number) => jobIdOf(address, number),
  };
}

/**
 * The ID of a job of a host: different on every host, and the same each time.
 *
 * @param {string} address
 * @param {number} number
 */
export function jobIdOf(address, number) {
  let hash = 0x811c9dc5;
  for (const character of address) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  return `${hash.toString(16).padStart(8, "0")}-0000-4000-8000-${number.toString(16).padStart(12, "0")}`;
}
