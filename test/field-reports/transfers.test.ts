import { mkdir, rm, statfs } from "node:fs/promises";
import { createServer as createHttpServer } from "node:http";
import { createServer, type AddressInfo, type Server } from "node:net";
import { constants } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { diskError } from "../../src/embedded/transfer-error.js";
import { BackgroundCopyManager, type BackgroundCopyJob, type JobError } from "../../src/index.js";
import { TestService } from "../../src/testing.js";
import { findHresult } from "../../src/words/hresults.js";
import { LOCALES } from "../../src/words/locale.js";
import { run, server, target } from "../cli/fixture.js";
import { ROOT } from "../support/packed.js";
import { run as runProgram } from "../support/run.js";

// Reported transfers that failed without a reason, or too late, by the letters of the list of reports.

const POSIX = process.platform !== "win32";
const VAGUE = ["E_FAIL", "E_UNEXPECTED", "ERROR_WINHTTP_CONNECTION_ERROR"];

let manager: BackgroundCopyManager;
beforeEach(async () => {
  manager = await BackgroundCopyManager.connect({ service: "embedded", locale: "en" });
});
afterEach(() => manager.close());

async function started(remoteUrl: string, localName = target()): Promise<BackgroundCopyJob> {
  const job = await manager.createJob("a job", { files: [{ remoteUrl, localName }] });
  await job.resume();
  return job;
}

/** The error of a job that fails at its first attempt. */
async function failure(job: BackgroundCopyJob): Promise<JobError> {
  const { state } = await job.waitFor("BG_JOB_STATE_TRANSFERRED", { intervalInMs: 20 });
  const { error, errorCount } = await job.describe();
  expect({ state, errorCount }).toEqual({ state: "BG_JOB_STATE_ERROR", errorCount: 1 });
  expect(VAGUE).not.toContain(error?.code);
  return error as JobError;
}

async function withServer<T>(other: Server, use: (origin: string) => Promise<T>): Promise<T> {
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  try {
    return await use(`http://127.0.0.1:${(other.address() as AddressInfo).port}`);
  } finally {
    other.close();
  }
}

describe("I: a local file that can't be written", () => {
  it.each(["", "/"])("is refused before the job has it, if it is a folder: path%s", async (end) => {
    await mkdir(target("folder"));
    const job = await manager.createJob("a job");
    await expect(job.addFile(server.url("/file"), target("folder") + end)).rejects.toMatchObject({
      code: "E_INVALIDARG",
      message: "The file was not added because its URL or its local path is not valid.",
      advice: expect.stringContaining("must not be the path of a folder"),
    });
    const { exitCode, stderr } = await run("create", server.url("/file"), target("folder") + end, "--wait");
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("E_INVALIDARG") });
    expect(server.requests).toEqual([]);
  });

  it("is no new folder on the command line, where its path ends with a separator", async () => {
    const { exitCode, stderr } = await run("create", server.url("/file"), `${target("folder")}/`, "--wait");
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("E_INVALIDARG") });
  });

  it("fails before anything is requested, if a folder has its name since", async () => {
    const job = await manager.createJob("a job", {
      files: [{ remoteUrl: server.url("/file"), localName: target("folder") }],
    });
    await mkdir(target("folder"));
    await job.resume();
    expect(await failure(job)).toMatchObject({
      code: "ERROR_FILE_EXISTS",
      context: "BG_ERROR_CONTEXT_LOCAL_FILE",
      file: { localName: target("folder") },
    });
    expect(server.requests).toEqual([]);
  });

  it("keeps its job, if a folder has its name at the end", async () => {
    const job = await started(server.url("/file"), target("folder"));
    await job.waitFor("BG_JOB_STATE_TRANSFERRED", { intervalInMs: 20 });
    await mkdir(target("folder"));
    // Windows denies what other systems call a folder.
    await expect(job.complete()).rejects.toMatchObject({ code: POSIX ? "ERROR_FILE_EXISTS" : "E_ACCESSDENIED" });
    await rm(target("folder"), { recursive: true });
    await expect(job.complete()).resolves.toMatchObject({ code: "S_OK", warning: false });
  });

  it("fails before it is transferred, if the disk has no room for it", async () => {
    const { bavail, bsize } = await statfs(join(target(), ".."));
    const size = bavail * bsize + 2 ** 30;
    const job = await started(server.url(`/file?length=${size}`));
    expect(await failure(job)).toMatchObject({
      code: "ERROR_DISK_FULL",
      message: "There is not enough space on the disk.",
    });
    expect((await job.describe()).progress.bytesTransferred).toBe(0n);
  });

  const PROGRAM = `const { BackgroundCopyManager } = await import(${JSON.stringify(pathToFileURL(join(ROOT, "dist", "bundle", "index.js")).href)});
    const manager = await BackgroundCopyManager.connect({ service: "embedded", locale: "en" });
    const [remoteUrl, localName] = process.argv.slice(1);
    const job = await manager.createJob("a job", { files: [{ remoteUrl, localName }] });
    await job.resume();
    await job.waitFor("BG_JOB_STATE_TRANSFERRED", { intervalInMs: 20 });
    const { code, context, advice } = await job.getError();
    console.log([code, context, advice].join("; "));
    await manager.close();`;
  const arguments_ = (url: string) => ["--input-type=module", "-e", PROGRAM, url, target()];

  it.skipIf(!POSIX).each([
    ["at once, if the size is beyond every limit", `/file?length=${2 ** 42}`],
    ["in the transfer otherwise", "/file?size=3000000"],
  ])("fails because it is too large, %s", async (_, path) => {
    const shell = ["-c", 'ulimit -f 1000; exec "$@"', "sh", process.execPath, "--no-warnings"];
    const { stdout } = await runProgram("sh", [...shell, ...arguments_(server.url(path))], {});
    expect(stdout).toMatch(/^(?:ERROR_FILE_TOO_LARGE|ERROR_DISK_FULL); BG_ERROR_CONTEXT_LOCAL_FILE; /);
    expect(path.includes("size") ? stdout : "ERROR_FILE_TOO_LARGE").toContain("ERROR_FILE_TOO_LARGE");
  });

  const flag = ["--permission", "--experimental-permission"].find((name) =>
    process.allowedNodeEnvironmentFlags.has(name),
  ) as string;

  it("is denied by Node's permission model, which the advice names", async () => {
    const args = [flag, "--no-warnings", "--allow-fs-read=*", ...arguments_(server.url("/file"))];
    const { stdout } = await runProgram(process.execPath, args, {});
    expect(stdout).toMatch(/^E_ACCESSDENIED; BG_ERROR_CONTEXT_LOCAL_FILE; .*--allow-fs-write/);
    expect(server.requests).toEqual([]);
  });

  it.each([...Object.keys(constants.errno), "ERR_ACCESS_DENIED", "REPLACED", "UNKNOWN"])(
    "has a reason with words, whatever the system calls it: %s",
    (code) => {
      const { hresult, context } = diskError(Object.assign(new Error(), { code }));
      expect(context).toBe("BG_ERROR_CONTEXT_LOCAL_FILE");
      expect(VAGUE).not.toContain(findHresult(hresult)?.name ?? "E_FAIL");
    },
  );
});

