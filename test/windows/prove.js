// `npm run prove`: anyone with Windows can run this to show how the package works there. It creates its own jobs on both services, with
// each installed PowerShell, suspends, resumes, completes, and cancels them, and prints tables for docs/. It doesn't access other jobs
// and leaves none behind.
import { execFileSync } from "node:child_process";
import { subscribe } from "node:diagnostics_channel";
import { readFileSync } from "node:fs";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { release, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { BackgroundCopyError, BackgroundCopyManager, BridgeError, explain } from "../../dist/bundle/index.js";
import { loggedEvents } from "./events.js";
import { table } from "./table.js";
import { makeRefusedCalls, tellRefusals } from "./refusals.js";

if (process.argv.includes("--fleet")) {
  await import("./prove-fleet.js");
  process.exit();
}

const { values: options } = parseArgs({
  options: {
    // Replaces the PowerShell installations of this machine, for a dry run under Wine.
    executable: { type: "string" },
    // The prefix of a local path as the service sees it: `Z:` under Wine.
    drive: { type: "string", default: "" },
    // Replaces both services.
    service: { type: "string", multiple: true, default: ["delivery-optimization", "bits"] },
  },
});

const documented = JSON.parse(readFileSync(new URL("../facts/documented-messages.json", import.meta.url), "utf8"));
const UNKNOWN_JOB = "00000000-0000-4000-8000-000000000001";

/** The last host that became ready: its PowerShell version and process ID. */
let host = {};
subscribe("background-copy:host", (message) => {
  if (message.event === "ready") {
    host = message;
  }
});

function servicePath(path) {
  return options.drive ? options.drive + path.replaceAll("/", "\\") : path;
}

/** The outcome of a call as one word: the code of a refusal or of the bridge, or the result of `show`. */
async function outcomeOf(call, show) {
  try {
    return { said: show(await call()) };
  } catch (error) {
    if (!isAnswer(error)) {
      throw error;
    }
    return { said: error.code, error };
  }
}

function isAnswer(error) {
  return error instanceof BackgroundCopyError || error instanceof BridgeError;
}

const FILE_BYTES = 65_536;

/** Serves a complete file as `/done`, and as `/hold` a file that stops midway, so that there is time for the methods. */
async function startFileServer() {
  const server = createServer((request, response) => {
    const whole = request.url?.startsWith("/done");
    response.writeHead(200, { "content-length": whole ? FILE_BYTES : 1024 * FILE_BYTES });
    const part = request.method === "HEAD" ? "" : Buffer.alloc(FILE_BYTES);
    if (whole || request.method === "HEAD") {
      response.end(part);
    } else {
      response.write(part);
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

/** The number of documented sentences in the outcome, over all languages. */
function words(outcome, code) {
  const locales = Object.keys(documented);
  const same = locales.filter((locale) => outcome?.localize(locale) === documented[locale][code].documented);
  return `${same.length} of ${locales.length} as documented`;
}

const word = ({ code }) => code;
const itself = (result) => result;

/** Waits at most half a minute until the job is in that state, and returns its state. */
async function settle(job, state) {
  let said;
  for (let tries = 0; tries < 150 && said !== state; tries++) {
    ({ said } = await outcomeOf(() => job.getState(), itself));
    await delay(200);
  }
  return said;
}

/** Runs `use` with its own folder and the URL of a file on its own server. */
async function withFiles(use) {
  const server = await startFileServer();
  const folder = await mkdtemp(join(tmpdir(), "background-copy-prove-"));
  try {
    // The stand-in for Delivery Optimization in the tests downloads nothing; it uses only the URL.
    await use(folder, (name) => `http://127.0.0.1:${server.address().port}/${name}?bytes=${FILE_BYTES}`);
  } finally {
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The methods on a transferring job. */
async function proveMidTransfer(manager, row) {
  await withFiles(async (folder, url) => {
    const job = await manager.createJob("background-copy prove");
    const added = await outcomeOf(() => job.addFile(url("hold"), servicePath(join(folder, "target.bin"))), itself);
    const { method, calledMethod } = added.error ?? added.said;
    const ways =
      manager.service === "bits"
        ? ["IBackgroundCopyJob::AddFile"]
        : [
            "IDeliveryOptimizationJob2::AddFile",
            "IDeliveryOptimizationJob::AddFileWithRanges",
            "IDODownload::SetProperty",
          ];
    row("method that adds a file", `${calledMethod ?? method}${added.error ? `: ${added.said}` : ""}`, ways);
    const resumed = await outcomeOf(() => job.resume(), word);
    row("Resume", `${resumed.said}, ${await settle(job, "BG_JOB_STATE_TRANSFERRING")}`, [
      "S_OK, BG_JOB_STATE_TRANSFERRING",
    ]);
    const suspended = await outcomeOf(() => job.suspend(), word);
    const { said: stateAfter } = await outcomeOf(() => job.getState(), itself);
    row("Suspend in mid-transfer", `${suspended.said}, ${stateAfter}`, ["S_OK, BG_JOB_STATE_SUSPENDED"]);
    const again = await outcomeOf(() => job.resume(), word);
    row("Resume of the suspended job", `${again.said}, ${await settle(job, "BG_JOB_STATE_TRANSFERRING")}`, [
      "S_OK, BG_JOB_STATE_TRANSFERRING",
    ]);
    const canceled = await outcomeOf(() => job.cancel(), itself);
    const { code = canceled.said, stateBefore } = canceled.error ? {} : canceled.said;
    await delay(500);
    row("Cancel in mid-transfer", `${stateBefore}, ${code}, remaining files: ${(await readdir(folder)).length}`, [
      "BG_JOB_STATE_TRANSFERRING, S_OK, remaining files: 0",
    ]);
  });
}

/** Complete of a transferred job, and the refusals after it. */
async function proveComplete(manager, row, refused) {
  await withFiles(async (folder, url) => {
    const target = join(folder, "target.bin");
    const job = await manager.createJob("background-copy prove");
    await outcomeOf(() => job.addFile(url("done"), servicePath(target)), word);
    await outcomeOf(() => job.resume(), word);
    row("state of a job whose file is complete", await settle(job, "BG_JOB_STATE_TRANSFERRED"), [
      "BG_JOB_STATE_TRANSFERRED",
    ]);
    const completed = await outcomeOf(() => job.complete(), word);
    const size = await stat(target).then(
      (file) => `a file of ${file.size} bytes`,
      () => "no file",
    );
    row("Complete", `${completed.said}, ${size}`, [`S_OK, a file of ${FILE_BYTES} bytes`]);
    const { said: state } = await outcomeOf(() => job.getState(), itself);
    row("GetState of the completed job, by its ID", state, undefined);
    for (const verb of ["complete", "suspend", "resume", "cancel"]) {
      const outcome = await outcomeOf(() => job[verb](), word);
      row(`${verb[0].toUpperCase()}${verb.slice(1)} of the completed job`, outcome.said, refused);
    }
  });
}

/** Whether a job still exists after the PowerShell process that created it has ended. */
async function proveOutliving(manager, connect, row) {
  const first = await connect();
  const { id } = await first.createJob("background-copy prove").finally(() => first.close());
  const job = manager.job(id);
  const { said } = await outcomeOf(() => job.getState(), itself);
  row(
    "a job whose PowerShell has ended",
    said,
    manager.capabilities.jobsOutliveTheHost ? ["BG_JOB_STATE_SUSPENDED"] : undefined,
  );
  await outcomeOf(() => job.cancel(), word);
}

const LASTING_DOWNLOAD = fileURLToPath(new URL("lasting-download.psm1", import.meta.url));

/** Whether a download with DODownloadProperty_NonVolatile still exists. */
async function proveNonVolatile(manager, row) {
  const create = "Import-Module $env:BACKGROUND_COPY_MODULE; New-LastingDownload 'background-copy prove'\n";
  const args = ["-NoLogo", "-NoProfile", "-NonInteractive", "-ExecutionPolicy", "RemoteSigned", "-Command", "-"];
  const said = execFileSync(host.executable, args, {
    input: create,
    env: { ...process.env, BACKGROUND_COPY_MODULE: LASTING_DOWNLOAD, TERM: "dumb", NO_COLOR: "1" },
    encoding: "utf8",
  });
  const [, id, code] = /([0-9a-f-]{36}) (-?\d+)\s*$/i.exec(said) ?? [];
  const what = "a NonVolatile download whose PowerShell has ended";
  if (id === undefined) {
    row(what, `not created: ${said.trim()}`, undefined);
    return;
  }
  const job = manager.job(id);
  const { said: state } = await outcomeOf(() => job.getState(), itself);
  row(what, code === "0" ? state : `${state}, but the property was refused: ${explain(code).code}`, undefined);
  await outcomeOf(() => job.cancel(), word);
}

async function prove(executable, service) {
  const rows = [];
  const row = (what, said, expected) => {
    const agrees = expected === undefined ? "" : expected.some((text) => said.startsWith(text)) ? "yes" : "NO";
    rows.push([what, said, expected?.join(" or ") ?? "(not documented)", agrees]);
  };
  const connect = () => BackgroundCopyManager.connect({ service, executable, locale: "en" });
  const connected = await outcomeOf(connect, itself);
  // The documentation of Delivery Optimization has the first, current SDK headers have the second.
  const interfaces = service === "bits" ? ["IBackgroundCopyManager"] : ["IBackgroundCopyManager", "IDOManager"];
  if (connected.error) {
    row("connect", `${connected.said}: ${connected.error.message}`, interfaces);
    return rows;
  }
  const manager = connected.said;
  const isDownloads = manager.capabilities.interface === "IDOManager";
  try {
    // The class supports this interface, and its types were defined at run time.
    row("interface of the class; run-time types", `${manager.capabilities.interface}; allowed`, interfaces);
    const job = await manager.createJob('background-copy prove: it\'s "$(quoted)" ü中');
    row("state of a new job", await job.getState(), ["BG_JOB_STATE_SUSPENDED"]);
    const empty = await outcomeOf(() => job.resume(), word);
    row("Resume without files", empty.said, [
      service === "bits" ? "BG_E_EMPTY" : isDownloads ? "DO_E_DOWNLOAD_NO_URI" : "DO_E_JOB_EMPTY",
    ]);
    const canceled = await outcomeOf(() => job.cancel(), itself);
    const first = canceled.error ?? canceled.said;
    row("Cancel", `${first.code}, ${first.stateAfter}`, ["S_OK, BG_JOB_STATE_CANCELLED"]);
    row("message of S_OK", words(first, "S_OK"), ["6 of 6"]);
    row("method that ran for Cancel", first.calledMethod ?? first.method, [
      isDownloads ? "IDODownload::Abort" : "IBackgroundCopyJob::Cancel",
    ]);
    const after = await outcomeOf(() => job.getState(), itself);
    row("GetState of the canceled job, by its ID", after.said, undefined);
    const again = await outcomeOf(() => job.cancel(), word);
    const refused =
      service === "bits" ? ["BG_E_INVALID_STATE", "BG_E_NOT_FOUND"] : ["DO_E_INVALID_STATE", "DO_E_JOB_NOT_FOUND"];
    row("Cancel again, by its ID", again.said, refused);
    row("message of the refusal", again.error ? words(again.error, "DO_E_INVALID_STATE") : "none", undefined);
    const unknown = await outcomeOf(
      () => manager.getJob(UNKNOWN_JOB),
      () => "found",
    );
    row("GetJob of an unknown ID", unknown.said, service === "bits" ? ["BG_E_NOT_FOUND"] : ["DO_E_JOB_NOT_FOUND"]);
    await proveMidTransfer(manager, row);
    await proveComplete(manager, row, refused);
    row("events logged for the host", loggedEvents(host.pid), undefined);
    await proveOutliving(manager, connect, row);
    if (isDownloads) {
      await proveNonVolatile(manager, row);
    }
    await withFiles(async (folder, url) => {
      const contract = service === "bits" ? "bits" : isDownloads ? "do-download" : "do-job";
      const files = { folder, servicePath, url: url("hold") };
      tellRefusals(await makeRefusedCalls(contract, host.executable, files), row);
    });
  } catch (error) {
    if (!isAnswer(error)) {
      throw error;
    }
    row("the rest was not tested", `${error.code}: ${error.message}`, undefined);
  } finally {
    await manager.close();
  }
  return rows;
}

console.log(`# Proof on ${process.platform} ${release()}, Node ${process.version}`);
const executables = options.executable ? [options.executable] : [undefined, "pwsh"];
for (const executable of executables) {
  for (const service of options.service) {
    host = {};
    const rows = await prove(executable, service);
    const engine = host.powershell
      ? `PowerShell ${host.powershell} ${host.edition}`
      : (executable ?? "Windows PowerShell");
    console.log(`\n## ${service}, ${engine}\n\n${table(rows)}`);
  }
}
