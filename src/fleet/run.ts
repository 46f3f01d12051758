import type { FleetHost } from "../port/engine.js";
import { BridgeError } from "../words/errors.js";
import { batchSizes } from "./amounts.js";
import { Batch, type Turn } from "./batch.js";
import { Ending } from "./ending.js";
import type { CheckedCall, CheckedRun, FleetContext } from "./options.js";
import { shuffle } from "./order.js";
import { verdictOn, type HostOutcome } from "./outcome.js";
import type { Tally } from "./tally.js";
import { Troubles } from "./troubles.js";
import { mayPass, visit, type Visit, type Work } from "./visit.js";

/** A call for many hosts. */
export interface Run<J> {
  readonly call: CheckedCall & Partial<Pick<CheckedRun, "batches" | "stopAfter">>;
  /** The hosts to contact. The others of the call have their outcomes already. */
  readonly hosts: Iterable<FleetHost>;
  readonly tally: Tally;
  /** Whether the call changes hosts: only then are there batches, and rules that stop it. */
  readonly changes: boolean;
  workFor(host: FleetHost): Work<J>;
  /** Is called with the outcome of a host before the caller gets it. Returns a failure after which nothing more is sent. */
  record?(outcome: HostOutcome<J>): Promise<unknown>;
  /** The IDs of the jobs that were sent once more. */
  resent?(host: FleetHost): readonly string[];
}

/** An outcome for a host to which nothing is sent. */
export function notContacted<J>(
  { engine }: FleetContext,
  { name, address }: FleetHost,
  rest: Pick<HostOutcome<J>, "status" | "outcome" | "error" | "jobs">,
): HostOutcome<J> {
  const none = { batch: 0, attempt: 0, resent: [], fromJournal: false, durationInMs: 0 };
  return { name, address, engine: engine.name, ...rest, ...none };
}

function skipped<J>(fleet: FleetContext, host: FleetHost): HostOutcome<J> {
  const values = { host: host.name };
  const error = new BridgeError("RUN_STOPPED", { outcome: "not sent", values }, fleet.language);
  return notContacted(fleet, host, { ...verdictOn(error), jobs: [] });
}

function outcomeOf<J>(
  { engine }: FleetContext,
  { host, attempt, batch, startedAt }: Turn<J>,
  { isReached, ...visited }: Visit<J>,
  resent: readonly string[] = [],
): HostOutcome<J> {
  const { name, address } = host;
  const durationInMs = Date.now() - startedAt.getTime();
  const run = { batch, attempt, resent, fromJournal: false, startedAt, durationInMs };
  return { name, address, engine: engine.name, ...visited, ...run };
}

/**
 * Contacts the hosts, batch by batch and so many at a time, and yields their outcomes as they come. If the caller is slow, no further hosts
 * are contacted. If the caller stops, what was begun is finished.
 */
export async function* runHosts<J>(fleet: FleetContext, run: Run<J>): AsyncGenerator<HostOutcome<J>, void, undefined> {
  const { call, tally } = run;
  const order = shuffle(run.hosts, call.seed);
  const sizes = run.changes ? batchSizes(call.batches, call.hosts.size) : undefined;
  const troubles = new Troubles(run.changes, call.stopAfter, call.hosts.size);
  using ending = new Ending(call.signal);
  let failure: unknown;

  const take = async (turn: Turn<J>, batch: Batch<J>) => {
    const visited = await visit(fleet, turn.host, run.workFor(turn.host), ending);
    if (turn.attempt === 1 && mayPass(visited) && !batch.isStopped) {
      troubles.expect(visited);
      batch.retry({ ...turn, attempt: 2, failed: visited });
      return;
    }
    const outcome = outcomeOf(fleet, turn, visited, run.resent?.(turn.host));
    failure ??= await run.record?.(outcome);
    troubles.add(visited, turn.failed);
    batch.finish(outcome);
  };

  let next = 0;
  for (let number = 1; next < order.length && failure === undefined && !troubles.stop && !ending.isOver; number++) {
    const hosts = order.slice(next, next + (sizes?.next().value ?? order.length));
    const batch = new Batch<J>({
      number,
      hosts,
      atOnce: fleet.concurrency,
      take,
      isStopped: () => failure !== undefined || troubles.stop || ending.isOver,
      isDoubtful: () => troubles.mightStop,
    });
    const forget = ending.onEnd(() => batch.wake());
    try {
      for await (const outcome of batch.outcomes()) {
        tally.add(outcome, batch.active);
        yield outcome;
      }
      // Those that were to be tried again when the run stopped.
      for (const turn of batch.untried) {
        const outcome = outcomeOf(fleet, { ...turn, attempt: 1 }, turn.failed as Visit<J>);
        tally.add(outcome, 0);
        yield outcome;
      }
    } finally {
      forget();
    }
    next += batch.begun;
  }
  ending.throwIfOver();
  for (; next < order.length; next++) {
    const outcome = skipped<J>(fleet, order[next] as FleetHost);
    tally.add(outcome, 0);
    yield outcome;
  }
  if (failure !== undefined) {
    throw failure;
  }
}
