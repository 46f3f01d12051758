import { JOB_STATE, JOB_TYPE, type JobPriority, type JobState, type JobType } from "../model/job.js";
import type { JobSettings } from "../model/settings.js";
import type { Params, Result, WireFile, WireJob } from "../port/protocol.js";
import { readSize, readTime } from "../port/wire-numbers.js";
import { BackgroundCopyError, BridgeError } from "../words/errors.js";
import { failed, findHresult, hex } from "../words/hresults.js";
import { LANGUAGES } from "../words/locale.js";
import type { Language } from "../words/messages.js";
import { readRanges, type FileRange } from "./files.js";
import { readError, type JobError } from "./job-error.js";
import { requestOptions, type CallOptions, type Session } from "./session.js";
import { readSettings } from "./settings.js";

/** How far a job has come (BG_JOB_PROGRESS). */
export interface JobProgress {
  /** How many bytes there are to transfer; `undefined` where that is not yet known (BG_SIZE_UNKNOWN). */
  readonly bytesTotal: bigint | undefined;
  /** How many bytes have been transferred. */
  readonly bytesTransferred: bigint;
  /** How many files the job has. */
  readonly filesTotal: number;
  /** How many of them have been transferred. */
  readonly filesTransferred: number;
}

/** How a job stands. */
export interface JobStatus {
  readonly jobId: string;
  readonly state: JobState;
  readonly progress: JobProgress;
  /** Why the job is in error, where its state is BG_JOB_STATE_ERROR or BG_JOB_STATE_TRANSIENT_ERROR. */
  readonly error?: JobError | undefined;
}

/** What a list tells of a job. What the service does not document, or refuses, is missing: {@link Capabilities.readableProperties}. */
export interface JobSummary extends JobStatus {
  readonly displayName?: string | undefined;
  readonly type?: JobType | undefined;
  readonly priority?: JobPriority | undefined;
  /** Who owns the job: on Windows a SID, `"S-1-5-18"`. */
  readonly owner?: string | undefined;
  readonly creationTime?: Date | undefined;
  /** When the job was last changed, or bytes were transferred. */
  readonly modificationTime?: Date | undefined;
  /** When the job was transferred, if it is. */
  readonly transferCompletionTime?: Date | undefined;
}

/** A file of a job (IBackgroundCopyFile). */
export interface JobFile {
  /** The file's address on the server. */
  readonly remoteName: string;
  /** The absolute path under which it appears when the job is completed. */
  readonly localName: string;
  /** The path of what has arrived of it, as long as the job is not completed. */
  readonly temporaryName?: string | undefined;
  readonly progress: {
    /** How many bytes there are to transfer; `undefined` where that is not yet known (BG_SIZE_UNKNOWN). */
    readonly bytesTotal: bigint | undefined;
    readonly bytesTransferred: bigint;
    /** Whether the file has arrived as a whole. */
    readonly completed: boolean;
  };
  /** The parts that are downloaded; missing where it is all of the file. */
  readonly ranges?: readonly FileRange[] | undefined;
}

/** A property that the service would not tell, and why. */
export interface RefusedProperty {
  /** The name of the code, `"E_NOTIMPL"`. */
  readonly code: string;
  /** The code as an unsigned number. */
  readonly hresult: number;
  /** The code in hexadecimal. */
  readonly hex: string;
}

/**
 * Everything that the service tells of a job. What it does not document is missing: {@link Capabilities.readableProperties}. What it
 * documents but refuses is missing too, and `refused` says why.
 */
export interface JobDescription extends JobSummary, JobSettings {
  readonly displayName?: string | undefined;
  readonly priority?: JobPriority | undefined;
  /** How often a transfer has failed (IBackgroundCopyJob::GetErrorCount). */
  readonly errorCount?: number | undefined;
  /** The integrity level of the owner's token (IBackgroundCopyJob4::GetOwnerIntegrityLevel). */
  readonly ownerIntegrityLevel?: number | undefined;
  /** Whether the owner's token was elevated (IBackgroundCopyJob4::GetOwnerElevationState). */
  readonly ownerElevated?: boolean | undefined;
  /** How far the reply to an upload-reply job has come (IBackgroundCopyJob2::GetReplyProgress). */
  readonly replyProgress?: { readonly bytesTotal: bigint | undefined; readonly bytesTransferred: bigint } | undefined;
  /** The job's files; missing where the service refuses to tell them. */
  readonly files?: readonly JobFile[] | undefined;
  /** What the service refused to tell, by the names of the properties. */
  readonly refused: Readonly<Record<string, RefusedProperty>>;
}

/** What a service that refuses even that leaves to be told. */
const NO_PROGRESS: JobProgress = { bytesTotal: undefined, bytesTransferred: 0n, filesTotal: 0, filesTransferred: 0 };

/** How a job stands, of what was told of it. */
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

/** Only what is there: a property that is missing is not a property that is undefined. */
function present<T extends object>(properties: T): T {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined)) as T;
}

/** What a list tells of a job. */
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

// What one method of the service gives is several properties here.
const REFUSED_TOGETHER: Readonly<Record<string, readonly string[]>> = {
  times: ["creationTime", "modificationTime", "transferCompletionTime"],
};

function readRefused(wire: NonNullable<WireJob["refused"]>): Record<string, RefusedProperty> {
  return Object.fromEntries(
    Object.entries(wire).flatMap(([name, hresult]) => {
      const refused = { code: findHresult(hresult)?.name ?? hex(hresult), hresult, hex: hex(hresult) };
      return (REFUSED_TOGETHER[name] ?? [name]).map((property) => [property, refused] as const);
    }),
  );
}

/** Everything that was told of a job. */
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

/** The parameters with which jobs are described in the caller's language. */
export function describeParams(
  { language }: Session,
  jobIds: readonly string[],
  detail: Params<"job.describe">["detail"],
): Params<"job.describe"> {
  return { jobIds: [...jobIds], detail, languageId: LANGUAGES[language.locale].languageId };
}

/**
 * The job of an answer.
 *
 * @throws BackgroundCopyError where the service refused to describe it.
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

/** Asks how one job is. */
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
