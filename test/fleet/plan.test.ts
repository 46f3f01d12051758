import { describe, expect, it } from "vitest";
import { BackgroundCopyError, BridgeError } from "../../src/index.js";
import { byName, collect, connect, MemoryFleet, statuses } from "./fixture.js";

describe("a plan", () => {
  it("contains every host, and what is known of its jobs", async () => {
    const memory = new MemoryFleet();
    memory.add("one", 2);
    memory.add("none", 0);
    memory.add("off", 1, { connect: "HOST_UNREACHABLE" });
    await using fleet = await connect(memory);
    const plan = await fleet.listJobs();
    expect(plan.hosts.map(({ name, status, jobs }) => [name, status, jobs.length])).toEqual([
      ["one", "done", 2],
      ["none", "done", 0],
      ["off", "unreachable", 0],
    ]);
    expect(plan.hosts[0]?.jobs[0]).toEqual({
      jobId: "00000000-0000-4000-8000-000000000000",
      state: "BG_JOB_STATE_TRANSFERRING",
      displayName: "nightly 0",
      owner: "S-1-5-21-1",
      ownerIntegrityLevel: 0x3000,
    });
    expect(plan.hosts[2]?.error?.message).toContain("off cannot be reached (a reason)");
    expect(memory.did.filter((what) => what.startsWith("cancel"))).toEqual([]);
  });

  it("is canceled as it is, with an outcome for every host", async () => {
    const memory = new MemoryFleet();
    memory.add("one", 2);
    memory.add("none", 0);
    memory.add("off", 1, { connect: "HOST_UNREACHABLE" });
    await using fleet = await connect(memory);
    const plan = await fleet.listJobs({ displayName: "nightly*" });
    memory.jobs
      .get("one")
      ?.push({ jobId: "00000000-0000-4000-8000-00000000ffff", state: 2, displayName: "nightly new" });
    const { outcomes, error } = await collect(fleet.cancelJobs(JSON.parse(JSON.stringify(plan))));
    expect(error).toBeUndefined();
    expect(statuses(outcomes)).toEqual({ none: "done", off: "skipped", one: "done" });
    const { one, off } = byName(outcomes);
    expect(one).toMatchObject({ outcome: "complete", engine: "memory", batch: 1, attempt: 1, fromJournal: false });
    expect(one?.remote).toMatchObject({ edition: "Desktop" });
    // Only doctor asks for it.
    expect(one?.remote?.integrity).toBeUndefined();
    expect(one?.jobs.map((job) => job.ok && job.result.message)).toEqual(
      Array(2).fill("Job was successfully canceled."),
    );
    expect(off?.error).toMatchObject({ code: "HOST_NOT_LISTED", outcome: "not sent" });
    // The job that was created since is left alone.
    expect(memory.jobs.get("one")?.map(({ state }) => state)).toEqual([8, 8, 2]);
  });

  it("is not changed with whatIf", async () => {
    const memory = new MemoryFleet();
    memory.addMany(3);
    await using fleet = await connect(memory);
    const plan = await fleet.listJobs();
    for (const target of [plan, { displayName: "nightly*" }]) {
      const { outcomes } = await collect(fleet.cancelJobs(target, { whatIf: true }));
      expect(outcomes.map(({ jobs: [job] }) => job?.ok && job.job.displayName)).toEqual(Array(3).fill("nightly 0"));
    }
    expect(memory.did.some((what) => what.startsWith("cancel"))).toBe(false);
  });

  it("limits a call to some hosts", async () => {
    const memory = new MemoryFleet();
    memory.addMany(5);
    await using fleet = await connect(memory);
    const plan = await fleet.listJobs();
    const { outcomes } = await collect(fleet.suspendJobs(plan, { limit: ["PC-00003", "pc-00001"] }));
    expect(statuses(outcomes)).toEqual({ "pc-00001": "done", "pc-00003": "done" });
    await using small = await connect(memory, { hosts: ["pc-00001"] });
    expect(() => small.suspendJobs(plan)).toThrow('"pc-00000" is not a host of this fleet');
    expect(() => fleet.suspendJobs(plan, { limit: ["pc-9"] })).toThrow('"pc-9" is not a host of this fleet');
  });
});

