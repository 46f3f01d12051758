// Plain JavaScript, because the stress tests run without a compiler.
import { appendFileSync, chmodSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "background-copy-fake-"));
const host = new URL("fake-host.mjs", import.meta.url).href;
const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
let made = 0;

/**
 * What goes wrong with a host, once: at a request for `method`, or at its start where it is one of the hosts that `start` counts.
 *
 * @typedef {object} Fault
 * @property {string} [method]
 * @property {readonly number[]} [start] Which of the hosts that are started one after the other, the first being 1.
 * @property {string} act One of `acts` or `starts` in fake-host.mjs.
 * @property {boolean} [always] Whether it goes wrong every time.
 */

/**
 * A host that goes wrong as told.
 *
 * @typedef {object} FaultyHost
 * @property {string} executable
 * @property {() => string[]} did What the hosts did, one thing an entry: `start PID`, `arguments ARGUMENTS` and `folder PATH`, the
 *   methods that they were asked for where there are faults, `canceled ID`.
 * @property {() => void} goOn Lets a host that waits go on.
 */

/**
 * A host with these faults.
 *
 * @param {readonly Fault[]} faults
 */
export function faultyHost(faults) {
  return make({ FAKE_FAULTS: JSON.stringify(faults) });
}

/**
 * The path of an executable with the named behavior: see fake-host.mjs.
 *
 * @param {string} [behaviour]
 */
export function fakeHost(behaviour = "well") {
  return make({ FAKE_HOST: behaviour }).executable;
}

/**
 * @param {Readonly<Record<string, string>>} environment
 * @returns {FaultyHost}
 */
function make(environment) {
  const executable = join(folder, `host-${++made}`);
  const log = `${executable}.log`;
  const given = { ...environment, FAKE_LOG: log, FAKE_VERSION: version };
  const source = `#!${process.execPath}\nObject.assign(process.env, ${JSON.stringify(given)});\nimport(${JSON.stringify(host)});\n`;
  writeFileSync(log, "");
  writeFileSync(executable, source);
  chmodSync(executable, 0o755);
  return {
    executable,
    did: () => readFileSync(log, "utf8").trimEnd().split("\n"),
    goOn: () => appendFileSync(log, "go on\n"),
  };
}
