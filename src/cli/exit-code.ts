import { BackgroundCopyError, BridgeError } from "../words/errors.js";

/** The result of a command. */
export const ExitCode = {
  done: 0,
  /** The service refused the request for at least one job, or a job that the command waited for was not transferred. */
  refused: 1,
  usage: 2,
  /** The bridge could not start. */
  notStarted: 3,
  /** The bridge failed midway, and the outcome is unknown. */
  unknown: 4,
  /** Success with a warning: a method succeeded, but something was not done. */
  partly: 5,
  /** Ctrl+C, or the user answered no. */
  interrupted: 130,
} as const;

/** An invalid command line. */
export class UsageError extends TypeError {}

/** Something that the command needs on this system was not available: a folder, a port. Nothing was sent. */
export class SetUpError extends Error {}

/** The exit code for an error that ended a command. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof BackgroundCopyError) {
    return ExitCode.refused;
  }
  if (error instanceof BridgeError) {
    return error.outcome === "not sent" ? ExitCode.notStarted : ExitCode.unknown;
  }
  if (error instanceof SetUpError) {
    return ExitCode.notStarted;
  }
  return error instanceof TypeError ? ExitCode.usage : ExitCode.unknown;
}

/** The exit code for a result: a success with a warning must not go unnoticed. */
export function exitCodeOfResult({ warning }: { readonly warning: boolean }): number {
  return warning ? ExitCode.partly : ExitCode.done;
}

// From best to worst.
const BY_SEVERITY: readonly number[] = [
  ExitCode.done,
  ExitCode.partly,
  ExitCode.refused,
  ExitCode.usage,
  ExitCode.notStarted,
  ExitCode.unknown,
];

/** The exit code for the outcomes of several jobs: the worst one counts. */
export function worstExitCode(codes: readonly number[]): number {
  return BY_SEVERITY[Math.max(0, ...codes.map((code) => BY_SEVERITY.indexOf(code)))] ?? ExitCode.done;
}
