// What anyone with a Windows can run, to tell what holds there: `npm run prove`. It makes jobs of its own on both services, with each
// PowerShell that there is, cancels them, and prints tables for docs/. It asks for no other job and leaves none behind.
import { execFileSync } from "node:child_process";
import { subscribe } from "node:diagnostics_channel";
import { readFileSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { release, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { BackgroundCopyError, BackgroundCopyManager, BridgeError } from "../../dist/index.js";

const { values: options } = parseArgs({
  options: {
    // Instead of the PowerShells of this machine: for a dry run under Wine.
    executable: { type: "string" },
    // Put before a local path as the service sees it: `Z:` under Wine.
    drive: { type: "string", default: "" },
  },
});

const documented = JSON.parse(readFileSync(new URL("../facts/documented-messages.json", import.meta.url), "utf8"));
const UNKNOWN_JOB = "00000000-0000-4000-8000-000000000001";

/** The last host that became ready: which PowerShell it is, and its process id. */
let host = {};
subscribe("background-copy:host", (message) => {
  if (message.event === "ready") {
    host = message;
  }
});

function servicePath(path) {
  return options.drive ? options.drive + path.replaceAll("/", "\\") : path;
}

/** What a call came to, in a word: the code of a refusal or of the bridge, or what `show` makes of its result. */
async function outcomeOf(call, show) {
  try {
    return { said: show(await call()) };
  } catch (error) {
    if (error instanceof BackgroundCopyError || error instanceof BridgeError) {
      return { said: error.code, error };
    }
    throw error;
  }
}

async function startFileServer() {
  const server = createServer((_request, response) => {
    response.writeHead(200, { "content-length": 64 * 1024 * 1024 });
    // A body that stops midway, so that there is time to cancel.
    response.write(Buffer.alloc(64 * 1024));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

/** Which of the documented sentences the outcome gives, over the six languages. */
function words(outcome, code) {
  const locales = Object.keys(documented);
  const same = locales.filter((locale) => outcome?.localize(locale) === documented[locale][code].documented);
  return `${same.length} of ${locales.length} as documented`;
}

async function cancelInMidTransfer(manager) {
  const server = await startFileServer();
  const folder = await mkdtemp(join(tmpdir(), "background-copy-prove-"));
  try {
    const job = await manager.createJob("background-copy prove");
    await job.addFile(`http://127.0.0.1:${server.address().port}/file`, servicePath(join(folder, "target.bin")));
    await job.resume();
    for (let tries = 0; tries < 150 && (await job.getState()) !== "BG_JOB_STATE_TRANSFERRING"; tries++) {
      await delay(200);
    }
    const { code, stateBefore } = await job.cancel();
    await delay(500);
    return `${stateBefore}, ${code}, files left: ${(await readdir(folder)).length}`;
  } finally {
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

// The events that PowerShell's logging writes for script blocks (4104, and 4105 and 4106 for their start and end) and for modules
// (4103). Counted for the host's process alone; the text is a constant, and the id comes in the environment.
const COUNT_EVENTS =
  '4103, 4104, 4105, 4106 | ForEach-Object { $id = $_; $n = @(Get-WinEvent -FilterHashtable @{ LogName = "Microsoft-Windows-PowerShell/Operational"; Id = $id } -ErrorAction SilentlyContinue | Where-Object { $_.ProcessId -eq [int]$env:BACKGROUND_COPY_PROVE_PID }).Count; "$id`: $n" }';

function loggedEvents() {
  if (process.platform !== "win32") {
    return "no Windows event log here";
  }
  const { SystemRoot = "C:\\Windows" } = process.env;
  const powershell = join(SystemRoot, "System32", "WindowsPowerShell", "v1.0", "powershell.exe");
  const env = {
    ...process.env,
    PSModulePath: join(dirname(powershell), "Modules"),
    BACKGROUND_COPY_PROVE_PID: String(host.pid),
  };
  return execFileSync(powershell, ["-NoProfile", "-NonInteractive", "-Command", COUNT_EVENTS], {
    env,
    encoding: "utf8",
  })
    .trim()
    .split(/\r?\n/)
    .join(", ");
}

async function prove(executable, service) {
  const rows = [];
  const row = (what, said, expected) => {
    const agrees = expected === undefined ? "" : expected.some((text) => said.startsWith(text)) ? "yes" : "NO";
    rows.push([what, said, expected?.join(" or ") ?? "(not documented)", agrees]);
  };
  const connected = await outcomeOf(
    () => BackgroundCopyManager.connect({ service, executable, locale: "en" }),
    (manager) => manager,
  );
  if (connected.error) {
    row("connect", `${connected.said}: ${connected.error.message}`, ["IBackgroundCopyManager"]);
    return rows;
  }
  const manager = connected.said;
  try {
    // The class was asked for this interface, and the types for it were made at run time.
    row("interface of the class; run-time types", `${manager.capabilities.interface}; allowed`, [
      "IBackgroundCopyManager",
    ]);
    const job = await manager.createJob('background-copy prove: it\'s "$(quoted)" ü中');
    row("state of a new job", await job.getState(), ["BG_JOB_STATE_SUSPENDED"]);
    const empty = await outcomeOf(
      () => job.resume(),
      ({ code }) => code,
    );
    row("Resume without files", empty.said, service === "bits" ? ["BG_E_EMPTY"] : ["DO_E_JOB_EMPTY"]);
    const first = await outcomeOf(
      () => job.cancel(),
      (result) => result,
    );
    row("Cancel", `${first.said.code}, ${first.said.stateAfter}`, ["S_OK, BG_JOB_STATE_CANCELLED"]);
    row("the words of S_OK", words(first.said, "S_OK"), ["6 of 6"]);
    const after = await outcomeOf(
      () => job.getState(),
      (state) => state,
    );
    row("GetState of the canceled job, by its id", after.said, undefined);
    const again = await outcomeOf(
      () => job.cancel(),
      ({ code }) => code,
    );
    const refused =
      service === "bits" ? ["BG_E_INVALID_STATE", "BG_E_NOT_FOUND"] : ["DO_E_INVALID_STATE", "DO_E_JOB_NOT_FOUND"];
    row("Cancel again, by its id", again.said, refused);
    row("the words of the refusal", again.error ? words(again.error, "DO_E_INVALID_STATE") : "none", undefined);
    const unknown = await outcomeOf(
      () => manager.getJob(UNKNOWN_JOB),
      () => "found",
    );
    row("GetJob of an unknown id", unknown.said, service === "bits" ? ["BG_E_NOT_FOUND"] : ["DO_E_JOB_NOT_FOUND"]);
    const midTransfer = await outcomeOf(
      () => cancelInMidTransfer(manager),
      (said) => said,
    );
    row("Cancel in mid-transfer", midTransfer.said, ["BG_JOB_STATE_TRANSFERRING, S_OK, files left: 0"]);
    row("events logged for the host", loggedEvents(), undefined);
  } finally {
    await manager.close();
  }
  return rows;
}

function table(rows) {
  const cells = (row) => `| ${row.map((cell) => String(cell).replaceAll("|", "\\|")).join(" | ")} |`;
  return [cells(["what", "outcome", "documented", "agrees"]), "|-|-|-|-|", ...rows.map(cells)].join("\n");
}

console.log(`# What was proved on ${process.platform} ${release()}, Node ${process.version}`);
const executables = options.executable ? [options.executable] : [undefined, "pwsh"];
for (const executable of executables) {
  for (const service of ["delivery-optimization", "bits"]) {
    host = {};
    const rows = await prove(executable, service);
    const engine = host.powershell
      ? `PowerShell ${host.powershell} ${host.edition}`
      : (executable ?? "Windows PowerShell");
    console.log(`\n## ${service}, ${engine}\n\n${table(rows)}`);
  }
}
