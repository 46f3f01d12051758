import { JOB_STATE, JOB_TYPE, type JobPriority, type JobState, type JobType } from "../model/job.js";
import type { JobSettings } from "../model/settings.js";
import type { Params, Result, WireFile, WireJob } from "../port/protocol.js";
import { readSize, readTime } from "../port/wire-numbers.js";
import { BackgroundCopyError, BridgeError } from "../words/errors.js";
import { failed, findHresult, hex, type CodeName } from "../words/hresults.js";
import { languageIdOf } from "../words/locale.js";
import type { Language } from "../words/messages.js";
import { readRanges, type FileRange } from "./files.js";
import { readError, type JobError } from "./job-error.js";
import { requestOptions, type CallOptions, type Session } from "./session.js";
import { readSettings } from "./settings.js";

/** The progress of a job (BG_JOB_PROGRESS). */
export interface JobProgress {
  /** The number of bytes to transfer; `undefined` if it isn't known yet (BG_SIZE_UNKNOWN). */
  readonly bytesTotal: bigint | undefined;
  /** The number of bytes transferred. */
  readonly bytesTransferred: bigint;
  /** The number of files in the job. */
  readonly filesTotal: number;
  /** The number of files transferred. */
  readonly filesTransferred: number;
}

/** The status of a job: its state, its progress, and its error. */
export interface JobStatus {
  readonly jobId: string;
  readonly state: JobState;
  readonly progress: JobProgress;
  /** The error of the job, if its state is BG_JOB_STATE_ERROR or BG_JOB_STATE_TRANSIENT_ERROR. */
  readonly error?: JobError | undefined;
}

/**
 * A summary of a job, as returned in a list. Properties that the service doesn't support or refuses to return are missing. See
 * {@link Capabilities.readableProperties}.
 */
export interface JobSummary extends JobStatus {
  readonly displayName?: string | undefined;
  readonly type?: JobType | undefined;
  readonly priority?: JobPriority | undefined;
  /** The owner of the job; on Windows, a SID such as `"S-1-5-18"`. */
  readonly owner?: string | undefined;
  readonly creationTime?: Date | undefined;
  /** The time of the last change to the job or of the last byte transferred. */
  readonly modificationTime?: Date | undefined;
  /** The time when the transfer was completed, if it was. */
  readonly transferCompletionTime?: Date | undefined;
}

/** A file of a job (IBackgroundCopyFile). */
export interface JobFile {
  /** The URL of the file on the server. */
  readonly remoteName: string;
  /** The absolute path of the file after the job is completed. */
  readonly localName: string;
  /** The path of the data received so far, until the job is completed. */
  readonly temporaryName?: string | undefined;
  readonly progress: {
    /** The number of bytes to transfer; `undefined` if it isn't known yet (BG_SIZE_UNKNOWN). */
    readonly bytesTotal: bigint | undefined;
    readonly bytesTransferred: bigint;
    /** Whether the file is available to the user: a downloaded file, after the job is completed; an uploaded file, after its transfer. */
    readonly completed: boolean;
  };
  /** The parts of the file to download; missing if the whole file is downloaded. */
  readonly ranges?: readonly FileRange[] | undefined;
}

/** A property that the service refused to return, and the reason. */
export interface RefusedProperty {
  /** The name of the code, such as `"E_NOTIMPL"`. */
  readonly code: CodeName | (string & {});
  /** The code as an unsigned number. */
  readonly hresult: number;
  /** The code in hexadecimal. */
  readonly hex: string;
}

/**
 * All properties of a job. Properties that the service doesn't support are missing. See {@link Capabilities.readableProperties}.
 * Properties that the service supports but refuses to return are missing too, and `refused` contains the reason.
 */
export interface JobDescription extends JobSummary, JobSettings {
  readonly displayName?: string | undefined;
  readonly priority?: JobPriority | undefined;
  /** The number of times that the transfer has failed (IBackgroundCopyJob::GetErrorCount). */
  readonly errorCount?: number | undefined;
  /** The integrity level of the owner's token (IBackgroundCopyJob4::GetOwnerIntegrityLevel). */
  readonly ownerIntegrityLevel?: number | undefined;
  /** Whether the owner's token was elevated (IBackgroundCopyJob4::GetOwnerElevationState). */
  readonly ownerElevated?: boolean | undefined;
  /** The progress of the reply to an upload-reply job (IBackgroundCopyJob2::GetReplyProgress). */
  readonly replyProgress?: { readonly bytesTotal: bigint | undefined; readonly bytesTransferred: bigint } | undefined;
  /** The files of the job; missing if the service refuses to return them. */
  readonly files?: readonly JobFile[] | undefined;
  /** The properties that the service refused to return, with the property names as keys. */
  readonly refused: Readonly<Record<string, RefusedProperty>>;
}

