// The stress tests of one kind of host.
import { fileURLToPath } from "node:url";
import { BackgroundCopyManager } from "../../dist/index.js";
import { Host } from "../../dist/powershell/host.js";
import { openPowerShellService } from "../../dist/powershell/index.js";
import { faultyHost } from "../support/fake-host.js";
import { AMOUNT, LANGUAGE } from "./amounts.js";
import { guid } from "./faults.js";
import { calls, idleEnds, watches } from "./growth.js";
import { atOnce, inARow, manyJobs, sideBySide } from "./load.js";
import { soakOn } from "./soak.js";

const MODULE = fileURLToPath(new URL("../../ps/BackgroundCopy/BackgroundCopy.psd1", import.meta.url));

const opener = (executable) => (idleTimeoutInMs) =>
  openPowerShellService({ service: "bits", language: LANGUAGE, executable, idleTimeoutInMs });

async function callsOf(label, open) {
  const port = await open();
  await inARow(label, port);
  await atOnce(label, port);
  await port.close();
  await sideBySide(label, open);
}

async function growthOfCalls(label, open) {
  const port = await open();
  await calls(label, port);
  await port.close();
}

/** Whether anything grows. Nothing else runs in this process meanwhile. */
export async function growth(label, executable) {
  const open = opener(executable);
  await growthOfCalls(label, open);
  await idleEnds(label, open);
  await watches(label, executable);
}

/** A host of these tests, which needs no PowerShell. */
export async function standIn(label) {
  const well = faultyHost([]);
  const open = opener(well.executable);
  await callsOf(label, open);
  const manager = await BackgroundCopyManager.connect({ service: "bits", executable: faultyHost([]).executable });
  const ids = Array.from({ length: AMOUNT.jobs }, (_, i) => guid(i));
  await manyJobs(label, manager, ids);
  await manager.close();
  await soakOn(label, well.executable, 1_000, (made) => async () => guid(made()));
}

/** PowerShell without a service: Linux has none, and that of a Windows machine in use is left alone. */
export async function bridge(label, executable) {
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
  await callsOf(label, open);
  await growthOfCalls(label, open);
}

/** PowerShell with a service that can be filled with jobs. */
export async function service(label, executable) {
  const open = opener(executable);
  await callsOf(label, open);
  const manager = await BackgroundCopyManager.connect({ service: "bits", executable });
  const ids = [];
  for (let i = 0; i < AMOUNT.jobs; i++) {
    ids.push((await manager.createJob("a job")).id);
  }
  await manyJobs(label, manager, ids);
  await manager.close();
  // The start takes time there, and giving up on a host that is killed at each start is correct.
  await soakOn(label, executable, 15_000, (_made, quiet) => async () => (await quiet.createJob("a job")).id);
}
