import { Enumeration } from "./enumeration.js";

// The documentation's enumerations of what can be set of a job. A value that they do not know is kept with its number.

/** The events that a job notifies of (the flags of IBackgroundCopyJob::SetNotifyFlags). */
export type NotifyFlag =
  | "BG_NOTIFY_JOB_TRANSFERRED"
  | "BG_NOTIFY_JOB_ERROR"
  | "BG_NOTIFY_DISABLE"
  | "BG_NOTIFY_JOB_MODIFICATION"
  | "BG_NOTIFY_FILE_TRANSFERRED"
  | "BG_NOTIFY_FILE_RANGES_TRANSFERRED"
  | `BG_NOTIFY(${number})`;

export const NOTIFY_FLAG = new Enumeration<NotifyFlag>("BG_NOTIFY", {
  BG_NOTIFY_JOB_TRANSFERRED: 1,
  BG_NOTIFY_JOB_ERROR: 2,
  BG_NOTIFY_DISABLE: 4,
  BG_NOTIFY_JOB_MODIFICATION: 8,
  BG_NOTIFY_FILE_TRANSFERRED: 16,
  BG_NOTIFY_FILE_RANGES_TRANSFERRED: 32,
});

/** Which proxy a job uses, under the documentation's names (BG_JOB_PROXY_USAGE). */
export type ProxyUsage =
  | "BG_JOB_PROXY_USAGE_PRECONFIG"
  | "BG_JOB_PROXY_USAGE_NO_PROXY"
  | "BG_JOB_PROXY_USAGE_OVERRIDE"
  | "BG_JOB_PROXY_USAGE_AUTODETECT"
  | `BG_JOB_PROXY_USAGE(${number})`;

export const PROXY_USAGE = new Enumeration<ProxyUsage>("BG_JOB_PROXY_USAGE", {
  BG_JOB_PROXY_USAGE_PRECONFIG: 0,
  BG_JOB_PROXY_USAGE_NO_PROXY: 1,
  BG_JOB_PROXY_USAGE_OVERRIDE: 2,
  BG_JOB_PROXY_USAGE_AUTODETECT: 3,
});

/** What of a file's access control list is kept (the flags of IBackgroundCopyJob3::SetFileACLFlags). */
export type FileAclFlag =
  | "BG_COPY_FILE_OWNER"
  | "BG_COPY_FILE_GROUP"
  | "BG_COPY_FILE_DACL"
  | "BG_COPY_FILE_SACL"
  | `BG_COPY_FILE(${number})`;

export const FILE_ACL_FLAG = new Enumeration<FileAclFlag>("BG_COPY_FILE", {
  BG_COPY_FILE_OWNER: 1,
  BG_COPY_FILE_GROUP: 2,
  BG_COPY_FILE_DACL: 4,
  BG_COPY_FILE_SACL: 8,
});

/** How a job uses peer caching and BranchCache (the flags of IBackgroundCopyJob4::SetPeerCachingFlags). */
export type PeerCachingFlag =
  | "BG_JOB_ENABLE_PEERCACHING_CLIENT"
  | "BG_JOB_ENABLE_PEERCACHING_SERVER"
  | "BG_JOB_DISABLE_BRANCH_CACHE"
  | `BG_JOB_ENABLE_PEERCACHING(${number})`;

export const PEER_CACHING_FLAG = new Enumeration<PeerCachingFlag>("BG_JOB_ENABLE_PEERCACHING", {
  BG_JOB_ENABLE_PEERCACHING_CLIENT: 1,
  BG_JOB_ENABLE_PEERCACHING_SERVER: 2,
  BG_JOB_DISABLE_BRANCH_CACHE: 4,
});

/**
 * Over which networks a job may transfer, under the documentation's names (BITS_JOB_TRANSFER_POLICY). Any other combination of the
 * BITS_COST_STATE flags is a number.
 */
