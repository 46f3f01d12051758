import type { ManagerInterface } from "./capabilities.js";
import type { Enumeration } from "./enumeration.js";
import { badArgument, type Language } from "./messages.js";
import {
  AUTH_TARGET,
  CERTIFICATE_STORE_LOCATION,
  FILE_ACL_FLAG,
  JOB_PRIORITY,
  NOTIFY_FLAG,
  PEER_CACHING_FLAG,
  PROXY_USAGE,
  TRANSFER_POLICY,
  type AuthTarget,
  type CertificateStoreLocation,
  type FileAclFlag,
  type JobPriority,
  type NotifyFlag,
  type PeerCachingFlag,
  type ProxyUsage,
  type ServiceName,
  type TransferPolicy,
} from "./model.js";
import type { WireSettings } from "./protocol.js";
import { checkObject } from "./session.js";

/** A program that BITS starts (IBackgroundCopyJob2::SetNotifyCmdLine). */
export interface NotifyCmdLine {
  /** The program. Empty: none is started. */
  readonly program: string;
  /** Its command line, which by convention begins with the program's name again. */
  readonly parameters: string;
}

/** The proxies that a job uses (IBackgroundCopyJob::SetProxySettings). */
export interface ProxySettings {
  readonly usage: ProxyUsage;
  /** The proxies, where the usage is `BG_JOB_PROXY_USAGE_OVERRIDE`; else empty. */
  readonly proxyList: string;
  /** The hosts that are reached without a proxy, where the usage is `BG_JOB_PROXY_USAGE_OVERRIDE`; else empty. */
  readonly proxyBypassList: string;
}

/** A certificate that is shown to the server (IBackgroundCopyJobHttpOptions::SetClientCertificateByName). */
export interface ClientCertificate {
  readonly storeLocation: CertificateStoreLocation;
  /** The name of the store: `"MY"`. */
  readonly storeName: string;
  /** The simple subject name of the certificate. */
  readonly subjectName: string;
}

/**
 * What can be set of a job. Names and units are the documentation's: durations are in seconds unless the name says otherwise. Which of
 * them a service has is in {@link Capabilities.settableProperties}.
 */
export interface JobSettings {
  /** The job's name for people, at most 256 characters (IBackgroundCopyJob::SetDisplayName). */
  readonly displayName?: string | undefined;
  /** What the job is for, at most 1,024 characters (IBackgroundCopyJob::SetDescription). */
  readonly description?: string | undefined;
  /** The job's priority (IBackgroundCopyJob::SetPriority). */
  readonly priority?: JobPriority | undefined;
  /** Which events are notified of (IBackgroundCopyJob::SetNotifyFlags). */
  readonly notifyFlags?: readonly NotifyFlag[] | undefined;
  /** The program that is started when the job is transferred or in error (IBackgroundCopyJob2::SetNotifyCmdLine). */
  readonly notifyCmdLine?: NotifyCmdLine | undefined;
  /** How long the service waits at least after a transient error, in seconds (IBackgroundCopyJob::SetMinimumRetryDelay). */
  readonly minimumRetryDelay?: number | undefined;
  /**
   * How long the service tries to transfer after a transient error without any progress, in seconds; then the job is in error
   * (IBackgroundCopyJob::SetNoProgressTimeout).
   */
  readonly noProgressTimeout?: number | undefined;
  /** The proxies that the job uses (IBackgroundCopyJob::SetProxySettings). */
  readonly proxySettings?: ProxySettings | undefined;
  /** The file for the reply to an upload-reply job, an absolute path (IBackgroundCopyJob2::SetReplyFileName). */
  readonly replyFileName?: string | undefined;
  /** What of the files' access control lists is kept; all four: BG_COPY_FILE_ALL (IBackgroundCopyJob3::SetFileACLFlags). */
  readonly fileAclFlags?: readonly FileAclFlag[] | undefined;
  /** How the job takes part in peer caching (IBackgroundCopyJob4::SetPeerCachingFlags). */
  readonly peerCachingFlags?: readonly PeerCachingFlag[] | undefined;
  /** How long the transfer may take, in seconds (IBackgroundCopyJob4::SetMaximumDownloadTime). */
  readonly maximumDownloadTime?: number | undefined;
  /**
   * Over which networks the job may transfer: a documented policy, or a number that combines BITS_COST_STATE flags
   * (IBackgroundCopyJob5::SetProperty, BITS_JOB_PROPERTY_ID_COST_FLAGS).
   */
  readonly transferPolicy?: TransferPolicy | number | undefined;
  /** Whether the server need not say how long a file is (BITS_JOB_PROPERTY_DYNAMIC_CONTENT). Windows 10, version 1703. */
  readonly dynamicContent?: boolean | undefined;
  /** Whether the job does without strong guarantees of reliability (BITS_JOB_PROPERTY_HIGH_PERFORMANCE). Windows 10, version 1703. */
  readonly highPerformance?: boolean | undefined;
  /** How much the job may download in total, in bytes (BITS_JOB_PROPERTY_MAX_DOWNLOAD_SIZE). Windows 10, version 1703. */
  readonly maxDownloadSize?: bigint | undefined;
  /** Who is given the credentials that Windows has stored; 0: nobody (BITS_JOB_PROPERTY_USE_STORED_CREDENTIALS). */
  readonly useStoredCredentials?: AuthTarget | 0 | undefined;
  /** How long there is at least between two notifications, in milliseconds (BITS_JOB_PROPERTY_MINIMUM_NOTIFICATION_INTERVAL_MS). */
  readonly minimumNotificationInterval?: number | undefined;
  /** Whether only those ranges are downloaded that are asked for (BITS_JOB_PROPERTY_ON_DEMAND_MODE). */
  readonly onDemandMode?: boolean | undefined;
  /** HTTP headers that are sent with each request (IBackgroundCopyJobHttpOptions::SetCustomHeaders). */
  readonly customHeaders?: Readonly<Record<string, string>> | undefined;
  /** How certificates and redirections are treated, a number of flags (IBackgroundCopyJobHttpOptions::SetSecurityFlags). */
  readonly securityFlags?: number | undefined;
  /** The HTTP method instead of GET (IBackgroundCopyJobHttpOptions2::SetHttpMethod). Windows 10, version 1809. */
  readonly httpMethod?: string | undefined;
  /** The certificate that is shown to the server (IBackgroundCopyJobHttpOptions::SetClientCertificateByName). */
  readonly clientCertificate?: ClientCertificate | undefined;
}

