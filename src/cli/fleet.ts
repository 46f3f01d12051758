import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Amount, BackgroundCopyFleet, FleetOptions, FleetPlan, FleetRunOptions, HostOutcome } from "../fleet.js";
import type { JobFilter } from "../index.js";
import { BridgeError } from "../words/errors.js";
import { flag, repeated, single, type Command } from "./command.js";
import { ExitCode, SetUpError, UsageError } from "./exit-code.js";
import { hostsIn, namesOf, readHosts, readJobIds, readText } from "./fleet-hosts.js";
import { plannedJobLines } from "./fleet-jobs.js";
import { FleetReport } from "./fleet-report.js";
import { filterOf, filterOptions, type FilterArguments } from "./selection.js";
import type { Terminal } from "./terminal.js";

/** The arguments of `fleet`. */
interface FleetArguments extends FilterArguments {
  readonly action: (typeof ACTIONS)[number];
  readonly hostsFrom?: string | undefined;
  readonly idsFrom?: string | undefined;
  readonly engine?: (typeof ENGINES)[number] | undefined;
  readonly user?: string | undefined;
  readonly identityFile?: string | undefined;
  readonly knownHostsFile?: string | undefined;
  readonly installedModule?: string | undefined;
  readonly concurrency?: number | undefined;
  readonly batches?: string | undefined;
  readonly stopAfter?: readonly string[] | undefined;
  readonly plan?: string | undefined;
  readonly apply?: string | undefined;
  readonly journal?: string | undefined;
  readonly limit?: readonly string[] | undefined;
  readonly whatIf?: boolean | undefined;
  readonly yes?: boolean | undefined;
}

const ACTIONS = ["list", "cancel", "suspend", "resume", "complete", "doctor"] as const;
const ENGINES = ["ssh", "psremoting"] as const;
const METHODS = {
  cancel: "cancelJobs",
  suspend: "suspendJobs",
  resume: "resumeJobs",
  complete: "completeJobs",
} as const;

/** `fleet`: lists or changes the jobs of many hosts, or tests the hosts. */
export const fleet: Command<FleetArguments> = {
  name: "fleet",
  parameters: "<action>",
  examples: [
    "fleet doctor --hosts-from hosts.txt --engine ssh",
    'fleet list --hosts-from hosts.txt --engine ssh --name "nightly*" --all-users --plan plan.json',
    "fleet cancel --apply plan.json --engine ssh --journal cancel.jsonl",
    "fleet cancel --apply plan.json --engine ssh --journal cancel.jsonl --limit @failed.txt",
  ],
  positionals: (words) => ({ action: { type: "string", describe: words("argument.action"), choices: ACTIONS } }),
  candidates: () => ACTIONS,
  options: (words) => ({
    "hosts-from": single(words, "hostsFrom"),
    "ids-from": single(words, "idsFrom"),
    engine: single(words, "engine", { choices: ENGINES }),
    user: single(words, "user"),
    "identity-file": single(words, "identityFile"),
    "known-hosts-file": single(words, "knownHostsFile"),
    "installed-module": single(words, "installedModule"),
    concurrency: single(words, "concurrency", { type: "number" }),
    plan: single(words, "plan"),
    apply: single(words, "apply"),
    journal: single(words, "journal"),
    limit: repeated(words, "limit"),
    batches: single(words, "batches"),
    "stop-after": repeated(words, "stopAfter"),
    ...filterOptions(words),
    "what-if": flag(words, "whatIf"),
    yes: flag(words, "yes"),
  }),
  async run(terminal, options) {
    const { action, apply } = options;
    const plan = apply === undefined ? undefined : await readPlan(terminal, apply);
    check(terminal, options, plan);
    await using connected = await terminal.connectFleet(await connection(terminal, options, plan));
    const limit = options.limit && (await namesOf(terminal, options.limit));
    if (action === "list") {
      return list(terminal, connected, options, limit);
    }
    const report = new FleetReport(terminal);
    const { signal } = terminal;
    const call = { limit, signal, onProgress: report.onProgress };
    if (action === "doctor") {
      return follow(terminal, connected.doctor(call), report);
    }
    const target = plan ?? (filterOf(terminal, options) as JobFilter);
    const method = METHODS[action];
    return follow(
      terminal,
      options.whatIf
        ? connected[method](target, { ...call, whatIf: true })
        : connected[method](target, { ...call, ...runOptions(options), unplanned: plan === undefined }),
      report,
    );
  },
};

async function readPlan(terminal: Terminal, path: string): Promise<FleetPlan> {
  const { BackgroundCopyFleet } = await import("../fleet.js");
  const text = await readText(terminal, path);
  try {
    return BackgroundCopyFleet.readPlan(text, { locale: terminal.language.locale });
  } catch (error) {
    throw new UsageError(terminal.words("fleet.fileProblem", { path, problem: (error as Error).message }));
  }
}

