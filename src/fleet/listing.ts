import { plan, type JobPlan, type JobTarget } from "../calls/bulk.js";
import { describeParams, jobOf, readDescription, type JobDescription } from "../calls/description.js";
import { checkFilter, type JobFilter } from "../calls/filter.js";
import { groups } from "../calls/groups.js";
import { listJobs } from "../calls/list.js";
import { makeSession, type Session } from "../calls/session.js";
import { badArgument, checkJobIds } from "../words/arguments.js";
import { BridgeError, isNotFound } from "../words/errors.js";
import { limitHosts } from "./hosts.js";
import type { FleetContext } from "./options.js";
import type { HostVerdict } from "./outcome.js";
import { plannedJob } from "./plan.js";
import { isPlannable } from "./saved.js";
import type { HostAtWork } from "./visit.js";

const DONE: HostVerdict = { status: "done", outcome: "complete" };

/** The jobs with all properties, without those that are gone in the meantime. */
async function describeAll(
  session: Session,
  jobIds: readonly string[],
  options: HostAtWork<unknown>["options"],
): Promise<JobDescription[]> {
  const jobs: JobDescription[] = [];
  for (const group of groups(jobIds)) {
    const { items } = await session.port.request("job.describe", describeParams(session, group, "all"), options);
    group.forEach((jobId, i) => {
      try {
        jobs.push(readDescription(session.language, jobId, jobOf(session, jobId, items[i])));
      } catch (error) {
        if (!isNotFound(error)) {
          throw error;
        }
      }
    });
  }
  return jobs;
}

/** Lists the jobs of a host that meet a filter, or those with these IDs, with what a plan contains. */
export function listWork({ service, language }: FleetContext, target: JobFilter | readonly string[]) {
  return async ({ host, link, options, collect }: HostAtWork<JobDescription>): Promise<HostVerdict> => {
    const session = makeSession(link.port, service, language);
    const select = async (filter: JobFilter) =>
      (await listJobs(session, checkFilter(session, filter), options)).map(({ jobId }) => jobId);
    const jobIds = Array.isArray(target) ? target : await select(target as JobFilter);
    const jobs = await describeAll(session, jobIds, options);
    if (!jobs.every((job) => isPlannable(plannedJob(job)))) {
      throw new BridgeError("PROTOCOL", { outcome: "not sent", values: { host: host.name } }, language);
    }
    collect(jobs);
    return DONE;
  };
}

/** Describes the jobs of a host that a call would change. */
export function planWork({ service, language }: FleetContext, target: JobTarget) {
  return async ({ link, options, collect }: HostAtWork<JobPlan>): Promise<HostVerdict> => {
    collect(await plan(makeSession(link.port, service, language), target, options));
    return DONE;
  };
}

/**
 * The different job IDs by the keys of their hosts.
 *
 * @throws TypeError if a host is not part of the fleet, or an ID is not valid.
 */
export function checkIdsByHost(
  { language, hosts }: FleetContext,
  target: ReadonlyMap<unknown, unknown>,
): ReadonlyMap<string, readonly string[]> {
  const checked = new Map<string, readonly string[]>();
  for (const [name, ids] of target) {
    const host = limitHosts(language, hosts, [name as string])
      .keys()
      .next().value as string;
    if (typeof ids === "string" || !(Symbol.iterator in Object(ids))) {
      throw badArgument(language, "array", { name: String(name) });
    }
    const jobIds = checkJobIds(language, ids as Iterable<unknown>);
    // A host can be given twice, because the case of its name does not matter.
    checked.set(host, [...new Set([...(checked.get(host) ?? []), ...jobIds])]);
  }
  return checked;
}

/**
 * Checks a filter before any host is contacted.
 *
 * @throws BridgeError `UNSUPPORTED` for Delivery Optimization, which lists only the jobs that the same account created.
 */
export function checkFleetFilter({ service, language }: FleetContext, filter: JobFilter, isSelective: boolean): void {
  if (service === "delivery-optimization") {
    const details = { outcome: "not sent", feature: "fleetFilter", values: { service } } as const;
    throw new BridgeError("UNSUPPORTED", details, language);
  }
  const nowhere = { managerInterface: "IBackgroundCopyManager" } as Session["port"];
  const checked = checkFilter(makeSession(nowhere, service, language), filter);
  if (isSelective && !checked.isSelective) {
    throw badArgument(language, "noCondition");
  }
}
