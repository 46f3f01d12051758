// A program that cancels the jobs of many hosts in memory, with a journal, and that kills itself as told: `node fleet-controller.js FOLDER
// HOSTS KILL`. KILL is `none`, `byte N` for a kill when so many bytes of the journal are written, or `EVENT N` for a kill at the Nth event
// of the hosts: `open`, `describe`, `cancel` (before its effect), `canceled` (after it).
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { BackgroundCopyFleet } from "../../dist/fleet.js";
import { MemoryFleet } from "./memory-fleet.js";

const [folder = "", hosts = "", kill = "none", count = "0"] = process.argv.slice(2);
const file = (/** @type {string} */ name) => join(folder, name);

function die() {
  process.kill(process.pid, "SIGKILL");
}

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
    return die();
  };
}

const memory = new MemoryFleet({ log: file("effects"), keepsRecord: false });
memory.addMany(Number(hosts));
memory.recall();

let left = Number(count);
memory.before = (what) => {
  const [event] = what.split(" ");
  if (event === "cancel") {
    // What reaches a host is known even if this process is killed at once.
    appendFileSync(file("requests"), `${what}\n`);
  }
  if (event === kill && --left === 0) {
    die();
  }
};
memory.after = () => {
  if (kill === "canceled" && --left === 0) {
    die();
  }
};

const names = memory.jobs.keys();
const fleet = await BackgroundCopyFleet.connect({ hosts: names, engine: memory.engine(), locale: "en" });
if (!existsSync(file("plan.json"))) {
  writeFileSync(file("plan.json"), JSON.stringify(await fleet.listJobs()));
}
const plan = BackgroundCopyFleet.readPlan(readFileSync(file("plan.json"), "utf8"));
if (kill === "byte") {
  await dieAtByte(left);
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
