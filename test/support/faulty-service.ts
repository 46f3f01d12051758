import { expect } from "vitest";
import { openPowerShellService } from "../../src/powershell/index.js";
import type { Service } from "../../src/port/service.js";
import { BridgeError } from "../../src/words/errors.js";
import { faultyHost, type Fault, type FaultyHost } from "./fake-host.js";

const language = { locale: "en", wording: "documented" } as const;

/** The bridge to a host with these faults. Disposing of the service closes it. */
export async function open(...faults: Fault[]): Promise<{ host: FaultyHost; service: Service & AsyncDisposable }> {
  const host = faultyHost(faults);
  const service = await openPowerShellService({ service: "bits", language, executable: host.executable });
  return { host, service: Object.assign(service, { [Symbol.asyncDispose]: () => service.close() }) };
}

/** The error of a request. */
export async function failure(promise: Promise<unknown>): Promise<BridgeError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(BridgeError);
  return error as BridgeError;
}

/** The number of hosts that were started. */
export const starts = (host: FaultyHost): number => host.did().filter((text) => text.startsWith("start ")).length;

/** The number of times that hosts received a request for that method. */
export const asked = (host: FaultyHost, method: string): number => host.did().filter((text) => text === method).length;
