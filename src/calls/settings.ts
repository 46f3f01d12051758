import { JOB_PRIORITY } from "../model/job.js";
import {
  CERTIFICATE_STORE_LOCATION,
  FILE_ACL_FLAG,
  NOTIFY_FLAG,
  PEER_CACHING_FLAG,
  PROXY_USAGE,
} from "../model/setting-values.js";
import type { JobSettings, SettingName } from "../model/settings.js";
import type { WireSettings } from "../port/protocol.js";
import { badArgument } from "../words/arguments.js";
import type { Language } from "../words/messages.js";
import { propertiesOf } from "../words/properties-of.js";
import {
  choice,
  choices,
  FLAG,
  HEADERS,
  parts,
  POLICY,
  SIZE,
  STORED_CREDENTIALS,
  TEXT,
  UNSIGNED,
  type Kind,
} from "./kinds.js";

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

/** The settings that a service returned. */
export function readSettings(wire: WireSettings): JobSettings {
  const told = SETTING_NAMES.filter((name) => wire[name] !== undefined);
  return Object.fromEntries(told.map((name) => [name, (KINDS[name] as Kind<unknown, unknown>).read(wire[name])]));
}

/**
 * The wire format of the caller's settings.
 *
 * @throws TypeError for an unknown name, and for a value of the wrong kind.
 */
export function writeSettings(language: Language, settings: JobSettings): WireSettings {
  const given = propertiesOf(settings);
  if (!given) {
    throw badArgument(language, "settings");
  }
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(KINDS, name)) {
      throw badArgument(language, "setting", { value: name.slice(0, 100) });
    }
  }
  const names = SETTING_NAMES.filter((name) => given[name] !== undefined);
  return Object.fromEntries(names.map((name) => [name, KINDS[name].write(given[name], name, language)]));
}
