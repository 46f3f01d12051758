// Calls from many sides while hosts are killed at any moment.
import { subscribe } from "node:diagnostics_channel";
import { setTimeout } from "node:timers/promises";
import { BackgroundCopyError, BackgroundCopyManager } from "../../dist/bundle/index.js";
import { openPowerShellService } from "../../dist/powershell/index.js";
import { AMOUNT, LANGUAGE } from "./amounts.js";
import { echo, sameText } from "./load.js";
import { Memory } from "./memory.js";
import { number, Tally } from "./tally.js";

/** The running hosts, and the processes started for them, according to the diagnostics channel. */
const hosts = new Map();
subscribe("background-copy:host", ({ event, pid, executable }) => {
  event === "ready" ? hosts.set(pid, executable) : hosts.delete(pid);
});

/** The process ids of the hosts of an executable. */
const hostsOf = (executable) => [...hosts].filter(([, started]) => started === executable).map(([pid]) => pid);

/** Kills a process, unless it has just ended by itself. */
function kill(pid) {
  try {
    return process.kill(pid, "SIGKILL");
  } catch (error) {
    if (error.code === "ESRCH") {
      return false;
    }
    throw error;
  }
}

/**
 * Calls from many sides while hosts are killed at any moment. An answered request must have been carried out, and a request that was not
 * sent must not.
 */
async function soak(label, { manager, port, jobs, isCanceled, fresh, executable, spared, killsEveryMs }) {
  const tally = new Tally({ mayRefuse: true });
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
      await setTimeout(Math.random() * 2 * Math.min(killsEveryMs, AMOUNT.soakInMs));
      const pids = hostsOf(executable).filter((pid) => pid !== spared);
      const pid = pids[Math.floor(Math.random() * pids.length)];
      if (pid) {
        hosts.delete(pid);
        kills += kill(pid) ? 1 : 0;
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

/** The soak, with a manager for the calls and another one, whose host is not killed, to create and check jobs. */
export async function soakOn(label, executable, killsEveryMs, maker) {
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
