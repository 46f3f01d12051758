import { StringDecoder } from "node:string_decoder";
import type { HostExit, Program } from "../../src/powershell/process.js";

// Takes the place of src/powershell/process.ts in a test: what ssh would print comes from a function.

/** What a far side prints for a request, or at its start: on its standard output in pieces, and on its standard error. */
export interface Said {
  readonly pieces: readonly Buffer[];
  readonly stderr?: string | undefined;
  /** The code with which ssh then exits. */
  readonly exitCode?: number | undefined;
}

export type FarSide = (request: Request | undefined, marker: string) => Said;

export interface Request {
  readonly id: number;
  readonly method: string;
  readonly params: { readonly jobIds?: readonly string[] };
}

/** What each host prints, by its name. */
export const farSides = new Map<string, FarSide>();

/** How much all hosts have printed. */
export const printed = { characters: 0 };

/** A process of ssh in memory: its executable names the far side. */
export class HostProcess {
  readonly pid = 1;
  readonly exit: Promise<HostExit>;
  readonly #say: FarSide;
  #marker: string | undefined;
  #onOut: (text: string) => void = () => {};
  #onError: (text: string) => void = () => {};
  #exit!: (exit: HostExit) => void;
  #isOver = false;
  readonly #decoder = new StringDecoder("utf8");

  constructor({ executable }: Program) {
    this.#say = farSides.get(executable) as FarSide;
    this.exit = new Promise((resolve) => {
      this.#exit = resolve;
    });
  }

  onOutput(stdout: (text: string) => void, stderr: (text: string) => void): void {
    this.#onOut = stdout;
    this.#onError = stderr;
  }

  write(text: string): void {
    const isStart = this.#marker === undefined;
    this.#marker ??= /\$m = '(\w+)' \+ '(\w+)'/.exec(text)?.slice(1).join("") ?? "";
    const said = this.#say(isStart ? undefined : JSON.parse(text), this.#marker);
    setImmediate(() => this.#print(said));
  }

  end(): void {
    setImmediate(() => this.#close(0));
  }

  kill(): void {
    this.#close(undefined);
  }

  keepAlive(): void {}

  #print({ pieces, stderr, exitCode }: Said): void {
    if (stderr && !this.#isOver) {
      this.#onError(stderr);
    }
    for (const piece of pieces) {
      if (!this.#isOver) {
        printed.characters += piece.length;
        this.#onOut(this.#decoder.write(piece));
      }
    }
    if (exitCode !== undefined) {
      this.#close(exitCode);
    }
  }

  #close(exitCode: number | undefined): void {
    this.#isOver = true;
    this.#exit({ exitCode, error: undefined });
  }
}
