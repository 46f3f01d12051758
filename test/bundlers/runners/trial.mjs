import assert from "node:assert/strict";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The URL of a server that no longer runs. */
async function goneUrl() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}/file`;
}

async function failure(manager, remoteUrl, localName) {
  const job = await manager.createJob("a job", { files: [{ remoteUrl, localName }] });
  await job.resume();
  await job.waitFor(["BG_JOB_STATE_ERROR", "BG_JOB_STATE_TRANSIENT_ERROR"], { intervalInMs: 20 });
  const error = await job.getError();
  return error?.code;
}

/** What a test runner breaks if it runs modules in a separate realm: dates, signals, and errors of Node, and the package's errors. */
export async function trial({ BackgroundCopyError, BackgroundCopyManager, BridgeError }, { TestClock, TestService }) {
  const folder = mkdtempSync(join(tmpdir(), "background-copy-runner-"));
  const manager = await BackgroundCopyManager.connect({ service: "embedded", locale: "en" });
  const service = new TestService({ service: "bits", clock: new TestClock() });
  try {
    const { mtime } = statSync(folder);
    assert.deepEqual(await manager.listJobs({ createdBefore: mtime }), []);
    assert.equal(await failure(manager, await goneUrl(), join(folder, "file")), "ERROR_WINHTTP_CANNOT_CONNECT");
    assert.equal(await failure(manager, await goneUrl(), join(folder, "none", "file")), "ERROR_PATH_NOT_FOUND");

    const tested = await service.connect({ locale: "en" });
    const id = service.addJob({ creationTime: mtime });
    await assert.rejects(tested.listJobs({}, { signal: AbortSignal.abort(new Error("enough")) }), /enough/);
    await tested.job(id).cancel({ signal: new AbortController().signal });
    await assert.rejects(tested.job(id).cancel(), (error) => {
      return error instanceof BackgroundCopyError && error.code === "BG_E_INVALID_STATE";
    });
    service.failBridge("TIMEOUT");
    await assert.rejects(tested.job(id).cancel(), (error) => error instanceof BridgeError);
  } finally {
    await service.close();
    await manager.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
