import { expect } from "vitest";
import { BackgroundCopyManager, type JobSettings } from "../../src/index.js";
import { LOCALES } from "../../src/words/locale.js";
import { makeSession } from "../../src/calls/session.js";
import { isResultOf, type MethodName, type WireJob, type WireSettings } from "../../src/port/protocol.js";
import type { Service } from "../../src/port/service.js";

// Shared by the tests of BITS: a manager whose service returns scripted results, and all settings in their wire format.

export const ID = "00000000-0000-4000-8000-000000000001";
export const ALL_ONES = "18446744073709551615";

/** A manager of BITS and its requests; `answer` returns the result of each. */
export function bits(
  answer: (method: MethodName, params: unknown) => unknown,
  locale: (typeof LOCALES)[number] = "en",
) {
  const sent: [MethodName, unknown][] = [];
  const port: Service = {
    managerInterface: "IBackgroundCopyManager",
    request: async (method, params) => {
      sent.push([method, params]);
      const result = answer(method, params);
      // A test must not return a result that no host could return.
      expect(isResultOf(method, result)).toBe(true);
      return result as never;
    },
    close: async () => {},
  };
  const manager = new BackgroundCopyManager(makeSession(port, "bits", { locale, wording: "documented" }));
  return { manager, job: manager.job(ID), sent };
}

export const OK = (method: string) => ({ hresult: 0, method });
export const described = (job: WireJob) => () => ({
  items: [{ ...OK("IBackgroundCopyJob::GetState"), jobId: ID, job }],
});

// All properties that BITS returns, in their wire format and as the caller gets them.
export const SETTINGS: { [N in keyof JobSettings]-?: [NonNullable<JobSettings[N]>, NonNullable<WireSettings[N]>] } = {
  displayName: ["ü中\u{1f600}", "ü中\u{1f600}"],
  description: ["", ""],
  priority: ["BG_JOB_PRIORITY_FOREGROUND", 0],
  notifyFlags: [["BG_NOTIFY_JOB_TRANSFERRED", "BG_NOTIFY_JOB_ERROR", "BG_NOTIFY_FILE_RANGES_TRANSFERRED"], 35],
  notifyCmdLine: [
    { program: "C:\\a b.exe", parameters: '"C:\\a b.exe" 1' },
    { program: "C:\\a b.exe", parameters: '"C:\\a b.exe" 1' },
  ],
  minimumRetryDelay: [4_294_967_295, 4_294_967_295],
  noProgressTimeout: [0, 0],
  proxySettings: [
    { usage: "BG_JOB_PROXY_USAGE_OVERRIDE", proxyList: "proxy:80", proxyBypassList: "" },
    { usage: 2, proxyList: "proxy:80", proxyBypassList: "" },
  ],
  replyFileName: ["C:\\reply", "C:\\reply"],
  fileAclFlags: [["BG_COPY_FILE_OWNER", "BG_COPY_FILE_GROUP", "BG_COPY_FILE_DACL", "BG_COPY_FILE_SACL"], 15],
  peerCachingFlags: [["BG_JOB_ENABLE_PEERCACHING_CLIENT", "BG_JOB_ENABLE_PEERCACHING_SERVER"], 3],
  maximumDownloadTime: [3_600, 3_600],
  transferPolicy: ["BITS_JOB_TRANSFER_POLICY_STANDARD", 0x80000067],
  dynamicContent: [true, true],
  highPerformance: [false, false],
  maxDownloadSize: [18_446_744_073_709_551_615n, ALL_ONES],
  useStoredCredentials: ["BG_AUTH_TARGET_PROXY", 2],
  minimumNotificationInterval: [500, 500],
  onDemandMode: [false, false],
  customHeaders: [{ "X-First": "1", "x-second": "a: b" }, "X-First: 1\r\nx-second: a: b\r\n"],
  securityFlags: [0x31, 0x31],
  httpMethod: ["PUT", "PUT"],
  clientCertificate: [
    { storeLocation: "BG_CERT_STORE_LOCATION_LOCAL_MACHINE", storeName: "MY", subjectName: "a subject" },
    { storeLocation: 1, storeName: "MY", subjectName: "a subject" },
  ],
};

export function column(index: 0 | 1): Record<string, unknown> {
  return Object.fromEntries(Object.entries(SETTINGS).map(([name, pair]) => [name, pair[index]]));
}
