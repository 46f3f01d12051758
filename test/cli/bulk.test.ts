import { readFile } from "node:fs/promises";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import type { BackgroundCopyJob } from "../../src/job.js";
import { contents } from "../support/file-server.js";
import { END_OF_INPUT } from "../support/shell.js";
import { UNKNOWN, WINDOW, service, manager, server, run, runIn, target, startedJob, states } from "./fixture.js";

describe.each([
  ["suspend", "BG_JOB_STATE_SUSPENDED"],
  ["cancel", "BG_JOB_STATE_CANCELLED"],
])("%s", (verb, end) => {
  it("takes ids, and says what became of each", async () => {
    const jobs = [await startedJob("one"), await startedJob("two")];
    const { exitCode, stdout } = await run(verb, ...jobs.map(({ id }) => id), UNKNOWN, "--json");
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      service: "embedded",
      jobs: [
        { ok: true, jobId: jobs[0]?.id, code: "S_OK", stateAfter: end },
        { ok: true, jobId: jobs[1]?.id, code: "S_OK", stateAfter: end },
        { ok: false, jobId: UNKNOWN, code: "DO_E_JOB_NOT_FOUND" },
      ],
    });
  });

  it("takes an id that is given twice for one job", async () => {
    const job = await startedJob("one");
    const { exitCode, stdout } = await run(verb, job.id, `{${job.id.toUpperCase()}}`, job.id);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("1 job of 1 ");
    expect(stdout.split(job.id)).toHaveLength(2);
  });

  it("asks nobody in a pipe: a filter needs --yes", async () => {
    const job = await startedJob("one");
    const { exitCode, stdout, stderr } = await run(verb, "--name", "*");
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain("--yes");
    expect(await job.getState()).not.toBe(end);
    expect((await run(verb, "--name", "*", "--yes")).exitCode).toBe(0);
    expect(await job.getState()).toBe(end);
  });

  it("does nothing with --what-if", async () => {
    const job = await startedJob("one");
    const { exitCode, stdout } = await run(verb, "--name", "o*", "--what-if");
    expect(exitCode).toBe(0);
    expect(stdout).toContain(job.id);
    expect(stdout).toContain("Nothing was changed yet.");
    expect(await job.getState()).not.toBe(end);
    const document = JSON.parse((await run(verb, job.id, UNKNOWN, "--what-if", "--json")).stdout);
    expect(document).toMatchObject({
      whatIf: true,
      jobs: [
        { ok: true, jobId: job.id, displayName: "one" },
        { ok: false, jobId: UNKNOWN, code: "DO_E_JOB_NOT_FOUND" },
      ],
    });
  });

  it.each([
    ["y\n", 0, true],
    ["YES\n", 0, true],
    ["\n", 130, false],
    ["no\n", 130, false],
    [END_OF_INPUT, 130, false],
  ])("asks in a window, and takes %j for an answer", async (answer, exitCode, isDone) => {
    const job = await startedJob("one");
    const onOutput = (text: string) => (text.includes("[y/N]") ? answer : undefined);
    const ran = await runIn({ window: WINDOW, onOutput }, verb, "--name", "*");
    expect(ran.exitCode).toBe(exitCode);
    expect(ran.stderr).toContain(job.id);
    expect((await job.getState()) === end).toBe(isDone);
  });
});

describe("a filter that was agreed to", () => {
  it("is for the jobs that were shown, and not for later ones", async () => {
    const shown = await manager.createJob("shown");
    let later: BackgroundCopyJob | undefined;
    const onOutput = async (text: string) => {
      if (text.includes("[y/N]")) {
        later = await manager.createJob("later");
        return "y\n";
      }
      return undefined;
    };
    await runIn({ window: WINDOW, onOutput }, "cancel", "--name", "*");
    expect(await states(shown, later as BackgroundCopyJob)).toEqual([
      "BG_JOB_STATE_CANCELLED",
      "BG_JOB_STATE_SUSPENDED",
    ]);
  });

  it("is not for a job that can't be read, which is reported", async () => {
    const [open, closed] = [
      service.addJob({ displayName: "open" }),
      service.addJob({ displayName: "closed" }),
    ] as const;
    service.answer("IBackgroundCopyManager::GetJob", "E_ACCESSDENIED", { jobId: closed, times: 1 });
    const onOutput = (text: string) => (text.includes("[y/N]") ? "y\n" : undefined);
    const { exitCode, stdout, stderr } = await runIn({ window: WINDOW, onOutput }, "cancel", "--name", "*");
    expect(exitCode).toBe(1);
    for (const output of [stderr, stdout]) {
      expect(stripVTControlCharacters(output)).toContain(`${closed}  E_ACCESSDENIED`);
    }
    expect(stdout).toContain("1 job of 2 canceled.");
    expect(await states(manager.job(open), manager.job(closed))).toEqual([
      "BG_JOB_STATE_CANCELLED",
      "BG_JOB_STATE_SUSPENDED",
    ]);
  });

  it("that lets nothing through asks nothing", async () => {
    const { exitCode, stderr } = await runIn({ window: WINDOW }, "cancel", "--name", "no such job");
    expect(exitCode).toBe(0);
    expect(stderr).not.toContain("[y/N]");
  });

  it.each([[["cancel"]], [["cancel", UNKNOWN, "--name", "*"]], [["cancel", "--all-users"]]])(
    "is neither missing nor beside ids: %j",
    async (args) => {
      expect(await run(...args, "--yes")).toMatchObject({ exitCode: 2, stdout: "" });
    },
  );
});

describe("many jobs", () => {
  it("tell of what was done until Ctrl+C", async () => {
    const jobs = await Promise.all(Array.from({ length: 60 }, (_, i) => manager.createJob(`job ${i}`)));
    const interrupt = new AbortController();
    const onOutput = (text: string) => {
      if (text.includes("25 of 60")) {
        interrupt.abort();
      }
      return undefined;
    };
    const ids = jobs.map(({ id }) => id);
    const ran = await runIn({ window: WINDOW, onOutput, signal: interrupt.signal }, "cancel", ...ids);
    expect(ran.exitCode).toBe(130);
    expect(ran.stdout).toContain("25 jobs of 60 canceled.");
    expect(ran.stderr).toContain("The outcome of the other jobs is unknown");
    expect(ran.stdout).toContain(ids[24]);
    expect(ran.stdout).not.toContain(ids[59]);
  });

  it.each([[[]], [["--json"]]])("are left alone by Ctrl+C before anything is sent: %j", async (args) => {
    const job = await manager.createJob("one");
    const ran = await runIn({ signal: AbortSignal.abort() }, "cancel", "--name", "*", "--yes", ...args);
    expect(ran.exitCode).toBe(130);
    if (args.length > 0) {
      expect(JSON.parse(ran.stdout)).toMatchObject({ jobs: [] });
    } else {
      expect(ran).toMatchObject({ stdout: "", stderr: "Nothing was changed.\n" });
    }
    expect(await job.getState()).toBe("BG_JOB_STATE_SUSPENDED");
  });
});

describe("resume and complete", () => {
  it("bring a job to its end", async () => {
    const files = [{ remoteUrl: server.url("/file?size=1000"), localName: target() }];
    const job = await manager.createJob("one", { files });
    expect(await run("resume", job.id)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining("1 job of 1 resumed."),
    });
    expect((await run("watch", job.id)).exitCode).toBe(0);
    expect(await run("complete", "--state", "transferred", "--yes")).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining("1 job of 1 completed."),
    });
    expect(await readFile(target())).toEqual(contents(1_000));
  });
});
