import fc from "fast-check";
import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { makeSession } from "../../src/calls/session.js";
import { runCommandLine } from "../../src/cli/command-line.js";
import { ExitCode } from "../../src/cli/exit-code.js";
import { BackgroundCopyManager } from "../../src/manager.js";
import type { Service } from "../../src/port/service.js";
import { Channel } from "../../src/powershell/channel.js";
import { BackgroundCopyError, BridgeError } from "../../src/words/errors.js";
import { hostileText, runs } from "../support/property.js";

const JOB = "00000000-0000-4000-8000-000000000001";
const language = { locale: "en", wording: "documented" } as const;

/** A manager whose host answers each request with the text that `answer` returns. */
function answering(answer: (id: number, method: string) => string): BackgroundCopyManager {
  let channel: Channel;
  const open = () => {
    channel = new Channel({
      write: (line) => {
        const { id, method } = JSON.parse(line);
        queueMicrotask(() => {
          try {
            channel.receive(answer(id, method));
          } catch (cause) {
            channel.fail("PROTOCOL", { cause });
            open();
          }
        });
      },
      language,
      values: { service: "bits", platform: "win32" },
      onTimeout: () => {},
      onBusy: () => {},
    });
  };
  open();
  const port = {
    managerInterface: "IBackgroundCopyManager",
    request: (method, params, { signal } = {}) => channel.request(method, params, { timeoutInMs: 60_000, signal }),
    close: async () => {},
  } satisfies Service;
  return new BackgroundCopyManager(makeSession(port, "bits", language));
}

/** The answer with that job, written by hand: an object can't have an own member `__proto__` as easily as a text. */
const described = (job: string) => (id: number) =>
  `{"jsonrpc":"2.0","id":${id},"result":{"items":[{"hresult":0,"method":"IBackgroundCopyJob::GetState","jobId":"${JOB}","job":${job}}]}}`;

const NAMES = ["constructor", "__proto__", "toString", "hasOwnProperty", "valueOf", "refused", "state", "jobId", "x"];

