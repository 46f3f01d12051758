// `npm run torture`: stress tests, with a table of the results. `-- --short` runs each test briefly, `-- --minutes N` runs the soak for N
// minutes instead of 20, `-- --write` writes the table to docs/torture.md.
import { subscribe } from "node:diagnostics_channel";
import { writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { BackgroundCopyError, BackgroundCopyManager, BridgeError } from "../../dist/index.js";
import { Host } from "../../dist/powershell/host.js";
import { openPowerShellService } from "../../dist/powershell/index.js";
import { VERSION } from "../../dist/made/manifest.js";
import { faultyHost } from "../support/fake-host.js";
import { PWSH, powerShellPath, WINDOWS_POWERSHELL, WINE_POWERSHELL } from "../support/powershells.js";
import { makeWinePrefix } from "../support/wine.js";

const MODULE = fileURLToPath(new URL("../../ps/BackgroundCopy/BackgroundCopy.psd1", import.meta.url));
const TABLE = fileURLToPath(new URL("../../docs/torture.md", import.meta.url));
const LANGUAGE = { locale: "en", wording: "documented" };
/** The time after which an answer counts as lost: longer than every time-out of the bridge. */
const LOST_AFTER_IN_MS = 300_000;
const MOST_GROWTH_IN_MB = 10;
const STAND_IN = "a stand-in host";

const { values: options } = parseArgs({
  options: {
    short: { type: "boolean", default: false },
    minutes: { type: "string", default: "20" },
    write: { type: "boolean", default: false },
  },
});
const AMOUNT = options.short
  ? { calls: 2_000, callers: 1_000, managers: 3, jobs: 500, rounds: 1, everyVerb: 5, soakInMs: 5_000 }
  : {
      calls: 100_000,
      callers: 1_000,
      managers: 8,
      jobs: 10_000,
      rounds: 3,
      everyVerb: 1,
      soakInMs: Number(options.minutes) * 60_000,
    };

const rows = [];
const number = (value) => value.toLocaleString("en");

/** Counts the results of calls: each is answered or refused, once; anything else is a defect. */
class Tally {
  tried = 0;
  answered = 0;
  refused = new Map();
  lost = 0;
  wrong = [];

  /** Waits for a call. `check` reports what is wrong with its answer; only a BridgeError counts as a refusal. */
  async count(call, check = () => undefined) {
    this.tried++;
    const lost = Symbol("lost");
    let timer;
    const late = new Promise((resolve) => {
      timer = globalThis.setTimeout(resolve, LOST_AFTER_IN_MS, lost);
    });
    try {
      const answer = await Promise.race([call, late]);
      if (answer === lost) {
        this.lost++;
        return undefined;
      }
      const wrong = check(answer);
      if (wrong) {
        this.wrong.push(wrong);
      }
      this.answered++;
      return answer;
    } catch (error) {
      if (!(error instanceof BridgeError)) {
        this.wrong.push(String(error));
      }
      const what = `${error.code}, ${error.outcome}`;
      this.refused.set(what, (this.refused.get(what) ?? 0) + 1);
      return error;
    } finally {
      clearTimeout(timer);
    }
  }

  report(host, what, more = "") {
    const refused = [...this.refused].map(([name, times]) => `${number(times)} (${name})`).join(", ");
    const sums = this.answered + this.lost + [...this.refused.values()].reduce((sum, times) => sum + times, 0);
    if (sums !== this.tried) {
      this.wrong.push(`${sums} outcomes of ${this.tried} calls`);
    }
    const row = [
      host,
      what,
      number(this.tried),
      number(this.answered),
      refused || "0",
      number(this.lost),
      number(this.wrong.length),
      more,
    ];
    rows.push(row);
    console.log(row.join(" | "));
    for (const wrong of this.wrong.slice(0, 5)) {
      console.log(`  wrong: ${wrong}`);
    }
    if (this.lost > 0 || this.wrong.length > 0) {
      process.exitCode = 1;
    }
  }
}

/** The running hosts, and the processes started for them, according to the diagnostics channel. */
const hosts = new Map();
subscribe("background-copy:host", ({ event, pid, executable }) => {
  event === "ready" ? hosts.set(pid, executable) : hosts.delete(pid);
});

/** The process ids of the hosts of an executable. */
const hostsOf = (executable) => [...hosts].filter(([, started]) => started === executable).map(([pid]) => pid);

const echo = (port, text) => port.request("host.echo", { text }, { timeoutInMs: 60_000 });
const sameText = (text) => (answer) => (answer.text === text ? undefined : `${text} became ${answer.text}`);

/** The memory that Node needs at the end in addition to that after a tenth, when everything that is created once exists. */
class Memory {
  #tally;
  #before;

  constructor(tally) {
    this.#tally = tally;
  }

  reached(part) {
    if (!this.#before && part >= 0.1) {
      this.#before = Memory.#megabytes();
    }
  }

  grown() {
    const [resident, heap] = Memory.#megabytes().map((now, i) => now - this.#before[i]);
    // Resident memory varies with Node's own pools: `npm run bench` measures it, in a process that does nothing else.
    if (heap >= MOST_GROWTH_IN_MB) {
      this.#tally.wrong.push(`the heap of Node grew by ${heap} MB`);
    }
    return `heap of Node ${heap.toFixed(1)} MB more than after a tenth, resident ${resident.toFixed(1)} MB`;
  }

  static #megabytes() {
    global.gc();
    const { rss, heapUsed } = process.memoryUsage();
    return [rss / 1e6, heapUsed / 1e6];
  }
}

