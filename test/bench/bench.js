// `npm run bench`: the cost of a call, as ratios within one run. With Wine and its PowerShell, it also measures COM.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { PowerShell } from "node-powershell";
import { BackgroundCopyManager } from "../../dist/index.js";
import { Host } from "../../dist/powershell/host.js";
import { lineReader } from "../../dist/powershell/lines.js";
import { PWSH, powerShellPath, WINE_POWERSHELL } from "../support/powershells.js";
import { makeWinePrefix } from "../support/wine.js";

const MODULE = fileURLToPath(new URL("../../ps/BackgroundCopy/BackgroundCopy.psd1", import.meta.url));
const BARE_CANCEL = fileURLToPath(new URL("bare-cancel.psm1", import.meta.url));
const BARE_DESCRIBE = fileURLToPath(new URL("bare-describe.psm1", import.meta.url));
const LANGUAGE = { locale: "en", wording: "documented" };
const TIMEOUT = { timeoutInMs: 60_000 };
const ARGUMENTS = ["-NoLogo", "-NoProfile", "-NonInteractive"];

function median(values) {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

/** The median time of `call`, in milliseconds: the best of five, because other work on the machine only adds time. */
async function time(times, call) {
  const medians = [];
  for (let round = 0; round < 5; round++) {
    const durations = [];
    for (let i = 0; i < times; i++) {
      const started = performance.now();
      await call();
      durations.push(performance.now() - started);
    }
    medians.push(median(durations));
  }
  return Math.min(...medians);
}

/** The time of each of many concurrent calls. */
async function timeInFlight(times, call) {
  const started = performance.now();
  await Promise.all(Array.from({ length: times }, (_, i) => call(i)));
  return (performance.now() - started) / times;
}

const environment = { ...process.env, TERM: "dumb", POWERSHELL_TELEMETRY_OPTOUT: "1", POWERSHELL_UPDATECHECK: "Off" };

/** Types `command` into a new PowerShell; `onLine` receives its output lines. */
function type(executable, command, extra = {}) {
  const args = [...ARGUMENTS, "-NoExit", "-Command", "-"];
  const child = spawn(executable, args, {
    env: { ...environment, ...extra },
    cwd: dirname(executable),
    stdio: ["pipe", "pipe", "ignore"],
  });
  child.stdin.write(`${command}\n`);
  return { child, onLine: (listener) => child.stdout.setEncoding("utf8").on("data", lineReader(listener)) };
}

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

function start(executable) {
  return new Host({
    executable,
    modulePath: MODULE,
    executionPolicy: "RemoteSigned",
    service: "bits",
    language: LANGUAGE,
  });
}

function exited(child) {
  return new Promise((resolve) => child.on("close", resolve));
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

/** From nothing to an open service; without COM, to the response that COM is not available. */
async function connectOnce(executable) {
  const started = performance.now();
  const host = start(executable);
  await host.ready;
  await host.request("service.open", { service: "bits" }, TIMEOUT).catch(() => {});
  const took = performance.now() - started;
  await host.close();
  return took;
}

async function processOnce(executable) {
  const started = performance.now();
  await exited(
    spawn(executable, [...ARGUMENTS, "-Command", "1"], { env: environment, stdio: ["ignore", "pipe", "ignore"] }),
  );
  return performance.now() - started;
}

/** The medians of two measurements, taken in turns and each as often first as second, so that other work on the machine affects both. */
async function measureInTurns(rounds, first, second) {
  const turns = [
    { measure: first, values: [] },
    { measure: second, values: [] },
  ];
  for (let i = 0; i < rounds; i++) {
    for (const { measure, values } of i % 2 ? turns.toReversed() : turns) {
      values.push(await measure());
    }
  }
  return turns.map(({ values }) => median(values));
}

function residentMegabytes(pid) {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
}

const rows = [];

function row(what, value, bar) {
  rows.push([what, value, bar ?? ""]);
}

function ms(value) {
  return `${value.toPrecision(3)} ms`;
}

async function measureBridge(executable) {
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

/** In a separate Node process: the heap that other measurements leave behind is not growth. */
async function memoryGrowth(executable) {
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
    execFileSync(process.execPath, [fileURLToPath(import.meta.url), "--memory", executable], { encoding: "utf8" }),
  ).map((megabytes) => megabytes.toFixed(1));
  row("memory after 90,000 more calls", `Node ${node} MB, PowerShell ${powershell} MB`, "< 10 MB");
}

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

async function measureCancel(executable) {
  const COUNT = 1000;
  const [bare, own] = await measureInTurns(
    6,
    () => bareOnce(executable, BARE_CANCEL, `Measure-BareCancel ${COUNT}`, COUNT),
    () => cancelOnce(executable, COUNT),
  );
  row(`${COUNT} jobs canceled in a bare PowerShell loop`, ms(bare));
  row(`${COUNT} jobs canceled in one call`, `${ms(own)}: ${(own / bare).toFixed(2)} x`, "<= 1.25 x");
}

/** The same jobs, described by a PowerShell loop and by the SDK. */
async function measureReading(executable) {
  const COUNT = 1000;
  const manager = await BackgroundCopyManager.connect({ service: "bits", executable });
  const jobIds = [];
  for (let i = 0; i < COUNT; i++) {
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
    const [bare, own] = await measureInTurns(
      4,
      () => bareOnce(executable, BARE_DESCRIBE, command, bareCount),
      () => timed(count, call),
    );
    row(`${count} jobs ${what} in a bare PowerShell loop`, ms(bare));
    row(`${count} jobs ${what} by the SDK`, `${ms(own)}: ${(own / bare).toFixed(2)} x`, "<= 1.25 x");
  };
  // Wine's list also contains the canceled job that keeps the prefix busy; the SDK omits it.
  await measure("listed", COUNT, "Measure-BareList", () => manager.listJobs(), COUNT + 1);
  await measure("described", 200, "Measure-BareDescribe all 200", () => describe(200));
  await measure("watched, one look", 500, "Measure-BareDescribe progress 500", () => watch(500));
  await manager.cancelJobs(jobIds);
  await manager.close();
}

function print(title) {
  console.log(`\n${title}`);
  for (const [what, value, bar] of rows.splice(0)) {
    console.log(`  ${what.padEnd(52)} ${value.padEnd(44)} ${bar}`);
  }
}

async function main() {
  const pwsh = powerShellPath(PWSH);
  if (pwsh) {
    await measureBridge(pwsh);
    print(`${PWSH} (${pwsh})`);
  } else {
    console.log(`did not find ${PWSH}`);
  }
  const windowsPowerShell = powerShellPath(WINE_POWERSHELL);
  if (windowsPowerShell) {
    const prefix = await makeWinePrefix(windowsPowerShell);
    try {
      await measureBridge(prefix.executable);
      // Before the jobs are canceled, because canceled jobs remain in Wine's list.
      await measureReading(prefix.executable);
      await measureCancel(prefix.executable);
      print(`${WINE_POWERSHELL} (${windowsPowerShell})`);
    } finally {
      prefix.remove();
    }
  } else {
    console.log(`did not find ${WINE_POWERSHELL}`);
  }
}

const [option, executable] = process.argv.slice(2);
if (option === "--memory") {
  console.log(JSON.stringify(await memoryGrowth(executable)));
} else {
  await main();
}
