import type { ConnectOptions } from "../connect.js";
import type { BackgroundCopyFleet, FleetOptions } from "../fleet.js";
import type { BackgroundCopyManager } from "../manager.js";
import type { LocalizedError } from "../words/errors.js";
import type { Language, Values } from "../words/messages.js";
import { adviceOf, diagnosticLines } from "./error-words.js";
import { toJson } from "./json.js";
import { shownOn, styled, widthOf, wrapped, type Output, type Style } from "./output.js";
import { printableSentence } from "./printable.js";
import { wordsOf } from "./words.js";

/** The options of all commands. */
export interface GlobalOptions {
  readonly service?: ConnectOptions["service"];
  readonly executable?: string | undefined;
  readonly modulePath?: string | undefined;
  readonly json?: boolean | undefined;
}

/** The environment of a command line: the process of a shell, or a test. */
export interface Surroundings {
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stdout: Output;
  readonly stderr: Output;
  /** Aborted when the user presses Ctrl+C. */
  readonly signal: AbortSignal;
  connect(options: ConnectOptions): Promise<BackgroundCopyManager>;
  connectFleet(options: FleetOptions): Promise<BackgroundCopyFleet>;
}

/** The context of a command: the caller's language, and the streams. Text is for people, JSON for programs. */
export class Terminal {
  readonly language: Language;
  readonly json: boolean;
  readonly #surroundings: Surroundings;

  constructor(language: Language, { json = false }: GlobalOptions, surroundings: Surroundings) {
    this.language = language;
    this.json = json;
    this.#surroundings = surroundings;
  }

  /** Ends the wait when the user presses Ctrl+C. */
  get signal(): AbortSignal {
    return this.#surroundings.signal;
  }

  get stdout(): Output {
    return this.#surroundings.stdout;
  }

  get stderr(): Output {
    return this.#surroundings.stderr;
  }

  get stdin(): Surroundings["stdin"] {
    return this.#surroundings.stdin;
  }

  /** The maximum width of a line of the result: output that does not go to a terminal is not truncated. */
  get width(): number {
    return widthOf(this.stdout);
  }

  /** The maximum width of a line that is not part of the result. */
  get widthOfNotes(): number {
    return widthOf(this.stderr);
  }

  /** Whether a user can answer questions. */
  get isInteractive(): boolean {
    return !this.json && Boolean(this.stdin.isTTY && this.stderr.isTTY);
  }

  words(key: string, values?: Values): string {
    return wordsOf(this.language, key, values);
  }

  /** A label and its text, with the punctuation of the language. */
  labeled(label: string, text: string): string {
    return `${label}${this.words("afterLabel")}${text}`;
  }

  /** Colored text, if it goes to a terminal with colors. */
  style(style: Style, text: string): string {
    return styled(style, text);
  }

  connect({ service, executable, modulePath }: GlobalOptions): Promise<BackgroundCopyManager> {
    const { locale } = this.language;
    return this.#surroundings.connect({ service, executable, modulePath, locale, signal: this.signal });
  }

  connectFleet(options: FleetOptions): Promise<BackgroundCopyFleet> {
    return this.#surroundings.connectFleet(options);
  }

  /** Connects for a command that uses existing jobs, and reports it if the service can't have any. */
  connectToJobs(options: GlobalOptions): Promise<BackgroundCopyManager> {
    if (options.service === "embedded") {
      this.note(this.words("jobsOfAnother", { service: options.service }));
    }
    return this.connect(options);
  }

  /** Writes a line for people. */
  line(line: string): void {
    if (!this.json) {
      this.#write(this.stdout, line);
    }
  }

  /** Writes a line for people that is not part of the result. */
  note(line: string): void {
    if (!this.json) {
      this.#write(this.stderr, line);
    }
  }

  /** Reports an error, the recommended action, and further help to people. */
  complain(error: LocalizedError): void {
    const { code, message, helpUrl } = error;
    const advice = adviceOf(this.language, error);
    this.note(this.labeled(code, printableSentence(message)));
    for (const line of [advice, helpUrl && this.words("explain.page", { page: helpUrl })]) {
      if (line) {
        this.note(line);
      }
    }
    for (const line of diagnosticLines(this.language, error)) {
      this.note(line);
    }
  }

  /** Writes a single document for programs. */
  document(value: unknown): void {
    if (this.json) {
      this.stdout.write(`${toJson(value, 2)}\n`);
    }
  }

  /** Writes one of several documents, on its own line. */
  documentLine(value: unknown): void {
    if (this.json) {
      this.stdout.write(`${toJson(value)}\n`);
    }
  }

  #write(output: Output, line: string): void {
    for (const part of wrapped(line, widthOf(output))) {
      output.write(`${shownOn(output, part)}\n`);
    }
  }
}
