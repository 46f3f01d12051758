import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import { startFileServer } from "../support/file-server.js";
import { ROOT } from "../support/packed.js";
import { shellWord } from "../support/shell-word.js";
import { hasTmux, TmuxWindow } from "../support/tmux.js";

const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/;
const NARROW = { columns: 60, rows: 12 };
const WIDE = { columns: 160, rows: 30 };

/** A shell line that runs a command line on a service with jobs: see window-session.js. */
function session(line: string): string {
  return `${shellWord(process.execPath)} ${shellWord(join(ROOT, "test", "support", "window-session.js"))} ${line}`;
}

/** The part of a line to the left of a text, in terminal columns. */
function columnOf(line: string | undefined, text: string): number {
  return stringWidth(line?.slice(0, line.indexOf(text)) ?? "");
}

describe.skipIf(!hasTmux)(`in a real terminal${hasTmux ? "" : " (tmux was not found)"}`, () => {
  it("a table fills a wide window, with Chinese names in their column", async () => {
    using window = new TmuxWindow(WIDE, session("list --locale zh-TW"));
    const [head, ...rows] = await window.shows("exit 0");
    const jobs = rows.filter((row) => GUID.test(row));
    expect(jobs).toHaveLength(4);
    for (const row of jobs) {
      expect(columnOf(row, "傳輸中")).toBe(columnOf(head, "狀態"));
      expect(columnOf(row, "2020年")).toBe(columnOf(head, "建立時間"));
    }
    expect(jobs[1]).toContain("每週安全性更新（包含所有語言套件與選用功能）");
  });

  it("a table has room in a narrow window, with ids whole", async () => {
    using window = new TmuxWindow(NARROW, session("list --locale de"));
    const lines = await window.shows("exit 0");
    expect(lines.filter((line) => GUID.test(line))).toHaveLength(4);
    expect(lines.filter((line) => line.includes("…"))).toHaveLength(2);
    for (const line of lines) {
      expect(stringWidth(line)).toBeLessThanOrEqual(60);
    }
  });

  it("a pipe gets neither colours nor cuts", async () => {
    using window = new TmuxWindow(WIDE, `${session("list --locale en")} | cat -v`);
    await window.shows("exit 0");
    const lines = window.screen({ withCodes: true });
    expect(lines.join("\n")).toContain("M-");
    expect(lines.join("\n")).not.toMatch(/\x1b|(?<!M-)\^\[/);
  });

  it("a watch ends with its reader", async () => {
    using window = new TmuxWindow(WIDE, `${session("watch ALL --json")} | head -n 1 | cut -c 1-10`);
    expect(await window.shows("exit 0")).toEqual(['{"jobId":"', "exit 0"]);
  });

  it("a watch stays in its place through changes of the window, and Ctrl+C leaves jobs and terminal alone", async () => {
    using window = new TmuxWindow(NARROW, `export JOBS=20; ${session("watch ALL --locale en")}`);
    const narrow = await window.shows(/^… and 10 more$/);
    expect(narrow).toHaveLength(11);
    expect(narrow.slice(0, 10).every((line) => GUID.test(line))).toBe(true);
    window.resize(110, 9);
    const wide = await window.shows(/^… and 13 more$/);
    expect(wide).toHaveLength(8);
    expect(wide[0]).toMatch(/ \[#*-+\] {2}\d+% {2}[\d.]+ \w+ \/ 10 MB {2}Transferring$/);
    window.press("C-c");
    await window.shows("exit 130");
    const ended = await window.shows("20 jobs go on");
    expect(ended.filter((line) => line.includes("more"))).toHaveLength(1);
    expect(window.isCursorVisible).toBe(true);
  });

  it("a watch leaves nothing of the lines that a narrower window has broken", async () => {
    using window = new TmuxWindow({ columns: 110, rows: 20 }, session("watch ALL --locale en"));
    await window.shows(/ Transferring$/);
    window.resize(60, 20);
    await window.shows(/% {2}Transferring$/);
    window.press("C-c");
    const lines = await window.shows("exit 130");
    expect(lines.filter((line) => GUID.test(line))).toHaveLength(4);
    expect(lines.filter((line) => line.includes("Transferring"))).toHaveLength(4);
  });

  it("a progress bar grows, and Ctrl+C leaves a line that says what became of the job", async () => {
    const server = await startFileServer();
    const folder = await mkdtemp(join(tmpdir(), "background-copy-"));
    const bin = join(ROOT, "src", "cli", "bin.js");
    const url = server.url("/file?size=100000&pause=40000");
    const words = [process.execPath, bin, "create", url, join(folder, "a")].map(shellWord);
    const line = `${words.join(" ")} --wait --service embedded --locale en`;
    try {
      using window = new TmuxWindow({ columns: 80, rows: 20 }, line);
      await window.shows(/^\[#+-+\] {2}40% {2}40 kB \/ 100 kB {2}Transferring$/);
      window.press("C-c");
      const lines = await window.shows("exit 130");
      expect(lines.filter((shown) => shown.startsWith("["))).toHaveLength(1);
      expect(lines.join("")).toContain("ended with this program");
      expect(window.isCursorVisible).toBe(true);
      // The service exists in the program and deletes the files of its jobs.
      expect(await readdir(folder)).toEqual([]);
    } finally {
      await server.close();
      await rm(folder, { recursive: true, force: true });
    }
  });

  it.each([
    [["C-c"], 130, 4],
    [["C-d"], 130, 4],
    [["n", "Enter"], 130, 4],
    [["y", "Enter"], 0, 0],
  ])("a question takes %j for an answer", async (keys, exitCode, left) => {
    using window = new TmuxWindow(WIDE, session("cancel --name '*' --locale en"));
    await window.shows(/Continue\? \[y\/N\]/);
    window.press(...keys);
    await window.shows(`exit ${exitCode}`);
    const lines = await window.shows(`${left} jobs go on`);
    expect(lines).toContain(`${left} jobs go on`);
    expect(window.isCursorVisible).toBe(true);
  });
});
