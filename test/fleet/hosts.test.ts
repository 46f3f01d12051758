import { describe, expect, it } from "vitest";
import { BackgroundCopyFleet } from "../../src/fleet.js";
import { BackgroundCopyError, BridgeError } from "../../src/index.js";
import { LOCALES } from "../../src/words/locale.js";
import { connect, MemoryFleet } from "./fixture.js";

// No host is contacted.
const engine = "ssh";
const open = (hosts: unknown, locale = "en") =>
  BackgroundCopyFleet.connect({ hosts: hosts as string[], engine, locale });

describe("the hosts of a fleet", () => {
  it("are names, addresses, ports, and users, each host once", async () => {
    const hosts = [
      "pc-1.example.com",
      "PC-1.EXAMPLE.COM",
      { name: "pc-2", address: "10.0.0.2", port: 2222, user: "ops" },
    ];
    expect((await open([...hosts, "fe80::1", "bücher", "pc_3"])).hosts).toEqual([
      "pc-1.example.com",
      "pc-2",
      "fe80::1",
      "bücher",
      "pc_3",
    ]);
  });

  it("come from any iterable", async () => {
    async function* later() {
      yield "pc-1";
      yield { name: "pc-2" };
    }
    expect((await open(later())).hosts).toEqual(["pc-1", "pc-2"]);
    expect((await open(new Set(["pc-1"]))).hosts).toEqual(["pc-1"]);
    expect((await open([])).hosts).toEqual([]);
  });

  it.each([
    ["-oProxyCommand=x"],
    [""],
    ["a b"],
    ["a\tb"],
    ["a%h"],
    ["a\nb"],
    ["a\u0000"],
    ["a\u202eb"],
    ["a/b"],
    ["a@b"],
    ["a;b"],
    ["$(a)"],
    ["`a`"],
    ["a".repeat(254)],
    [5],
    [null],
    [undefined],
    [{}],
    [[]],
    [{ name: 5 }],
    [{ name: "pc", address: "-x" }],
    [{ name: "pc", address: "" }],
    [{ name: "pc", port: 0 }],
    [{ name: "pc", port: 65_536 }],
    [{ name: "pc", port: "22" }],
    [{ name: "pc", user: "-x" }],
    [{ name: "pc", user: "a b" }],
    [{ name: "pc", user: "a%r" }],
    [{ name: "pc", user: "" }],
    [{ name: "pc", password: "x" }],
    [{ name: "pc", constructor: "x" }],
  ])("are refused with their index: %j", async (host) => {
    for (const locale of LOCALES) {
      const error = await open(["good", host], locale).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(TypeError);
      expect((error as Error).message).toMatch(/\b1\b| 1：/);
    }
  });

  it.each([["pc-1"], [5], [undefined], [{}]])("are refused as a whole: %j", async (hosts) => {
    await expect(open(hosts)).rejects.toThrow(/^hosts must be/);
  });

  it("are refused if one of them is listed with different data", async () => {
    await expect(open(["pc", { name: "PC", port: 2222 }])).rejects.toThrow(/Item 1: The host "PC" is already listed/);
    expect(
      (
        await open([
          { name: "pc", port: 22 },
          { name: "PC", port: 22 },
        ])
      ).hosts,
    ).toEqual(["pc"]);
  });

  it("fail with the error of an iterable that throws in the middle, and nothing is contacted", async () => {
    const memory = new MemoryFleet();
    const broken = new Error("the list ends");
    function* hosts() {
      yield memory.add("pc-1", 1);
      throw broken;
    }
    await expect(connect(memory, { hosts: hosts() })).rejects.toBe(broken);
    expect(memory.did).toEqual([]);
  });
});

describe("the options of a fleet", () => {
  it.each([
    [{ engine: "telnet" }, /engine/],
    [{ engine: undefined }, /engine/],
    [{ engine: new MemoryFleet().engine() }, /engine.*ssh, psremoting/],
    [{ service: "embedded" }, /embedded/],
    [{ concurrency: 0 }, /concurrency must be an integer from 1 to 256/],
    [{ concurrency: 1e9 }, /concurrency/],
    [{ connectTimeoutInMs: -1 }, /connectTimeoutInMs/],
    [{ hostTimeoutInMs: Number.POSITIVE_INFINITY }, /hostTimeoutInMs/],
    [{ password: "x" }, /password/],
  ])("are refused: %j", async (options, message) => {
    const given = { hosts: ["pc"], engine, locale: "en", ...options };
    await expect(BackgroundCopyFleet.connect(given as never)).rejects.toThrow(message);
  });

  it.each([
    [{ batches: [] }, /batches/],
    [{ batches: [0] }, /batches\[0\]/],
    [{ batches: ["0%"] }, /batches\[0\]/],
    [{ batches: ["101%"] }, /batches\[0\]/],
    [{ batches: ["1e1%"] }, /batches\[0\]/],
    [{ batches: "5%" }, /batches/],
    [{ stopAfter: { failed: 0 } }, /stopAfter\.failed/],
    [{ stopAfter: { lost: 1 } }, /lost/],
    [{ stopAfter: 5 }, /stopAfter/],
    [{ seed: -1 }, /seed/],
    [{ journal: 5 }, /journal/],
    [{ limit: "pc" }, /limit/],
    [{ signal: {} }, /signal/],
    [{ onProgress: 5 }, /onProgress/],
    [{ whatif: true }, /whatif/],
    [{ whatIf: true, journal: "x" }, /journal/],
    [{ whatIf: "yes" }, /whatIf/],
    [5, /options/],
  ])("of a call are refused, and nothing is sent: %j", async (options, message) => {
    const memory = new MemoryFleet();
    memory.add("pc", 1);
    await using fleet = await connect(memory);
    const plan = await fleet.listJobs();
    memory.did.length = 0;
    expect(() => fleet.cancelJobs(plan, options as never)).toThrow(message);
    expect(memory.did).toEqual([]);
  });
});

