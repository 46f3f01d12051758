import { channel } from "node:diagnostics_channel";
import { debuglog } from "node:util";
import { hex } from "../words/hresults.js";

// For diagnostics from outside the program: the requests and their durations, never the data.
const requests = channel("background-copy:request");
const hosts = channel("background-copy:host");
const log = debuglog("background-copy");

/** Makes a request, and reports it when it has ended, with its HRESULT if it had a single answer. */
export async function traced<R>(method: string, request: () => Promise<R>): Promise<R> {
  const started = performance.now();
  let result: R | undefined;
  try {
    result = await request();
    return result;
  } finally {
    traceRequest(method, started, (result as { hresult?: number } | undefined)?.hresult);
  }
}

function traceRequest(method: string, started: number, hresult: number | undefined): void {
  if (requests.hasSubscribers || log.enabled) {
    const durationInMs = performance.now() - started;
    const code = hresult === undefined ? undefined : hex(hresult);
    requests.publish({ method, durationInMs, hex: code });
    log("%s %s %dms", method, code ?? "", durationInMs);
  }
}

/** The events of a host: it is ready, with the version of PowerShell, or it has ended. */
export interface HostEvent {
  readonly event: "ready" | "exited";
  readonly pid: number | undefined;
  readonly executable?: string | undefined;
  readonly powershell?: string | undefined;
  readonly edition?: string | undefined;
}

/** Reports a host that has become ready or has ended. */
export function traceHost(event: HostEvent, started: number): void {
  if (hosts.hasSubscribers || log.enabled) {
    const durationInMs = performance.now() - started;
    hosts.publish({ ...event, durationInMs });
    log("PowerShell %d %s %dms", event.pid, event.event, durationInMs);
  }
}
