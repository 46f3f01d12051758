import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BackgroundCopyManager, explain } from "../../src/index.js";
import { TestService } from "../../src/testing.js";
import { runs } from "../support/property.js";
import { recording } from "../support/recording.js";

const JOB = "00000000-0000-4000-8000-000000000001";
const ENGLISH = { locale: "en" };

/** The ways in which an object can have properties other than its own. */
const WAYS: Readonly<Record<string, (said: object) => object>> = {
  inherited: (said) => Object.create(said),
  "inherited from far": (said) => Object.create(Object.create(Object.create(said))),
  "without a prototype": (said) => Object.assign(Object.create(null), said),
  "hidden from enumeration": (said) =>
    Object.defineProperties({}, mapValues(Object.getOwnPropertyDescriptors(said), hidden)),
  "getters of a class": (said) => {
    class Said {}
    Object.defineProperties(Said.prototype, mapValues(said, asGetter));
    return new Said();
  },
  "getters that answer once": (said) => {
    const read: string[] = [];
    const once = (value: unknown, name: string) => ({
      get: () => {
        expect(read).not.toContain(name);
        read.push(name);
        return value;
      },
      enumerable: true,
    });
    return Object.defineProperties({}, mapValues(said, once));
  },
};

function mapValues<R>(object: object, map: (value: never, name: string) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, map(value as never, name)]));
}

const hidden = (property: PropertyDescriptor): PropertyDescriptor => ({ ...property, enumerable: false });
const asGetter = (value: unknown): PropertyDescriptor => ({ get: () => value, configurable: true });

/** Values without any property for a call, which must not pass for an object without options. */
const NO_OBJECTS: Readonly<Record<string, () => unknown>> = {
  "a Map": () => new Map([["state", "BG_JOB_STATE_ERROR"]]),
  "a promise": () => Promise.resolve({ state: "BG_JOB_STATE_ERROR" }),
  "a Date": () => new Date(),
  "an array": () => [],
  Headers: () => new Headers({ a: "b" }),
  "a boxed text": () => Object("text"),
};

/** The functions that take an object, with a valid object. */
const DOORS: Readonly<Record<string, [said: object, call: (manager: BackgroundCopyManager, said: never) => unknown]>> =
  {
    listJobs: [
      { state: "BG_JOB_STATE_ERROR", displayName: "a*", createdBefore: new Date() },
      (manager, said) => manager.listJobs(said),
    ],
    cancelJobs: [{ displayName: "a*" }, (manager, said) => manager.cancelJobs(said)],
    "cancelJobs, options": [{ whatIf: true, timeoutInMs: 5 }, (manager, said) => manager.cancelJobs([JOB], said)],
    createJob: [
      { priority: "BG_JOB_PRIORITY_LOW", description: "d", files: [{ remoteUrl: "http://a/", localName: "/b" }] },
      (manager, said) => manager.createJob("a job", said),
    ],
    "createJob, a file": [
      { remoteUrl: "http://a/", localName: "/b", ranges: [{ initialOffset: 1, length: 2 }] },
      (manager, said) => manager.createJob("a job", { files: [said] }),
    ],
    "addFile, options": [
      { ranges: [{ initialOffset: 1, length: 2 }], timeoutInMs: 5 },
      (manager, said) => manager.job(JOB).addFile("http://a/", "/b", said),
    ],
    "addFile, a range": [
      { initialOffset: 1, length: 2 },
      (manager, said) => manager.job(JOB).addFile("http://a/", "/b", { ranges: [said] }),
    ],
    set: [{ priority: "BG_JOB_PRIORITY_LOW", description: "d" }, (manager, said) => manager.job(JOB).set(said)],
    "set, a program": [
      { program: "p", parameters: "q" },
      (manager, said) => manager.job(JOB).set({ notifyCmdLine: said }),
    ],
    "set, headers": [{ a: "1", b: "2" }, (manager, said) => manager.job(JOB).set({ customHeaders: said })],
    setCredentials: [
      { target: "BG_AUTH_TARGET_SERVER", scheme: "BG_AUTH_SCHEME_BASIC", userName: "u", password: "p" },
      (manager, said) => manager.job(JOB).setCredentials(said),
    ],
    "cancel, options": [{ timeoutInMs: 5 }, (manager, said) => manager.job(JOB).cancel(said)],
    "watch, options": [{ intervalInMs: 5 }, (manager, said) => manager.job(JOB).watch(said).next()],
    "waitFor, options": [
      { intervalInMs: 5 },
      (manager, said) => manager.job(JOB).waitFor("BG_JOB_STATE_CANCELLED", said),
    ],
  };

