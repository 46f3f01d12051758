import type {
  BackgroundCopyJob,
  BackgroundCopyManager,
  Capabilities,
  FileRange,
  JobSettings,
  SettingName,
} from "../../src/index.js";
import { JOB_PRIORITY, JOB_TYPE, type JobType } from "../../src/model/job.js";
import {
  AUTH_SCHEME,
  AUTH_TARGET,
  CERTIFICATE_STORE_LOCATION,
  FILE_ACL_FLAG,
  NOTIFY_FLAG,
  PEER_CACHING_FLAG,
  PROXY_USAGE,
} from "../../src/model/setting-values.js";
import type { Row } from "../support/refused-rows.js";

// The calls of the rows, as calls of the SDK.

/** The objects that a call can use. */
interface Callee {
  readonly manager: BackgroundCopyManager;
  readonly job: BackgroundCopyJob;
}
interface Call {
  readonly act: (callee: Callee) => Promise<unknown>;
  /** The capability or the property without which the SDK doesn't make the call. */
  readonly needs?: keyof Capabilities | SettingName;
}

/** The call with these arguments, or undefined if the SDK can't pass them. */
// biome-ignore lint/suspicious/noExplicitAny: the arguments come from a file and differ between methods.
type Way = (args: any[], target: () => string) => Call | undefined;

const set = (settings: JobSettings): Call => ({
  act: ({ job }) => job.set(settings),
  needs: Object.keys(settings)[0] as SettingName,
});
const verb = (name: "resume" | "suspend" | "cancel" | "complete" | "takeOwnership"): Call => ({
  act: ({ job }) => job[name](),
  ...(name === "takeOwnership" && { needs: name }),
});
const isText = (...values: readonly unknown[]) => values.every((value) => typeof value === "string");

type Ranges = { readonly ranges: readonly (readonly [number | string, number | string])[] } | null;

function add(url: unknown, local: unknown, count: number, given: Ranges): Call | undefined {
  const asked = given?.ranges ?? [];
  if (!isText(url, local) || asked.length !== count || asked.some(([offset]) => offset === "to end")) {
    return undefined;
  }
  const ranges = given?.ranges.map(
    ([offset, length]): FileRange => ({
      initialOffset: BigInt(offset),
      length: length === "to end" ? length : BigInt(length),
    }),
  );
  return {
    act: ({ job }) => job.addFile(url as string, local as string, ranges && { ranges }),
    ...(ranges && { needs: "fileRanges" }),
  };
}

/** The settings for the properties of IBackgroundCopyJob5, by ID. */
const PROPERTIES: Readonly<Record<number, (value: number) => JobSettings>> = {
  1: (transferPolicy) => ({ transferPolicy }),
  3: (value) => ({ dynamicContent: value !== 0 }),
  4: (value) => ({ highPerformance: value !== 0 }),
  5: (value) => ({ maxDownloadSize: BigInt(value) }),
  7: (value) => ({ useStoredCredentials: AUTH_TARGET.toName(value) }),
  10: (value) => ({ onDemandMode: value !== 0 }),
};

/** The settings for the properties of IDODownload, by ID and type of the VARIANT. */
const DOWNLOAD_PROPERTIES: Readonly<Record<string, (value: never) => JobSettings>> = {
  "3 string": (displayName: string) => ({ displayName }),
  "10 uint32": (noProgressTimeout: number) => ({ noProgressTimeout }),
};

const DELIVERY_FILE = "B76B9699-E99E-4101-803F-A20E325D93E2";

