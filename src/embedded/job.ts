import { randomUUID } from "node:crypto";
import { FINAL_STATES, type JobErrorContext, type JobState } from "../model/job.js";
import { BG_S_UNABLE_TO_DELETE_FILES, DO_E_INVALID_STATE, DO_E_JOB_EMPTY, S_OK } from "./codes.js";
import { Download } from "./download.js";
import type { JobEnvironment } from "./environment.js";
import type { Transfer } from "./queue.js";
import { Retries } from "./retries.js";
import { parseHeaders, type Settings } from "./settings.js";
import { TransferError } from "./transfer-error.js";

/** The reason why a job failed: the code, the context, and the file. */
export interface Failure {
  readonly hresult: number;
  readonly context: JobErrorContext;
  readonly file: Download | undefined;
}

/** The times of creation, of the last change, and of the end of the transfer, in milliseconds since 1970. */
export interface Times {
  creation: number;
  modification: number;
  transferCompletion: number | undefined;
}

/** The result of Cancel or Complete. */
export interface Ended {
  readonly hresult: number;
  /** The files that could not be deleted. */
  readonly leftoverFiles: readonly string[];
}

/** A download job. Its methods answer as documented for Delivery Optimization: with a code, whether or not the call is valid. */
export class Job implements Transfer {
  readonly id: string = randomUUID();
  owner: string;
  readonly times: Times;
  readonly #environment: JobEnvironment;
  readonly #files: Download[] = [];
  #settings: Settings;
  #state: JobState = "BG_JOB_STATE_SUSPENDED";
  #failure: Failure | undefined;
  #errorCount = 0;
  #abort: AbortController | undefined;
  #ended: Promise<void> | undefined;
  #callOffRetry: (() => void) | undefined;
  readonly #retries = new Retries();
  #completed: Promise<Ended> | undefined;
  #disposed: Promise<Ended> | undefined;

  constructor(settings: Settings, owner: string, environment: JobEnvironment) {
    this.owner = owner;
    this.#settings = settings;
    this.#environment = environment;
    const now = environment.clock.now();
    this.times = { creation: now, modification: now, transferCompletion: undefined };
  }

  get state(): JobState {
    return this.#state;
  }

  /** Whether the job is canceled or completed, so that no method has an effect. */
  get isFinal(): boolean {
    return FINAL_STATES.includes(this.#state);
  }

  get settings(): Readonly<Settings> {
    return this.#settings;
  }

  get priority(): number {
    return this.#settings.priority;
  }

  get files(): readonly Download[] {
    return this.#files;
  }

  /** The last error, until the job transfers again. */
  get failure(): Failure | undefined {
    return this.#failure;
  }

  /** The number of errors. */
  get errorCount(): number {
    return this.#errorCount;
  }

  addFile(remoteUrl: string, localName: string): number {
    if (this.isFinal) {
      return DO_E_INVALID_STATE;
    }
    this.#files.push(new Download(remoteUrl, localName));
    this.#touch();
    return S_OK;
  }

  /** Changes settings. A waiting job moves to the queue of its new priority. */
  set(settings: Partial<Settings>): number {
    if (this.isFinal) {
      return DO_E_INVALID_STATE;
    }
    const waited = this.#environment.queue.remove(this);
    this.#settings = { ...this.#settings, ...settings };
    if (waited) {
      this.#environment.queue.add(this);
    } else {
      this.#environment.queue.reconsider();
    }
    this.#touch();
    return S_OK;
  }

  /** Starts the job, or restarts it after an error, immediately and with all its retries. */
  resume(): number {
    if (this.isFinal) {
      return DO_E_INVALID_STATE;
    }
    if (this.#files.length === 0) {
      return DO_E_JOB_EMPTY;
    }
    const isTransferred = this.#state === "BG_JOB_STATE_TRANSFERRED" && this.#files.every((file) => file.isWhole);
    if (!isTransferred && !this.#isUnderWay()) {
      this.#callOffRetry?.();
      this.#retries.startAnew();
      this.#enqueue();
    }
    return S_OK;
  }

  /** Stops the transfer and keeps the data received so far. A job that waits only for its caller remains unchanged. */
  suspend(): number {
    if (this.isFinal) {
      return DO_E_INVALID_STATE;
    }
    if (this.#isUnderWay() || this.#state === "BG_JOB_STATE_TRANSIENT_ERROR") {
      this.#enter("BG_JOB_STATE_SUSPENDED");
      this.#stop();
    }
    return S_OK;
  }

  /**
   * Completes the job, and answers when its complete files have their names and the others are deleted. If a file cannot get its name,
   * the job is as before, but stopped.
   */
  async complete(): Promise<Ended> {
    if (this.isFinal) {
      return { hresult: DO_E_INVALID_STATE, leftoverFiles: [] };
    }
    this.suspend();
    this.#completed = this.#complete(this.#state);
    return this.#completed;
  }

  /** Ends the job immediately, and answers when its files are closed and deleted. */
  async cancel(): Promise<Ended> {
    if (this.#completed) {
      await this.#completed;
    }
    return this.isFinal ? { hresult: DO_E_INVALID_STATE, leftoverFiles: [] } : this.dispose();
  }

  /** Removes everything of the job, whatever its state, and waits for a cancellation in progress. */
  dispose(): Promise<Ended> {
    this.#disposed ??= this.#dispose();
    return this.#disposed;
  }

  /** Sets the properties of the job for a test. A transfer in progress ends. */
  pretend(state: JobState, failure: Failure | undefined): void {
    this.#stop();
    this.#failure = failure;
    this.#enter(state);
  }

  /** Runs the job when it is first in the queue. */
  run(): Promise<void> {
    this.#abort = new AbortController();
    this.#ended = this.#transfer(this.#abort.signal, this.#ended);
    return this.#ended;
  }

  giveWay(): void {
    if (this.#state === "BG_JOB_STATE_TRANSFERRING") {
      this.#abort?.abort();
      this.#enqueue();
    }
  }

  #isUnderWay(): boolean {
    return this.#state === "BG_JOB_STATE_QUEUED" || this.#state === "BG_JOB_STATE_TRANSFERRING";
  }

