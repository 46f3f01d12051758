import type { JobOutcome } from "../calls/bulk.js";
import type { RemoteHost } from "../port/engine.js";
import { BackgroundCopyError, BridgeError, type RequestOutcome } from "../words/errors.js";
import type { Trouble } from "./amounts.js";

/**
 * The status of a host:
 *
 * - `"done"`: The call succeeded for all jobs.
 * - `"refused"`: The service of the host refused at least one job.
 * - `"unreachable"`: The host can't be reached.
 * - `"failed"`: The host was reached, but couldn't be used.
 * - `"lost"`: The connection was lost after the request was sent.
 * - `"timed out"`: The host didn't respond in time.
 * - `"skipped"`: Nothing was sent, because the run stopped or the plan doesn't list the jobs of the host.
 */
export type HostStatus = "done" | "refused" | "failed" | "unreachable" | "lost" | "timed out" | "skipped";

/** The outcome of a call for one host. */
export interface HostOutcome<J = JobOutcome> {
  readonly name: string;
  readonly address: string;
  /** The name of the engine. */
  readonly engine: string;
  readonly status: HostStatus;
  /**
   * `"complete"`: The host responded for all jobs. `"not sent"`: Nothing has changed. `"unknown"`: The service might have carried out the
   * request.
   */
  readonly outcome: "complete" | RequestOutcome;
  /** The outcomes of the jobs. */
  readonly jobs: readonly J[];
  /** The reason for a status other than `"done"`. */
  readonly error?: BackgroundCopyError | BridgeError | undefined;
  /** The properties of the host, if they are known. */
  readonly remote?: RemoteHost | undefined;
  /** The number of the batch, starting at 1; 0 if the host wasn't contacted. */
  readonly batch: number;
  /** The number of attempts to connect. */
  readonly attempt: number;
  /** The IDs of the jobs whose requests were sent again, because the journal of the earlier run doesn't contain their responses. */
  readonly resent: readonly string[];
  /** Whether the outcome is from an earlier run with the same journal. */
  readonly fromJournal: boolean;
  /** The time of the first attempt to connect. */
  readonly startedAt?: Date | undefined;
  readonly durationInMs: number;
}

/** The part of an outcome that the call for the host determines. */
export type HostVerdict = Pick<HostOutcome, "status" | "outcome" | "error">;

const STATUS_OF_CODE: Readonly<Record<string, HostStatus>> = {
  HOST_UNREACHABLE: "unreachable",
  TIMEOUT: "timed out",
  RUN_STOPPED: "skipped",
  HOST_NOT_LISTED: "skipped",
};

/** The verdict on a host whose call failed as a whole. */
export function verdictOn(error: BackgroundCopyError | BridgeError): HostVerdict {
  if (error instanceof BackgroundCopyError) {
    return { status: "refused", outcome: "complete", error };
  }
  const { code, outcome } = error;
  return { status: STATUS_OF_CODE[code] ?? (outcome === "unknown" ? "lost" : "failed"), outcome, error };
}

/** The verdict on a host from the outcomes of its jobs: the failure of the connection outweighs a refusal. */
export function verdictOnJobs(jobs: readonly JobOutcome[]): HostVerdict {
  const errors = jobs.flatMap((job) => (job.ok ? [] : job.error));
  const failures = errors.filter((error) => error instanceof BridgeError);
  const failure = failures.find(({ outcome }) => outcome === "unknown") ?? failures[0];
  if (failure) {
    return { ...verdictOn(failure), outcome: failures.length < jobs.length ? "unknown" : failure.outcome };
  }
  const [error] = errors;
  return error ? verdictOn(error) : { status: "done", outcome: "complete" };
}

const TROUBLE: Readonly<Record<HostStatus, Trouble | undefined>> = {
  done: undefined,
  skipped: undefined,
  refused: "refused",
  unreachable: "unreachable",
  failed: "failed",
  lost: "failed",
  "timed out": "failed",
};

/** What a host counts as in the rules that stop a run. */
export function troubleOf({ status }: Pick<HostOutcome, "status">): Trouble | undefined {
  return TROUBLE[status];
}
