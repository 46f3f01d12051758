import { beforeEach, describe, expect, it } from "vitest";
import { BackgroundCopyManager, type BulkProgress, type JobOutcome } from "../../src/index.js";
import { TestService } from "../../src/testing.js";

const UNKNOWN = "00000000-0000-4000-8000-000000000001";
const VERBS = ["suspendJobs", "resumeJobs", "completeJobs", "cancelJobs"] as const;

let service: TestService;
let manager: BackgroundCopyManager;
beforeEach(async () => {
  service = new TestService();
  manager = await service.connect({ locale: "en" });
});

const changing = () => service.requests.filter(({ name }) => name !== "list" && name !== "describe");
const ids = (jobs: readonly { jobId: string }[]) => jobs.map(({ jobId }) => jobId);
describe.each(VERBS)("%s", (verb) => {
  const code = (outcome: JobOutcome) => (outcome.ok ? outcome.result.code : outcome.error.code);

  it("gives each job its outcome, in the order given, and calls it once", async () => {
    const file = { remoteName: "http://localhost:1/", localName: "/nowhere/a" };
    const [a, b] = [service.addJob({ files: [file] }), service.addJob({ files: [file] })] as const;
    service.answer(`IBackgroundCopyJob::${verb[0]?.toUpperCase()}${verb.slice(1, -4)}`, "E_FAIL", { jobId: b });
    const outcomes: JobOutcome[] = await manager[verb]([a.toUpperCase(), UNKNOWN, `{${b}}`, a]);
    expect(outcomes.map(code)).toEqual(["S_OK", "DO_E_JOB_NOT_FOUND", "E_FAIL", "S_OK"]);
    expect(ids(outcomes)).toEqual([a, UNKNOWN, b, a]);
    expect(outcomes[0]).toMatchObject({ result: { jobId: a, stateBefore: "BG_JOB_STATE_SUSPENDED" } });
    expect(changing()).toEqual([{ name: verb.slice(0, -4), jobIds: [a, UNKNOWN, b] }]);
  });

  it("takes a filter, and does what it says it would", async () => {
    const [a, b] = [service.addJob({ displayName: "old" }), service.addJob({ displayName: "new" })] as const;
    const filter = { displayName: "old" };
    const plan = await manager[verb](filter, { whatIf: true });
    expect(plan).toMatchObject([{ ok: true, jobId: a, job: { displayName: "old", state: "BG_JOB_STATE_SUSPENDED" } }]);
    expect(changing()).toEqual([]);
    expect(ids(await manager[verb](filter))).toEqual([a]);
    expect(changing()).toEqual([{ name: verb.slice(0, -4), jobIds: [a] }]);
    await expect(manager.job(b).getState()).resolves.toBe("BG_JOB_STATE_SUSPENDED");
  });

  it("does nothing to a job that can't be read, says so in its place, and goes on", async () => {
    const [a, closed, gone, b] = Array.from({ length: 4 }, () => service.addJob({ displayName: "old" })) as [
      string,
      string,
      string,
      string,
    ];
    service.answer("IBackgroundCopyManager::GetJob", "E_ACCESSDENIED", { jobId: closed });
    service.answer("IBackgroundCopyManager::GetJob", "DO_E_JOB_NOT_FOUND", { jobId: gone });
    const plan = await manager[verb]({ displayName: "old" }, { whatIf: true });
    expect(plan).toMatchObject([
      { ok: true, jobId: a },
      { ok: false, jobId: closed, error: { code: "E_ACCESSDENIED" } },
      { ok: true, jobId: b },
    ]);
    const progress: BulkProgress[] = [];
    const outcomes: JobOutcome[] = await manager[verb](
      { displayName: "old" },
      { onProgress: (step) => progress.push(step) },
    );
    expect(ids(outcomes)).toEqual([a, closed, b]);
    expect(outcomes[1]).toMatchObject({ ok: false, error: { code: "E_ACCESSDENIED", jobId: closed } });
    expect(changing()).toEqual([{ name: verb.slice(0, -4), jobIds: [a, b] }]);
    expect(progress.map(({ done, total }) => [done, total])).toEqual([
      [1, 3],
      [3, 3],
    ]);
    expect(new Set(progress.flatMap((step) => step.outcomes))).toEqual(new Set(outcomes));
  });

  it("plans for ids too, also for those of no job", async () => {
    const a = service.addJob({ displayName: "a" });
    const plan = await manager[verb]([UNKNOWN, a, a], { whatIf: true });
    expect(plan).toMatchObject([
      { ok: false, jobId: UNKNOWN, error: { code: "DO_E_JOB_NOT_FOUND" } },
      { ok: true, jobId: a, job: { displayName: "a" } },
      { ok: true, jobId: a },
    ]);
    expect(changing()).toEqual([]);
  });

  it.each([{}, { allUsers: true }, { state: undefined }])(
    "refuses the filter %j, which has no condition",
    async (filter) => {
      service.addJob();
      for (const whatIf of [true, false]) {
        await expect(manager[verb](filter, { whatIf } as never)).rejects.toThrow(/condition/);
      }
      expect(service.requests).toEqual([]);
    },
  );

  it.each([{ whatif: true }, { whatIf: "yes" }, { timeout: 5 }])(
    "refuses the options %j, and asks nothing",
    async (options) => {
      const id = service.addJob({ displayName: "a job" });
      for (const target of [[id], { displayName: "a job" }]) {
        await expect(manager[verb](target, options as never)).rejects.toThrow(TypeError);
      }
      expect(service.requests).toEqual([]);
    },
  );

  it("goes on when the way to the service fails for some", async () => {
    const jobIds = Array.from({ length: 60 }, () => service.addJob());
    service.failBridge("HOST_EXITED", { request: verb.slice(0, -4) as never });
    const outcomes: JobOutcome[] = await manager[verb](jobIds);
    expect(ids(outcomes)).toEqual(jobIds);
    const lost = outcomes.filter((outcome) => code(outcome) === "HOST_EXITED");
    expect(lost.length).toBeGreaterThan(0);
    expect(lost.length).toBeLessThan(60);
  });
});