async function inARow(label, port) {
  const tally = new Tally();
  const memory = new Memory(tally);
  for (let i = 0; i < AMOUNT.calls; i++) {
    memory.reached(i / AMOUNT.calls);
    const text = `call ${i}`;
    await tally.count(echo(port, text), sameText(text));
  }
  tally.report(label, "calls one after the other", memory.grown());
}

async function atOnce(label, port) {
  const tally = new Tally();
  for (let round = 0; round < 10; round++) {
    const texts = Array.from({ length: AMOUNT.callers }, (_, i) => `caller ${i} of round ${round}`);
    await Promise.all(texts.map((text) => tally.count(echo(port, text), sameText(text))));
  }
  tally.report(label, `calls by ${number(AMOUNT.callers)} callers at once`);
}

async function sideBySide(label, open) {
  const tally = new Tally();
  const ports = await Promise.all(Array.from({ length: AMOUNT.managers }, open));
  const texts = Array.from({ length: AMOUNT.callers }, (_, i) => `call ${i}`);
  await Promise.all(
    ports.flatMap((port, p) => texts.map((text) => tally.count(echo(port, text + p), sameText(text + p)))),
  );
  await Promise.all(ports.map((port) => port.close()));
  tally.report(label, `calls of ${AMOUNT.managers} managers side by side`);
}

const guid = (i) => `00000000-0000-4000-8000-${String(i).padStart(12, "0")}`;

async function manyJobs(label, manager, ids) {
  const tally = new Tally();
  const outcomes = await manager.cancelJobs(ids);
  for (const [i, outcome] of outcomes.entries()) {
    const wrong = outcome.jobId === ids[i] ? undefined : "an outcome in the wrong place";
    await tally.count(outcome.ok ? Promise.resolve(outcome) : Promise.reject(outcome.error), () => wrong);
  }
  if (outcomes.length !== ids.length) {
    tally.wrong.push(`${outcomes.length} outcomes for ${ids.length} jobs`);
  }
  tally.report(label, "jobs canceled in one call");
}

/**
 * Calls from many sides while hosts are killed at any moment. An answered request must have been carried out, and a request that was not
 * sent must not.
 */
