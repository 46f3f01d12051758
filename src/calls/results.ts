import { JOB_STATE, type JobState } from "../model/job.js";
import type { JobItem, Outcome } from "../port/protocol.js";
import { findHresult, hex, type CodeName } from "../words/hresults.js";
import { describeHresult, inLocale, type Language } from "../words/messages.js";
import { readError, type JobError } from "./job-error.js";

/** The result of a successful method call for a job. */
export interface JobResult {
  readonly jobId: string;
  /** The name of the code: `"S_OK"`, or another success code such as `"BG_S_UNABLE_TO_DELETE_FILES"`. */
  readonly code: CodeName | (string & {});
  /** The code as an unsigned number. */
  readonly hresult: number;
  /** The code in hexadecimal, such as `"0x00000000"`. */
  readonly hex: string;
  /** The documented name of the method, such as `"IBackgroundCopyJob::Cancel"`. */
  readonly method: string;
  /** The method that ran, if it differs from `method`, such as `"IDODownload::Abort"`. */
  readonly calledMethod: string | undefined;
  /**
   * The message for the code, in the manager's language. For Cancel, it quotes
   * [Microsoft's documentation](https://learn.microsoft.com/windows/win32/delivery_optimization/ibackgroundcopyjob-cancel).
   */
  readonly message: string;
  /** Whether the method succeeded with a code other than S_OK. If `true`, `message` describes what wasn't done. */
  readonly warning: boolean;
  /** Returns the message in another language: any BCP 47 tag, from which the nearest {@link Locale | language} is chosen. */
  localize(locale: string): string;
}

/** The result of suspend, resume, complete, or cancel. */
export interface VerbResult extends JobResult {
  /** The state of the job immediately before the call. The method is called regardless of this state. */
  readonly stateBefore: JobState | undefined;
  /** The state of the job immediately after the call. */
  readonly stateAfter: JobState | undefined;
  /** With BG_S_UNABLE_TO_DELETE_FILES, the temporary files that remain on the disk. Missing if they aren't known. */
  readonly leftoverFiles?: readonly string[] | undefined;
}

/** The result of Cancel. */
export interface CancelResult extends VerbResult {
  /** The error of the job before it was canceled, if any. Cancel discards it. */
  readonly jobError?: JobError | undefined;
  /** How the outcome was confirmed: by the return value of Cancel, or by the state of the job if the return value was lost. */
  readonly confirmedBy: "return value" | "state";
}

/** The result for a success code. */
export function jobResult(
  language: Language,
  { jobId, hresult, method, calledMethod }: Outcome & { readonly jobId: string },
): JobResult {
  return {
    jobId,
    code: findHresult(hresult)?.name ?? hex(hresult),
    hresult,
    hex: hex(hresult),
    method,
    calledMethod,
    message: describeHresult(language, hresult, method),
    warning: hresult !== 0,
    localize: (locale) => describeHresult(inLocale(language, locale), hresult, method),
  };
}

function stateName(value: number | undefined): JobState | undefined {
  return value === undefined ? undefined : JOB_STATE.toName(value);
}

/** The result of a method that succeeded. */
export function verbResult(language: Language, item: JobItem): VerbResult {
  const { stateBefore, stateAfter, leftoverFiles } = item;
  return {
    ...jobResult(language, item),
    stateBefore: stateName(stateBefore),
    stateAfter: stateName(stateAfter),
    ...(leftoverFiles && { leftoverFiles }),
  };
}

/** The result of a successful Cancel. */
export function cancelResult(language: Language, item: JobItem): CancelResult {
  const { jobError, confirmedBy = "return value" } = item;
  return {
    ...verbResult(language, item),
    ...(jobError && { jobError: readError(language, jobError) }),
    confirmedBy,
  };
}