export type TransferPolicy =
  | "BITS_JOB_TRANSFER_POLICY_ALWAYS"
  | "BITS_JOB_TRANSFER_POLICY_NOT_ROAMING"
  | "BITS_JOB_TRANSFER_POLICY_NO_SURCHARGE"
  | "BITS_JOB_TRANSFER_POLICY_STANDARD"
  | "BITS_JOB_TRANSFER_POLICY_UNRESTRICTED";

export const TRANSFER_POLICY = new Enumeration<TransferPolicy>("BITS_JOB_TRANSFER_POLICY", {
  BITS_JOB_TRANSFER_POLICY_ALWAYS: 0x800000ff,
  BITS_JOB_TRANSFER_POLICY_NOT_ROAMING: 0x8000007f,
  BITS_JOB_TRANSFER_POLICY_NO_SURCHARGE: 0x8000006f,
  BITS_JOB_TRANSFER_POLICY_STANDARD: 0x80000067,
  BITS_JOB_TRANSFER_POLICY_UNRESTRICTED: 0x80000021,
});

/** Who asks for credentials, under the documentation's names (BG_AUTH_TARGET). */
export type AuthTarget = "BG_AUTH_TARGET_SERVER" | "BG_AUTH_TARGET_PROXY" | `BG_AUTH_TARGET(${number})`;

export const AUTH_TARGET = new Enumeration<AuthTarget>("BG_AUTH_TARGET", {
  BG_AUTH_TARGET_SERVER: 1,
  BG_AUTH_TARGET_PROXY: 2,
});

/** How credentials are presented, under the documentation's names (BG_AUTH_SCHEME). */
export type AuthScheme =
  | "BG_AUTH_SCHEME_BASIC"
  | "BG_AUTH_SCHEME_DIGEST"
  | "BG_AUTH_SCHEME_NTLM"
  | "BG_AUTH_SCHEME_NEGOTIATE"
  | "BG_AUTH_SCHEME_PASSPORT"
  | `BG_AUTH_SCHEME(${number})`;

export const AUTH_SCHEME = new Enumeration<AuthScheme>("BG_AUTH_SCHEME", {
  BG_AUTH_SCHEME_BASIC: 1,
  BG_AUTH_SCHEME_DIGEST: 2,
  BG_AUTH_SCHEME_NTLM: 3,
  BG_AUTH_SCHEME_NEGOTIATE: 4,
  BG_AUTH_SCHEME_PASSPORT: 5,
});

/** Where a client certificate is kept, under the documentation's names (BG_CERT_STORE_LOCATION). */
export type CertificateStoreLocation =
  | "BG_CERT_STORE_LOCATION_CURRENT_USER"
  | "BG_CERT_STORE_LOCATION_LOCAL_MACHINE"
  | "BG_CERT_STORE_LOCATION_CURRENT_SERVICE"
  | "BG_CERT_STORE_LOCATION_SERVICES"
  | "BG_CERT_STORE_LOCATION_USERS"
  | "BG_CERT_STORE_LOCATION_CURRENT_USER_GROUP_POLICY"
  | "BG_CERT_STORE_LOCATION_LOCAL_MACHINE_GROUP_POLICY"
  | "BG_CERT_STORE_LOCATION_LOCAL_MACHINE_ENTERPRISE"
  | `BG_CERT_STORE_LOCATION(${number})`;

export const CERTIFICATE_STORE_LOCATION = new Enumeration<CertificateStoreLocation>("BG_CERT_STORE_LOCATION", {
  BG_CERT_STORE_LOCATION_CURRENT_USER: 0,
  BG_CERT_STORE_LOCATION_LOCAL_MACHINE: 1,
  BG_CERT_STORE_LOCATION_CURRENT_SERVICE: 2,
  BG_CERT_STORE_LOCATION_SERVICES: 3,
  BG_CERT_STORE_LOCATION_USERS: 4,
  BG_CERT_STORE_LOCATION_CURRENT_USER_GROUP_POLICY: 5,
  BG_CERT_STORE_LOCATION_LOCAL_MACHINE_GROUP_POLICY: 6,
  BG_CERT_STORE_LOCATION_LOCAL_MACHINE_ENTERPRISE: 7,
});
