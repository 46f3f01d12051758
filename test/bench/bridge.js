// The cost of a call and of a start, without COM.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { PowerShell } from "node-powershell";
import { connectOnce, environment, processOnce, start, TIMEOUT, type } from "./processes.js";
import { measureInTurns, ms, row, time, timeInFlight } from "./timing.js";

const BENCH = fileURLToPath(new URL("bench.js", import.meta.url));

/** The baseline: PowerShell reads a line and writes it. */
async function bareEcho(executable) {
  const { child, onLine } = type(
    executable,
    "while ($null -ne ($l = [Console]::In.ReadLine())) { [Console]::Out.WriteLine($l) }; exit",
  );
  const waiting = [];
  onLine((line) => waiting.shift()?.(line));
  const echo = (text) =>
    new Promise((resolve) => {
      waiting.push(resolve);
      child.stdin.write(`${text}\n`);
    });
  const result = { one: await time(2000, () => echo("x")), many: await timeInFlight(10_000, () => echo("x")) };
  child.stdin.end();
  return result;
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
  const result = await time(100, () => shell.invoke(""));
  await shell.dispose().catch(() => {});
  return result;
}

export async function measureBridge(executable) {
  const floor = await bareEcho(executable);
  const perInvoke = await invoke(executable);
  const [perProcess, cold] = await measureInTurns(
    20,
    () => processOnce(executable),
    () => connectOnce(executable),
  );
  const host = start(executable);
  await host.ready;
  const call = () => host.request("host.echo", { text: "x" }, TIMEOUT);
  const one = await time(2000, call);
  const many = await timeInFlight(10_000, call);
  row("bare echo loop", `${ms(floor.one)}; many in flight ${ms(floor.many)}`);
  row("a process per call", ms(perProcess));
  row("node-powershell's invoke", ms(perInvoke));
  row("the SDK's round trip", `${ms(one)}; many in flight ${ms(many)}`);
  row("  beside the bare echo loop", `${(one / floor.one).toFixed(1)} x`, "<= 4 x");
  row("  beside node-powershell's invoke", `${(perInvoke / one).toFixed(0)} x faster`, ">= 20 x");
  row("  beside a process per call", `${(perProcess / one).toFixed(0)} x faster`, ">= 1000 x");
  row("cold connect beside a process per call", `${ms(cold)}: ${(cold / perProcess).toFixed(2)} x`, "<= 1.6 x");
  await host.close();
  if (process.platform === "linux") {
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
  ).map((megabytes) => megabytes.toFixed(1));
  row("memory after 90,000 more calls", `Node ${node} MB, PowerShell ${powershell} MB`, "< 10 MB");
}