describe("J: a request that can't be made, or that nobody can answer, fails at once and with its reason", () => {
  it.each([
    ["a redirect to another protocol", () => server.url("/file?to=ftp://127.0.0.1/"), "ERROR_WINHTTP_REDIRECT_FAILED"],
    ["a compressed response", () => server.url("/file?packed"), "DO_E_FILE_SIZE_UNKNOWN_HTTP_200"],
    ["a server without TLS", () => server.url("/file").replace("http:", "https:"), "ERROR_WINHTTP_SECURE_FAILURE"],
  ])("%s", async (_, url, code) => {
    expect((await failure(await started(url()))).code).toBe(code);
    expect(server.requests.length).toBeLessThanOrEqual(1);
  });

  it("a redirect to itself", async () => {
    let requests = 0;
    const other = createHttpServer(({ url }, response) => {
      requests++;
      response.writeHead(302, { location: url }).end();
    });
    const error = await withServer(other, async (origin) => failure(await started(`${origin}/file`)));
    expect(error.code).toBe("ERROR_WINHTTP_REDIRECT_FAILED");
    expect(requests).toBe(11);
  });

  it("a server that speaks another protocol", async () => {
    const other = createServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", () => socket.end("220 not HTTP\r\n"));
    });
    const error = await withServer(other, async (origin) => failure(await started(`${origin}/file`)));
    expect(error).toMatchObject({ code: "BG_E_INVALID_SERVER_RESPONSE", advice: expect.stringMatching(/web server/) });
  });

  it.each(["Connection", "Content-Length", "Expect", "Keep-Alive", "Transfer-Encoding", "Upgrade"])(
    "the header %s, which only the connection may set, before the job has it",
    async (name) => {
      await expect(manager.createJob("a job", { customHeaders: { [name]: "1" } })).rejects.toMatchObject({
        code: "E_INVALIDARG",
        property: "customHeaders",
        message: "The HTTP headers are not valid.",
      });
    },
  );

  it.each(LOCALES)(
    "with words and advice of its own in %s: a port that the fetch of a test service blocks",
    async (locale) => {
      const service = new TestService({ fetch: globalThis.fetch });
      const speaking = await service.connect({ locale });
      const files = [{ remoteUrl: "http://127.0.0.1:10080/file", localName: target() }];
      const job = await speaking.createJob("a job", { files });
      await job.resume();
      await expect.poll(() => job.getState()).toBe("BG_JOB_STATE_ERROR");
      const error = await job.getError();
      expect(error?.code).toBe("ERROR_WINHTTP_INVALID_URL");
      expect(error?.message.length).toBeGreaterThan(10);
      expect(error?.advice).toContain("URL");
      await service.close();
    },
  );
});
