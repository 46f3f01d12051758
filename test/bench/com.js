// The cost of COM calls, compared with a bare PowerShell loop.
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { BackgroundCopyManager } from "../../dist/bundle/index.js";
import { exited, type } from "./processes.js";
import { amount, compare, measureInTurns } from "./timing.js";

const BARE_CANCEL = fileURLToPath(new URL("bare-cancel.psm1", import.meta.url));
const BARE_DESCRIBE = fileURLToPath(new URL("bare-describe.psm1", import.meta.url));

/** The time that a PowerShell loop takes for this number of jobs. */
async function bareOnce(executable, module, command, count) {
  const { child, onLine } = type(executable, `Import-Module $env:BACKGROUND_COPY_MODULE; ${command}; exit`, {
    BACKGROUND_COPY_MODULE: module,
  });
  const ended = exited(child).then(() => assert.fail(`${command} said nothing`));
  const [, done, took] = (await Promise.race([new Promise(onLine), ended])).split(" ").map(Number);
  await ended.catch(() => {});
  assert.equal(done, count);
  return took;
}

async function cancelOnce(executable, count) {
  const manager = await BackgroundCopyManager.connect({ service: "bits", executable });
  const ids = [];
  for (let i = 0; i < count; i++) {
    ids.push((await manager.createJob(`job ${i}`)).id);
  }
  const started = performance.now();
  const outcomes = await manager.cancelJobs(ids);
  const took = performance.now() - started;
  await manager.close();
  assert(outcomes.every(({ ok }) => ok));
  return took;
}

export async function measureCancel(executable) {
  const count = amount(300, 1000);
  const turns = await measureInTurns(
    amount(4, 10),
    () => bareOnce(executable, BARE_CANCEL, `Measure-BareCancel ${count}`, count),
    () => cancelOnce(executable, count),
  );
  compare(`${count} jobs canceled in one call, beside the same COM calls`, turns, 1.15);
}

/** The same jobs, described by a PowerShell loop and by the SDK. */
export async function measureReading(executable) {
  const listed = amount(300, 1000);
  const manager = await BackgroundCopyManager.connect({ service: "bits", executable });
  const jobIds = [];
  for (let i = 0; i < listed; i++) {
    jobIds.push((await manager.createJob(`job ${i}`)).id);
  }
  const timed = async (count, call) => {
    const started = performance.now();
    const told = await call();
    assert.equal(told.length, count);
    return performance.now() - started;
  };
  const jobs = (count) => jobIds.slice(0, count).map((id) => manager.job(id));
  const describe = async (count) => {
    const described = [];
    for (const job of jobs(count)) {
      described.push(await job.describe());
    }
    return described;
  };
  const watch = async (count) => {
    const watches = jobs(count).map((job) => job.watch()[Symbol.asyncIterator]());
    const told = await Promise.all(watches.map((one) => one.next()));
    await Promise.all(watches.map((one) => one.return()));
    return told;
  };
  const measure = async (what, count, command, call, bareCount = count) => {
    const turns = await measureInTurns(
      amount(4, 10),
      () => bareOnce(executable, BARE_DESCRIBE, command, bareCount),
      () => timed(count, call),
    );
    compare(`${count} jobs ${what}, beside the same COM calls`, turns, 1.15);
  };
  // Wine's list also contains the canceled job that keeps the prefix busy; the SDK omits it.
  await measure("listed", listed, "Measure-BareList", () => manager.listJobs(), listed + 1);
  const described = amount(60, 200);
  await measure("described", described, `Measure-BareDescribe all ${described}`, () => describe(described));
  const watched = amount(150, 500);
  await measure("watched, one look", watched, `Measure-BareDescribe progress ${watched}`, () => watch(watched));
  await manager.cancelJobs(jobIds);
  await manager.close();
}
