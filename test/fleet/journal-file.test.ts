import { randomUUID } from "node:crypto";
import { appendFileSync, existsSync, linkSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { hostname } from "node:os";
import { describe, expect, it, vi } from "vitest";
import type { BridgeError } from "../../src/index.js";
import { JournalFile } from "../../src/fleet/journal-file.js";
import { explainData } from "../../src/words/explanation.js";
import { LOCALES } from "../../src/words/locale.js";
import { canceled, collect, lines, planned, statuses, temporaryFolder } from "./fixture.js";

describe("the file of a journal", () => {
  it.each([
    ["an empty file", "", true],
    ["the start of a journal", '{"line":"run","fleetJ', true],
    ["a text", "important notes", false],
    ["a text of lines", "important\nnotes\n", false],
    ["another JSON file", '{"line":"sent"}\n', false],
    ["bytes", "\u0000\u0000", false],
  ])("is not made of %s that it did not write", async (_, text, isTaken) => {
    using folder = temporaryFolder();
    const journal = folder.file("run.jsonl");
    writeFileSync(journal, text);
    const { memory, fleet, plan } = await planned(1);
    const { error } = await collect(fleet.cancelJobs(plan, { journal }));
    if (isTaken) {
      expect(error).toBeUndefined();
    } else {
      expect(error).toBeInstanceOf(TypeError);
      expect(readFileSync(journal, "utf8")).toBe(text);
      expect(memory.did).toEqual([]);
    }
    expect(existsSync(`${journal}.lock`)).toBe(false);
  });

  it("is refused with the number of the line that is not valid", async () => {
    using folder = temporaryFolder();
    const journal = folder.file("run.jsonl");
    const { fleet, plan } = await planned(1);
    await collect(fleet.cancelJobs(plan, { journal }));
    appendFileSync(journal, "{}\n");
    const { error } = await collect(fleet.cancelJobs(plan, { journal }));
    expect(error).toMatchObject({ message: expect.stringContaining("(line 4)") });
  });

  it.skipIf(process.platform === "win32")("is neither a link nor a file with a second name", async () => {
    using folder = temporaryFolder();
    const { memory, fleet, plan } = await planned(1);
    writeFileSync(folder.file("other"), "");
    symlinkSync(folder.file("other"), folder.file("link"));
    linkSync(folder.file("other"), folder.file("second"));
    mkdirSync(folder.file("folder"));
    for (const [name, systemCode] of [
      ["link", "ELOOP"],
      ["second", "ELOOP"],
      ["folder", "EISDIR"],
      ["none/run", "ENOENT"],
    ]) {
      const { error } = await collect(fleet.cancelJobs(plan, { journal: folder.file(name as string) }));
      expect(error).toMatchObject({ code: "JOURNAL_FAILED", outcome: "not sent", details: { values: { systemCode } } });
    }
    expect(memory.did).toEqual([]);
    expect(readFileSync(folder.file("other"), "utf8")).toBe("");
  });

  it("is used by one run at a time", async () => {
    using folder = temporaryFolder();
    const journal = folder.file("run.jsonl");
    const { fleet, plan } = await planned(2);
    const first = fleet.cancelJobs(plan, { journal });
    await first.next();
    const isLocked = {
      code: "JOURNAL_FAILED",
      outcome: "not sent",
      message: expect.stringContaining(`Another run uses the journal ${journal}.`),
      advice: expect.stringContaining(`The file ${journal}.lock contains`),
    };
    expect((await collect(fleet.cancelJobs(plan, { journal }))).error).toMatchObject(isLocked);
    await first.return();
    // The lock of a process that is gone does not count.
    writeFileSync(`${journal}.lock`, `999999999\n${hostname()}\n${randomUUID()}\n`);
    expect((await collect(fleet.cancelJobs(plan, { journal }))).error).toBeUndefined();
    writeFileSync(`${journal}.lock`, `1\nanother-computer\n${randomUUID()}\n`);
    const { error } = await collect(fleet.cancelJobs(plan, { journal }));
    expect(error).toMatchObject(isLocked);
    for (const locale of LOCALES) {
      const language = { locale, wording: "documented" } as const;
      const { message, advice } = explainData({ language }, error as BridgeError);
      expect(message).toContain(journal);
      expect(advice).toContain(`${journal}.lock`);
    }
  });

  it("fails for every line after the first that can't be written", async () => {
    using folder = temporaryFolder();
    const journal = await JournalFile.open(folder.file("run.jsonl"));
    const probe = await open(folder.file("probe"), "w");
    const handles = Object.getPrototypeOf(probe);
    await probe.close();
    const full = Object.assign(new Error("full"), { code: "ENOSPC" });
    const write = vi.spyOn(handles, "write").mockRejectedValue(full);
    try {
      await Promise.all(["a", "b"].map((text) => expect(journal.append(text)).rejects.toBe(full)));
      // One after the other, and with nothing under way.
      for (const text of ["c", "d", "e"]) {
        await expect(journal.append(text)).rejects.toBe(full);
      }
    } finally {
      write.mockRestore();
      await journal.close();
    }
    expect(readFileSync(folder.file("run.jsonl"), "utf8")).toBe("");
  });

  it("that can't be written stops the run, and nothing more is sent", async () => {
    const { memory, fleet, plan } = await planned(20, { concurrency: 2 });
    using folder = temporaryFolder();
    const append = JournalFile.prototype.append;
    let left = 9;
    JournalFile.prototype.append = function (text) {
      left--;
      return left >= 0 ? append.call(this, text) : Promise.reject(Object.assign(new Error("full"), { code: "ENOSPC" }));
    };
    try {
      const { outcomes, error } = await collect(
        fleet.cancelJobs(plan, { journal: folder.file("run.jsonl"), batches: [20] }),
      );
      expect(error).toMatchObject({ code: "JOURNAL_FAILED", details: { values: { systemCode: "ENOSPC" } } });
      expect(outcomes).toHaveLength(20);
      const sent = lines(folder.file("run.jsonl")).filter(({ line }) => line === "sent");
      expect(canceled(memory)).toHaveLength(sent.length);
      expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(["done", "failed", "skipped"]));
    } finally {
      JournalFile.prototype.append = append;
    }
    const { outcomes } = await collect(fleet.cancelJobs(plan, { journal: folder.file("run.jsonl") }));
    expect(new Set(Object.values(statuses(outcomes)))).toEqual(new Set(["done"]));
    expect(canceled(memory)).toHaveLength(20);
  });
});