describe("10,000 jobs in one call", () => {
  it("all have their outcome, with progress, while other calls get through", async () => {
    const jobIds = Array.from({ length: 10_000 }, (_, i) => service.addJob({ displayName: `job ${i}` }));
    const other = manager.job(service.addJob({ displayName: "other" }));
    const progress: BulkProgress[] = [];
    const canceling = manager.cancelJobs({ displayName: "job *" }, { onProgress: (step) => progress.push(step) });
    const answers: number[] = [];
    while (progress.at(-1)?.done !== jobIds.length) {
      await other.getState();
      await other.set({ description: "still there" });
      answers.push(progress.at(-1)?.done ?? 0);
    }
    const outcomes = await canceling;
    expect(ids(outcomes)).toEqual(jobIds);
    expect(outcomes.every(({ ok }) => ok)).toBe(true);
    expect(progress.flatMap((step) => step.outcomes)).toEqual(outcomes);
    expect(progress.map(({ done }) => done)).toEqual(progress.map((_, i) => Math.min((i + 1) * 25, 10_000)));
    expect(new Set(progress.map(({ total }) => total))).toEqual(new Set([10_000]));
    // Not all before, not all after.
    expect(new Set(answers).size).toBeGreaterThan(100);
    await expect(manager.listJobs()).resolves.toMatchObject([{ jobId: other.id }]);
  });

  it("an abort ends the call between two groups, and loses no outcome", async () => {
    const jobIds = Array.from({ length: 10_000 }, () => service.addJob());
    const controller = new AbortController();
    const seen: JobOutcome[] = [];
    const onProgress = ({ outcomes, done }: BulkProgress) => {
      seen.push(...outcomes);
      if (done >= 1_000) {
        controller.abort(new Error("enough"));
      }
    };
    await expect(manager.cancelJobs(jobIds, { signal: controller.signal, onProgress })).rejects.toThrow("enough");
    expect(ids(seen)).toEqual(jobIds.slice(0, 1_000));
    const left = await manager.listJobs();
    expect(ids(left)).toEqual(jobIds.slice(1_000));
  });
});