describe("12: a name from outside is looked up among the known ones only", () => {
  it.each(NAMES)("12: an answer that refuses to tell %s is none", async (name) => {
    const manager = answering(described(`{"state":3,"refused":{"${name}":2147500033}}`));
    await expect(manager.job(JOB).describe()).rejects.toMatchObject({ name: "BridgeError", code: "PROTOCOL" });
  });

  it("12: an answer that refuses to tell a property is one", async () => {
    const manager = answering(described('{"state":3,"refused":{"times":2147500033,"owner":2147942405}}'));
    const { refused } = await manager.job(JOB).describe();
    expect(Object.keys(refused)).toEqual(["creationTime", "modificationTime", "transferCompletionTime", "owner"]);
  });

  it.each([1, -1, 1.5, 2 ** 32, null, "0x80004001", {}].map((code) => JSON.stringify(code)).slice(1))(
    "12: %s is no code of a refusal",
    async (code) => {
      const manager = answering(described(`{"state":3,"refused":{"owner":${code}}}`));
      await expect(manager.job(JOB).describe()).rejects.toMatchObject({ code: "PROTOCOL" });
    },
  );

  // What a host could answer to the requests of a description, a list and a cancel: sound parts, and anything.
  const name = fc.oneof(fc.constantFrom(...NAMES, "owner", "times", "files", "displayName"), hostileText);
  const any = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom<unknown>(0, 3, 2147500033, "0", "C:\\x", null, [], {}, true) },
    { weight: 1, arbitrary: fc.jsonValue() as fc.Arbitrary<unknown> },
    { weight: 1, arbitrary: hostileText as fc.Arbitrary<unknown> },
  );
  const members = (given: fc.Arbitrary<[string, unknown][]>) =>
    given.map((all) => `{${all.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(",")}}`);
  const property = fc.oneof(
    fc.tuple(fc.constantFrom("displayName", "owner", "description", "customHeaders", "httpMethod"), hostileText),
    fc.tuple(fc.constantFrom("priority", "type", "errorCount", "transferPolicy", "notifyFlags"), fc.double()),
    fc.tuple(name, any),
  ) as fc.Arbitrary<[string, unknown]>;
  const code = fc.oneof(fc.constantFrom(2147500033, 0, 2147942405), fc.nat());
  const refusals = fc.oneof(
    members(fc.array(fc.tuple(fc.constantFrom("owner", "times", "displayName", "files"), code), { maxLength: 3 })),
    members(fc.array(fc.tuple(name, any), { maxLength: 3 })),
  );
  const job = fc
    .tuple(
      fc.array(property, { maxLength: 4 }),
      fc.option(refusals),
      fc.oneof(fc.constantFrom(0, 3, 4, 8), fc.double()),
    )
    .map(([all, refused, state]) => {
      const parts = [...all.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`)];
      return `{"state":${JSON.stringify(state)}${parts.map((part) => `,${part}`).join("")}${refused ? `,"refused":${refused}` : ""}}`;
    });
  const item = fc
    .tuple(job, fc.oneof(fc.constantFrom(0, 2147500033, 2149580801), fc.double()), hostileText, fc.option(property))
    .map(([one, hresult, method, more]) => {
      const extra = more ? `,${JSON.stringify(more[0])}:${JSON.stringify(more[1])}` : "";
      return `{"hresult":${JSON.stringify(hresult)},"method":${JSON.stringify(method)},"jobId":"${JOB}","job":${one}${extra}}`;
    });

  it("12: whatever a host answers, a caller gets a result or an error of the package", async () => {
    let results = 0;
    await fc.assert(
      fc.asyncProperty(item, fc.constantFrom("describe", "status", "cancel", "list"), async (answer, call) => {
        const manager = answering((id, method) =>
          method === "job.list"
            ? `{"jsonrpc":"2.0","id":${id},"result":{"hresult":0,"method":"M","jobIds":["${JOB}"],"page":0}}`
            : `{"jsonrpc":"2.0","id":${id},"result":{"items":[${answer}]}}`,
        );
        const calls = {
          describe: () => manager.job(JOB).describe(),
          status: () => manager.job(JOB).getState(),
          cancel: () => manager.cancelJobs([JOB]),
          list: () =>
            manager.cancelJobs({ displayName: "*", createdBefore: new Date(), owner: "S-*" }, { whatIf: true }),
        };
        try {
          const result = await calls[call as keyof typeof calls]();
          results++;
          expect(Object.getPrototypeOf(Object(result))).not.toBeNull();
        } catch (error) {
          expect(error instanceof BridgeError || error instanceof BackgroundCopyError, String(error)).toBe(true);
        }
        expect(({} as Record<string, unknown>).polluted).toBeUndefined();
      }),
      runs(1_000),
    );
    expect(results).toBeGreaterThan(0);
  });

  it("12: whatever a host answers, the command line ends with a code of its own", async () => {
    await fc.assert(
      fc.asyncProperty(item, fc.constantFrom("show", "cancel", "watch"), async (answer, command) => {
        const manager = answering((id) => `{"jsonrpc":"2.0","id":${id},"result":{"items":[${answer}]}}`);
        const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
        stdin.end();
        stdout.resume();
        let said = "";
        stderr.on("data", (text) => {
          said += text;
        });
        // A watch of a job that never ends is ended.
        const signal = command === "watch" ? AbortSignal.timeout(5) : new AbortController().signal;
        const connect = async () => manager;
        const exitCode = await runCommandLine([command, JOB], { stdin, stdout, stderr, signal, connect } as never);
        expect(Object.values(ExitCode)).toContain(exitCode);
        expect(said).not.toMatch(/^ {4}at /m);
      }),
      runs(300),
    );
  });
});