async function soak(label, { manager, port, jobs, isCanceled, fresh, executable, spared, killsEveryMs }) {
  const tally = new Tally();
  const memory = new Memory(tally);
  const from = performance.now();
  const goesOn = () => {
    const part = (performance.now() - from) / AMOUNT.soakInMs;
    memory.reached(part);
    return part < 1;
  };
  let kills = 0;
  let canceled = 0;
  let byState = 0;
  const notSent = [];
  const cancel = async (id) => {
    const outcome = await tally.count(manager.job(id).cancel());
    canceled++;
    byState += outcome.confirmedBy === "state" ? 1 : 0;
    if (outcome.hresult === 0 && !(await isCanceled(id))) {
      tally.wrong.push(`${id} was said to be canceled and is not`);
    }
    if (outcome.outcome === "not sent") {
      notSent.push(id);
    }
  };
  const caller = async (n) => {
    for (let i = 0; goesOn(); i++) {
      // Keeps the log of the stand-in hosts short, because each new host reads it. What counts here is when hosts die, not the number of
      // calls.
      await setTimeout(Math.random() * 20);
      const kind = Math.random();
      if (kind < 0.6) {
        const text = `caller ${n}, call ${i}`;
        await tally.count(echo(port, text), sameText(text));
      } else if (kind < 0.8) {
        await tally.count(manager.job(jobs[Math.floor(Math.random() * jobs.length)]).getState());
      } else {
        await cancel(await fresh());
      }
    }
  };
  const killer = async () => {
    while (goesOn()) {
      await setTimeout(Math.random() * 2 * killsEveryMs);
      const pids = hostsOf(executable).filter((pid) => pid !== spared);
      const pid = pids[Math.floor(Math.random() * pids.length)];
      if (pid) {
        kills++;
        hosts.delete(pid);
        process.kill(pid, "SIGKILL");
      }
    }
  };
  await Promise.all([killer(), ...Array.from({ length: 8 }, (_, n) => caller(n))]);
  for (const id of notSent) {
    if (await isCanceled(id)) {
      tally.wrong.push(`${id} was said not to be sent and is canceled`);
    }
  }
  const minutes = (AMOUNT.soakInMs / 60_000).toFixed(1);
  tally.report(
    label,
    `calls of 8 callers in ${minutes} minutes`,
    `${number(kills)} hosts killed; ${number(byState)} of ${number(canceled)} cancels confirmed by state; ${memory.grown()}`,
  );
}

const JOBS = { jobIds: [guid(1)] };
const VERBS = {
  "host.echo": { text: "x" },
  "job.list": { allUsers: false, page: 0 },
  "job.describe": { ...JOBS, detail: "progress", languageId: 0 },
  "job.create": { displayName: "a job", type: 0, settings: {}, files: [] },
  "job.set": { jobId: guid(1), settings: { priority: 1 } },
  "job.setCredentials": { jobId: guid(1), target: 1, scheme: 1, userName: "u", password: "p" },
  "job.removeCredentials": { jobId: guid(1), target: 1, scheme: 1 },
  "job.takeOwnership": { jobId: guid(1) },
  "job.replaceRemotePrefix": { jobId: guid(1), oldPrefix: "a", newPrefix: "b" },
  "job.addFile": { jobId: guid(1), remoteUrl: "http://127.0.0.1/", localName: "C:\\x" },
  "job.suspend": JOBS,
  "job.resume": JOBS,
  "job.complete": JOBS,
  "job.cancel": { ...JOBS, languageId: 0 },
};
const REPEATED = ["host.echo", "job.list", "job.describe", "job.cancel"];
/** The faults, and whether the pending answer is lost with them. */
const FAULTS = {
  "dies before": true,
  "dies after": true,
  "dies in the answer": true,
  "dies when it has answered": false,
  "closes its output": true,
  hangs: true,
  "hangs when it has done it": true,
  "answers half": true,
  "answers nothing": true,
  "answers null": true,
  "answers out of turn": true,
  "sends an unrequested answer": true,
  "answers twice": false,
  "reports ready again": true,
  "begins a line": false,
  "writes code pages": false,
  "writes 64 MB": false,
  "writes 64 MB of lines": false,
  "complains of 64 MB": false,
  "is slow": false,
};

async function faults() {
  for (const [i, [act, loses]] of Object.entries(FAULTS).entries()) {
    const tally = new Tally();
    const hangs = act.startsWith("hangs");
    // If not every method meets every fault, each meets some of them.
    const verbs = Object.entries(VERBS).filter((_, n) => (i + n) % AMOUNT.everyVerb === 0);
    for (let round = 0; round < AMOUNT.rounds; round++) {
      for (const [method, params] of verbs) {
        const { executable } = faultyHost([{ method, act }]);
        const port = await openPowerShellService({ service: "bits", language: LANGUAGE, executable });
        const outcome = await tally.count(port.request(method, params, { timeoutInMs: hangs ? 200 : 60_000 }));
        const refused = outcome instanceof BridgeError;
        if (refused !== (loses && (hangs || !REPEATED.includes(method)))) {
          tally.wrong.push(`${method} was ${refused ? "refused" : "answered"}`);
        }
        await tally.count(echo(port, "after it"), sameText("after it"));
        await port.close();
      }
    }
    tally.report(STAND_IN, `that ${act}: ${verbs.length} verbs, and a call after each`);
  }
}