const WAYS: Readonly<Record<string, Way>> = {
  "IBackgroundCopyManager::CreateJob": ([name, type]) =>
    isText(name)
      ? {
          act: ({ manager }) => manager.createJob(name, { type: JOB_TYPE.toName(type) as JobType }),
          ...(type !== 0 && { needs: "uploads" }),
        }
      : undefined,
  "IBackgroundCopyManager::GetJob": ([id]) => ({ act: ({ manager }) => manager.getJob(id) }),
  "IBackgroundCopyManager::EnumJobs": ([flags]) =>
    flags < 2 ? { act: ({ manager }) => manager.listJobs({ allUsers: flags === 1 }), needs: "listJobs" } : undefined,
  "IBackgroundCopyJob::AddFile": ([url, local]) => add(url, local, 0, null),
  "IBackgroundCopyJob3::AddFileWithRanges": ([url, local, count, ranges]) =>
    count > 0 ? add(url, local, count, ranges) : undefined,
  "IDeliveryOptimizationJob::AddFileWithRanges": ([, url, local, count, ranges]) => add(url, local, count, ranges),
  "IDeliveryOptimizationJob2::AddFile": ([, url, count, ranges, iid], target) =>
    iid === DELIVERY_FILE ? add(url, target(), count, ranges) : undefined,
  "IBackgroundCopyJob3::ReplaceRemotePrefix": ([from, to]) => ({
    act: ({ job }) => job.replaceRemotePrefix(from, to),
    needs: "replaceRemotePrefix",
  }),
  "IBackgroundCopyJob::SetDisplayName": ([displayName]) => (isText(displayName) ? set({ displayName }) : undefined),
  "IBackgroundCopyJob::SetDescription": ([description]) => (isText(description) ? set({ description }) : undefined),
  "IBackgroundCopyJob::SetPriority": ([value]) => set({ priority: JOB_PRIORITY.toName(value) }),
  "IBackgroundCopyJob::SetNotifyFlags": ([flags]) => set({ notifyFlags: NOTIFY_FLAG.toNames(flags) }),
  "IBackgroundCopyJob::SetMinimumRetryDelay": ([minimumRetryDelay]) => set({ minimumRetryDelay }),
  "IBackgroundCopyJob::SetNoProgressTimeout": ([noProgressTimeout]) => set({ noProgressTimeout }),
  "IBackgroundCopyJob::SetProxySettings": ([usage, list, bypass]) =>
    set({
      proxySettings: { usage: PROXY_USAGE.toName(usage), proxyList: list ?? "", proxyBypassList: bypass ?? "" },
    }),
  "IBackgroundCopyJob::Resume": () => verb("resume"),
  "IBackgroundCopyJob::Suspend": () => verb("suspend"),
  "IBackgroundCopyJob::Cancel": () => verb("cancel"),
  "IBackgroundCopyJob::Complete": () => verb("complete"),
  "IBackgroundCopyJob::TakeOwnership": () => verb("takeOwnership"),
  "IBackgroundCopyJob2::SetNotifyCmdLine": ([program, parameters]) =>
    set({ notifyCmdLine: { program: program ?? "", parameters: parameters ?? "" } }),
  "IBackgroundCopyJob2::SetReplyFileName": ([replyFileName]) => set({ replyFileName }),
  "IBackgroundCopyJob2::SetCredentials": ([{ credentials }]) => {
    const [target, scheme, userName, password] = credentials;
    return isText(userName, password)
      ? {
          act: ({ job }) =>
            job.setCredentials({
              target: AUTH_TARGET.toName(target),
              scheme: AUTH_SCHEME.toName(scheme),
              userName,
              password,
            }),
          needs: "credentials",
        }
      : undefined;
  },
  "IBackgroundCopyJob3::SetFileACLFlags": ([flags]) => set({ fileAclFlags: FILE_ACL_FLAG.toNames(flags) }),
  "IBackgroundCopyJob4::SetPeerCachingFlags": ([flags]) => set({ peerCachingFlags: PEER_CACHING_FLAG.toNames(flags) }),
  "IBackgroundCopyJob5::SetProperty": ([id, { dword }]) => {
    const settings = PROPERTIES[id]?.(dword);
    return settings && set(settings);
  },
  "IBackgroundCopyJobHttpOptions::SetClientCertificateByName": ([location, storeName, subjectName]) =>
    isText(storeName, subjectName)
      ? set({
          clientCertificate: { storeLocation: CERTIFICATE_STORE_LOCATION.toName(location), storeName, subjectName },
        })
      : undefined,
  "IBackgroundCopyJobHttpOptions::SetCustomHeaders": ([text]) => {
    const [, name, value] = /^(\w+): (\w+)\r\n$/.exec(text) ?? [];
    return name && value ? set({ customHeaders: { [name]: value } }) : undefined;
  },
  "IBackgroundCopyJobHttpOptions::SetSecurityFlags": ([securityFlags]) => set({ securityFlags }),
  "IBackgroundCopyJobHttpOptions2::SetHttpMethod": ([httpMethod]) => set({ httpMethod }),
  // The SDK passes an empty list of ranges to the first Start, and NULL to every later one.
  "IDODownload::Start": ([info]) => ((info?.rangesInfo ?? []).length === 0 ? verb("resume") : undefined),
  "IDODownload::Pause": () => verb("suspend"),
  "IDODownload::Abort": () => verb("cancel"),
  "IDODownload::Finalize": () => verb("complete"),
  "IDODownload::SetProperty": ([id, { variant }]) => {
    const [type, value] = variant;
    const settings = DOWNLOAD_PROPERTIES[`${id} ${type}`]?.(value as never);
    return settings && set(settings);
  },
};

function isWithin({ needs }: Call, capabilities: Capabilities): boolean {
  return (
    needs === undefined ||
    capabilities.settableProperties.includes(needs as SettingName) ||
    capabilities[needs as keyof Capabilities] === true
  );
}

/** The calls of a row. */
export interface RefusedCall {
  readonly before: readonly Call[];
  readonly refused: Call;
  readonly allowed: Call | undefined;
}

/** The calls of a row with expanded texts, or undefined if the SDK can't make them or refuses them itself. */
export function callsOf(row: Row, capabilities: Capabilities, target: () => string): RefusedCall | undefined {
  const callOf = (method: string, args: readonly unknown[]) => {
    const call = WAYS[method]?.([...args], target);
    return call && isWithin(call, capabilities) ? call : undefined;
  };
  // The SDK gives each file a unique ID, so a duplicate is not possible.
  const before = (row.before ?? []).map(([method, args]) =>
    method === "IDeliveryOptimizationJob2::AddFile" ? undefined : callOf(method, args),
  );
  const refused = callOf(row.method, row.arguments);
  if (!refused || !before.every((call) => call !== undefined)) {
    return undefined;
  }
  // The SDK never passes NULL for a download that was not started yet.
  if (row.method === "IDODownload::Start" && row.arguments[0] === null && row.job?.state === undefined) {
    return undefined;
  }
  return { before, refused, allowed: row.allowed && callOf(row.method, row.allowed) };
}
