import { JOB_STATE, type JobState } from "../model/job.js";
import type { JobItem, Outcome } from "../port/protocol.js";
import { findHresult, hex } from "../words/hresults.js";
import { negotiateLocale } from "../words/locale.js";
import { describeHresult, type Language } from "../words/messages.js";
import { readError, type JobError } from "./job-error.js";

/** What a method of a job returned when it succeeded. */
export interface JobResult {
  readonly jobId: string;
  /** The name of the code: `"S_OK"`, or another success such as `"BG_S_UNABLE_TO_DELETE_FILES"`. */
  readonly code: string;
  /** The code as an unsigned number. */
  readonly hresult: number;
  /** The code in hexadecimal, `"0x00000000"`. */
  readonly hex: string;
  /** The method, as the documentation writes it: `"IBackgroundCopyJob::Cancel"`. */
  readonly method: string;
  /** The method that ran, where that was another: `"IDODownload::Abort"`. */
  readonly calledMethod: string | undefined;
  /** The documentation's words for the code, in the manager's language. */
  readonly message: string;
  /** Whether the method succeeded with a code other than S_OK: `message` says what was left undone. */
  readonly warning: boolean;
  /** The message in another language: any BCP 47 tag, the nearest {@link Locale | language} is used. */
  localize(locale: string): string;
}

/** What one of the verbs suspend, resume, complete and cancel did to a job. */
export interface VerbResult extends JobResult {
  /** The job's state just before the call. It never decides whether the method is called. */
  readonly stateBefore: JobState | undefined;
  /** The job's state just after the call. */
  readonly stateAfter: JobState | undefined;
  /** With BG_S_UNABLE_TO_DELETE_FILES, the temporary files that are still on the disk. Missing where they can't be told. */
  readonly leftoverFiles?: readonly string[] | undefined;
}

/** What Cancel did to a job. */
export interface CancelResult extends VerbResult {
  /** What the job had failed with before it was canceled, if it was in error: Cancel discards that. */
  readonly jobError?: JobError | undefined;
  /** What the outcome is known by: what Cancel returned, or the job's state where that answer was lost. */
  readonly confirmedBy: "return value" | "state";
}

/** The result of a success code. */
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
    localize: (locale) => describeHresult({ ...language, locale: negotiateLocale(locale) }, hresult, method),
  };
}

function stateName(value: number | undefined): JobState | undefined {
  return value === undefined ? undefined : JOB_STATE.toName(value);
}

/** The result of a verb that succeeded. */
export function verbResult(language: Language, item: JobItem): VerbResult {
  const { stateBefore, stateAfter, leftoverFiles } = item;
  return {
    ...jobResult(language, item),
    stateBefore: stateName(stateBefore),
    stateAfter: stateName(stateAfter),
    ...(leftoverFiles && { leftoverFiles }),
  };
}

/** The result of Cancel, where it succeeded. */
export function cancelResult(language: Language, item: JobItem): CancelResult {
  const { jobError, confirmedBy = "return value" } = item;
  return {
    ...verbResult(language, item),
    ...(jobError && { jobError: readError(language, jobError) }),
    confirmedBy,
  };
}
