import type { ChildProcess, SpawnOptions } from "node:child_process";
import type { Socket } from "node:net";
import { dirname } from "node:path";
import { PassThrough } from "node:stream";
// The timers of a browser window are numbers, which can neither keep Node alive nor let it exit.
import { clearTimeout, setTimeout } from "node:timers";
import { PowerShell } from "node-powershell";

/** The program to start: PowerShell, or one that starts a PowerShell on another computer. */
export interface Program {
  readonly executable: string;
  readonly arguments: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
}

/** How a process ended: `error` if it never started. */
export interface HostExit {
  readonly exitCode: number | undefined;
  readonly error: NodeJS.ErrnoException | undefined;
}

/** A running process, or what stands for one: the part of a process that works for one of many hosts. */
export interface HostRun {
  readonly pid: number | undefined;
  /** Resolves when the process has ended and all its output has been read. */
  readonly exit: Promise<HostExit>;
  /** Calls back with the output of the process as it arrives. */
  onOutput(stdout: (text: string) => void, stderr: (text: string) => void): void;
  write(text: string): void;
  /** Closes the input: the process ends on its own after its current work. */
  end(): void;
  kill(): void;
  /** Whether the process and its pipes keep Node alive. */
  keepAlive(yes: boolean): void;
}

const CLOSE_GRACE_IN_MS = 5000;

/** Ends a process after its current work, or by force if that takes too long. */
export async function endGently(run: HostRun): Promise<void> {
  // An idle process does not keep Node alive, but a caller that waits for its end must see it.
  run.keepAlive(true);
  run.end();
  const forced = setTimeout(() => run.kill(), CLOSE_GRACE_IN_MS);
  await run.exit;
  clearTimeout(forced);
}

// node-powershell trusts NODE_POWERSHELL and the PATH; here, only the path that was found is started.
class FixedPowerShell extends PowerShell {
  protected override setExecutable({ executable }: { executable?: string }): string {
    return executable as string;
  }

  /** The process itself, which node-powershell 5.0.1 does not expose. Needed to end it, and to let Node exit while it is idle. */
  get child(): ChildProcess {
    return (this as unknown as { process: ChildProcess }).process;
  }

  /** The end of the process as node-powershell sees it. It rejects for a failed process, and an unhandled rejection ends Node. */
  get ended(): Promise<unknown> {
    return (this as unknown as { exitPromise: Promise<unknown> }).exitPromise;
  }
}

/** The members of node-powershell 5.0.1 that have to be different here. It assumes that a started process has streams. */
interface Inner {
  readonly process: ChildProcess;
  setExecutableOptions(options: { readonly given: readonly string[] }): readonly string[];
  readonly spawnOptions: SpawnOptions;
  setInvocationQueue(): unknown;
  streams: Record<"stdin" | "stdout" | "stderr", unknown>;
  setProcessExitListeners(): Promise<unknown>;
}
const inherited = PowerShell.prototype as unknown as Inner;
const silent = () => {};
Object.assign(FixedPowerShell.prototype, {
  // With DEBUG, it logs to stdout, in between the caller's own output. trace.ts reports hosts instead.
  setDebuggers: () => ({ comment: silent, command: silent, output: silent }),
  // It only knows the arguments of PowerShell, and adds some of its own.
  setExecutableOptions: ({ given }: { readonly given: readonly string[] }) => given,
  // Called between its options and the start. node-powershell starts a process in the session of the caller; on other systems than Windows,
  // the signals of the caller's terminal would then reach it and stop the request loop. It still ends with its standard input.
  setInvocationQueue(this: Inner) {
    this.spawnOptions.detached = process.platform !== "win32";
    return inherited.setInvocationQueue.call(this);
  },
  // If the system has no file descriptors left, a process has no streams. An event reports that it did not start.
  setProcessExitListeners(this: Inner) {
    if (!this.process.stdin) {
      this.streams = { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() };
    }
    return inherited.setProcessExitListeners.call(this);
  },
});

const PIPES_GRACE_IN_MS = 1000;

/** A running process that reads from its standard input, owned by node-powershell. */
export class HostProcess implements HostRun {
  readonly exit: Promise<HostExit>;
  readonly #shell: FixedPowerShell;

  constructor(program: Program) {
    const { executable, environment } = program;
    const options = {
      executable,
      given: program.arguments,
      spawnOptions: {
        env: environment,
        // The caller's working folder could contain files that Windows finds before its own.
        cwd: dirname(executable),
        // On Windows, this also gives the process a separate console, so that Ctrl+C in the caller's console does not reach it.
        windowsHide: true,
      },
    };
    const shell = new FixedPowerShell(options);
    this.#shell = shell;
    shell.ended.catch(() => {});
    for (const stream of Object.values(shell.streams)) {
      stream.on("error", silent);
    }
    this.exit = new Promise((resolve) => {
      let grace: NodeJS.Timeout | undefined;
      const later = (act: () => void) => {
        clearTimeout(grace);
        grace = setTimeout(act, PIPES_GRACE_IN_MS).unref();
      };
      const end = (code: number | null, error?: NodeJS.ErrnoException) => {
        clearTimeout(grace);
        resolve({ exitCode: code ?? undefined, error });
      };
      shell.child.on("error", (error) => {
        // A started process that can't be ended reports this in the same way.
        if (this.pid === undefined) {
          end(null, error);
        }
      });
      shell.child.once("close", (code) => end(code));
      // A process that PowerShell left behind might hold the pipes open, so the wait for them is short.
      shell.child.once("exit", (code) => later(() => end(code)));
      shell.streams.stdout.once("close", () => {
        // Without its output, a process can no longer answer, even if it is still running.
        if (shell.child.exitCode === null && shell.child.signalCode === null) {
          later(() => this.kill());
        }
      });
    });
  }

  get pid(): number | undefined {
    return this.#shell.child.pid;
  }

  onOutput(stdout: (text: string) => void, stderr: (text: string) => void): void {
    const { streams } = this.#shell;
    // node-powershell collects the start of stderr in its own stream and leaves the source paused when it has enough.
    streams.stderr.unpipe();
    streams.stdout.on("data", stdout).resume();
    streams.stderr.on("data", stderr).resume();
  }

  write(text: string): void {
    this.#shell.streams.stdin.write(text);
  }

  end(): void {
    this.#shell.streams.stdin.end();
  }

  kill(): void {
    this.#shell.child.kill("SIGKILL");
  }

  keepAlive(yes: boolean): void {
    if (this.pid === undefined) {
      // It never started.
      return;
    }
    const { stdin, stdout, stderr } = this.#shell.streams;
    for (const handle of [this.#shell.child, stdin as Socket, stdout as Socket, stderr as Socket]) {
      // Not every runtime has these methods on all of them.
      yes ? handle.ref?.() : handle.unref?.();
    }
  }
}
