// Stands for ssh, and for Windows PowerShell with the module behind it: fake-ssh.js starts it. It checks the module that it is sent as the
// far side does, answers for jobs that exist only in a file, and fails in ways that no real host does on demand.
import { createHash } from "node:crypto";
import { appendFileSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { jobIdOf } from "./fake-ssh.js";

const CANCELLED = 8;
const SUSPENDED = 6;
const NOT_FOUND = 0x80200001;
const INVALID_STATE = 0x80200002;
const ACCESS_DENIED = 0x80070005;

const complain = (text) => writeSync(2, `${text}\n`);
const fail = (...lines) => {
  lines.forEach(complain);
  process.exit(255);
};

/** What ssh does instead of connecting. */
const failures = {
  refused: (address) => fail(`ssh: connect to host ${address} port 22: Connection refused`),
  "timed out": (address) => fail(`ssh: connect to host ${address} port 22: Connection timed out`),
  unresolved: (address) => fail(`ssh: Could not resolve hostname ${address}: Name or service not known`),
  denied: (address) => fail(`ops@${address}: Permission denied (publickey).`),
  "key unknown": (address) =>
    fail(
      `No ED25519 host key is known for ${address} and you have requested strict checking.`,
      "Host key verification failed.",
    ),
  "key changed": () =>
    fail("@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @", "Host key verification failed."),
  "closed before logon": (address) => fail(`Connection closed by ${address} port 22`),
  "no PowerShell": () => process.exit(1),
  "no PowerShell, and repeats what it does not know": () =>
    createInterface({ input: process.stdin }).on("line", (line) => {
      writeSync(1, `Unknown command: ${line}\n`);
      process.exit(1);
    }),
  "lost before it is ready": (address) => fail(`Connection to ${address} closed by remote host.`),
  // It ends with its input, because behind a real server nobody kills it.
  silent: () => process.stdin.resume(),
  floods: () => {
    setInterval(() => process.stdout.write("x".repeat(2 ** 16)), 1);
  },
};

/** What happens instead of an answer, or around it. */
const acts = {
  "lost before": ({ address }) => fail(`Connection to ${address} closed by remote host.`),
  "lost after": ({ address, doIt }) => {
    doIt();
    fail(`Connection to ${address} closed by remote host.`);
  },
  dies: () => process.exit(1),
  hangs: () => {},
  "hangs when it has done it": ({ doIt }) => doIt(),
  nonsense: ({ say, id }) => say({ id, result: { items: [{ jobId: 1 }] } }),
  "for others": ({ say, id }) =>
    say({ id, result: { items: [{ jobId: jobIdOf("another", 0), hresult: 0, method: "m" }] } }),
  floods: () => setInterval(() => process.stdout.write("x".repeat(2 ** 20)), 1),
  "floods stderr": () => setInterval(() => process.stderr.write("x\n".repeat(2 ** 16)), 1),
};

/** After these, nothing else is read or answered. */
const ENDLESS = ["hangs", "hangs when it has done it", "floods", "floods stderr"];

/** The jobs of a host, from the file that says what was done with them. */
class Jobs {
  #settings;
  #file;
  #states = new Map();

  constructor(settings, address) {
    this.#settings = settings;
    this.#file = join(settings.hosts, address);
    for (let i = 0; i < settings.jobs; i++) {
      this.#states.set(jobIdOf(address, i), SUSPENDED);
    }
    let done = [];
    try {
      done = readFileSync(this.#file, "utf8").split("\n");
    } catch {}
    this.did = new Set(done);
    for (const line of done) {
      const [verb, id] = line.split(" ");
      if (verb === "cancel" && this.#states.has(id)) {
        this.#states.set(id, CANCELLED);
      }
    }
  }

  log(text) {
    appendFileSync(this.#file, `${text}\n`);
  }

  get ids() {
    return [...this.#states].filter(([, state]) => state !== CANCELLED).map(([id]) => id);
  }

  describe(jobId) {
    const state = this.#states.get(jobId);
    const method = "IBackgroundCopyManager::GetJob";
    if (state === undefined) {
      return { jobId, hresult: NOT_FOUND, method };
    }
    const bytes = { bytesTotal: "0", bytesTransferred: "0" };
    const progress = { ...bytes, filesTotal: 0, filesTransferred: 0 };
    const owner = { owner: "S-1-5-21-1-2-3-1001", ownerIntegrityLevel: 0x3000 };
    const job = { state, displayName: `job ${jobId.slice(-4)}`, type: 0, priority: 2, progress, ...owner };
    return { jobId, hresult: 0, method, job };
  }

  do(verb, jobId) {
    const method = `IBackgroundCopyJob::${verb[0].toUpperCase()}${verb.slice(1)}`;
    const stateBefore = this.#states.get(jobId);
    if (stateBefore === undefined) {
      return { jobId, hresult: NOT_FOUND, method: "IBackgroundCopyManager::GetJob" };
    }
    if (this.#settings.refused.includes(jobId)) {
      return { jobId, hresult: ACCESS_DENIED, method, stateBefore, stateAfter: stateBefore };
    }
    if (stateBefore === CANCELLED) {
      return { jobId, hresult: INVALID_STATE, method, stateBefore, stateAfter: stateBefore };
    }
    const stateAfter = verb === "cancel" ? CANCELLED : stateBefore;
    this.log(`${verb} ${jobId}`);
    this.#states.set(jobId, stateAfter);
    return { jobId, hresult: 0, method, stateBefore, stateAfter };
  }
}

const account = { kind: "user", logon: "network", session: 0, elevated: true };
const results = {
  "host.identify": ({ integrity }) => ({
    system: "Microsoft Windows NT 10.0.19045.0",
    languageMode: "FullLanguage",
    account,
    ...(integrity && { integrity: 0x2000 }),
  }),
  "host.echo": (params) => params,
  "service.open": () => ({ hresult: 0, method: "CoCreateInstance", interface: "IBackgroundCopyManager" }),
  "job.list": (_params, jobs) => ({ hresult: 0, method: "EnumJobs", jobIds: jobs.ids, page: 0, more: false }),
  "job.describe": ({ jobIds }, jobs) => ({ items: jobIds.map((id) => jobs.describe(id)) }),
};

function result({ method, params }, jobs) {
  const [, verb] = /^job\.(cancel|suspend|resume|complete)$/.exec(method) ?? [];
  return verb ? { items: params.jobIds.map((id) => jobs.do(verb, id)) } : results[method](params, jobs);
}

/** The lines of the bootstrap and of the module, up to the one that contains the first request. */
class Start {
  marker;
  installed = false;
  #header;
  #lines = [];

  /** Whether the host is ready after this line. */
  take(line) {
    if (this.marker === undefined) {
      this.marker = /\$m = '(\w+)' \+ '(\w+)'/.exec(line).slice(1).join("");
      this.installed = !line.includes("ReadLine()");
      return this.installed;
    }
    if (this.#header === undefined) {
      this.#header = line.split(" ");
      return false;
    }
    this.#lines.push(line);
    return this.#lines.length === Number(this.#header[0]);
  }

  get isWhole() {
    const text = this.#lines.map((line) => `${line}\n`).join("");
    const [, length, sha256] = this.#header ?? [];
    return (
      this.installed || (text.length === Number(length) && createHash("sha256").update(text).digest("hex") === sha256)
    );
  }
}

/** The request loop. A request can arrive in pieces. */
function serve(settings, address) {
  const jobs = new Jobs(settings, address);
  const fault = settings.faults[address];
  const start = new Start();
  const pieces = [];
  let isReady = false;
  let isStuck = false;
  const say = (message) => writeSync(1, `${start.marker}${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  jobs.log("start");
  createInterface({ input: process.stdin })
    .on("line", (line) => {
      if (isStuck) {
        return;
      }
      if (!isReady) {
        if (start.take(line)) {
          isReady = true;
          if (!start.isWhole) {
            fail("The module is damaged.");
          }
          const params = { version: settings.version, powershell: "5.1.19041.1", edition: "Desktop" };
          say({ method: "host.ready", params });
        }
        return;
      }
      const [, left, piece] = /^\+(\d+) (.*)$/.exec(line) ?? [];
      pieces.push(piece ?? line);
      if (left !== undefined && left !== "0") {
        return;
      }
      const request = JSON.parse(pieces.splice(0).join(""));
      const { id, method } = request;
      const isFaulty = fault?.method === method && !(fault.once && jobs.did.has(`fault ${method}`));
      jobs.log(isFaulty ? `fault ${method}` : method);
      const doIt = () => result(request, jobs);
      if (isFaulty) {
        isStuck = ENDLESS.includes(fault.act);
        acts[fault.act]({ address, doIt, say, id });
      } else {
        say({ id, result: doIt() });
      }
    })
    .on("close", () => {
      jobs.log("end");
      process.exit(0);
    });
}

/** Stands for ssh, or for the PowerShell of one host behind a real server. */
export function main(file, address = process.argv[process.argv.indexOf("--") + 1]) {
  const settings = JSON.parse(readFileSync(file, "utf8"));
  const fault = settings.faults[address];
  if (typeof fault === "string") {
    appendFileSync(join(settings.hosts, address), `${fault}\n`);
    failures[fault](address);
  } else {
    serve(settings, address);
  }
}
