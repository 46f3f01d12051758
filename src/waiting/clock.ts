/** The current time, and timers. */
export interface Clock {
  /** The current time, in milliseconds since 1970. */
  now(): number;
  /** Calls back once after a delay in milliseconds, and returns a function that cancels the timer. */
  startTimer(delayInMs: number, callback: () => void): () => void;
}

// Timers of Node fire immediately for a longer delay than this.
export const LONGEST_DELAY_IN_MS = 2 ** 31 - 1;

/** The system clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  startTimer: (delayInMs, callback) => {
    const timer = setTimeout(callback, Math.min(delayInMs, LONGEST_DELAY_IN_MS));
    return () => clearTimeout(timer);
  },
};
