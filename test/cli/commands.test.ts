import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import stringWidth from "string-width";
import { capabilitiesOf } from "../../src/port/capabilities.js";
import { cancel, complete, resume, suspend } from "../../src/cli/bulk.js";
import { list } from "../../src/cli/list.js";
import type { BackgroundCopyJob } from "../../src/job.js";
import { LOCALES } from "../../src/words/locale.js";
import type { BackgroundCopyManager } from "../../src/manager.js";
import { text } from "../../src/words/messages.js";
import { TestService } from "../../src/testing.js";
import { contents, startFileServer, type FileServer } from "../support/file-server.js";
import { END_OF_INPUT, runInShell, WatchClock, type Ran, type ShellOptions } from "../support/shell.js";

const UNKNOWN = "00000000-0000-4000-8000-000000000001";
const GUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/;
const WINDOW = { columns: 100, rows: 30 };

let service: TestService;
let manager: BackgroundCopyManager;
let server: FileServer;
let folder: string;

beforeEach(async () => {
  // What the tests run in must not decide about colours.
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
  await rm(folder, { recursive: true, force: true });
});

function run(...argv: string[]): Promise<Ran> {
  return runInShell(service, [...argv, "--locale", "en"]);
}

function runIn(options: ShellOptions, ...argv: string[]): Promise<Ran> {
  return runInShell(service, [...argv, "--locale", "en"], options);
}

const target = (name = "update.bin") => join(folder, name);

/** A job that waits for more than will ever come. */
async function startedJob(name: string): Promise<BackgroundCopyJob> {
  const files = [{ remoteUrl: server.url("/file?size=100000&pause=40000"), localName: target(`${name}.bin`) }];
  const job = await manager.createJob(name, { files });
  await job.resume();
  return job;
}

async function states(...jobs: readonly BackgroundCopyJob[]): Promise<string[]> {
  return Promise.all(jobs.map((job) => job.getState()));
}

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
    await vi.waitFor(async () => expect(await manager.listJobs()).toMatchObject([{ progress: { filesTotal: 1 } }]));
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
      expect(output).toContain("has ended with this program");
      expect(output).not.toContain("background-copy ");
    }
  });

  it.each([[[]], [["--suspended"]]])("wants to wait where the job would end with the program: %j", async (args) => {
    const embedded = ["--service", "embedded", ...args];
    const { exitCode, stdout, stderr } = await run("create", server.url("/file"), target(), ...embedded);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain("add --wait");
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
    expect(stderr).toMatch(`${args[0]} must be a whole number`);
    expect(service.requests).toEqual([]);
  });
});

describe("list", () => {
  it("is a table whose names are cut to the window, and never its ids", async () => {
    const job = await manager.createJob("a name of that length ".repeat(10));
    const { stdout } = await runIn({ window: WINDOW }, "list");
    const lines = stripVTControlCharacters(stdout).trimEnd().split("\n");
    expect(lines).toHaveLength(2);
    expect(Math.max(...lines.map((line) => stringWidth(line)))).toBeLessThanOrEqual(100);
    expect(lines[1]).toContain(job.id);
    expect(lines[1]).toContain("…");
  });

  it("cuts nothing in a pipe, and has no codes there", async () => {
    const name = "a name of that length ".repeat(10).trim();
    await manager.createJob(name);
    const { stdout } = await run("list");
    expect(stdout).toContain(name);
    expect(stdout).not.toContain("\x1b");
  });

  it("has colours in a window, and none with NO_COLOR", async () => {
    await manager.createJob("a job");
    expect((await runIn({ window: WINDOW }, "list")).stdout).toContain("\x1b[1m");
    vi.stubEnv("NO_COLOR", "1");
    expect((await runIn({ window: WINDOW }, "list")).stdout).not.toContain("\x1b");
  });

  it("shows nothing of a name that a terminal would obey", async () => {
    await manager.createJob("\x1b[2J\u009b31m\u202Etxt");
    const { stdout } = await runIn({ window: WINDOW }, "list");
    expect(stripVTControlCharacters(stdout)).toContain("\uFFFD[2J\uFFFD31m\uFFFDtxt");
  });

  it("lets through what meets every condition", async () => {
    const transferring = await startedJob("update one");
    const suspended = await manager.createJob("update two");
    await manager.createJob("other");
    const ids = async (...args: string[]) =>
      JSON.parse((await run("list", ...args, "--json")).stdout).jobs.map((job: { jobId: string }) => job.jobId);
    expect(await ids("--name", "UPDATE*")).toEqual([transferring.id, suspended.id]);
    expect(await ids("--name", "update*", "--state", "suspended")).toEqual([suspended.id]);
    expect(await ids("--state", "suspended", "--state", "transferring", "--name", "update*")).toHaveLength(2);
    expect(await ids("--created-before", "1d")).toEqual([]);
    expect(await ids("--modified-before", "2100-01-01")).toHaveLength(3);
    expect(await ids("--owner", "nobody at all")).toEqual([]);
  });

  it("says so where there is nothing", async () => {
    expect(await run("list")).toMatchObject({ exitCode: 0, stdout: "There are no such jobs.\n" });
  });

  it.each([
    ["--created-before", "yesterday"],
    ["--modified-before", "2026-02-30"],
    ["--state", "asleep"],
  ])("refuses %s %s with 2", async (...args) => {
    const { exitCode, stderr } = await run("list", ...args);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(args[1]);
  });
});

