import * as v from "valibot";

// The answer of the script that tools run, as `runner.psm1` writes it. It passes through a tool from a computer that might send anything.

/** The version of the answer that this package reads. */
export const ANSWER_FORMAT = 1;
/** More than any script returns: a list of jobs without a limit. */
const LONGEST_ANSWER = 10_000_000;

const jobId = v.pipe(v.string(), v.regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/));
const code = v.pipe(v.string(), v.regex(/^0x[0-9A-F]{8}$/));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const state = v.optional(v.pipe(count, v.maxValue(0xffffffff)));
const method = v.optional(v.pipe(v.string(), v.regex(/^(?:I\w{1,60}::\w{1,60}|Co\w{1,60})$/)));
const text = (length: number) => v.optional(v.pipe(v.string(), v.maxLength(length)));

const refusal = { hex: code, method, calledMethod: method };

const job = v.object({
  jobId,
  // Of a method, or of a job that could not be described.
  hex: v.optional(code),
  method,
  calledMethod: method,
  before: state,
  after: state,
  // Of a list.
  state,
  error: v.optional(code),
  context: state,
  owner: text(1000),
  created: v.optional(v.pipe(v.string(), v.isoTimestamp())),
  name: text(10_000),
  cut: v.optional(v.boolean()),
});

const answer = v.pipe(
  v.object({
    backgroundCopy: v.literal(ANSWER_FORMAT),
    version: text(100),
    action: v.optional(v.picklist(["list", "cancel", "suspend", "resume", "complete"])),
    service: v.optional(v.picklist(["bits", "delivery-optimization"])),
    remote: v.optional(v.looseObject({})),
    error: v.optional(v.object({ ...refusal, hex: v.optional(code), code: text(100), detail: text(1000) })),
    total: v.optional(count, 0),
    counts: v.optional(v.record(v.pipe(v.string(), v.regex(/^(?:0x[0-9A-F]{8}|\d{1,10}|refused)$/)), count), {}),
    omitted: v.optional(count, 0),
    jobs: v.optional(v.array(job), []),
  }),
  v.check(({ error, action, service }) => error !== undefined || (action !== undefined && service !== undefined)),
  v.check(
    ({ total, counts, omitted, jobs }) =>
      jobs.length + omitted === total && Object.values(counts).reduce((sum, one) => sum + one, 0) === total,
  ),
  v.check(({ action, jobs }) =>
    jobs.every((one) => one.hex !== undefined || (action === "list" && one.state !== undefined)),
  ),
);

export type RunnerAnswerShape = v.InferOutput<typeof answer>;
export type AnsweredJob = v.InferOutput<typeof job>;

/** The line with the answer. Configuration Manager keeps the output as a JSON string. */
function lineOf(output: string): string | undefined {
  const trimmed = output.replace(/^\uFEFF/, "").trim();
  const unquoted = /^"[\s\S]*"$/.test(trimmed) ? parse(trimmed) : trimmed;
  const lines = typeof unquoted === "string" ? unquoted.split(/\r?\n/) : [];
  return lines.findLast((line) => line.startsWith('{"backgroundCopy":'));
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** Reads an output: the answer, the version of an answer in another format, or undefined. */
export function parseAnswer(output: string): RunnerAnswerShape | number | undefined {
  const line = output.length <= LONGEST_ANSWER ? lineOf(output) : undefined;
  const value = line === undefined ? undefined : parse(line);
  const { backgroundCopy } = Object(value) as { readonly backgroundCopy?: unknown };
  if (typeof backgroundCopy === "number" && backgroundCopy !== ANSWER_FORMAT) {
    return backgroundCopy;
  }
  const result = v.safeParse(answer, value);
  return result.success ? result.output : undefined;
}
