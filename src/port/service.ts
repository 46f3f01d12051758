import type { ManagerInterface } from "../model/services.js";
import type { Params, Result, ServiceMethod } from "./protocol.js";

/** How long to wait, and what ends the wait. */
export interface RequestOptions {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutInMs?: number | undefined;
}

const REQUEST_TIMEOUT_IN_MS = 60_000;

/** How long a request may take, unless its caller says otherwise. To complete a job is to move its files, which takes what it takes. */
export function defaultTimeoutInMs(method: ServiceMethod): number {
  return method === "job.complete" ? Number.POSITIVE_INFINITY : REQUEST_TIMEOUT_IN_MS;
}

/**
 * The port to a service that holds jobs. The adapters (`powershell/`, `embedded/`) implement it; manager and job know nothing
 * else of them. A refusal by the service is part of the result; `request` rejects only with a BridgeError or the reason of an abort.
 */
export interface Service {
  request<M extends ServiceMethod>(method: M, params: Params<M>, options?: RequestOptions): Promise<Result<M>>;
  /** The interface by which the jobs are reached. */
  readonly managerInterface: ManagerInterface;
  /** Ends the service's host. Requests under way are refused. Safe to call more than once. */
  close(): Promise<void>;
}
