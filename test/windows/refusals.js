// For `npm run prove`: makes the calls that the documentation refuses, with COM directly, on jobs that are canceled afterwards.
import { execFileSync } from "node:child_process";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { explain } from "../../dist/bundle/index.js";
import { OTHER_CODES, rawCall, ROWS, spelled, START } from "../support/refused-rows.js";

const RAW_CALLS = fileURLToPath(new URL("../support/raw-calls.psm1", import.meta.url));
// The rows with these states need no transfer.
const STATES = [undefined, "canceled"];

function nameOf(code) {
  return Object.keys(OTHER_CODES).find((name) => OTHER_CODES[name] === code >>> 0) ?? explain(code).code;
}

/**
 * Makes the calls and returns a list of `[row, result]`.
 *
 * @param {"bits" | "do-job" | "do-download"} contract
 * @param {string} executable The PowerShell.
 * @param {object} files
 * @param {string} files.folder A folder on this computer.
 * @param {(path: string) => string} files.servicePath Converts a path for the service.
 * @param {string} files.url The URL of a file.
 */
export async function makeRefusedCalls(contract, executable, { folder, servicePath, url }) {
  const place = servicePath(join(folder, "x")).slice(0, -1);
  const rows = ROWS.filter(
    (row) => row.contract === contract && row.as === undefined && STATES.includes(row.job?.state),
  ).map((row) => spelled(row, place));
  const server = new URL("/", url).href;
  const here = (values) => values?.map((value) => (value === START ? server : value));
  const calls = rows.map((row) =>
    rawCall({ ...row, arguments: here(row.arguments), allowed: here(row.allowed) }, { folder: place, url: () => url }),
  );
  const path = join(folder, "calls.json");
  await writeFile(path, JSON.stringify(calls));
  const args = ["-NoLogo", "-NoProfile", "-NonInteractive", "-ExecutionPolicy", "RemoteSigned", "-Command", "-"];
  const said = execFileSync(executable, args, {
    input: `Import-Module $env:BACKGROUND_COPY_MODULE; Invoke-RefusedRow '${contract}' '${servicePath(path).replaceAll("'", "''")}'\n`,
    env: { ...process.env, BACKGROUND_COPY_MODULE: RAW_CALLS, TERM: "dumb", NO_COLOR: "1" },
    encoding: "utf8",
  });
  await rm(path);
  const answers = said.split(/\r?\n/).filter((line) => line.startsWith("{"));
  return rows.map((row, i) => [row, JSON.parse(answers[i] ?? '{"failed":"no answer"}')]);
}

/** Adds a row with the number of documented refusals, and one for each call that differs or has no documented code. */
export function tellRefusals(answers, row) {
  const documented = answers.filter(([{ codes }]) => codes);
  const isAsDocumented = ([{ codes }, { refused }]) => refused < 0 && codes.includes(nameOf(refused));
  const count = (few) => `${few} of ${documented.length}`;
  row("refusals with a documented code", count(documented.filter(isAsDocumented).length), [count(documented.length)]);
  for (const answer of answers) {
    const [{ method, because, codes }, { refused, failed }] = answer;
    if (!codes || !isAsDocumented(answer)) {
      row(`${method}: ${because}`, failed ?? nameOf(refused), codes);
    }
  }
}
