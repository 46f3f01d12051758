import type { Capabilities } from "../../src/index.js";
import { type Contract, DONE, HELD } from "../support/com-server/index.js";
import { windowsPath } from "../support/wine.js";
import { VALUES } from "./documented-calls.js";
import type { ServiceTraits } from "./traits.js";

// The documented contracts, as the stand-in service implements them.

const DOWNLOAD_METHODS = {
  "IBackgroundCopyJob::AddFile": "IDODownload::SetProperty",
  "IBackgroundCopyManager::GetJob": "IDOManager::EnumDownloads",
  "IBackgroundCopyJob::Resume": "IDODownload::Start",
  "IBackgroundCopyJob::Suspend": "IDODownload::Pause",
  "IBackgroundCopyJob::Cancel": "IDODownload::Abort",
  "IBackgroundCopyJob::Complete": "IDODownload::Finalize",
};

const SERVED = {
  cancelOfUnfinished: "S_OK",
  temporaryFolder: (folder: string) => folder,
  path: windowsPath,
  wholeFile: () => DONE,
  heldFile: () => HELD,
  missingFile: {
    url: () => "http://stand-in/404",
    code: "BG_E_HTTP_ERROR_404",
    context: "BG_ERROR_CONTEXT_REMOTE_FILE",
  },
} as const;

const { priority, noProgressTimeout, transferPolicy } = VALUES;
const { replyFileName: _ofUploads, ...OF_DOWNLOADS } = VALUES;

const DELIVERY_OPTIMIZATION = {
  ...SERVED,
  invalidState: "DO_E_INVALID_STATE",
  notFound: "DO_E_JOB_NOT_FOUND",
  completeOfUnfinished: "S_OK",
};

/** The properties of the stand-in service with one of its contracts. */
export interface ContractTraits extends ServiceTraits {
  readonly contract: Contract;
  readonly service: "delivery-optimization" | "bits";
  readonly capabilities: Pick<Capabilities, "interface" | "listJobs" | "multipleFiles" | "jobsOutliveTheHost">;
}

export const CONTRACTS: readonly ContractTraits[] = [
  {
    ...DELIVERY_OPTIMIZATION,
    contract: "do-job",
    service: "delivery-optimization",
    empty: "DO_E_JOB_EMPTY",
    addFile: "IDeliveryOptimizationJob2::AddFile",
    keeps: { priority, notifyFlags: VALUES.notifyFlags, noProgressTimeout, transferPolicy },
    capabilities: {
      interface: "IBackgroundCopyManager",
      listJobs: false,
      multipleFiles: true,
      jobsOutliveTheHost: true,
    },
  },
  {
    ...DELIVERY_OPTIMIZATION,
    contract: "do-download",
    service: "delivery-optimization",
    empty: "DO_E_DOWNLOAD_NO_URI",
    addFile: "IBackgroundCopyJob::AddFile",
    keeps: {
      displayName: VALUES.displayName,
      priority,
      noProgressTimeout,
      transferPolicy,
      customHeaders: VALUES.customHeaders,
    },
    missingFile: { ...SERVED.missingFile, context: "BG_ERROR_CONTEXT_UNKNOWN" },
    tellsNoFile: true,
    calledMethods: DOWNLOAD_METHODS,
    capabilities: { interface: "IDOManager", listJobs: true, multipleFiles: false, jobsOutliveTheHost: undefined },
  },
  {
    ...SERVED,
    contract: "bits",
    service: "bits",
    invalidState: "BG_E_INVALID_STATE",
    notFound: "BG_E_NOT_FOUND",
    empty: "BG_E_EMPTY",
    completeOfUnfinished: "BG_S_PARTIAL_COMPLETE",
    addFile: "IBackgroundCopyJob::AddFile",
    keeps: OF_DOWNLOADS,
    capabilities: {
      interface: "IBackgroundCopyManager",
      listJobs: true,
      multipleFiles: true,
      jobsOutliveTheHost: true,
    },
  },
];
