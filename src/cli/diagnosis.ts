import { homedir } from "node:os";
import type { PowerShellDescription } from "../powershell/index.js";
import { failed, findHresult, hex } from "../words/hresults.js";
import { adviseOnHresult, describeHresult, type Language } from "../words/messages.js";
import type { Words } from "./command.js";

/** What would be refused on this machine, with which code, and what to do about it. */
export interface Refused {
  readonly what: string;
  readonly code: string;
  /** Missing where it is not Windows that would refuse. */
  readonly hex?: string;
  readonly message: string;
  readonly advice: string | undefined;
}

/** What would be refused, as far as the description tells. */
export function refusals(
  language: Language,
  words: Words,
  { account, services, interfaces }: PowerShellDescription,
): Refused[] {
  const refused = (what: string, hresult: number): Refused => ({
    what,
    code: findHresult(hresult)?.name ?? hex(hresult),
    hex: hex(hresult),
    message: describeHresult(language, hresult, "CoCreateInstance"),
    advice: adviseOnHresult(language, hresult, "CoCreateInstance"),
  });
  const named = (what: string, name: string) => refused(what, findHresult(name)?.hresult as number);
  const isLoggedOn = account?.kind !== "user" || !["service", "batch", "network"].includes(account.logon);
  const asked = interfaces ?? [];
  const lacking = new Map(asked.map(({ service, hresult }) => [service, hresult]));
  for (const { service, hresult } of asked) {
    // A service needs to answer to one of its interfaces alone.
    if (!failed(hresult)) {
      lacking.delete(service);
    }
  }
  return [
    ...(isLoggedOn ? [] : [named(words("doctor.ownJobs"), "ERROR_NOT_LOGGED_ON")]),
    ...(account?.elevated === false ? [named(words("doctor.othersJobs"), "E_ACCESSDENIED")] : []),
    ...(services ?? [])
      .filter(({ startType }) => startType === "Disabled")
      .map(({ name }) => named(name, "ERROR_SERVICE_DISABLED")),
    ...[...lacking].map(([service, hresult]) => refused(service, hresult)),
  ];
}

// Windows itself calls them so in every language of its programs.
const ACCOUNTS = { system: "SYSTEM", localService: "LOCAL SERVICE", networkService: "NETWORK SERVICE" } as const;

/** A text without the folder of the account that runs this, however the paths in it are written. */
export function withoutHome(text: string): string {
  const names = homedir()
    .split(/[\\/]+/)
    .filter((name, index) => index === 0 || name);
  // Some accounts of services live in the root folder, and that tells nothing of them.
  if (names.length === 1) {
    return text;
  }
  const escaped = names.map((name) => name.replace(/[.*+?^${}()|[\]]/g, "\\$&"));
  return text.replace(new RegExp(`${escaped.join("[\\\\/]+")}(?![\\p{L}\\p{N}_-])`, "giu"), "~");
}

/** The description for people, a label and what is said under it. */
export function describeLines(words: Words, host: PowerShellDescription, why: string): [string, string][] {
  const { powershell, policies, module, account, services, limits, interfaces } = host;
  const { version, edition, framework, path, languageMode, lockdown, codePages } = powershell;
  const said = (entries: Readonly<Record<string, string | number>>) =>
    Object.entries(entries).map(([name, value]) => `${name} ${value}`);
  const policy = policies && said(policies).filter((entry) => !entry.endsWith(" Undefined"));
  const set = said({ ...limits?.bits, ...limits?.deliveryOptimization });
  const lines: [string, readonly (string | undefined)[] | undefined][] = [
    ["PowerShell", [version && `${version} ${edition}`, framework, path, why]],
    [words("doctor.languageMode"), languageMode ? [languageMode, lockdown && `lockdown ${lockdown}`] : undefined],
    [words("doctor.executionPolicy"), policy],
    [words("doctor.module"), [module.path, module.version, module.signature]],
    [
      words("doctor.account"),
      account && [
        account.kind === "user" ? words("doctor.user") : ACCOUNTS[account.kind],
        words(`doctor.logons.${account.logon}`),
        words(account.elevated ? "doctor.elevated" : "doctor.notElevated"),
      ],
    ],
    [
      words("doctor.windowsServices"),
      services?.map(({ name, status, startType }) => `${name} ${status} (${startType})`),
    ],
    [
      words("doctor.interfaces"),
      interfaces?.map(
        (asked) => `${asked.service} ${asked.interface} ${findHresult(asked.hresult)?.name ?? hex(asked.hresult)}`,
      ),
    ],
    [words("doctor.limits"), limits && (set.length > 0 ? set : [words("doctor.noLimits")])],
    [words("doctor.codePages"), codePages && [`${codePages.input}`, `${codePages.output}`]],
  ];
  return lines.flatMap(([label, parts]) => (parts ? [[label, parts.filter(Boolean).join(", ")]] : []));
}
