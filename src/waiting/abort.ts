// Who waits, by signal. One listener serves all of them: Node takes more than ten on a signal for a leak, and warns.
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

/** Waits for `promise`, or until `signal` ends the wait: then it rejects with the signal's reason, and nothing else is stopped. */
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
