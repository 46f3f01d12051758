import { readFileSync } from "node:fs";
import type { BridgeErrorCode } from "../words/bridge-codes.js";
import type { BridgeFailure } from "../words/errors.js";
import { isThere } from "./locate.js";

/** The codes of Windows if a policy or security software forbids a program. Node has no names for them. */
const FORBIDDEN: readonly string[] = ["UNKNOWN", "EPERM"];

/** Whether a file is a Windows program, from its first two bytes. */
function isProgram(path: string): boolean {
  try {
    return readFileSync(path).toString("latin1", 0, 2) === "MZ";
  } catch {
    return false;
  }
}

/** The reason why PowerShell did not start, from the error of the system or of Node. */
export function startFailure(
  cause: NodeJS.ErrnoException,
  executable: string,
): [BridgeErrorCode, Omit<BridgeFailure, "outcome">] {
  const { code = cause.name } = cause;
  const details = { cause, values: { path: executable, systemCode: code } };
  if (code === "ENOENT" && !isThere(executable)) {
    return ["POWERSHELL_NOT_FOUND", details];
  }
  if (code === "ERR_ACCESS_DENIED") {
    return ["POWERSHELL_NOT_STARTED", { ...details, feature: "permission" }];
  }
  // A valid program that may not run.
  const forbidden = process.platform === "win32" && FORBIDDEN.includes(code) && isProgram(executable);
  return [forbidden ? "POWERSHELL_BLOCKED" : "POWERSHELL_NOT_STARTED", details];
}
