import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import type { BackgroundCopyJob, BackgroundCopyManager, CreateJobOptions } from "../../src/index.js";
import { startFileServer, type FileServer } from "../support/file-server.js";
import type { ServiceTraits } from "./traits.js";

/** What the tests of the suite share: a manager for all of them, and a folder for each. */
export interface Place {
  readonly traits: ServiceTraits;
  readonly manager: BackgroundCopyManager;
  readonly server: FileServer;
  readonly folder: string;
  /** The local name of a file in the folder. */
  readonly target: () => string;
  /** The method as results name it, and the one that runs instead. */
  readonly called: (method: string) => { readonly method: string; readonly calledMethod: string | undefined };
  /** A job that has started to transfer. */
  readonly start: (url: string, options?: CreateJobOptions) => Promise<BackgroundCopyJob>;
  /** A transferring job with data on the disk. */
  readonly startHeld: () => Promise<BackgroundCopyJob>;
  /** The number of bytes in temporary files. */
  readonly arrived: () => Promise<number>;
}

/** Prepares the place before the tests, and clears it afterwards. */
export function preparePlace(connect: () => Promise<BackgroundCopyManager>, traits: ServiceTraits): Place {
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

  return {
    traits,
    target,
    called,
    start,
    startHeld,
    arrived,
    get manager() {
      return manager;
    },
    get server() {
      return server;
    },
    get folder() {
      return folder;
    },
  };
}

/** The size of all temporary files of a transfer service in `folder`. */
async function temporaryBytes(folder: string): Promise<number> {
  const names = (await readdir(folder)).filter((name) => /^BIT.*\.tmp$/i.test(name));
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
