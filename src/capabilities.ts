import type { ServiceName } from "./model.js";

/**
 * The interfaces by which a service gives access to its jobs: the one that the documentation of BITS and Delivery Optimization
 * shares, and Delivery Optimization's own.
 */
export type ManagerInterface = "IBackgroundCopyManager" | "IDOManager";

/** What the service at hand can do. */
export interface Capabilities {
  /**
   * The interface by which the jobs are reached. Where Delivery Optimization has `IDOManager` alone, every method keeps its meaning
   * and its documented codes, and `calledMethod` says which method ran instead.
   */
  readonly interface: ManagerInterface;
  /** Whether the service documents a list of its jobs (IBackgroundCopyManager::EnumJobs). Without one, keep the ids of your jobs. */
  readonly listJobs: boolean;
  /** Whether a job can have more than one file. */
  readonly multipleFiles: boolean;
  /** Whether a job is still there when the process that created it has ended; `undefined` where that is not known. */
  readonly jobsOutliveTheHost: boolean | undefined;
}

/** What is documented of `service`, reached by that interface. */
export function capabilitiesOf(service: ServiceName, managerInterface: ManagerInterface): Capabilities {
  const isDownloads = managerInterface === "IDOManager";
  return {
    interface: managerInterface,
    listJobs: service === "bits",
    multipleFiles: !isDownloads,
    // A download is found again by its id, on the systems that have that property: only a second process could tell.
    jobsOutliveTheHost: service === "embedded" ? false : isDownloads ? undefined : true,
  };
}
