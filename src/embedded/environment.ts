import { userInfo } from "node:os";
import { systemClock, type Clock } from "../waiting/clock.js";
import { get, type Get } from "./get.js";
import type { TransferQueue } from "./queue.js";

/** The scripted answer of a method. */
export interface ToldAnswer {
  readonly hresult: number;
  /** For Cancel, the files that could not be deleted. */
  readonly leftoverFiles?: string[];
}

/** The names that a service has for what all services do. */
export interface Dialect {
  /** The documented names of the methods that add a file. Without the second one, a job cannot have parts of files. */
  readonly addFile: string;
  readonly addFileWithRanges?: string;
  /** The service's own code for a code of Delivery Optimization. */
  codeOf(hresult: number): number;
}

/** The dependencies of the service. A test replaces them as a whole. */
export interface Environment {
  readonly clock: Clock;
  readonly get: Get;
  /** The owner of the jobs that are created here. */
  readonly owner: string;
  readonly dialect: Dialect;
  /** The scripted answer of a method, by its documented name, if it has one. */
  answerFor(method: string, jobId: string | undefined): ToldAnswer | undefined;
}

/** The dependencies of a job. */
export interface JobEnvironment extends Pick<Environment, "clock" | "get" | "dialect"> {
  readonly queue: TransferQueue;
}

/** The dialect of the embedded service. */
export const OWN_DIALECT: Dialect = { addFile: "IBackgroundCopyJob::AddFile", codeOf: (hresult) => hresult };

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
    get,
    owner: userName(),
    dialect: OWN_DIALECT,
    answerFor: () => undefined,
  };
}
