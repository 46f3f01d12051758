import type { ManagerInterface } from "../model/services.js";
import type { JobItem, Params, Result, ServiceMethod } from "../port/protocol.js";
import type { RequestOptions, Service } from "../port/service.js";
import type { RequestOutcome } from "../words/errors.js";

/** What wants to know of the requests that change jobs. */
export interface Recorder {
  /** Is called before a request is sent, which waits for it. */
  onSend(jobIds: readonly string[]): Promise<void>;
  /** Is called with the answers, and returns what counts as the answers. */
  onAnswer(items: readonly JobItem[]): readonly JobItem[];
  /** The error that stands for whatever ended a request, so that each of its jobs gets an outcome. */
  failureOf(error: unknown, outcome: RequestOutcome): Error;
}

/** A port that records the requests that change jobs. */
export class RecordingPort implements Service {
  readonly #port: Service;
  readonly #recorder: Recorder;

  constructor(port: Service, recorder: Recorder) {
    this.#port = port;
    this.#recorder = recorder;
  }

  get managerInterface(): ManagerInterface {
    return this.#port.managerInterface;
  }

  async request<M extends ServiceMethod>(method: M, params: Params<M>, options?: RequestOptions): Promise<Result<M>> {
    if (!CHANGES.includes(method)) {
      return this.#port.request(method, params, options);
    }
    const recorder = this.#recorder;
    let outcome: RequestOutcome = "not sent";
    try {
      options?.signal?.throwIfAborted();
      await recorder.onSend((params as Params<"job.cancel">).jobIds);
      options?.signal?.throwIfAborted();
      outcome = "unknown";
      const { items } = (await this.#port.request(method, params, options)) as Result<"job.cancel">;
      return { items: [...recorder.onAnswer(items)] } as Result<M>;
    } catch (error) {
      throw recorder.failureOf(error, outcome);
    }
  }

  close(): Promise<void> {
    return this.#port.close();
  }
}

const CHANGES: readonly ServiceMethod[] = ["job.suspend", "job.resume", "job.complete", "job.cancel"];
