import { randomUUID } from "node:crypto";
import type { JobState } from "../model.js";
import { BG_S_UNABLE_TO_DELETE_FILES, DO_E_INVALID_STATE, DO_E_JOB_EMPTY, S_OK } from "./codes.js";
import { Download } from "./download.js";
import { MINIMUM_RETRY_DELAY_IN_MS, RETRIES } from "./limits.js";
import type { Transfer, TransferQueue } from "./queue.js";
import { TransferError } from "./transfer-error.js";

const FINAL_STATES: readonly JobState[] = ["BG_JOB_STATE_ACKNOWLEDGED", "BG_JOB_STATE_CANCELLED"];

/** A download job. Its verbs answer as Delivery Optimization documents it: with a code, whatever they think of the call. */
export class Job implements Transfer {
  readonly id: string = randomUUID();
  readonly priority: number;
  readonly #queue: TransferQueue;
  readonly #files: Download[] = [];
  #state: JobState = "BG_JOB_STATE_SUSPENDED";
  #error: number | undefined;
  #abort: AbortController | undefined;
  #ended: Promise<void> | undefined;
  #retryTimer: NodeJS.Timeout | undefined;
  #retries = 0;
  #completed: Promise<number> | undefined;
  #disposed: Promise<number> | undefined;

  constructor(priority: number, queue: TransferQueue) {
    this.priority = priority;
    this.#queue = queue;
  }

  get state(): JobState {
    return this.#state;
  }

  /** The code of the last failure, until the job transfers again. */
  get error(): number | undefined {
    return this.#error;
  }

  addFile(remoteUrl: string, localName: string): number {
    if (this.#isFinal()) {
      return DO_E_INVALID_STATE;
    }
    this.#files.push(new Download(remoteUrl, localName));
    return S_OK;
  }

  /** Starts the job, or starts it again after a failure: at once, and with all its retries. */
  resume(): number {
    if (this.#isFinal()) {
      return DO_E_INVALID_STATE;
    }
    if (this.#files.length === 0) {
      return DO_E_JOB_EMPTY;
    }
    const isTransferred = this.#state === "BG_JOB_STATE_TRANSFERRED" && this.#files.every((file) => file.isWhole);
    if (!isTransferred && !this.#isUnderWay()) {
      clearTimeout(this.#retryTimer);
      this.#retries = 0;
      this.#enqueue();
    }
    return S_OK;
  }

  /** Stops the transfer; what has arrived is kept. A job that waits for nothing but its caller stays as it is. */
  suspend(): number {
    if (this.#isFinal()) {
      return DO_E_INVALID_STATE;
    }
    if (this.#isUnderWay() || this.#state === "BG_JOB_STATE_TRANSIENT_ERROR") {
      this.#state = "BG_JOB_STATE_SUSPENDED";
      this.#stop();
    }
    return S_OK;
  }

  /**
   * Ends the job, and answers when its whole files have their names and the others are deleted. Where a file can't have its name the
   * job is as before, but stopped.
   */
  async complete(): Promise<number> {
    if (this.#isFinal()) {
      return DO_E_INVALID_STATE;
    }
    this.suspend();
    this.#completed = this.#complete(this.#state);
    return this.#completed;
  }

  /** Ends the job at once, and answers when its files are closed and deleted. */
  async cancel(): Promise<number> {
    if (this.#completed) {
      await this.#completed;
    }
    return this.#isFinal() ? DO_E_INVALID_STATE : this.dispose();
  }

  /** Leaves nothing of the job behind, whatever its state; also waits for a cancellation that is under way. */
  dispose(): Promise<number> {
    this.#disposed ??= this.#dispose();
    return this.#disposed;
  }

  /** The job's turn in the queue. */
  run(): Promise<void> {
    this.#abort = new AbortController();
    this.#ended = this.#transfer(this.#abort.signal, this.#ended);
    return this.#ended;
  }

  #isFinal(): boolean {
    return FINAL_STATES.includes(this.#state);
  }

  #isUnderWay(): boolean {
    return this.#state === "BG_JOB_STATE_QUEUED" || this.#state === "BG_JOB_STATE_TRANSFERRING";
  }

  #stop(): void {
    clearTimeout(this.#retryTimer);
    this.#queue.remove(this);
    this.#abort?.abort();
  }

  async #complete(stateBefore: JobState): Promise<number> {
    // At once, so that no other verb comes in between.
    this.#state = "BG_JOB_STATE_ACKNOWLEDGED";
    await this.#ended;
    try {
      for (const file of this.#files) {
        if (file.isWhole) {
          await file.keep();
        }
      }
    } catch (error) {
      this.#state = stateBefore;
      return TransferError.from(error).hresult;
    }
    return this.#discardFiles();
  }

  async #discardFiles(): Promise<number> {
    const deleted = await Promise.all(this.#files.splice(0).map((file) => file.discard()));
    return deleted.every(Boolean) ? S_OK : BG_S_UNABLE_TO_DELETE_FILES;
  }

  #enqueue(): void {
    this.#state = "BG_JOB_STATE_QUEUED";
    this.#queue.add(this);
  }

  async #dispose(): Promise<number> {
    this.#state = "BG_JOB_STATE_CANCELLED";
    this.#stop();
    await Promise.all([this.#ended, this.#completed]);
    return this.#discardFiles();
  }

  // One file after another, also those that are added meanwhile: so a turn in the queue is one file at a time.
  async #transfer(signal: AbortSignal, lastEnded: Promise<void> | undefined): Promise<void> {
    this.#state = "BG_JOB_STATE_TRANSFERRING";
    this.#error = undefined;
    // A job that was suspended a moment ago may still be closing its file.
    await lastEnded;
    try {
      signal.throwIfAborted();
      for (const file of this.#files) {
        if (!file.isWhole) {
          await file.attempt(signal);
          signal.throwIfAborted();
          this.#retries = 0;
        }
      }
      this.#state = "BG_JOB_STATE_TRANSFERRED";
    } catch (error) {
      if (!signal.aborted) {
        this.#fail(TransferError.from(error));
      }
    }
  }

  #fail({ hresult, transient }: TransferError): void {
    this.#error = hresult;
    if (!transient || this.#retries === RETRIES) {
      this.#state = "BG_JOB_STATE_ERROR";
      return;
    }
    this.#state = "BG_JOB_STATE_TRANSIENT_ERROR";
    this.#retryTimer = setTimeout(() => this.#enqueue(), MINIMUM_RETRY_DELAY_IN_MS * 2 ** this.#retries);
    this.#retries++;
  }
}
