import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  BackgroundCopyError,
  type BackgroundCopyJob,
  type BackgroundCopyManager,
  type CreateJobOptions,
  type JobError,
  type JobOutcome,
  type JobSettings,
  type JobStatus,
} from "../../src/index.js";
import { LOCALES, type Locale } from "../../src/words/locale.js";
import documented from "../facts/documented-messages.json" with { type: "json" };
import { startFileServer, type FileServer } from "../support/file-server.js";
import { ROOT } from "../support/packed.js";

/** The traits of a service: its codes and its own behavior. */
export interface ServiceTraits {
  readonly invalidState: string;
  readonly notFound: string;
  readonly empty: string;
  /** The code of Cancel for a job whose target file is not on the disk yet. */
  readonly cancelOfUnfinished: string;
  /** The code of Suspend for any job, if the service does not suspend. */
  readonly suspend?: string;
  /** The code of Complete for a job whose only file is incomplete; missing if this takes too long to test. */
  readonly completeOfUnfinished?: string;
  /** The settings that are read as they were set. */
  readonly keeps: JobSettings;
  /** Set if a canceled or completed job can still be changed. */
  readonly changesWhatIsOver?: boolean;
  /** The URL of a file that the server does not have, and the resulting error of the job. */
  readonly missingFile: { readonly url: (server: FileServer) => string } & Pick<JobError, "code" | "context">;
  /** Set if the service does not return the file of an error. */
  readonly tellsNoFile?: boolean;
  /** Set if the service does not return the sizes of the files. */
  readonly tellsNoSize?: boolean;
  /** The method that adds a file. */
  readonly addFile: string;
  /** The methods that run instead of the documented ones, by the documented names. */
  readonly calledMethods?: Readonly<Record<string, string>>;
  /** The URL of a file of 65,536 bytes, and the URL of a file of which only a part ever arrives. */
  readonly wholeFile: (server: FileServer) => string;
  readonly heldFile: (server: FileServer) => string;
  /** The path of the temporary file of a target in `folder`. */
  readonly temporaryFolder: (folder: string) => string;
  /** A local path as the service sees it. */
  readonly path: (path: string) => string;
}

/** The message of this project for a code of that method. */
export function sentence(locale: Locale, method: string, code = "S_OK"): string {
  const messages = JSON.parse(readFileSync(join(ROOT, "locales", locale, "messages.json"), "utf8"));
  return messages.method[method][code];
}

const UNKNOWN = "00000000-0000-4000-8000-00000000000";

/** The error with which the service refuses the call. */
export async function refusal(promise: Promise<unknown>): Promise<BackgroundCopyError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(BackgroundCopyError);
  return error as BackgroundCopyError;
}

