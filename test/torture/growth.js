// Whether anything grows in a program that runs for long: calls, starts and ends of a host, and watches that begin and are aborted.
import { getEventListeners } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { setImmediate, setTimeout } from "node:timers/promises";
import { getHeapSnapshot } from "node:v8";
import { BackgroundCopyManager } from "../../dist/index.js";
import { AMOUNT, options } from "./amounts.js";
import { echo, sameText } from "./load.js";
import { Tally } from "./tally.js";

const DIST = new URL("../../dist/", import.meta.url);
const MOST_GROWTH_IN_MB = 10;
/** The number of objects of a class by which two counts may differ: what a call in progress needs, and caches of a fixed size. */
const MOST_NEW_OBJECTS = 20;

/** The names of the classes of the package. */
const CLASSES = new Set(
  readdirSync(DIST, { recursive: true })
    .filter((name) => name.endsWith(".js"))
    .flatMap((name) => [...readFileSync(new URL(name.replaceAll("\\", "/"), DIST), "utf8").matchAll(/\bclass (\w+)/g)])
    .map(([, name]) => name),
);

/** The number of objects of each class of the package in the heap. */
async function objectsOfOurs() {
  const parts = [];
  for await (const part of getHeapSnapshot()) {
    parts.push(part);
  }
  const { snapshot, nodes, strings } = JSON.parse(Buffer.concat(parts.map((part) => Buffer.from(part))).toString());
  const { node_fields: fields, node_types: types } = snapshot.meta;
  const [type, name] = [fields.indexOf("type"), fields.indexOf("name")];
  const object = types[type].indexOf("object");
  const counts = new Map();
  for (let i = 0; i < nodes.length; i += fields.length) {
    const of = strings[nodes[i + name]];
    if (nodes[i + type] === object && CLASSES.has(of)) {
      counts.set(of, (counts.get(of) ?? 0) + 1);
    }
  }
  return counts;
}

/** What a program holds: memory, handles and timers, listeners, and the objects of the package. */
async function held(signal) {
  // What has just ended lets go of its handles in the next turns.
  await setTimeout(100);
  await setImmediate();
  global.gc();
  const heap = process.memoryUsage().heapUsed / 1e6;
  const counts = await objectsOfOurs();
  for (const kind of process.getActiveResourcesInfo()) {
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const emitters = process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0);
  counts.set("listener", emitters + getEventListeners(signal, "abort").length);
  return { counts, heap };
}

/** The resident memory of a process, in MB, where the system tells it. */
function residentOf(pid) {
  try {
    return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1e3;
  } catch {
    return undefined;
  }
}

/** Repeats something, and reports what is there at the end and was not there after a tenth. */
async function repeat(label, what, times, act, pid) {
  const tally = new Tally();
  const { signal } = new AbortController();
  let before;
  for (let i = 0; i < times; i++) {
    if (!before && i >= times / 10) {
      before = { ...(await held(signal)), host: residentOf(pid) };
    }
    await act(tally, i, signal);
  }
  const after = await held(signal);
  for (const [name, count] of after.counts) {
    const more = count - (before.counts.get(name) ?? 0);
    if (more > MOST_NEW_OBJECTS) {
      tally.wrong.push(`${more} more ${name}`);
    }
  }
  const grown = after.heap - before.heap;
  if (grown >= MOST_GROWTH_IN_MB) {
    tally.wrong.push(`the heap of Node grew by ${grown} MB`);
  }
  const ofHost = before.host && residentOf(pid) - before.host;
  // A tenth of the short form is less than what PowerShell compiles for.
  if (!options.short && ofHost >= MOST_GROWTH_IN_MB) {
    tally.wrong.push(`the memory of PowerShell grew by ${ofHost} MB`);
  }
  const host = before.host ? `, resident memory of PowerShell ${ofHost.toFixed(1)} MB` : "";
  const rest = tally.wrong.length > 0 ? "" : "; no more objects of the package, handles, timers, or listeners";
  tally.report(label, what, `heap of Node ${grown.toFixed(1)} MB more than after a tenth${host}${rest}`);
}

export async function calls(label, port) {
  const act = (tally, i, signal) => {
    const text = `call ${i}`;
    return tally.count(port.request("host.echo", { text }, { timeoutInMs: 60_000, signal }), sameText(text));
  };
  await repeat(label, "calls with one signal", AMOUNT.grownCalls, act, port.pid);
}

/** Starts of a host, each of which then ends because it is idle. */
export async function idleEnds(label, open) {
  const port = await open(1);
  await repeat(label, "starts and idle ends of a host", AMOUNT.grownStarts, async (tally, i) => {
    await tally.count(echo(port, `call ${i}`), sameText(`call ${i}`));
    // Longer than the host may be idle.
    await setTimeout(20);
  });
  await port.close();
}

export async function watches(label, executable) {
  const manager = await BackgroundCopyManager.connect({ service: "bits", executable });
  const job = await manager.createJob("a job");
  await repeat(label, "watches that are aborted", AMOUNT.grownWatches, async (tally) => {
    const ending = new AbortController();
    const watch = job.watch({ signal: ending.signal, intervalInMs: 100 });
    await tally.count(watch.next());
    const next = watch.next();
    ending.abort();
    const end = await next.catch((error) => error);
    if (end !== ending.signal.reason) {
      tally.wrong.push(`an aborted watch ended with ${end}`);
    }
  });
  await job.cancel();
  await manager.close();
}
