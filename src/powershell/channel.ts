import { isAnswerTo, type MethodName, type Params, type Result } from "../port/protocol.js";
import { untilAborted } from "../waiting/abort.js";
import type { BridgeErrorCode } from "../words/bridge-codes.js";
import { BridgeError, type BridgeFailure, type RequestOutcome } from "../words/errors.js";
import type { Language, Values } from "../words/messages.js";
import { withoutQuotes } from "./diagnostics.js";

/** A pending request. */
interface Pending {
  readonly method: MethodName;
  readonly params: unknown;
  readonly timeoutInMs: number;
  readonly resolve: (result: never) => void;
  readonly reject: (error: unknown) => void;
}

/** The error of a host that refuses to process a request. */
interface RpcError {
  readonly message: BridgeErrorCode;
  readonly data?: { readonly detail?: string };
}

const HOST_ERRORS: readonly string[] = ["UNSUPPORTED", "DYNAMIC_CODE_BLOCKED", "PROTOCOL"] satisfies BridgeErrorCode[];

/** Whether a request contains nothing of the caller's but the name of a service. */
export function isAboutHost(method: MethodName): boolean {
  return method === "service.open" || method === "host.describe" || method === "host.identify";
}

/** Only ASCII crosses the pipe, because the code page of the console in between is unknown. */
export function ascii(json: string): string {
  return json.replace(/[^ -~]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** Parses a line of the host. JSON.parse quotes what it cannot read, and that might be a secret. */
export function parseMessage(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new Error("a message that is not JSON");
  }
}

export interface ChannelOptions {
  readonly write: (text: string) => void;
  readonly language: Language;
  /** The values that every error message might need: the service, the platform. */
  readonly values: Values;
  /** Called when the time-out of the request at the head of the queue has elapsed. */
  readonly onTimeout: (timeoutInMs: number) => void;
  /** Called when the first request starts to wait, and when the last one has its answer. */
  readonly onBusy: (busy: boolean) => void;
}

/**
 * JSON-RPC 2.0 with the host, one message per line. The host answers in order, so only the request at the head of the queue can have
 * started: its time-out runs, and if the host is lost, only its outcome is unknown.
 */
export class Channel {
  readonly #pending = new Map<number, Pending>();
  readonly #options: ChannelOptions;
  #lastId = 0;
  #failure: readonly [BridgeErrorCode, Omit<BridgeFailure, "outcome">] | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: ChannelOptions) {
    this.#options = options;
  }

  request<M extends MethodName>(
    method: M,
    params: Params<M>,
    { timeoutInMs, signal }: { timeoutInMs: number; signal?: AbortSignal | undefined },
  ): Promise<Result<M>> {
    if (this.#failure) {
      return Promise.reject(this.#lost(...this.#failure, "not sent", timeoutInMs));
    }
    const id = ++this.#lastId;
    const answered = new Promise<Result<M>>((resolve, reject) => {
      this.#pending.set(id, { method, params, timeoutInMs, resolve, reject });
    });
    if (this.#pending.size === 1) {
      this.#options.onBusy(true);
      this.#startTimer();
    }
    this.#options.write(`${ascii(JSON.stringify({ jsonrpc: "2.0", id, method, params }))}\n`);
    // After an abort, the entry remains, because the host will still answer it.
    return untilAborted(answered, signal);
  }

  /** Processes a message of the host: the answer to the request at the head of the queue. */
  receive(json: string): void {
    const message = parseMessage(json) as { id?: number; result?: unknown; error?: RpcError };
    const head = this.#pending.entries().next().value;
    if (!head || head[0] !== message.id) {
      // Without its ID, which might be any part of a request.
      throw new Error("an answer that is not the next one");
    }
    const [id, { method, params, resolve, reject }] = head;
    const isResult = isAnswerTo(method, params as never, message.result);
    if (!isResult && !message.error) {
      throw new Error(`an answer to ${method} that is none`);
    }
    this.#pending.delete(id);
    if (this.#pending.size === 0) {
      this.#options.onBusy(false);
    }
    this.#startTimer();
    if (isResult) {
      resolve(message.result as never);
    } else {
      reject(this.#errorOf(method, message.error));
    }
  }

  /** Rejects all pending requests, and all later ones. Only the first one can have started. */
  fail(code: BridgeErrorCode, details: Omit<BridgeFailure, "outcome">): void {
    clearTimeout(this.#timer);
    this.#failure = [code, details];
    const waiting = [...this.#pending.values()];
    this.#pending.clear();
    waiting.forEach(({ method, reject, timeoutInMs }, index) => {
      const outcome = index === 0 ? "unknown" : "not sent";
      const jobLeftBehind = index === 0 && method === "job.create";
      reject(this.#lost(code, { ...details, jobLeftBehind }, outcome, timeoutInMs));
    });
    if (waiting.length > 0) {
      this.#options.onBusy(false);
    }
  }

  #lost(
    code: BridgeErrorCode,
    details: Omit<BridgeFailure, "outcome">,
    outcome: RequestOutcome,
    timeoutInMs: number,
  ): BridgeError {
    const values = { ...this.#options.values, seconds: timeoutInMs / 1000, ...details.values };
    return new BridgeError(code, { ...details, values, outcome }, this.#options.language);
  }

  #errorOf(method: MethodName, error?: RpcError): BridgeError {
    const code = error && HOST_ERRORS.includes(error.message) ? error.message : "PROTOCOL";
    const detail = String(error?.data?.detail);
    const diagnostics = [isAboutHost(method) ? detail : withoutQuotes(detail)];
    const outcome = code === "PROTOCOL" ? "unknown" : "not sent";
    return new BridgeError(code, { outcome, diagnostics, values: this.#options.values }, this.#options.language);
  }

  #startTimer(): void {
    clearTimeout(this.#timer);
    const head = this.#pending.values().next().value;
    if (head && Number.isFinite(head.timeoutInMs)) {
      this.#timer = setTimeout(this.#options.onTimeout, head.timeoutInMs, head.timeoutInMs);
    }
  }
}
