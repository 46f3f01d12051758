import type { MethodName, Params, Result } from "./protocol.js";

/** How long to wait, and what ends the wait. */
export interface RequestOptions {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutInMs?: number | undefined;
}

/**
 * The port to a service that holds jobs. The adapters (`powershell/`, `embedded/`) implement it; manager and job know nothing
 * else of them. A refusal by the service is part of the result; `request` rejects only with a BridgeError or the reason of an abort.
 */
export interface Service {
  request<M extends MethodName>(method: M, params: Params<M>, options?: RequestOptions): Promise<Result<M>>;
  /** Ends the service's host. Requests under way are refused. Safe to call more than once. */
  close(): Promise<void>;
}
