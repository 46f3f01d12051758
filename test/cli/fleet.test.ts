import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { LOCALES } from "../../src/words/locale.js";
import { MemoryFleet } from "../support/memory-fleet.js";
import type { ShellOptions } from "../support/shell.js";
import { folder, runIn, WINDOW } from "./fixture.js";

const ENGINE = ["--engine", "ssh"];
const file = (name: string) => join(folder, name);
const documents = (stdout: string) =>
  stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

/** Hosts in memory, with a file that lists them, and the command line for them. */
function hosts(count: number) {
  const fleet = new MemoryFleet();
  const names = fleet.addMany(count);
  writeFileSync(file("hosts.txt"), `\uFEFF# all\r\n${names.join("\r\n")}\r\n\r\n`);
  const from = ["--hosts-from", file("hosts.txt"), ...ENGINE];
  const run = (argv: readonly string[], options: ShellOptions = {}) => runIn({ fleet, ...options }, "fleet", ...argv);
  /** Saves a plan, and forgets what that did. */
  const plan = async () => {
    await run(["list", ...from, "--plan", file("plan.json")]);
    fleet.did.length = 0;
    return ["--apply", file("plan.json"), ...ENGINE];
  };
  return { fleet, from, run, plan };
}

describe("fleet list", () => {
  it("shows the jobs and the hosts that need attention, and saves the plan", async () => {
    const { fleet, from, run } = hosts(3);
    fleet.faults.set("pc-00001", { connect: "HOST_UNREACHABLE" });
    const { exitCode, stdout, stderr } = await run(["list", ...from, "--plan", file("plan.json")]);
    expect(exitCode).toBe(3);
    expect(stdout).toMatch(/pc-00000 +00000000-0000-4000-8000-000000000000 +Transferring +nightly 0/);
    expect(stdout).toContain("2  done\n1  unreachable\n2 jobs, 0 refused\n\nHosts that need attention:\n");
    expect(stdout).toMatch(/pc-00001 +unreachable .*The host pc-00001 cannot be reached/);
    expect(stderr).toBe(`Plan saved: ${file("plan.json")}\n`);
    expect(JSON.parse(readFileSync(file("plan.json"), "utf8")).hosts).toHaveLength(3);
    if (process.platform !== "win32") {
      expect(statSync(file("plan.json")).mode & 0o777).toBe(0o600);
    }
    const again = await run(["list", ...from, "--plan", file("plan.json")]);
    expect(again).toMatchObject({ exitCode: 3, stderr: expect.stringContaining("(EEXIST)") });
  });

  it("does not say that there are no jobs if no host was listed", async () => {
    const { fleet, from, run } = hosts(1);
    const name = ["--name", "no such job"];
    expect((await run(["list", ...from, ...name])).stdout).toContain("No jobs");
    fleet.faults.set("pc-00000", { connect: "HOST_UNREACHABLE" });
    expect((await run(["list", ...from, ...name])).stdout).not.toContain("No jobs");
  });

  it("prints a line of JSON for each host, and a summary", async () => {
    const { from, run } = hosts(2);
    const { exitCode, stdout } = await run(["list", ...from, "--json", "--name", "nightly*"]);
    expect(exitCode).toBe(0);
    const [one, two, { summary }] = documents(stdout);
    expect([one.name, two.name]).toEqual(["pc-00000", "pc-00001"]);
    expect(one.jobs[0]).toMatchObject({ displayName: "nightly 0", ownerIntegrityLevel: 0x3000 });
    expect(summary).toMatchObject({ total: 2, done: 2, counts: { done: 2 } });
  });

  it("lists jobs of Delivery Optimization by the IDs in a file, on their hosts alone", async () => {
    const { fleet, from, run } = hosts(3);
    const [one, two] = ["pc-00000", "pc-00001"].map((name) => fleet.jobs.get(name)?.[0]?.jobId as string);
    const service = ["--service", "delivery-optimization"];
    writeFileSync(
      file("ids.txt"),
      `# by hand\r\npc-00000 {${one?.toUpperCase()}}\r\nPC-00001 ${two} ${one}\npc-00001 ${two}\n`,
    );
    const listed = ["list", ...from, ...service, "--ids-from", file("ids.txt"), "--plan", file("plan.json")];
    const { exitCode, stdout } = await run([...listed, "--json"]);
    expect(exitCode).toBe(0);
    const [first, second, { summary }] = documents(stdout);
    expect([first, second].map(({ name, jobs }) => [name, jobs.map(({ jobId }: { jobId: string }) => jobId)])).toEqual([
      ["pc-00000", [one]],
      ["pc-00001", [two]],
    ]);
    expect(summary).toMatchObject({ total: 2, done: 2 });
    expect(fleet.did.filter((what) => what.startsWith("open"))).toHaveLength(2);
    expect((await run(["cancel", "--apply", file("plan.json"), ...ENGINE])).exitCode).toBe(0);
    expect(fleet.did.filter((what) => what.startsWith("cancel"))).toHaveLength(2);
    const refused = await run(["list", ...from, ...service]);
    expect(refused).toMatchObject({ exitCode: 3, stderr: expect.stringContaining("fleet list --ids-from FILE") });
  });

  it.each([
    [["--name", "x"], "--ids-from requires"],
    [["--all-users"], "--ids-from requires"],
    [["--limit", "pc-9"], '"pc-9" is not a host'],
  ])("refuses IDs with %j", async (more, message) => {
    const { fleet, from, run } = hosts(1);
    writeFileSync(file("ids.txt"), "pc-00000 x\n");
    const ids = ["--ids-from", file("ids.txt")];
    expect((await run(["list", ...from, ...ids, ...more])).stderr).toContain(message);
    expect((await run(["list", ...from, ...ids])).stderr).toContain('"x" is not a job ID');
    writeFileSync(file("ids.txt"), "# by hand\r\n\r\npc-00000 x\r\n pc-00000 \r\n");
    const stderr = expect.stringContaining(`Line 4 of the file ${file("ids.txt")} contains no job ID.`);
    expect(await run(["list", ...from, ...ids])).toMatchObject({ exitCode: 2, stdout: "", stderr });
    expect(await run(["doctor", ...from, ...ids])).toMatchObject({ exitCode: 2, stdout: "" });
    expect(fleet.did).toEqual([]);
  });

  it("reads names, addresses, ports, and users from a file", async () => {
    const { fleet, run } = hosts(0);
    fleet.add("pc", 1);
    writeFileSync(file("more.txt"), "pc  address=10.0.0.2 port=2222 user=ops\n");
    const { stdout } = await run(["list", "--hosts-from", file("more.txt"), ...ENGINE, "--json"]);
    expect(documents(stdout)[0]).toMatchObject({ name: "pc", address: "10.0.0.2", port: 2222, user: "ops" });
  });
});

