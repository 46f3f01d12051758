import { Enumeration } from "./enumeration.js";

// The documented enumerations for the settings of a job. An unknown value is kept with its number.

/** The events for which a job sends notifications (the flags of IBackgroundCopyJob::SetNotifyFlags). */
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

/**
 * The proxy usage of a job, named as in
 * [Microsoft's documentation](https://learn.microsoft.com/windows/win32/api/bits/ne-bits-bg_job_proxy_usage) (BG_JOB_PROXY_USAGE).
 */
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

/** The parts of a file's access control list that the service keeps (the flags of IBackgroundCopyJob3::SetFileACLFlags). */
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

/** The peer caching and BranchCache options of a job (the flags of IBackgroundCopyJob4::SetPeerCachingFlags). */
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
 * The networks over which a job may transfer data, named as in
 * [Microsoft's documentation](https://learn.microsoft.com/windows/win32/api/bits5_0/ne-bits5_0-bits_job_transfer_policy)
 * (BITS_JOB_TRANSFER_POLICY). Any other combination of the BITS_COST_STATE flags is a number.
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

/**
 * The target that requests credentials, named as in
 * [Microsoft's documentation](https://learn.microsoft.com/windows/win32/api/bits1_5/ne-bits1_5-bg_auth_target) (BG_AUTH_TARGET).
 */
export type AuthTarget = "BG_AUTH_TARGET_SERVER" | "BG_AUTH_TARGET_PROXY" | `BG_AUTH_TARGET(${number})`;

export const AUTH_TARGET = new Enumeration<AuthTarget>("BG_AUTH_TARGET", {
  BG_AUTH_TARGET_SERVER: 1,
  BG_AUTH_TARGET_PROXY: 2,
});

/**
 * The authentication scheme for credentials, named as in
 * [Microsoft's documentation](https://learn.microsoft.com/windows/win32/api/bits1_5/ne-bits1_5-bg_auth_scheme) (BG_AUTH_SCHEME).
 */
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

/**
 * The location of a certificate store, named as in
 * [Microsoft's documentation](https://learn.microsoft.com/windows/win32/api/bits2_5/ne-bits2_5-bg_cert_store_location)
 * (BG_CERT_STORE_LOCATION).
 */
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