describe("show", () => {
  it("tells everything but secrets", async () => {
    const job = await manager.createJob("a job", {
      description: "for a test",
      noProgressTimeout: 600,
      customHeaders: { Authorization: "Bearer token" },
    });
    service.changeJob(job.id, { files: [{ remoteName: "https://me:password@example.com/a", localName: target() }] });
    const { exitCode, stdout } = await run("show", job.id);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Job id +[0-9a-f-]{36}\n/);
    expect(stdout).toMatch(/^Description +for a test$/m);
    expect(stdout).toMatch(/^No-progress time-out +600 seconds$/m);
    expect(stdout).toMatch(/^Custom headers \(names\) +Authorization$/m);
    expect(stdout).toContain(target());
    expect(stdout).toContain("https://***@example.com/a");
    expect(stdout).not.toMatch(/token|password/);
    expect(JSON.parse((await run("show", job.id, "--json")).stdout)).toMatchObject({
      service: "embedded",
      job: { jobId: job.id, state: "BG_JOB_STATE_SUSPENDED", noProgressTimeout: 600, files: [{ localName: target() }] },
    });
  });

  it("has a title for each property that BITS tells", () => {
    const { readableProperties } = capabilitiesOf("bits", "IBackgroundCopyManager");
    for (const name of readableProperties) {
      const title = text({ locale: "en", wording: "documented" }, `property.${name}`, {}, "cli");
      expect(title).not.toContain("property.");
    }
  });

  it("says what a job failed with", async () => {
    await run("create", server.url("/file?status=404"), target(), "--wait");
    const [job] = await manager.listJobs();
    const { stdout } = await run("show", job?.jobId ?? "");
    expect(stdout).toContain("\nError\n  ");
    expect(stdout).toContain("0x80190194");
  });

  it("says what the service refused to tell", async () => {
    const job = await manager.createJob("a job");
    service.answer("IBackgroundCopyJob::GetOwner", "E_NOTIMPL");
    expect((await run("show", job.id)).stdout).toMatch(
      /\n\nWhat the service refused to tell\n {2}Owner {2}E_NOTIMPL\n$/,
    );
  });

  it("exits with 1 for a job that the service does not know", async () => {
    const { exitCode, stderr } = await run("show", UNKNOWN);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("DO_E_JOB_NOT_FOUND");
  });
});

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
    expect(stdout).toContain("Nothing has been done yet.");
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
    expect(ran.stderr).toContain("What became of the other jobs is not known");
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
      expect(ran).toMatchObject({ stdout: "", stderr: "Nothing has been changed.\n" });
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
    // The picture, where there is one, stays the last.
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

describe("help in every language", () => {
  const names = [
    "create",
    "list",
    "show",
    "watch",
    "suspend",
    "resume",
    "complete",
    "cancel",
    "explain",
    "doctor",
    "demo",
  ];

  it.each(LOCALES)("has words for every command: %s", async (locale) => {
    for (const name of names) {
      const { exitCode, stdout, stderr } = await runInShell(service, [name, "--help", "--locale", locale]);
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
      expect(stdout).toContain(`background-copy ${name}`);
      // A key that has no text is shown as it is.
      expect(stdout).not.toContain("[]");
      expect(stdout).not.toMatch(/\b(?:command|examples|argument|option|parser)\.\w/);
      if (locale !== "en") {
        expect(stdout).not.toMatch(
          /Options:|Examples:|Show |\[(?:default|string|boolean|number|array|choices|required)/,
        );
      }
    }
  });

  it.each([list, suspend, resume, complete, cancel])(
    "has examples that name a service with a list: $name",
    (command) => {
      const examples = command.examples.filter((line) => !GUID.test(line));
      expect(examples).not.toEqual([]);
      for (const line of examples) {
        expect(line).toContain("--service bits");
      }
    },
  );

  it("fits the window", async () => {
    const { stdout } = await runIn({ window: { columns: 60, rows: 30 } }, "cancel", "--help");
    expect(Math.max(...stdout.split("\n").map((line) => stringWidth(line)))).toBeLessThanOrEqual(60);
  });
});

describe("a table in every language", () => {
  /** Where the cells of a line begin and end, in columns of the terminal. */
  const edges = (line: string) =>
    [...line.matchAll(/[^ ]+(?: [^ ]+)*/g)].map(({ 0: cell, index }) => {
      const start = stringWidth(line.slice(0, index));
      return { start, end: start + stringWidth(cell) };
    });

  it.each(LOCALES)("has its columns aligned: %s", async (locale) => {
    await startedJob("一個作業");
    const progress = { bytesTotal: 100_000n };
    await vi.waitFor(async () => expect(await manager.listJobs()).toMatchObject([{ progress }]));
    const { stdout } = await runInShell(service, ["list", "--locale", locale]);
    const [head = [], row = []] = stdout.split("\n").map(edges);
    expect(head).toHaveLength(6);
    for (const column of [0, 1, 4, 5]) {
      expect(row[column]?.start).toBe(head[column]?.start);
    }
    for (const column of [2, 3]) {
      expect(row[column]?.end).toBe(head[column]?.end);
    }
  });
});