describe("a call without a plan", () => {
  it("needs the word of the caller", async () => {
    const memory = new MemoryFleet();
    memory.addMany(2);
    await using fleet = await connect(memory);
    expect(() => fleet.cancelJobs({ displayName: "nightly*" })).toThrow(/whatIf or unplanned/);
    expect(() => fleet.cancelJobs({}, { unplanned: true })).toThrow(/at least one condition/);
    const { outcomes } = await collect(fleet.cancelJobs({ displayName: "nightly*" }, { unplanned: true }));
    expect(outcomes.map(({ jobs }) => jobs.length)).toEqual([1, 1]);
  });

  it.each([
    ["suspendJobs", 3],
    ["resumeJobs", 0],
    ["completeJobs", 7],
    ["cancelJobs", 8],
  ] as const)("works with %s", async (method, state) => {
    const memory = new MemoryFleet();
    memory.add("pc", 30);
    await using fleet = await connect(memory);
    const { outcomes } = await collect(fleet[method]({ displayName: "*" }, { unplanned: true }));
    expect(outcomes[0]?.jobs).toHaveLength(30);
    expect(new Set(memory.jobs.get("pc")?.map((job) => job.state))).toEqual(new Set([state]));
  });
});

describe("the outcome of a host", () => {
  const FAULTS = {
    refused: { refuses: 0x80070005 },
    failed: { connect: "CONSTRAINED_LANGUAGE" },
    unreachable: { connect: "HOST_UNREACHABLE" },
    "lost before": { lost: "before" },
    "lost after": { lost: "after" },
    "hangs at open": { hangs: "open" },
    "hangs at change": { hangs: "change" },
    strange: { throws: "a text" },
    "strange error": { throws: new RangeError("a mistake") },
  } as const;

  it("tells each kind of trouble apart", async () => {
    const memory = new MemoryFleet();
    memory.add("done", 1);
    for (const [name, fault] of Object.entries(FAULTS)) {
      memory.add(name.replaceAll(" ", "-"), 1, { ...fault });
    }
    const faults = new Map(memory.faults);
    memory.faults.clear();
    await using fleet = await connect(memory, { connectTimeoutInMs: 300, hostTimeoutInMs: 300 });
    const plan = await fleet.listJobs();
    memory.faults = faults;
    const { outcomes } = await collect(fleet.cancelJobs(plan, { stopAfter: {} }));
    const seen = outcomes.map(({ name, status, outcome, error, jobs }) => [
      name,
      status,
      outcome,
      error?.code,
      jobs.length,
    ]);
    expect(seen.sort()).toEqual([
      ["done", "done", "complete", undefined, 1],
      ["failed", "failed", "not sent", "CONSTRAINED_LANGUAGE", 0],
      ["hangs-at-change", "timed out", "unknown", "TIMEOUT", 1],
      ["hangs-at-open", "timed out", "not sent", "TIMEOUT", 0],
      ["lost-after", "lost", "unknown", "HOST_LOST", 1],
      ["lost-before", "lost", "unknown", "HOST_LOST", 1],
      ["refused", "refused", "complete", "E_ACCESSDENIED", 1],
      ["strange", "failed", "not sent", "HOST_LOST", 0],
      ["strange-error", "failed", "not sent", "HOST_LOST", 0],
      ["unreachable", "unreachable", "not sent", "HOST_UNREACHABLE", 0],
    ]);
    expect(memory.open).toBe(0);
    for (const { error } of outcomes) {
      expect(error === undefined || error instanceof BridgeError || error instanceof BackgroundCopyError).toBe(true);
    }
  });

  it("names the runner for the jobs of SYSTEM", async () => {
    const memory = new MemoryFleet();
    const job = { jobId: "00000000-0000-4000-8000-000000000001", state: 2, ownerIntegrityLevel: 0x4000 };
    memory.add("pc", [job], { refuses: 0x80070005 });
    await using fleet = await connect(memory);
    const { outcomes } = await collect(fleet.cancelJobs(await fleet.listJobs()));
    expect(outcomes[0]?.error?.message).toContain("belongs to a system account");
    expect(outcomes[0]?.error?.advice).toContain("runner");
  });

  it("is not taken from what the host says about itself", async () => {
    const memory = new MemoryFleet();
    memory.add("evil", 1);
    const engine = memory.engine();
    const evil = {
      ...engine,
      open: async (...given: Parameters<typeof engine.open>) => ({
        ...(await engine.open(...given)),
        remote: { windows: `\u001b[2J${"x".repeat(1e6)}`, name: "other", elevated: "yes", integrity: 0.5 } as never,
      }),
    };
    await using fleet = await connect(memory, {}, evil);
    const { outcomes } = await collect(fleet.doctor());
    expect(outcomes[0]?.remote).toEqual({ windows: `[2J${"x".repeat(196)}` });
  });
});

