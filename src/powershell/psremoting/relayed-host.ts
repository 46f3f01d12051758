import type { HostExit, HostRun } from "../process.js";

/** What a host uses of the relay. */
export interface HostChannel {
  readonly pid: number | undefined;
  readonly marker: string;
  readonly write: (text: string) => void;
  readonly keepAlive: (yes: boolean) => void;
  readonly onEnd: () => void;
}

type Read = (text: string) => void;

/** A session of the relay, which stands for a process. */
export class RelayedHost implements HostRun {
  readonly exit: Promise<HostExit>;
  readonly #channel: HostChannel;
  #onExit!: (exit: HostExit) => void;
  #isOver = false;
  #read: Read = () => {};
  #readError: Read = () => {};

  constructor(channel: HostChannel) {
    this.#channel = channel;
    this.exit = new Promise((resolve) => {
      this.#onExit = resolve;
    });
  }

  get pid(): number | undefined {
    return this.#channel.pid;
  }

  onOutput(stdout: Read, stderr: Read): void {
    this.#read = stdout;
    this.#readError = stderr;
  }

  write(text: string): void {
    if (!this.#isOver) {
      this.#channel.write(text);
    }
  }

  end(): void {
    this.write("close\n");
  }

  /** The session ends by itself, which might take long if the host hangs: nobody waits for it. */
  kill(): void {
    this.write("kill\n");
    this.#over({ exitCode: undefined, error: undefined });
  }

  keepAlive(yes: boolean): void {
    if (!this.#isOver) {
      this.#channel.keepAlive(yes);
    }
  }

  /** A line of the host. */
  out(text: string): void {
    this.#read(`${this.#channel.marker}${text}\n`);
  }

  /** The session has ended, with a failure or as it should. */
  ended(failure: string): void {
    if (failure) {
      this.#readError(`${failure}\n`);
    }
    this.#over({ exitCode: undefined, error: undefined });
  }

  /** A line of the relay, before it relays. */
  said(line: string): void {
    this.#read(`${line}\n`);
  }

  /** The relay has ended. */
  lost(exit: HostExit, lines: readonly string[]): void {
    for (const line of lines) {
      this.#readError(`${line}\n`);
    }
    this.#over(exit);
  }

  #over(exit: HostExit): void {
    if (!this.#isOver) {
      this.#isOver = true;
      this.#onExit(exit);
      this.#channel.onEnd();
    }
  }
}