/** What a function sends, or why it fails. */
async function sentBy(name: string, said: unknown): Promise<unknown> {
  const { manager, sent } = recording();
  try {
    await DOORS[name]?.[1](manager, said as never);
    return sent;
  } catch (error) {
    expect(sent).toEqual([]);
    return error;
  }
}

describe.each(Object.entries(DOORS))("10: %s", (name, [said]) => {
  it.each(Object.entries(WAYS))("10: takes what is said %s", async (_, way) => {
    const expected = await sentBy(name, said);
    expect(expected).toEqual([expect.any(Array), ...(expected as []).slice(1)]);
    await expect(sentBy(name, way(said))).resolves.toEqual(expected);
  });

  it.each(["inherited", "getters of a class"])("10: refuses what it does not know, %s", async (way) => {
    // The name of a header can be anything.
    const unknown = name === "set, headers" ? { "a b": "1" } : { stat: "BG_JOB_STATE_ERROR" };
    const refused = await sentBy(name, Object.assign(WAYS[way]?.({ ...unknown }) as object));
    expect(refused).toBeInstanceOf(TypeError);
  });

  it.each(Object.entries(NO_OBJECTS))("10: refuses %s", async (_, make) => {
    const refused = await sentBy(name, make());
    // For a list of IDs, an array and a Map are valid.
    const isList = name === "cancelJobs" && Symbol.iterator in Object(make());
    expect(refused).toEqual(isList ? expect.anything() : expect.any(TypeError));
  });
});

describe("10: every door that takes a signal", () => {
  const calls: Readonly<Record<string, (manager: BackgroundCopyManager, options: object) => Promise<unknown>>> = {
    getJob: (manager, options) => manager.getJob(JOB, options),
    findJob: (manager, options) => manager.findJob(JOB, options),
    listJobs: (manager, options) => manager.listJobs({}, options),
    createJob: (manager, options) => manager.createJob("a job", options),
    cancelJobs: (manager, options) => manager.cancelJobs([JOB], options),
    suspendJobs: (manager, options) => manager.suspendJobs([JOB], options),
    resumeJobs: (manager, options) => manager.resumeJobs([JOB], options),
    completeJobs: (manager, options) => manager.completeJobs([JOB], options),
    addFile: (manager, options) => manager.job(JOB).addFile("http://a/", "/b", options),
    cancel: (manager, options) => manager.job(JOB).cancel(options),
    describe: (manager, options) => manager.job(JOB).describe(options),
    getState: (manager, options) => manager.job(JOB).getState(options),
    set: (manager, options) => manager.job(JOB).set({ description: "d" }, options),
    watch: (manager, options) => manager.job(JOB).watch(options).next(),
    waitFor: (manager, options) => manager.job(JOB).waitFor("BG_JOB_STATE_QUEUED", options),
    connect: (_, options) => BackgroundCopyManager.connect(Object.assign(options, { service: "embedded" as const })),
  };

  it.each(Object.entries(calls))("10: %s ends by one that is inherited", async (_, call) => {
    const reason = new Error("no longer wanted");
    const signal = AbortSignal.abort(reason);
    await using service = new TestService();
    const manager = await service.connect(ENGLISH);
    await expect(call(manager, Object.create({ signal }))).rejects.toBe(reason);
  });
});

