import { expect } from "vitest";
import { type BackgroundCopyJob, type BackgroundCopyManager, explain } from "../../src/index.js";
import { JOB_TYPE } from "../../src/model/job.js";
import { LOCALES } from "../../src/words/locale.js";
import type { RefusedCall } from "./refused-calls.js";
import type { Row } from "../support/refused-rows.js";
import { refusal } from "./refusal.js";

const NOBODY = "00000000-0000-4000-8000-000000000001";

/** The files of a job. */
export interface Files {
  /** The URL of a file that never completes. */
  readonly held: string;
  /** The URLs of files that bring a job into these states. */
  readonly ends: Readonly<Record<string, string>>;
  readonly target: () => string;
}

async function enter(job: BackgroundCopyJob, state: string): Promise<void> {
  if (state === "canceled") {
    await job.cancel();
    return;
  }
  await job.resume();
  if (state === "started") {
    return;
  }
  await expect.poll(() => job.getState()).toBe(state === "error" ? "BG_JOB_STATE_ERROR" : "BG_JOB_STATE_TRANSFERRED");
  if (state === "completed") {
    await job.complete();
  }
}

/** Makes the calls of a row on a job as the row describes it. The first must fail, with one of `codes` if given, the second must not. */
export async function expectRefusal(
  row: Row & { readonly foreignId?: string | undefined },
  { before, refused, allowed }: RefusedCall,
  manager: BackgroundCopyManager,
  files: Files,
  codes: readonly string[] | undefined,
): Promise<void> {
  const { state, type = 0, files: count = state === undefined ? 0 : 1 } = row.job ?? {};
  let job = manager.job(row.foreignId ?? NOBODY);
  // A call of the manager needs no job, and the limit of jobs may be reached.
  if (row.foreignId === undefined && !row.method.includes("Manager::")) {
    job = await manager.createJob("a job", { type: JOB_TYPE.toName(type) });
    for (let i = 0; i < count; i++) {
      await job.addFile(files.ends[state ?? ""] ?? files.held, files.target());
    }
    for (const { act } of before) {
      await act({ manager, job });
    }
    if (state !== undefined) {
      await enter(job, state);
    }
  }
  const error = await refusal(refused.act({ manager, job }));
  if (codes) {
    expect(codes).toContain(error.code);
  }
  const { method } = error;
  for (const locale of LOCALES) {
    const { message, known } = explain(error.code, { method, locale });
    expect(known, error.code).toBe(true);
    expect(error.localize(locale)).toContain(message);
  }
  if (allowed) {
    await allowed.act({ manager, job });
  }
}
