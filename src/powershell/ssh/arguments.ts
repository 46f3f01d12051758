import type { FleetHost } from "../../port/engine.js";
import { powerShellArguments } from "../command-line.js";
import { WINDOWS_POWERSHELL, type SshOptions } from "./options.js";

// The files of ssh can't change these: ssh takes the first value of an option.
const FIXED = [
  "BatchMode=yes",
  // A host is known before, or it is not entered. Nothing is ever added to the known hosts.
  "StrictHostKeyChecking=yes",
  "UpdateHostKeys=no",
  "CheckHostIP=no",
  "PasswordAuthentication=no",
  "KbdInteractiveAuthentication=no",
  "ServerAliveInterval=15",
  "ServerAliveCountMax=3",
  "TCPKeepAlive=yes",
  // At lower levels, ssh does not report that a connection ended before the logon.
  "LogLevel=INFO",
  // Nothing of this computer is lent to the host.
  "ForwardAgent=no",
  "ForwardX11=no",
  "GSSAPIDelegateCredentials=no",
  "ClearAllForwardings=yes",
  "Tunnel=no",
  "PermitLocalCommand=no",
  // One process a host: a shared connection would outlive it, and its end would mean nothing.
  "ControlMaster=no",
  "ControlPath=none",
  "RequestTTY=no",
  "RemoteCommand=none",
  "EscapeChar=none",
];

/** An option in the notation of the files of ssh, which end a value at a space unless it is in quotes. */
function option(name: string, value: string | undefined): string[] {
  if (value === undefined) {
    return [];
  }
  // A backslash might escape what follows. Windows also reads paths with slashes.
  const plain = process.platform === "win32" ? value.replaceAll("\\", "/") : value;
  return ["-o", `${name}=${/[\s#']/.test(plain) ? `"${plain}"` : plain}`];
}

/** The command that the server starts: constant, short, and without quotes or variables, so that every shell reads it alike. */
export function remoteCommand(powershell: string): string {
  const isWindows = !powershell.startsWith("/");
  return [powershell, ...powerShellArguments({ executionPolicy: "RemoteSigned", isWindows })].join(" ");
}

/** The arguments of ssh for a host. What a caller may set never precedes what is fixed. */
export function sshArguments(options: SshOptions, host: FleetHost, connectTimeoutInMs: number): string[] {
  const { powershell = WINDOWS_POWERSHELL, identityFile, knownHostsFile, options: others = {} } = options;
  const user = host.user ?? options.user;
  const port = host.port ?? options.port;
  return [
    "-T",
    "-x",
    "-a",
    ...FIXED.flatMap((fixed) => ["-o", fixed]),
    ...option("ConnectTimeout", String(Math.max(1, Math.ceil(connectTimeoutInMs / 1000)))),
    ...option("IdentityFile", identityFile),
    ...option("UserKnownHostsFile", knownHostsFile),
    ...(user === undefined ? [] : ["-l", user]),
    ...(port === undefined ? [] : ["-p", String(port)]),
    ...Object.entries(others).flatMap(([name, value]) => option(name, value)),
    "--",
    host.address,
    remoteCommand(powershell),
  ];
}
