import type { JobOutcome, Verb } from "../calls/bulk.js";
import type { JobFilter } from "../calls/filter.js";
import type { VerbResult } from "../calls/results.js";
import type { FleetHost } from "../port/engine.js";
import { isResultOf, type JobItem } from "../port/protocol.js";
import { badArgument } from "../words/arguments.js";
import { BridgeError } from "../words/errors.js";
import { keyOf } from "./hosts.js";
import { Journal } from "./journal.js";
import type { CheckedCall, CheckedRun, FleetContext } from "./options.js";
import { verdictOn, verdictOnJobs, type HostOutcome } from "./outcome.js";
import type { FleetPlan, PlannedHost } from "./plan.js";
import { notContacted, runHosts } from "./run.js";
import type { LineOf } from "./saved.js";
import { Tally } from "./tally.js";
import { callHost, recordedOutcomes, type HostCall } from "./verbs.js";

/** What a call that changes jobs is for. */
export interface Change<R extends VerbResult> {
  readonly verb: Verb<R>;
  readonly plan: FleetPlan | undefined;
  readonly plans: Plans | undefined;
  readonly filter: JobFilter | undefined;
}

/** The hosts of a plan by their names. */
export type Plans = ReadonlyMap<string, PlannedHost>;

/**
 * The hosts of a plan.
 *
 * @throws TypeError if the plan contains jobs of a host that is not part of the fleet. With a limit, the other hosts do not matter.
 */
export function plansByHost(
  { language, hosts }: FleetContext,
  call: CheckedCall,
  { hosts: planned }: FleetPlan,
): Plans {
  const stranger = planned.find(({ name, jobs }) => jobs.length > 0 && !hosts.has(keyOf(name)));
  if (stranger && call.hosts === hosts) {
    throw badArgument(language, "hostUnknown", { value: stranger.name });
  }
  return new Map(planned.map((host) => [keyOf(host.name), host]));
}

/** Makes a call for the jobs of many hosts, and yields the outcomes: of earlier runs, of hosts without jobs, and of the others. */
export async function* changeJobs<R extends VerbResult>(
  fleet: FleetContext,
  given: CheckedRun,
  change: Change<R>,
): AsyncGenerator<HostOutcome<JobOutcome<R>>, void, undefined> {
  const { verb, filter, plan, plans } = change;
  given.signal?.throwIfAborted();
  const target = plan?.hash ?? { filter, hosts: [...fleet.hosts.keys()] };
  const journal =
    given.journal === undefined
      ? undefined
      : await Journal.open(fleet.language, given.journal, {
          identity: { method: verb.method, service: fleet.service, target },
          seed: given.seed,
          total: fleet.hosts.size,
          engine: fleet.engine.name,
        });
  try {
    const call = journal ? { ...given, seed: journal.seed } : given;
    const tally = new Tally(call);
    for await (const outcome of settledBefore(fleet, call, change, journal)) {
      tally.add(outcome, 0);
      yield outcome;
    }
    const calls = new Map<string, HostCall<R>>();
    const hosts = [...call.hosts.values()].filter(({ name }) => isOpen(name, plans, journal));
    yield* runHosts<JobOutcome<R>>(fleet, {
      call,
      tally,
      changes: true,
      hosts,
      workFor: ({ name }) => {
        const made = callHost(fleet, { verb, filter, journal }, plans?.get(keyOf(name)));
        calls.set(name, made);
        return made.work;
      },
      resent: ({ name }) => calls.get(name)?.resent() ?? [],
      record: async (outcome) => {
        const made = calls.get(outcome.name);
        calls.delete(outcome.name);
        return journal && made && (await record(journal, outcome, made.items()));
      },
    });
  } finally {
    await journal?.close();
  }
}

function isOpen(name: string, plans: Plans | undefined, journal: Journal | undefined): boolean {
  const hasJobs = !plans || (plans.get(keyOf(name))?.jobs.length ?? 0) > 0;
  return hasJobs && !journal?.earlier(name).isDone;
}

/** Records an outcome. Returns the failure of the journal, if it can't be written. */
async function record(
  journal: Journal,
  { name, status, outcome, error, resent, startedAt, durationInMs }: HostOutcome<unknown>,
  items: readonly JobItem[],
): Promise<unknown> {
  const details = {
    ...(error && { code: error.code }),
    ...(startedAt && { startedAt: startedAt.toISOString() }),
  };
  await journal
    .done({ host: name, status, outcome, items: [...items], resent: [...resent], durationInMs, ...details })
    .catch(() => {});
  return journal.failure;
}

/** The outcomes that are known before any host is contacted. */
async function* settledBefore<R extends VerbResult>(
  fleet: FleetContext,
  call: CheckedCall,
  { verb, plans }: Change<R>,
  journal: Journal | undefined,
): AsyncGenerator<HostOutcome<JobOutcome<R>>> {
  for await (const line of journal?.outcomes() ?? []) {
    const host = call.hosts.get(keyOf(line.host));
    if (host) {
      yield recorded(fleet, host, line, verb, plans?.get(keyOf(line.host)), journal as Journal);
    }
  }
  for (const host of plans ? call.hosts.values() : []) {
    const planned = plans?.get(keyOf(host.name));
    if (planned?.status === "done" && planned.jobs.length === 0) {
      yield notContacted(fleet, host, { status: "done", outcome: "complete", jobs: [] });
    } else if (!planned || planned.jobs.length === 0) {
      const values = { host: host.name };
      const error = new BridgeError("HOST_NOT_LISTED", { outcome: "not sent", values }, fleet.language);
      yield notContacted(fleet, host, { ...verdictOn(error), jobs: [] });
    }
  }
}

function recorded<R extends VerbResult>(
  fleet: FleetContext,
  { name, address }: FleetHost,
  { items, resent, startedAt, durationInMs }: LineOf<"done">,
  verb: Verb<R>,
  planned: PlannedHost | undefined,
  journal: Journal,
): HostOutcome<JobOutcome<R>> {
  if (!isResultOf(verb.method, { items })) {
    throw journal.notAJournal(0);
  }
  const jobs = recordedOutcomes(fleet, verb, items as JobItem[], planned);
  return {
    name,
    address,
    engine: fleet.engine.name,
    ...verdictOnJobs(jobs),
    jobs,
    batch: 0,
    attempt: 0,
    resent,
    fromJournal: true,
    ...(startedAt !== undefined && { startedAt: new Date(startedAt) }),
    durationInMs,
  };
}
