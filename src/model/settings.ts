import type { JobPriority } from "./job.js";
import type {
  AuthTarget,
  CertificateStoreLocation,
  FileAclFlag,
  NotifyFlag,
  PeerCachingFlag,
  ProxyUsage,
  TransferPolicy,
} from "./setting-values.js";

/** A program for BITS to start (IBackgroundCopyJob2::SetNotifyCmdLine). */
export interface NotifyCmdLine {
  /** The path of the program. If empty, no program is started. */
  readonly program: string;
  /** The command line of the program. By convention, it starts with the name of the program. */
  readonly parameters: string;
}

/** The proxy settings of a job (IBackgroundCopyJob::SetProxySettings). */
export interface ProxySettings {
  readonly usage: ProxyUsage;
  /** The proxies, if the usage is `BG_JOB_PROXY_USAGE_OVERRIDE`; otherwise empty. */
  readonly proxyList: string;
  /** The hosts to access without a proxy, if the usage is `BG_JOB_PROXY_USAGE_OVERRIDE`; otherwise empty. */
  readonly proxyBypassList: string;
}

/** A client certificate for the server (IBackgroundCopyJobHttpOptions::SetClientCertificateByName). */
export interface ClientCertificate {
  readonly storeLocation: CertificateStoreLocation;
  /** The name of the store, such as `"MY"`. */
  readonly storeName: string;
  /** The simple subject name of the certificate. */
  readonly subjectName: string;
}

/**
 * The settings of a job. Names and units are those of
 * [Microsoft's documentation](https://learn.microsoft.com/windows/win32/api/bits/nn-bits-ibackgroundcopyjob): durations are in
 * seconds unless the name specifies another unit. {@link Capabilities.settableProperties} lists the settings that a service supports.
 */
export interface JobSettings {
  /** The display name of the job, up to 256 characters (IBackgroundCopyJob::SetDisplayName). */
  readonly displayName?: string | undefined;
  /** The description of the job, up to 1,024 characters (IBackgroundCopyJob::SetDescription). */
  readonly description?: string | undefined;
  /** The priority of the job (IBackgroundCopyJob::SetPriority). */
  readonly priority?: JobPriority | undefined;
  /** The events for which the job sends notifications (IBackgroundCopyJob::SetNotifyFlags). */
  readonly notifyFlags?: readonly NotifyFlag[] | undefined;
  /** The program that BITS starts when the job is transferred or fails (IBackgroundCopyJob2::SetNotifyCmdLine). */
  readonly notifyCmdLine?: NotifyCmdLine | undefined;
  /** The minimum delay before the service retries after a transient error, in seconds (IBackgroundCopyJob::SetMinimumRetryDelay). */
  readonly minimumRetryDelay?: number | undefined;
  /**
   * The no-progress time-out: the time in seconds that the service keeps trying after a transient error without any progress, before the
   * job fails (IBackgroundCopyJob::SetNoProgressTimeout).
   */
  readonly noProgressTimeout?: number | undefined;
  /** The proxy settings of the job (IBackgroundCopyJob::SetProxySettings). */
  readonly proxySettings?: ProxySettings | undefined;
  /** The absolute path of the file for the reply to an upload-reply job (IBackgroundCopyJob2::SetReplyFileName). */
  readonly replyFileName?: string | undefined;
  /**
   * The parts of the files' access control lists that the service keeps. For all four parts: BG_COPY_FILE_ALL
   * (IBackgroundCopyJob3::SetFileACLFlags).
   */
  readonly fileAclFlags?: readonly FileAclFlag[] | undefined;
  /** The peer caching and BranchCache options of the job (IBackgroundCopyJob4::SetPeerCachingFlags). */
  readonly peerCachingFlags?: readonly PeerCachingFlag[] | undefined;
  /** The maximum time for the transfer, in seconds (IBackgroundCopyJob4::SetMaximumDownloadTime). */
  readonly maximumDownloadTime?: number | undefined;
  /**
   * The networks over which the job may transfer data: a documented policy, or a number that combines BITS_COST_STATE flags
   * (IBackgroundCopyJob5::SetProperty, BITS_JOB_PROPERTY_ID_COST_FLAGS).
   */
  readonly transferPolicy?: TransferPolicy | number | undefined;
  /**
   * Whether the server may omit the length of a file (BITS_JOB_PROPERTY_DYNAMIC_CONTENT). Requires Windows 10, version 1703.
   */
  readonly dynamicContent?: boolean | undefined;
  /**
   * Whether the job runs without strong reliability guarantees (BITS_JOB_PROPERTY_HIGH_PERFORMANCE). Requires Windows 10, version 1703.
   */
  readonly highPerformance?: boolean | undefined;
  /**
   * The maximum number of bytes that the job may download in total (BITS_JOB_PROPERTY_MAX_DOWNLOAD_SIZE). Requires Windows 10, version
   * 1703.
   */
  readonly maxDownloadSize?: bigint | undefined;
  /** The targets that may receive the credentials stored in Windows; 0 for none (BITS_JOB_PROPERTY_USE_STORED_CREDENTIALS). */
  readonly useStoredCredentials?: AuthTarget | 0 | undefined;
  /** The minimum interval between two notifications, in milliseconds (BITS_JOB_PROPERTY_MINIMUM_NOTIFICATION_INTERVAL_MS). */
  readonly minimumNotificationInterval?: number | undefined;
  /** Whether only requested ranges are downloaded (BITS_JOB_PROPERTY_ON_DEMAND_MODE). */
  readonly onDemandMode?: boolean | undefined;
  /** The HTTP headers to send with each request (IBackgroundCopyJobHttpOptions::SetCustomHeaders). */
  readonly customHeaders?: Readonly<Record<string, string>> | undefined;
  /**
   * The handling of certificates and redirects, as a number of flags (IBackgroundCopyJobHttpOptions::SetSecurityFlags). If
   * {@link Capabilities.interface} is `IDOManager`, redirects can't be forbidden or reported, and certificate errors can't be ignored
   * together with a revocation check. Such flags fail with `UNSUPPORTED`.
   */
  readonly securityFlags?: number | undefined;
  /** The HTTP method to use instead of GET (IBackgroundCopyJobHttpOptions2::SetHttpMethod). Requires Windows 10, version 1809. */
  readonly httpMethod?: string | undefined;
  /** The client certificate for the server (IBackgroundCopyJobHttpOptions::SetClientCertificateByName). */
  readonly clientCertificate?: ClientCertificate | undefined;
}

/** The name of a setting of a job. */
export type SettingName = keyof JobSettings;

/** The name of a readable property of a job other than its state, its progress, and its error. */
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
