import type { FleetHost, FleetLink, RemoteHost } from "../port/engine.js";
import { untilAborted } from "../waiting/abort.js";
import { BackgroundCopyError, BridgeError, type RequestOutcome } from "../words/errors.js";
import type { Ending } from "./ending.js";
import type { FleetContext } from "./options.js";
import { verdictOn, type HostVerdict } from "./outcome.js";
import { cleanRemote } from "./remote.js";

/** A host during the work on it. */
export interface HostAtWork<J> {
  readonly host: FleetHost;
  readonly link: FleetLink;
  /** For the requests: the signal and the time limit of the host. */
  readonly options: { readonly signal: AbortSignal; readonly timeoutInMs: number };
  /** Takes the outcomes of jobs as they arrive, so that they are not lost with the host. */
  collect(jobs: readonly J[]): void;
  /** The error that stands for whatever ended a request. */
  failureOf(error: unknown, outcome: RequestOutcome): BackgroundCopyError | BridgeError;
}

/** What is done on a host. Returns the verdict if everything was answered. */
export type Work<J> = (host: HostAtWork<J>) => Promise<HostVerdict>;

/** The result of one connection to a host. */
export interface Visit<J> extends HostVerdict {
  readonly jobs: readonly J[];
  readonly remote?: RemoteHost | undefined;
  /** Whether the host was reached, so that it is not tried again. */
  readonly isReached: boolean;
}

/** The codes of failures that may pass by themselves. Only connecting is tried again, never a call. */
const PASSING: readonly string[] = ["HOST_UNREACHABLE", "HOST_BUSY", "HOST_LOST", "HOST_EXITED", "TIMEOUT"];

export function mayPass({ isReached, error }: Visit<unknown>): boolean {
  return !isReached && error !== undefined && PASSING.includes(error.code);
}

/** Connects to a host, does the work, and closes the connection. Whatever happens, there is a verdict. */
export async function visit<J>(fleet: FleetContext, host: FleetHost, work: Work<J>, caller: Ending): Promise<Visit<J>> {
  const { engine, service, language, connectTimeoutInMs, hostTimeoutInMs, withIntegrity } = fleet;
  const ending = new AbortController();
  const forget = caller.onEnd(() => ending.abort(caller.reason));
  let limitInMs = connectTimeoutInMs;
  const limit = () => ending.abort(new Late(limitInMs));
  // The engine has this limit too. This one is for an engine that does not keep it.
  let timer = setTimeout(limit, connectTimeoutInMs + GRACE_IN_MS);
  let link: FleetLink | undefined;
  const jobs: J[] = [];
  const failure = (error: unknown, outcome: RequestOutcome) => failureOf(error, host, outcome, fleet, caller.isOver);
  try {
    caller.throwIfOver();
    const opening = engine.open(host, {
      service,
      language,
      signal: ending.signal,
      timeoutInMs: connectTimeoutInMs,
      hostTimeoutInMs,
      withIntegrity,
    });
    link = await orClose(opening, ending.signal);
    clearTimeout(timer);
    limitInMs = hostTimeoutInMs;
    timer = setTimeout(limit, hostTimeoutInMs);
    const verdict = await work({
      host,
      link,
      options: { signal: ending.signal, timeoutInMs: hostTimeoutInMs },
      collect: (some) => jobs.push(...some),
      failureOf: failure,
    });
    return { ...verdict, jobs, remote: cleanRemote(link.remote), isReached: true };
  } catch (error) {
    return {
      ...verdictOn(failure(error, "not sent")),
      jobs,
      remote: link && cleanRemote(link.remote),
      isReached: link !== undefined,
    };
  } finally {
    clearTimeout(timer);
    forget();
    await link?.close().catch(() => {});
  }
}

const GRACE_IN_MS = 2000;

/** The reason of an abort by a time limit. */
class Late {
  readonly limitInMs: number;

  constructor(limitInMs: number) {
    this.limitInMs = limitInMs;
  }
}

/** Waits for a link. If the wait ends before that, the link is closed when it is there. */
async function orClose(opening: Promise<FleetLink>, signal: AbortSignal): Promise<FleetLink> {
  try {
    return await untilAborted(opening, signal);
  } catch (error) {
    opening
      .then(
        (link) => link.close(),
        () => {},
      )
      .catch(() => {});
    throw error;
  }
}

/** The error for a host, from whatever was thrown. */
function failureOf(
  error: unknown,
  { name: host }: FleetHost,
  outcome: RequestOutcome,
  { language }: FleetContext,
  isStopped: boolean,
): BackgroundCopyError | BridgeError {
  if (error instanceof BackgroundCopyError || error instanceof BridgeError) {
    return error;
  }
  if (error instanceof Late) {
    const values = { host, seconds: error.limitInMs / 1000 };
    return new BridgeError("TIMEOUT", { outcome, feature: "host", values }, language);
  }
  const code = isStopped && outcome === "not sent" ? "RUN_STOPPED" : "HOST_LOST";
  const detail = error instanceof Error ? error.message : String(error);
  return new BridgeError(code, { outcome, values: { host, detail }, cause: error }, language);
}
