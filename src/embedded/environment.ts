import { userInfo } from "node:os";
import { systemClock, type Clock } from "../waiting/clock.js";
import type { TransferQueue } from "./queue.js";

/** What a method is told to answer. */
export interface ToldAnswer {
  readonly hresult: number;
  /** Of Cancel, the files that could not be deleted. */
  readonly leftoverFiles?: string[];
}

/** What the service works with: replaced as a whole by whoever tests with it. */
export interface Environment {
  readonly clock: Clock;
  readonly fetch: typeof globalThis.fetch;
  /** Who owns the jobs that are made here. */
  readonly owner: string;
  /** What a method is to answer, by its documented name, where it is not to answer for itself. */
  answerFor(method: string, jobId: string | undefined): ToldAnswer | undefined;
}

/** What a job works with. */
export interface JobEnvironment extends Pick<Environment, "clock" | "fetch"> {
  readonly queue: TransferQueue;
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A user without an entry among the users, as containers have them.
    return String(process.getuid?.() ?? "");
  }
}

/** The environment of a service that is no test's. */
export function realEnvironment(): Environment {
  return {
    clock: systemClock,
    // Looked up with each call, as everybody else's is.
    fetch: (...args) => fetch(...args),
    owner: userName(),
    answerFor: () => undefined,
  };
}
