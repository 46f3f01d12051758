import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import { OWN_DIALECT } from "../../src/embedded/environment.js";
import { get } from "../../src/embedded/get.js";
import { EmbeddedService } from "../../src/embedded/index.js";
import { Job } from "../../src/embedded/job.js";
import { TransferQueue } from "../../src/embedded/queue.js";
import { defaultSettings } from "../../src/embedded/settings.js";
import { JOB_PRIORITY, JOB_STATE, type JobPriority, type JobState } from "../../src/model/job.js";
import type { JobItem, VerbName } from "../../src/port/protocol.js";
import type { Service } from "../../src/port/service.js";
import { systemClock } from "../../src/waiting/clock.js";
import { startFileServer, type FileServer } from "../support/file-server.js";

/** The language of the errors in these tests. */
export const LANGUAGE = { locale: "en", wording: "documented" } as const;

/** A file server for the file, and for each test its own service and an empty folder. */
export class Fixture {
  service!: Service;
  server!: FileServer;
  folder!: string;

  readonly #jobs: Job[] = [];

  constructor() {
    beforeAll(async () => {
      this.server = await startFileServer();
    });
    afterAll(() => this.server.close());
    beforeEach(async () => {
      this.folder = await mkdtemp(join(tmpdir(), "background-copy-"));
      this.service = new EmbeddedService(LANGUAGE);
    });
    afterEach(async () => {
      // Windows removes no folder with an open file in it.
      await Promise.all(this.#jobs.splice(0).map((one) => one.dispose()));
      await this.service.close();
      // Windows can need a moment until a closed file is gone.
      await rm(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    });
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  /** The names in the folder. */
  names(): Promise<string[]> {
    return readdir(this.folder);
  }

  /** The sizes of the files in the folder, in bytes. */
  async sizes(): Promise<number[]> {
    const names = await this.names();
    return Promise.all(names.map(async (name) => (await stat(this.path(name))).size));
  }

  /** The bytes of the temporary file, which must be the only file in the folder. */
  async temporaryFile(): Promise<Buffer> {
    const names = await this.names();
    expect(names).toEqual([expect.stringMatching(/^BIT[0-9a-f]+\.tmp$/)]);
    return readFile(this.path(names[0] as string));
  }

  /** A started job for that URL, with access to its error. */
  job(url: string, localName = this.path("target.bin")): Job {
    const environment = { clock: systemClock, get, dialect: OWN_DIALECT, queue: new TransferQueue() };
    const started = new Job(defaultSettings("a job"), "nobody", environment);
    this.#jobs.push(started);
    started.addFile(url, localName);
    started.resume();
    return started;
  }

  /** The HRESULT of the error of a job that fails. */
  async failure(failed: Job): Promise<number | undefined> {
    await expect.poll(() => failed.state, { interval: 5 }).toBe("BG_JOB_STATE_ERROR");
    return failed.failure?.hresult;
  }

  async create(priority: JobPriority = "BG_JOB_PRIORITY_NORMAL"): Promise<string> {
    const settings = { priority: JOB_PRIORITY.toValue(priority) as number };
    const params = { displayName: "a job", type: 0, settings, files: [] };
    const { jobId } = await this.service.request("job.create", params);
    return jobId as string;
  }

  addFile(jobId: string, remoteUrl: string, localName = this.path("target.bin")) {
    return this.service.request("job.addFile", { jobId, remoteUrl, localName });
  }

  /** The answer of a method for one job. */
  async verb(method: VerbName, jobId: string): Promise<JobItem> {
    const { items } = await this.service.request(method, { jobIds: [jobId] });
    return items[0] as JobItem;
  }

  resume(jobId: string) {
    return this.verb("job.resume", jobId);
  }

  /** A started job for that path of the server. */
  async start(path: string, localName?: string, priority?: JobPriority): Promise<string> {
    const jobId = await this.create(priority);
    await this.addFile(jobId, this.server.url(path), localName);
    await this.resume(jobId);
    return jobId;
  }

  suspend(jobId: string) {
    return this.verb("job.suspend", jobId);
  }

  complete(jobId: string) {
    return this.verb("job.complete", jobId);
  }

  /** The description of a job. */
  async describe(jobId: string, detail: "progress" | "summary" | "all" = "all") {
    const { items } = await this.service.request("job.describe", { jobIds: [jobId], detail, languageId: 0x409 });
    return items[0];
  }

  async state(jobId: string): Promise<JobState> {
    const item = await this.describe(jobId, "progress");
    return JOB_STATE.toName(item?.job?.state ?? -1);
  }

  async cancel(...jobIds: string[]) {
    const { items } = await this.service.request("job.cancel", { jobIds, languageId: 0x409 });
    return items;
  }

  /** Waits until the job is in that state. A job in error leaves it only if a test resumes it. */
  async reaches(jobId: string, state: JobState): Promise<void> {
    await expect.poll(() => this.state(jobId), { interval: 5 }).toBeOneOf([state, "BG_JOB_STATE_ERROR"]);
    const item = await this.describe(jobId);
    expect(JOB_STATE.toName(item?.job?.state ?? -1), JSON.stringify(item?.job?.error)).toBe(state);
  }

  /** Waits until the only file in the folder has that number of bytes, and then breaks its connection. */
  async breakOff(size: number): Promise<void> {
    await expect.poll(() => this.sizes(), { interval: 5 }).toEqual([size]);
    this.server.breakConnections();
  }

  /** The requests that the server received for that path. */
  requests(path: string) {
    return this.server.requests.filter((request) => request.path === path);
  }

  /** Waits until the server receives a request for that path. */
  async asks(path: string): Promise<void> {
    await expect.poll(() => this.requests(path).length, { interval: 5 }).toBeGreaterThan(0);
  }
}
