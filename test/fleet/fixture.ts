import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BackgroundCopyFleet, type FleetOptions, type HostOutcome } from "../../src/fleet.js";
import { fleetOver } from "../support/fleet-over.js";
import { MemoryFleet } from "../support/memory-fleet.js";

// Shared by the tests of fleets: hosts in memory, and what a call yields.

/** A fleet of all hosts in memory, or over another engine. */
export function connect(
  memory: MemoryFleet,
  options: Partial<FleetOptions> = {},
  engine = memory.engine(),
): Promise<BackgroundCopyFleet> {
  return fleetOver(BackgroundCopyFleet, engine, { hosts: memory.jobs.keys(), locale: "en", ...options });
}

/** All that a call yields, and what it throws in the end. */
export async function collect<J>(
  outcomes: AsyncIterable<HostOutcome<J>>,
): Promise<{ readonly outcomes: HostOutcome<J>[]; readonly error: unknown }> {
  const collected: HostOutcome<J>[] = [];
  try {
    for await (const outcome of outcomes) {
      collected.push(outcome);
    }
    return { outcomes: collected, error: undefined };
  } catch (error) {
    return { outcomes: collected, error };
  }
}

/** The outcomes by the name of the host. */
export function byName<J>(outcomes: readonly HostOutcome<J>[]): Record<string, HostOutcome<J>> {
  return Object.fromEntries(outcomes.map((outcome) => [outcome.name, outcome]));
}

/** The hosts by status, in the order of their names. */
export function statuses(outcomes: readonly HostOutcome<unknown>[]): Record<string, string> {
  const entries = outcomes.map(({ name, status }) => [name, status] as const);
  return Object.fromEntries(entries.sort(([one], [other]) => one.localeCompare(other)));
}

/** A folder that is removed when it is disposed of. */
export function temporaryFolder(): { readonly path: string; file(name: string): string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), "background-copy-fleet-"));
  return {
    path,
    file: (name) => join(path, name),
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** The lines of a journal. */
export const lines = (path: string) =>
  readFileSync(path, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
/** The cancels that hosts received. */
export const canceled = ({ did }: MemoryFleet) => did.filter((what) => what.startsWith("cancel "));

/** Hosts with one job each, and their plan. */
export async function planned(count: number, options = {}) {
  const memory = new MemoryFleet();
  memory.addMany(count);
  const fleet = await connect(memory, options);
  const plan = await fleet.listJobs();
  memory.did.length = 0;
  return { memory, fleet, plan };
}

export { MemoryFleet };