async function standIn() {
  const well = faultyHost([]);
  const open = () => openPowerShellService({ service: "bits", language: LANGUAGE, executable: well.executable });
  const port = await open();
  await inARow(STAND_IN, port);
  await atOnce(STAND_IN, port);
  await port.close();
  await sideBySide(STAND_IN, open);
  const manager = await BackgroundCopyManager.connect({ service: "bits", executable: faultyHost([]).executable });
  await manyJobs(
    STAND_IN,
    manager,
    Array.from({ length: AMOUNT.jobs }, (_, i) => guid(i)),
  );
  await manager.close();
  await soakOn(STAND_IN, well.executable, 1_000, (made) => async () => guid(made()));
}

/** The soak, with a manager for the calls and another one, whose host is not killed, to create and check jobs. */
async function soakOn(label, executable, killsEveryMs, maker) {
  const quiet = await BackgroundCopyManager.connect({ service: "bits", executable });
  const spared = hostsOf(executable).at(-1);
  const port = await openPowerShellService({ service: "bits", language: LANGUAGE, executable });
  const manager = await BackgroundCopyManager.connect({ service: "bits", executable });
  let last = 1_000_000;
  const fresh = maker(() => ++last, quiet);
  const jobs = await Promise.all(Array.from({ length: 10 }, fresh));
  // A service might forget a canceled job.
  const isCanceled = (id) =>
    quiet
      .job(id)
      .getState()
      .then(
        (state) => state === "BG_JOB_STATE_CANCELLED",
        (error) => error instanceof BackgroundCopyError && error.code === "BG_E_NOT_FOUND",
      );
  await soak(label, { manager, port, jobs, fresh, executable, spared, killsEveryMs, isCanceled });
  await Promise.all([port.close(), manager.close(), quiet.close()]);
}

/** Without a service: Linux has none, and that of a Windows machine in use is left alone. */
async function bridge(label, executable) {
  const open = async () => {
    const host = new Host({
      executable,
      modulePath: MODULE,
      executionPolicy: "RemoteSigned",
      service: "bits",
      language: LANGUAGE,
    });
    await host.ready;
    return host;
  };
  const host = await open();
  await inARow(label, host);
  await atOnce(label, host);
  await host.close();
  await sideBySide(label, open);
}

async function wine(windowsPowerShell) {
  const prefix = await makeWinePrefix(windowsPowerShell);
  try {
    const { executable } = prefix;
    const open = () => openPowerShellService({ service: "bits", language: LANGUAGE, executable });
    const port = await open();
    await inARow(WINE_POWERSHELL, port);
    await atOnce(WINE_POWERSHELL, port);
    await port.close();
    await sideBySide(WINE_POWERSHELL, open);
    const manager = await BackgroundCopyManager.connect({ service: "bits", executable });
    const ids = [];
    for (let i = 0; i < AMOUNT.jobs; i++) {
      ids.push((await manager.createJob("a job")).id);
    }
    await manyJobs(WINE_POWERSHELL, manager, ids);
    await manager.close();
    // The start takes time there, and giving up on a host that is killed at each start is correct.
    await soakOn(
      WINE_POWERSHELL,
      executable,
      15_000,
      (_made, quiet) => async () => (await quiet.createJob("a job")).id,
    );
  } finally {
    prefix.remove();
  }
}

const started = performance.now();
for (const label of [PWSH, WINDOWS_POWERSHELL]) {
  const executable = powerShellPath(label);
  if (executable) {
    await bridge(label, executable);
  }
}
// A stand-in host is a script with a shebang line, which Windows does not support.
const standsIn = process.platform !== "win32";
const underWine = powerShellPath(WINE_POWERSHELL);
await Promise.all([standsIn && standIn(), underWine && wine(underWine)]);
// Last, because megabytes of noise would hide the growth of later tests.
if (standsIn) {
  await faults();
}

const heads = ["host", "what", "tried", "answered", "refused", "lost", "wrong", "and"];
rows.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
const table = [heads, heads.map(() => "-"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
const where = `background-copy ${VERSION}, Node ${process.version}, ${process.platform} ${process.arch}, ${cpus().length} processors, ${Math.round(totalmem() / 1e9)} GB`;
const minutes = Math.round((performance.now() - started) / 60_000);
const text = `# Stress tests

Made by \`npm run torture -- --write\`: ${where}; ${minutes} minutes.

Each call must end exactly once: with its own response ("answered") or with a \`BridgeError\` that indicates whether anything might have
changed ("refused"). "Lost" counts calls that ended in neither way. "Wrong" counts all other faults: the response to another call, a job
whose state differs from the reported one, or a request that was repeated but must not be.

${table}
`;
console.log(`\n${text}`);
if (options.write) {
  writeFileSync(TABLE, text);
}
