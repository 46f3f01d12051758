import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { BackgroundCopyFleet } from "../../src/fleet.js";
import {
  byName,
  canceled,
  collect,
  connect,
  lines,
  MemoryFleet,
  planned,
  statuses,
  temporaryFolder,
} from "./fixture.js";

/** Cancels the jobs of a filter. */
const cancelAll = (fleet: BackgroundCopyFleet, journal: string) =>
  collect(fleet.cancelJobs({ displayName: "*" }, { unplanned: true, journal }));

describe("a journal", () => {
  it("has a line before anything is sent to a host, and a line after its answer", async () => {
    using folder = temporaryFolder();
    const journal = folder.file("run.jsonl");
    const { memory, fleet, plan } = await planned(3);
    memory.before = (what) => {
      const [verb, host] = what.split(" ");
      if (verb === "cancel") {
        expect(lines(journal).filter(({ line, host: name }) => line === "sent" && name === host)).toHaveLength(1);
      }
    };
    const { outcomes } = await collect(fleet.cancelJobs(plan, { journal, seed: 7 }));
    const [run, ...others] = lines(journal);
    expect(run).toMatchObject({ line: "run", method: "job.cancel", seed: 7, total: 3, engine: "memory" });
    for (const { name } of outcomes) {
      const own = others.filter(({ host }) => host === name);
      expect(own.map(({ line, status, outcome }) => [line, status, outcome])).toEqual([
        ["sent", undefined, undefined],
        ["done", "done", "complete"],
      ]);
      expect(own[0].module).toBe("ab".repeat(32));
    }
    expect(canceled(memory)).toHaveLength(3);
    expect(existsSync(`${journal}.lock`)).toBe(false);
    if (process.platform !== "win32") {
      expect(statSync(journal).mode & 0o777).toBe(0o600);
    }
  });

  it("ends a run that is run again, with the same outcomes", async () => {
    using folder = temporaryFolder();
    const journal = folder.file("run.jsonl");
    const { memory, fleet, plan } = await planned(4);
    memory.faults.set("pc-00002", { refuses: 0x80070005 });
    const first = await collect(fleet.cancelJobs(plan, { journal }));
    const before = canceled(memory).length;
    const second = await collect(fleet.cancelJobs(plan, { journal }));
    expect(canceled(memory)).toHaveLength(before);
    expect(statuses(second.outcomes)).toEqual(statuses(first.outcomes));
    expect(second.outcomes.every(({ fromJournal }) => fromJournal)).toBe(true);
    const [one, again] = [first, second].map(({ outcomes }) => JSON.stringify(byName(outcomes)["pc-00002"]?.jobs));
    expect(again).toBe(one);
    // The outcomes are in the language of the caller.
    await using german = await connect(memory, { locale: "de" });
    const { outcomes } = await collect(german.cancelJobs(plan, { journal }));
    expect(byName(outcomes)["pc-00002"]?.error?.locale).toBe("de");
  });

  it("continues a run that was stopped, in the same order", async () => {
    using folder = temporaryFolder();
    const journal = folder.file("run.jsonl");
    const { memory, fleet, plan } = await planned(30);
    for await (const _ of fleet.cancelJobs(plan, { journal })) {
      break;
    }
    const done = canceled(memory).length;
    expect(done).toBeLessThan(30);
    const { outcomes } = await collect(fleet.cancelJobs(plan, { journal }));
    expect(outcomes).toHaveLength(30);
    expect(outcomes.filter(({ fromJournal }) => fromJournal)).toHaveLength(done);
    expect(new Set(canceled(memory)).size).toBe(30);
    expect(canceled(memory)).toHaveLength(30);
    const runs = lines(journal).filter(({ line }) => line === "run");
    expect(new Set(runs.map(({ seed }) => seed)).size).toBe(1);
  });

  it("tries the hosts again that could not be used", async () => {
    using folder = temporaryFolder();
    const journal = folder.file("run.jsonl");
    const { memory, fleet, plan } = await planned(2);
    memory.faults.set("pc-00001", { connect: "HOST_LOGON_REFUSED" });
    const first = await collect(fleet.cancelJobs(plan, { journal }));
    expect(statuses(first.outcomes)).toEqual({ "pc-00000": "done", "pc-00001": "failed" });
    memory.faults.clear();
    const second = await collect(fleet.cancelJobs(plan, { journal }));
    expect(statuses(second.outcomes)).toEqual({ "pc-00000": "done", "pc-00001": "done" });
    expect(canceled(memory)).toHaveLength(2);
  });

  it.each([
    ["before", true],
    ["after", false],
  ] as const)("reads the state of what was sent, after a loss %s the cancel", async (lost, isResent) => {
    using folder = temporaryFolder();
    const journal = folder.file("run.jsonl");
    const { memory, fleet, plan } = await planned(1);
    memory.faults.set("pc-00000", { lost });
    const first = await collect(fleet.cancelJobs(plan, { journal }));
    expect(first.outcomes[0]).toMatchObject({ status: "lost", outcome: "unknown" });
    memory.faults.clear();
    memory.did.length = 0;
    const { outcomes } = await collect(fleet.cancelJobs(plan, { journal }));
    const [jobId] = plan.hosts[0]?.jobs.map((job) => job.jobId) ?? [];
    expect(outcomes[0]).toMatchObject({ status: "done", outcome: "complete", resent: isResent ? [jobId] : [] });
    const [job] = outcomes[0]?.jobs ?? [];
    expect(job?.ok && job.result.confirmedBy).toBe(isResent ? "return value" : "state");
    expect(canceled(memory)).toHaveLength(isResent ? 1 : 0);
    expect(memory.did.indexOf("describe pc-00000")).toBeGreaterThan(0);
  });

  it.each([0x80200001, 0x80200002])("counts a cancel that comes too late as done: %i", async (refuses) => {
    using folder = temporaryFolder();
    const journal = folder.file("run.jsonl");
    const { memory, fleet, plan } = await planned(1);
    memory.faults.set("pc-00000", { lost: "before" });
    await collect(fleet.cancelJobs(plan, { journal }));
    memory.faults.set("pc-00000", { refuses });
    const { outcomes } = await collect(fleet.cancelJobs(plan, { journal }));
    const [job] = outcomes[0]?.jobs ?? [];
    expect(job).toMatchObject({ ok: true, result: { confirmedBy: "state" } });
    expect(outcomes[0]?.resent).toHaveLength(1);
    // Without an earlier run, the same answer is a refusal.
    await using other = await connect(memory);
    const [alone] = (await collect(other.cancelJobs(plan, { journal: folder.file("other.jsonl") }))).outcomes;
    expect(alone).toMatchObject({ status: "refused" });
  });

  it("keeps the answers that arrived from a host that was lost later", async () => {
    using folder = temporaryFolder();
    const journal = folder.file("run.jsonl");
    const memory = new MemoryFleet();
    memory.add("pc", 40);
    await using fleet = await connect(memory);
    const plan = await fleet.listJobs();
    const answered = new Set<string>();
    memory.before = (what) => {
      if (what.startsWith("cancel") && answered.size < 25) {
        answered.add(what);
        memory.faults.set("pc", answered.size < 25 ? {} : { lost: "after" });
      }
    };
    const first = await collect(fleet.cancelJobs(plan, { journal }));
    expect(first.outcomes[0]).toMatchObject({ status: "lost", outcome: "unknown" });
    expect(first.outcomes[0]?.jobs.filter(({ ok }) => ok)).toHaveLength(25);
    memory.faults.clear();
    memory.did.length = 0;
    const { outcomes } = await collect(fleet.cancelJobs(plan, { journal }));
    expect(outcomes[0]).toMatchObject({ status: "done", resent: [] });
    expect(outcomes[0]?.jobs.map(({ jobId }) => jobId)).toHaveLength(40);
    expect(canceled(memory)).toEqual([]);
  });

  it("belongs to one plan, one call, and one list of hosts", async () => {
    using folder = temporaryFolder();
    const journal = folder.file("run.jsonl");
    const { memory, fleet, plan } = await planned(2);
    await collect(fleet.suspendJobs(plan, { journal }));
    const before = readFileSync(journal, "utf8");
    const other = await fleet.listJobs();
    for (const run of [fleet.suspendJobs(other, { journal }), fleet.cancelJobs(plan, { journal })]) {
      expect((await collect(run)).error).toMatchObject({ message: expect.stringContaining("belongs to another run") });
    }
    expect((await cancelAll(fleet, journal)).error).toBeInstanceOf(TypeError);
    expect(readFileSync(journal, "utf8")).toBe(before);
    expect(canceled(memory)).toEqual([]);
  });

  it("continues a call with a filter", async () => {
    using folder = temporaryFolder();
    const journal = folder.file("run.jsonl");
    const { memory, fleet } = await planned(3);
    memory.faults.set("pc-00001", { lost: "before" });
    expect(statuses((await cancelAll(fleet, journal)).outcomes)).toMatchObject({ "pc-00001": "lost" });
    memory.faults.clear();
    const { outcomes } = await cancelAll(fleet, journal);
    expect(new Set(Object.values(statuses(outcomes)))).toEqual(new Set(["done"]));
    expect(byName(outcomes)["pc-00001"]?.resent).toHaveLength(1);
    expect(canceled(memory)).toHaveLength(3);
  });

  it.each([0, 1, 20, 200])("survives a last line without its last %i characters", async (cut) => {
    using folder = temporaryFolder();
    const journal = folder.file("run.jsonl");
    const { memory, fleet, plan } = await planned(3);
    await collect(fleet.cancelJobs(plan, { journal }));
    const text = readFileSync(journal, "utf8");
    writeFileSync(journal, text.slice(0, text.length - cut));
    const { outcomes } = await collect(fleet.cancelJobs(plan, { journal }));
    expect(new Set(Object.values(statuses(outcomes)))).toEqual(new Set(["done"]));
    expect(canceled(memory)).toHaveLength(3);
    expect(lines(journal).filter(({ outcome }) => outcome === "complete")).toHaveLength(3);
  });
});
