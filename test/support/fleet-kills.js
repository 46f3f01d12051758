// Kills the program that cancels the jobs of many hosts, again and again, and checks what is left in the end.
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const CONTROLLER = fileURLToPath(new URL("fleet-controller.js", import.meta.url));
/** More than what a run writes for one host. */
const BYTES_PER_HOST = 520;
/** The line with which every run begins. */
const BYTES_PER_RUN = 330;

/**
 * Runs the program.
 *
 * @param {string} folder
 * @param {number} hosts
 * @param {readonly string[]} kill
 * @param {readonly string[]} options
 * @returns {Promise<{ signal: string | null, exitCode: number | null, stdout: string, stderr: string }>}
 */
export function control(folder, hosts, kill, options = []) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...options, CONTROLLER, folder, String(hosts), ...kill], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text) => {
      stderr += text;
    });
    child.on("error", reject);
    child.on("close", (exitCode, signal) => resolve({ signal, exitCode, stdout, stderr }));
  });
}

/** @param {string} path */
const read = (path) => (existsSync(path) ? readFileSync(path, "utf8") : "");

/**
 * Where a run was killed, as its journal shows it.
 *
 * @param {string} journal
 */
function placeOf(journal) {
  const rest = journal.slice(journal.lastIndexOf("\n") + 1);
  const last = rest || journal.trimEnd().split("\n").at(-1) || "";
  const [, line = "a line"] = /^\{"line":"(\w+)"/.exec(last) ?? [];
  return journal === "" ? "before the first line" : rest ? `within ${line}` : `after ${line}`;
}

/**
 * The moment of the next kill: mostly somewhere in what the journal will contain next.
 *
 * @param {string} journal
 * @param {number} hostsPerRun
 * @param {() => number} random
 * @returns {string[]}
 */
function moment(journal, hostsPerRun, random) {
  const up = (/** @type {number} */ most) => 1 + Math.floor(random() * most);
  const start = Buffer.byteLength(journal.slice(0, journal.lastIndexOf("\n") + 1));
  const kind = Math.floor(random() * 10);
  if (kind === 0) {
    return ["none", "0", String(start + up(BYTES_PER_RUN))];
  }
  const end = String(start + BYTES_PER_RUN + up(2 * hostsPerRun * BYTES_PER_HOST));
  if (kind === 1) {
    return ["describe", "1", end];
  }
  return kind < 4
    ? [["open", "cancel", "canceled"][up(3) - 1] ?? "open", String(up(hostsPerRun)), end]
    : ["none", "0", end];
}

/**
 * Cancels the jobs of so many hosts in spite of so many kills. Returns where the runs were killed, and what is wrong.
 *
 * @param {string} folder
 * @param {{ hosts: number, kills: number, random: () => number }} options
 */
export async function cancelInSpiteOfKills(folder, { hosts, kills, random }) {
  const journal = () => read(join(folder, "run.jsonl"));
  /** @type {Map<string, number>} */
  const places = new Map();
  /** @type {string[]} */
  const wrong = [];
  // Most kills fall into the first fifth of the hosts: a run that continues a short journal starts sooner. The others leave hosts for all
  // that follow.
  const hostsPerRun = (/** @type {string} */ text) => {
    const left = hosts - text.split('{"line":"done"').length + 1;
    return Math.ceil(killed < 0.8 * kills ? (0.25 * hosts) / kills : left / (2 * (kills - killed) + 2));
  };
  let killed = 0;
  await control(folder, hosts, ["plan"]);
  for (let turn = 0; killed < kills && turn < 3 * kills; turn++) {
    const text = journal();
    const { signal, exitCode, stderr } = await control(folder, hosts, moment(text, hostsPerRun(text), random));
    if (signal === "SIGKILL") {
      killed++;
      const place = placeOf(journal());
      places.set(place, (places.get(place) ?? 0) + 1);
    } else if (exitCode !== 0 || stderr !== "") {
      wrong.push(`a run ended with ${exitCode}: ${stderr}`);
      break;
    }
  }
  if (killed < kills) {
    wrong.push(`${killed} kills, and not ${kills}`);
  }
  const last = await control(folder, hosts, ["none"]);
  return { killed, places, wrong: [...wrong, ...defects(folder, hosts, last)], last: lastOf(last.stdout) };
}

/** @param {string} stdout */
const lastOf = (stdout) => JSON.parse(stdout || "{}");

/**
 * What is wrong at the end.
 *
 * @param {string} folder
 * @param {number} hosts
 * @param {{ exitCode: number | null, stdout: string, stderr: string }} last
 */
function defects(folder, hosts, { exitCode, stdout, stderr }) {
  const wrong = [];
  if (exitCode !== 0 || stderr !== "") {
    return [`the last run ended with ${exitCode}: ${stderr}`];
  }
  const { outcomes, done, hosts: names } = lastOf(stdout);
  if (outcomes !== hosts || names !== hosts || done !== hosts) {
    wrong.push(`${outcomes} outcomes, ${names} names, and ${done} done of ${hosts} hosts`);
  }
  const lines = read(join(folder, "run.jsonl"))
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  const complete = lines.filter(({ line, outcome }) => line === "done" && outcome === "complete");
  if (complete.length !== hosts || new Set(complete.map(({ host }) => host)).size !== hosts) {
    wrong.push(`${complete.length} complete outcomes in the journal`);
  }
  const effects = read(join(folder, "effects")).trimEnd().split("\n");
  if (effects.length !== hosts || new Set(effects).size !== hosts) {
    wrong.push(`${effects.length} jobs were canceled`);
  }
  const told = new Set(
    complete.flatMap(({ host, resent }) => resent.map((/** @type {string} */ id) => `cancel ${host} ${id}`)),
  );
  const once = new Set();
  for (const request of read(join(folder, "requests")).trimEnd().split("\n")) {
    if (once.has(request) && !told.has(request)) {
      wrong.push(`sent twice, and not told: ${request}`);
    }
    once.add(request);
  }
  return wrong;
}
