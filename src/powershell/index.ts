import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { untilAborted } from "../abort.js";
import type { ManagerInterface } from "../capabilities.js";
import { BridgeError } from "../errors.js";
import { failed, hex } from "../hresults.js";
import type { Language } from "../messages.js";
import type { MethodName, Params, Result } from "../protocol.js";
import { defaultTimeoutInMs, type RequestOptions, type Service } from "../service.js";
import { Host, type HostOptions } from "./host.js";
import { candidates, locatePowerShell } from "./locate.js";
import { traceRequest } from "./trace.js";

const CONNECT_TIMEOUT_IN_MS = 60_000;
const IDLE_TIMEOUT_IN_MS = 300_000;

const BUNDLED_MODULE = fileURLToPath(new URL("../../ps/BackgroundCopy/BackgroundCopy.psd1", import.meta.url));

export interface PowerShellServiceOptions extends RequestOptions {
  readonly service: "delivery-optimization" | "bits";
  readonly language: Language;
  readonly executable?: string | undefined;
  readonly modulePath?: string | undefined;
  readonly executionPolicy?: "RemoteSigned" | "inherit" | undefined;
  readonly idleTimeoutInMs?: number | undefined;
}

/** Finds PowerShell and the module, starts them, and activates the service's class. */
export async function openPowerShellService(options: PowerShellServiceOptions): Promise<Service> {
  const { service, language, executable, modulePath = BUNDLED_MODULE, executionPolicy = "RemoteSigned" } = options;
  const found = locatePowerShell(executable);
  if (!found) {
    const values = { path: executable ?? candidates(executable)[0] ?? "powershell.exe" };
    throw new BridgeError("POWERSHELL_NOT_FOUND", { outcome: "not sent", values }, language);
  }
  if (!existsSync(modulePath)) {
    const values = { found: "-", expected: modulePath };
    throw new BridgeError("MODULE_MISMATCH", { outcome: "not sent", values, diagnostics: [modulePath] }, language);
  }
  const opened = new PowerShellService(
    { executable: found, modulePath, executionPolicy, service, language },
    options.idleTimeoutInMs,
  );
  try {
    await opened.connect(options);
  } catch (error) {
    // Not waited for: whoever gave up does not want to wait for PowerShell's end.
    void opened.close();
    throw error;
  }
  return opened;
}

/** The adapter: one host at a time, started when it is needed and ended when it is not. */
class PowerShellService implements Service {
  readonly #options: HostOptions;
  readonly #idleTimeoutInMs: number;
  #host: { readonly host: Host; readonly opened: Promise<void> } | undefined;
  #idleTimer: NodeJS.Timeout | undefined;
  #underWay = 0;
  #managerInterface: ManagerInterface = "IBackgroundCopyManager";
  #closed: Promise<void> | undefined;

  constructor(options: HostOptions, idleTimeoutInMs = IDLE_TIMEOUT_IN_MS) {
    this.#options = options;
    this.#idleTimeoutInMs = idleTimeoutInMs;
  }

  get managerInterface(): ManagerInterface {
    return this.#managerInterface;
  }

  /** A host with the service's class activated; a new one where the last has ended. */
  async connect({ timeoutInMs = CONNECT_TIMEOUT_IN_MS, signal }: RequestOptions): Promise<Host> {
    if (this.#closed) {
      throw new BridgeError("CLOSED", { outcome: "not sent" }, this.#options.language);
    }
    if (!this.#host?.host.isOpen) {
      const host = new Host(this.#options);
      this.#host = { host, opened: this.#open(host, timeoutInMs) };
    }
    const { host, opened } = this.#host;
    await untilAborted(opened, signal);
    this.#armIdleTimer();
    return host;
  }

  async request<M extends MethodName>(method: M, params: Params<M>, options: RequestOptions = {}): Promise<Result<M>> {
    const { signal, timeoutInMs = defaultTimeoutInMs(method) } = options;
    signal?.throwIfAborted();
    const started = performance.now();
    this.#underWay++;
    clearTimeout(this.#idleTimer);
    let result: Result<M> | undefined;
    try {
      const host = await this.connect({ signal });
      result = await host.request(method, params, { timeoutInMs, signal });
      return result;
    } finally {
      this.#underWay--;
      this.#armIdleTimer();
      traceRequest(method, started, (result as { hresult?: number } | undefined)?.hresult);
    }
  }

  close(): Promise<void> {
    clearTimeout(this.#idleTimer);
    this.#closed ??= this.#host?.host.close() ?? Promise.resolve();
    return this.#closed;
  }

  async #open(host: Host, timeoutInMs: number): Promise<void> {
    const { service, language } = this.#options;
    const tooLate = setTimeout(() => host.kill("TIMEOUT", { values: { seconds: timeoutInMs / 1000 } }), timeoutInMs);
    try {
      await host.ready;
      const { hresult, interface: managerInterface } = await host.request(
        "service.open",
        { service: service as "bits" },
        { timeoutInMs },
      );
      if (failed(hresult)) {
        const values = { service, hex: hex(hresult) };
        throw new BridgeError("SERVICE_UNAVAILABLE", { outcome: "not sent", hresult, values }, language);
      }
      this.#managerInterface = managerInterface ?? this.#managerInterface;
    } catch (error) {
      // Without its service a host is of no use: the next call starts another.
      host.kill("CLOSED");
      throw error;
    } finally {
      clearTimeout(tooLate);
    }
  }

  /** An idle host ends after a while, and comes back with the next call. */
  #armIdleTimer(): void {
    clearTimeout(this.#idleTimer);
    if (this.#underWay === 0 && !this.#closed) {
      this.#idleTimer = setTimeout(() => void this.#host?.host.close(), this.#idleTimeoutInMs).unref();
    }
  }
}