describe("a saved plan", () => {
  it("is read back, from its text and from its contents", async () => {
    const memory = new MemoryFleet();
    memory.addMany(3);
    memory.add("off", 1, { connect: "HOST_UNREACHABLE" });
    await using fleet = await connect(memory);
    const plan = await fleet.listJobs();
    const text = JSON.stringify(plan);
    expect(BackgroundCopyFleet.readPlan(text, { locale: "en" })).toEqual(plan);
    // The order of the properties does not matter.
    const turned = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(turned)
        : typeof value === "object" && value !== null
          ? Object.fromEntries(
              Object.entries(value)
                .reverse()
                .map(([name, one]) => [name, turned(one)]),
            )
          : value;
    expect(BackgroundCopyFleet.readPlan(turned(JSON.parse(text)), { locale: "en" })).toEqual(plan);
    expect(BackgroundCopyFleet.readPlan(plan, { locale: "en" })).toEqual(plan);
  });

  it("contains errors, which are in the language of the reader", async () => {
    const memory = new MemoryFleet();
    memory.add("off", 1, { connect: "HOST_UNREACHABLE" });
    memory.add("slow", 1, { connect: "TIMEOUT" });
    memory.add("denied", 1);
    memory.isAdministrator = false;
    const list = async (locale: string) => {
      await using fleet = await connect(memory, { locale });
      return fleet.listJobs({ allUsers: true });
    };
    const [german, french] = [await list("de"), await list("fr")];
    const read = BackgroundCopyFleet.readPlan(JSON.stringify(german), { locale: "fr" });
    expect(read.hash).toBe(german.hash);
    for (const [i, { name, error }] of read.hosts.entries()) {
      const [before, expected] = [german.hosts[i]?.error, french.hosts[i]?.error];
      expect(error).toBeInstanceOf(name === "denied" ? BackgroundCopyError : BridgeError);
      expect(error).toMatchObject({ locale: "fr", code: expected?.code, message: expected?.message });
      expect(error?.advice).toBe(expected?.advice);
      expect(error?.message).not.toBe(before?.message);
      expect(error?.localize("de")).toBe(before?.message);
    }
    // The message itself does not count.
    const claims = JSON.stringify(german).replaceAll(/"message":"[^"]*"/g, '"message":"Alles ist gut."');
    expect(BackgroundCopyFleet.readPlan(claims, { locale: "de" })).toEqual(german);
    const changed = JSON.stringify(german).replace("HOST_UNREACHABLE", "HOST_BUSY");
    expect(() => BackgroundCopyFleet.readPlan(changed, { locale: "en" })).toThrow(/hash does not match/);
  });

  it.each([
    ['"fleetPlan":1', '"fleetPlan":2', /fleetPlan/],
    ['"service":"bits"', '"service":"embedded"', /service/],
    ['"name":"pc-00000"', '"name":"pc-1"', /hash does not match/],
    ["nightly", "weekly", /hash does not match/],
    ["00000000-0000-4000", "00000000-0000-5000", /hash does not match/],
    ['"jobs":[', '"extra":1,"jobs":[', /extra/],
    ['"hash":"', '"hash":"0', /hash/],
    ["}", "", /JSON/],
  ])("is refused if %j became %j", async (before, after, message) => {
    const memory = new MemoryFleet();
    memory.addMany(2);
    await using fleet = await connect(memory);
    const changed = JSON.stringify(await fleet.listJobs()).replace(before, after);
    expect(() => BackgroundCopyFleet.readPlan(changed, { locale: "en" })).toThrow(TypeError);
    expect(() => BackgroundCopyFleet.readPlan(changed, { locale: "en" })).toThrow(message);
    for (const value of [undefined, null, 5, [], "x", {}]) {
      expect(() => BackgroundCopyFleet.readPlan(value)).toThrow(TypeError);
    }
  });

  it("is refused by a fleet of another service", async () => {
    const memory = new MemoryFleet();
    memory.add("pc", 1);
    await using fleet = await connect(memory);
    const plan = await fleet.listJobs();
    await using other = await connect(memory, { service: "delivery-optimization" });
    expect(() => other.cancelJobs(plan)).toThrow(/for the service bits/);
  });

  it("contains nothing from a host that is not part of a plan", async () => {
    const memory = new MemoryFleet();
    memory.add("evil", [{ jobId: "../../etc", state: 2 }]);
    memory.add("good", 1);
    await using fleet = await connect(memory);
    const { hosts } = await fleet.listJobs();
    expect(hosts.map(({ status, jobs }) => [status, jobs.length])).toEqual([
      ["failed", 0],
      ["done", 1],
    ]);
  });
});
