import { optionsOf } from "../words/arguments.js";
import { askJob } from "./ask.js";
import { demand } from "./demand.js";
import { writeFile, type FileRange } from "./files.js";
import type { JobResult } from "./results.js";
import type { CallOptions, Session } from "./session.js";

/** The options of {@link BackgroundCopyJob.addFile}. */
export interface AddFileOptions extends CallOptions {
  /** The parts of the file to download. Default: the whole file. */
  readonly ranges?: readonly FileRange[] | undefined;
}

/** Adds a file to the job. */
export async function addFile(
  session: Session,
  jobId: string,
  remoteUrl: string,
  localName: string,
  options: AddFileOptions,
): Promise<JobResult> {
  const { ranges, ...others } = optionsOf(session.language, options);
  const file = writeFile(session.language, { remoteUrl, localName, ranges });
  if (ranges) {
    demand(session, "fileRanges");
  }
  return askJob(session, "job.addFile", { jobId, ...file }, others);
}
