import { randomBytes } from "node:crypto";
import { mkdir, open, readFile, rm, writeFile, type FileHandle } from "node:fs/promises";
import { afterEach, describe, expect, it, vi } from "vitest";
import * as codes from "../../src/embedded/codes.js";
import { contents } from "../support/file-server.js";
import { Fixture } from "./fixture.js";

vi.mock("node:crypto", async (original) => {
  const crypto = await original<typeof import("node:crypto")>();
  return { ...crypto, randomBytes: vi.fn(crypto.randomBytes) };
});

describe("a download to a disk", () => {
  const test = new Fixture();
  afterEach(() => vi.restoreAllMocks());

  async function fileHandle(): Promise<FileHandle> {
    const handle = await open(test.path("handle"), "w");
    await handle.close();
    await rm(test.path("handle"));
    return Object.getPrototypeOf(handle) as FileHandle;
  }

  it("touches no file that was there before", async () => {
    vi.mocked(randomBytes).mockImplementationOnce(() => Buffer.from("0123", "hex"));
    await writeFile(test.path("BIT0123.tmp"), "as it was");
    const failed = test.job(test.server.url("/file"));
    expect(await test.failure(failed)).toBe(codes.ERROR_FILE_EXISTS);
    await expect(failed.cancel()).resolves.toEqual({ hresult: codes.S_OK, leftoverFiles: [] });
    await expect(readFile(test.path("BIT0123.tmp"), "utf8")).resolves.toBe("as it was");
  });

  it("is in error in a folder that is none, before it asks the server", async () => {
    await writeFile(test.path("file"), "");
    expect(await test.failure(test.job(test.server.url("/folder"), test.path("no/target.bin")))).toBe(
      codes.ERROR_PATH_NOT_FOUND,
    );
    expect(await test.failure(test.job(test.server.url("/folder"), test.path("file/target.bin")))).toBe(
      codes.ERROR_PATH_NOT_FOUND,
    );
    expect(test.requests("/folder")).toEqual([]);
    await expect(test.names()).resolves.toEqual(["file"]);
  });

  it.skipIf(process.platform === "win32" || process.getuid?.() === 0)(
    "is in error in a folder that is closed to it",
    async () => {
      await mkdir(test.path("closed"), { mode: 0o555 });
      expect(await test.failure(test.job(test.server.url("/file"), test.path("closed/target.bin")))).toBe(
        codes.E_ACCESSDENIED,
      );
    },
  );

  it.each([
    ["ENOSPC", codes.ERROR_DISK_FULL],
    ["EIO", codes.ERROR_WRITE_FAULT],
  ])("is in error when the disk answers %s, and goes on after Resume", async (code, hresult) => {
    const path = `/disk?${code}`;
    const refuse = () => Promise.reject(Object.assign(new Error(code), { code }));
    vi.spyOn(await fileHandle(), "write").mockImplementationOnce(refuse as never);
    const failed = test.job(test.server.url(path));
    expect(await test.failure(failed)).toBe(hresult);
    await expect.poll(() => test.requests(path)[0]?.isOver()).toBe(true);
    failed.resume();
    expect(failed.failure).toBeUndefined();
    await expect.poll(() => failed.state).toBe("BG_JOB_STATE_TRANSFERRED");
    expect((await test.temporaryFile()).equals(contents())).toBe(true);
  });

  it("writes all when the disk takes less than it is given", async () => {
    const prototype = await fileHandle();
    const write = prototype.write as (b: Uint8Array, o: number, l: number, p: number) => Promise<unknown>;
    vi.spyOn(prototype, "write").mockImplementation(function (this: unknown, ...[b, o, l, p]: unknown[]) {
      const length = Math.min(l as number, 1_000);
      return write.call(this as never, b as Uint8Array, o as number, length, p as number) as never;
    } as never);
    const jobId = await test.start("/file");
    await test.reaches(jobId, "BG_JOB_STATE_TRANSFERRED");
    expect((await test.temporaryFile()).equals(contents())).toBe(true);
  });
});
