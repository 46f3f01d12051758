// The cost of a call and of a start, without COM.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { PowerShell } from "node-powershell";
import { bareRequestOnce, connectOnce, environment, processOnce, start, TIMEOUT, type } from "./processes.js";
import { amount, compare, compareFaster, growth, isFull, measureInTurns, time } from "./timing.js";

const BENCH = fileURLToPath(new URL("bench.js", import.meta.url));

/** The rival: PowerShell reads a line and writes it. */
function bareEcho(executable) {
  const { child, onLine } = type(
    executable,
    "while ($null -ne ($l = [Console]::In.ReadLine())) { [Console]::Out.WriteLine($l) }; exit",
  );
  const waiting = [];
  onLine((line) => waiting.shift()?.(line));
  const echo = () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      child.stdin.write("x\n");
    });
  return { echo, close: () => child.stdin.end() };
}

async function invoke(executable) {
  class Fixed extends PowerShell {
    setExecutable() {
      return executable;
    }
  }
  // Under Wine, the terminal below stderr writes there, and node-powershell treats this as a failure.
  const shell = new Fixed({ throwOnInvocationError: false, spawnOptions: { env: environment } });
  for (let i = 0; i < 20; i++) {
    await shell.invoke("");
  }
  const result = await time(amount(30, 100), () => shell.invoke(""));
  await shell.dispose().catch(() => {});
  return result;
}

/**
 * Keeps this program and what it starts on one processor, until the returned function is called. Otherwise, a call takes up to five times
 * as long if the system wakes the other process on another processor, so that the ratio would tell only where they ran.
 */
function stayOnOneProcessor() {
  if (process.platform !== "linux") {
    return () => {};
  }
  const place = (processors) => execFileSync("taskset", ["-acp", processors, String(process.pid)], { stdio: "ignore" });
  const told = execFileSync("taskset", ["-cp", String(process.pid)], { encoding: "utf8" });
  const [, all, first] = /: ((\d+).*)\n/.exec(told);
  place(first);
  return () => place(all);
}

/** @param connectLimit - Of a connect: with COM, it contains the activation of the service, which the process for one command does not. */
export async function measureBridge(executable, connectLimit) {
  const starts = await measureInTurns(
    amount(6, 20),
    () => processOnce(executable),
    () => connectOnce(executable),
  );
  compare("connect, beside a process for one command", starts, connectLimit);
  const bare = await measureInTurns(
    amount(6, 20),
    () => bareRequestOnce(executable),
    () => connectOnce(executable),
  );
  compare("connect, beside the same work without the SDK", bare);
  const release = stayOnOneProcessor();
  const perInvoke = await invoke(executable);
  const rival = bareEcho(executable);
  const host = start(executable);
  await host.ready;
  const call = () => host.request("host.echo", { text: "x" }, TIMEOUT);
  // Both are warm before the first turn.
  await time(1000, rival.echo);
  await time(1000, call);
  const trips = await measureInTurns(
    amount(10, 40),
    () => time(500, rival.echo),
    () => time(500, call),
  );
  rival.close();
  await host.close();
  release();
  compare("a round trip, beside a bare echo loop", trips, 2);
  compareFaster("a round trip, beside node-powershell's invoke", trips.own, perInvoke, 50);
  compareFaster("a round trip, beside a process for each call", trips.own, starts.rival, 2000);
  if (isFull && process.platform === "linux") {
    measureMemory(executable);
  }
}

function residentMegabytes(pid) {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
}

/** In a separate Node process: the heap that other measurements leave behind is not growth. */
export async function memoryGrowth(executable) {
  const host = start(executable);
  await host.ready;
  const calls = async (count) => {
    for (let i = 0; i < count; i++) {
      await host.request("host.echo", { text: "x" }, TIMEOUT);
    }
  };
  await calls(10_000);
  const before = [residentMegabytes(process.pid), residentMegabytes(host.pid)];
  await calls(90_000);
  const growth = [residentMegabytes(process.pid), residentMegabytes(host.pid)].map((now, i) => now - before[i]);
  await host.close();
  return growth;
}

function measureMemory(executable) {
  const [node, powershell] = JSON.parse(
    execFileSync(process.execPath, [BENCH, "--memory", executable], { encoding: "utf8" }),
  );
  growth("memory of Node and of PowerShell after 90,000 more calls", [node, powershell], 10);
}
