import { JOB_TYPE, type JobType } from "../model/job.js";
import type { JobSettings } from "../model/settings.js";
import { badArgument, optionsOf, checkObject, checkString } from "../words/arguments.js";
import { ask } from "./ask.js";
import { demand, demandSettable } from "./demand.js";
import { writeFile, type NewFile } from "./files.js";
import { choice } from "./kinds.js";
import type { CallOptions, Session } from "./session.js";
import { writeSettings } from "./settings.js";

/** The options of {@link BackgroundCopyManager.createJob}, including all settings of a job. */
export interface CreateJobOptions extends CallOptions, Omit<JobSettings, "displayName"> {
  /** The type of the job. Default: `BG_JOB_TYPE_DOWNLOAD`. */
  readonly type?: JobType | undefined;
  /** The initial files of the job. Default: none. */
  readonly files?: readonly NewFile[] | undefined;
}

/**
 * Creates a job with its settings and its files.
 *
 * @returns The job ID.
 */
export async function createJob(session: Session, displayName: string, options: CreateJobOptions): Promise<string> {
  const { language } = session;
  const { type = "BG_JOB_TYPE_DOWNLOAD", files = [], signal, timeoutInMs, ...settings } = optionsOf(language, options);
  if (!Array.isArray(files)) {
    throw badArgument(language, "array", { name: "files" });
  }
  const params = {
    displayName: checkString(language, "displayName", displayName),
    type: choice(JOB_TYPE).write(type, "type", language),
    settings: writeSettings(language, settings),
    files: files.map((file: NewFile, i) =>
      writeFile(language, checkObject(language, `files[${i}]`, file, ["remoteUrl", "localName", "ranges"])),
    ),
  };
  if (type !== "BG_JOB_TYPE_DOWNLOAD") {
    demand(session, "uploads");
  }
  if (files.length > 1) {
    demand(session, "multipleFiles");
  }
  if (params.files.some(({ ranges }) => ranges)) {
    demand(session, "fileRanges");
  }
  demandSettable(session, params.settings);
  const { jobId } = await ask(session, "job.create", params, { signal, timeoutInMs });
  return jobId ?? "";
}
