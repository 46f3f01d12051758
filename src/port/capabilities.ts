import type { ServiceName, ManagerInterface } from "../model/services.js";
import type { PropertyName, SettingName } from "../model/settings.js";
import { propertiesOf } from "./properties.js";

/**
 * The operations that a service supports according to
 * [Microsoft's documentation](https://learn.microsoft.com/windows/win32/delivery_optimization/do-interfaces). A call for an unsupported operation
 * fails before anything is sent, with a {@link BridgeError} whose code is `UNSUPPORTED` and whose `advice` suggests an alternative.
 */
export interface Capabilities {
  /**
   * The interface that gives access to the jobs. If Delivery Optimization supports only `IDOManager`, every method keeps its meaning and
   * its documented codes, and `calledMethod` is the method that ran.
   */
  readonly interface: ManagerInterface;
  /**
   * Whether the service has a documented method to list its jobs (IBackgroundCopyManager::EnumJobs, IDOManager::EnumDownloads). If not,
   * store the IDs of your jobs.
   */
  readonly listJobs: boolean;
  /** Whether an administrator can list the jobs of other users (BG_JOB_ENUM_ALL_USERS). */
  readonly allUsers: boolean;
  /** Whether a job can have more than one file. */
  readonly multipleFiles: boolean;
  /** Whether parts of a file can be downloaded (IBackgroundCopyJob3::AddFileWithRanges). */
  readonly fileRanges: boolean;
  /** Whether upload jobs are supported (BG_JOB_TYPE_UPLOAD, BG_JOB_TYPE_UPLOAD_REPLY). */
  readonly uploads: boolean;
  /** Whether the owner of a job can be changed (IBackgroundCopyJob::TakeOwnership). */
  readonly takeOwnership: boolean;
  /** Whether a job can have credentials (IBackgroundCopyJob2::SetCredentials). */
  readonly credentials: boolean;
  /** Whether the URLs of a job's files can be changed (IBackgroundCopyJob3::ReplaceRemotePrefix). */
  readonly replaceRemotePrefix: boolean;
  /** The properties that {@link BackgroundCopyJob.describe} returns in addition to the state, the progress, and the error. */
  readonly readableProperties: readonly PropertyName[];
  /** The properties that {@link BackgroundCopyJob.set} can set. */
  readonly settableProperties: readonly SettingName[];
  /** Whether a job continues to exist after the process that created it has ended; `undefined` if this isn't known. */
  readonly jobsOutliveTheHost: boolean | undefined;
}

/** The documented operations of `service` with this interface. */
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
    // On systems that have the ID property, a download is found by its ID; only a second process could show whether it still exists.
    jobsOutliveTheHost: isEmbedded ? false : isDownloads ? undefined : true,
  };
}
