// A program that cancels the jobs of many hosts, which a fake ssh reaches, with a journal, and that is killed as told: `node
// fleet-controller.js FOLDER HOSTS EVENT COUNT END`. It is killed when the event happens on a host for that time: `open`, `describe`,
// `cancel` (before its effect), `canceled` (after it), or `none`. It also is when the journal has END bytes. With the event `plan`, it only
// makes the plan.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { BackgroundCopyFleet } from "../../dist/fleet.js";
import { fleetSsh, hostNames } from "./fleet-ssh.js";

const [folder = "", hosts = "", event = "none", count = "0", end] = process.argv.slice(2);
const file = (/** @type {string} */ name) => join(folder, name);

/** Kills this process when the journal has so many bytes: a line that contains that byte is torn. */
async function dieAtByte(/** @type {number} */ end) {
  const probe = await open(file("probe"), "w");
  const prototype = Object.getPrototypeOf(probe);
  await probe.close();
  const { write } = prototype;
  prototype.write = async function (
    /** @type {Buffer} */ bytes,
    /** @type {number} */ offset,
    /** @type {number} */ length,
    /** @type {number} */ position,
  ) {
    if (position + length <= end) {
      return write.call(this, bytes, offset, length, position);
    }
    await write.call(this, bytes, offset, Math.max(0, end - position), position);
    process.kill(process.pid, "SIGKILL");
  };
}

// Nothing is decided by time.
const time = { connectTimeoutInMs: 600_000, hostTimeoutInMs: 600_000 };
const ssh = { executable: fleetSsh(folder, [event, count]) };
const fleet = await BackgroundCopyFleet.connect({ ...time, hosts: hostNames(Number(hosts)), engine: "ssh", ssh });
if (!existsSync(file("plan.json"))) {
  writeFileSync(file("plan.json"), JSON.stringify(await fleet.listJobs()));
}
if (event === "plan") {
  process.exit();
}
const plan = BackgroundCopyFleet.readPlan(readFileSync(file("plan.json"), "utf8"));
if (end !== undefined) {
  await dieAtByte(Number(end));
}

const isMeasured = globalThis.gc !== undefined;
const heap = () => {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
};
const result = { outcomes: 0, done: 0, fromJournal: 0, resent: 0, heaps: /** @type {number[]} */ ([]), cpuInMs: 0 };
const seen = new Set();
const before = process.cpuUsage();
for await (const outcome of fleet.cancelJobs(plan, { journal: file("run.jsonl"), batches: ["100%"] })) {
  result.outcomes++;
  result.done += outcome.status === "done" ? 1 : 0;
  result.fromJournal += outcome.fromJournal ? 1 : 0;
  result.resent += outcome.resent.length;
  seen.add(outcome.name);
  if (isMeasured && result.outcomes % Math.ceil(Number(hosts) / 5) === 0) {
    result.heaps.push(heap());
  }
}
const { user, system } = process.cpuUsage(before);
result.cpuInMs = (user + system) / 1000;
console.log(JSON.stringify({ ...result, hosts: seen.size }));
