/** The signal of a caller, for many hosts at once: Node reports more than ten listeners on one signal as a leak. */
export class Ending implements Disposable {
  readonly #signal: AbortSignal | undefined;
  readonly #callbacks = new Set<() => void>();
  readonly #onAbort = () => {
    for (const callback of [...this.#callbacks]) {
      callback();
    }
  };

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
    signal?.addEventListener("abort", this.#onAbort);
  }

  get isOver(): boolean {
    return this.#signal?.aborted ?? false;
  }

  get reason(): unknown {
    return this.#signal?.reason;
  }

  throwIfOver(): void {
    this.#signal?.throwIfAborted();
  }

  /** Calls back at the end. Returns a function that takes this back. */
  onEnd(callback: () => void): () => void {
    this.#callbacks.add(callback);
    return () => this.#callbacks.delete(callback);
  }

  [Symbol.dispose](): void {
    this.#signal?.removeEventListener("abort", this.#onAbort);
  }
}
