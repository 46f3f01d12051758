import type { ManagerInterface } from "../model/services.js";
import type { Params, Result, ServiceMethod } from "./protocol.js";

/** The time-out of a request, and the signal that ends its wait. */
export interface RequestOptions {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutInMs?: number | undefined;
}

const REQUEST_TIMEOUT_IN_MS = 60_000;

/** The default time-out of a request. Complete has none, because it moves files, which can take a long time. */
export function defaultTimeoutInMs(method: ServiceMethod): number {
  return method === "job.complete" ? Number.POSITIVE_INFINITY : REQUEST_TIMEOUT_IN_MS;
}

/**
 * The port to a service that manages jobs. The adapters (`powershell/`, `embedded/`) implement it; the manager and the job know nothing
 * else about them. A refusal by the service is part of the result; `request` rejects only with a BridgeError or the reason of an abort.
 */
export interface Service {
  request<M extends ServiceMethod>(method: M, params: Params<M>, options?: RequestOptions): Promise<Result<M>>;
  /** The interface that gives access to the jobs. */
  readonly managerInterface: ManagerInterface;
  /** Ends the host of the service. Requests in progress fail. Can be called more than once. */
  close(): Promise<void>;
}
