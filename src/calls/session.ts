import type { ServiceName } from "../model/services.js";
import type { RequestOptions, Service } from "../port/service.js";
import { systemClock, type Clock } from "../waiting/clock.js";
import { Turns } from "../waiting/turns.js";
import { checkNoOthers, optionsOf, checkSignal, checkTimeout } from "../words/arguments.js";
import type { Language } from "../words/messages.js";

/** What a manager and its jobs share: the port, the service behind it, and the caller's language. */
export interface Session {
  readonly port: Service;
  readonly service: ServiceName;
  readonly language: Language;
  readonly clock: Clock;
  /** For lists: the service keeps its position in only one list. */
  readonly lists: Turns;
}

/** The options of all methods. */
export interface CallOptions {
  /** A signal that ends the wait. The service continues, and the promise rejects with the reason of the signal. */
  readonly signal?: AbortSignal | undefined;
  /**
   * The time-out in milliseconds, counted from when the service starts this call. For many jobs, it applies to each group of jobs.
   * Default: 60,000; none for complete.
   */
  readonly timeoutInMs?: number | undefined;
}

/** A session for a port to `service`. */
export function makeSession(
  port: Service,
  service: ServiceName,
  language: Language,
  clock: Clock = systemClock,
): Session {
  return { port, service, language, clock, lists: new Turns() };
}

/** The call options for the service, checked. */
export function requestOptions(language: Language, options: CallOptions): RequestOptions {
  const { signal, timeoutInMs, ...others } = optionsOf(language, options);
  checkNoOthers(language, others);
  checkSignal(language, signal);
  checkTimeout(language, "timeoutInMs", timeoutInMs);
  return { signal, timeoutInMs };
}
