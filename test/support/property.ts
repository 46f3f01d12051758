import fc, { type RunDetails } from "fast-check";
import { TestRunner } from "vitest";

/** To repeat a failed run, set BACKGROUND_COPY_TEST_SEED to the number that it printed. */
const seed = Number(process.env.BACKGROUND_COPY_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31));
const LONG = process.env.BACKGROUND_COPY_TEST_LONG !== undefined;
const RUNS = 10_000;

process.stdout.write(`The seed of the hostile values: ${seed}\n`);
fc.configureGlobal({
  seed,
  ...runs(1_000),
  endOnFailure: true,
  reporter: report,
});

/** Counts the inputs of the current test, for the table of attacks. */
function count(inputs: number): void {
  const meta = TestRunner.getCurrentTest()?.meta as { inputs?: number } | undefined;
  if (meta) {
    meta.inputs = (meta.inputs ?? 0) + inputs;
  }
}

function report(run: RunDetails<unknown>): void {
  if (run.failed) {
    throw new Error(fc.defaultReportMessage(run), { cause: run.errorInstance });
  }
  count(run.numRuns);
}

/** Generated inputs that a test tries together. */
export function sampled<T>(arbitrary: fc.Arbitrary<T>, parameters: { readonly numRuns: number }): T[] {
  count(parameters.numRuns);
  return fc.sample(arbitrary, parameters);
}

/** The number of runs of a property: a short run, or at least 10,000 with BACKGROUND_COPY_TEST_LONG. */
export function runs(short: number, long = RUNS): { readonly numRuns: number } {
  return { numRuns: LONG ? Math.max(short, long) : short };
}

// Values that have broken programs before, in addition to random ones.
const KNOWN = [
  "",
  "\0",
  "__proto__",
  "constructor",
  "../../../etc/passwd",
  "..\\..\\Windows\\win.ini",
  "$(calc.exe)",
  "`$env:PATH`",
  "'; Remove-Item C:\\ -Recurse; '",
  '"&calc&"',
  "%PATH%",
  "{{hex}}",
  "$t(message)",
  "en\0",
  "de/../../x",
  "\ud800",
  "\udfff\ud800",
  "\u202etxt.exe",
  "\r\nX: y",
  "a".repeat(10_000),
  "{00000000-0000-4000-8000-000000000001",
  "00000000-0000-4000-8000-000000000001 ",
  "00000000-0000-4000-8000-000000000001\n",
  "0x80D02013",
  "-1",
  "1e400",
  "NaN",
];

/** Text of any kind, including lone surrogates, control characters, and known awkward texts. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...KNOWN),
  fc.string({ unit: "binary", maxLength: 200 }),
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)), maxLength: 50 }),
  fc.tuple(fc.constantFrom(...KNOWN), fc.string({ maxLength: 20 })).map(([known, more]) => known + more),
);

/** Anything that a program without types can pass. */
export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  hostileText,
  fc.anything({
    withBigInt: true,
    withDate: true,
    withNullPrototype: true,
    withObjectString: true,
    withTypedArray: true,
  }),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, -0, 2 ** 53, Symbol("x"), () => "x", new Proxy({}, {})),
);
