// The cost of COM calls, compared with a bare PowerShell loop that makes the same calls and writes the same answers as JSON. Both are warm
// before the first turn, and both times are those that the caller waits.
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { BackgroundCopyManager } from "../../dist/bundle/index.js";
import { exited, type } from "./processes.js";
import { amount, compare, measureInTurns } from "./timing.js";

const BARE_CANCEL = fileURLToPath(new URL("bare-cancel.psm1", import.meta.url));
const BARE_DESCRIBE = fileURLToPath(new URL("bare-describe.psm1", import.meta.url));
const LIMIT = 1.15;
const RUN_LINES =
  "while ($null -ne ($line = [Console]::In.ReadLine())) { [Console]::Out.WriteLine((& ([scriptblock]::Create($line)))) }";

/** A PowerShell that imports the module and then runs one command for each line. */
function bareLoop(executable, module) {
  const { child, onLine } = type(executable, `Import-Module $env:BACKGROUND_COPY_MODULE; ${RUN_LINES}; exit`, {
    BACKGROUND_COPY_MODULE: module,
  });
  let answer;
  onLine((line) => answer(line));
  const ended = exited(child).then(() => assert.fail("the bare loop has ended"));
  ended.catch(() => {});
  return {
    /** The list that the command returns. */
    async run(command) {
      const answered = new Promise((resolve) => {
        answer = resolve;
      });
      child.stdin.write(`${command}\n`);
      return JSON.parse(await Promise.race([answered, ended]));
    },
    async close() {
      child.stdin.end();
      await ended.catch(() => {});
    },
  };
}

/** The time of a call that returns a list of `count`. */
async function timed(count, call) {
  const started = performance.now();
  const told = await call();
  const took = performance.now() - started;
  assert.equal(told.length, count);
  return took;
}

/** Compares two calls; `prepare` runs before each, outside its time. */
async function measure(what, rival, own) {
  const turn =
    ({ count, prepare, call }) =>
    async () => {
      await prepare?.();
      return timed(count, call);
    };
  const [rivalTurn, ownTurn] = [turn(rival), turn(own)];
  await rivalTurn();
  await ownTurn();
  // In the short form, few jobs and many turns: the ratio of a turn varies by a tenth.
  const turns = await measureInTurns(amount(8, 6), rivalTurn, ownTurn);
  compare(`${own.count} jobs ${what}, beside the same COM calls`, turns, LIMIT);
}

export async function measureCancel(executable) {
  const count = amount(150, 1000);
  const manager = await BackgroundCopyManager.connect({ service: "bits", executable });
  const bare = bareLoop(executable, BARE_CANCEL);
  let ids;
  await measure(
    "canceled in one call",
    { count, prepare: () => bare.run(`New-BareJob ${count}`), call: () => bare.run("Stop-BareJob") },
    {
      count,
      async prepare() {
        ids = await createJobs(manager, count);
      },
      async call() {
        const outcomes = await manager.cancelJobs(ids);
        return outcomes.filter(({ ok }) => ok);
      },
    },
  );
  await bare.close();
  await manager.close();
}

async function createJobs(manager, count) {
  const ids = [];
  for (let i = 0; i < count; i++) {
    ids.push((await manager.createJob(`job ${i}`)).id);
  }
  return ids;
}

/** The same jobs, described by a PowerShell loop and by the SDK. */
export async function measureReading(executable) {
  const listed = amount(150, 1000);
  const manager = await BackgroundCopyManager.connect({ service: "bits", executable });
  const jobIds = await createJobs(manager, listed);
  const bare = bareLoop(executable, BARE_DESCRIBE);
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
  // Wine's list also contains the canceled job that keeps the prefix busy; the SDK omits it.
  await measure(
    "listed",
    { count: listed + 1, call: () => bare.run("Get-BareList") },
    { count: listed, call: () => manager.listJobs() },
  );
  const described = amount(30, 200);
  await measure(
    "described",
    { count: described, call: () => bare.run(`Get-BareDescription all ${described}`) },
    { count: described, call: () => describe(described) },
  );
  const watched = amount(150, 500);
  await measure(
    "watched, one look",
    { count: watched, call: () => bare.run(`Get-BareDescription progress ${watched}`) },
    { count: watched, call: () => watch(watched) },
  );
  await bare.close();
  await manager.cancelJobs(jobIds);
  await manager.close();
}
