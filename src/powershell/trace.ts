import { channel } from "node:diagnostics_channel";
import { debuglog } from "node:util";
import { hex } from "../words/hresults.js";

// For whoever watches a program from outside: what was asked and how long it took, never the data.
const requests = channel("background-copy:request");
const hosts = channel("background-copy:host");
const log = debuglog("background-copy");

/** Tells of a request that has ended; `hresult` where there was one answer. */
export function traceRequest(method: string, started: number, hresult: number | undefined): void {
  if (requests.hasSubscribers || log.enabled) {
    const durationInMs = performance.now() - started;
    const code = hresult === undefined ? undefined : hex(hresult);
    requests.publish({ method, durationInMs, hex: code });
    log("%s %s %dms", method, code ?? "", durationInMs);
  }
}

/** What is told of a host: that it is ready, with the PowerShell that it is, or that it has ended. */
export interface HostEvent {
  readonly event: "ready" | "exited";
  readonly pid: number | undefined;
  readonly executable?: string | undefined;
  readonly powershell?: string | undefined;
  readonly edition?: string | undefined;
}

/** Tells of a host that has become ready or has ended. */
export function traceHost(event: HostEvent, started: number): void {
  if (hosts.hasSubscribers || log.enabled) {
    const durationInMs = performance.now() - started;
    hosts.publish({ ...event, durationInMs });
    log("PowerShell %d %s %dms", event.pid, event.event, durationInMs);
  }
}
