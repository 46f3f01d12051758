import { badArgument, checkObject, checkString, checkTimeout, isPort } from "../../words/arguments.js";
import type { Language } from "../../words/messages.js";
import { isWholePath } from "../../port/whole-path.js";
import { checkModule, type ModuleOption } from "../remote/module-option.js";

/** The options of ssh that a program may set. Options that run programs or weaken the check of host keys can only be set in files of ssh. */
export type SshOptionName =
  | "CertificateFile"
  | "GSSAPIAuthentication"
  | "GSSAPIClientIdentity"
  | "GSSAPIServerIdentity"
  | "HostKeyAlias"
  | "IdentitiesOnly"
  | "IdentityAgent"
  | "IdentityFile"
  | "Port"
  | "ProxyJump"
  | "User"
  | "UserKnownHostsFile";

const SSH_OPTION_NAMES = Object.keys({
  CertificateFile: true,
  GSSAPIAuthentication: true,
  GSSAPIClientIdentity: true,
  GSSAPIServerIdentity: true,
  HostKeyAlias: true,
  IdentitiesOnly: true,
  IdentityAgent: true,
  IdentityFile: true,
  Port: true,
  ProxyJump: true,
  User: true,
  UserKnownHostsFile: true,
} satisfies Record<SshOptionName, true>);

/**
 * The options of the engine `ssh`, which starts the OpenSSH client of the system. The files of ssh, such as `~/.ssh/config`, apply. The logon
 * uses a key, a certificate, or Kerberos, but never a password, and the key of each host must be known.
 */
export interface SshOptions {
  /** The absolute path of the OpenSSH client. Default: the client of the system. */
  readonly executable?: string | undefined;
  /** The user for hosts that don't specify a user. */
  readonly user?: string | undefined;
  /** The port for hosts that don't specify a port. */
  readonly port?: number | undefined;
  /** The absolute path of the file with the private key. */
  readonly identityFile?: string | undefined;
  /** The absolute path of the file with the keys of known hosts. The package never changes this file. */
  readonly knownHostsFile?: string | undefined;
  /** Other options of ssh, by name. */
  readonly options?: Readonly<Partial<Record<SshOptionName, string>>> | undefined;
  /** The absolute path of PowerShell on the hosts, without spaces. Default: Windows PowerShell 5.1 in `C:\Windows`. */
  readonly powershell?: string | undefined;
  /** The time-out for a test connection to the port of a host before ssh starts, in milliseconds. Default: no test connection. */
  readonly reachTimeoutInMs?: number | undefined;
}

export interface SshEngineOptions extends SshOptions {
  readonly module?: ModuleOption | undefined;
}

const PROPERTIES = Object.keys({
  executable: true,
  user: true,
  port: true,
  identityFile: true,
  knownHostsFile: true,
  options: true,
  powershell: true,
  reachTimeoutInMs: true,
  module: true,
} satisfies Record<keyof SshEngineOptions, true>);

export const WINDOWS_POWERSHELL = "C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe";

// Read alike by every shell that a server might start: no quotes, no variables, no spaces.
const PLAIN_PATH = /^(?:[A-Za-z]:\\|\/)[\w.~\\/-]+$/;
// Read alike by ssh with and without quotes.
const PLAIN_VALUE = /^(?!-)[^"\p{Cc}]+$/u;

/** Checks the options of a caller. */
export function checkSshOptions(language: Language, options: SshEngineOptions): SshEngineOptions {
  const given = checkObject(language, "ssh", options, PROPERTIES);
  const bad = (name: string, value: unknown) => badArgument(language, "optionValue", { name, value });
  const paths = ["executable", "identityFile", "knownHostsFile"] as const;
  for (const name of paths) {
    const path = given[name];
    if (path !== undefined && !(isWholePath(checkString(language, name, path)) && PLAIN_VALUE.test(path))) {
      throw bad(name, path);
    }
  }
  const { user, port, powershell = WINDOWS_POWERSHELL, module = "send", options: others = {} } = given;
  if (user !== undefined && !PLAIN_VALUE.test(checkString(language, "user", user))) {
    throw bad("user", user);
  }
  if (port !== undefined && !isPort(port)) {
    throw bad("port", port);
  }
  if (!PLAIN_PATH.test(checkString(language, "powershell", powershell))) {
    throw bad("powershell", powershell);
  }
  checkTimeout(language, "reachTimeoutInMs", given.reachTimeoutInMs);
  for (const [name, value] of Object.entries(checkObject(language, "options", others, SSH_OPTION_NAMES))) {
    if (!PLAIN_VALUE.test(checkString(language, name, value))) {
      throw bad(name, value);
    }
  }
  checkModule(language, module);
  return given;
}