/** What can be set of a job. */
export type SettingName = keyof JobSettings;

/** What can be read of a job beside its state, its progress and its error. */
export type PropertyName =
  | SettingName
  | "type"
  | "owner"
  | "creationTime"
  | "modificationTime"
  | "transferCompletionTime"
  | "errorCount"
  | "ownerIntegrityLevel"
  | "ownerElevated"
  | "replyProgress"
  | "files";

/** How a value travels. */
interface Kind<T, Wire> {
  read(wire: Wire): T;
  /** @throws TypeError for a value that is not of this kind. */
  write(value: unknown, name: string, language: Language): Wire;
}

function simple<T>(isValid: (value: unknown) => boolean, argument: string): Kind<T, T> {
  return {
    read: (wire) => wire,
    write: (value, name, language) => {
      if (!isValid(value)) {
        throw badArgument(language, argument, { name });
      }
      return value as T;
    },
  };
}

const TEXT = simple<string>((value) => typeof value === "string", "string");
const FLAG = simple<boolean>((value) => typeof value === "boolean", "boolean");
const UNSIGNED = simple<number>(
  (value) => Number.isInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 32,
  "unsigned",
);

const SIZE: Kind<bigint, string> = {
  read: BigInt,
  write: (value, name, language) => {
    if (typeof value !== "bigint" || value < 0n || value >= 2n ** 64n) {
      throw badArgument(language, "bigint", { name });
    }
    return String(value);
  },
};

/** One name of an enumeration. */
export function choice<Name extends string>(enumeration: Enumeration<Name>): Kind<Name, number> {
  return {
    read: (wire) => enumeration.toName(wire),
    write: (value, name, language) => {
      const number = enumeration.toValue(value);
      if (number === undefined) {
        throw badArgument(language, "choice", { name, value, choices: enumeration.names.join(", ") });
      }
      return number;
    },
  };
}

/** Any names of an enumeration of flags. */
function choices<Name extends string>(enumeration: Enumeration<Name>): Kind<readonly Name[], number> {
  return {
    read: (wire) => enumeration.toNames(wire),
    write: (value, name, language) => {
      const flags = Array.isArray(value) ? enumeration.toFlags(value) : undefined;
      if (flags === undefined) {
        throw badArgument(language, "choices", { name, choices: enumeration.names.join(", ") });
      }
      return flags;
    },
  };
}

type Parts = Readonly<Record<string, Kind<unknown, unknown>>>;
type Read<P extends Parts> = { readonly [K in keyof P]: P[K] extends Kind<infer T, unknown> ? T : never };
type Written<P extends Parts> = { [K in keyof P]: P[K] extends Kind<unknown, infer Wire> ? Wire : never };

/** A value of several parts, each of its own kind. */
function parts<P extends Parts>(kinds: P): Kind<Read<P>, Written<P>> {
  const names = Object.keys(kinds);
  const map = (each: (kind: Kind<unknown, unknown>, part: string) => unknown) =>
    Object.fromEntries(Object.entries(kinds).map(([part, kind]) => [part, each(kind, part)]));
  return {
    read: (wire) => map((kind, part) => kind.read(wire[part])) as Read<P>,
    write: (value, name, language) => {
      const given = checkObject(language, name, value as Record<string, unknown>, names);
      return map((kind, part) => kind.write(given[part], `${name}.${part}`, language)) as Written<P>;
    },
  };
}