/** The values for a service that refuses to return even these. */
const NO_PROGRESS: JobProgress = { bytesTotal: undefined, bytesTransferred: 0n, filesTotal: 0, filesTransferred: 0 };

/** The status of a job from a description. */
export function readStatus(language: Language, jobId: string, { state, progress, error }: WireJob): JobStatus {
  return {
    jobId,
    state: JOB_STATE.toName(state),
    progress: progress
      ? {
          bytesTotal: readSize(progress.bytesTotal),
          bytesTransferred: BigInt(progress.bytesTransferred),
          filesTotal: progress.filesTotal,
          filesTransferred: progress.filesTransferred,
        }
      : NO_PROGRESS,
    ...(error && { error: readError(language, error) }),
  };
}

/** Omits missing properties: a missing property is not the same as an undefined one. */
function present<T extends object>(properties: T): T {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined)) as T;
}

/** The summary of a job, as returned in a list. */
export function readSummary(language: Language, jobId: string, job: WireJob): JobSummary {
  const { displayName, priority } = readSettings({ displayName: job.displayName, priority: job.priority });
  return {
    ...readStatus(language, jobId, job),
    ...present({
      displayName,
      type: job.type === undefined ? undefined : JOB_TYPE.toName(job.type),
      priority,
      owner: job.owner,
      creationTime: job.times && readTime(job.times.creation),
      modificationTime: job.times && readTime(job.times.modification),
      transferCompletionTime: job.times && readTime(job.times.transferCompletion),
    }),
  };
}

function readFile({ remoteName, localName, temporaryName, ranges, ...progress }: WireFile): JobFile {
  return {
    remoteName,
    localName,
    ...present({ temporaryName, ranges: ranges && readRanges(ranges) }),
    progress: {
      bytesTotal: readSize(progress.bytesTotal),
      bytesTransferred: BigInt(progress.bytesTransferred),
      completed: progress.completed,
    },
  };
}

// One method of the service returns several of these properties.
const REFUSED_TOGETHER: ReadonlyMap<string, readonly string[]> = new Map([
  ["times", ["creationTime", "modificationTime", "transferCompletionTime"]],
]);

function readRefused(wire: NonNullable<WireJob["refused"]>): Record<string, RefusedProperty> {
  return Object.fromEntries(
    Object.entries(wire).flatMap(([name, hresult]) => {
      const refused = { code: findHresult(hresult)?.name ?? hex(hresult), hresult, hex: hex(hresult) };
      return (REFUSED_TOGETHER.get(name) ?? [name]).map((property) => [property, refused] as const);
    }),
  );
}

/** The full description of a job. */
export function readDescription(language: Language, jobId: string, job: WireJob): JobDescription {
  const { replyProgress, errorCount, ownerIntegrityLevel, ownerElevated, files, refused = {} } = job;
  return {
    ...readSummary(language, jobId, job),
    ...readSettings(job),
    ...present({
      errorCount,
      ownerIntegrityLevel,
      ownerElevated,
      replyProgress: replyProgress && {
        bytesTotal: readSize(replyProgress.bytesTotal),
        bytesTransferred: BigInt(replyProgress.bytesTransferred),
      },
      files: files?.map(readFile),
    }),
    refused: readRefused(refused),
  };
}

export type DescribedItem = Result<"job.describe">["items"][number];

/** The parameters that describe jobs in the caller's language. */
export function describeParams(
  { language }: Session,
  jobIds: readonly string[],
  detail: Params<"job.describe">["detail"],
): Params<"job.describe"> {
  return { jobIds: [...jobIds], detail, languageId: languageIdOf(language.locale) };
}

/**
 * The job in a response.
 *
 * @throws BackgroundCopyError if the service refused to describe it.
 */
export function jobOf({ language, service }: Session, jobId: string, item: DescribedItem | undefined): WireJob {
  if (item && failed(item.hresult)) {
    throw new BackgroundCopyError({ ...item, service, jobId }, language);
  }
  if (!item?.job) {
    throw new BridgeError("PROTOCOL", { outcome: "unknown", diagnostics: [`no description of ${jobId}`] }, language);
  }
  return item.job;
}

/** Requests the description of one job. */
export async function describeJob(
  session: Session,
  jobId: string,
  detail: Params<"job.describe">["detail"],
  options: CallOptions,
): Promise<WireJob> {
  const checked = requestOptions(session.language, options);
  const { items } = await session.port.request("job.describe", describeParams(session, [jobId], detail), checked);
  return jobOf(session, jobId, items[0]);
}
