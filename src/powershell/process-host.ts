import type { ServiceName } from "../model/services.js";
import type { MethodName, Params, Result } from "../port/protocol.js";
import { VERSION } from "../made/manifest.js";
import type { BridgeErrorCode } from "../words/bridge-codes.js";
import { BridgeError, type BridgeFailure } from "../words/errors.js";
import type { Language } from "../words/messages.js";
import { readImportFailure, STARTED_WITHOUT_ENVIRONMENT, type Engine } from "./bootstrap.js";
import { Channel, isAboutHost, parseMessage } from "./channel.js";
import { Diagnostics, KEPT_CHARACTERS } from "./diagnostics.js";
import { Flow } from "./flow.js";
import { lineReader } from "./lines.js";
import { endGently, HostProcess, type HostExit, type HostRun } from "./process.js";
import type { HostStart } from "./start.js";
import { traceHost } from "./trace.js";

/** The service that a host is for, and the language of its errors. */
export interface HostService {
  readonly service: ServiceName;
  readonly language: Language;
}

type Details = Omit<BridgeFailure, "outcome">;

/** A process behind which PowerShell runs the request loop of the module, on this computer or another. */
export class ProcessHost {
  /** Resolves when the host is ready for requests; rejects with a BridgeError. */
  readonly ready: Promise<void>;
  /** Resolves when the process has ended. */
  readonly ended: Promise<void>;
  readonly #start: HostStart;
  readonly #service: HostService;
  readonly #process: HostRun;
  readonly #channel: Channel;
  readonly #diagnostics = new Diagnostics();
  readonly #stderr = new Diagnostics();
  readonly #flow: Flow;
  readonly #started = performance.now();
  #settleReady!: { resolve: () => void; reject: (error: BridgeError) => void };
  #isReady = false;
  #engine: Engine | undefined;
  #failure: BridgeError | undefined;

  constructor(start: HostStart, service: HostService) {
    this.#start = start;
    this.#service = service;
    this.#flow = new Flow(start.limits);
    this.ready = new Promise((resolve, reject) => {
      this.#settleReady = { resolve, reject };
    });
    this.#process = this.#startProcess();
    this.#channel = new Channel({
      write: (text) => this.#process.write(start.form(text)),
      language: service.language,
      values: { ...start.values, service: service.service },
      onTimeout: (timeoutInMs) => this.kill("TIMEOUT", { values: { seconds: timeoutInMs / 1000 } }),
      onBusy: (busy) => {
        this.#process.keepAlive(busy);
        this.#flow.expect(busy);
      },
    });
    const stdout = lineReader((line) => this.#onLine(line), start.limits.line);
    const stderr = lineReader((line) => this.#onErrorLine(line), KEPT_CHARACTERS);
    this.#process.onOutput(this.#measured(stdout), this.#measured(stderr));
    this.ended = this.#process.exit.then((exit) => {
      this.#process.keepAlive(false);
      this.#onExit(exit);
    });
    this.#process.write(start.input);
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
    await endGently(this.#process);
    await this.ended;
  }

  /** Ends the host immediately. */
  kill(reason: BridgeErrorCode, details: Details = {}): void {
    this.#end(reason, details);
    this.#process.kill();
  }

  #startProcess(): HostRun {
    const { program, run } = this.#start;
    try {
      return run ? run() : new HostProcess(program);
    } catch (cause) {
      // Some failures are thrown, and others are emitted as an event.
      throw this.#startError(...this.#start.causeOfStart(cause as NodeJS.ErrnoException));
    }
  }

  /** Reads no more than the host may send. */
  #measured(read: (text: string) => void): (text: string) => void {
    return (text) => {
      if (this.#flow.admits(text)) {
        read(text);
      } else if (this.#failure === undefined) {
        this.#diagnostics.add("(more output than anybody asked for)");
        this.kill("PROTOCOL");
      }
    };
  }

  #onErrorLine(line: string): void {
    this.#diagnostics.keep(line);
    this.#stderr.keep(line);
  }

  #onLine(line: string): void {
    // Another program on the same console might have left an unfinished line, and the answer then follows on it.
    const start = line.indexOf(this.#start.marker);
    if (start !== 0) {
      this.#diagnostics.keep(line.slice(0, start === -1 ? line.length : start));
    }
    if (start === -1) {
      if (!this.#isReady && STARTED_WITHOUT_ENVIRONMENT.test(line)) {
        this.kill("UNSUPPORTED", { feature: "environment" });
      }
      return;
    }
    const message = line.slice(start + this.#start.marker.length);
    try {
      if (this.#isReady) {
        this.#channel.receive(message);
        this.#flow.answered();
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
      const { engine, code, values, said } = readImportFailure(failure, this.#start.moduleFolder);
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
        const { executable } = this.#start.program;
        traceHost({ event: "ready", pid: this.#process.pid, executable, powershell, edition }, this.#started);
        this.#settleReady.resolve();
      } else {
        this.kill("MODULE_MISMATCH", { values: { found: version ?? "-" } });
      }
    }
  }

  #onExit(exit: HostExit): void {
    traceHost({ event: "exited", pid: this.#process.pid }, this.#started);
    const { causeOfStart, causeOfEnd } = this.#start;
    const end = { ...exit, isReady: this.#isReady, stderr: this.#stderr.lines };
    this.#end(...(exit.error ? causeOfStart(exit.error) : causeOfEnd(end)));
  }

  /** Rejects the pending requests, with the first reason. */
  #end(reason: BridgeErrorCode, details: Details = {}): void {
    if (this.#failure === undefined) {
      this.#failure = this.#startError(reason, details);
      this.#channel.fail(reason, { diagnostics: this.#diagnostics.lines, ...this.#worded(reason), ...details });
      this.#settleReady.reject(this.#failure);
    }
  }

  /** The feature whose messages are those of this kind of host. */
  #worded(code: BridgeErrorCode): Details {
    const [feature, codes] = this.#start.worded ?? [];
    return codes?.includes(code) ? { feature } : {};
  }

  #startError(code: BridgeErrorCode, details: Details): BridgeError {
    const { service, language } = this.#service;
    const values = { ...this.#start.values, service, expected: VERSION, found: "-", ...details.values };
    return new BridgeError(
      code,
      { diagnostics: this.#diagnostics.lines, ...this.#worded(code), ...details, values, outcome: "not sent" },
      language,
    );
  }
}
