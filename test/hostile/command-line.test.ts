import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Writable } from "node:stream";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { runCommandLine } from "../../src/cli/command-line.js";
import { ExitCode } from "../../src/cli/exit-code.js";
import { BackgroundCopyFleet } from "../../src/fleet.js";
import type { FleetEngine } from "../../src/port/engine.js";
import { isParamsOf, type MethodName } from "../../src/port/protocol.js";
import { fleetOver } from "../support/fleet-over.js";
import { MemoryFleet } from "../support/memory-fleet.js";
import { hostileText } from "../support/property.js";
import { recording } from "../support/recording.js";

const JOB = "00000000-0000-4000-8000-000000000001";
const EXIT_CODES: readonly number[] = Object.values(ExitCode);
// Without the commands that start programs or servers: demo and doctor.
const COMMANDS = ["create", "list", "show", "watch", "suspend", "resume", "complete", "cancel", "explain", "fleet", ""];
const ACTIONS = ["list", "cancel", "suspend", "resume", "complete", "doctor"];
const OPTIONS = [
  "--service",
  "--locale",
  "--json",
  "--executable",
  "--module-path",
  "--method",
  "--state",
  "--name",
  "--owner",
  "--created-before",
  "--modified-before",
  "--all-users",
  "--what-if",
  "--yes",
  "--wait",
  "--priority",
  "--header",
  "--",
  "-h",
  "--version",
  "--help",
];

// Without those that write files, --plan and --journal.
const FLEET_OPTIONS = [
  "--hosts-from",
  "--ids-from",
  "--engine",
  "--user",
  "--identity-file",
  "--known-hosts-file",
  "--installed-module",
  "--concurrency",
  "--apply",
  "--limit",
  "--batches",
  "--stop-after",
  ...OPTIONS,
];

/** The files of hosts in memory. */
const folder = mkdtempSync(join(tmpdir(), "background-copy-hostile-"));
const HOSTS = join(folder, "hosts.txt");
const IDS = join(folder, "ids.txt");
const PLAN = join(folder, "plan.json");
const NEW_PLAN = join(folder, "new-plan.json");
const JOURNAL = join(folder, "journal.jsonl");
const HOST_LINES = "pc-00000\npc-00001 address=10.0.0.2 port=22\n";
const memory = new MemoryFleet({ keepsRecord: false });
memory.addMany(2);
writeFileSync(HOSTS, HOST_LINES);
writeFileSync(IDS, `pc-00000 ${JOB}\n`);
{
  await using fleet = await fleetOver(BackgroundCopyFleet, memory.engine(), { hosts: memory.jobs.keys() });
  writeFileSync(PLAN, JSON.stringify(await fleet.listJobs()));
}
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const token = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(...OPTIONS) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(JOB, "embedded", "de", "en", "suspended", "0x80D02013", "http://127.0.0.1/", "C:\\x"),
  },
  { weight: 2, arbitrary: hostileText },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom(...OPTIONS), hostileText).map(([option, text]) => `${option}=${text}`),
  },
);
const anything = fc
  .tuple(fc.constantFrom(...COMMANDS), fc.array(token, { maxLength: 6 }))
  .map(([command, rest]) => [command, ...rest])
  .filter((argv) => !argv.includes("demo") && !argv.includes("doctor"));

/** An option with a hostile value, as one token, so that it remains the value regardless of its start. */
const given = (...options: string[]) =>
  fc.tuple(fc.constantFrom(...options), hostileText).map(([option, text]) => `--${option}=${text}`);
const state = fc.constantFrom("error", "suspended", "transferred").map((name) => `--state=${name}`);
const global = fc.subarray(["--json", "--service=bits", "--locale=de"]);
const jobIds = fc.array(fc.uuid(), { minLength: 1, maxLength: 3 });
const filter = fc.array(fc.oneof(given("name", "owner"), state), { minLength: 1, maxLength: 3 });
const verb = fc.constantFrom("suspend", "resume", "complete", "cancel");
const url = fc.webUrl({ validSchemes: ["http", "https"] });
const settings = fc.array(given("name", "description"), { maxLength: 2 });

/** Valid command lines with arbitrary texts, so that the tests also reach the code after the parser. */
const sound = fc
  .tuple(
    fc.oneof(
      fc.tuple(fc.constantFrom("show", "watch"), fc.uuid()),
      fc.tuple(verb, jobIds).map(([name, ids]) => [name, ...ids]),
      fc.tuple(verb, filter, fc.constantFrom("--yes", "--what-if")).map(([name, rest, how]) => [name, ...rest, how]),
      filter.map((rest) => ["list", ...rest]),
      fc.tuple(url, settings).map(([from, rest]) => ["create", from, "C:\\x", ...rest]),
    ),
    global,
  )
  .map(([argv, rest]) => [...argv, ...rest]);

