import { expect, it } from "vitest";
import type { JobOutcome } from "../../src/index.js";
import type { Place } from "./suite.place.js";

const UNKNOWN = "00000000-0000-4000-8000-00000000000";

/** Calls for many jobs. */
export function manyJobs(place: Place): void {
  const { traits } = place;

  it("calls each verb for many jobs, of which each has its outcome", async () => {
    const jobs = await Promise.all([1, 2].map((i) => place.manager.createJob(`job ${i}`)));
    const ids = [...jobs.map(({ id }) => id), `${UNKNOWN}1`];
    const codes = (outcomes: JobOutcome[]) =>
      outcomes.map((outcome) => (outcome.ok ? outcome.result.code : outcome.error.code));
    const suspended = traits.suspend ?? "S_OK";
    expect(codes(await place.manager.suspendJobs(ids))).toEqual([suspended, suspended, traits.notFound]);
    expect(codes(await place.manager.resumeJobs(ids))).toEqual([traits.empty, traits.empty, traits.notFound]);
    const outcomes = await place.manager.cancelJobs(ids);
    expect(outcomes[0]).toMatchObject({
      result: { stateBefore: "BG_JOB_STATE_SUSPENDED", stateAfter: "BG_JOB_STATE_CANCELLED" },
    });
    expect(codes(outcomes)).toEqual(["S_OK", "S_OK", traits.notFound]);
  });

  it("cancels 60 jobs in one call, with 3 unknown ids among them", async () => {
    const jobs = await Promise.all(Array.from({ length: 60 }, (_, i) => place.manager.createJob(`job ${i}`)));
    const ids: string[] = jobs.map(({ id }) => id);
    const strangers = [1, 2, 3].map((i) => UNKNOWN + i);
    ids.splice(0, 0, strangers[0] as string);
    ids.splice(40, 0, strangers[1] as string);
    ids.push(strangers[2] as string, ids[5] as string);
    const progress: number[] = [];
    const outcomes = await place.manager.cancelJobs(ids, { onProgress: ({ done }) => progress.push(done) });
    expect(outcomes.map(({ jobId }) => jobId)).toEqual(ids);
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(61);
    for (const outcome of outcomes.filter(({ ok }) => !ok)) {
      expect(strangers).toContain(outcome.jobId);
      expect(outcome).toMatchObject({ error: { code: traits.notFound } });
    }
    expect(progress.at(-1)).toBe(63);
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
  });
}
