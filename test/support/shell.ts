import { PassThrough, Writable } from "node:stream";
import { WriteStream } from "node:tty";
import { runCommandLine } from "../../src/cli/command-line.js";
import { BackgroundCopyFleet } from "../../src/fleet.js";
import type { ConnectOptions, BackgroundCopyManager } from "../../src/index.js";
import type { FleetEngine } from "../../src/port/engine.js";
import { TestClock, type TestService } from "../../src/testing.js";
import { fleetOver } from "./fleet-over.js";
import { MemoryFleet } from "./memory-fleet.js";

/** Time stands still until the test advances it; only the intervals of a watch occur on their own, and soon. */
export class WatchClock extends TestClock {
  override startTimer(delayInMs: number, callback: () => void): () => void {
    const isTick = delayInMs <= 1_000;
    const timer = setTimeout(callback, isTick ? 10 : delayInMs);
    return () => clearTimeout(timer);
  }
}

/** The output of a stream of a command line. With a size, it is a terminal. */
class Screen extends Writable {
  readonly isTTY: boolean;
  readonly columns?: number;
  readonly rows?: number;
  readonly #onText: (text: string) => void;

  constructor(window: Window | undefined, onText: (text: string) => void) {
    super({ decodeStrings: false });
    this.isTTY = window !== undefined;
    Object.assign(this, window);
    this.#onText = onText;
  }

  /** As a real terminal reports; of the environment of the tests, only NO_COLOR counts. */
  getColorDepth(): number {
    const { NO_COLOR } = process.env;
    return WriteStream.prototype.getColorDepth.call(this, { TERM: "xterm-256color", NO_COLOR });
  }

  override _write(chunk: string, _encoding: BufferEncoding, done: () => void): void {
    this.#onText(chunk);
    done();
  }
}

export interface Window {
  readonly columns: number;
  readonly rows: number;
}

export const END_OF_INPUT = "\u0004";

export interface ShellOptions {
  /** The window of the command line; without one, its streams are pipes. */
  readonly window?: Window | undefined;
  /** Whether the output goes to a file, also where there is a window. */
  readonly redirected?: boolean;
  /** The hosts of a fleet. */
  readonly fleet?: MemoryFleet;
  /** Reaches the hosts of a fleet, instead of `fleet`. */
  readonly engine?: FleetEngine;
  /** Ctrl+C. */
  readonly signal?: AbortSignal;
  /** Called with the output; the returned text is typed, and {@link END_OF_INPUT} is Ctrl+D. */
  onOutput?(text: string): string | undefined | Promise<string | undefined>;
}

export interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Both streams and the input, as a window shows them. */
  readonly output: string;
}

/**
 * A manager whose service reports what is true for the test's service: the jobs outlive each command line, like those of Windows. Only
 * the embedded service, by that name, is unchanged.
 */
async function connectTo(service: TestService, options: ConnectOptions): Promise<BackgroundCopyManager> {
  const manager = await service.connect({ locale: options.locale });
  if (options.service === "embedded") {
    return manager;
  }
  return Object.defineProperties(manager, {
    service: { value: options.service ?? manager.service },
    capabilities: { value: { ...manager.capabilities, jobsOutliveTheHost: true } },
  });
}

/** Runs a command line in this process, because the jobs of the service exist only here. */
export async function runInShell(
  service: TestService,
  argv: readonly string[],
  {
    window,
    redirected = false,
    signal = new AbortController().signal,
    onOutput,
    fleet = new MemoryFleet(),
    engine = fleet.engine(),
  }: ShellOptions = {},
): Promise<Ran> {
  const stdin = Object.assign(new PassThrough(), { isTTY: window !== undefined });
  const shown = { stdout: "", stderr: "", output: "" };
  const type = (typed: string | undefined) => {
    if (typed === END_OF_INPUT) {
      stdin.end();
    } else if (typed) {
      shown.output += typed;
      stdin.write(typed);
    }
  };
  const screen = (name: "stdout" | "stderr", shownIn?: Window) =>
    new Screen(shownIn, (text) => {
      shown[name] += text;
      shown.output += text;
      void Promise.resolve(onOutput?.(text)).then(type);
    });
  const exitCode = await runCommandLine(argv, {
    stdin,
    stdout: screen("stdout", redirected ? undefined : window),
    stderr: screen("stderr", window),
    signal,
    connect: (options) => connectTo(service, options),
    connectFleet: (options) => fleetOver(BackgroundCopyFleet, engine, options),
  });
  return { exitCode, ...shown };
}
