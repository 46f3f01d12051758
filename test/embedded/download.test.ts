import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import * as codes from "../../src/embedded/codes.js";
import { contents } from "../support/file-server.js";
import { Fixture } from "./fixture.js";

// Delays of 2, 4, and 8 milliseconds, and no more.
const limits = vi.hoisted(() => ({ MINIMUM_RETRY_DELAY_IN_S: 0.002, NO_PROGRESS_TIMEOUT_IN_S: 0.02 }));
const RETRIES = 3;
vi.mock("../../src/embedded/limits.js", async (original) => ({ ...(await original<object>()), ...limits }));

describe("a download", () => {
  const test = new Fixture();
  afterEach(() => vi.restoreAllMocks());

  it.each([
    "/file",
    "/file?size=0",
    "/file?size=1",
    "/file?size=3000000",
    "/file?to=/moved",
    "/file?to=/moved%3Fto=/again",
  ])("brings %s to a temporary file, and leaves the target alone", async (path) => {
    const jobId = await test.start(path);
    await expect(test.state(jobId)).resolves.toBe("BG_JOB_STATE_TRANSFERRING");
    await test.reaches(jobId, "BG_JOB_STATE_TRANSFERRED");
    const size = new URLSearchParams(path.split("?")[1]).get("size");
    expect((await test.temporaryFile()).equals(contents(size ? Number(size) : undefined))).toBe(true);
    // There is nothing left to do.
    await expect(test.resume(jobId)).resolves.toMatchObject({ hresult: 0 });
    await expect(test.state(jobId)).resolves.toBe("BG_JOB_STATE_TRANSFERRED");
  });

  it("keeps what is at the target until the job is complete", async () => {
    await writeFile(test.path("target.bin"), "as it was");
    const jobId = await test.start("/file");
    await test.reaches(jobId, "BG_JOB_STATE_TRANSFERRED");
    await expect(test.cancel(jobId)).resolves.toMatchObject([{ hresult: 0, stateBefore: 6 }]);
    await expect(test.names()).resolves.toEqual(["target.bin"]);
    await expect(readFile(test.path("target.bin"), "utf8")).resolves.toBe("as it was");
  });

  it("transfers the files of a job one after another, and goes on with those added later", async () => {
    const jobId = await test.create();
    for (const name of ["a", "b", "c"]) {
      await test.addFile(jobId, test.server.url(`/several?${name}`), test.path(name));
    }
    await test.resume(jobId);
    await test.addFile(jobId, test.server.url("/several?d"), test.path("d"));
    await test.reaches(jobId, "BG_JOB_STATE_TRANSFERRED");
    await test.addFile(jobId, test.server.url("/several?e"), test.path("e"));
    await test.resume(jobId);
    await test.reaches(jobId, "BG_JOB_STATE_TRANSFERRED");
    const asked = test.server.requests.map(({ path }) => path).filter((path) => path.startsWith("/several"));
    expect(asked).toEqual(["a", "b", "c", "d", "e"].map((name) => `/several?${name}`));
    await expect(test.names()).resolves.toHaveLength(5);
    await test.cancel(jobId);
    await expect(test.names()).resolves.toEqual([]);
  });

  // Windows does not allow such names.
  const others = process.platform === "win32" ? [] : ["line\nbreak", "...", '"', "a\\b", "a:b"];
  it.each(["ü 中 \u{1f600}", "$(calc) `whoami` %PATH%", "-rf", ...others])("takes the local name %j", async (name) => {
    await mkdir(test.path(name));
    const jobId = await test.start("/file", `${test.path(name)}/../${name}/target.bin`);
    await test.reaches(jobId, "BG_JOB_STATE_TRANSFERRED");
    await test.cancel(jobId);
    await expect(test.names()).resolves.toEqual([name]);
  });

  it.each([400, 403, 404, 410, 416, 204, 304])("is in error after the status %d, without a retry", async (status) => {
    const path = `/refused?status=${status}`;
    expect(await test.failure(test.job(test.server.url(path)))).toBe(codes.httpCode(status));
    expect(test.requests(path)).toHaveLength(1);
  });

  it("leaves no connection open to a server that has refused", async () => {
    const path = "/refused?status=404&pause=0";
    expect(await test.failure(test.job(test.server.url(path)))).toBe(codes.httpCode(404));
    await expect.poll(() => test.requests(path)[0]?.isOver()).toBe(true);
  });

  it("has all retries for each file", async () => {
    const jobId = await test.create();
    for (const name of ["a", "b"]) {
      await test.addFile(jobId, test.server.url(`/each?${name}&status=503&times=${RETRIES}`), test.path(name));
    }
    await test.resume(jobId);
    await test.reaches(jobId, "BG_JOB_STATE_TRANSFERRED");
  });

  it("is tried again after a 503, and then goes on", async () => {
    const path = "/busy?status=503&times=2";
    const jobId = await test.start(path);
    await test.reaches(jobId, "BG_JOB_STATE_TRANSFERRED");
    expect(test.requests(path)).toHaveLength(3);
    expect((await test.temporaryFile()).equals(contents())).toBe(true);
  });

  it("is in error when all retries have failed, and has them all again after Resume", async () => {
    const path = "/busy?status=500";
    const setting = vi.spyOn(globalThis, "setTimeout");
    const failed = test.job(test.server.url(path));
    expect(await test.failure(failed)).toBe(codes.httpCode(500));
    const delays = setting.mock.calls.map(([, time]) => time).filter((time) => time === 2 || time === 4 || time === 8);
    expect(delays).toEqual([2, 4, 8]);
    expect(test.requests(path)).toHaveLength(1 + RETRIES);
    expect(failed.resume()).toBe(codes.S_OK);
    expect(await test.failure(failed)).toBe(codes.httpCode(500));
    expect(test.requests(path)).toHaveLength(2 * (1 + RETRIES));
  });

  it("goes on after Resume where the reason of its error is gone", async () => {
    const jobId = await test.start("/later?status=404&times=1");
    await test.reaches(jobId, "BG_JOB_STATE_ERROR");
    await test.resume(jobId);
    await test.reaches(jobId, "BG_JOB_STATE_TRANSFERRED");
    expect((await test.temporaryFile()).equals(contents())).toBe(true);
  });

  it.each(["", "&tag=weak"])("goes on where a body broke off%s", async (more) => {
    const path = `/broken?pause=20000&times=2${more}`;
    const jobId = await test.start(path);
    await test.breakOff(20_000);
    await test.breakOff(40_000);
    await test.reaches(jobId, "BG_JOB_STATE_TRANSFERRED");
    expect(test.requests(path).map(({ range }) => range)).toEqual([undefined, "bytes=20000-", "bytes=40000-"]);
    expect((await test.temporaryFile()).equals(contents())).toBe(true);
  });

  it.each(["chunked", "packed", "chunked&stop=20000"])("takes no file whose length is not told (%s)", async (trait) => {
    const path = `/endless?${trait}`;
    expect(await test.failure(test.job(test.server.url(path)))).toBe(codes.DO_E_FILE_SIZE_UNKNOWN_HTTP_200);
    expect(test.requests(path)).toHaveLength(1);
  });

  it.each(["ranges=no", "changing"])("begins anew where the server cannot go on (%s)", async (trait) => {
    const path = `/anew?pause=65500&times=1&${trait}`;
    const jobId = await test.start(path);
    await test.breakOff(65_500);
    await test.reaches(jobId, "BG_JOB_STATE_TRANSFERRED");
    const expected = trait === "changing" ? contents(65_436, 2) : contents();
    expect((await test.temporaryFile()).equals(expected)).toBe(true);
  });

  it.each([
    ["short", codes.ERROR_WINHTTP_CONNECTION_ERROR],
    ["long", codes.DO_E_HTTP_BLOCKSIZE_MISMATCH],
  ])("is in error when the rest of the file is too %s", async (ranges, hresult) => {
    const failed = test.job(test.server.url(`/rest?pause=20000&times=1&ranges=${ranges}`));
    await test.breakOff(20_000);
    expect(await test.failure(failed)).toBe(hresult);
  });

  it("refuses a range that it has not asked for, and begins anew after Resume", async () => {
    const path = "/wrong?pause=20000&ranges=wrong&times=2";
    const wrong = test.job(test.server.url(path));
    await test.breakOff(20_000);
    expect(await test.failure(wrong)).toBe(codes.DO_E_HTTP_BLOCKSIZE_MISMATCH);
    wrong.resume();
    await expect.poll(() => wrong.state).toBe("BG_JOB_STATE_TRANSFERRED");
    expect(test.requests(path).map(({ range }) => range)).toEqual([undefined, "bytes=20000-", undefined]);
    expect((await test.temporaryFile()).equals(contents())).toBe(true);
  });

  it.each([1_000, 600])("is in error when the file is shorter than the server said (after %d bytes)", async (pause) => {
    // The server has nothing left to send, or less than it reported.
    const path = `/short?size=1000&length=2000&pause=${pause}&times=1`;
    const failed = test.job(test.server.url(path));
    await test.breakOff(pause);
    expect(await test.failure(failed)).toBe(codes.DO_E_HTTP_BLOCKSIZE_MISMATCH);
    expect(test.requests(path).map(({ range }) => range)).toEqual([undefined, `bytes=${pause}-`]);
  });

  it("is in error when the body always ends before its length", async () => {
    const path = "/short?size=1000&length=2000";
    // What came before the end is kept, and the server has nothing after it.
    expect(await test.failure(test.job(test.server.url(path)))).toBe(codes.DO_E_HTTP_BLOCKSIZE_MISMATCH);
    expect(test.requests(path).map(({ range }) => range)).toEqual([undefined, "bytes=1000-"]);
  });

  it("takes no more of a body than its length", async () => {
    const jobId = await test.start("/long?size=2000&length=1000");
    await test.reaches(jobId, "BG_JOB_STATE_TRANSFERRED");
    expect((await test.temporaryFile()).equals(contents(1_000))).toBe(true);
  });

  it("retries nothing for ever: a body that always breaks off ends in error", async () => {
    const path = "/always?stop=0";
    expect(await test.failure(test.job(test.server.url(path)))).toBe(codes.ERROR_WINHTTP_CONNECTION_ERROR);
    expect(test.requests(path)).toHaveLength(1 + RETRIES);
  });

  it("is in error when nobody listens at the other end", async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
    const { port } = taken.address() as AddressInfo;
    await new Promise((resolve) => taken.close(resolve));
    expect(await test.failure(test.job(`http://127.0.0.1:${port}/`))).toBe(codes.ERROR_WINHTTP_CANNOT_CONNECT);
  });

  it("is in error when the other end does not speak HTTP", async () => {
    const babbler = createServer((socket) => socket.resume().end("hello\r\n\r\n"));
    await new Promise<void>((resolve) => babbler.listen(0, "127.0.0.1", resolve));
    const { port } = babbler.address() as AddressInfo;
    expect(await test.failure(test.job(`http://127.0.0.1:${port}/`))).toBe(codes.BG_E_INVALID_SERVER_RESPONSE);
    await new Promise((resolve) => babbler.close(resolve));
  });
});
