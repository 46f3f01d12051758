import type { ChildProcess } from "node:child_process";
import type { Socket } from "node:net";
import { dirname } from "node:path";
import { PassThrough } from "node:stream";
// Those of a window are numbers, that can neither keep Node alive nor let it go.
import { clearTimeout, setTimeout } from "node:timers";
import { PowerShell } from "node-powershell";

export interface HostProcessOptions {
  readonly executable: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly executionPolicy: "RemoteSigned" | "inherit";
}

/** How a PowerShell process ended: `error` where it never started. */
export interface HostExit {
  readonly exitCode: number | undefined;
  readonly error: NodeJS.ErrnoException | undefined;
}

// node-powershell believes NODE_POWERSHELL and the PATH; here nothing but the path that was found is started.
class FixedPowerShell extends PowerShell {
  protected override setExecutable({ executable }: { executable?: string }): string {
    return executable as string;
  }

  /** The process itself, which node-powershell 5.0.1 keeps to itself: to end it, and to let Node go while it idles. */
  get child(): ChildProcess {
    return (this as unknown as { process: ChildProcess }).process;
  }

  /** node-powershell's own view of the end. It rejects for a failed process, and a rejection that nobody awaits ends Node. */
  get ended(): Promise<unknown> {
    return (this as unknown as { exitPromise: Promise<unknown> }).exitPromise;
  }
}

/** What node-powershell 5.0.1 calls when it has started a process, and takes for granted then. */
interface Inner {
  readonly process: ChildProcess;
  streams: Record<"stdin" | "stdout" | "stderr", unknown>;
  setProcessExitListeners(): Promise<unknown>;
}
const inherited = PowerShell.prototype as unknown as Inner;
const silent = () => {};
Object.assign(FixedPowerShell.prototype, {
  // Where DEBUG asks for it, it logs to stdout, in between the caller's own output. trace.ts tells of hosts instead.
  setDebuggers: () => ({ comment: silent, command: silent, output: silent }),
  // A process has no streams where the system has no file descriptors left for them; that it did not start, it tells in an event.
  setProcessExitListeners(this: Inner) {
    if (!this.process.stdin) {
      this.streams = { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() };
    }
    return inherited.setProcessExitListeners.call(this);
  },
});

const PIPES_GRACE_IN_MS = 1000;

/** A running PowerShell that reads commands from its standard input. */
export class HostProcess {
  /** Settles when the process has ended and everything that it wrote has been read. */
  readonly exit: Promise<HostExit>;
  readonly #shell: FixedPowerShell;

  constructor({ executable, environment, executionPolicy }: HostProcessOptions) {
    const shell = new FixedPowerShell({
      executable,
      executableOptions: {
        "-NoProfile": true,
        "-NonInteractive": true,
        ...(executionPolicy === "RemoteSigned" && { "-ExecutionPolicy": executionPolicy }),
        // PowerShell on other systems refuses to start with it.
        ...(process.platform === "win32" && { "-MTA": true }),
      },
      // A working folder of the caller's could hold files that Windows finds before its own.
      spawnOptions: { env: environment, cwd: dirname(executable), windowsHide: true },
    });
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
        // A process that has started also tells so that it can't be ended.
        if (this.pid === undefined) {
          end(null, error);
        }
      });
      shell.child.once("close", (code) => end(code));
      // A process that PowerShell left behind may hold the pipes open: they are not waited for long.
      shell.child.once("exit", (code) => later(() => end(code)));
      shell.streams.stdout.once("close", () => {
        // Without its output a process can answer nothing any more, whatever it still does.
        if (shell.child.exitCode === null && shell.child.signalCode === null) {
          later(() => this.kill());
        }
      });
    });
  }

  get pid(): number | undefined {
    return this.#shell.child.pid;
  }

  /** Calls back with what the process writes, as it comes. */
  onOutput(stdout: (text: string) => void, stderr: (text: string) => void): void {
    const { streams } = this.#shell;
    // node-powershell collects the start of stderr in a stream of its own, and leaves the source paused when it has enough.
    streams.stderr.unpipe();
    streams.stdout.on("data", stdout).resume();
    streams.stderr.on("data", stderr).resume();
  }

  write(text: string): void {
    this.#shell.streams.stdin.write(text);
  }

  /** Ends the input: the process ends by itself when it has done what it is doing. */
  end(): void {
    this.#shell.streams.stdin.end();
  }

  kill(): void {
    this.#shell.child.kill("SIGKILL");
  }

  /** Whether the process and its pipes keep Node alive. One that never started does not anyway. */
  keepAlive(yes: boolean): void {
    if (this.pid === undefined) {
      return;
    }
    const { stdin, stdout, stderr } = this.#shell.streams;
    for (const handle of [this.#shell.child, stdin as Socket, stdout as Socket, stderr as Socket]) {
      // Not every runtime has them on all of these.
      yes ? handle.ref?.() : handle.unref?.();
    }
  }
}
