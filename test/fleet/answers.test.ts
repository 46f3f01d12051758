import { describe, expect, it } from "vitest";
import { readAnswers, type RunnerOutcome } from "../../src/fleet/answers.js";
import { BackgroundCopyError, BridgeError } from "../../src/words/errors.js";
import { LOCALES } from "../../src/words/locale.js";
import { explain } from "../../src/words/explain.js";

const ID = "6f0f2b0c-6b1a-4f0e-9d38-0a54f2a1c3de";
const OTHER_ID = "00000000-0000-4000-8000-000000000001";

const HEAD = {
  backgroundCopy: 1,
  version: "0.1.0",
  action: "cancel",
  service: "bits",
  remote: { windows: "10.0.22631.0", powershell: "5.1.22621.2506", edition: "Desktop", user: "system", elevated: true },
};
const CANCELED = {
  ...HEAD,
  total: 3,
  counts: { "0x80200001": 1, "0x00000000": 2 },
  omitted: 1,
  jobs: [
    { jobId: OTHER_ID, hex: "0x80200001", method: "IBackgroundCopyManager::GetJob" },
    { jobId: ID, hex: "0x00000000", before: 4, after: 8 },
  ],
};
const LISTED = {
  ...HEAD,
  action: "list",
  total: 1,
  counts: { 4: 1 },
  omitted: 0,
  jobs: [
    {
      jobId: ID,
      state: 4,
      error: "0x80190194",
      context: 5,
      owner: "S-1-5-18",
      created: "2026-11-21T08:30:00Z",
      name: "中",
      cut: true,
    },
  ],
};

function read(text: unknown, locale = "en"): RunnerOutcome {
  const [outcome] = readAnswers([{ host: "pc-0001", text: typeof text === "string" ? text : JSON.stringify(text) }], {
    locale,
  });
  return outcome as RunnerOutcome;
}

describe("an answer of the script", () => {
  it("is the outcome of a host", () => {
    const outcome = read(CANCELED);
    expect(outcome).toMatchObject({
      name: "pc-0001",
      engine: "runner",
      status: "refused",
      outcome: "complete",
      action: "cancel",
      total: 3,
      omitted: 1,
      remote: { windows: "10.0.22631.0", user: "system", elevated: true },
    });
    expect(outcome.error).toBeInstanceOf(BackgroundCopyError);
    const [refused, done] = outcome.jobs;
    expect(refused).toMatchObject({ ok: false, jobId: OTHER_ID, error: { code: "BG_E_NOT_FOUND", jobId: OTHER_ID } });
    expect(done).toMatchObject({
      ok: true,
      result: {
        jobId: ID,
        code: "S_OK",
        method: "IBackgroundCopyJob::Cancel",
        stateBefore: "BG_JOB_STATE_ERROR",
        stateAfter: "BG_JOB_STATE_CANCELLED",
        message: explain("S_OK", { method: "IBackgroundCopyJob::Cancel", locale: "en" }).message,
      },
    });
  });

  it("is a list of jobs", () => {
    const { status, listed, jobs } = read(LISTED);
    expect({ status, jobs }).toEqual({ status: "done", jobs: [] });
    expect(listed).toMatchObject([
      {
        jobId: ID,
        state: "BG_JOB_STATE_ERROR",
        displayName: "中",
        isNameCut: true,
        owner: "S-1-5-18",
        created: "2026-11-21T08:30:00Z",
        jobError: { code: "BG_E_HTTP_ERROR_404", context: "BG_ERROR_CONTEXT_REMOTE_FILE" },
      },
    ]);
  });

  it.each([
    ["with a byte order mark and other lines", `\ufeffnoise\r\n${JSON.stringify(CANCELED)}\r\n`],
    ["as a JSON string", JSON.stringify(JSON.stringify(CANCELED))],
  ])("is read %s", (_, text) => {
    expect(JSON.stringify(read(text))).toBe(JSON.stringify(read(CANCELED)));
  });

  it.each(LOCALES)("has its messages in %s", (locale) => {
    const messages = [
      read(CANCELED, locale).error?.message,
      read("", locale).error?.message,
      read({ ...HEAD, backgroundCopy: 2 }, locale).error?.message,
      ...["CONSTRAINED_LANGUAGE", "DYNAMIC_CODE_BLOCKED", "UNSUPPORTED", "MODULE_BROKEN", "PROTOCOL"].map(
        (code) => read({ backgroundCopy: 1, error: { code, detail: "7" } }, locale).error?.message,
      ),
      read({ ...HEAD, error: { code: "SERVICE_UNAVAILABLE", hex: "0x80070422", method: "CoCreateInstance" } }, locale)
        .error?.message,
    ];
    expect(new Set(messages).size).toBeGreaterThanOrEqual(messages.length - 1);
    for (const [i, message] of messages.entries()) {
      expect(message).toMatch(/\S/);
      expect(message).not.toContain("{{");
      if (locale !== "en") {
        expect(message).not.toBe(messagesInEnglish[i]);
      }
    }
    if (locale === "en") {
      messagesInEnglish.push(...messages);
    }
  });
  const messagesInEnglish: (string | undefined)[] = [];

  it("has the refusal of the list, or of a job that can't be described", () => {
    const denied = {
      ...HEAD,
      action: "list",
      error: { hex: "0x80070005", method: "IBackgroundCopyManager::EnumJobs" },
    };
    expect(read(denied)).toMatchObject({ status: "refused", error: { code: "E_ACCESSDENIED" } });
    const refused = {
      ...LISTED,
      total: 2,
      counts: { 4: 1, refused: 1 },
      jobs: [...LISTED.jobs, { jobId: OTHER_ID, hex: "0x80070005", method: "IBackgroundCopyManager::GetJob" }],
    };
    expect(read(refused)).toMatchObject({ status: "refused", error: { jobId: OTHER_ID }, listed: [{ jobId: ID }] });
  });

  it.each([
    ["CONSTRAINED_LANGUAGE", "failed"],
    ["SERVICE_UNAVAILABLE", "failed"],
    ["UNSUPPORTED", "failed"],
    ["HOST_UNREACHABLE", "failed"],
    ["<script>", "failed"],
  ])("has the failure %s, before which nothing was sent", (code, status) => {
    const { error, outcome, ...rest } = read({ ...HEAD, error: { code, detail: "said" } });
    expect({ outcome, status: rest.status }).toEqual({ outcome: "not sent", status });
    expect(error).toBeInstanceOf(BridgeError);
    // A computer can't claim what only its tool knows.
    expect(error?.code).toBe(
      ["CONSTRAINED_LANGUAGE", "SERVICE_UNAVAILABLE", "UNSUPPORTED"].includes(code) ? code : "PROTOCOL",
    );
  });
});