describe("fleet doctor", () => {
  it("tells the integrity levels of the accounts, and asks for them only then", async () => {
    const { fleet, from, run } = hosts(3);
    fleet.integrity.set("pc-00001", 0x2000).set("pc-00002", 0x5000);
    const { exitCode, stdout } = await run(["doctor", ...from]);
    expect(exitCode).toBe(0);
    for (const line of ["high integrity level: 1", "medium integrity level: 1", "integrity level of the system: 1"]) {
      expect(stdout.split("\n")).toContain(line);
    }
    const outcomes = documents((await run(["doctor", ...from, "--json"])).stdout);
    expect(outcomes.find(({ name }) => name === "pc-00001").remote.integrity).toBe(0x2000);
    expect((await run(["list", ...from, "--json"])).stdout).not.toContain('integrity"');
    expect((await run(["list", ...from])).stdout).not.toContain("integrity");
  });
});

describe("fleet cancel", () => {
  it("does what the plan contains, and continues with its journal", async () => {
    const { fleet, run, plan } = hosts(3);
    const apply = await plan();
    fleet.faults.set("pc-00001", { lost: "before" });
    const argv = ["cancel", ...apply, "--journal", file("run.jsonl")];
    const first = await run(argv);
    expect(first.exitCode).toBe(3);
    expect(first.stdout).toMatch(/pc-00001 +connection lost +HOST_LOST/);
    fleet.faults.clear();
    const second = await run([...argv, "--json"]);
    expect(second.exitCode).toBe(0);
    expect(documents(second.stdout).filter(({ fromJournal }) => fromJournal)).toHaveLength(2);
    expect(documents(second.stdout).find(({ name }) => name === "pc-00001").resent).toHaveLength(1);
    expect(fleet.did.filter((what) => what.startsWith("cancel"))).toHaveLength(3);
  });

  it("is limited to hosts, and to those in a file", async () => {
    const { run, plan } = hosts(4);
    const apply = await plan();
    writeFileSync(file("failed.txt"), "# once more\npc-00002\nPC-00003 address=x\n");
    const argv = ["suspend", ...apply, "--limit", "pc-00001", "--limit", `@${file("failed.txt")}`, "--json"];
    const { exitCode, stdout } = await run(argv);
    expect(exitCode).toBe(0);
    const names = documents(stdout).flatMap(({ name }) => name ?? []);
    expect(names.sort()).toEqual(["pc-00001", "pc-00002", "pc-00003"]);
    expect((await run(["suspend", ...apply, "--limit", "pc-9"])).stderr).toContain('"pc-9" is not a host');
  });

  it.each([
    [{ refuses: 0x80070005 }, [], 1],
    [{ connect: "HOST_LOGON_REFUSED" }, [], 3],
    [{ lost: "after" }, [], 3],
    [{ connect: "HOST_LOGON_REFUSED" }, ["--stop-after", "failed=1", "--batches", "1,50%"], 4],
  ] as const)("ends with the code of the worst outcome: %j, %j", async (fault, options, expected) => {
    const { fleet, run, plan } = hosts(4);
    const apply = await plan();
    for (const name of fleet.jobs.keys()) {
      if (expected === 4 || name === "pc-00002") {
        fleet.faults.set(name, { ...fault });
      }
    }
    const { exitCode } = await run(["cancel", ...apply, ...options]);
    expect(exitCode).toBe(expected);
  });

  it("shows what a filter would select, and changes it only if that is wanted", async () => {
    const { fleet, from, run } = hosts(2);
    const refused = await run(["cancel", ...from, "--name", "*"]);
    expect(refused).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("fleet list --plan") });
    expect((await run(["cancel", ...from, "--name", "*", "--what-if"])).exitCode).toBe(0);
    expect(fleet.did.some((what) => what.startsWith("cancel"))).toBe(false);
    expect((await run(["cancel", ...from, "--name", "*", "--yes"])).exitCode).toBe(0);
    expect(fleet.did.filter((what) => what.startsWith("cancel"))).toHaveLength(2);
  });

  it("stays readable with very many hosts", async () => {
    const { fleet, from, run } = hosts(3000);
    for (const name of fleet.jobs.keys()) {
      fleet.faults.set(name, { connect: "HOST_LOGON_REFUSED" });
    }
    fleet.faults.delete("pc-00000");
    const seen: string[] = [];
    const onOutput = (text: string) => {
      seen.push(text);
      return undefined;
    };
    const { stdout, stderr } = await run(["doctor", ...from], { window: WINDOW, onOutput });
    const lines = stripVTControlCharacters(stdout).trimEnd().split("\n");
    expect(lines.slice(0, 2)).toEqual(["    1  done", "2,999  failed"]);
    expect(lines.length).toBeLessThan(70);
    expect(stdout).toContain("… and 2949 more");
    // The advice is there once, and not for every host.
    expect(stdout.match(/^HOST_LOGON_REFUSED: /gm)).toHaveLength(1);
    expect(stripVTControlCharacters(stderr)).toMatch(/^[\d,]+ of 3,000 hosts, \d+ in progress$/m);
  });

  it("ends with 130 after Ctrl+C, and shows what it knows", async () => {
    const { fleet, run, plan } = hosts(40);
    const apply = await plan();
    const interrupted = new AbortController();
    fleet.before = async (what) => {
      await new Promise(setImmediate);
      if (what.startsWith("cancel") && fleet.did.filter((each) => each.startsWith("cancel")).length >= 5) {
        interrupted.abort();
      }
    };
    const { exitCode, stdout, stderr } = await run(["cancel", ...apply], { signal: interrupted.signal });
    expect(exitCode).toBe(130);
    expect(stdout).toMatch(/\d+ +done/);
    expect(stderr).toContain("Interrupted.");
  });

  it("says so if the journal can't be used, and sends nothing", async () => {
    const { fleet, run, plan } = hosts(2);
    const apply = await plan();
    const { exitCode, stderr } = await run(["cancel", ...apply, "--journal", join(folder, "none", "run.jsonl")]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 3, stderr: expect.stringContaining("JOURNAL_FAILED") });
    expect(fleet.did).toEqual([]);
  });
});

