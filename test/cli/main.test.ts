import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, openSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { LOCALES } from "../../src/words/locale.js";
import documented from "../facts/documented-messages.json" with { type: "json" };
import { fakeHost, faultyHost } from "../support/fake-host.js";
import { ROOT } from "../support/packed.js";
import { run as runProgram, type Run } from "../support/run.js";

const JOB = "00000000-0000-4000-8000-000000000001";
const MAIN = join(ROOT, "dist", "bundle", "cli.js");
// On Windows, a program can't send Ctrl+C to another one; it can only kill it.
const noSignals = process.platform === "win32";

function run(...args: string[]): Promise<Run> {
  return runProgram(process.execPath, [MAIN, ...args], { LC_ALL: "C" });
}

describe("the command line", () => {
  it("is built", () => {
    expect(existsSync(MAIN)).toBe(true);
  });

  describe("demo", () => {
    it("cancels in mid-transfer, and shows both outcomes in every language", async () => {
      const { exitCode, stdout, stderr } = await run("demo");
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
      for (const locale of LOCALES) {
        expect(stdout).toContain(`${locale.padEnd(5)}  ${documented[locale].S_OK.documented}\n`);
        expect(stdout).toContain(`${locale.padEnd(5)}  ${documented[locale].DO_E_INVALID_STATE.documented}\n`);
      }
    });

    it("prints one JSON document", async () => {
      const { stdout } = await run("demo", "--json");
      expect(JSON.parse(stdout)).toMatchObject({
        service: "embedded",
        left: [],
        outcomes: [{ code: "S_OK" }, { code: "DO_E_INVALID_STATE", hex: "0x80D02013" }],
      });
    });
  });

  describe("explain", () => {
    it.each(["DO_E_INVALID_STATE", "0x80D02013", "2161123347", "-2133843949"])("takes %s", async (code) => {
      const { exitCode, stdout } = await run(
        "explain",
        code,
        "--method",
        "IBackgroundCopyJob.Cancel",
        "--locale",
        "de",
      );
      expect(exitCode).toBe(0);
      expect(stdout).toContain("DO_E_INVALID_STATE  0x80D02013  2161123347\n");
      expect(stdout).toContain(documented.de.DO_E_INVALID_STATE.documented);
    });

    it("takes the code of a BridgeError, which has no number", async () => {
      const { exitCode, stdout } = await run("explain", "TIMEOUT", "--locale", "en");
      expect(exitCode).toBe(0);
      expect(stdout).toMatch(
        /^TIMEOUT\nNo response arrived .+\nRead the state .+\nReference page .+: en\/codes\/TIMEOUT.html\n$/,
      );
      const { stdout: json } = await run("explain", "TIMEOUT", "--json");
      expect(JSON.parse(json).codes[0]).not.toHaveProperty("hresult");
    });

    it("refuses what is no code", async () => {
      expect(await run("explain", "$(calc)")).toMatchObject({ exitCode: 2, stdout: "" });
    });
  });

  describe("cancel", () => {
    it("says what became of each job, and exits with 1 where the service refused one", async () => {
      const { exitCode, stdout } = await run("cancel", JOB, "--service", "embedded", "--json");
      expect(exitCode).toBe(1);
      expect(JSON.parse(stdout)).toMatchObject({
        service: "embedded",
        locale: "en",
        jobs: [{ jobId: JOB, ok: false, code: "DO_E_JOB_NOT_FOUND", hex: "0x80D02003" }],
      });
    });

    it.each([
      ["well", 0],
      ["blocked", 3],
      ["dies in cancel", 4],
    ])("exits by the outcome of a host that behaves so: %s", async (behaviour, exitCode) => {
      const bits = ["--service", "bits", "--executable", fakeHost(behaviour)];
      expect(await run("cancel", JOB, ...bits)).toMatchObject({ exitCode });
    });

    it("prints its JSON document and nothing else where DEBUG makes its dependencies talk", async () => {
      const args = ["cancel", JOB, "--json", "--service", "bits", "--executable", fakeHost()];
      const { stdout, stderr } = await runProgram(process.execPath, [MAIN, ...args], { DEBUG: "*" });
      expect(JSON.parse(stdout)).toMatchObject({ jobs: [{ jobId: JOB, ok: true }] });
      expect(stderr).toBe("");
    });

    it.skipIf(noSignals)("exits with 130 on Ctrl+C", async () => {
      const { executable, did } = faultyHost([{ method: "job.cancel", act: "hangs" }]);
      const child = spawn(process.execPath, [MAIN, "cancel", JOB, "--service", "bits", "--executable", executable]);
      const ended = new Promise((resolve) => child.on("close", resolve));
      await expect.poll(did).toContain("job.cancel");
      child.kill("SIGINT");
      expect(await ended).toBe(130);
    });

    it("sends nothing where an id is none", async () => {
      const { exitCode, stderr } = await run("cancel", JOB, "'; rm -rf /", "--service", "embedded", "--locale", "en");
      expect(exitCode).toBe(2);
      expect(stderr).toContain("'; rm -rf /");
      expect(stderr).toContain("Item 1:");
    });

    it("does not count where there is one id", async () => {
      const { stderr } = await run("cancel", "abc", "--service", "embedded", "--locale", "en");
      expect(stderr).toMatch(/^"abc" is not a job ID/);
    });

    it.skipIf(process.platform === "win32").each([
      ["en", "UNSUPPORTED: The"],
      ["fr", "UNSUPPORTED\u00a0: Le"],
      ["zh-TW", "UNSUPPORTED：此"],
    ])("writes what was refused as one does in %s", async (locale, start) => {
      const { stderr } = await run("cancel", JOB, "--service", "bits", "--locale", locale);
      expect(stderr.slice(0, start.length)).toBe(start);
    });
  });

  describe("create", () => {
    it.skipIf(noSignals)("exits with 130 on Ctrl+C, and says how to go on with the job", async () => {
      const bits = ["--service", "bits", "--executable", fakeHost("well"), "--locale", "en"];
      const child = spawn(process.execPath, [MAIN, "create", "http://127.0.0.1/a", "a", "--wait", ...bits]);
      let created = "";
      let shown = "";
      child.stderr.on("data", (text) => {
        shown += text;
      });
      child.stdout.on("data", (text) => {
        created += text;
        // The line of a watched job.
        if (String(text).includes("0 bytes")) {
          child.kill("SIGINT");
        }
      });
      expect(await new Promise((resolve) => child.on("close", resolve))).toBe(130);
      const [, jobId] = /^Job (\S+) created: a\n/.exec(created) ?? [];
      for (const command of ["watch", "complete", "cancel"]) {
        expect(shown).toContain(`background-copy ${command} ${jobId} --service bits.`);
      }
    });
  });

  describe("usage", () => {
    it.each(LOCALES)("is told in %s", async (locale) => {
      const { exitCode, stdout } = await run("--help", "--locale", locale);
      expect(exitCode).toBe(0);
      expect(stdout).toContain("background-copy explain");
      if (locale !== "en") {
        expect(stdout).not.toMatch(/Commands:|Options:|Show |\[string|\[boolean|possible values/);
      }
    });

    it.each([
      [[], "background-copy --help"],
      [["frobnicate"], "background-copy --help"],
      [["cancel"], "background-copy cancel --help"],
      [["--service", "nobody", "cancel", JOB], "background-copy cancel --help"],
      [["explain", "S_OK", "--method"], "background-copy explain --help"],
    ])("is refused with 2, and the help that helps is named: %j", async (args, help) => {
      const { exitCode, stdout, stderr } = await run(...args);
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
      expect(stderr).not.toContain("    at ");
      expect(stderr).toContain(help);
    });

    it.skipIf(process.platform === "win32")("bears a reader that has seen enough, and not a full disk", () => {
      const shell = (redirection: string) =>
        spawnSync("/bin/sh", ["-c", `"$0" "$1" explain S_OK ${redirection}`, process.execPath, MAIN], {
          encoding: "utf8",
        });
      expect(shell("| true")).toMatchObject({ status: 0, stderr: "" });
      if (existsSync("/dev/full")) {
        expect(shell("> /dev/full")).toMatchObject({ status: 4, stderr: expect.stringContaining("ENOSPC") });
      }
    });

    it.skipIf(process.platform === "win32")("exits as it would where nobody can be told", async () => {
      const status = async (stderr: "pipe" | number) => {
        const args = [MAIN, "cancel", JOB, "--service", "bits", "--executable", "/nowhere/pwsh"];
        const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", stderr] });
        child.stderr?.destroy();
        return (await once(child, "exit"))[0];
      };
      expect(await status("pipe")).toBe(3);
      if (existsSync("/dev/full")) {
        expect(await status(openSync("/dev/full", "w"))).toBe(3);
      }
    });

    it("is refused in JSON too", async () => {
      const { exitCode, stdout } = await run("cancel", "--json");
      expect(exitCode).toBe(2);
      expect(JSON.parse(stdout)).toHaveProperty("error.message");
    });
  });
});
