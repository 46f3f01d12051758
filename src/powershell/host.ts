import { randomBytes } from "node:crypto";
import type { ServiceName } from "../model/services.js";
import type { MethodName, Params, Result } from "../port/protocol.js";
import { VERSION } from "../made/manifest.js";
import type { BridgeErrorCode } from "../words/bridge-codes.js";
import { BridgeError, type BridgeFailure } from "../words/errors.js";
import type { Language } from "../words/messages.js";
import { BOOTSTRAP, readImportFailure, STARTED_WITHOUT_ENVIRONMENT, type Engine } from "./bootstrap.js";
import { Channel, isAboutHost, parseMessage } from "./channel.js";
import { Diagnostics, KEPT_CHARACTERS } from "./diagnostics.js";
import { hostEnvironment } from "./environment.js";
import { lineReader } from "./lines.js";
import { moduleFolder } from "./module-path.js";
import { HostProcess, type HostExit } from "./process.js";
import { startFailure } from "./start-failure.js";
import { traceHost } from "./trace.js";

export interface HostOptions {
  readonly executable: string;
  readonly modulePath: string;
  readonly executionPolicy: "RemoteSigned" | "inherit";
  readonly service: ServiceName;
  readonly language: Language;
}

const CLOSE_GRACE_IN_MS = 5000;
/** Far more than any answer, and far less than the longest string of JavaScript. */
const LONGEST_LINE = 2 ** 27;

/** A PowerShell process that runs the request loop of the module. */
export class Host {
  /** Resolves when the host is ready for requests; rejects with a BridgeError. */
  readonly ready: Promise<void>;
  /** Resolves when the process has ended. */
  readonly ended: Promise<void>;
  readonly #options: HostOptions;
  readonly #process: HostProcess;
  readonly #channel: Channel;
  readonly #marker = randomBytes(16).toString("hex");
  readonly #diagnostics = new Diagnostics();
  readonly #started = performance.now();
  #settleReady!: { resolve: () => void; reject: (error: BridgeError) => void };
  #isReady = false;
  #engine: Engine | undefined;
  #failure: BridgeError | undefined;