describe("an output that is no answer", () => {
  const unreadable = {
    status: "lost",
    outcome: "unknown",
    error: { code: "PROTOCOL" },
    jobs: [],
    listed: [],
    total: 0,
  };

  it("is told wherever the answer is cut off", () => {
    const whole = JSON.stringify(CANCELED);
    for (let length = 0; length < whole.length; length++) {
      expect(read(whole.slice(0, length)), `${length}`).toMatchObject(unreadable);
    }
  });

  it.each([
    ["another value", "null"],
    ["a list", "[]"],
    ["nothing but its mark", '{"backgroundCopy":1}'],
    ["a text as its version", { ...CANCELED, backgroundCopy: "1" }],
    ["too few jobs", { ...CANCELED, jobs: CANCELED.jobs.slice(1) }],
    ["counts of other jobs", { ...CANCELED, counts: { "0x00000000": 2 } }],
    ["a negative count", { ...CANCELED, counts: { "0x00000000": 4, "0x80200001": -1 } }],
    ["no ID of a job", { ...CANCELED, jobs: [{ ...CANCELED.jobs[0], jobId: "$(calc)" }, CANCELED.jobs[1]] }],
    ["a code of another form", { ...CANCELED, jobs: [{ ...CANCELED.jobs[0], hex: 5 }, CANCELED.jobs[1]] }],
    [
      "a method of another form",
      { ...CANCELED, jobs: [{ ...CANCELED.jobs[0], method: "\u001b[31m" }, CANCELED.jobs[1]] },
    ],
    ["a job without a state", { ...LISTED, jobs: [{ jobId: ID }] }],
    ["a time that is none", { ...LISTED, jobs: [{ ...LISTED.jobs[0], created: "yesterday" }] }],
    ["an endless name", { ...LISTED, jobs: [{ ...LISTED.jobs[0], name: "x".repeat(10_001) }] }],
    ["another action", { ...CANCELED, action: "remove" }],
    ["another service", { ...CANCELED, service: "embedded" }],
    ["an endless text", `${" ".repeat(10_000_000)}${JSON.stringify(CANCELED)}`],
    ["an error of PowerShell", "runner.ps1 : File cannot be loaded\u001b]0;title\u0007\nbecause …"],
  ])("is told: %s", (_, text) => {
    const outcome = read(text);
    expect(outcome).toMatchObject(unreadable);
    expect((outcome.error as BridgeError).diagnostics.join("")).not.toMatch(/\p{Cc}/u);
    expect((outcome.error as BridgeError).diagnostics.join("").length).toBeLessThanOrEqual(1000);
  });

  it("is told of another version", () => {
    expect(read({ ...CANCELED, backgroundCopy: 2 })).toMatchObject({
      status: "lost",
      outcome: "unknown",
      error: { code: "MODULE_MISMATCH", message: expect.stringContaining("found: 2; expected: 1") },
    });
  });
});

describe("the answers of many computers", () => {
  it("have an outcome for each computer, in order, and its name comes from the tool", () => {
    const answers = [
      { host: "pc-0003", text: JSON.stringify({ ...CANCELED, host: "pc-0001", name: "pc-0001" }) },
      { host: "pc-0001", text: "" },
    ];
    const outcomes = readAnswers(answers, { hosts: ["pc-0001", "pc-0002", "pc-0003"] });
    expect(outcomes.map(({ name, status, outcome }) => [name, status, outcome])).toEqual([
      ["pc-0003", "refused", "complete"],
      ["pc-0001", "lost", "unknown"],
      ["pc-0002", "lost", "unknown"],
    ]);
  });

  it.each([
    [[undefined, {}], "answers must be an array"],
    [[[{ host: 1, text: "" }], {}], "host must be a string"],
    [[[{ host: "pc-0001" }], {}], "text must be a string"],
    [[[], { computers: [] }], '"computers" is not an option'],
    [[[], { hosts: [1] }], "hosts must be a string"],
  ])("are checked: %j", ([answers, options], message) => {
    expect(() => readAnswers(answers as never, { locale: "en", ...(options as object) })).toThrow(message);
  });
});
