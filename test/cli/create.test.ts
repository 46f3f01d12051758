import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { contents } from "../support/file-server.js";
import { GUID, service, manager, server, run, runIn, target } from "./fixture.js";

describe("create", () => {
  it("starts a job with several files and settings", async () => {
    const { exitCode, stdout, stderr } = await run(
      "create",
      server.url("/file?pause=10"),
      target("a"),
      server.url("/slow"),
      target("b"),
      ...["--name", "two files", "--description", "for a test", "--priority", "low"],
      ...["--minimum-retry-delay", "90", "--no-progress-timeout", "600"],
      ...["--header", "X-One: 1", "--header", "X-Two: a:b"],
    );
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    const job = await manager.job(GUID.exec(stdout)?.[0] ?? "").describe();
    expect(job).toMatchObject({
      displayName: "two files",
      description: "for a test",
      priority: "BG_JOB_PRIORITY_LOW",
      minimumRetryDelay: 90,
      noProgressTimeout: 600,
      customHeaders: { "X-One": "1", "X-Two": "a:b" },
      files: [{ localName: target("a") }, { localName: target("b") }],
    });
    expect(job.state).not.toBe("BG_JOB_STATE_SUSPENDED");
  });

  it("leaves a job suspended on request, and names it after its file", async () => {
    const { stdout } = await run("create", server.url("/file"), target(), "--suspended", "--json");
    const { jobId } = JSON.parse(stdout);
    expect(await manager.job(jobId).describe()).toMatchObject({
      state: "BG_JOB_STATE_SUSPENDED",
      displayName: "update.bin",
    });
  });

  it("waits for the files, and completes the job", async () => {
    const { exitCode, stdout, stderr } = await run("create", server.url("/file?size=100000"), target(), "--wait");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toMatch(/^Job .* created: update.bin\n/);
    expect(stdout).toContain("Transferred  100%  100 kB / 100 kB\nS_OK  ");
    expect(await readFile(target())).toEqual(contents(100_000));
    expect(await manager.listJobs()).toEqual([]);
  });

  it("tells programs of the whole wait in one document", async () => {
    const { stdout } = await run("create", server.url("/file?size=100000"), target(), "--wait", "--json");
    expect(JSON.parse(stdout)).toMatchObject({
      service: "embedded",
      jobId: expect.stringMatching(GUID),
      status: { state: "BG_JOB_STATE_TRANSFERRED", progress: { bytesTotal: 100_000, bytesTransferred: 100_000 } },
      result: { code: "S_OK", hex: "0x00000000" },
    });
  });

  it("says why a job failed, and leaves it", async () => {
    const failing = ["create", server.url("/file?status=404"), target(), "--wait", "--service", "bits"];
    const { exitCode, stdout } = await run(...failing);
    expect(exitCode).toBe(1);
    const [job] = await manager.listJobs();
    expect(job?.state).toBe("BG_JOB_STATE_ERROR");
    expect(stdout).toContain("0x80190194");
    expect(stdout).toContain(server.url("/file?status=404"));
    expect(stdout).toContain(`background-copy resume ${job?.jobId} --service bits.`);
    expect(stdout).toContain(`background-copy cancel ${job?.jobId} --service bits.`);
  });

  it.each([[[]], [["--json"]]])("leaves the job on Ctrl+C and says its id: %j", async (args) => {
    const interrupt = new AbortController();
    const running = runIn(
      { signal: interrupt.signal },
      ...["create", server.url("/file?size=100000&pause=40000"), target(), "--wait", ...args],
    );
    await expect.poll(() => manager.listJobs()).toMatchObject([{ progress: { filesTotal: 1 } }]);
    interrupt.abort();
    const { exitCode, stdout, stderr } = await running;
    expect(exitCode).toBe(130);
    const [job] = await manager.listJobs();
    expect(job?.state).toMatch(/CONNECTING|TRANSFERRING|QUEUED/);
    if (args.length > 0) {
      expect(JSON.parse(stdout)).toMatchObject({ jobId: job?.jobId, interrupted: true });
    } else {
      expect(stderr).toContain(job?.jobId);
    }
  });

  it.each([
    ["SERVICE_UNAVAILABLE", "not sent", 3],
    ["HOST_EXITED", "unknown", 4],
  ] as const)("does not lose the id of a job whose wait fails: %s", async (code, outcome, exitCode) => {
    service.failBridge(code, { request: "describe", outcome });
    const human = await run("create", server.url("/file"), target(), "--wait", "--service", "bits");
    expect(human.exitCode).toBe(exitCode);
    expect(human.stderr).toContain(code);
    const [job] = await manager.listJobs();
    expect(human.stderr).toContain(`background-copy show ${job?.jobId} --service bits.`);
    service.failBridge(code, { request: "resume", outcome });
    const { stdout } = await run("create", server.url("/file"), target(), "--json");
    expect(JSON.parse(stdout)).toMatchObject({ jobId: expect.stringMatching(GUID), error: { code } });
  });

  it("offers nothing for a job that ends with the program", async () => {
    const embedded = ["--wait", "--service", "embedded"];
    const failed = await run("create", server.url("/file?status=404"), target(), ...embedded);
    service.failBridge("HOST_EXITED", { request: "describe" });
    const lost = await run("create", server.url("/file"), target(), ...embedded);
    for (const { exitCode, output } of [failed, lost]) {
      expect(exitCode).not.toBe(0);
      expect(output).toContain("ended with this program");
      expect(output).not.toContain("background-copy ");
    }
  });

  it.each([[[]], [["--suspended"]]])("wants to wait where the job would end with the program: %j", async (args) => {
    const embedded = ["--service", "embedded", ...args];
    const { exitCode, stdout, stderr } = await run("create", server.url("/file"), target(), ...embedded);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain("Add --wait");
    expect(service.requests).toEqual([]);
  });

  it.each([
    [["--wait", "--suspended"]],
    [["https://example.com/second"]],
    [["--header", "no colon"]],
    [["--priority", "urgent"]],
    [["--header", "X-Secret: a\r\nb"]],
  ])("refuses with 2, and creates nothing: %j", async (args) => {
    const { exitCode, stderr } = await run("create", server.url("/file"), target(), ...args);
    expect(exitCode).toBe(2);
    expect(stderr).not.toContain("    at ");
    expect(await manager.listJobs()).toEqual([]);
  });

  it.each([
    ["--minimum-retry-delay", "-1"],
    ["--no-progress-timeout", "soon"],
    ["--maximum-download-time", "1.5"],
  ])("names the option that is no number of seconds: %s %s", async (...args) => {
    const { exitCode, stderr } = await run("create", server.url("/file"), target(), ...args);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(`${args[0]} must be an integer`);
    expect(service.requests).toEqual([]);
  });
});
