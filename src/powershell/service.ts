import { clearTimeout, setTimeout } from "node:timers";
import type { ManagerInterface } from "../model/services.js";
import type { JobItem, Params, Result, ServiceMethod } from "../port/protocol.js";
import { defaultTimeoutInMs, type RequestOptions, type Service } from "../port/service.js";
import { untilAborted } from "../waiting/abort.js";
import { BackgroundCopyError, BridgeError, isNotFound } from "../words/errors.js";
import { failed, hex } from "../words/hresults.js";
import { Host, type HostOptions } from "./host.js";
import { Restarts } from "./restarts.js";
import { settleCancel } from "./settle.js";
import { traceRequest } from "./trace.js";

const CONNECT_TIMEOUT_IN_MS = 60_000;
const IDLE_TIMEOUT_IN_MS = 300_000;

/** Of the methods these change nothing: they may be asked as often as need be. */
const READS: readonly ServiceMethod[] = ["host.echo", "job.list", "job.describe"];
/** The losses after which a request is given up: it may be what ends its hosts. */
const LOSSES_PER_REQUEST = 3;

type SentOptions = RequestOptions & { readonly timeoutInMs: number };

/** The adapter: one host at a time, started when it is needed and ended when it is not. */
export class PowerShellService implements Service {
  readonly #options: HostOptions;
  readonly #idleTimeoutInMs: number;
  readonly #restarts = new Restarts();
  readonly #closing = new AbortController();
  #host: Host | undefined;
  #opening: Promise<Host> | undefined;
  #idleTimer: NodeJS.Timeout | undefined;
  #underWay = 0;
  #managerInterface: ManagerInterface | undefined;
  #closed: Promise<void> | undefined;

  constructor(options: HostOptions, idleTimeoutInMs = IDLE_TIMEOUT_IN_MS) {
    this.#options = options;
    this.#idleTimeoutInMs = idleTimeoutInMs;
  }

  get managerInterface(): ManagerInterface {
    return this.#managerInterface ?? "IBackgroundCopyManager";
  }

