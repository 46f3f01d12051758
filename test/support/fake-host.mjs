// Replaces PowerShell and the module: implements the channel, and fails in ways that no real host does on demand. FAKE_HOST contains the
// name of the behavior, or FAKE_FAULTS a list of faults: see fake-host.js. The file FAKE_LOG contains what it did. The next host reads
// this file, so that a job that one host canceled stays canceled.
import { appendFileSync, closeSync, fstatSync, openSync, readFileSync, readSync, writeSync } from "node:fs";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";

const marker = process.env.BACKGROUND_COPY_MARKER;
const behaviour = process.env.FAKE_HOST;
const faults = JSON.parse(process.env.FAKE_FAULTS ?? "[]");
const logFile = process.env.FAKE_LOG;

// Written immediately, so that nothing is lost when the process ends in the next line.
function say(text) {
  for (let rest = Buffer.isBuffer(text) ? text : Buffer.from(text); rest.length > 0; ) {
    try {
      rest = rest.subarray(writeSync(1, rest));
    } catch (error) {
      if (error.code !== "EAGAIN") {
        throw error;
      }
    }
  }
}
const line = (message) => `${marker}${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`;
const answer = (message) => say(line(message));
const log = (text) => appendFileSync(logFile, `${text}\n`);
const diary = openSync(logFile, "r");
let read = 0;
const done = new Set();

/** Whether this or another host did that. */
function did(text) {
  const more = Buffer.alloc(fstatSync(diary).size - read);
  readSync(diary, more, 0, more.length, read);
  // If another host is writing, the last line might be incomplete.
  const whole = more.subarray(0, more.lastIndexOf("\n") + 1);
  read += whole.length;
  for (const entry of whole.toString().split("\n")) {
    done.add(entry);
  }
  return done.has(text);
}

const CANCELLED = 8;
const state = (jobId) => (did(`canceled ${jobId}`) ? CANCELLED : 3);

function cancel(jobId) {
  const stateBefore = state(jobId);
  if (stateBefore === CANCELLED) {
    return { jobId, hresult: 0x80200002, method: "IBackgroundCopyJob::Cancel", stateBefore, stateAfter: stateBefore };
  }
  log(`canceled ${jobId}`);
  return { jobId, hresult: 0, method: "IBackgroundCopyJob::Cancel", stateBefore, stateAfter: CANCELLED };
}

const failed = (mode, error, place = "file: line:1") => {
  const policies = "MachinePolicy=AllSigned,Process=RemoteSigned";
  say(`${marker} failed ${mode} 0.0 Fake policies:${policies} ${place} said:110,111,10,8230 ${error}\n`);
};

const starts = {
  blocked: () => failed("FullLanguage", "UnauthorizedAccess,Microsoft.PowerShell.Commands.ImportModuleCommand"),
  "refused its language": () => failed("ConstrainedLanguage", "MethodInvocationNotSupported"),
  "module broken": () => failed("FullLanguage", "UnexpectedToken", "file:jobs.psm1 line:34"),
  "has no environment": () =>
    say(" failed FullLanguage 0.0 Fake policies: file: line:1 said: ParameterArgumentValidationErrorNullNotAllowed\n"),
  "finds no module": () =>
    failed(
      "FullLanguage",
      "Modules_ModuleNotFound,Microsoft.PowerShell.Commands.ImportModuleCommand",
      "file:jobs.psm1 line:1",
    ),
  "other version": () => ready("9.9.9"),
  "dies at once": () => process.exit(7),
  "never ready": () => {},
};

function ready(version) {
  answer({ method: "host.ready", params: { version, powershell: "0.0", edition: "Fake" } });
}

const method = "IBackgroundCopyManager::GetJob";
const verb = ({ jobIds }) => ({ items: jobIds.map((jobId) => ({ jobId, hresult: 0, method })) });

