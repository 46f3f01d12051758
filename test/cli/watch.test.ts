import { stripVTControlCharacters } from "node:util";
import { describe, expect, it, vi } from "vitest";
import stringWidth from "string-width";
import { UNKNOWN, GUID, WINDOW, service, manager, server, run, runIn, target, startedJob, states } from "./fixture.js";

describe("watch", () => {
  it("tells of each change of a state in a pipe, until nothing more happens", async () => {
    const files = [{ remoteUrl: server.url("/file?size=1000"), localName: target() }];
    const job = await manager.createJob("one", { files });
    const failing = await manager.createJob("two", {
      files: [{ remoteUrl: server.url("/file?status=403"), localName: target("b") }],
    });
    await Promise.all([job.resume(), failing.resume()]);
    const { exitCode, stdout } = await run("watch", job.id, failing.id, UNKNOWN);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(new RegExp(`^${job.id}  Transferred  100%  1 kB / 1 kB$`, "m"));
    expect(stdout).toMatch(new RegExp(`^${failing.id}  Error  `, "m"));
    expect(stdout).toContain(`${failing.id}  BG_E_HTTP_ERROR_403`);
    expect(stdout).toContain(`${UNKNOWN}  DO_E_JOB_NOT_FOUND`);
    expect(stdout).not.toContain("\x1b");
  });

  it("gives programs a document a line", async () => {
    const files = [{ remoteUrl: server.url("/file?size=1000"), localName: target() }];
    const job = await manager.createJob("one", { files });
    await job.resume();
    const { stdout } = await run("watch", job.id, UNKNOWN, "--json");
    const documents = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(documents.filter(({ jobId }) => jobId === job.id).at(-1)).toMatchObject({
      state: "BG_JOB_STATE_TRANSFERRED",
      progress: { bytesTotal: 1_000 },
    });
    expect(documents).toContainEqual(
      expect.objectContaining({ jobId: UNKNOWN, error: expect.objectContaining({ code: "DO_E_JOB_NOT_FOUND" }) }),
    );
  });

  it.each([[undefined], [WINDOW]])("tells of each end as it comes, also before Ctrl+C: %j", async (window) => {
    const id = service.addJob({ state: "BG_JOB_STATE_TRANSFERRING" });
    const interrupt = new AbortController();
    const onOutput = (shown: string) => {
      if (shown.includes("DO_E_JOB_NOT_FOUND")) {
        interrupt.abort();
      }
      return undefined;
    };
    const { exitCode, stdout } = await runIn({ window, onOutput, signal: interrupt.signal }, "watch", id, UNKNOWN);
    expect(exitCode).toBe(130);
    expect(stripVTControlCharacters(stdout).match(/DO_E_JOB_NOT_FOUND/g)).toHaveLength(1);
    // The redrawn lines, if any, remain at the end.
    expect(stripVTControlCharacters(stdout).trimEnd().split("\n").at(-1)).toContain(window ? id : "");
  });

  it.each([[[]], [["--json"]]])("says so where a job is gone: %j", async (args) => {
    const id = service.addJob({ state: "BG_JOB_STATE_TRANSFERRING" });
    const onOutput = (shown: string) => {
      if (shown.includes(id)) {
        service.answer("IBackgroundCopyManager::GetJob", "DO_E_JOB_NOT_FOUND");
      }
      return undefined;
    };
    const { exitCode, stdout } = await runIn({ onOutput }, "watch", id, ...args);
    expect(exitCode).toBe(1);
    const end = stdout.trimEnd().split("\n").at(-1);
    expect(end).toMatch(
      args.length > 0 ? `{"jobId":"${id}","gone":true}` : `${id}  The service no longer knows the job`,
    );
  });

  it("draws in one place in a window, hides no cursor, and leaves the jobs on Ctrl+C", async () => {
    const onWarning = vi.fn();
    process.on("warning", onWarning);
    const jobs = await Promise.all(Array.from({ length: 40 }, (_, i) => startedJob(`job ${i}`)));
    const interrupt = new AbortController();
    const onOutput = (text: string) => {
      if (text.includes("more")) {
        interrupt.abort();
      }
      return undefined;
    };
    const window = { columns: 60, rows: 10 };
    const { exitCode, stdout } = await runIn(
      { window, onOutput, signal: interrupt.signal },
      "watch",
      ...jobs.map(({ id }) => id),
    );
    expect(exitCode).toBe(130);
    expect(stdout).not.toContain("\x1b[?25l");
    const picture = stripVTControlCharacters(stdout.split("\x1b[0J").at(-2) ?? "").split("\n");
    expect(picture).toHaveLength(10);
    expect(picture.at(-2)).toBe("… and 32 more");
    expect(Math.max(...picture.map((line) => stringWidth(line)))).toBeLessThanOrEqual(60);
    expect(picture[0]).toMatch(GUID);
    expect(await states(...jobs)).not.toContain("BG_JOB_STATE_CANCELLED");
    process.off("warning", onWarning);
    expect(onWarning).not.toHaveBeenCalled();
  });
});