const POLICY: Kind<TransferPolicy | number, number> = {
  read: (wire) => TRANSFER_POLICY.names.find((name) => TRANSFER_POLICY.toValue(name) === wire) ?? wire,
  write: (value, name, language) =>
    typeof value === "number"
      ? UNSIGNED.write(value, name, language)
      : choice(TRANSFER_POLICY).write(value, name, language),
};

const STORED_CREDENTIALS: Kind<AuthTarget | 0, number> = {
  read: (wire) => (wire === 0 ? 0 : AUTH_TARGET.toName(wire)),
  write: (value, name, language) => (value === 0 ? 0 : choice(AUTH_TARGET).write(value, name, language)),
};

// A name is what HTTP takes for one; a value is anything on one line.
const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/;
const HEADER_VALUE = /^[^\r\n\0]*$/;

const HEADERS: Kind<Readonly<Record<string, string>>, string> = {
  read: (wire) =>
    Object.fromEntries(
      wire
        .split(/\r?\n/)
        .filter((line) => line.includes(":"))
        .map((line) => {
          const colon = line.indexOf(":");
          return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
        }),
    ),
  write: (value, name, language) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw badArgument(language, "record", { name });
    }
    const lines = Object.entries(value);
    for (const [header, content] of lines) {
      if (!HEADER_NAME.test(header) || typeof content !== "string" || !HEADER_VALUE.test(content)) {
        // Without the value: it may be a secret.
        throw badArgument(language, "header", { name, header: header.slice(0, 100) });
      }
    }
    return lines.map(([header, content]) => `${header}: ${content}`).join("\r\n");
  },
};

type Kinds = {
  readonly [N in SettingName]-?: Kind<NonNullable<JobSettings[N]>, NonNullable<WireSettings[N]>>;
};

// In the order in which they are set.
const KINDS: Kinds = {
  displayName: TEXT,
  description: TEXT,
  priority: choice(JOB_PRIORITY),
  notifyFlags: choices(NOTIFY_FLAG),
  notifyCmdLine: parts({ program: TEXT, parameters: TEXT }),
  minimumRetryDelay: UNSIGNED,
  noProgressTimeout: UNSIGNED,
  proxySettings: parts({ usage: choice(PROXY_USAGE), proxyList: TEXT, proxyBypassList: TEXT }),
  replyFileName: TEXT,
  fileAclFlags: choices(FILE_ACL_FLAG),
  peerCachingFlags: choices(PEER_CACHING_FLAG),
  maximumDownloadTime: UNSIGNED,
  transferPolicy: POLICY,
  dynamicContent: FLAG,
  highPerformance: FLAG,
  maxDownloadSize: SIZE,
  useStoredCredentials: STORED_CREDENTIALS,
  minimumNotificationInterval: UNSIGNED,
  onDemandMode: FLAG,
  customHeaders: HEADERS,
  securityFlags: UNSIGNED,
  httpMethod: TEXT,
  clientCertificate: parts({
    storeLocation: choice(CERTIFICATE_STORE_LOCATION),
    storeName: TEXT,
    subjectName: TEXT,
  }),
};

const SETTING_NAMES = Object.keys(KINDS) as SettingName[];

/** The settings that a service has told of. */
export function readSettings(wire: WireSettings): JobSettings {
  const told = SETTING_NAMES.filter((name) => wire[name] !== undefined);
  return Object.fromEntries(told.map((name) => [name, (KINDS[name] as Kind<unknown, unknown>).read(wire[name])]));
}

/**
 * The settings that a caller gives, as they travel.
 *
 * @throws TypeError for a name that no setting has, and for a value that is not of its kind.
 */
export function writeSettings(language: Language, settings: JobSettings): WireSettings {
  if (typeof settings !== "object" || settings === null) {
    throw badArgument(language, "settings");
  }
  for (const name of Object.keys(settings)) {
    if (!Object.hasOwn(KINDS, name)) {
      throw badArgument(language, "setting", { value: name.slice(0, 100) });
    }
  }
  const given = SETTING_NAMES.filter((name) => settings[name] !== undefined);
  return Object.fromEntries(given.map((name) => [name, KINDS[name].write(settings[name], name, language)]));
}

interface Properties {
  readonly settable: readonly SettingName[];
  /** What can only be read. */
  readonly readOnly: readonly PropertyName[];
  /** What can only be set. */
  readonly writeOnly?: readonly SettingName[];
}

const TIMES: readonly PropertyName[] = ["creationTime", "modificationTime", "transferCompletionTime"];

// What each service documents, by the interface through which it is reached.
const BITS: Properties = {
  settable: SETTING_NAMES,
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

/** What can be set and read of the jobs of `service`, reached by that interface. */
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