  #touch(): void {
    this.times.modification = this.#environment.clock.now();
  }

  #enter(state: JobState): void {
    this.#state = state;
    this.#touch();
    if (state === "BG_JOB_STATE_TRANSFERRED") {
      this.times.transferCompletion = this.times.modification;
    }
  }

  #stop(): void {
    this.#callOffRetry?.();
    this.#environment.queue.remove(this);
    this.#abort?.abort();
  }

  async #complete(stateBefore: JobState): Promise<Ended> {
    // Immediately, so that no other method runs in between.
    this.#enter("BG_JOB_STATE_ACKNOWLEDGED");
    await this.#ended;
    try {
      for (const file of this.#files) {
        if (file.isWhole) {
          await file.keep();
        }
      }
    } catch (error) {
      this.#enter(stateBefore);
      return { hresult: TransferError.from(error).hresult, leftoverFiles: [] };
    }
    return this.#discardFiles();
  }

  async #discardFiles(): Promise<Ended> {
    const left = await Promise.all(
      this.#files.map(async (file) => ((await file.discard()) ? undefined : file.temporaryName)),
    );
    const leftoverFiles = left.filter((path) => path !== undefined);
    return { hresult: leftoverFiles.length === 0 ? S_OK : BG_S_UNABLE_TO_DELETE_FILES, leftoverFiles };
  }

  #enqueue(): void {
    this.#enter("BG_JOB_STATE_QUEUED");
    this.#environment.queue.add(this);
  }

  async #dispose(): Promise<Ended> {
    this.#enter("BG_JOB_STATE_CANCELLED");
    this.#stop();
    await Promise.all([this.#ended, this.#completed]);
    return this.#discardFiles();
  }

  // Transfers one file after another, including files that are added in the meantime, so one turn in the queue is one file at a time.
  async #transfer(signal: AbortSignal, lastEnded: Promise<void> | undefined): Promise<void> {
    this.#enter("BG_JOB_STATE_TRANSFERRING");
    this.#failure = undefined;
    // A job that was just suspended might still be closing its file.
    await lastEnded;
    let current: Download | undefined;
    try {
      signal.throwIfAborted();
      for (const file of this.#files) {
        current = file;
        if (!file.isWhole) {
          await file.attempt(this.#transport(), signal);
          signal.throwIfAborted();
          this.#retries.startAnew();
        }
      }
      this.#enter("BG_JOB_STATE_TRANSFERRED");
    } catch (error) {
      if (!signal.aborted) {
        this.#fail(TransferError.from(error), current);
      }
    }
  }

  #transport() {
    const onProgress = () => {
      this.#retries.startAnew();
      this.#touch();
    };
    const headers = parseHeaders(this.#settings.customHeaders) ?? new Headers();
    return { get: this.#environment.get, headers, onProgress };
  }

  #fail({ hresult, context, transient }: TransferError, file: Download | undefined): void {
    this.#failure = { hresult: this.#environment.dialect.codeOf(hresult), context, file };
    this.#errorCount++;
    const delay = transient ? this.#retries.next(this.#settings) : undefined;
    if (delay === undefined) {
      this.#enter("BG_JOB_STATE_ERROR");
      return;
    }
    this.#enter("BG_JOB_STATE_TRANSIENT_ERROR");
    this.#callOffRetry = this.#environment.clock.startTimer(delay * 1000, () => this.#enqueue());
  }
}
