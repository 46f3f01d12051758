import { untilAborted } from "./abort.js";

/** Lets one thing be done at a time, in the order in which they were asked for. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Does it when it is its turn. `signal` ends the wait: what is to be done has to heed it as well. */
  take<T>(act: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    const turn = this.#last.then(act);
    this.#last = turn.catch(() => {});
    return untilAborted(turn, signal);
  }
}
