import type { BridgeErrorCode } from "../../words/bridge-codes.js";
import type { Values } from "../../words/messages.js";
import { DAMAGED } from "../damaged.js";

/** The numbers of WSMan and of Windows with which a session fails, the names that PowerShell gives to some of them, and what they mean. */
const ERRORS: Readonly<Partial<Record<BridgeErrorCode, readonly (readonly [number, string?])[]>>> = {
  HOST_UNREACHABLE: [
    [53, "NetworkPathNotFound"],
    [-2144108103, "ComputerNotFound"],
    [-2144108526, "CannotConnect"],
    [-2144108250, "WinRMOperationTimeout"],
  ],
  HOST_LOGON_REFUSED: [
    [5, "AccessDenied"],
    [1311, "AuthenticationFailed"],
    [1312],
    [1326, "LogonFailure"],
    [-2144108274, "InvalidAuthentication"],
    [-2144108315, "ExplicitCredentialsRequired"],
  ],
  HOST_NOT_TRUSTED: [
    [-2144108316, "ServerNotTrusted"],
    [-2144108276, "WorkgroupCannotUseKerberos"],
    [-2144108318, "ClientKerberosDisabled"],
    [-2146893053, "TargetUnknown"],
    [-2144108101, "CannotUseIPAddress"],
  ],
  REMOTING_OFF: [
    [-2144108269, "URLNotAvailable"],
    [-2144108270, "CannotConnectWinRMService"],
    [-2144108176, "WinRMHttpError"],
    [-2144108061, "RemoteConnectionDisallowed"],
    [-2144108116, "RemoteSessionDisallowed"],
    [-2144108539, "CorruptedWinRMConfig"],
    [-2144108065, "CannotConnectRunAsFailed"],
  ],
  ENDPOINT_NOT_FOUND: [
    [-2144108485, "InvalidResourceUri"],
    [-2144108542, "InvalidResourceUri"],
  ],
  HOST_LOST: [
    [995, "WinRMOperationAborted"],
    [1115, "ShutDownInProgress"],
    [14, "ServerOutOfMemory"],
    [-2144108453, "CannotConnectTargetSessionDoesNotExist"],
  ],
};

/** The failure of a session, as the relay reports it: a number, or the identifier of an error that has none. */
const REMOTING_FAILURE = /^BackgroundCopyRemoting (?:(-?\d+)|- (.*))$/;

/** What a report of the relay means; undefined for any other text. */
export function readRemotingFailure(
  report: string,
): { readonly code: BridgeErrorCode; readonly values: Values } | undefined {
  const [all, number = "", identifier = ""] = REMOTING_FAILURE.exec(report) ?? [];
  if (all === undefined) {
    return undefined;
  }
  if (identifier.startsWith(DAMAGED)) {
    return { code: "PROTOCOL", values: {} };
  }
  for (const [code, errors] of Object.entries(ERRORS)) {
    const found = errors.find(([known]) => String(known) === number);
    if (found) {
      return { code: code as BridgeErrorCode, values: { detail: found[1] ?? number } };
    }
  }
  return { code: "HOST_LOST", values: { detail: number || (identifier.split(",")[0] ?? "") } };
}
