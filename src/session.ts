import { LONGEST_DELAY_IN_MS, type Clock } from "./clock.js";
import { BackgroundCopyError } from "./errors.js";
import { failed } from "./hresults.js";
import { badArgument, checkNoOthers, optionsOf, type Language } from "./messages.js";
import type { ServiceName } from "./model.js";
import type { MethodName, Outcome, Params, Result } from "./protocol.js";
import type { RequestOptions, Service } from "./service.js";
import type { Turns } from "./turns.js";
import type { Ticker } from "./watch.js";

/** What a manager and its jobs share: the port, whose service it is, the language of its caller, and what watches jobs. */
export interface Session {
  readonly port: Service;
  readonly service: ServiceName;
  readonly language: Language;
  readonly clock: Clock;
  /** By their intervals in milliseconds. */
  readonly tickers: Map<number, Ticker>;
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

export function checkSignal(language: Language, signal: unknown): void {
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw badArgument(language, "signal");
  }
}

/** The call options that go to the service, checked. */
export function requestOptions(language: Language, options: CallOptions): RequestOptions {
  const { signal, timeoutInMs, ...others } = optionsOf(language, options);
  checkNoOthers(language, others);
  checkSignal(language, signal);
  checkTimeout(language, "timeoutInMs", timeoutInMs);
  return { signal, timeoutInMs };
}

export function checkTimeout(language: Language, name: string, value: unknown): void {
  if (value !== undefined && !(typeof value === "number" && value > 0 && value <= LONGEST_DELAY_IN_MS)) {
    throw badArgument(language, "timeout", { name });
  }
}

export function checkString(language: Language, name: string, value: unknown): string {
  if (typeof value !== "string") {
    throw badArgument(language, "string", { name });
  }
  return value;
}

export function checkBoolean(language: Language, name: string, value: unknown): boolean {
  if (typeof value !== "boolean") {
    throw badArgument(language, "boolean", { name });
  }
  return value;
}

export function checkFunction(language: Language, name: string, value: unknown): void {
  if (value !== undefined && typeof value !== "function") {
    throw badArgument(language, "function", { name });
  }
}

/** A value with several properties, which are still to be looked at. */
export function checkObject<T extends object>(
  language: Language,
  name: string,
  value: T,
  properties: readonly string[],
): T {
  if (typeof value !== "object" || value === null) {
    throw badArgument(language, "object", { name, parts: properties.join(", ") });
  }
  return value;
}

export function checkDate(language: Language, name: string, value: unknown): Date {
  if (!(value instanceof Date) || Number.isNaN(value.getTime())) {
    throw badArgument(language, "date", { name });
  }
  return value;
}

const GUID = /^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\{[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\})$/i;

/** A job id in its usual form, lower case without braces. `index` is its place among several. */
export function checkJobId(language: Language, value: unknown, index?: number): string {
  if (typeof value !== "string" || !GUID.test(value)) {
    throw index === undefined
      ? badArgument(language, "jobId", { value })
      : badArgument(language, "jobIdAt", { index, value });
  }
  return value.replace(/[{}]/g, "").toLowerCase();
}

/** The ids of several jobs, each in its usual form. */
export function checkJobIds(language: Language, values: Iterable<unknown>): string[] {
  return Array.from(values, (value, index) => checkJobId(language, value, index));
}

/** The methods that have one answer. */
type SingleMethod = { [M in MethodName]: Result<M> extends Outcome ? M : never }[MethodName];

/** Asks for one thing; a refusal becomes an error. */
export async function ask<M extends SingleMethod>(
  session: Session,
  method: M,
  params: Params<M>,
  options: CallOptions,
): Promise<Result<M> & Outcome> {
  const result = (await session.port.request(method, params, requestOptions(session.language, options))) as Result<M> &
    Outcome;
  if (failed(result.hresult)) {
    const jobId = "jobId" in params ? params.jobId : undefined;
    throw new BackgroundCopyError({ ...result, service: session.service, jobId }, session.language);
  }
  return result;
}
