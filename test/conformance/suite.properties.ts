import { expect, it } from "vitest";
import type { CreateJobOptions, JobStatus } from "../../src/index.js";
import { refusal } from "./refusal.js";
import type { Place } from "./suite.place.js";

const UNKNOWN = "00000000-0000-4000-8000-000000000001";

/** What is known of a job, and what can be set. */
export function properties(place: Place): void {
  const { traits, target, called, start } = place;

  it("knows which jobs there are", async () => {
    const job = await place.manager.createJob("a job");
    await expect(place.manager.getJob(`{${job.id.toUpperCase()}}`)).resolves.toMatchObject({ id: job.id });
    await expect(place.manager.findJob(UNKNOWN)).resolves.toBeUndefined();
    const error = await refusal(place.manager.getJob(UNKNOWN));
    expect(error).toMatchObject({ code: traits.notFound, ...called("IBackgroundCopyManager::GetJob") });
    await job.cancel();
  });

  it("describes a job, with what the service documents or why it refuses", async () => {
    const job = await place.manager.createJob("a job");
    await job.addFile(traits.wholeFile(place.server), target());
    const description = await job.describe();
    expect(description).toMatchObject({
      jobId: job.id,
      state: "BG_JOB_STATE_SUSPENDED",
      progress: { bytesTransferred: 0n, filesTotal: 1, filesTransferred: 0 },
    });
    const expected = ["displayName", "type", "priority", "owner", "creationTime", "files"] as const;
    for (const name of expected.filter((one) => place.manager.capabilities.readableProperties.includes(one))) {
      expect(name in description || name in description.refused, name).toBe(true);
    }
    expect(description.displayName ?? "a job").toBe("a job");
    expect(description.files ?? (await job.listFiles())).toMatchObject([
      {
        remoteName: traits.wholeFile(place.server),
        localName: target(),
        progress: { bytesTransferred: 0n, completed: false },
      },
    ]);
    await expect(job.getError()).resolves.toBeUndefined();
    await job.cancel();
  });

  it("lists the jobs that are open, by any condition", async (context) => {
    if (!place.manager.capabilities.listJobs) {
      context.skip("documents no list");
    }
    const name = `one of ${Math.random()}`;
    const jobs = [await place.manager.createJob(name), await place.manager.createJob(name)];
    const other = await place.manager.createJob("another");
    const ids = async (filter: object) => (await place.manager.listJobs(filter)).map(({ jobId }) => jobId);
    expect(await ids({})).toEqual(expect.arrayContaining([...jobs, other].map(({ id }) => id)));
    expect((await ids({ displayName: name.toUpperCase() })).sort()).toEqual(jobs.map(({ id }) => id).sort());
    expect(await ids({ displayName: name, state: "BG_JOB_STATE_TRANSFERRED" })).toEqual([]);
    const plan = await place.manager.cancelJobs({ displayName: name }, { whatIf: true });
    expect(plan).toMatchObject([{ ok: true, job: { state: "BG_JOB_STATE_SUSPENDED" } }, { ok: true }]);
    const outcomes = await place.manager.cancelJobs({ displayName: name });
    expect(outcomes.map(({ jobId }) => jobId).sort()).toEqual(jobs.map(({ id }) => id).sort());
    expect(await ids({ displayName: name })).toEqual([]);
    await expect(other.getState()).resolves.toBe("BG_JOB_STATE_SUSPENDED");
    await other.cancel();
  });

  it("sets properties, and tells them as they were set", async () => {
    const created = await place.manager.createJob("a job", {
      ...traits.keeps,
      displayName: undefined,
    } as CreateJobOptions);
    const job = await place.manager.createJob("a job");
    await expect(job.set(traits.keeps)).resolves.toMatchObject({ code: "S_OK", jobId: job.id });
    await expect(job.describe()).resolves.toMatchObject(traits.keeps);
    await expect(created.describe()).resolves.toMatchObject({ ...traits.keeps, displayName: "a job" });
    await place.manager.cancelJobs([job.id, created.id]);
    if (traits.changesWhatIsOver) {
      return;
    }
    const error = await refusal(job.set(traits.keeps));
    expect(error).toMatchObject({ jobId: job.id });
    expect([traits.invalidState, traits.notFound]).toContain(error.code);
  });

  it("watches a job until it is transferred", async () => {
    const job = await start(traits.wholeFile(place.server), { priority: "BG_JOB_PRIORITY_FOREGROUND" });
    const seen: JobStatus[] = [];
    for await (const status of job.watch({ intervalInMs: 20 })) {
      seen.push(status);
    }
    expect(seen.at(-1)).toMatchObject({
      jobId: job.id,
      state: "BG_JOB_STATE_TRANSFERRED",
      progress: {
        bytesTotal: traits.tellsNoSize ? undefined : 65_536n,
        bytesTransferred: 65_536n,
        filesTotal: 1,
        filesTransferred: 1,
      },
    });
    await expect(job.waitFor("BG_JOB_STATE_ERROR")).resolves.toMatchObject({ state: "BG_JOB_STATE_TRANSFERRED" });
    await job.cancel();
  });

  it("says why a job is in error, also when it is canceled then", async () => {
    const { url, ...expected } = traits.missingFile;
    const job = await start(url(place.server));
    const status = await job.waitFor("BG_JOB_STATE_ERROR", { intervalInMs: 20 });
    const file = traits.tellsNoFile ? undefined : { remoteName: url(place.server), localName: target() };
    expect(status).toMatchObject({ state: "BG_JOB_STATE_ERROR", error: { ...expected, file } });
    await expect(job.getError()).resolves.toMatchObject({ ...expected, file });
    await expect(job.cancel()).resolves.toMatchObject({ stateBefore: "BG_JOB_STATE_ERROR", jobError: expected });
  });

  it.each(['it\'s "quoted"', "$(calc) `whoami` %PATH%", "ü中\u{1f600}é", "line\r\nline\ttab", "2024-05-01T10:00:00Z"])(
    "takes the name %j",
    async (name) => {
      const job = await place.manager.createJob(name);
      await job.cancel();
    },
  );

  it("refuses a NUL in a string", async () => {
    const job = await place.manager.createJob("a job");
    for (const call of [
      place.manager.createJob("a\0b"),
      job.addFile(place.server.url("/file\0"), target()),
      job.addFile(place.server.url("/file"), `${target()}\0`),
    ]) {
      expect(await refusal(call)).toMatchObject({ code: "E_INVALIDARG" });
    }
    await job.cancel();
  });
}