describe("a command line of fleet", () => {
  it.each([
    [["list"], "Specify the hosts"],
    [["list", "--hosts-from", "x.txt"], "--engine ssh"],
    [["cancel", ...ENGINE], "Specify the hosts"],
    [["list", "--hosts-from", "none.txt", ...ENGINE], "none.txt cannot be read (ENOENT)"],
    [["cancel", "--apply", "none.json", ...ENGINE], "none.json cannot be read (ENOENT)"],
    [["explode"], 'Possible values: "list", "cancel"'],
    [["list", "--engine", "telnet"], "telnet"],
    [["list", "--hosts-from", "x.txt", "--engine", "psremoting", "--user", "ops"], "--user, --identity-file"],
    [[], "Too few arguments"],
  ])("is refused: %j", async (argv, message) => {
    const { run } = hosts(1);
    expect(await run(argv)).toMatchObject({ exitCode: 2, stdout: "", stderr: expect.stringContaining(message) });
  });

  it.each([
    [["--stop-after", "failed=x"], "stopAfter.failed"],
    [["--stop-after", "5"], '"5" is not an option'],
    [["--batches", "1,x"], "batches[1]"],
    [["--concurrency", "0"], "concurrency"],
    [["--hosts-from", "hosts.txt"], "Specify the hosts"],
    [["--name", "x"], "Specify the hosts"],
    [["--service", "embedded"], "embedded"],
  ])("with a plan is refused, and nothing is sent: %j", async (options, message) => {
    const { fleet, run, plan } = hosts(1);
    const apply = await plan();
    const { exitCode, stderr } = await run(["cancel", ...apply, ...options]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining(message) });
    expect(fleet.did).toEqual([]);
  });

  it("refuses a plan that was changed", async () => {
    const { fleet, run, plan } = hosts(1);
    const apply = await plan();
    writeFileSync(file("plan.json"), readFileSync(file("plan.json"), "utf8").replace("pc-00000", "pc-00001"));
    const { exitCode, stderr } = await run(["cancel", ...apply]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining("hash does not match") });
    expect(stderr).toContain(file("plan.json"));
    expect(fleet.did).toEqual([]);
  });

  it.each(LOCALES)("has its words in %s", async (locale) => {
    const { fleet, from } = hosts(2);
    fleet.faults.set("pc-00001", { connect: "HOST_KEY_CHANGED" });
    const { runInShell } = await import("../support/shell.js");
    const { service } = await import("./fixture.js");
    for (const argv of [["doctor", ...from], ["--help"]]) {
      const { stdout } = await runInShell(service, ["fleet", ...argv, "--locale", locale], { fleet });
      expect(stdout).not.toMatch(/\bfleet\.\w|option\.|\{\{|undefined/);
      expect(stdout).not.toBe("");
    }
    expect(existsSync(file("plan.json"))).toBe(false);
  });
});
