/** What the time is, and what wakes up when it has passed. */
export interface Clock {
  /** The time, in milliseconds since 1970 began. */
  now(): number;
  /** Calls back once, after so many milliseconds; gives what calls it off. */
  startTimer(delayInMs: number, callback: () => void): () => void;
}

// Node's timers fire at once for a longer wait than this.
export const LONGEST_DELAY_IN_MS = 2 ** 31 - 1;

/** The clock of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  startTimer: (delayInMs, callback) => {
    const timer = setTimeout(callback, Math.min(delayInMs, LONGEST_DELAY_IN_MS));
    return () => clearTimeout(timer);
  },
};
