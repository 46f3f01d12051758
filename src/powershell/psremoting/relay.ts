import { Diagnostics, KEPT_CHARACTERS } from "../diagnostics.js";
import { lineReader } from "../lines.js";
import { endGently, HostProcess, type HostExit, type Program } from "../process.js";
import { REMOTE_LIMITS } from "../remote/limits.js";
import { RelayedHost } from "./relayed-host.js";

/** How the relay starts. */
export interface RelayStart {
  readonly program: Program;
  /** The text that begins each line of the relay. */
  readonly marker: string;
  /** What PowerShell reads first. */
  readonly input: string;
}

/** A module that is sent as text. */
export interface ModuleText {
  readonly sha256: string;
  readonly text: string;
}

/** PowerShell could not start the relay, with or without the environment that contains the marker. */
const FAILED = / failed \w+Language \d/;

/** More than the longest line of a host, for what precedes it. */
const LONGEST_LINE = REMOTE_LIMITS.line + 2 ** 10;

/** One PowerShell on this computer that relays to many hosts. Each line to and from it contains the number of a host. */
export class Relay {
  readonly #start: RelayStart;
  readonly #process: HostProcess;
  readonly #hosts = new Map<number, RelayedHost>();
  readonly #busy = new Set<number>();
  readonly #sentModules = new Set<string>();
  readonly #said = new Diagnostics();
  /** What is written as soon as the relay is ready, with the number of its host: until then, nothing is given to PowerShell. */
  #waiting: [number, string][] | undefined = [];
  #lastNumber = 0;
  #isOver = false;

  constructor(start: RelayStart) {
    this.#start = start;
    this.#process = new HostProcess(start.program);
    this.#process.onOutput(
      lineReader((line) => this.#onLine(line), LONGEST_LINE),
      lineReader((line) => this.#onNoise(line), KEPT_CHARACTERS),
    );
    void this.#process.exit.then((exit) => this.#onExit(exit));
    this.#process.write(start.input);
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Whether it takes no more hosts. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** A channel to a host, which needs this module if one is sent. */
  open(module: ModuleText | undefined): RelayedHost {
    const number = ++this.#lastNumber;
    const host = new RelayedHost({
      pid: this.pid,
      marker: this.#start.marker,
      write: (text) => this.#write(number, text),
      keepAlive: (yes) => this.#keepAlive(number, yes),
      onEnd: () => this.#forget(number),
    });
    this.#hosts.set(number, host);
    this.#keepAlive(number, true);
    if (module && !this.#sentModules.has(module.sha256)) {
      this.#sentModules.add(module.sha256);
      this.#write(0, `module ${module.sha256} ${module.text.split("\n").length - 1}\n${module.text}`);
    }
    return host;
  }

  /** Ends the relay, and with it the sessions. */
  async close(): Promise<void> {
    this.#isOver = true;
    await endGently(this.#process);
  }

  #write(number: number, text: string): void {
    if (this.#waiting) {
      this.#waiting.push([number, text]);
    } else {
      this.#process.write(`${number} ${text}`);
    }
  }

  #keepAlive(number: number, yes: boolean): void {
    const wasBusy = this.#busy.size > 0;
    yes ? this.#busy.add(number) : this.#busy.delete(number);
    const isBusy = this.#busy.size > 0;
    if (isBusy !== wasBusy) {
      this.#process.keepAlive(isBusy);
    }
  }

  /** A host has ended. */
  #forget(number: number): void {
    this.#hosts.delete(number);
    this.#keepAlive(number, false);
    if (this.#waiting) {
      // It gave up, so this PowerShell might never become ready, and the next host gets another one.
      this.#waiting = this.#waiting.filter(([of]) => of !== number);
      this.#isOver = true;
    }
    if (this.#isOver && this.#hosts.size === 0) {
      this.#waiting ? this.#process.kill() : this.#process.end();
    }
  }

  #onLine(line: string): void {
    const start = line.indexOf(this.#start.marker);
    const message = start === -1 ? "" : line.slice(start + this.#start.marker.length);
    if (this.#waiting === undefined) {
      const [, number, kind, text = ""] = /^(\d+) (out|end) (.*)$/.exec(message) ?? [];
      const host = this.#hosts.get(Number(number));
      if (kind === undefined) {
        this.#onNoise(line);
      } else if (kind === "out") {
        host?.out(text);
      } else {
        host?.ended(text);
      }
    } else if (message === " ready") {
      const waiting = this.#waiting;
      this.#waiting = undefined;
      this.#said.dataFollows();
      for (const [number, text] of waiting) {
        this.#write(number, text);
      }
    } else {
      // No host is connected yet, so this output concerns each of them: above all, the reason why PowerShell can't start.
      this.#isOver ||= FAILED.test(line);
      this.#hosts.forEach((host) => {
        host.said(line);
      });
    }
  }

  /** Output that belongs to no host. It is only of interest if this PowerShell ends. */
  #onNoise(line: string): void {
    this.#said.keep(line);
  }

  #onExit(exit: HostExit): void {
    this.#isOver = true;
    this.#waiting = undefined;
    for (const host of this.#hosts.values()) {
      host.lost(exit, this.#said.lines);
    }
    this.#process.keepAlive(false);
  }
}

/** The relay for the hosts of an engine: started for the first host, and again for the next one if it has ended. */
export class SharedRelay {
  readonly start: RelayStart;
  #relay: Relay | undefined;

  constructor(start: RelayStart) {
    this.start = start;
  }

  open(module: ModuleText | undefined): RelayedHost {
    if (!this.#relay || this.#relay.isOver) {
      this.#relay = new Relay(this.start);
    }
    return this.#relay.open(module);
  }

  async close(): Promise<void> {
    await this.#relay?.close();
  }
}
