import { choice } from "../calls/kinds.js";
import type { Job } from "../embedded/job.js";
import {
  JOB_ERROR_CONTEXT,
  JOB_PRIORITY,
  JOB_STATE,
  type JobErrorContext,
  type JobPriority,
  type JobState,
} from "../model/job.js";
import { checkDate, checkObject, checkString } from "../words/arguments.js";
import type { CodeName } from "../words/hresults.js";
import type { Language } from "../words/messages.js";
import { checkArray, checkName, codeOf, checkSize } from "./checks.js";

/** The properties of a job in a test. */
export interface TestJob {
  readonly displayName?: string | undefined;
  readonly description?: string | undefined;
  readonly priority?: JobPriority | undefined;
  readonly state?: JobState | undefined;
  /**
   * The reason why the job failed: the name or the number of a code, and the part of the transfer in which the error occurred. Only a job
   * in the state BG_JOB_STATE_ERROR or BG_JOB_STATE_TRANSIENT_ERROR has one.
   */
  readonly error?:
    | { readonly code: CodeName | (string & {}) | number; readonly context?: JobErrorContext | undefined }
    | undefined;
  /** The files of the job. They don't exist on the disk. */
  readonly files?: readonly TestFile[] | undefined;
  readonly creationTime?: Date | undefined;
  readonly modificationTime?: Date | undefined;
  readonly transferCompletionTime?: Date | undefined;
}

/** A file of a {@link TestJob}. */
export interface TestFile {
  readonly remoteName: string;
  readonly localName: string;
  /** The number of bytes to transfer. Default: unknown. */
  readonly bytesTotal?: number | bigint | undefined;
  /** The number of bytes transferred. If all bytes are transferred, the file is complete. Default: 0. */
  readonly bytesTransferred?: number | bigint | undefined;
}

const JOB_PROPERTIES = [
  "displayName",
  "description",
  "priority",
  "state",
  "error",
  "files",
  "creationTime",
  "modificationTime",
  "transferCompletionTime",
];
const FILE_PROPERTIES = ["remoteName", "localName", "bytesTotal", "bytesTransferred"];

const ERROR_STATES: readonly JobState[] = ["BG_JOB_STATE_ERROR", "BG_JOB_STATE_TRANSIENT_ERROR"];

/**
 * The properties of a job, read once. `current` is its state so far.
 *
 * @throws TypeError for values that are not valid for a job.
 */
export function checkJob(language: Language, job: TestJob, current: JobState = "BG_JOB_STATE_SUSPENDED"): TestJob {
  const given = checkObject(language, "job", job, JOB_PROPERTIES);
  const {
    displayName = "",
    description = "",
    priority,
    state,
    error,
    files = [],
    creationTime,
    modificationTime,
    transferCompletionTime,
  } = given;
  checkString(language, "displayName", displayName);
  checkString(language, "description", description);
  if (priority !== undefined) {
    choice(JOB_PRIORITY).write(priority, "priority", language);
  }
  if (state !== undefined) {
    choice(JOB_STATE).write(state, "state", language);
  }
  if (error !== undefined) {
    checkName(language, "state", state ?? current, ERROR_STATES);
  }
  checkArray(language, "files", files);
  for (const [name, time] of Object.entries({ creationTime, modificationTime, transferCompletionTime })) {
    if (time !== undefined) {
      checkDate(language, name, time);
    }
  }
  return {
    ...given,
    ...(error !== undefined && { error: checkError(language, error) }),
    files: files.map((file, i) => checkFile(language, `files[${i}]`, file)),
  };
}

function checkError(language: Language, error: NonNullable<TestJob["error"]>): NonNullable<TestJob["error"]> {
  const given = checkObject(language, "error", error, ["code", "context"]);
  const { code, context } = given;
  codeOf(language, code);
  if (context !== undefined) {
    choice(JOB_ERROR_CONTEXT).write(context, "error.context", language);
  }
  return given;
}

function checkFile(language: Language, name: string, file: TestFile): TestFile {
  const given = checkObject(language, name, file, FILE_PROPERTIES);
  const { remoteName, localName, bytesTotal, bytesTransferred } = given;
  checkString(language, `${name}.remoteName`, remoteName);
  checkString(language, `${name}.localName`, localName);
  for (const [size, bytes] of Object.entries({ bytesTotal, bytesTransferred })) {
    if (bytes !== undefined) {
      checkSize(language, `${name}.${size}`, bytes);
    }
  }
  return given;
}

export function change(
  language: Language,
  job: Job,
  { displayName, description, priority, state, error, files = [], ...times }: TestJob,
): void {
  job.set({
    ...(displayName !== undefined && { displayName }),
    ...(description !== undefined && { description }),
    ...(priority !== undefined && { priority: JOB_PRIORITY.toValue(priority) as number }),
  });
  files.forEach(({ remoteName, localName, bytesTotal, bytesTransferred = 0 }, i) => {
    if (!job.files[i]) {
      job.addFile(remoteName, localName);
    }
    job.files[i]?.pretend(BigInt(bytesTransferred), bytesTotal === undefined ? undefined : BigInt(bytesTotal));
  });
  if (state || error) {
    const { code, context = "BG_ERROR_CONTEXT_REMOTE_FILE" } = error ?? {};
    const failure = code === undefined ? undefined : { hresult: codeOf(language, code), context, file: job.files[0] };
    job.pretend(state ?? job.state, failure);
  }
  const { creationTime, modificationTime, transferCompletionTime } = times;
  job.times.creation = creationTime?.getTime() ?? job.times.creation;
  job.times.modification = modificationTime?.getTime() ?? job.times.modification;
  job.times.transferCompletion = transferCompletionTime?.getTime() ?? job.times.transferCompletion;
}