describe("doctor", () => {
  it("shows what an account may list, and changes nothing", async () => {
    const memory = new MemoryFleet();
    memory.add("pc", 1);
    memory.isAdministrator = false;
    await using fleet = await connect(memory);
    const { outcomes } = await collect(fleet.doctor());
    expect(outcomes[0]).toMatchObject({
      status: "refused",
      jobs: [
        { name: "own jobs", ok: true },
        { name: "all jobs", ok: false, error: { code: "E_ACCESSDENIED" } },
      ],
    });
    expect(memory.did).toEqual(["open pc", "list pc", "list pc"]);
  });
});

describe("Delivery Optimization in a fleet", () => {
  it("is called with job IDs only", async () => {
    const memory = new MemoryFleet();
    memory.add("pc", 1);
    await using fleet = await connect(memory, { service: "delivery-optimization" });
    const unsupported = { code: "UNSUPPORTED", message: expect.stringContaining("only job IDs") };
    await expect(fleet.listJobs()).rejects.toMatchObject(unsupported);
    expect(() => fleet.cancelJobs({ state: "BG_JOB_STATE_ERROR" }, { unplanned: true })).toThrow(/only job IDs/);
    expect(memory.did).toEqual([]);
  });

  it("has a plan of the jobs with given IDs, and cancels them", async () => {
    const memory = new MemoryFleet();
    memory.addMany(3);
    const known = memory.jobs.get("pc-00001")?.[0]?.jobId as string;
    const unknown = "ffffffff-0000-4000-8000-000000000001";
    await using fleet = await connect(memory, { service: "delivery-optimization" });
    const twice = new Map([
      ["PC-00001", new Set([known.toUpperCase(), known])],
      ["pc-00001", new Set([unknown])],
    ]);
    const plan = await fleet.listJobs(twice);
    expect(plan.hosts.map(({ name, status, jobs }) => [name, status, jobs.length])).toEqual([
      ["pc-00000", "done", 0],
      ["pc-00001", "done", 1],
      ["pc-00002", "done", 0],
    ]);
    expect(memory.did).toEqual(["open pc-00001", "describe pc-00001"]);
    const { outcomes } = await collect(fleet.cancelJobs(plan));
    expect(outcomes.flatMap(({ jobs }) => jobs)).toMatchObject([{ ok: true, jobId: known }]);
    expect(memory.did.filter((what) => what.startsWith("cancel"))).toHaveLength(1);
  });

  it.each([
    [new Map([["pc-9", []]]), /"pc-9" is not a host/],
    [new Map([["pc", ["x"]]]), /"x" is not a job ID/],
    [new Map([["pc", "x"]]), /pc must be an array/],
  ])("refuses what are no IDs of its hosts: %j", async (target, message) => {
    const memory = new MemoryFleet();
    memory.add("pc", 1);
    await using fleet = await connect(memory, { service: "delivery-optimization" });
    await expect(fleet.listJobs(target as never)).rejects.toThrow(message);
    expect(memory.did).toEqual([]);
  });
});
