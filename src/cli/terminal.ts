import { styleText } from "node:util";
import type { ConnectOptions } from "../connect.js";
import type { BackgroundCopyManager } from "../manager.js";
import type { LocalizedError } from "../words/errors.js";
import type { Language, Values } from "../words/messages.js";
import { adviceOf, diagnosticLines } from "./error-words.js";
import { toJson } from "./json.js";
import { wordsOf } from "./words.js";

/** The options that every command takes. */
export interface GlobalOptions {
  readonly service?: ConnectOptions["service"];
  readonly executable?: string | undefined;
  readonly modulePath?: string | undefined;
  readonly json?: boolean | undefined;
}

/** A stream that may be a terminal. */
export interface Output extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

/** What is around a command line: the process of a shell, or a test. */
export interface Surroundings {
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stdout: Output;
  readonly stderr: Output;
  /** Aborted when the user presses Ctrl+C. */
  readonly signal: AbortSignal;
  connect(options: ConnectOptions): Promise<BackgroundCopyManager>;
}

type Style = Parameters<typeof styleText>[0];

/** What a command works with: its caller's language, and the streams. Words go to people, JSON to programs. */
export class Terminal {
  readonly language: Language;
  readonly json: boolean;
  readonly #surroundings: Surroundings;

  constructor(language: Language, { json = false }: GlobalOptions, surroundings: Surroundings) {
    this.language = language;
    this.json = json;
    this.#surroundings = surroundings;
  }

  /** Ends what is waited for when the user presses Ctrl+C. */
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

  /** How wide a table may be: what is not shown on a terminal is not cut. */
  get width(): number {
    return this.stdout.isTTY ? (this.stdout.columns ?? 80) : Number.POSITIVE_INFINITY;
  }

  /** Whether there is somebody to be asked. */
  get isInteractive(): boolean {
    return !this.json && Boolean(this.stdin.isTTY && this.stderr.isTTY);
  }

  words(key: string, values?: Values): string {
    return wordsOf(this.language, key, values);
  }

  /** Text behind what it is about, with the punctuation of the language. */
  labeled(label: string, text: string): string {
    return `${label}${this.words("afterLabel")}${text}`;
  }

  /** Text in a colour, where the output is a terminal that shows some. */
  style(style: Style, text: string): string {
    return styleText(style, text, { stream: this.stdout as never });
  }

  connect({ service, executable, modulePath }: GlobalOptions): Promise<BackgroundCopyManager> {
    const { locale } = this.language;
    return this.#surroundings.connect({ service, executable, modulePath, locale, signal: this.signal });
  }

  /** Connects for a command about jobs that are there already, and says where it can't find any. */
  connectToJobs(options: GlobalOptions): Promise<BackgroundCopyManager> {
    if (options.service === "embedded") {
      this.note(this.words("jobsOfAnother", { service: options.service }));
    }
    return this.connect(options);
  }

  /** Writes a line for people. */
  line(line: string): void {
    if (!this.json) {
      this.stdout.write(`${line}\n`);
    }
  }

  /** Writes a line for people that is not the result. */
  note(line: string): void {
    if (!this.json) {
      this.stderr.write(`${line}\n`);
    }
  }

  /** Says to people what went wrong, what can be done about it, and where there is more. */
  complain(error: LocalizedError): void {
    const { code, message, helpUrl } = error;
    const advice = adviceOf(this.language, error);
    this.note(this.labeled(code, message));
    for (const line of [advice, helpUrl && this.words("explain.page", { page: helpUrl })]) {
      if (line) {
        this.note(line);
      }
    }
    for (const line of diagnosticLines(this.language, error)) {
      this.note(line);
    }
  }

  /** Writes the one document for programs. */
  document(value: unknown): void {
    if (this.json) {
      this.stdout.write(`${toJson(value, 2)}\n`);
    }
  }

  /** Writes one document of many: each is a line. */
  documentLine(value: unknown): void {
    if (this.json) {
      this.stdout.write(`${toJson(value)}\n`);
    }
  }
}