describe("10: what stands outside the manager", () => {
  it.each(Object.entries(WAYS))("10: connect and explain take what is said %s", async (_, way) => {
    await using manager = await BackgroundCopyManager.connect(way({ service: "embedded", locale: "it" }));
    expect(manager).toMatchObject({ service: "embedded", locale: "it" });
    const said = { locale: "it", method: "IBackgroundCopyJob::Cancel" };
    expect(explain("S_OK", way(said))).toEqual(explain("S_OK", said));
  });

  it.each(Object.entries(WAYS))("10: the service for tests takes what is said %s", async (_, way) => {
    await using service = new TestService(way({ owner: "somebody" }));
    const description = { displayName: "a", creationTime: new Date(1e12), state: "BG_JOB_STATE_ERROR" };
    const jobId = service.addJob(way({ ...description, error: way({ code: "E_FAIL" }) }) as never);
    const manager = await service.connect(way(ENGLISH));
    await expect(manager.job(jobId).describe()).resolves.toMatchObject({
      displayName: "a",
      owner: "somebody",
      creationTime: new Date(1e12),
      error: { code: "E_FAIL" },
    });
  });
});

describe("10: a filter from a class", () => {
  it("10: selects no more than it says", async () => {
    await using service = new TestService();
    service.addJob({ displayName: "other", state: "BG_JOB_STATE_SUSPENDED" });
    const meant = service.addJob({ displayName: "stale 1", state: "BG_JOB_STATE_SUSPENDED" });
    const manager = await service.connect(ENGLISH);
    class Stale {
      readonly state = "BG_JOB_STATE_SUSPENDED";
      get displayName() {
        return "stale*";
      }
      describe() {
        return this.displayName;
      }
    }
    const outcomes = await manager.cancelJobs(new Stale());
    expect(outcomes).toMatchObject([{ ok: true, jobId: meant }]);
    class Asking {
      displayName() {
        return "stale*";
      }
    }
    await expect(manager.listJobs(new Asking() as never)).rejects.toThrow(TypeError);
  });

  it("10: means the same however it is put together", async () => {
    const filter = fc.record(
      {
        state: fc.constantFrom("BG_JOB_STATE_ERROR", "BG_JOB_STATE_QUEUED", "BG_JOB_STATE_SUSPENDED"),
        displayName: fc.constantFrom("a*", "*b", "[ab]?", "*"),
        owner: fc.constantFrom("o*", "x"),
        allUsers: fc.boolean(),
        stat: fc.constant(undefined),
      },
      { requiredKeys: [] },
    );
    await using service = new TestService({ owner: "o" });
    for (const displayName of ["aa", "ab", "bb"]) {
      service.addJob({ displayName, state: "BG_JOB_STATE_SUSPENDED" });
      service.addJob({ displayName, state: "BG_JOB_STATE_ERROR" }, "x");
    }
    const manager = await service.connect(ENGLISH);
    const answer = (said: object) =>
      manager.listJobs(said).then(
        (jobs) => jobs.map(({ jobId }) => jobId),
        (error) => error.message,
      );
    // Puts each property at random on the object or on one of its prototypes.
    const layered = fc.tuple(filter, fc.array(fc.nat(2), { minLength: 5, maxLength: 5 }), fc.boolean());
    await fc.assert(
      fc.asyncProperty(layered, async ([said, places, asGetters]) => {
        const layers: object[] = [{}];
        layers.push(Object.create(layers[0] as object));
        layers.push(Object.create(layers[1] as object));
        for (const [i, [name, value]] of Object.entries(said).entries()) {
          const property = asGetters ? asGetter(value) : { value, enumerable: true, configurable: true };
          Object.defineProperty(layers[places[i] as number], name, property);
        }
        expect(await answer(layers[2] as object)).toEqual(await answer(said));
      }),
      runs(500),
    );
  });
});
