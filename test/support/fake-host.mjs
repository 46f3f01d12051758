// Stands for PowerShell with the module in it: speaks the channel, and fails in the ways that no real one does on demand.
// The behaviour's name comes in FAKE_HOST.
import { createInterface } from "node:readline";

const marker = process.env.BACKGROUND_COPY_MARKER;
const behaviour = process.env.FAKE_HOST;
const say = (text) => process.stdout.write(`${text}\n`);
const answer = (message) => say(marker + JSON.stringify({ jsonrpc: "2.0", ...message }));
const cancelled = (jobId) => ({
  jobId,
  hresult: 0,
  method: "IBackgroundCopyJob::Cancel",
  stateBefore: 3,
  stateAfter: 8,
});

const starts = {
  blocked: () =>
    say(`${marker} failed FullLanguage UnauthorizedAccess,Microsoft.PowerShell.Commands.ImportModuleCommand`),
  "refused its language": () => say(`${marker} failed ConstrainedLanguage MethodInvocationNotSupported`),
  "module broken": () => say(`${marker} failed FullLanguage Modules_ModuleNotFound`),
  "other version": () => ready("9.9.9"),
  "dies at once": () => process.exit(7),
  "never ready": () => {},
};

const requests = {
  "class not registered": { "service.open": () => ({ hresult: 0x80040154, method: "CoCreateInstance" }) },
  noise: { "job.getState": () => process.exit(7) },
  "dies in cancel": { "job.cancel": () => process.exit(7) },
  "hangs in cancel": { "job.cancel": () => undefined },
  "answers nonsense": { "job.cancel": () => ({ items: [{ jobId: 1 }] }) },
};

function ready(version) {
  answer({ method: "host.ready", params: { version, powershell: "0.0", edition: "Fake" } });
}

function result({ method, params }) {
  const own = requests[behaviour]?.[method];
  if (own) {
    return own(params);
  }
  if (method === "job.cancel") {
    return { items: params.jobIds.map(cancelled) };
  }
  return method === "host.echo" ? params : { hresult: 0, method: "CoCreateInstance", state: 3 };
}

function onRequest(request) {
  if (behaviour === "noise") {
    say("VERBOSE: a line that is nobody's answer");
    process.stderr.write("a complaint\n");
  }
  if (behaviour === "answers out of turn") {
    answer({ id: request.id + 1, result: {} });
    return;
  }
  const given = result(request);
  if (given !== undefined) {
    answer({ id: request.id, result: given });
  }
}

let bootstrapped = false;
createInterface({ input: process.stdin }).on("line", (line) => {
  if (bootstrapped) {
    onRequest(JSON.parse(line));
    return;
  }
  bootstrapped = true;
  (starts[behaviour] ?? (() => ready(process.env.FAKE_VERSION)))();
});
