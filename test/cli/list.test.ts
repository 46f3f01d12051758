import { stripVTControlCharacters } from "node:util";
import { describe, expect, it, vi } from "vitest";
import stringWidth from "string-width";
import { LOCALES } from "../../src/words/locale.js";
import { runInShell } from "../support/shell.js";
import { WINDOW, service, manager, run, runIn, startedJob } from "./fixture.js";

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
    const { stdout } = await runIn({ window: { ...WINDOW, columns: 160 } }, "list");
    expect(stripVTControlCharacters(stdout)).toContain("\\u{1B}[2J\\u{9B}31m\\u{202E}txt");
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
    expect(await run("list")).toMatchObject({ exitCode: 0, stdout: "No jobs found.\n" });
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

describe("a table in every language", () => {
  /** The start and the end of the cells of a line, in terminal columns. */
  const edges = (line: string) =>
    [...line.matchAll(/[^ ]+(?: [^ ]+)*/g)].map(({ 0: cell, index }) => {
      const start = stringWidth(line.slice(0, index));
      return { start, end: start + stringWidth(cell) };
    });

  it.each(LOCALES)("has its columns aligned: %s", async (locale) => {
    await startedJob("一個作業");
    const progress = { bytesTotal: 100_000n };
    await expect.poll(() => manager.listJobs()).toMatchObject([{ progress }]);
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
