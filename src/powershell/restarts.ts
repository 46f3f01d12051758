import { setTimeout } from "node:timers/promises";
import type { BridgeError } from "../words/errors.js";

/** The delay before a host is started, after the first, second, and third loss in a row. */
const WAITS_IN_MS: readonly number[] = [0, 250, 1000];
/** After more losses, no host is started for this time. */
const PAUSE_IN_MS = 5000;

/** Prevents a failing host from being restarted in a loop. Each answer cancels the losses before it. */
export class Restarts {
  #losses = 0;
  #last: { readonly error: BridgeError; readonly at: number } | undefined;

  answered(): void {
    this.#losses = 0;
  }

  lost(error: BridgeError): void {
    this.#losses++;
    this.#last = { error, at: performance.now() };
  }

  /** Waits until a host may be started. Rejects with the last loss if there were too many. */
  async turn(signal: AbortSignal): Promise<void> {
    const wait = this.#losses === 0 ? 0 : WAITS_IN_MS[this.#losses - 1];
    if (wait === undefined && this.#last && performance.now() < this.#last.at + PAUSE_IN_MS) {
      throw this.#last.error;
    }
    if (wait) {
      await setTimeout(wait, undefined, { signal });
    }
  }
}
