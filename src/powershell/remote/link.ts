import type { FleetLink, OpenOptions, RemoteHost } from "../../port/engine.js";
import type { Params, Result, ServiceMethod } from "../../port/protocol.js";
import { defaultTimeoutInMs, type RequestOptions, type Service } from "../../port/service.js";
import type { ManagerInterface } from "../../model/services.js";
import { untilAborted } from "../../waiting/abort.js";
import { BridgeError } from "../../words/errors.js";
import { openService } from "../open-service.js";
import { ProcessHost } from "../process-host.js";
import type { HostStart } from "../start.js";
import { traced } from "../trace.js";

/** The service on another computer. It has one life: what is lost with it is for the caller to determine. */
class RemoteService implements Service {
  readonly managerInterface: ManagerInterface;
  readonly #host: ProcessHost;

  constructor(host: ProcessHost, managerInterface: ManagerInterface) {
    this.#host = host;
    this.managerInterface = managerInterface;
  }

  async request<M extends ServiceMethod>(
    method: M,
    params: Params<M>,
    { signal, timeoutInMs = defaultTimeoutInMs(method) }: RequestOptions = {},
  ): Promise<Result<M>> {
    signal?.throwIfAborted();
    return traced(method, () => this.#host.request(method, params, { timeoutInMs, signal }));
  }

  close(): Promise<void> {
    return this.#host.close();
  }
}

/** Opens the service behind a process that reaches another computer. */
export async function openLink(start: HostStart, options: OpenOptions): Promise<FleetLink> {
  const { signal, hostTimeoutInMs, language, service, withIntegrity } = options;
  signal.throwIfAborted();
  const host = new ProcessHost(start, options);
  const timeoutInMs = hostTimeoutInMs;
  const tooLate = setTimeout(() => host.kill("TIMEOUT", { values: { seconds: timeoutInMs / 1000 } }), timeoutInMs);
  try {
    await untilAborted(host.ready, signal);
    const { system, languageMode, account, integrity, ...installed } = await host.request(
      "host.identify",
      { integrity: withIntegrity },
      { timeoutInMs, signal },
    );
    const [, windows] = /^Microsoft Windows NT ([\d.]+)/.exec(system) ?? [];
    if (windows === undefined) {
      throw new BridgeError("UNSUPPORTED", { outcome: "not sent", values: { service, platform: system } }, language);
    }
    const managerInterface = await untilAborted(openService(host, options, { timeoutInMs, isEnd }), signal);
    const port = new RemoteService(host, managerInterface);
    const { version: powershell, edition } = host.engine ?? {};
    const { kind: user, elevated, logon } = account ?? {};
    const remote: RemoteHost = { windows, powershell, edition, languageMode, user, elevated, integrity, logon };
    const moduleSha256 = start.moduleSha256 ?? installed.moduleSha256?.toLowerCase() ?? "";
    return { port, remote, moduleSha256, close: () => port.close() };
  } catch (error) {
    host.kill("CLOSED");
    throw error instanceof BridgeError ? error.with({ outcome: "not sent" }, language) : error;
  } finally {
    clearTimeout(tooLate);
  }
}

/** Whether PowerShell ended, and not the connection to it. */
function isEnd({ code, details }: BridgeError): boolean {
  const { exitCode } = (details.values ?? {}) as { readonly exitCode?: number };
  return code === "HOST_LOST" && exitCode !== undefined;
}