  constructor(options: HostOptions) {
    this.#options = options;
    const { executable, executionPolicy, language, service } = options;
    this.ready = new Promise((resolve, reject) => {
      this.#settleReady = { resolve, reject };
    });
    this.#process = this.#start(executable, executionPolicy);
    this.#channel = new Channel({
      write: (text) => this.#process.write(text),
      language,
      values: { service, platform: process.platform },
      onTimeout: (timeoutInMs) => this.kill("TIMEOUT", { values: { seconds: timeoutInMs / 1000 } }),
      onBusy: (busy) => this.#process.keepAlive(busy),
    });
    this.#process.onOutput(
      lineReader((line) => this.#onLine(line), LONGEST_LINE),
      lineReader((line) => this.#diagnostics.keep(line), KEPT_CHARACTERS),
    );
    this.ended = this.#process.exit.then((exit) => {
      this.#process.keepAlive(false);
      this.#onExit(exit);
    });
    this.#process.write(BOOTSTRAP);
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** The first line of the host, even if it failed; undefined if there is none. */
  get engine(): Engine | undefined {
    return this.#engine;
  }

  /** The reason why this host accepts no more requests; undefined while it does. */
  get failure(): BridgeError | undefined {
    return this.#failure;
  }

  request<M extends MethodName>(
    method: M,
    params: Params<M>,
    options: { timeoutInMs: number; signal?: AbortSignal | undefined },
  ): Promise<Result<M>> {
    if (!isAboutHost(method)) {
      this.#diagnostics.dataFollows();
    }
    return this.#channel.request(method, params, options);
  }

  /** Ends the host after its current request, without waiting for it. */
  async close(): Promise<void> {
    this.#end("CLOSED");
    // An idle host does not keep Node alive, but a caller that waits for its end must see it.
    this.#process.keepAlive(true);
    this.#process.end();
    const forced = setTimeout(() => this.#process.kill(), CLOSE_GRACE_IN_MS);
    await this.ended;
    clearTimeout(forced);
  }

  /** Ends the host immediately. */
  kill(reason: BridgeErrorCode, details: Omit<BridgeFailure, "outcome"> = {}): void {
    this.#end(reason, details);
    this.#process.kill();
  }

  #start(executable: string, executionPolicy: HostOptions["executionPolicy"]): HostProcess {
    const environment = hostEnvironment({ modulePath: this.#options.modulePath, marker: this.#marker });
    try {
      return new HostProcess({ executable, environment, executionPolicy });
    } catch (cause) {
      // Some failures are thrown, and others are emitted as an event.
      throw this.#startError(...startFailure(cause as NodeJS.ErrnoException, executable));
    }
  }

  #onLine(line: string): void {
    // Another program on the same console might have left an unfinished line, and the answer then follows on it.
    const start = line.indexOf(this.#marker);
    if (start !== 0) {
      this.#diagnostics.keep(line.slice(0, start === -1 ? line.length : start));
    }
    if (start === -1) {
      if (!this.#isReady && STARTED_WITHOUT_ENVIRONMENT.test(line)) {
        this.kill("UNSUPPORTED", { feature: "environment" });
      }
      return;
    }
    const message = line.slice(start + this.#marker.length);
    try {
      if (this.#isReady) {
        this.#channel.receive(message);
      } else {
        this.#onStartLine(message);
      }
    } catch (cause) {
      // A host that answers out of turn can no longer be trusted.
      this.#diagnostics.add(`(${message.length} characters that are no answer)`);
      this.kill("PROTOCOL", { cause });
    }
  }

  #onStartLine(message: string): void {
    const [, failure] = /^ failed (.*)$/.exec(message) ?? [];
    if (failure !== undefined) {
      const { engine, code, values, said } = readImportFailure(failure, moduleFolder(this.#options.modulePath));
      said.forEach((line) => {
        this.#diagnostics.keep(line);
      });
      this.#engine = engine;
      this.kill(code, { values });
    } else {
      const { version, powershell, edition } = (parseMessage(message) as { params: Record<string, string> }).params;
      this.#engine = { version: powershell ?? "-", edition: edition ?? "-" };
      if (version === VERSION) {
        this.#isReady = true;
        const { executable } = this.#options;
        traceHost({ event: "ready", pid: this.#process.pid, executable, powershell, edition }, this.#started);
        this.#settleReady.resolve();
      } else {
        this.kill("MODULE_MISMATCH", { values: { found: version ?? "-" } });
      }
    }
  }

  #onExit({ exitCode, error }: HostExit): void {
    traceHost({ event: "exited", pid: this.#process.pid }, this.#started);
    if (error) {
      this.#end(...startFailure(error, this.#options.executable));
    } else {
      this.#end("HOST_EXITED", { values: { exitCode: exitCode ?? "?" } });
    }
  }

  /** Rejects the pending requests, with the first reason. */
  #end(reason: BridgeErrorCode, details: Omit<BridgeFailure, "outcome"> = {}): void {
    if (this.#failure === undefined) {
      this.#failure = this.#startError(reason, details);
      this.#channel.fail(reason, { diagnostics: this.#diagnostics.lines, ...details });
      this.#settleReady.reject(this.#failure);
    }
  }

  #startError(code: BridgeErrorCode, details: Omit<BridgeFailure, "outcome">): BridgeError {
    const { executable, service, language } = this.#options;
    const values = {
      path: executable,
      service,
      platform: process.platform,
      expected: VERSION,
      found: "-",
      ...details.values,
    };
    return new BridgeError(
      code,
      { diagnostics: this.#diagnostics.lines, ...details, values, outcome: "not sent" },
      language,
    );
  }
}
