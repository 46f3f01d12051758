import { ask } from "../calls/ask.js";
import { makeSession } from "../calls/session.js";
import { BackgroundCopyError } from "../words/errors.js";
import type { FleetContext } from "./options.js";
import type { HostOutcome, HostVerdict } from "./outcome.js";
import type { HostAtWork } from "./visit.js";

/** A check that a host passed, or the reason why it did not. */
export interface HostCheck {
  /** `"own jobs"`: lists the jobs of the account. `"all jobs"`: lists the jobs of all users. */
  readonly name: "own jobs" | "all jobs";
  readonly ok: boolean;
  readonly error?: BackgroundCopyError | undefined;
}

/** The diagnosis of a host: whether it can be reached and used, its properties, and what the account is allowed to list. */
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
