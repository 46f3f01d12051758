import type { ManagerInterface, ServiceName } from "../model/services.js";
import type { ServiceMethod, Params, Result } from "../port/protocol.js";
import type { RequestOptions, Service } from "../port/service.js";
import { BridgeError } from "../words/errors.js";
import { hex } from "../words/hresults.js";
import type { Language } from "../words/messages.js";
import { codeOf } from "./checks.js";
import type { TestRequest, TestRequestName } from "./requests.js";
import type { ScriptedFailure } from "./script.js";

export interface PortScript {
  record(request: TestRequest): void;
  takeFailure(name: TestRequestName): ScriptedFailure | undefined;
}

/** The connection of one manager to the service. */
export class TestPort implements Service {
  readonly managerInterface: ManagerInterface;
  readonly #service: Service;
  readonly #name: ServiceName;
  readonly #language: Language;
  readonly #script: PortScript;
  #isClosed = false;

  constructor(service: Service, name: ServiceName, language: Language, script: PortScript) {
    this.managerInterface = service.managerInterface;
    this.#service = service;
    this.#name = name;
    this.#language = language;
    this.#script = script;
  }

  async request<M extends ServiceMethod>(
    method: M,
    params: Params<M>,
    options: RequestOptions = {},
  ): Promise<Result<M>> {
    options.signal?.throwIfAborted();
    if (this.#isClosed) {
      throw new BridgeError("CLOSED", { outcome: "not sent" }, this.#language);
    }
    const name = method.replace("job.", "") as TestRequestName;
    this.#script.record({ name, jobIds: jobIdsOf(params) });
    const failure = this.#script.takeFailure(name);
    if (failure && !failure.carriedOut) {
      throw this.#errorOf(failure, name);
    }
    const result = await this.#service.request(method, params, options);
    if (failure) {
      throw this.#errorOf(failure, name);
    }
    return result;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
  }

  #errorOf({ code, outcome }: ScriptedFailure, name: TestRequestName): BridgeError {
    const hresult = code === "SERVICE_UNAVAILABLE" ? codeOf(this.#language, "ERROR_SERVICE_DISABLED") : undefined;
    // The values for the messages of any failure.
    const values = {
      service: this.#name,
      platform: process.platform,
      path: "powershell.exe",
      host: "host",
      detail: "-",
      systemCode: "ENOENT",
      hex: hex(hresult ?? 0),
      exitCode: 1,
      seconds: 60,
      found: "-",
      expected: "-",
    };
    const jobLeftBehind = name === "create" && outcome === "unknown";
    return new BridgeError(code, { outcome, values, jobLeftBehind, ...(hresult && { hresult }) }, this.#language);
  }
}

function jobIdsOf(params: object): readonly string[] {
  const { jobId, jobIds } = params as { jobId?: string; jobIds?: readonly string[] };
  return jobIds ?? (jobId === undefined ? [] : [jobId]);
}
