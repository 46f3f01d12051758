import type { BridgeErrorCode } from "../../words/bridge-codes.js";
import type { Cause, HostEnd } from "../start.js";

/** The exit code of ssh for its own failures. */
const OF_SSH = 255;

/** The exit codes of shells that found no such program. */
const NOT_FOUND: readonly unknown[] = [127, 9009];
/** Those of cmd.exe and of PowerShell as a shell, for which a program that ran might stand, too. PowerShell itself reports its failure. */
const ALSO_NOT_FOUND: readonly unknown[] = [1];

// The words of OpenSSH, which are the same in every language. They only choose the code: whether anything was sent is known without them.
const BEFORE_LOGON: readonly (readonly [BridgeErrorCode, RegExp])[] = [
  ["HOST_KEY_CHANGED", /REMOTE HOST IDENTIFICATION HAS CHANGED|REVOKED HOST KEY|^Host key .* (?:has changed|revoked)/],
  ["HOST_KEY_UNKNOWN", /^No .* ?host key is known for |^Host key verification failed/],
  [
    "HOST_LOGON_REFUSED",
    /Permission denied \([\w@.,-]*\)|Too many authentication failures|[Nn]o more authentication methods/,
  ],
  ["HOST_UNREACHABLE", /^ssh: (?:connect to host .+?|Could not resolve hostname .+?): (.+)/],
  ["HOST_UNREACHABLE", /^(?:kex|ssh)_exchange_identification: (.+)/],
  ["HOST_UNREACHABLE", /^(?:ssh_dispatch_run_fatal: )?(?:Connection|Unable to negotiate) .* port \d+.*/],
  ["HOST_UNREACHABLE", /^banner exchange: .+|^Connection timed out during banner exchange/],
  // A jump host that failed, or a file of ssh that can't be read.
  [
    "HOST_UNREACHABLE",
    /^stdio forwarding failed|^(?:Bad|Missing|Unsupported|Invalid) .+|^\S+: line \d+: .+|terminating, .+ bad configuration/,
  ],
];
const AFTER_LOGON =
  /^Connection to .+ closed by remote host|^Read from remote host .+|^client_loop: .+|^Timeout, server .+ not responding|^packet_write_.+|^Write failed: .+|^Bad packet length .+|^Corrupted MAC on input|^Disconnecting.*/;

/** A line of ssh for a message: without control characters, which a server might have put into it. */
function shown(line: string): string {
  return line.replace(/\p{Cc}/gu, "").replace(/[.\s]+$/, "");
}

function find(lines: readonly string[], words: RegExp): string | undefined {
  for (const line of lines) {
    const [all, part] = words.exec(line) ?? [];
    if (all !== undefined) {
      return shown(part ?? line);
    }
  }
  return undefined;
}

/** The reason why ssh ended, from the phase, its exit code, and its words. */
export function causeOfEnd({ exitCode, isReady, stderr }: HostEnd, powershell: string): Cause {
  const isOwn = exitCode === OF_SSH || exitCode === undefined;
  if (!isReady) {
    if (NOT_FOUND.includes(exitCode) || ALSO_NOT_FOUND.includes(exitCode)) {
      return ["POWERSHELL_NOT_FOUND", { values: { path: powershell } }];
    }
    for (const [code, words] of isOwn ? BEFORE_LOGON : []) {
      const detail = find(stderr, words);
      if (detail !== undefined) {
        return [code, { values: { detail } }];
      }
    }
  }
  const detail = isOwn ? find(stderr, AFTER_LOGON) : undefined;
  const values = { detail: detail ?? `exit code ${exitCode ?? "?"}` };
  return ["HOST_LOST", { values: isOwn ? values : { ...values, exitCode: exitCode ?? "?" } }];
}
