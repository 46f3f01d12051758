// The work of Node itself for a host of a fleet: the hosts are in memory, and cost almost nothing.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BackgroundCopyFleet } from "../../dist/fleet.js";
import { MemoryFleet } from "../support/memory-fleet.js";
import { bounded, measureInTurns } from "./timing.js";

const HOSTS = 1_000;
const ROUNDS = 5;
/** The time of the processor that a host may take, in milliseconds. */
const LIMIT = 5;

/** The time of the processor in milliseconds, for one of the hosts. */
async function cpuOf(work) {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / HOSTS;
}

async function hostsInMemory() {
  const memory = new MemoryFleet({ keepsRecord: false });
  memory.addMany(HOSTS);
  const fleet = await BackgroundCopyFleet.connect({ hosts: memory.jobs.keys(), engine: memory.engine() });
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

async function canceled(options) {
  const { fleet, plan } = await hostsInMemory();
  return cpuOf(async () => {
    for await (const { status } of fleet.cancelJobs(plan, options)) {
      if (status !== "done") {
        throw new Error(`a host is ${status}`);
      }
    }
  });
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
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
