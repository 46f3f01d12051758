import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { LOCALES } from "../../src/words/locale.js";
import { manager, run, runIn, server, service, startedJob, target } from "../cli/fixture.js";
import { fakeHost } from "../support/fake-host.js";
import { ROOT } from "../support/packed.js";
import { run as runProgram } from "../support/run.js";
import { runInShell, WatchClock } from "../support/shell.js";
import { TestService } from "../../src/testing.js";
import { text } from "../../src/words/messages.js";

// Reported problems with the output of commands, by the letters of the list of reports.

const MAIN = join(ROOT, "dist", "bundle", "cli.js");
const POSIX = process.platform !== "win32";
const WINDOW = { columns: 120, rows: 30 };

describe("N: what the advice names is shown, in terms of the command line", () => {
  it.each([["list"], ["doctor"]])("what PowerShell wrote, by %s", async (command) => {
    const args = [MAIN, command, "--service", "bits", "--executable", process.execPath, "--locale", "en"];
    const { exitCode, stdout, stderr } = await runProgram(process.execPath, args, {});
    expect(exitCode).toBe(3);
    expect(stdout + stderr).toMatch(
      /Check the output of PowerShell[^\n]+\n *Output of PowerShell:\n +\S+: bad option: -NoLogo\n/,
    );
  });

  it.skipIf(!POSIX)("what PowerShell wrote before it was lost, once for many jobs", async () => {
    const jobs = ["1", "2"].map((last) => `00000000-0000-4000-8000-00000000000${last}`);
    const bits = ["--service", "bits", "--executable", fakeHost("dies in cancel"), "--locale", "en"];
    const { exitCode, stdout, stderr } = await runProgram(process.execPath, [MAIN, "cancel", ...jobs, ...bits], {});
    expect(exitCode).toBe(4);
    expect(stdout).toContain("HOST_EXITED");
    expect(stderr.split("Output of PowerShell:").length).toBeLessThanOrEqual(2);
  });

  it.each([
    ["POWERSHELL_NOT_FOUND", "--executable"],
    ["POWERSHELL_BLOCKED", "--module-path"],
    ["CONSTRAINED_LANGUAGE", "--module-path"],
    ["MODULE_NOT_FOUND", "--module-path"],
    ["MODULE_MISMATCH", "--module-path"],
    ["MODULE_BROKEN", "--module-path"],
    ["UNSUPPORTED", "--service embedded"],
    ["TIMEOUT", "show"],
  ] as const)("the options that the advice for %s names are the command line's", async (code, option) => {
    for (const locale of LOCALES) {
      service.failBridge(code);
      const { stderr } = await runInShell(service, ["list", "--service", "bits", "--locale", locale]);
      expect(stderr).toContain(code);
      expect(stderr).toContain(option);
      expect(stderr).not.toMatch(/modulePath|timeoutInMs|option executable|diagnostics/);
    }
  });

  it.each(LOCALES)("doctor does not say in %s that nothing has changed, as nothing was to", async (locale) => {
    const args = [MAIN, "doctor", "--service", "bits", "--executable", process.execPath, "--locale", locale];
    const { stdout } = await runProgram(process.execPath, args, {});
    const outcome = text({ locale, wording: "documented" }, "outcome.notSent");
    expect(stdout).toContain("HOST_EXITED");
    expect(stdout).not.toContain(outcome);
  });
});

describe("O: what only partly succeeded does not pass unnoticed", () => {
  it("in the exit code, and as a warning with advice, of many jobs", async () => {
    const [whole, partly] = [await startedJob("one"), await startedJob("two")];
    service.answer("IBackgroundCopyJob::Complete", "BG_S_PARTIAL_COMPLETE", { jobId: partly.id });
    const { exitCode, stdout } = await run("complete", whole.id, partly.id);
    expect(exitCode).toBe(5);
    expect(stdout).toContain(`${partly.id}  BG_S_PARTIAL_COMPLETE  The job was completed, but only some`);
    expect(stdout).toContain("  Create a new job for the missing files.\n");
    expect(stdout).toMatch(/2 jobs of 2 completed\.\n1 job has a warning\.\n$/);
  });

  it("in colour", async () => {
    const job = await startedJob("one");
    service.answer("IBackgroundCopyJob::Complete", "BG_S_PARTIAL_COMPLETE");
    const { stdout } = await runIn({ window: WINDOW }, "complete", job.id);
    expect(stdout).toContain("\u001b[33mBG_S_PARTIAL_COMPLETE\u001b[39m");
  });

  it("of a cancel that left files", async () => {
    const job = await startedJob("one");
    service.answer("IBackgroundCopyJob::Cancel", "BG_S_UNABLE_TO_DELETE_FILES", { leftoverFiles: ["/tmp/BIT1.tmp"] });
    const { exitCode, stdout } = await run("cancel", job.id, "--json");
    expect(exitCode).toBe(5);
    expect(JSON.parse(stdout).jobs).toMatchObject([{ ok: true, code: "BG_S_UNABLE_TO_DELETE_FILES", warning: true }]);
  });

  it("of a create that waits", async () => {
    service.answer("IBackgroundCopyJob::Complete", "BG_S_PARTIAL_COMPLETE");
    const { exitCode, stdout } = await run("create", server.url("/file?size=10"), target(), "--wait");
    expect(exitCode).toBe(5);
    expect(stdout).toContain("Create a new job for the missing files.");
  });

  it("but a refusal counts for more", async () => {
    const [refused, partly] = [await startedJob("one"), await startedJob("two")];
    service.answer("IBackgroundCopyJob::Complete", "BG_S_PARTIAL_COMPLETE", { jobId: partly.id });
    service.answer("IBackgroundCopyJob::Complete", "BG_E_INVALID_STATE", { jobId: refused.id });
    expect((await run("complete", refused.id, partly.id)).exitCode).toBe(1);
  });
});

