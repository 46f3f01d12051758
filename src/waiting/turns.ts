import { untilAborted } from "./abort.js";

/** Runs one function at a time, in the order of the requests. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs the function when it is its turn. `signal` ends the wait; the function itself must also observe it. */
  take<T>(act: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    const turn = this.#last.then(act);
    this.#last = turn.catch(() => {});
    return untilAborted(turn, signal);
  }
}
