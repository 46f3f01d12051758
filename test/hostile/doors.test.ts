import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BackgroundCopyError, BackgroundCopyManager, BridgeError, explain, LocalizedError } from "../../src/index.js";
import { LOCALES } from "../../src/words/locale.js";
import { isParamsOf } from "../../src/port/protocol.js";
import { TestClock, TestService } from "../../src/testing.js";
import { hostileText, hostileValue } from "../support/property.js";
import { recording } from "../support/recording.js";

const JOB = "00000000-0000-4000-8000-000000000001";

// A sentence, unlike JavaScript's own errors, from which a caller can't know which argument was wrong.
// A message is a sentence, or ends with a question such as "Did you mean …?".
const WORDS = /[.。?？]$/;
// For each function, so that there are more than 10,000 in all.
const EACH = { numRuns: 500 };

/** Calls a function with any value. It accepts the value, or reports the wrong argument and sends nothing; what it sends is valid. */
async function knock(call: (manager: BackgroundCopyManager) => unknown): Promise<void> {
  const { manager, sent } = recording();
  try {
    const answer = await call(manager);
    // For a watch, the first status request: nothing is sent before.
    await (answer as AsyncIterator<unknown> | undefined)?.next?.();
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) {
      expect(error.message).toMatch(WORDS);
      expect(sent).toEqual([]);
    } else if (error instanceof BridgeError) {
      expect(error.code).toBe("UNSUPPORTED");
    } else {
      expect(error).toBeInstanceOf(BackgroundCopyError);
    }
  }
  for (const [method, params] of sent) {
    expect(isParamsOf(method, params), method).toBe(true);
    const line = JSON.stringify(params);
    expect(JSON.stringify(JSON.parse(line))).toBe(line);
    const ids = (params as { jobIds?: string[] }).jobIds ?? [];
    expect(ids.every((id) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id))).toBe(true);
  }
}