describe("Q: a demo that can't be set up", () => {
  it.each(LOCALES)("says so in a sentence, and ends, in %s", async (locale) => {
    const nowhere = join(target(), "nowhere");
    const environment = { TMPDIR: nowhere, TEMP: nowhere, TMP: nowhere };
    const { exitCode, stdout, stderr } = await runProgram(
      process.execPath,
      [MAIN, "demo", "--locale", locale],
      environment,
    );
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
    expect(stderr).toMatch(/^[^\n]+ENOENT[^\n]+\n$/);
  });

  it("says why nothing is transferred", async () => {
    const fetch = () => Promise.reject(new TypeError("fetch failed"));
    await using offline = new TestService({ clock: new WatchClock(new Date()), fetch });
    const { exitCode, stdout, stderr } = await runInShell(offline, ["demo", "--locale", "en"]);
    expect(exitCode).toBe(1);
    expect(stdout).not.toContain("mid-transfer");
    expect(stderr).toMatch(/^The transfer did not start, so the demo was canceled\.\n\S+ {2}0x\w{8} {2}/);
  });
});

describe("W: a transient error", () => {
  const error = { code: "BG_E_CONNECT_FAILURE", context: "BG_ERROR_CONTEXT_REMOTE_FILE" } as const;

  it.each([[undefined], [WINDOW]])("has its cause on the line of the progress: %j", async (window) => {
    const jobId = service.addJob({ displayName: "one", state: "BG_JOB_STATE_TRANSIENT_ERROR", error });
    const label = "Transient error";
    const interrupt = new AbortController();
    const { stdout } = await runIn(
      {
        window,
        signal: interrupt.signal,
        onOutput: (shown) => {
          if (shown.includes(label)) {
            interrupt.abort();
          }
          return undefined;
        },
      },
      ...["watch", jobId],
    );
    expect(stdout).toContain("  BG_E_CONNECT_FAILURE  A connection to the server could not be established.");
  });
});

describe("X: an empty file", () => {
  it("is transferred as a whole", async () => {
    const { exitCode, stdout } = await run("create", server.url("/file?size=0"), target(), "--wait");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("Transferred  100%  0 bytes / 0 bytes");
  });

  it("is not a job without files", async () => {
    await manager.createJob("none");
    const { stdout } = await run("list");
    expect(stdout).not.toContain("%");
  });
});

describe("A command about jobs that are there already", () => {
  it.each(LOCALES)("says in %s that embedded has none", async (locale) => {
    const command = [
      MAIN,
      "cancel",
      "00000000-0000-4000-8000-000000000001",
      "--service",
      "embedded",
      "--locale",
      locale,
    ];
    const { exitCode, stderr } = await runProgram(process.execPath, command, {});
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^[^\n]*embedded[^\n]*\n$/);
  });

  it("says so in a transfer that ended with the program: it is created again, not resumed", async () => {
    const embedded = ["--wait", "--service", "embedded"];
    const { stdout } = await run("create", server.url("/file?status=404"), target(), ...embedded);
    expect(stdout).toMatch(/ended with this program.*create the job again\.\n$/);
  });
});

describe("Help", () => {
  it.each(LOCALES)("leaves a space before the type of an option in %s, however wide the window is", async (locale) => {
    for (let columns = 60; columns <= 120; columns += 5) {
      const { stdout } = await runInShell(service, ["create", "--help", "--locale", locale], {
        window: { columns, rows: 30 },
      });
      for (const line of stdout.split("\n")) {
        expect(line.trim()).not.toMatch(/[^\s[]\[[^[\]]+\]( \[[^[\]]+\])*$/);
      }
    }
  });

  it("groups the digits of the demo", () => {
    const { stdout } = spawnSync(process.execPath, [MAIN, "demo", "--locale", "en"], { encoding: "utf8" });
    const [, bytes = ""] = /, ([\d,]+) bytes so far/.exec(stdout) ?? [];
    expect(bytes).toMatch(/^\d{1,3}(,\d{3})*$/);
  });
});