const results = {
  "host.echo": (params) => params,
  "service.open": () =>
    behaviour === "class not registered"
      ? { hresult: 0x80040154, method: "CoCreateInstance" }
      : { hresult: 0, method: "CoCreateInstance" },
  "job.create": () => ({ hresult: 0, method, jobId: "00000000-0000-4000-8000-00000000000a" }),
  "job.list": () => ({ hresult: 0, method, jobIds: [], page: 0, more: false }),
  "job.describe": ({ jobIds }) => ({
    items: jobIds.map((jobId) => ({ jobId, hresult: 0, method, job: { state: state(jobId) } })),
  }),
  "job.suspend": verb,
  "job.resume": verb,
  "job.complete": verb,
  "job.cancel": ({ jobIds }) => ({ items: jobIds.map(cancel) }),
};

const refusing =
  (hresult) =>
  ({ id, params }) =>
    answer({ id, result: { items: params.jobIds.map((jobId) => ({ jobId, hresult, method })) } });

// A host that hangs reads nothing more until its input ends.
let hanging = false;

/** What happens instead of an answer, or around it. */
const acts = {
  "dies before": () => process.exit(7),
  "dies after": (request) => {
    result(request);
    process.exit(7);
  },
  "dies in the answer": (request) => {
    const whole = line({ id: request.id, result: result(request) });
    say(whole.slice(0, whole.length / 2));
    process.exit(7);
  },
  "dies when it has answered": (request) => {
    answer({ id: request.id, result: result(request) });
    process.exit(7);
  },
  // As PowerShell's own loop does with what it takes for a command: the whole line, and the part with the error.
  "repeats it and dies": (request) => {
    const text = JSON.stringify(request);
    say(`${text}\nPS> ${text}\n`);
    writeSync(2, `ParserError:\nLine |\n   1 |  ${text}\n     | ${text.slice(-60)}\nSystem.Exception: ${text}\n`);
    process.exit(7);
  },
  "repeats it": (request) => {
    const text = JSON.stringify(request);
    say(`${text}\n`);
    writeSync(2, `${text}\n`);
    answer({ id: request.id, result: result(request) });
  },
  "refuses with it": (request) =>
    answer({ id: request.id, error: { code: -32603, message: "PROTOCOL", data: { detail: JSON.stringify(request) } } }),
  "is unsupported with it": (request) =>
    answer({ id: request.id, error: { code: 1, message: "UNSUPPORTED", data: { detail: JSON.stringify(request) } } }),
  "answers with it as its ID": (request) => answer({ id: JSON.stringify(request), result: {} }),
  "answers with it as nothing": (request) => say(`${marker}${JSON.stringify(request).slice(0, -3)}\n`),
  hangs: () => {
    hanging = true;
  },
  "hangs when it has done it": (request) => {
    result(request);
    hanging = true;
  },
  "closes its output": () => closeSync(1),
  "answers nonsense": (request) => answer({ id: request.id, result: { items: [{ jobId: 1 }] } }),
  "answers for fewer jobs": (request) => answer({ id: request.id, result: { items: [] } }),
  "finds no service": refusing(0x800706ba),
  "may not have the job": refusing(0x80070005),
  "finds no job": refusing(0x80200001),
  "may not make types": ({ id }) =>
    answer({ id, error: { code: -32001, message: "DYNAMIC_CODE_BLOCKED", data: { detail: "x" } } }),
  "answers nothing": (request) => answer({ id: request.id }),
  "answers null": () => say(`${marker}null\n`),
  "answers half": (request) => say(`${line({ id: request.id, result: result(request) }).slice(0, -9)}\n`),
  "answers out of turn": (request) => answer({ id: request.id + 1, result: {} }),
  "answers twice": (request) => {
    const given = line({ id: request.id, result: result(request) });
    say(given + given);
  },
  "sends an unrequested answer": (request) => {
    say(line({ id: 999, result: {} }) + line({ id: request.id, result: result(request) }));
  },
  "reports ready again": (request) => {
    const given = line({ id: request.id, result: result(request) });
    ready(process.env.FAKE_VERSION);
    say(given);
  },
  // Later requests are answered normally.
  "begins a line": (request) => say(`half a line of somebody else${line({ id: request.id, result: result(request) })}`),
  "writes code pages": (request) => {
    // "ü é 中 ç" in the code pages 437, 850, and 950, and bytes that are not valid in UTF-8.
    say(
      Buffer.from([
        0x81, 0x20, 0x82, 0x20, 0x87, 0x0a, 0xa4, 0xa4, 0x0a, 0xff, 0xfe, 0xc3, 0x0a, 0xe4, 0xb8, 0x0d, 0x0a,
      ]),
    );
    process.stderr.write(Buffer.from([0xa4, 0xa4, 0x81, 0xff, 0x0a]));
    answer({ id: request.id, result: result(request) });
  },
  "writes 64 MB": (request) => {
    say(Buffer.alloc(64 * 1024 * 1024, "x"));
    answer({ id: request.id, result: result(request) });
  },
  "writes 64 MB of lines": (request) => {
    say(Buffer.alloc(64 * 1024 * 1024, "VERBOSE: a line that is nobody's answer\n"));
    say(line({ id: request.id, result: result(request) }));
  },
  "complains of 64 MB": (request) => {
    process.stderr.write(Buffer.alloc(64 * 1024 * 1024, "x"), () =>
      answer({ id: request.id, result: result(request) }),
    );
  },
  waits: async (request) => {
    while (!did("go on")) {
      await setTimeout(5);
    }
    answer({ id: request.id, result: result(request) });
  },
  "is slow": async (request) => {
    const whole = line({ id: request.id, result: result(request) });
    for (const piece of whole.match(/.{1,40}\n?/gs)) {
      say(piece);
      await setTimeout(5);
    }
  },
};