  /** A host with the service's class activated; a new one where the last has ended. */
  async connect({ timeoutInMs = CONNECT_TIMEOUT_IN_MS, signal }: RequestOptions): Promise<Host> {
    const failure = this.#host?.failure;
    if (failure) {
      this.#host = undefined;
      this.#opening = undefined;
      if (failure.code !== "CLOSED") {
        this.#restarts.lost(failure);
      }
    }
    this.#opening ??= this.#open(timeoutInMs);
    return untilAborted(this.#opening, signal);
  }

  async request<M extends ServiceMethod>(
    method: M,
    params: Params<M>,
    options: RequestOptions = {},
  ): Promise<Result<M>> {
    const { signal, timeoutInMs = defaultTimeoutInMs(method) } = options;
    signal?.throwIfAborted();
    const started = performance.now();
    this.#underWay++;
    clearTimeout(this.#idleTimer);
    let result: Result<M> | undefined;
    try {
      result = await this.#deliver(method, params, { timeoutInMs, signal });
      return result;
    } finally {
      this.#underWay--;
      this.#armIdleTimer();
      traceRequest(method, started, (result as { hresult?: number } | undefined)?.hresult);
    }
  }

  close(): Promise<void> {
    clearTimeout(this.#idleTimer);
    this.#closed ??= this.#host?.close() ?? Promise.resolve();
    this.#closing.abort();
    return this.#closed;
  }

  /**
   * Sends a request, and where its host is lost does what may be done without its caller. What was not sent goes to the next host; a
   * read is asked again; a cancel is settled. Any other change may have been made, so its caller has to decide.
   */
  async #deliver<M extends ServiceMethod>(
    method: M,
    params: Params<M>,
    options: SentOptions,
    lossesBefore = 0,
  ): Promise<Result<M>> {
    let losses = lossesBefore;
    for (;;) {
      const host = await this.#hostAfterLosses(options);
      try {
        const result = await host.request(method, params, options);
        this.#restarts.answered();
        return result;
      } catch (error) {
        if (!(error instanceof BridgeError) || !host.failure || error.code === "CLOSED") {
          throw error;
        }
        if (error.outcome === "not sent") {
          continue;
        }
        losses++;
        // Of a request that has had its time, nobody wants to wait for more.
        if (error.code === "TIMEOUT" || losses === LOSSES_PER_REQUEST) {
          throw error;
        }
        if (method === "job.cancel") {
          return (await this.#settle(params as Params<"job.cancel">, error, options, losses)) as Result<M>;
        }
        if (!READS.includes(method)) {
          throw error;
        }
      }
    }
  }

  /** Finds out what became of a cancel whose answer was lost: by the jobs' states, and by canceling again what is still open. */
  async #settle(
    { jobIds, languageId }: Params<"job.cancel">,
    lost: BridgeError,
    options: SentOptions,
    losses: number,
  ): Promise<Result<"job.cancel">> {
    const { service, language } = this.#options;
    const cancel = (open: string[]) => this.#deliver("job.cancel", { jobIds: open, languageId }, options, losses);
    const lostOf = (unread: JobItem) => {
      const cause = new BackgroundCopyError({ ...unread, service }, language);
      return lost.with({ cause, jobGone: isNotFound(cause) }, language);
    };
    try {
      const described = await this.#deliver("job.describe", { jobIds, detail: "progress", languageId: 0 }, options);
      return await settleCancel(described, cancel, lostOf);
    } catch (error) {
      throw error instanceof BridgeError ? lost : error;
    }
  }

  /** A host for the next request: one that ends while it starts is a loss like any other. */
  async #hostAfterLosses({ signal }: RequestOptions): Promise<Host> {
    for (;;) {
      try {
        return await this.connect({ signal });
      } catch (error) {
        const lost = error instanceof BridgeError && (error.code === "HOST_EXITED" || error.code === "PROTOCOL");
        if (!lost || !this.#host?.failure) {
          throw error;
        }
      }
    }
  }

  async #open(timeoutInMs: number): Promise<Host> {
    const host = await this.#start();
    const tooLate = setTimeout(() => host.kill("TIMEOUT", { values: { seconds: timeoutInMs / 1000 } }), timeoutInMs);
    try {
      await host.ready;
      await this.#openService(host, timeoutInMs);
      return host;
    } catch (error) {
      // Without its service a host is of no use: the next call starts another.
      host.kill("CLOSED");
      throw error;
    } finally {
      clearTimeout(tooLate);
      this.#armIdleTimer();
    }
  }

  async #start(): Promise<Host> {
    try {
      await this.#restarts.turn(this.#closing.signal);
      this.#closing.signal.throwIfAborted();
      this.#host = new Host(this.#options);
      return this.#host;
    } catch (error) {
      this.#opening = undefined;
      throw this.#closed ? new BridgeError("CLOSED", { outcome: "not sent" }, this.#options.language) : error;
    }
  }

  async #openService(host: Host, timeoutInMs: number): Promise<void> {
    const { service, language } = this.#options;
    const isFirst = this.#managerInterface === undefined;
    const answer = await host
      .request("service.open", { service: service as "bits" }, { timeoutInMs })
      .catch((error) => {
        // Where the types may not be made, some policies refuse and others end the process.
        const blocked = isFirst && error instanceof BridgeError && error.code === "HOST_EXITED";
        throw blocked
          ? new BridgeError(
              "DYNAMIC_CODE_BLOCKED",
              { outcome: "not sent", diagnostics: error.diagnostics, cause: error },
              language,
            )
          : error;
      });
    if (failed(answer.hresult)) {
      const values = { service, hex: hex(answer.hresult) };
      throw new BridgeError("SERVICE_UNAVAILABLE", { outcome: "not sent", hresult: answer.hresult, values }, language);
    }
    this.#managerInterface = answer.interface ?? "IBackgroundCopyManager";
  }

  /** An idle host ends after a while, and comes back with the next call. */
  #armIdleTimer(): void {
    clearTimeout(this.#idleTimer);
    if (this.#underWay === 0 && !this.#closed) {
      this.#idleTimer = setTimeout(() => void this.#host?.close(), this.#idleTimeoutInMs).unref();
    }
  }
}
