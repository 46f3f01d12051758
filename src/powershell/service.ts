import { clearTimeout, setTimeout } from "node:timers";
import type { ManagerInterface } from "../model/services.js";
import type { JobItem, Params, Result, ServiceMethod } from "../port/protocol.js";
import { defaultTimeoutInMs, type RequestOptions, type Service } from "../port/service.js";
import { untilAborted } from "../waiting/abort.js";
import { BackgroundCopyError, BridgeError, isNotFound } from "../words/errors.js";
import { Host, type HostOptions } from "./host.js";
import { openService } from "./open-service.js";
import { Restarts } from "./restarts.js";
import { settleCancel } from "./settle.js";
import { traced } from "./trace.js";

const CONNECT_TIMEOUT_IN_MS = 60_000;
const IDLE_TIMEOUT_IN_MS = 300_000;

/** Methods that change nothing, so they can be repeated as often as necessary. */
const READS: readonly ServiceMethod[] = ["host.echo", "job.list", "job.describe"];
/** The number of losses after which a request fails: the request itself might end its hosts. */
const LOSSES_PER_REQUEST = 3;

type SentOptions = RequestOptions & { readonly timeoutInMs: number };

/** The adapter: one host at a time, started on demand and ended when idle. */
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

  /** A host with the class of the service activated; a new one if the last has ended. */
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
    this.#underWay++;
    clearTimeout(this.#idleTimer);
    try {
      return await traced(method, () => this.#deliver(method, params, { timeoutInMs, signal }));
    } finally {
      this.#underWay--;
      this.#armIdleTimer();
    }
  }

  close(): Promise<void> {
    clearTimeout(this.#idleTimer);
    this.#closed ??= this.#host?.close() ?? Promise.resolve();
    this.#closing.abort();
    return this.#closed;
  }

  /**
   * Sends a request. If its host is lost, does what is possible without the caller: a request that was not sent goes to the next host, a
   * read is repeated, and a cancel is settled. Any other change might have been made, so its caller has to decide.
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
        // After a time-out, the caller does not wait any longer.
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

  /** Determines the outcome of a cancel whose answer was lost: from the states of the jobs, and by canceling the open ones again. */
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

  /** A host for the next request. A host that ends during its start counts as a loss. */
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
      // A host without its service is useless, so the next call starts another one.
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
    const isFirst = this.#managerInterface === undefined;
    const isEnd = ({ code }: BridgeError) => isFirst && code === "HOST_EXITED";
    this.#managerInterface = await openService(host, this.#options, { timeoutInMs, isEnd });
  }

  /** Ends an idle host after a while; the next call starts a new one. */
  #armIdleTimer(): void {
    clearTimeout(this.#idleTimer);
    if (this.#underWay === 0 && !this.#closed) {
      this.#idleTimer = setTimeout(() => void this.#host?.close(), this.#idleTimeoutInMs).unref();
    }
  }
}
