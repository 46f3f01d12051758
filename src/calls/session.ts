import type { ServiceName } from "../model/services.js";
import type { RequestOptions, Service } from "../port/service.js";
import { systemClock, type Clock } from "../waiting/clock.js";
import { Turns } from "../waiting/turns.js";
import { checkNoOthers, optionsOf, checkSignal, checkTimeout } from "../words/arguments.js";
import type { Language } from "../words/messages.js";

/** What a manager and its jobs share: the port, whose service it is, and the language of its caller. */
export interface Session {
  readonly port: Service;
  readonly service: ServiceName;
  readonly language: Language;
  readonly clock: Clock;
  /** For lists: the service keeps its place in one alone. */
  readonly lists: Turns;
}

/** The options that every method takes. */
export interface CallOptions {
  /** Ends the wait alone: the service goes on, and the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /**
   * How long the service may take, in milliseconds, counted from when it is this call's turn; for many jobs, for each group of them.
   * Default: 60,000; none for complete.
   */
  readonly timeoutInMs?: number | undefined;
}

/** The session of a port to `service`. */
export function makeSession(
  port: Service,
  service: ServiceName,
  language: Language,
  clock: Clock = systemClock,
): Session {
  return { port, service, language, clock, lists: new Turns() };
}

/** The call options that go to the service, checked. */
export function requestOptions(language: Language, options: CallOptions): RequestOptions {
  const { signal, timeoutInMs, ...others } = optionsOf(language, options);
  checkNoOthers(language, others);
  checkSignal(language, signal);
  checkTimeout(language, "timeoutInMs", timeoutInMs);
  return { signal, timeoutInMs };
}
