import { homedir } from "node:os";
import type { PowerShellDescription } from "../powershell/index.js";
import { failed, findHresult, hex } from "../words/hresults.js";
import { adviseOnHresult, describeHresult, type Language } from "../words/messages.js";
import type { Words } from "./command.js";

/** What would be refused on this computer, with the code and the recommended action. */
export interface Refused {
  readonly what: string;
  readonly code: string;
  /** Missing if it is not Windows that would refuse. */
  readonly hex?: string;
  readonly message: string;
  readonly advice: string | undefined;
}

/** What would be refused, according to the description. */
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
  // A network logon is not refused: BITS works in a PowerShell remoting session since Windows 10, version 1607.
  const isLoggedOn = account?.kind !== "user" || !["service", "batch"].includes(account.logon);
  const asked = interfaces ?? [];
  const lacking = new Map(asked.map(({ service, hresult }) => [service, hresult]));
  for (const { service, hresult } of asked) {
    // A service only has to support one of its interfaces.
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

// Windows itself uses these names in every language.
const ACCOUNTS = { system: "SYSTEM", localService: "LOCAL SERVICE", networkService: "NETWORK SERVICE" } as const;

/** Replaces the home folder of the account in a text, in every notation of the path. */
export function withoutHome(text: string): string {
  const names = homedir()
    .split(/[\\/]+/)
    .filter((name, index) => index === 0 || name);
  // The home of some service accounts is the root folder, which reveals nothing about them.
  if (names.length === 1) {
    return text;
  }
  const escaped = names.map((name) => name.replace(/[.*+?^${}()|[\]]/g, "\\$&"));
  return text.replace(new RegExp(`${escaped.join("[\\\\/]+")}(?![\\p{L}\\p{N}_-])`, "giu"), "~");
}

/** The description for people: labels and their values. */
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
