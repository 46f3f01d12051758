// `npm run prove -- --fleet HOST`: anyone with two Windows computers can run this on one of them to show what Windows allows in a session on
// the other, over OpenSSH and over PowerShell remoting. It creates one suspended job after the other on HOST, cancels each of them, and
// doesn't change other jobs. Options: --user, --port, --identity FILE, --known-hosts FILE, and --powershell PATH (on HOST).
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { subscribe } from "node:diagnostics_channel";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { SENT_MODULE } from "../../dist/made/sent-module.js";
import { locateSsh } from "../../dist/powershell/locate.js";
import { remotingEngine } from "../../dist/powershell/psremoting/engine.js";
import { sshArguments } from "../../dist/powershell/ssh/arguments.js";
import { sshEngine } from "../../dist/powershell/ssh/engine.js";
import { explain } from "../../dist/index.js";
import { table } from "./table.js";

const { values: options } = parseArgs({
  options: {
    fleet: { type: "string" },
    user: { type: "string" },
    port: { type: "string" },
    identity: { type: "string" },
    "known-hosts": { type: "string" },
    powershell: { type: "string" },
  },
});
const language = { locale: "en", wording: "documented" };
const host = {
  name: options.fleet,
  address: options.fleet,
  ...(options.user && { user: options.user }),
  ...(options.port && { port: Number(options.port) }),
};
const ssh = {
  identityFile: options.identity,
  knownHostsFile: options["known-hosts"],
  powershell: options.powershell,
};
const LIMIT_IN_MS = 60_000;
const rows = [];
const row = (what, outcome, expected) =>
  rows.push([
    what,
    outcome,
    expected ?? "(not documented)",
    expected === undefined ? "" : outcome === expected ? "yes" : "NO",
  ]);

/** The name of the code of an answer. */
const nameOf = (hresult) => explain(hresult).code ?? hresult;

const open = () => ({
  service: "bits",
  language,
  signal: AbortSignal.timeout(2 * LIMIT_IN_MS),
  timeoutInMs: LIMIT_IN_MS,
  hostTimeoutInMs: 2 * LIMIT_IN_MS,
});

/** BITS through an engine of the package: what is listed, and the life of one job. */
async function proveEngine(engine) {
  const { name: by } = engine;
  let link;
  try {
    link = await engine.open(host, open());
  } catch (error) {
    row(`connect with ${by}`, `${error.code}: ${error.message} ${error.diagnostics?.join(" ") ?? ""}`, "connected");
    return;
  }
  row(`connect with ${by}`, "connected", "connected");
  for (const [name, value] of Object.entries(link.remote)) {
    row(`${by}, session: ${name}`, name === "integrity" && value !== undefined ? `0x${value.toString(16)}` : value);
  }
  const ask = async (what, method, params, expected) => {
    const answer = await link.port.request(method, params);
    const { hresult } = answer.items?.[0] ?? answer;
    row(`${by}: ${what}`, nameOf(hresult), expected);
    return answer;
  };
  let jobId;
  try {
    await ask("EnumJobs of the account", "job.list", { allUsers: false, page: 0 }, "S_OK");
    await ask("EnumJobs of all users", "job.list", { allUsers: true, page: 0 }, "S_OK");
    const job = { displayName: "background-copy prove", type: 0, settings: {}, files: [] };
    ({ jobId } = await ask("CreateJob", "job.create", job));
    const described = await ask("GetJob", "job.describe", { jobIds: [jobId], detail: "all", languageId: 0 }, "S_OK");
    const { ownerIntegrityLevel, ownerElevated } = described.items[0].job ?? {};
    row(`${by}: owner of the job`, `integrity ${ownerIntegrityLevel}, elevated: ${ownerElevated}`);
    const localName = `C:\\Windows\\Temp\\background-copy-prove-${randomUUID()}.bin`;
    await ask("AddFile", "job.addFile", { jobId, remoteUrl: "http://127.0.0.1:9/none", localName });
    await ask("Resume", "job.resume", { jobIds: [jobId] });
  } catch (error) {
    row(`the rest with ${by} was not tested`, `${error.code}: ${error.message}`);
  }
  if (jobId) {
    await ask("Cancel", "job.cancel", { jobIds: [jobId], languageId: 0 }, "S_OK");
  }
  await link.close();
}

const SESSIONS = [1, 8];

/** How many local PowerShells the sessions of the engine psremoting need, and how much memory. */
async function proveRelay(engine) {
  const processes = new Set();
  subscribe("background-copy:host", ({ pid }) => processes.add(pid));
  for (const count of SESSIONS) {
    const opened = await Promise.allSettled(Array.from({ length: count }, () => engine.open(host, open())));
    const links = opened.flatMap(({ value }) => value ?? []);
    row(`${count} sessions of psremoting at once`, `${links.length}`, `${count}`);
    for (const pid of processes) {
      const listed = execFileSync("tasklist", ["/fi", `PID eq ${pid}`, "/fo", "csv", "/nh"], { encoding: "latin1" });
      row(`${count} sessions of psremoting: the local PowerShell`, listed.trim());
    }
    await Promise.all(links.map((link) => link.close()));
  }
  row("local PowerShells for these sessions", `${processes.size}`, "1");
}

