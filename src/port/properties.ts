import type { ManagerInterface, ServiceName } from "../model/services.js";
import type { PropertyName, SettingName } from "../model/settings.js";

interface Properties {
  readonly settable: readonly SettingName[];
  /** Properties that can only be read. */
  readonly readOnly: readonly PropertyName[];
  /** Properties that can only be set. */
  readonly writeOnly?: readonly SettingName[];
}

const TIMES: readonly PropertyName[] = ["creationTime", "modificationTime", "transferCompletionTime"];

// The documented properties of each service, by interface.
const BITS: Properties = {
  settable: [
    "displayName",
    "description",
    "priority",
    "notifyFlags",
    "notifyCmdLine",
    "minimumRetryDelay",
    "noProgressTimeout",
    "proxySettings",
    "replyFileName",
    "fileAclFlags",
    "peerCachingFlags",
    "maximumDownloadTime",
    "transferPolicy",
    "dynamicContent",
    "highPerformance",
    "maxDownloadSize",
    "useStoredCredentials",
    "minimumNotificationInterval",
    "onDemandMode",
    "customHeaders",
    "securityFlags",
    "httpMethod",
    "clientCertificate",
  ],
  readOnly: ["type", "owner", ...TIMES, "errorCount", "ownerIntegrityLevel", "ownerElevated", "replyProgress", "files"],
};
const DELIVERY_OPTIMIZATION: Readonly<Record<ManagerInterface, Properties>> = {
  IBackgroundCopyManager: {
    settable: ["priority", "notifyFlags", "noProgressTimeout", "transferPolicy"],
    readOnly: ["displayName", "type", ...TIMES, "files"],
  },
  IDOManager: {
    settable: ["displayName", "priority", "noProgressTimeout", "transferPolicy", "customHeaders", "securityFlags"],
    readOnly: ["files"],
    writeOnly: ["securityFlags"],
  },
};
const EMBEDDED: Properties = {
  settable: ["displayName", "description", "priority", "minimumRetryDelay", "noProgressTimeout", "customHeaders"],
  readOnly: ["type", "owner", ...TIMES, "errorCount", "files"],
};

/** The settable and readable properties of the jobs of `service` with this interface. */
export function propertiesOf(
  service: ServiceName,
  managerInterface: ManagerInterface,
): { readonly settable: readonly SettingName[]; readonly readable: readonly PropertyName[] } {
  const {
    settable,
    readOnly,
    writeOnly = [],
  } = service === "bits" ? BITS : service === "embedded" ? EMBEDDED : DELIVERY_OPTIMIZATION[managerInterface];
  return { settable, readable: [...settable.filter((name) => !writeOnly.includes(name)), ...readOnly] };
}
