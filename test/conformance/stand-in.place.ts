import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import type { BackgroundCopyJob, BackgroundCopyManager, ServiceName } from "../../src/index.js";
import type { ComServer } from "../support/com-server/index.js";
import { windowsPath } from "../support/wine.js";
import type { ServiceTraits } from "./traits.js";

/** One manager of the stand-in service, and what its tests share. */
export interface StandIn {
  readonly service: ServiceName;
  readonly traits: ServiceTraits;
  readonly executable: string;
  readonly manager: BackgroundCopyManager;
  readonly server: ComServer;
  /** The folder of a test. */
  readonly folder: string;
  /** A path in the folder, as Windows writes it. */
  readonly local: (name: string) => string;
  readonly wholeFile: string;
  readonly heldFile: string;
  /** The files that have their names after the job was transferred and completed. */
  readonly filesOf: (job: BackgroundCopyJob) => Promise<string[]>;
}

interface Given {
  readonly service: ServiceName;
  readonly traits: ServiceTraits;
  readonly executable: () => string;
  readonly server: () => ComServer;
  readonly connect: () => Promise<BackgroundCopyManager>;
}

/** Connects the manager before the tests, and gives each of them a folder. */
export function prepareStandIn({ service, traits, executable, server, connect }: Given): StandIn {
  let manager: BackgroundCopyManager;
  let folder: string;

  beforeAll(async () => {
    manager = await connect();
  });
  afterAll(() => manager.close());
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "background-copy-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));

  return {
    service,
    traits,
    wholeFile: traits.wholeFile(undefined as never),
    heldFile: traits.heldFile(undefined as never),
    local: (name) => windowsPath(join(folder, name)),
    async filesOf(job) {
      await job.resume();
      await expect.poll(() => job.getState()).toBe("BG_JOB_STATE_TRANSFERRED");
      await job.complete();
      return (await readdir(folder)).sort();
    },
    get executable() {
      return executable();
    },
    get manager() {
      return manager;
    },
    get server() {
      return server();
    },
    get folder() {
      return folder;
    },
  };
}
