import { type Dialect, ENUM_JOBS, GETTERS, METHODS, SETTERS } from "../embedded/index.js";
import type { ManagerInterface, ServiceName } from "../model/services.js";
import type { PropertyName, SettingName } from "../model/settings.js";
import { capabilitiesOf, type Capabilities } from "../port/capabilities.js";
import { type CodeName, findHresult } from "../words/hresults.js";

// The counterparts of the embedded service's codes, methods, and properties in the services of Windows.

/** The service that a TestService stands for. */
export interface Face {
  readonly service: ServiceName;
  readonly capabilities: Capabilities;
  readonly dialect: Dialect;
  /** The documented names of the supported methods. */
  readonly methods: readonly string[];
}

/** The codes of BITS for those of Delivery Optimization. */
const OF_BITS: Partial<Record<CodeName, CodeName>> = {
  DO_E_JOB_NOT_FOUND: "BG_E_NOT_FOUND",
  DO_E_JOB_EMPTY: "BG_E_EMPTY",
  DO_E_INVALID_STATE: "BG_E_INVALID_STATE",
  DO_E_FILE_SIZE_UNKNOWN_HTTP_200: "BG_E_MISSING_FILE_SIZE",
  DO_E_HTTP_BLOCKSIZE_MISMATCH: "BG_E_INVALID_SERVER_RESPONSE",
  DO_E_HTTP_CERT_VALIDATION: "ERROR_WINHTTP_SECURE_FAILURE",
};

/** The codes of a download for those of a job. */
const OF_DOWNLOADS: Partial<Record<CodeName, CodeName>> = { DO_E_JOB_EMPTY: "DO_E_DOWNLOAD_NO_URI" };

function translate(names: Partial<Record<CodeName, CodeName>>): Dialect["codeOf"] {
  const codes = new Map(
    Object.entries(names).map(([name, own]) => [findHresult(name)?.hresult, findHresult(own)?.hresult]),
  );
  return (hresult) => codes.get(hresult) ?? hresult;
}

function dialectOf(service: ServiceName, managerInterface: ManagerInterface): Dialect {
  const addFile = "IBackgroundCopyJob::AddFile";
  if (service === "bits") {
    return { addFile, addFileWithRanges: "IBackgroundCopyJob3::AddFileWithRanges", codeOf: translate(OF_BITS) };
  }
  if (service === "embedded" || managerInterface === "IDOManager") {
    return { addFile, codeOf: translate(service === "embedded" ? {} : OF_DOWNLOADS) };
  }
  return {
    addFile: "IDeliveryOptimizationJob2::AddFile",
    addFileWithRanges: "IDeliveryOptimizationJob::AddFileWithRanges",
    codeOf: translate({}),
  };
}

export const SET_CREDENTIALS = "IBackgroundCopyJob2::SetCredentials";
export const REMOVE_CREDENTIALS = "IBackgroundCopyJob2::RemoveCredentials";
export const TAKE_OWNERSHIP = "IBackgroundCopyJob::TakeOwnership";
export const REPLACE_REMOTE_PREFIX = "IBackgroundCopyJob3::ReplaceRemotePrefix";

const SET_PROPERTY = "IBackgroundCopyJob5::SetProperty";

/** The documented names of the methods that set what the embedded service does not have. */
export const OTHER_SETTERS: Readonly<Record<Exclude<SettingName, keyof typeof SETTERS>, string>> = {
  notifyFlags: "IBackgroundCopyJob::SetNotifyFlags",
  notifyCmdLine: "IBackgroundCopyJob2::SetNotifyCmdLine",
  proxySettings: "IBackgroundCopyJob::SetProxySettings",
  replyFileName: "IBackgroundCopyJob2::SetReplyFileName",
  fileAclFlags: "IBackgroundCopyJob3::SetFileACLFlags",
  peerCachingFlags: "IBackgroundCopyJob4::SetPeerCachingFlags",
  maximumDownloadTime: "IBackgroundCopyJob4::SetMaximumDownloadTime",
  transferPolicy: SET_PROPERTY,
  dynamicContent: SET_PROPERTY,
  highPerformance: SET_PROPERTY,
  maxDownloadSize: SET_PROPERTY,
  useStoredCredentials: SET_PROPERTY,
  minimumNotificationInterval: SET_PROPERTY,
  onDemandMode: SET_PROPERTY,
  securityFlags: "IBackgroundCopyJobHttpOptions::SetSecurityFlags",
  httpMethod: "IBackgroundCopyJobHttpOptions2::SetHttpMethod",
  clientCertificate: "IBackgroundCopyJobHttpOptions::SetClientCertificateByName",
};

/** Whether the service returns a property, by its name on the wire. */
export function isReadable({ readableProperties }: Capabilities, name: string): boolean {
  const property = name === "times" ? "creationTime" : name;
  return (
    ["state", "progress", "error", "refused"].includes(name) || readableProperties.includes(property as PropertyName)
  );
}

function methodsOf(capabilities: Capabilities, { addFile, addFileWithRanges }: Dialect): string[] {
  const setters = { ...OTHER_SETTERS, ...ownSetters() };
  const methods = [
    ...METHODS,
    addFile,
    addFileWithRanges,
    capabilities.listJobs && ENUM_JOBS,
    ...(capabilities.credentials ? [SET_CREDENTIALS, REMOVE_CREDENTIALS] : []),
    capabilities.takeOwnership && TAKE_OWNERSHIP,
    capabilities.replaceRemotePrefix && REPLACE_REMOTE_PREFIX,
    ...Object.entries(GETTERS).map(([name, method]) => isReadable(capabilities, name) && method),
    ...capabilities.settableProperties.map((name) => setters[name]),
  ];
  return [...new Set(methods)].filter((method) => typeof method === "string");
}

function ownSetters(): Record<keyof typeof SETTERS, string> {
  const entries = Object.entries(SETTERS).map(([name, { method }]) => [name, method]);
  return Object.fromEntries(entries);
}

/** The service behind an interface, with what the interface supports. */
export function faceOf(service: ServiceName, managerInterface: ManagerInterface): Face {
  const capabilities = capabilitiesOf(service, managerInterface);
  const dialect = dialectOf(service, managerInterface);
  return { service, capabilities, dialect, methods: methodsOf(capabilities, dialect) };
}

const CALLED_METHODS: Readonly<Record<string, string>> = {
  "IBackgroundCopyManager::CreateJob": "IDOManager::CreateDownload",
  "IBackgroundCopyManager::GetJob": "IDOManager::EnumDownloads",
  "IBackgroundCopyManager::EnumJobs": "IDOManager::EnumDownloads",
  "IBackgroundCopyJob::GetState": "IDODownload::GetStatus",
  "IBackgroundCopyJob::AddFile": "IDODownload::SetProperty",
  "IBackgroundCopyJob::Suspend": "IDODownload::Pause",
  "IBackgroundCopyJob::Resume": "IDODownload::Start",
  "IBackgroundCopyJob::Complete": "IDODownload::Finalize",
  "IBackgroundCopyJob::Cancel": "IDODownload::Abort",
};

/** The method of IDOManager or IDODownload that runs in place of a documented one. */
export function calledMethodOf(method: string): string | undefined {
  return CALLED_METHODS[method] ?? (/::Set/.test(method) ? "IDODownload::SetProperty" : undefined);
}
