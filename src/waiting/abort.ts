// The waiting callers, by signal. One listener serves all of them, because Node reports more than ten on a signal as a leak.
const waiting = new WeakMap<AbortSignal, Set<(reason: unknown) => void>>();

function rejectAll(this: AbortSignal): void {
  for (const reject of waiting.get(this) ?? []) {
    reject(this.reason);
  }
  waiting.delete(this);
}

function leave(signal: AbortSignal, reject: (reason: unknown) => void): void {
  const all = waiting.get(signal);
  all?.delete(reject);
  if (all?.size === 0) {
    signal.removeEventListener("abort", rejectAll);
  }
}

/** Waits for `promise`, or until `signal` ends the wait. It then rejects with the reason of the signal and stops nothing else. */
export function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) {
    return promise;
  }
  return new Promise((resolve, reject) => {
    promise.then(resolve, reject).finally(() => leave(signal, reject));
    if (signal.aborted) {
      reject(signal.reason);
    } else {
      waiting.set(signal, (waiting.get(signal) ?? new Set()).add(reject));
      signal.addEventListener("abort", rejectAll, { once: true });
    }
  });
}
