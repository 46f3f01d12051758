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
  /** How the job uses peer caching and BranchCache (IBackgroundCopyJob4::SetPeerCachingFlags). */
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
  /**
   * How certificates and redirections are treated, a number of flags (IBackgroundCopyJobHttpOptions::SetSecurityFlags). Where
   * {@link Capabilities.interface} is `IDOManager`, redirections can't be forbidden or reported, and no certificate error is ignored
   * beside a check for revocation: such flags are refused as `UNSUPPORTED`.
   */
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