/** Values of the right shape with any content, and any values. */
function shaped(shape: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<never> {
  return fc.oneof(
    { weight: 5, arbitrary: fc.record(shape, { requiredKeys: [] }) },
    { weight: 1, arbitrary: hostileValue },
  ) as never;
}

const settings = {
  displayName: hostileValue,
  description: hostileValue,
  priority: hostileValue,
  notifyFlags: fc.oneof(hostileValue, fc.array(hostileValue)),
  notifyCmdLine: shaped({ program: hostileValue, parameters: hostileValue }),
  minimumRetryDelay: hostileValue,
  proxySettings: shaped({ usage: hostileValue, proxyList: hostileValue, proxyBypassList: hostileValue }),
  maxDownloadSize: fc.oneof(hostileValue, fc.bigInt()),
  customHeaders: fc.oneof(hostileValue, fc.dictionary(hostileText, hostileText)),
  httpMethod: hostileValue,
};
const options = shaped({ signal: hostileValue, timeoutInMs: fc.oneof(hostileValue, fc.double()) });
const watchOptions = shaped({ signal: hostileValue, intervalInMs: fc.oneof(hostileValue, fc.double()) });
const ranges = fc.array(shaped({ initialOffset: fc.oneof(hostileValue, fc.bigInt()), length: hostileValue }));
const ids = fc.oneof(
  hostileValue,
  fc.array(fc.oneof(hostileText, hostileValue, fc.constant(JOB))),
  fc.uuid().map((id) => [id, `{${id.toUpperCase()}}`]),
);
const filter = shaped({
  state: fc.oneof(hostileValue, fc.array(hostileValue)),
  displayName: hostileText,
  owner: hostileValue,
  createdBefore: fc.oneof(hostileValue, fc.date({ noInvalidDate: false })),
  allUsers: hostileValue,
});

const files = fc.array(shaped({ remoteUrl: hostileText, localName: hostileText, ranges }));
const credentials = { target: hostileValue, scheme: hostileValue, userName: hostileText, password: hostileText };

/** The methods, their objects, and their arguments. */
const doors: readonly ["manager" | "job", string, fc.Arbitrary<unknown[]>][] = [
  ["manager", "job", fc.tuple(hostileValue)],
  ["manager", "getJob", fc.tuple(hostileValue, options)],
  ["manager", "findJob", fc.tuple(hostileValue, options)],
  ["manager", "createJob", fc.tuple(hostileText, shaped({ ...settings, type: hostileValue, files }))],
  ["manager", "listJobs", fc.tuple(filter, options)],
  ["manager", "cancelJobs", fc.tuple(ids, options)],
  ["manager", "suspendJobs", fc.tuple(filter, options)],
  ["job", "addFile", fc.tuple(hostileText, hostileText, options)],
  ["job", "set", fc.tuple(shaped(settings), options)],
  ["job", "setCredentials", fc.tuple(shaped(credentials))],
  ["job", "replaceRemotePrefix", fc.tuple(hostileValue, hostileText)],
  ["job", "cancel", fc.tuple(options)],
  ["manager", "resumeJobs", fc.tuple(filter, options)],
  ["manager", "completeJobs", fc.tuple(ids, options)],
  ["job", "describe", fc.tuple(options)],
  ["job", "getState", fc.tuple(options)],
  ["job", "getError", fc.tuple(options)],
  ["job", "listFiles", fc.tuple(options)],
  ["job", "suspend", fc.tuple(options)],
  ["job", "resume", fc.tuple(options)],
  ["job", "complete", fc.tuple(options)],
  ["job", "removeCredentials", fc.tuple(hostileValue, hostileValue, options)],
  ["job", "takeOwnership", fc.tuple(options)],
  ["job", "watch", fc.tuple(watchOptions)],
  ["job", "waitFor", fc.tuple(fc.oneof(hostileValue, fc.array(hostileValue)), watchOptions)],
];

/** The methods as a program without types sees them. */
type Untyped = Readonly<Record<string, (...values: unknown[]) => unknown>>;

describe("the doors of the SDK", () => {
  it.each(doors)("%s.%s takes what is sound, and refuses the rest", async (whose, name, values) => {
    const property = fc.asyncProperty(values, (given) =>
      knock((manager) => {
        const target = (whose === "manager" ? manager : manager.job(JOB)) as unknown as Untyped;
        return target[name]?.(...given);
      }),
    );
    await fc.assert(property, EACH);
  });

  it("connect takes what is sound, and refuses the rest", async () => {
    // An object always names a service: without it, PowerShell would start on Windows.
    const withService = fc.record(
      {
        service: fc.oneof({ weight: 3, arbitrary: fc.constant("embedded") }, { weight: 1, arbitrary: hostileText }),
        locale: hostileValue,
        wording: fc.oneof(hostileValue, fc.constant("edited")),
        executable: hostileValue,
        modulePath: hostileValue,
        executionPolicy: hostileValue,
        idleTimeoutInMs: hostileValue,
      },
      { requiredKeys: ["service"] },
    );
    const noObject = hostileValue.filter((value) => value === null || !["object", "undefined"].includes(typeof value));
    const connectOptions = fc.oneof({ weight: 5, arbitrary: withService }, { weight: 1, arbitrary: noObject });
    await fc.assert(
      fc.asyncProperty(connectOptions, async (given) => {
        try {
          const manager = await BackgroundCopyManager.connect(given as never);
          expect(LOCALES).toContain(manager.locale);
          await manager.close();
        } catch (error) {
          expect(error).toBeInstanceOf(TypeError);
          expect((error as TypeError).message).toMatch(WORDS);
        }
      }),
      EACH,
    );
  });

  const explainOptions = shaped({ locale: hostileValue, method: hostileValue, wording: fc.constant("edited") });
  it("explain and localize have words for everything", () => {
    fc.assert(
      fc.property(
        fc.oneof(hostileValue, fc.integer(), fc.nat()),
        hostileText,
        explainOptions,
        (code, name, options) => {
          try {
            const { message } = explain(code as never, options);
            expect(message).not.toBe("");
          } catch (error) {
            expect(error).toBeInstanceOf(TypeError);
            expect((error as TypeError).message).toMatch(WORDS);
          }
          const error = new BridgeError("CLOSED", { outcome: "not sent" }, { locale: "en", wording: "documented" });
          expect(LOCALES.map((locale) => error.localize(locale))).toContain(error.localize(name));
        },
      ),
      EACH,
    );
  });
});

const times = fc.oneof(hostileValue, fc.date({ noInvalidDate: false }));
const sizes = fc.oneof(hostileValue, fc.nat(), fc.bigInt());
const testJob = shaped({
  displayName: fc.oneof(hostileValue, hostileText),
  description: hostileText,
  priority: fc.oneof(hostileValue, fc.constant("BG_JOB_PRIORITY_LOW")),
  state: fc.oneof(hostileValue, fc.constantFrom("BG_JOB_STATE_ERROR", "BG_JOB_STATE_TRANSFERRING")),
  error: shaped({ code: fc.oneof(hostileValue, fc.integer(), fc.constant("E_FAIL")), context: hostileValue }),
  files: fc.oneof(
    hostileValue,
    fc.array(shaped({ remoteName: hostileText, localName: hostileText, bytesTotal: sizes, bytesTransferred: sizes })),
  ),
  creationTime: times,
  transferCompletionTime: times,
});
const method = fc.oneof(hostileValue, fc.constantFrom("IBackgroundCopyJob::Cancel", "IBackgroundCopyManager::GetJob"));
const answerOptions = shaped({
  times: fc.oneof(hostileValue, fc.integer()),
  jobId: fc.oneof(hostileValue, fc.constant(JOB)),
  leftoverFiles: fc.oneof(hostileValue, fc.array(hostileText)),
});
const failure = shaped({
  request: fc.oneof(hostileValue, fc.constant("cancel")),
  times: hostileValue,
  outcome: fc.oneof(hostileValue, fc.constant("not sent")),
  carriedOut: fc.oneof(hostileValue, fc.boolean()),
});

/** The functions of `background-copy/testing` and their possible arguments. */
const testDoors: Readonly<
  Record<string, [fc.Arbitrary<unknown[]>, (service: TestService, given: [never, never, never]) => unknown]>
> = {
  TestClock: [fc.tuple(times), (_, [start]) => new TestClock(start as never)],
  advance: [fc.tuple(fc.oneof(hostileValue, fc.double())), ({ clock }, [ms]) => clock.advance(ms as never)],
  TestService: [
    fc.tuple(shaped({ clock: hostileValue, fetch: hostileValue, owner: hostileValue })),
    (_, [given]) => new TestService(given),
  ],
  connect: [fc.tuple(shaped({ locale: hostileValue, wording: hostileValue })), (one, [given]) => one.connect(given)],
  answer: [
    fc.tuple(method, fc.oneof(hostileValue, fc.constant("E_FAIL")), answerOptions),
    (service, [name, code, given]) => service.answer(name as never, code as never, given),
  ],
  failBridge: [
    fc.tuple(fc.oneof(hostileValue, fc.constant("TIMEOUT")), failure),
    (service, [code, given]) => service.failBridge(code as never, given),
  ],
  addJob: [
    fc.tuple(testJob, fc.oneof(hostileValue, fc.constant(undefined))),
    (service, [job, owner]) => service.addJob(job, owner),
  ],
  changeJob: [
    fc.tuple(fc.oneof(hostileValue, fc.constant("its own")), testJob),
    (service, [id, job]) => service.changeJob((id as unknown) === "its own" ? service.addJob() : (id as never), job),
  ],
};

describe("the doors of the service for tests", () => {
  it.each(Object.entries(testDoors))("%s takes what is sound, and refuses the rest", async (_, [values, call]) => {
    const property = fc.asyncProperty(values, async (given) => {
      await using service = new TestService();
      try {
        await call(service, given as [never, never, never]);
      } catch (error) {
        expect(error).toBeInstanceOf(TypeError);
        expect((error as TypeError).message).toMatch(WORDS);
        return;
      }
      // Accepted values leave a service that follows its script.
      const manager = await service.connect();
      await manager.listJobs({ allUsers: true }).catch((error) => expect(error).toBeInstanceOf(LocalizedError));
    });
    await fc.assert(property, EACH);
  });
});
