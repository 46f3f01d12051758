import type { ServiceName, ManagerInterface } from "../model/services.js";
import type { PropertyName, SettingName } from "../model/settings.js";
import { propertiesOf } from "./properties.js";

/**
 * What the service at hand can do, as far as it is documented. What it can't is refused before anything is sent, with a
 * {@link BridgeError} whose code is `UNSUPPORTED` and whose advice names the alternative.
 */
export interface Capabilities {
  /**
   * The interface by which the jobs are reached. Where Delivery Optimization has `IDOManager` alone, every method keeps its meaning
   * and its documented codes, and `calledMethod` says which method ran instead.
   */
  readonly interface: ManagerInterface;
  /**
   * Whether the service documents a list of its jobs (IBackgroundCopyManager::EnumJobs, IDOManager::EnumDownloads). Without one, keep
   * the ids of your jobs.
   */
  readonly listJobs: boolean;
  /** Whether the jobs of other users can be listed, by an administrator (BG_JOB_ENUM_ALL_USERS). */
  readonly allUsers: boolean;
  /** Whether a job can have more than one file. */
  readonly multipleFiles: boolean;
  /** Whether parts of a file can be downloaded (IBackgroundCopyJob3::AddFileWithRanges). */
  readonly fileRanges: boolean;
  /** Whether there are upload jobs (BG_JOB_TYPE_UPLOAD, BG_JOB_TYPE_UPLOAD_REPLY). */
  readonly uploads: boolean;
  /** Whether a job can change its owner (IBackgroundCopyJob::TakeOwnership). */
  readonly takeOwnership: boolean;
  /** Whether a job can be given credentials (IBackgroundCopyJob2::SetCredentials). */
  readonly credentials: boolean;
  /** Whether the addresses of a job's files can be changed (IBackgroundCopyJob3::ReplaceRemotePrefix). */
  readonly replaceRemotePrefix: boolean;
  /** What {@link BackgroundCopyJob.describe} tells beside state, progress and error. */
  readonly readableProperties: readonly PropertyName[];
  /** What {@link BackgroundCopyJob.set} sets. */
  readonly settableProperties: readonly SettingName[];
  /** Whether a job is still there when the process that created it has ended; `undefined` where that is not known. */
  readonly jobsOutliveTheHost: boolean | undefined;
}

/** What is documented of `service`, reached by that interface. */
export function capabilitiesOf(service: ServiceName, managerInterface: ManagerInterface): Capabilities {
  const isBits = service === "bits";
  const isEmbedded = service === "embedded";
  const isDownloads = managerInterface === "IDOManager";
  const { readable, settable } = propertiesOf(service, managerInterface);
  return {
    interface: managerInterface,
    listJobs: isBits || isEmbedded || isDownloads,
    allUsers: isBits || isEmbedded,
    multipleFiles: !isDownloads,
    fileRanges: isBits || (!isEmbedded && !isDownloads),
    uploads: isBits,
    takeOwnership: isBits,
    credentials: isBits,
    replaceRemotePrefix: isBits,
    readableProperties: readable,
    settableProperties: settable,
    // A download is found again by its id, on the systems that have that property: only a second process could tell.
    jobsOutliveTheHost: isEmbedded ? false : isDownloads ? undefined : true,
  };
}
