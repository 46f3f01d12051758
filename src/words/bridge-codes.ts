/** The codes of a {@link BridgeError}. */
export type BridgeErrorCode =
  | "POWERSHELL_NOT_FOUND"
  | "POWERSHELL_NOT_STARTED"
  | "POWERSHELL_BLOCKED"
  | "CONSTRAINED_LANGUAGE"
  | "DYNAMIC_CODE_BLOCKED"
  | "MODULE_NOT_FOUND"
  | "MODULE_MISMATCH"
  | "MODULE_BROKEN"
  | "SERVICE_UNAVAILABLE"
  | "HOST_EXITED"
  | "TIMEOUT"
  | "PROTOCOL"
  | "UNSUPPORTED"
  | "CLOSED";

/** All codes of a BridgeError. */
export const BRIDGE_ERROR_CODES: readonly string[] = Object.keys({
  POWERSHELL_NOT_FOUND: true,
  POWERSHELL_NOT_STARTED: true,
  POWERSHELL_BLOCKED: true,
  CONSTRAINED_LANGUAGE: true,
  DYNAMIC_CODE_BLOCKED: true,
  MODULE_NOT_FOUND: true,
  MODULE_MISMATCH: true,
  MODULE_BROKEN: true,
  SERVICE_UNAVAILABLE: true,
  HOST_EXITED: true,
  TIMEOUT: true,
  PROTOCOL: true,
  UNSUPPORTED: true,
  CLOSED: true,
} satisfies Record<BridgeErrorCode, true>);
