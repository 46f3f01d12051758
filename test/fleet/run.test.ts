import { describe, expect, it } from "vitest";
import type { FleetProgress } from "../../src/fleet.js";
import { byName, collect, connect, MemoryFleet } from "./fixture.js";

describe("a run", () => {
  it("contacts no more hosts at once than it may", async () => {
    const memory = new MemoryFleet();
    memory.addMany(50);
    memory.before = () => new Promise(setImmediate);
    await using fleet = await connect(memory, { concurrency: 7 });
    await fleet.listJobs();
    expect(memory.mostOpen).toBe(7);
  });

  it("goes batch by batch", async () => {
    const memory = new MemoryFleet();
    memory.addMany(40);
    await using fleet = await connect(memory);
    const plan = await fleet.listJobs();
    const { outcomes } = await collect(fleet.cancelJobs(plan));
    const sizes = [1, 2, 3, 4, 5].map((batch) => outcomes.filter((outcome) => outcome.batch === batch).length);
    expect(sizes).toEqual([1, 10, 10, 10, 9]);
    // Every batch ends before the next one begins.
    expect(outcomes.map(({ batch }) => batch)).toEqual(outcomes.map(({ batch }) => batch).sort((a, b) => a - b));
    expect(outcomes.map(({ name }) => name)).not.toEqual(plan.hosts.map(({ name }) => name));
  });

  it("has an order that the seed determines", async () => {
    const orders: string[][] = [];
    for (const seed of [5, 5, 6]) {
      const memory = new MemoryFleet();
      memory.addMany(12);
      await using fleet = await connect(memory, { concurrency: 1 });
      const plan = await fleet.listJobs();
      let told: number | undefined;
      const onProgress = (progress: FleetProgress) => {
        told = progress.seed;
      };
      const { outcomes } = await collect(fleet.cancelJobs(plan, { seed, onProgress }));
      orders.push(outcomes.map(({ name }) => name));
      expect(told).toBe(seed);
    }
    expect(orders[0]).toEqual(orders[1]);
    expect(orders[0]).not.toEqual(orders[2]);
  });

  it.each([
    [{ failed: 2 }, { connect: "CONSTRAINED_LANGUAGE" }, 2],
    [{ failed: "10%" }, { lost: "after" }, 3],
    [{ refused: 4 }, { refuses: 0x80070005 }, 4],
    [{ unreachable: "20%" }, { connect: "HOST_UNREACHABLE" }, 6],
    [undefined, { hangs: "change" }, 3],
  ] as const)("stops after %j", async (stopAfter, fault, stoppedAfter) => {
    const memory = new MemoryFleet();
    const names = memory.addMany(30);
    await using fleet = await connect(memory, { concurrency: 1, hostTimeoutInMs: 100 });
    const plan = await fleet.listJobs();
    for (const name of names) {
      memory.faults.set(name, { ...fault });
    }
    memory.did.length = 0;
    const { outcomes, error } = await collect(fleet.cancelJobs(plan, { stopAfter, batches: [30] }));
    expect(error).toBeUndefined();
    expect(outcomes).toHaveLength(30);
    const skipped = outcomes.filter(({ status }) => status === "skipped");
    expect(skipped).toHaveLength(30 - stoppedAfter);
    expect(new Set(skipped.map((outcome) => outcome.error?.code))).toEqual(new Set(["RUN_STOPPED"]));
    const opened = new Set(memory.did.filter((what) => what.startsWith("open")));
    expect(skipped.some(({ name }) => opened.has(`open ${name}`) && fault !== undefined && !("connect" in fault))).toBe(
      false,
    );
  });

  it("finishes what was begun when it stops", async () => {
    const memory = new MemoryFleet();
    const names = memory.addMany(20);
    await using fleet = await connect(memory, { concurrency: 5 });
    const plan = await fleet.listJobs();
    for (const name of names) {
      memory.faults.set(name, { refuses: 0x80070005 });
    }
    const { outcomes } = await collect(fleet.cancelJobs(plan, { stopAfter: { refused: 1 } }));
    const refused = outcomes.filter(({ status }) => status === "refused").length;
    expect(refused).toBeGreaterThanOrEqual(1);
    expect(refused).toBeLessThanOrEqual(10);
    expect(memory.did.filter((what) => what.startsWith("cancel"))).toHaveLength(refused);
  });

  it("connects once more, and to nothing twice that was reached", async () => {
    const memory = new MemoryFleet();
    memory.add("late", 1, { connect: "HOST_UNREACHABLE", times: 1 });
    memory.add("off", 1, { connect: "HOST_UNREACHABLE" });
    memory.add("stranger", 1, { connect: "HOST_KEY_CHANGED" });
    memory.add("lost", 1);
    await using fleet = await connect(memory);
    const { outcomes: seen } = await collect(fleet.doctor());
    expect(byName(seen).late).toMatchObject({ status: "done", attempt: 2 });
    expect(byName(seen).off).toMatchObject({ status: "unreachable", attempt: 2 });
    expect(byName(seen).stranger).toMatchObject({ status: "failed", attempt: 1 });
    const plan = await fleet.listJobs({}, { limit: ["lost"] });
    memory.faults.set("lost", { lost: "before" });
    memory.did.length = 0;
    await collect(fleet.cancelJobs(plan, { limit: ["lost"] }));
    expect(memory.did.filter((what) => what === "open lost")).toHaveLength(1);
  });

  it("reports its progress", async () => {
    const memory = new MemoryFleet();
    memory.addMany(3);
    memory.add("off", 1, { connect: "HOST_UNREACHABLE" });
    await using fleet = await connect(memory);
    const seen: FleetProgress[] = [];
    await fleet.listJobs({}, { onProgress: (progress) => seen.push(progress) });
    expect(seen.map(({ done, total }) => `${done} of ${total}`)).toEqual(["1 of 4", "2 of 4", "3 of 4", "4 of 4"]);
    expect(seen.at(-1)).toMatchObject({ counts: { done: 3, unreachable: 1 }, jobs: { done: 3, refused: 0 } });
  });

  it("ends what it began when the caller stops early", async () => {
    const memory = new MemoryFleet();
    memory.addMany(100);
    memory.before = () => new Promise(setImmediate);
    await using fleet = await connect(memory, { concurrency: 4 });
    const plan = await fleet.listJobs();
    memory.did.length = 0;
    for await (const { status } of fleet.cancelJobs(plan, { batches: [100] })) {
      expect(status).toBe("done");
      break;
    }
    expect(memory.open).toBe(0);
    const opened = memory.did.filter((what) => what.startsWith("open")).length;
    const canceled = memory.did.filter((what) => what.startsWith("cancel")).length;
    expect(opened).toBe(canceled);
    expect(opened).toBeLessThan(20);
  });

  it("does not run ahead of a slow caller", async () => {
    const memory = new MemoryFleet();
    memory.addMany(200);
    await using fleet = await connect(memory, { concurrency: 3 });
    const plan = await fleet.listJobs();
    memory.did.length = 0;
    let taken = 0;
    for await (const _ of fleet.cancelJobs(plan, { batches: [200] })) {
      taken++;
      await new Promise(setImmediate);
      await new Promise(setImmediate);
      const opened = memory.did.filter((what) => what.startsWith("open")).length;
      expect(opened - taken).toBeLessThanOrEqual(6);
    }
    expect(taken).toBe(200);
  });

  it("ends with the reason of the signal, and sends nothing more", async () => {
    const memory = new MemoryFleet();
    memory.addMany(60);
    memory.before = () => new Promise(setImmediate);
    await using fleet = await connect(memory, { concurrency: 4 });
    const plan = await fleet.listJobs();
    memory.did.length = 0;
    const aborting = new AbortController();
    const seen: string[] = [];
    const reason = new Error("enough");
    const run = async () => {
      for await (const { name } of fleet.cancelJobs(plan, { signal: aborting.signal, batches: [60] })) {
        seen.push(name);
        if (seen.length === 3) {
          aborting.abort(reason);
        }
      }
    };
    await expect(run()).rejects.toBe(reason);
    expect(memory.open).toBe(0);
    const opened = memory.did.filter((what) => what.startsWith("open")).length;
    expect(opened).toBeLessThan(20);
    await new Promise(setImmediate);
    expect(memory.did.filter((what) => what.startsWith("open"))).toHaveLength(opened);
    await expect(collect(fleet.cancelJobs(plan, { signal: aborting.signal }))).resolves.toMatchObject({
      error: reason,
      outcomes: [],
    });
  });

  it("closes a host whose connection comes too late", async () => {
    const memory = new MemoryFleet();
    memory.add("slow", 1);
    const engine = memory.engine();
    let letGo = () => {};
    const gate = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const slow = {
      name: "slow",
      open: async (...given: Parameters<typeof engine.open>) => {
        await gate;
        return engine.open(...given);
      },
    };
    await using fleet = await connect(memory, {}, slow);
    const aborting = new AbortController();
    const run = collect(fleet.doctor({ signal: aborting.signal }));
    aborting.abort(new Error("enough"));
    await run;
    letGo();
    await new Promise(setImmediate);
    expect(memory.did).toEqual(["open slow"]);
    expect(memory.open).toBe(0);
  });
});
