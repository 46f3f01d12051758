import type { ManagerInterface } from "../model/services.js";
import { BridgeError } from "../words/errors.js";
import { failed, hex } from "../words/hresults.js";
import type { HostService, ProcessHost } from "./process-host.js";

export interface OpenServiceOptions {
  readonly timeoutInMs: number;
  /** Whether an error is the end of PowerShell, and not of the connection to it. */
  readonly isEnd: (error: BridgeError) => boolean;
}

/** Activates the class of the service in a host that is ready. */
export async function openService(
  host: ProcessHost,
  { service, language }: HostService,
  { timeoutInMs, isEnd }: OpenServiceOptions,
): Promise<ManagerInterface> {
  const answer = await host.request("service.open", { service: service as "bits" }, { timeoutInMs }).catch((error) => {
    // If the types may not be defined, some policies refuse, and others end the process.
    if (error instanceof BridgeError && isEnd(error)) {
      const { diagnostics } = error;
      throw new BridgeError("DYNAMIC_CODE_BLOCKED", { outcome: "not sent", diagnostics, cause: error }, language);
    }
    throw error;
  });
  if (failed(answer.hresult)) {
    const values = { service, hex: hex(answer.hresult) };
    throw new BridgeError("SERVICE_UNAVAILABLE", { outcome: "not sent", hresult: answer.hresult, values }, language);
  }
  return answer.interface ?? "IBackgroundCopyManager";
}
