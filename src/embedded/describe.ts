import { JOB_ERROR_CONTEXT, JOB_STATE, JOB_TYPE, type JobState } from "../model/job.js";
import type { Params, WireFile, WireJob, WireJobError } from "../port/protocol.js";
import { writeTime, ALL_ONES } from "../port/wire-numbers.js";
import { failed } from "../words/hresults.js";
import type { Download } from "./download.js";
import type { Failure, Job } from "./job.js";

type Detail = Params<"job.describe">["detail"];

type Size = number | bigint | undefined;

function size(bytes: Size): string {
  return bytes === undefined ? String(ALL_ONES) : String(bytes);
}

function sum(sizes: readonly Size[]): Size {
  return sizes.reduce<Size>(
    (total, bytes) => (total === undefined || bytes === undefined ? undefined : BigInt(total) + BigInt(bytes)),
    0n,
  );
}

function progressOf({ files }: Job): NonNullable<WireJob["progress"]> {
  return {
    bytesTotal: size(sum(files.map(({ bytesTotal }) => bytesTotal))),
    bytesTransferred: size(sum(files.map(({ bytesTransferred }) => bytesTransferred))),
    filesTotal: files.length,
    filesTransferred: files.filter(({ isWhole }) => isWhole).length,
  };
}

export function errorOf({ hresult, context, file }: Failure): WireJobError {
  return {
    hresult,
    context: JOB_ERROR_CONTEXT.toValue(context) as number,
    ...(file && { remoteName: file.remoteName, localName: file.localName }),
  };
}

/** The error of the job, while it is in an error state. */
export function currentError({ state, failure }: Job): WireJobError | undefined {
  const isInError = state === "BG_JOB_STATE_ERROR" || state === "BG_JOB_STATE_TRANSIENT_ERROR";
  return isInError && failure ? errorOf(failure) : undefined;
}

function fileOf(file: Download, state: JobState): WireFile {
  const { remoteName, localName, temporaryName, bytesTotal, bytesTransferred, isWhole } = file;
  return {
    remoteName,
    localName,
    ...(temporaryName !== undefined && { temporaryName }),
    bytesTotal: size(bytesTotal),
    bytesTransferred: size(bytesTransferred),
    // As in BG_FILE_PROGRESS: available to the user, that is, after Complete.
    completed: isWhole && state === "BG_JOB_STATE_ACKNOWLEDGED",
  };
}

interface Property {
  /** The documented name of the method that returns the property. */
  readonly method: string;
  /** The lowest level of detail that includes the property. */
  readonly detail: Detail;
  read(job: Job): WireJob[keyof WireJob];
}

const PROPERTIES: { readonly [N in keyof WireJob]?: Property } = {
  progress: { method: "IBackgroundCopyJob::GetProgress", detail: "progress", read: progressOf },
  error: { method: "IBackgroundCopyJob::GetError", detail: "progress", read: currentError },
  type: {
    method: "IBackgroundCopyJob::GetType",
    detail: "summary",
    read: () => JOB_TYPE.toValue("BG_JOB_TYPE_DOWNLOAD"),
  },
  displayName: {
    method: "IBackgroundCopyJob::GetDisplayName",
    detail: "summary",
    read: ({ settings }) => settings.displayName,
  },
  owner: { method: "IBackgroundCopyJob::GetOwner", detail: "summary", read: ({ owner }) => owner },
  priority: { method: "IBackgroundCopyJob::GetPriority", detail: "summary", read: ({ priority }) => priority },
  times: {
    method: "IBackgroundCopyJob::GetTimes",
    detail: "summary",
    read: ({ times: { creation, modification, transferCompletion } }) => ({
      creation: writeTime(creation),
      modification: writeTime(modification),
      transferCompletion: transferCompletion === undefined ? "0" : writeTime(transferCompletion),
    }),
  },
  description: {
    method: "IBackgroundCopyJob::GetDescription",
    detail: "all",
    read: ({ settings }) => settings.description,
  },
  minimumRetryDelay: {
    method: "IBackgroundCopyJob::GetMinimumRetryDelay",
    detail: "all",
    read: ({ settings }) => settings.minimumRetryDelay,
  },
  noProgressTimeout: {
    method: "IBackgroundCopyJob::GetNoProgressTimeout",
    detail: "all",
    read: ({ settings }) => settings.noProgressTimeout,
  },
  customHeaders: {
    method: "IBackgroundCopyJobHttpOptions::GetCustomHeaders",
    detail: "all",
    read: ({ settings }) => settings.customHeaders,
  },
  errorCount: { method: "IBackgroundCopyJob::GetErrorCount", detail: "all", read: ({ errorCount }) => errorCount },
  files: {
    method: "IBackgroundCopyJob::EnumFiles",
    detail: "all",
    read: ({ files, state }) => files.map((file) => fileOf(file, state)),
  },
};

/** The documented names of the methods that return properties, by property. */
export const GETTERS: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(PROPERTIES).map(([name, { method }]) => [name, method]),
);

const DETAILS: readonly Detail[] = ["progress", "summary", "all"];

/** The description of a job. `answerFor` returns the codes of the methods that must refuse. */
export function describe(job: Job, detail: Detail, answerFor: (method: string) => number | undefined): WireJob {
  const told: Record<string, unknown> = { state: JOB_STATE.toValue(job.state) };
  const refused: Record<string, number> = {};
  for (const [name, property] of Object.entries(PROPERTIES)) {
    if (DETAILS.indexOf(property.detail) <= DETAILS.indexOf(detail)) {
      const hresult = answerFor(property.method);
      const value = property.read(job);
      if (hresult !== undefined && failed(hresult)) {
        refused[name] = hresult;
      } else if (value !== undefined) {
        told[name] = value;
      }
    }
  }
  return { ...told, ...(Object.keys(refused).length > 0 && { refused }) } as WireJob;
}
