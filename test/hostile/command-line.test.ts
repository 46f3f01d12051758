import { PassThrough, Writable } from "node:stream";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runCommandLine } from "../../src/cli/command-line.js";
import { ExitCode } from "../../src/cli/exit-code.js";
import { isParamsOf } from "../../src/protocol.js";
import { hostileText } from "../support/property.js";
import { recording } from "../support/recording.js";

const JOB = "00000000-0000-4000-8000-000000000001";
const EXIT_CODES: readonly number[] = Object.values(ExitCode);
// Not those that start programs or servers of their own: demo, doctor.
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
const commandLine = fc
  .tuple(fc.constantFrom(...COMMANDS), fc.array(token, { maxLength: 6 }))
  .map(([command, rest]) => [command, ...rest])
  .filter((argv) => !argv.includes("demo") && !argv.includes("doctor"));

/** Something that takes what is written, and keeps it. */
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
  it("ends with a code of its own, whatever it is given", { timeout: 600_000 }, async () => {
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
        });
        expect(EXIT_CODES).toContain(exitCode);
        // A stack is told for defects alone.
        expect(stderr.text()).not.toMatch(/^ {4}at /m);
        for (const [method, params] of sent) {
          expect(isParamsOf(method, params), method).toBe(true);
        }
      }),
    );
  });
});
