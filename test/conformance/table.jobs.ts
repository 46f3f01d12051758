import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import {
  BackgroundCopyError,
  type BackgroundCopyJob,
  type BackgroundCopyManager,
  BridgeError,
  type JobState,
} from "../../src/index.js";
import { notFound } from "./documented.js";
import { type Documentation, FINAL, type Kind, type State } from "./documented-calls.js";
import type { Habit } from "./table.habits.js";

// Brings new jobs into each state, for the table of `npm run conformance`.

/** A service under test, and how its jobs are brought into the states. */
export interface Subject extends Kind {
  readonly label: string;
  readonly path: (path: string) => string;
  /** The URL of a file that brings a job into that state; undefined if there is none. */
  readonly url: (state: State) => string | undefined;
  /** The time that a transfer runs before a method is called. */
  readonly settleInMs?: number;
  readonly habits: readonly Habit[];
}

const name = (state: JobState) => state.replace("BG_JOB_STATE_", "") as State;

/** The state of the job, or the code of the refusal. */
export async function stateOf(job: BackgroundCopyJob): Promise<string> {
  try {
    return name(await job.getState());
  } catch (error) {
    return codeOf(error);
  }
}

export function codeOf(error: unknown): string {
  if (error instanceof BackgroundCopyError || error instanceof BridgeError) {
    return error.code;
  }
  throw error;
}

/**
 * Whether the job is in one of `states`. A service might forget a canceled or completed job, so an unknown job counts as being in a final
 * state.
 */
export function isIn(documentation: Documentation, states: readonly string[], found: string): boolean {
  return states.includes(found) || (found === notFound(documentation) && FINAL.some((state) => states.includes(state)));
}

// These states do not change without intervention.
const AT_REST = ["ERROR", "TRANSFERRED", ...FINAL];

async function reach(job: BackgroundCopyJob, documentation: Documentation, state: State): Promise<boolean> {
  for (let tries = 0; tries < 1_000; tries++) {
    const found = await stateOf(job);
    if (isIn(documentation, [state], found) || AT_REST.includes(found)) {
      return isIn(documentation, [state], found);
    }
    await delay(50);
  }
  return false;
}

let files = 0;

/** A path that no other job uses. */
export function newFile(folder: string): string {
  return join(folder, `${files++}.bin`);
}

/** A job in that state, with one file. */
export async function jobIn(manager: BackgroundCopyManager, subject: Subject, folder: string, state: State) {
  const url = subject.url(state);
  if (url === undefined) {
    return undefined;
  }
  const { documentation, type } = subject;
  const job = await manager.createJob(`to be ${state}`, { type });
  const file = newFile(folder);
  if (type !== "BG_JOB_TYPE_DOWNLOAD") {
    await writeFile(file, "to be uploaded");
  }
  await job.addFile(url, subject.path(file));
  if (state === "CANCELLED") {
    await job.cancel();
  } else if (state !== "SUSPENDED") {
    await job.resume();
  }
  if (state === "ACKNOWLEDGED" && (await reach(job, documentation, "TRANSFERRED"))) {
    await job.complete();
  }
  if (await reach(job, documentation, state)) {
    await delay(subject.settleInMs ?? 0);
    return job;
  }
  await job.cancel().catch(() => {});
  return undefined;
}