/** The behavior of a job on every service: the same tests for each. */
export function conformance(label: string, connect: () => Promise<BackgroundCopyManager>, traits: ServiceTraits): void {
  describe(label, () => {
    let manager: BackgroundCopyManager;
    let server: FileServer;
    let folder: string;

    beforeAll(async () => {
      server = await startFileServer();
      manager = await connect();
    });
    afterAll(async () => {
      await manager.close();
      await server.close();
    });
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), "background-copy-"));
    });
    afterEach(async () => {
      await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    });

    const target = () => traits.path(join(folder, "target.bin"));
    const called = (method: string) => ({ method, calledMethod: traits.calledMethods?.[method] });

    /** A job that has started to transfer. */
    async function start(url: string, options?: CreateJobOptions): Promise<BackgroundCopyJob> {
      const job = await manager.createJob("a job", options);
      const added = await job.addFile(url, target());
      expect(added).toMatchObject({ code: "S_OK", ...called(traits.addFile) });
      const resumed = await job.resume();
      expect(resumed).toMatchObject({ code: "S_OK", ...called("IBackgroundCopyJob::Resume") });
      return job;
    }

    /** A transferring job with data on the disk. */
    async function startHeld(): Promise<BackgroundCopyJob> {
      // The body stops midway, because Wine's BITS sometimes crashes if a body still arrives when it cancels.
      const job = await start(traits.heldFile(server));
      await expect.poll(() => job.getState()).toBe("BG_JOB_STATE_TRANSFERRING");
      await expect.poll(() => arrived()).toBeGreaterThan(0);
      return job;
    }

    // Under Wine, other jobs with their own files use the same folder.
    const arrived = () => temporaryBytes(traits.temporaryFolder(folder));

    it("creates a job that is suspended", async () => {
      const job = await manager.createJob("a job");
      expect(job.id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      await expect(job.getState()).resolves.toBe("BG_JOB_STATE_SUSPENDED");
      await job.cancel();
    });

    it("cancels a job, and refuses to cancel it again in the documented words", async () => {
      const job = await manager.createJob("a job");
      const result = await job.cancel();
      expect(result).toMatchObject({
        jobId: job.id,
        code: "S_OK",
        hresult: 0,
        hex: "0x00000000",
        warning: false,
        stateBefore: "BG_JOB_STATE_SUSPENDED",
        stateAfter: "BG_JOB_STATE_CANCELLED",
        confirmedBy: "return value",
        ...called("IBackgroundCopyJob::Cancel"),
      });
      const error = await refusal(job.cancel());
      expect(error).toMatchObject({
        code: traits.invalidState,
        ...called("IBackgroundCopyJob::Cancel"),
        jobId: job.id,
        service: manager.service,
      });
      for (const locale of LOCALES) {
        expect(result.localize(locale)).toBe(documented[locale].S_OK.documented);
        expect(error.localize(locale)).toBe(documented[locale].DO_E_INVALID_STATE.documented);
      }
    });

    it("cancels in mid-transfer: the temporary file is deleted, and the target was never written", async () => {
      const job = await startHeld();
      await expect(job.cancel()).resolves.toMatchObject({
        code: traits.cancelOfUnfinished,
        warning: traits.cancelOfUnfinished !== "S_OK",
        stateAfter: "BG_JOB_STATE_CANCELLED",
      });
      await expect.poll(() => arrived()).toBe(0);
      expect(await readdir(folder)).toEqual([]);
    });

    it("transfers a job", async () => {
      const job = await start(traits.wholeFile(server), { priority: "BG_JOB_PRIORITY_FOREGROUND" });
      await expect.poll(() => job.getState()).toBe("BG_JOB_STATE_TRANSFERRED");
      await expect(job.cancel()).resolves.toMatchObject({ stateAfter: "BG_JOB_STATE_CANCELLED" });
    });

    it("suspends a job in mid-transfer, keeps what has arrived, and resumes it", async () => {
      const job = await startHeld();
      if (traits.suspend) {
        const error = await refusal(job.suspend());
        expect(error).toMatchObject({ code: traits.suspend, ...called("IBackgroundCopyJob::Suspend") });
      } else {
        const result = await job.suspend();
        expect(result).toMatchObject({ code: "S_OK", warning: false, ...called("IBackgroundCopyJob::Suspend") });
        for (const locale of LOCALES) {
          expect(result.localize(locale)).toBe(sentence(locale, "IBackgroundCopyJob::Suspend"));
        }
        await expect(job.getState()).resolves.toBe("BG_JOB_STATE_SUSPENDED");
        expect(await arrived()).toBeGreaterThan(0);
        await expect(job.suspend()).resolves.toMatchObject({ code: "S_OK" });
        await job.resume();
        await expect.poll(() => job.getState()).toBe("BG_JOB_STATE_TRANSFERRING");
      }
      await job.cancel();
    });

    it("completes a job: its file gets its name, and no verb is taken any more", async () => {
      const job = await start(traits.wholeFile(server));
      await expect.poll(() => job.getState()).toBe("BG_JOB_STATE_TRANSFERRED");
      expect(existsSync(join(folder, "target.bin"))).toBe(false);
      const result = await job.complete();
      expect(result).toMatchObject({ jobId: job.id, code: "S_OK", ...called("IBackgroundCopyJob::Complete") });
      for (const locale of LOCALES) {
        expect(result.localize(locale)).toBe(sentence(locale, "IBackgroundCopyJob::Complete"));
      }
      await expect(job.getState()).resolves.toBe("BG_JOB_STATE_ACKNOWLEDGED");
      expect(await readdir(folder)).toEqual(["target.bin"]);
      expect((await stat(join(folder, "target.bin"))).size).toBe(65_536);
      for (const [call, method, code = traits.invalidState] of [
        [() => job.complete(), "IBackgroundCopyJob::Complete"],
        [() => job.cancel(), "IBackgroundCopyJob::Cancel"],
        [() => job.suspend(), "IBackgroundCopyJob::Suspend", traits.suspend],
        [() => job.resume(), "IBackgroundCopyJob::Resume"],
      ] as const) {
        expect(await refusal(call())).toMatchObject({ code, ...called(method), jobId: job.id });
      }
    });

    it.runIf(traits.completeOfUnfinished)(
      "completes a job in mid-transfer: what has not arrived as a whole is deleted",
      async () => {
        const job = await startHeld();
        const result = await job.complete();
        expect(result).toMatchObject({
          code: traits.completeOfUnfinished,
          warning: traits.completeOfUnfinished !== "S_OK",
        });
        await expect(job.getState()).resolves.toBe("BG_JOB_STATE_ACKNOWLEDGED");
        await expect.poll(() => arrived()).toBe(0);
        expect(await readdir(folder)).toEqual([]);
      },
    );

    it("refuses to resume a job without files", async () => {
      const job = await manager.createJob("a job");
      const error = await refusal(job.resume());
      expect(error).toMatchObject({ code: traits.empty, ...called("IBackgroundCopyJob::Resume") });
      await job.cancel();
    });

    it("knows which jobs there are", async () => {
      const job = await manager.createJob("a job");
      await expect(manager.getJob(`{${job.id.toUpperCase()}}`)).resolves.toMatchObject({ id: job.id });
      await expect(manager.findJob(`${UNKNOWN}1`)).resolves.toBeUndefined();
      const error = await refusal(manager.getJob(`${UNKNOWN}1`));
      expect(error).toMatchObject({ code: traits.notFound, ...called("IBackgroundCopyManager::GetJob") });
      await job.cancel();
    });

    it("describes a job, with what the service documents or why it refuses", async () => {
      const job = await manager.createJob("a job");
      await job.addFile(traits.wholeFile(server), target());
      const description = await job.describe();
      expect(description).toMatchObject({
        jobId: job.id,
        state: "BG_JOB_STATE_SUSPENDED",
        progress: { bytesTransferred: 0n, filesTotal: 1, filesTransferred: 0 },
      });
      const expected = ["displayName", "type", "priority", "owner", "creationTime", "files"] as const;
      for (const name of expected.filter((one) => manager.capabilities.readableProperties.includes(one))) {
        expect(name in description || name in description.refused, name).toBe(true);
      }
      expect(description.displayName ?? "a job").toBe("a job");
      expect(description.files ?? (await job.listFiles())).toMatchObject([
        {
          remoteName: traits.wholeFile(server),
          localName: target(),
          progress: { bytesTransferred: 0n, completed: false },
        },
      ]);
      await expect(job.getError()).resolves.toBeUndefined();
      await job.cancel();
    });

    it("lists the jobs that are open, by any condition", async (context) => {
      if (!manager.capabilities.listJobs) {
        context.skip("documents no list");
      }
      const name = `one of ${Math.random()}`;
      const jobs = [await manager.createJob(name), await manager.createJob(name)];
      const other = await manager.createJob("another");
      const ids = async (filter: object) => (await manager.listJobs(filter)).map(({ jobId }) => jobId);
      expect(await ids({})).toEqual(expect.arrayContaining([...jobs, other].map(({ id }) => id)));
      expect((await ids({ displayName: name.toUpperCase() })).sort()).toEqual(jobs.map(({ id }) => id).sort());
      expect(await ids({ displayName: name, state: "BG_JOB_STATE_TRANSFERRED" })).toEqual([]);
      const plan = await manager.cancelJobs({ displayName: name }, { whatIf: true });
      expect(plan).toMatchObject([{ ok: true, job: { state: "BG_JOB_STATE_SUSPENDED" } }, { ok: true }]);
      const outcomes = await manager.cancelJobs({ displayName: name });
      expect(outcomes.map(({ jobId }) => jobId).sort()).toEqual(jobs.map(({ id }) => id).sort());
      expect(await ids({ displayName: name })).toEqual([]);
      await expect(other.getState()).resolves.toBe("BG_JOB_STATE_SUSPENDED");
      await other.cancel();
    });

    it("sets properties, and tells them as they were set", async () => {
      const created = await manager.createJob("a job", { ...traits.keeps, displayName: undefined } as CreateJobOptions);
      const job = await manager.createJob("a job");
      await expect(job.set(traits.keeps)).resolves.toMatchObject({ code: "S_OK", jobId: job.id });
      await expect(job.describe()).resolves.toMatchObject(traits.keeps);
      await expect(created.describe()).resolves.toMatchObject({ ...traits.keeps, displayName: "a job" });
      await manager.cancelJobs([job.id, created.id]);
      if (traits.changesWhatIsOver) {
        return;
      }
      const error = await refusal(job.set(traits.keeps));
      expect(error).toMatchObject({ jobId: job.id });
      expect([traits.invalidState, traits.notFound]).toContain(error.code);
    });

    it("watches a job until it is transferred", async () => {
      const job = await start(traits.wholeFile(server), { priority: "BG_JOB_PRIORITY_FOREGROUND" });
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
      const job = await start(url(server));
      const status = await job.waitFor("BG_JOB_STATE_ERROR", { intervalInMs: 20 });
      const file = traits.tellsNoFile ? undefined : { remoteName: url(server), localName: target() };
      expect(status).toMatchObject({ state: "BG_JOB_STATE_ERROR", error: { ...expected, file } });
      await expect(job.getError()).resolves.toMatchObject({ ...expected, file });
      await expect(job.cancel()).resolves.toMatchObject({ stateBefore: "BG_JOB_STATE_ERROR", jobError: expected });
    });

    it("calls each verb for many jobs, of which each has its outcome", async () => {
      const jobs = await Promise.all([1, 2].map((i) => manager.createJob(`job ${i}`)));
      const ids = [...jobs.map(({ id }) => id), `${UNKNOWN}1`];
      const codes = (outcomes: JobOutcome[]) =>
        outcomes.map((outcome) => (outcome.ok ? outcome.result.code : outcome.error.code));
      const suspended = traits.suspend ?? "S_OK";
      expect(codes(await manager.suspendJobs(ids))).toEqual([suspended, suspended, traits.notFound]);
      expect(codes(await manager.resumeJobs(ids))).toEqual([traits.empty, traits.empty, traits.notFound]);
      const outcomes = await manager.cancelJobs(ids);
      expect(outcomes[0]).toMatchObject({
        result: { stateBefore: "BG_JOB_STATE_SUSPENDED", stateAfter: "BG_JOB_STATE_CANCELLED" },
      });
      expect(codes(outcomes)).toEqual(["S_OK", "S_OK", traits.notFound]);
    });

    it("cancels 200 jobs in one call, with 3 unknown ids among them", async () => {
      const jobs = await Promise.all(Array.from({ length: 200 }, (_, i) => manager.createJob(`job ${i}`)));
      const ids: string[] = jobs.map(({ id }) => id);
      const strangers = [1, 2, 3].map((i) => UNKNOWN + i);
      ids.splice(0, 0, strangers[0] as string);
      ids.splice(100, 0, strangers[1] as string);
      ids.push(strangers[2] as string, ids[5] as string);
      const progress: number[] = [];
      const outcomes = await manager.cancelJobs(ids, { onProgress: ({ done }) => progress.push(done) });
      expect(outcomes.map(({ jobId }) => jobId)).toEqual(ids);
      expect(outcomes.filter(({ ok }) => ok)).toHaveLength(201);
      for (const outcome of outcomes.filter(({ ok }) => !ok)) {
        expect(strangers).toContain(outcome.jobId);
        expect(outcome).toMatchObject({ error: { code: traits.notFound } });
      }
      expect(progress.at(-1)).toBe(203);
      expect(progress).toEqual([...progress].sort((a, b) => a - b));
    });

    it.each([
      'it\'s "quoted"',
      "$(calc) `whoami` %PATH%",
      "ü中\u{1f600}é",
      "line\r\nline\ttab",
      "2024-05-01T10:00:00Z",
    ])("takes the name %j", async (name) => {
      const job = await manager.createJob(name);
      await job.cancel();
    });

    it("refuses a NUL in a string", async () => {
      const job = await manager.createJob("a job");
      for (const call of [
        manager.createJob("a\0b"),
        job.addFile(server.url("/file\0"), target()),
        job.addFile(server.url("/file"), `${target()}\0`),
      ]) {
        expect(await refusal(call)).toMatchObject({ code: "E_INVALIDARG" });
      }
      await job.cancel();
    });
  });
}

/** The size of all temporary files of a transfer service in `folder`. */
async function temporaryBytes(folder: string): Promise<number> {
  const names = (await readdir(folder)).filter((name) => /^BIT.*\.tmp$/i.test(name));
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
