import { describe, expect, it } from "vitest";
import { manager, run, service, startedJob, states } from "../cli/fixture.js";

const GET_DISPLAY_NAME = "IBackgroundCopyJob::GetDisplayName";

describe.each([
  ["cancel", "BG_JOB_STATE_CANCELLED"],
  ["suspend", "BG_JOB_STATE_SUSPENDED"],
])("13: %s by a condition whose property is refused", (verb, end) => {
  it("13: says so of each job, changes none, and does not end with 0", async () => {
    const jobs = [await startedJob("one"), await startedJob("two")];
    service.answer(GET_DISPLAY_NAME, "E_ACCESSDENIED");
    const { exitCode, stdout } = await run(verb, "--name", "*", "--yes");
    expect(exitCode).toBe(1);
    expect(stdout.match(/E_ACCESSDENIED/g)).toHaveLength(2);
    expect(stdout).toContain("0 jobs of 2 ");
    const { jobs: told } = JSON.parse((await run(verb, "--name", "o*", "--yes", "--json")).stdout);
    const refused = { ok: false, code: "E_ACCESSDENIED", method: GET_DISPLAY_NAME };
    expect(told).toMatchObject(jobs.map(({ id }) => ({ ...refused, jobId: id })));
    expect((await run(verb, "--name", "*", "--what-if")).exitCode).toBe(1);
    expect(await states(...jobs)).not.toContain(end);
  });

  it("13: changes the jobs whose property is told", async () => {
    const jobs = [await startedJob("one"), await startedJob("two")];
    service.answer(GET_DISPLAY_NAME, "E_ACCESSDENIED", { jobId: jobs[0]?.id });
    const { exitCode, stdout } = await run(verb, "--name", "*", "--yes");
    expect(exitCode).toBe(1);
    expect(stdout).toContain("1 job of 2 ");
    expect((await states(...jobs)).map((state) => state === end)).toEqual([false, true]);
  });

  it("13: leaves out a job that another condition excludes", async () => {
    await startedJob("one");
    service.answer(GET_DISPLAY_NAME, "E_ACCESSDENIED");
    const { exitCode, stdout } = await run(verb, "--name", "*", "--state", "error", "--yes");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("0 jobs of 0 ");
  });

  it("13: is the same for the other properties", async () => {
    const job = await startedJob("one");
    for (const [method, filter] of [
      ["IBackgroundCopyJob::GetOwner", { owner: "*" }],
      ["IBackgroundCopyJob::GetTimes", { createdBefore: new Date(8.64e15) }],
      ["IBackgroundCopyJob::GetTimes", { modifiedBefore: new Date(8.64e15) }],
    ] as const) {
      service.answer(method, "E_FAIL");
      const refused = { ok: false, jobId: job.id, error: { code: "E_FAIL", method } };
      expect(await manager.suspendJobs(filter)).toMatchObject([refused]);
    }
  });
});
