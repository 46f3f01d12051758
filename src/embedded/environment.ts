import { userInfo } from "node:os";
import { systemClock, type Clock } from "../waiting/clock.js";
import type { TransferQueue } from "./queue.js";

/** The scripted answer of a method. */
export interface ToldAnswer {
  readonly hresult: number;
  /** For Cancel, the files that could not be deleted. */
  readonly leftoverFiles?: string[];
}

/** The dependencies of the service. A test replaces them as a whole. */
export interface Environment {
  readonly clock: Clock;
  readonly fetch: typeof globalThis.fetch;
  /** The owner of the jobs that are created here. */
  readonly owner: string;
  /** The scripted answer of a method, by its documented name, if it has one. */
  answerFor(method: string, jobId: string | undefined): ToldAnswer | undefined;
}

/** The dependencies of a job. */
export interface JobEnvironment extends Pick<Environment, "clock" | "fetch"> {
  readonly queue: TransferQueue;
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A user without an entry in the user database, as in containers.
    return String(process.getuid?.() ?? "");
  }
}

/** The environment of a service outside tests. */
export function realEnvironment(): Environment {
  return {
    clock: systemClock,
    // Looked up at each call, like everybody else's.
    fetch: (...args) => fetch(...args),
    owner: userName(),
    answerFor: () => undefined,
  };
}
