import { BackgroundCopyError, BridgeError } from "../errors.js";
import type { ConnectOptions } from "../open-session.js";
import { text, type Language, type Values } from "../messages.js";

/** The options that every command takes. */
export interface GlobalOptions {
  readonly service?: ConnectOptions["service"];
  readonly executable?: string | undefined;
  readonly modulePath?: string | undefined;
  readonly json?: boolean | undefined;
}

/** How a command ended. */
export const ExitCode = {
  done: 0,
  /** The service refused at least one job. */
  refused: 1,
  usage: 2,
  /** The bridge could not start. */
  notStarted: 3,
  /** The bridge failed midway, and the outcome is unknown. */
  unknown: 4,
  interrupted: 130,
} as const;

/** What a command works with: its caller's language, and the two streams. Words go to people, one JSON document to programs. */
export class Terminal {
  readonly language: Language;
  readonly json: boolean;
  /** Ends what is waited for when the user presses Ctrl+C. */
  readonly signal: AbortSignal;

  constructor(language: Language, { json = false }: GlobalOptions, signal: AbortSignal) {
    this.language = language;
    this.json = json;
    this.signal = signal;
  }

  words(key: string, values?: Values): string {
    return text(this.language, key, values, "cli");
  }

  /** Writes a line for people. */
  line(line: string): void {
    if (!this.json) {
      process.stdout.write(`${line}\n`);
    }
  }

  /** Writes a line for people that is not the result. */
  note(line: string): void {
    if (!this.json) {
      process.stderr.write(`${line}\n`);
    }
  }

  /** Writes the one document for programs. */
  document(value: unknown): void {
    if (this.json) {
      process.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`);
    }
  }
}

/** The connect options that the command line gives. */
export function connectOptions(
  { language, signal }: Terminal,
  { service, executable, modulePath }: GlobalOptions,
): ConnectOptions {
  return { service, executable, modulePath, locale: language.locale, signal };
}

/** The exit code for an error that ended a command. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof BackgroundCopyError) {
    return ExitCode.refused;
  }
  if (error instanceof BridgeError) {
    return error.outcome === "not sent" ? ExitCode.notStarted : ExitCode.unknown;
  }
  return error instanceof TypeError ? ExitCode.usage : ExitCode.unknown;
}