const fleetToken = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(...FLEET_OPTIONS) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(HOSTS, IDS, PLAN, `@${HOSTS}`, "ssh", "psremoting", "pc-00000", "1,50%", "failed=1"),
  },
  { weight: 1, arbitrary: hostileText },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom(...FLEET_OPTIONS), hostileText).map(([option, text]) => `${option}=${text}`),
  },
);
const anythingForFleet = fc
  .tuple(fc.constantFrom(...ACTIONS), fc.array(fleetToken, { maxLength: 8 }))
  .map(([action, rest]) => ["fleet", action, ...rest]);

const FROM = [`--hosts-from=${HOSTS}`, "--engine=ssh"];
const APPLY = [`--apply=${PLAN}`, "--engine=ssh"];
const how = fc.subarray([`--journal=${JOURNAL}`, "--batches=1,50%", "--stop-after=failed=1", "--concurrency=1"]);
const soundForFleet = fc
  .tuple(
    fc.oneof(
      filter.map((rest) => ["list", ...FROM, ...rest]),
      fc.subarray([`--ids-from=${IDS}`, `--plan=${NEW_PLAN}`]).map((rest) => ["list", ...FROM, ...rest]),
      fc.constant(["doctor", ...FROM]),
      fc
        .tuple(verb, filter, fc.constantFrom("--yes", "--what-if"))
        .map(([name, rest, yes]) => [name, ...FROM, ...rest, yes]),
      fc.tuple(verb, how).map(([name, rest]) => [name, ...APPLY, ...rest]),
      fc.tuple(verb, given("limit", "batches", "stop-after")).map(([name, rest]) => [name, ...APPLY, rest]),
    ),
    global,
  )
  .map(([argv, rest]) => ["fleet", ...argv, ...rest]);

/** The contents of the file with the hosts. */
const hostLines = fc.oneof({ weight: 9, arbitrary: fc.constant(HOST_LINES) }, { weight: 1, arbitrary: hostileText });

const commandLine = fc.oneof(anything, sound, anythingForFleet, soundForFleet);

/** The hosts in memory, with a record of the requests. */
function recordingEngine(sent: [MethodName, unknown][]): FleetEngine {
  const engine = memory.engine();
  return {
    ...engine,
    async open(host, options) {
      const link = await engine.open(host, options);
      const { port } = link;
      const request: typeof port.request = (method, params, how) => {
        sent.push([method, params]);
        return port.request(method, params, how);
      };
      return { ...link, port: { ...port, request } };
    },
  };
}

/** A stream that keeps what is written to it. */
function output(): { readonly stream: Writable; text(): string } {
  let all = "";
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      all += chunk;
      done();
    },
  });
  return { stream, text: () => all };
}

describe("the command line", () => {
  it("ends with a code of its own, whatever it is given", async () => {
    let lines = 0;
    let effective = 0;
    await fc.assert(
      fc.asyncProperty(commandLine, hostLines, async (argv, hosts) => {
        const { manager, sent } = recording();
        const sentToHosts: [MethodName, unknown][] = [];
        const engine = recordingEngine(sentToHosts);
        writeFileSync(HOSTS, hosts);
        rmSync(NEW_PLAN, { force: true });
        rmSync(JOURNAL, { force: true });
        const stdout = output();
        const stderr = output();
        const stdin = new PassThrough();
        stdin.end();
        const exitCode = await runCommandLine(argv, {
          stdin,
          stdout: stdout.stream,
          stderr: stderr.stream,
          signal: new AbortController().signal,
          connect: async () => manager,
          connectFleet: (options) => fleetOver(BackgroundCopyFleet, engine, options),
        });
        lines++;
        effective += sent.length + sentToHosts.length > 0 ? 1 : 0;
        expect(EXIT_CODES).toContain(exitCode);
        // A stack is shown only for defects.
        expect(stderr.text()).not.toMatch(/^ {4}at /m);
        for (const [method, params] of [...sent, ...sentToHosts]) {
          expect(isParamsOf(method, params), method).toBe(true);
        }
      }),
    );
    // Hostile lines that end in the parser show nothing about the code behind it.
    expect(effective / lines).toBeGreaterThan(1 / 3);
  });
});
