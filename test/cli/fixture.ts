import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, vi } from "vitest";
import type { BackgroundCopyJob } from "../../src/job.js";
import type { BackgroundCopyManager } from "../../src/manager.js";
import { TestService } from "../../src/testing.js";
import { startFileServer, type FileServer } from "../support/file-server.js";
import { runInShell, WatchClock, type Ran, type ShellOptions } from "../support/shell.js";

// Shared by the tests of the commands: a service with its own clock, a file server, and an empty folder for each test.

export const UNKNOWN = "00000000-0000-4000-8000-000000000001";
export const GUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/;
export const WINDOW = { columns: 100, rows: 30 };

export let service: TestService;
export let manager: BackgroundCopyManager;
export let server: FileServer;
export let folder: string;

beforeEach(async () => {
  // The environment of the tests must not decide about colors.
  vi.stubEnv("FORCE_COLOR", undefined);
  vi.stubEnv("NO_COLOR", undefined);
  service = new TestService({ clock: new WatchClock(new Date()) });
  manager = await service.connect({ locale: "en" });
  server = await startFileServer();
  folder = await mkdtemp(join(tmpdir(), "background-copy-"));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await service.close();
  await server.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
});

export function run(...argv: string[]): Promise<Ran> {
  return runInShell(service, [...argv, "--locale", "en"]);
}

export function runIn(options: ShellOptions, ...argv: string[]): Promise<Ran> {
  return runInShell(service, [...argv, "--locale", "en"], options);
}

export const target = (name = "update.bin") => join(folder, name);

/** A job whose transfer never ends. */
export async function startedJob(name: string): Promise<BackgroundCopyJob> {
  const files = [{ remoteUrl: server.url("/file?size=100000&pause=40000"), localName: target(`${name}.bin`) }];
  const job = await manager.createJob(name, { files });
  await job.resume();
  return job;
}

export async function states(...jobs: readonly BackgroundCopyJob[]): Promise<string[]> {
  return Promise.all(jobs.map((job) => job.getState()));
}