/** Refuses a command line from which it is not clear what is meant. */
function check(terminal: Terminal, options: FleetArguments, plan: FleetPlan | undefined): void {
  const { action, hostsFrom, idsFrom, engine, whatIf, yes } = options;
  const isChange = action !== "list" && action !== "doctor";
  const filter = filterOf(terminal, options);
  if (plan ? hostsFrom !== undefined || filter || !isChange : hostsFrom === undefined) {
    throw new UsageError(terminal.words("fleet.hostsNeeded"));
  }
  if (idsFrom !== undefined && (action !== "list" || filter || options.allUsers)) {
    throw new UsageError(terminal.words("fleet.idsFrom"));
  }
  if (engine === undefined) {
    throw new UsageError(terminal.words("fleet.engineNeeded"));
  }
  const { user, identityFile, knownHostsFile } = options;
  if (engine !== "ssh" && (user ?? identityFile ?? knownHostsFile) !== undefined) {
    throw new UsageError(terminal.words("fleet.sshOption"));
  }
  if (isChange && !plan && (!filter || !(whatIf || yes))) {
    throw new UsageError(terminal.words("fleet.planNeeded"));
  }
}

async function connection(
  terminal: Terminal,
  options: FleetArguments,
  plan: FleetPlan | undefined,
): Promise<FleetOptions> {
  const { engine, user, identityFile, knownHostsFile, installedModule, concurrency, service } = options;
  const absolute = (path: string | undefined) => (path === undefined ? undefined : resolve(path));
  return {
    hosts: plan ? hostsIn(plan) : await readHosts(terminal, options.hostsFrom as string),
    engine: engine as (typeof ENGINES)[number],
    ssh: { user, identityFile: absolute(identityFile), knownHostsFile: absolute(knownHostsFile) },
    module: installedModule === undefined ? undefined : { installed: installedModule },
    service: (service ?? plan?.service) as FleetOptions["service"],
    concurrency,
    locale: terminal.language.locale,
  };
}

/** A number of hosts, or a percentage: what is neither is refused with the option. */
function amountOf(text: string): Amount {
  return text.endsWith("%") ? (text as Amount) : Number(text);
}

function runOptions({ journal, batches, stopAfter }: FleetArguments): FleetRunOptions {
  const rules = stopAfter?.flatMap((rule) => rule.split(",")).map((rule) => rule.split(/=(.*)/s));
  return {
    journal,
    batches: batches?.split(",").map(amountOf),
    stopAfter: rules && Object.fromEntries(rules.map(([status = "", amount = ""]) => [status, amountOf(amount)])),
  };
}

/** Lists the jobs that a filter selects or that a file contains, and saves the plan if there is a file for it. */
async function list(
  terminal: Terminal,
  connected: BackgroundCopyFleet,
  options: FleetArguments,
  limit: readonly string[] | undefined,
): Promise<number> {
  const report = new FleetReport(terminal);
  const { idsFrom, allUsers = false } = options;
  const { signal } = terminal;
  const jobIds = idsFrom === undefined ? undefined : await readJobIds(terminal, idsFrom);
  const filter = { ...filterOf(terminal, options), allUsers };
  const call = { limit: limit ?? jobIds?.keys(), signal, onProgress: report.onProgress };
  let plan: FleetPlan;
  try {
    plan = await connected.listJobs(jobIds ?? filter, call);
  } finally {
    report.clear();
  }
  if (options.plan !== undefined) {
    await save(terminal, options.plan, plan);
  }
  for (const host of plan.hosts) {
    report.takePlanned(host);
  }
  for (const line of plannedJobLines(terminal, plan)) {
    terminal.line(line);
  }
  return report.end();
}

/** An existing file is not replaced: it might be the plan of a run that is not over. */
async function save(terminal: Terminal, path: string, plan: FleetPlan): Promise<void> {
  try {
    await writeFile(path, `${JSON.stringify(plan, undefined, 1)}\n`, { flag: "wx", mode: 0o600 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new SetUpError(terminal.words("fleet.planNotSaved", { path, code: String(code) }));
  }
  terminal.note(terminal.words("fleet.planSaved", { path }));
}

/** Shows the outcomes as they come. */
async function follow(
  terminal: Terminal,
  outcomes: AsyncIterable<HostOutcome<unknown>>,
  report: FleetReport,
): Promise<number> {
  let hasOutcomes = false;
  try {
    for await (const outcome of outcomes) {
      hasOutcomes = true;
      report.take(outcome);
    }
  } catch (error) {
    report.clear();
    if (!hasOutcomes || !(terminal.signal.aborted || error instanceof BridgeError)) {
      throw error;
    }
    report.end();
    if (terminal.signal.aborted) {
      terminal.note(terminal.words("fleet.interrupted"));
      throw error;
    }
    terminal.documentLine({ error });
    terminal.complain(error as BridgeError);
    return ExitCode.unknown;
  }
  return report.end();
}
