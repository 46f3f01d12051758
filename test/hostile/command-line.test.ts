import { PassThrough, Writable } from "node:stream";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runCommandLine } from "../../src/cli/command-line.js";
import { ExitCode } from "../../src/cli/exit-code.js";
import { isParamsOf } from "../../src/port/protocol.js";
import { hostileText } from "../support/property.js";
import { recording } from "../support/recording.js";

const JOB = "00000000-0000-4000-8000-000000000001";
const EXIT_CODES: readonly number[] = Object.values(ExitCode);
// Without the commands that start programs or servers, or write files: demo, doctor, fleet.
const COMMANDS = ["create", "list", "show", "watch", "suspend", "resume", "complete", "cancel", "explain", ""];
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

const commandLine = fc.oneof(anything, sound);

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
      fc.asyncProperty(commandLine, async (argv) => {
        const { manager, sent } = recording();
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
          connectFleet: () => Promise.reject(new TypeError("no hosts")),
        });
        lines++;
        effective += sent.length > 0 ? 1 : 0;
        expect(EXIT_CODES).toContain(exitCode);
        // A stack is shown only for defects.
        expect(stderr.text()).not.toMatch(/^ {4}at /m);
        for (const [method, params] of sent) {
          expect(isParamsOf(method, params), method).toBe(true);
        }
      }),
    );
    // Hostile lines that end in the parser show nothing about the code behind it.
    expect(effective / lines).toBeGreaterThan(1 / 3);
  });
});
