// The work of Node itself for a host of a fleet: the hosts are in memory, and cost almost nothing, or a fake ssh stands for ssh and the host.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BackgroundCopyFleet } from "../../dist/fleet.js";
import { fakeSsh } from "../support/fake-ssh.js";
import { fleetOver } from "../support/fleet-over.js";
import { MemoryFleet } from "../support/memory-fleet.js";
import { bounded, isFull, measureInTurns } from "./timing.js";

const HOSTS = 1_000;
const ROUNDS = 5;
/** Each is a process. */
const HOSTS_OVER_SSH = 200;
/** The time of the processor that a host may take, in milliseconds. */
const LIMIT = 5;

/** The time of the processor in milliseconds, for one of the hosts. */
async function cpuOf(work, hosts = HOSTS) {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / hosts;
}

async function hostsInMemory() {
  const memory = new MemoryFleet({ keepsRecord: false });
  memory.addMany(HOSTS);
  const fleet = await fleetOver(BackgroundCopyFleet, memory.engine(), { hosts: memory.jobs.keys() });
  return { memory, fleet, plan: await fleet.listJobs() };
}

/** The same requests to the same hosts, and nothing else. */
async function bare() {
  const { memory, plan } = await hostsInMemory();
  const engine = memory.engine();
  const { signal } = new AbortController();
  const language = { locale: "en", wording: "documented" };
  const options = { service: "bits", language, signal, timeoutInMs: 1000, hostTimeoutInMs: 1000 };
  return cpuOf(async () => {
    for (const { jobs, ...host } of plan.hosts) {
      const link = await engine.open(host, options);
      await link.port.request("job.cancel", { jobIds: jobs.map(({ jobId }) => jobId), languageId: 1033 });
      await link.close();
    }
  });
}

async function cancelAll(fleet, plan, options) {
  for await (const { status } of fleet.cancelJobs(plan, options)) {
    if (status !== "done") {
      throw new Error(`a host is ${status}`);
    }
  }
}

async function canceled(options) {
  const { fleet, plan } = await hostsInMemory();
  return cpuOf(() => cancelAll(fleet, plan, options));
}

/** With the start of ssh, the module that is sent, and the answers. */
async function canceledOverSsh() {
  const hosts = Array.from({ length: HOSTS_OVER_SSH }, (_, i) => `host-${i}`);
  const { executable } = fakeSsh();
  const fleet = await BackgroundCopyFleet.connect({ hosts, engine: "ssh", ssh: { executable }, concurrency: 8 });
  const plan = await fleet.listJobs({ displayName: "job *" });
  const work = await cpuOf(() => cancelAll(fleet, plan, {}), HOSTS_OVER_SSH);
  await fleet.close();
  return work;
}

export async function measureFleet() {
  const folder = mkdtempSync(join(tmpdir(), "background-copy-fleet-"));
  let journals = 0;
  try {
    const what = "a host that is canceled, time of the processor";
    bounded(what, await measureInTurns(ROUNDS, bare, () => canceled({})), LIMIT);
    const journal = () => join(folder, `${journals++}.jsonl`);
    bounded(
      `${what}, with a journal`,
      await measureInTurns(ROUNDS, bare, () => canceled({ journal: journal() })),
      LIMIT,
    );
    // Windows starts no script as ssh.
    if (isFull && process.platform !== "win32") {
      bounded(`${what}, over ssh`, await measureInTurns(ROUNDS, bare, canceledOverSsh), LIMIT);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
