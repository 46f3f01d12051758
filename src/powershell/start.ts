import type { BridgeErrorCode } from "../words/bridge-codes.js";
import type { BridgeFailure } from "../words/errors.js";
import type { Values } from "../words/messages.js";
import type { FlowLimits } from "./flow.js";
import type { HostExit, HostRun, Program } from "./process.js";

/** The code and the details of a failure, without its outcome, which depends on what was sent. */
export type Cause = readonly [BridgeErrorCode, Omit<BridgeFailure, "outcome">];

/** What is known about a host that ended. */
export interface HostEnd extends HostExit {
  readonly isReady: boolean;
  /** The last lines on its standard error. */
  readonly stderr: readonly string[];
}

/** A way to start a host. The rest is the same for each: the channel, the diagnostics, and the life of the process. */
export interface HostStart {
  readonly program: Program;
  /** Runs the program for this host. Default: starts a process. */
  readonly run?: (() => HostRun) | undefined;
  /** The text that begins each answer. */
  readonly marker: string;
  /** What PowerShell reads first. */
  readonly input: string;
  /** The SHA-256 of the module, if it is known before it answers. */
  readonly moduleSha256?: string | undefined;
  /** The folder of the module, for messages. */
  readonly moduleFolder: string;
  /** The values that messages of this host might need. */
  readonly values: Values;
  readonly limits: FlowLimits;
  /** The codes with words of their own for this kind of host, and the name of these words. */
  readonly worded?: readonly [feature: string, codes: readonly BridgeErrorCode[]] | undefined;
  /** A request in the form in which it is written. */
  readonly form: (line: string) => string;
  readonly causeOfStart: (error: NodeJS.ErrnoException) => Cause;
  readonly causeOfEnd: (end: HostEnd) => Cause;
}
