import { ask } from "../calls/ask.js";
import { makeSession } from "../calls/session.js";
import { BackgroundCopyError } from "../words/errors.js";
import type { FleetContext } from "./options.js";
import type { HostOutcome, HostVerdict } from "./outcome.js";
import type { HostAtWork } from "./visit.js";

/** The result of a check of a host. */
export interface HostCheck {
  /** The check: `"own jobs"` lists the jobs of the account, and `"all jobs"` lists the jobs of all users. */
  readonly name: "own jobs" | "all jobs";
  readonly ok: boolean;
  readonly error?: BackgroundCopyError | undefined;
}

/** The outcome of {@link BackgroundCopyFleet.doctor} for a host, with the results of the checks in `jobs`. */
export type HostDiagnosis = HostOutcome<HostCheck>;

const CHECKS = [
  ["own jobs", false],
  ["all jobs", true],
] as const;

/** Checks what the account may list on a host, and changes nothing. */
export function doctorWork({ service, language }: FleetContext) {
  return async ({ link, options, collect }: HostAtWork<HostCheck>): Promise<HostVerdict> => {
    const session = makeSession(link.port, service, language);
    let verdict: HostVerdict = { status: "done", outcome: "complete" };
    for (const [name, allUsers] of service === "bits" ? CHECKS : []) {
      try {
        await ask(session, "job.list", { allUsers, page: 0 }, options);
        collect([{ name, ok: true }]);
      } catch (error) {
        if (!(error instanceof BackgroundCopyError)) {
          throw error;
        }
        collect([{ name, ok: false, error }]);
        verdict = { status: "refused", outcome: "complete", error };
      }
    }
    return verdict;
  };
}
