import { randomUUID } from "node:crypto";
import { FINAL_STATES, type JobErrorContext, type JobState } from "../model/job.js";
import { BG_S_UNABLE_TO_DELETE_FILES, DO_E_INVALID_STATE, DO_E_JOB_EMPTY, S_OK } from "./codes.js";
import { Download } from "./download.js";
import type { JobEnvironment } from "./environment.js";
import type { Transfer } from "./queue.js";
import { Retries } from "./retries.js";
import { parseHeaders, type Settings } from "./settings.js";
import { TransferError } from "./transfer-error.js";

/** Why a job failed: the code, where the error occurred, and with which file. */
export interface Failure {
  readonly hresult: number;
  readonly context: JobErrorContext;
  readonly file: Download | undefined;
}

/** When a job was created, last changed, and transferred, in milliseconds since 1970. */
export interface Times {
  creation: number;
  modification: number;
  transferCompletion: number | undefined;
}

/** What Cancel or Complete has done. */
export interface Ended {
  readonly hresult: number;
  /** The files that could not be deleted. */
  readonly leftoverFiles: readonly string[];
}

/** A download job. Its verbs answer as Delivery Optimization documents it: with a code, whatever they think of the call. */
export class Job implements Transfer {
  readonly id: string = randomUUID();
  readonly owner: string;
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

  /** Whether it is over: no verb is taken any more. */
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

  /** The last failure, until the job transfers again. */
  get failure(): Failure | undefined {
    return this.#failure;
  }

  /** How often it has failed. */
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

  /** Changes settings. A job that waits for its turn waits among those of its new priority. */
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

  /** Starts the job, or starts it again after a failure: at once, and with all its retries. */
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

  /** Stops the transfer; what has arrived is kept. A job that waits for nothing but its caller stays as it is. */
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
   * Ends the job, and answers when its whole files have their names and the others are deleted. Where a file can't have its name the
   * job is as before, but stopped.
   */
  async complete(): Promise<Ended> {
    if (this.isFinal) {
      return { hresult: DO_E_INVALID_STATE, leftoverFiles: [] };
    }
    this.suspend();
    this.#completed = this.#complete(this.#state);
    return this.#completed;
  }

  /** Ends the job at once, and answers when its files are closed and deleted. */
  async cancel(): Promise<Ended> {
    if (this.#completed) {
      await this.#completed;
    }
    return this.isFinal ? { hresult: DO_E_INVALID_STATE, leftoverFiles: [] } : this.dispose();
  }

  /** Leaves nothing of the job behind, whatever its state; also waits for a cancellation that is under way. */
  dispose(): Promise<Ended> {
    this.#disposed ??= this.#dispose();
    return this.#disposed;
  }

  /** Says of the job what a test wants. A transfer that is under way ends. */
  pretend(state: JobState, failure: Failure | undefined): void {
    this.#stop();
    this.#failure = failure;
    this.#enter(state);
  }

  /** The job's turn in the queue. */
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
    // At once, so that no other verb comes in between.
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

  // One file after another, also those that are added meanwhile: so a turn in the queue is one file at a time.
  async #transfer(signal: AbortSignal, lastEnded: Promise<void> | undefined): Promise<void> {
    this.#enter("BG_JOB_STATE_TRANSFERRING");
    this.#failure = undefined;
    // A job that was suspended a moment ago may still be closing its file.
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
    return { fetch: this.#environment.fetch, headers, onProgress };
  }

  #fail({ hresult, context, transient }: TransferError, file: Download | undefined): void {
    this.#failure = { hresult, context, file };
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
