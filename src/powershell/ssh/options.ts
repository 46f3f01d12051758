import { badArgument, checkObject, checkString, checkTimeout } from "../../words/arguments.js";
import type { Language } from "../../words/messages.js";
import { isWholePath } from "../../port/whole-path.js";

/** The options of ssh that a program may set. Those that run a program, or weaken the proof of a host, are only in files of the user. */
const SSH_OPTION_NAMES = [
  "CertificateFile",
  "GSSAPIAuthentication",
  "GSSAPIClientIdentity",
  "GSSAPIServerIdentity",
  "HostKeyAlias",
  "IdentitiesOnly",
  "IdentityAgent",
  "IdentityFile",
  "Port",
  "ProxyJump",
  "User",
  "UserKnownHostsFile",
] as const;

/** The options of ssh that the package passes on. */
export type SshOptionName = (typeof SSH_OPTION_NAMES)[number];

/** How the engine `ssh` reaches hosts. The files of ssh, such as `~/.ssh/config`, apply as usual. */
export interface SshOptions {
  /** The absolute path of the ssh program. Default: the one of the system. */
  readonly executable?: string | undefined;
  /** The user of hosts that specify none. */
  readonly user?: string | undefined;
  /** The port of hosts that specify none. */
  readonly port?: number | undefined;
  /** The absolute path of the private key. */
  readonly identityFile?: string | undefined;
  /** The absolute path of the file with the keys of the hosts. The package never changes it. */
  readonly knownHostsFile?: string | undefined;
  /** Other options of ssh. */
  readonly options?: Readonly<Partial<Record<SshOptionName, string>>> | undefined;
  /** The absolute path of PowerShell on the hosts, without spaces. Default: Windows PowerShell 5.1 in `C:\Windows`. */
  readonly powershell?: string | undefined;
  /** The time in which the port of a host must accept a connection, in milliseconds. Default: ssh connects without this test. */
  readonly reachTimeoutInMs?: number | undefined;
}

/** The module on the hosts: the one of the package, which is sent as text, or the folder of an installed copy. */
export type ModuleOption = "send" | { readonly installed: string };

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
const LONGEST_FOLDER = 200;

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
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65_536)) {
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

/** The folder is a path of the host: an absolute one, or a share. */
function checkModule(language: Language, module: ModuleOption): void {
  if (module !== "send") {
    const { installed } = checkObject(language, "module", module, ["installed"]);
    const isWhole = /^(?:[A-Za-z]:[\\/]|[\\/])[^\p{Cc}]+$/u.test(checkString(language, "installed", installed));
    if (!isWhole || installed.length > LONGEST_FOLDER) {
      throw badArgument(language, "optionValue", { name: "installed", value: installed });
    }
  }
}
