import type { ToldAnswer } from "../embedded/environment.js";
import type { BridgeErrorCode, RequestOutcome } from "../words/errors.js";
import type { TestRequestName } from "./requests.js";

/** How often, for which job, and with what beside the code a method answers as it is told. */
export interface AnswerOptions {
  /** How often. Default: always. */
  readonly times?: number | undefined;
  /** For which job: its id, with or without braces. Default: for any. */
  readonly jobId?: string | undefined;
  /** Of `IBackgroundCopyJob::Cancel`, the files that it could not delete. Default: it does not tell. */
  readonly leftoverFiles?: readonly string[] | undefined;
}

/** How the way to the service fails. */
export interface BridgeFailureOptions {
  /** Which request fails. Default: the next one, whichever it is. */
  readonly request?: TestRequestName | undefined;
  /** How often. Default: once. */
  readonly times?: number | undefined;
  /** What the caller is told. Default: `"unknown"`. */
  readonly outcome?: RequestOutcome | undefined;
  /** Whether the service does what it was asked, so that only its answer is lost. Default: false. */
  readonly carriedOut?: boolean | undefined;
}

export interface ScriptedAnswer {
  readonly method: string;
  readonly told: ToldAnswer;
  readonly jobId: string | undefined;
  times: number;
}

export interface ScriptedFailure {
  readonly code: BridgeErrorCode;
  readonly request: TestRequestName | undefined;
  readonly outcome: RequestOutcome;
  readonly carriedOut: boolean;
  times: number;
}

export const OUTCOMES: Readonly<Record<RequestOutcome, true>> = { "not sent": true, unknown: true };
