import type { BridgeErrorCode } from "../../words/bridge-codes.js";
import type { Values } from "../../words/messages.js";
import { DAMAGED } from "../damaged.js";

/** The numbers of WSMan and of Windows with which a session fails to open, by what they mean. An error without a name has only the number. */
const NUMBERS: Readonly<Partial<Record<BridgeErrorCode, readonly number[]>>> = {
  HOST_UNREACHABLE: [53, -2144108103, -2144108526, -2144108250],
  HOST_LOGON_REFUSED: [5, 1311, 1312, 1326, -2144108274, -2144108315],
  HOST_NOT_TRUSTED: [-2144108316, -2144108276, -2144108318, -2146893053, -2144108101],
  REMOTING_OFF: [-2144108269, -2144108270, -2144108176, -2144108061, -2144108116, -2144108539, -2144108065],
  ENDPOINT_NOT_FOUND: [-2144108485, -2144108542],
  HOST_LOST: [995, 1115, 14, -2144108453],
};

/** The names that PowerShell gives to these errors: the first part of the identifier. */
const NAMES: Readonly<Partial<Record<BridgeErrorCode, readonly string[]>>> = {
  HOST_UNREACHABLE: ["NetworkPathNotFound", "ComputerNotFound", "CannotConnect", "WinRMOperationTimeout"],
  HOST_LOGON_REFUSED: [
    "AccessDenied",
    "AuthenticationFailed",
    "LogonFailure",
    "InvalidAuthentication",
    "ExplicitCredentialsRequired",
  ],
  HOST_NOT_TRUSTED: [
    "ServerNotTrusted",
    "WorkgroupCannotUseKerberos",
    "ClientKerberosDisabled",
    "TargetUnknown",
    "CannotUseIPAddress",
  ],
  REMOTING_OFF: [
    "URLNotAvailable",
    "CannotConnectWinRMService",
    "WinRMHttpError",
    "RemoteConnectionDisallowed",
    "RemoteSessionDisallowed",
    "CorruptedWinRMConfig",
    "CannotConnectRunAsFailed",
  ],
  ENDPOINT_NOT_FOUND: ["InvalidResourceUri"],
  HOST_LOST: [
    "WinRMOperationAborted",
    "ShutDownInProgress",
    "ServerOutOfMemory",
    "CannotConnectTargetSessionDoesNotExist",
  ],
};

/** The failure of a session, as the relay reports it. */
export const REMOTING_FAILURE = /^BackgroundCopyRemoting (\S+) (.*)$/;

function find<T>(
  table: Readonly<Partial<Record<BridgeErrorCode, readonly T[]>>>,
  value: T,
): BridgeErrorCode | undefined {
  const entries = Object.entries(table) as [BridgeErrorCode, readonly T[]][];
  return entries.find(([, values]) => values.includes(value))?.[0];
}

/** What an identifier of the relay means; undefined for any other identifier. */
export function readRemotingFailure(
  id: string,
): { readonly code: BridgeErrorCode; readonly values: Values } | undefined {
  const [, number = "", identifier = ""] = REMOTING_FAILURE.exec(id) ?? [];
  if (!number) {
    return undefined;
  }
  if (identifier.startsWith(DAMAGED)) {
    return { code: "PROTOCOL", values: {} };
  }
  const [name = ""] = identifier.split(",");
  const code = find(NUMBERS, Number(number)) ?? find(NAMES, name) ?? "HOST_LOST";
  return { code, values: { detail: name || number } };
}
