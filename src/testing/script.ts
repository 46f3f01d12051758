import type { ToldAnswer } from "../embedded/environment.js";
import type { BridgeErrorCode } from "../words/bridge-codes.js";
import type { RequestOutcome } from "../words/errors.js";
import type { TestRequestName } from "./requests.js";

/** The options of a scripted answer: how often and for which job it applies, and the data to return with the code. */
export interface AnswerOptions {
  /** The number of times that the answer applies. Default: always. */
  readonly times?: number | undefined;
  /** The ID of the job that the answer applies to, with or without braces. Default: every job. */
  readonly jobId?: string | undefined;
  /** For `IBackgroundCopyJob::Cancel`, the files that couldn't be deleted. Default: unknown. */
  readonly leftoverFiles?: readonly string[] | undefined;
}

/** The options of a failure of the connection to the service. */
export interface BridgeFailureOptions {
  /** The request that fails. Default: the next request. */
  readonly request?: TestRequestName | undefined;
  /** The number of times that the request fails. Default: once. */
  readonly times?: number | undefined;
  /** The outcome that the error reports. Default: `"unknown"`. */
  readonly outcome?: RequestOutcome | undefined;
  /** Whether the service carries out the request, so that only its response is lost. Default: `false`. */
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