/** A PowerShell on the host, or another command, with lines on its standard input. */
function start(command) {
  const args = sshArguments(ssh, host, LIMIT_IN_MS);
  if (command) {
    args[args.length - 1] = command;
  }
  const child = spawn(locateSsh(undefined), args, { windowsHide: true });
  const said = { text: "", bytes: [] };
  child.stdin.on("error", () => {});
  child.stderr.resume();
  child.stdout.on("data", (chunk) => {
    said.bytes.push(chunk);
    said.text += chunk.toString("latin1");
  });
  const ended = new Promise((resolve) => child.once("close", resolve));
  /** The group of the first match in the output, or undefined if it ends or takes too long. */
  const find = async (pattern) => {
    const over = new AbortController();
    void Promise.race([ended, delay(LIMIT_IN_MS, undefined, { signal: over.signal, ref: false })]).then(
      () => over.abort(),
      () => {},
    );
    while (!pattern.test(said.text) && !over.signal.aborted) {
      await delay(50);
    }
    over.abort();
    return pattern.exec(said.text)?.[1];
  };
  return { child, said, ended, find };
}

/** Which lengths of a line and which characters pass through standard input. */
async function proveStreams() {
  const { child, said, ended, find } = start();
  child.stdin.write('"[ready]"\n');
  const ready = await find(/\[(ready)\]/);
  row(
    "output before the first line",
    JSON.stringify(said.text.slice(0, Math.max(0, said.text.indexOf("[ready]"))).slice(0, 200)),
  );
  if (ready) {
    for (const length of [1_000, 2_000, 4_000, 8_000, 8_192, 16_000, 64_000, 256_000]) {
      child.stdin.write(`"[$(('${"x".repeat(length)}').Length) of ${length}]"\n`);
      row(
        `a line with ${length} characters`,
        (await find(new RegExp(`\\[(\\d+) of ${length}\\]`))) ?? "lost",
        String(length),
      );
    }
    child.stdin.write(`"[sent $(([int[]][char[]]'ü中😀') -join ' ')]"\n`);
    row("ü中😀 to PowerShell, as UTF-8", (await find(/\[sent ([\d ]+)\]/)) ?? "lost", "252 20013 55357 56832");
    child.stdin.write("'[back ' + (-join [char[]](252, 20013, 55357, 56832)) + ']'\n");
    const back = await find(/\[back (.*?)\]/s);
    row(
      "ü中😀 from PowerShell",
      back === undefined ? "lost" : Buffer.from(back, "latin1").toString("hex"),
      "c3bce4b8adf09f9880",
    );
  }
  child.stdin.end("exit\n");
  await Promise.race([ended, delay(LIMIT_IN_MS, undefined, { ref: false })]);
  child.kill();
}

async function proveShell() {
  const { child, said, ended } = start("echo %COMSPEC% $PSHOME $0");
  child.stdin.end();
  await Promise.race([ended, delay(LIMIT_IN_MS, undefined, { ref: false })]);
  child.kill();
  row("default shell: echo %COMSPEC% $PSHOME $0", JSON.stringify(said.text.trim().slice(0, 200)));
}

const BUSY = "a PowerShell that is busy for 20 seconds, and whose connection was cut";

/** Whether a busy PowerShell ends with its connection. */
async function proveOrphans() {
  const busy = start();
  busy.child.stdin.write('"[pid $PID]"; Start-Sleep -Seconds 20\n');
  const pid = await busy.find(/\[pid (\d+)\]/);
  busy.child.kill("SIGKILL");
  await busy.ended;
  if (pid === undefined) {
    row(BUSY, "not tested: it did not start");
    return;
  }
  const witness = start();
  let last;
  for (let second = 0; second <= 60 && last !== "0"; second += 5) {
    witness.child.stdin.write(`"[${second} $(@(Get-Process -Id ${pid} -ErrorAction SilentlyContinue).Count)]"\n`);
    last = await witness.find(new RegExp(`\\[${second} (\\d)\\]`));
    if (last === "0") {
      row(BUSY, `has ended after ${second} seconds`);
    } else {
      await delay(5_000);
    }
  }
  if (last !== "0") {
    row(BUSY, "still runs after 60 seconds, and is ended now");
    witness.child.stdin.write(`Stop-Process -Id ${pid} -Force\n`);
  }
  witness.child.stdin.end("exit\n");
  await Promise.race([witness.ended, delay(LIMIT_IN_MS, undefined, { ref: false })]);
  witness.child.kill();
}

/** The calls of probe.ps1 in a PowerShell remoting session. */
function proveRemoting() {
  const folder = mkdtempSync(join(tmpdir(), "background-copy-prove-"));
  try {
    const probe = join(folder, "probe.ps1");
    writeFileSync(probe, SENT_MODULE.bits.text + readFileSync(new URL("probe.ps1", import.meta.url), "utf8"));
    const script = "Invoke-Command -ComputerName $env:BACKGROUND_COPY_HOST -FilePath $env:BACKGROUND_COPY_PROBE";
    const { stdout, stderr } = spawnSync(
      join(process.env.SystemRoot ?? "C:\\Windows", "System32", "WindowsPowerShell", "v1.0", "powershell.exe"),
      ["-NoProfile", "-NonInteractive", "-Command", script],
      {
        encoding: "utf8",
        windowsHide: true,
        env: { ...process.env, BACKGROUND_COPY_HOST: host.address, BACKGROUND_COPY_PROBE: probe },
      },
    );
    for (const [, name, hex] of stdout.matchAll(/^(\S+) (0x[0-9A-F]{8})\s*$/gm)) {
      row(`PowerShell remoting: ${name}`, nameOf(hex), "S_OK");
    }
    if (stderr.trim()) {
      row("PowerShell remoting", stderr.trim().replaceAll(/\s+/g, " ").slice(0, 500));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await proveEngine(sshEngine(ssh, language));
await proveShell();
await proveStreams();
await proveOrphans();
const remoting = remotingEngine({}, language);
await proveEngine(remoting);
if (process.platform === "win32") {
  await proveRelay(remoting);
  proveRemoting();
}
await remoting.close();
console.log(`# Proof of a fleet from ${process.platform}, Node ${process.version}\n\n${table(rows)}`);