// The behaviors that are one fault of every host.
const standing = {
  "dies in cancel": { method: "job.cancel", act: "dies before" },
  "hangs in cancel": { method: "job.cancel", act: "hangs" },
  noise: { method: "job.describe", act: "dies before" },
  "answers nonsense": { method: "job.cancel", act: "answers nonsense" },
  "answers out of turn": { method: "service.open", act: "answers out of turn" },
};

function result({ method, params }) {
  return results[method]?.(params) ?? { hresult: 0, method: "CoCreateInstance" };
}

/** The fault that is due at this request: each strikes once, at the first matching host and request. */
function dueFault({ method }) {
  if (standing[behaviour]?.method === method) {
    return standing[behaviour].act;
  }
  const due = faults.find((fault, i) => fault.method === method && !did(`fault ${i}`));
  if (!due) {
    return undefined;
  }
  if (!due.always) {
    log(`fault ${faults.indexOf(due)}`);
  }
  return due.act;
}

function onRequest(request) {
  if (hanging) {
    return undefined;
  }
  if (behaviour === "noise") {
    say("VERBOSE: a line that is nobody's answer\n");
    process.stderr.write("a complaint\n");
  }
  if (faults.length > 0) {
    log(request.method);
  }
  const act = dueFault(request);
  if (act) {
    return acts[act](request);
  }
  return answer({ id: request.id, result: result(request) });
}

log(`start ${process.pid}`);
log(`arguments ${process.argv.slice(2).join(" ")}`);
log(`folder ${process.cwd()}`);
const hosts = readFileSync(logFile, "utf8").match(/^start /gm).length;
if (behaviour === "stays") {
  setInterval(() => {}, 60_000);
}
let bootstrapped = false;
// Like the module, it answers one request after the other.
let answered = Promise.resolve();
createInterface({ input: process.stdin }).on("line", (text) => {
  if (bootstrapped) {
    answered = answered.then(() => onRequest(JSON.parse(text)));
    return;
  }
  bootstrapped = true;
  const due = faults.find(({ start }) => start?.includes(hosts));
  (starts[due?.act ?? behaviour] ?? (() => ready(process.env.FAKE_VERSION)))();
});
