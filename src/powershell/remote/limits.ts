import type { FlowLimits } from "../flow.js";
import type { HostStart } from "../start.js";

/**
 * For a host that might be hostile: enough for the description of a thousand jobs with their files, for the greeting of a shell, and in all
 * for tens of thousands of jobs.
 */
export const REMOTE_LIMITS: FlowLimits = { line: 2 ** 24, unasked: 2 ** 16, asked: 2 ** 24 + 2 ** 16, total: 2 ** 26 };

/** The codes that have words of their own for a PowerShell on another computer. */
export const REMOTE_WORDS: HostStart["worded"] = [
  "host",
  ["POWERSHELL_NOT_FOUND", "POWERSHELL_BLOCKED", "CONSTRAINED_LANGUAGE", "MODULE_NOT_FOUND", "TIMEOUT"],
];
