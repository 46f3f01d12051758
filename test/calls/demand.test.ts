import { describe, expect, it } from "vitest";
import type { ManagerInterface, ServiceName } from "../../src/model/services.js";
import { BackgroundCopyManager, BridgeError, explain, type BackgroundCopyJob } from "../../src/index.js";
import { LOCALES, negotiateLocale, type Locale } from "../../src/words/locale.js";
import { text } from "../../src/words/messages.js";
import { makeSession } from "../../src/calls/session.js";
import type { Service } from "../../src/port/service.js";

const JOB = "00000000-0000-4000-8000-000000000001";

/** A manager of a service that must not receive any request. */
function closed(
  service: ServiceName = "delivery-optimization",
  managerInterface: ManagerInterface = "IBackgroundCopyManager",
  locale: Locale = "en",
): BackgroundCopyManager {
  const port: Service = {
    managerInterface,
    request: async (method) => {
      throw new Error(`${method} was sent`);
    },
    close: async () => {},
  };
  return new BackgroundCopyManager(makeSession(port, service, { locale, wording: "documented" }));
}

async function failure(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    () => new Error("not refused"),
    (error: Error) => error,
  );
}

const FILE = { remoteUrl: "http://a/", localName: "C:\\a" };
const RANGES = [{ initialOffset: 0, length: 10n }];

// The calls, by what they require.
const ASKED: Record<string, (manager: BackgroundCopyManager, job: BackgroundCopyJob) => Promise<unknown>> = {
  listJobs: (manager) => manager.listJobs(),
  "listJobs by a filter": (manager) => manager.cancelJobs({ state: "BG_JOB_STATE_ERROR" }),
  allUsers: (manager) => manager.listJobs({ allUsers: true }),
  multipleFiles: (manager) => manager.createJob("a job", { files: [FILE, FILE] }),
  fileRanges: (manager) => manager.createJob("a job", { files: [{ ...FILE, ranges: RANGES }] }),
  "fileRanges of addFile": (_, job) => job.addFile("http://a/", "C:\\a", { ranges: RANGES }),
  uploads: (manager) => manager.createJob("a job", { type: "BG_JOB_TYPE_UPLOAD" }),
  takeOwnership: (_, job) => job.takeOwnership(),
  credentials: (_, job) =>
    job.setCredentials({
      target: "BG_AUTH_TARGET_SERVER",
      scheme: "BG_AUTH_SCHEME_BASIC",
      userName: "a",
      password: "b",
    }),
  "credentials to remove": (_, job) => job.removeCredentials("BG_AUTH_TARGET_PROXY", "BG_AUTH_SCHEME_NTLM"),
  replaceRemotePrefix: (_, job) => job.replaceRemotePrefix("http://a/", "http://b/"),
  setting: (_, job) => job.set({ priority: "BG_JOB_PRIORITY_LOW", replyFileName: "C:\\a" }),
  "setting of a new job": (manager) => manager.createJob("a job", { maximumDownloadTime: 60 }),
  // Forbids redirects.
  securityFlags: (_, job) => job.set({ securityFlags: 0x200 }),
  condition: (manager) => manager.listJobs({ owner: "*" }),
};

const LACKING: [ServiceName, ManagerInterface, string[]][] = [
  ["bits", "IBackgroundCopyManager", []],
  [
    "delivery-optimization",
    "IBackgroundCopyManager",
    Object.keys(ASKED).filter((asked) => !/^(multipleFiles|fileRanges)/.test(asked)),
  ],
  ["delivery-optimization", "IDOManager", Object.keys(ASKED).filter((asked) => !asked.startsWith("listJobs"))],
  [
    "embedded",
    "IBackgroundCopyManager",
    Object.keys(ASKED).filter((asked) => !/^(listJobs|allUsers|multipleFiles|condition)/.test(asked)),
  ],
];

describe.each(LACKING)("what %s by %s lacks", (service, managerInterface, lacking) => {
  it.each(Object.entries(ASKED))("is refused before anything is sent: %s", async (asked, ask) => {
    const manager = closed(service, managerInterface);
    const error = await failure(ask(manager, manager.job(JOB)));
    if (lacking.includes(asked)) {
      expect(error).toBeInstanceOf(BridgeError);
      expect(error).toMatchObject({ code: "UNSUPPORTED", outcome: "not sent" });
    } else {
      expect(error.message).toMatch(/was sent$/);
    }
  });
});

describe.each(LOCALES)("in %s", (locale) => {
  it("each refusal has words of its own, that name the service and the alternative", async () => {
    const messages = new Set<string>();
    for (const ask of Object.values(ASKED)) {
      // Delivery Optimization has a documented list only in its own interface, and several files only in the other one.
      for (const managerInterface of ["IBackgroundCopyManager", "IDOManager"] as const) {
        const manager = closed("delivery-optimization", managerInterface, locale);
        const error = await failure(ask(manager, manager.job(JOB)));
        if (error instanceof BridgeError) {
          expect(error.message).toContain("delivery-optimization");
          expect(error.advice).toContain("bits");
          expect(`${error.message} ${error.advice}`).not.toMatch(/\{\{|bridge|UNSUPPORTED/);
          messages.add(error.message);
        }
      }
    }
    // One of each of the eleven kinds; one of them names the setting, of which there are three.
    expect(messages.size).toBe(13);
  });

  it("a wrong argument is a TypeError in words", async () => {
    const manager = closed("bits", "IBackgroundCopyManager", locale);
    const job = manager.job(JOB);
    const wrong: (() => unknown)[] = [
      () => manager.createJob(7 as never),
      () => manager.createJob("a", { type: "BG_JOB_TYPE_NONE" as never }),
      () => manager.createJob("a", { files: "a" as never }),
      () => manager.createJob("a", { files: [{ remoteUrl: 7 as never, localName: "a" }] }),
      () => job.addFile("a", "b", { ranges: [{ initialOffset: -1, length: 1 }] }),
      () => job.addFile("a", "b", { ranges: [{ initialOffset: 0.5, length: 1 }] }),
      () => job.addFile("a", "b", { ranges: [{ initialOffset: 2 ** 53, length: 1 }] }),
      () => job.addFile("a", "b", { ranges: [{ initialOffset: 0, length: 2n ** 64n - 1n }] }),
      () => job.addFile("a", "b", { ranges: {} as never }),
      () => job.set({}),
      () => job.set(7 as never),
      () => job.set({ prioritty: "BG_JOB_PRIORITY_LOW" } as never),
      () => job.set({ priority: "LOW" as never }),
      () => job.set({ notifyFlags: ["BG_NOTIFY_ALL" as never] }),
      () => job.set({ notifyFlags: 3 as never }),
      () => job.set({ description: 7 as never }),
      () => job.set({ minimumRetryDelay: -1 }),
      () => job.set({ maximumDownloadTime: 2 ** 32 }),
      () => job.set({ dynamicContent: 1 as never }),
      () => job.set({ maxDownloadSize: 7 as never }),
      () => job.set({ proxySettings: "a" as never }),
      () => job.set({ proxySettings: { usage: "BG_JOB_PROXY_USAGE_OVERRIDE", proxyList: "a" } as never }),
      () => job.set({ customHeaders: "a: b" as never }),
      () => job.set({ customHeaders: { "a b": "c" } }),
      () => job.set({ customHeaders: { a: 7 as never } }),
      () => job.setCredentials({ target: "SERVER" } as never),
      () => job.removeCredentials("BG_AUTH_TARGET_SERVER", "NTLM" as never),
      () => job.replaceRemotePrefix("a", 7 as never),
      () => job.waitFor("DONE" as never),
      () => manager.listJobs({ createdBefore: 7 as never }),
      () => manager.listJobs({ displayName: "[" }),
      () => manager.listJobs({ nmae: "a" } as never),
      () => manager.listJobs({ allUsers: 1 as never }),
      () => manager.listJobs(null as never),
      () => manager.cancelJobs({}),
      () => manager.cancelJobs(["a"]),
      () => manager.cancelJobs("a"),
      () => manager.cancelJobs(7 as never),
      () => manager.cancelJobs(undefined as never),
      () => manager.cancelJobs([JOB], { whatif: true } as never),
      () => manager.cancelJobs([JOB], { whatIf: 1 as never }),
      () => manager.listJobs({}, { timeout: 5 } as never),
      () => job.cancel({ timeout: 5 } as never),
      () => job.watch({ interval: 5 } as never),
      () => BackgroundCopyManager.connect({ locale, servise: "embedded" } as never),
      () => explain("S_OK", { locale, language: "fr" } as never),
      () => explain("S_OK", { locale, method: 7 as never }),
      () => manager.createJob("a", { files: [null as never] }),
      () => manager.createJob("a", { files: [{ ...FILE, ranges: [7 as never] }] }),
      () => job.setCredentials(null as never),
      () => manager.cancelJobs([JOB], { onProgress: 7 as never }),
    ];
    for (const call of wrong) {
      const error = await failure((async () => call())());
      expect(error, String(call)).toBeInstanceOf(TypeError);
      expect(error.message, String(call)).toMatch(/[.。]$/);
      expect(error.message, String(call)).not.toMatch(/\{\{|argument\./);
    }
  });
});

// Every function that takes options, with other values instead of options.
const OPTIONAL: Record<string, (options: never, manager: BackgroundCopyManager, job: BackgroundCopyJob) => unknown> = {
  explain: (options) => explain("S_OK", options),
  connect: (options) => BackgroundCopyManager.connect(options),
  createJob: (options, manager) => manager.createJob("a job", options),
  getJob: (options, manager) => manager.getJob(JOB, options),
  findJob: (options, manager) => manager.findJob(JOB, options),
  listJobs: (options, manager) => manager.listJobs({}, options),
  cancelJobs: (options, manager) => manager.cancelJobs([JOB], options),
  "cancelJobs by a filter": (options, manager) => manager.cancelJobs({ displayName: "*" }, options),
  suspendJobs: (options, manager) => manager.suspendJobs([JOB], options),
  resumeJobs: (options, manager) => manager.resumeJobs([JOB], options),
  completeJobs: (options, manager) => manager.completeJobs([JOB], options),
  addFile: (options, _, job) => job.addFile("http://a/", "C:\\a", options),
  resume: (options, _, job) => job.resume(options),
  suspend: (options, _, job) => job.suspend(options),
  complete: (options, _, job) => job.complete(options),
  cancel: (options, _, job) => job.cancel(options),
  describe: (options, _, job) => job.describe(options),
  getState: (options, _, job) => job.getState(options),
  getError: (options, _, job) => job.getError(options),
  listFiles: (options, _, job) => job.listFiles(options),
  set: (options, _, job) => job.set({ description: "a" }, options),
  setCredentials: (options, _, job) =>
    job.setCredentials(
      { target: "BG_AUTH_TARGET_PROXY", scheme: "BG_AUTH_SCHEME_NTLM", userName: "a", password: "b" },
      options,
    ),
  removeCredentials: (options, _, job) => job.removeCredentials("BG_AUTH_TARGET_PROXY", "BG_AUTH_SCHEME_NTLM", options),
  takeOwnership: (options, _, job) => job.takeOwnership(options),
  replaceRemotePrefix: (options, _, job) => job.replaceRemotePrefix("http://a/", "http://b/", options),
  watch: (options, _, job) => job.watch(options),
  waitFor: (options, _, job) => job.waitFor("BG_JOB_STATE_TRANSFERRED", options),
};

describe("the security flags of a download", () => {
  const job = closed("delivery-optimization", "IDOManager").job(JOB);

  // By the numbers of BITS: bits 8 to 10 are the redirect policy.
  it.each([0, 0x1, 0x2, 0x4, 0x8, 0x10, 0x1e, 0x800, 0x801, 0x81e])(
    "are sent where there is a counterpart: %i",
    async (flags) => {
      expect((await failure(job.set({ securityFlags: flags }))).message).toBe("job.set was sent");
    },
  );

  it.each([
    [0x100, "0x0100"],
    [0x200, "0x0200"],
    [0x202, "0x0200"],
    [0x700, "0x0700"],
    [0x3, "0x0002"],
    [0x1f, "0x001E"],
    [0x20, "0x0020"],
    [0x1000, "0x1000"],
    [0xffffffff, "0xFFFFF7FE"],
  ])("are refused by their names where there is none: %i", async (flags, lacking) => {
    const error = await failure(job.set({ securityFlags: flags }));
    expect(error).toMatchObject({ code: "UNSUPPORTED", outcome: "not sent" });
    expect(error.message).toContain(` ${lacking}. `);
  });
});

describe("what is given in place of options", () => {
  it.each(Object.keys(OPTIONAL))("is refused by %s, and nothing is sent", async (door) => {
    // The language of the environment, which applies if the options do not specify one.
    const locale = negotiateLocale();
    const manager = closed("bits", "IBackgroundCopyManager", locale);
    for (const value of [true, false, 5, "x", "", null, [], () => {}, Symbol("x"), 5n]) {
      const error = await failure((async () => OPTIONAL[door]?.(value as never, manager, manager.job(JOB)))());
      expect(error, String(value)).toBeInstanceOf(TypeError);
      expect(error.message, String(value)).toBe(text({ locale, wording: "documented" }, "argument.options"));
    }
  });

  it("is refused in the caller's language", async () => {
    for (const locale of LOCALES) {
      const error = await failure(closed("bits", "IBackgroundCopyManager", locale).cancelJobs([JOB], true as never));
      expect(error.message).toBe(text({ locale, wording: "documented" }, "argument.options"));
    }
  });
});

describe("HTTP headers", () => {
  it.each([{ "a\r\nb": "c" }, { a: "b\r\nc: d" }, { a: "b\nc" }, { a: "b\0" }, { "": "a" }, { "a:": "b" }])(
    "can't smuggle %j in, and a secret is not in the message",
    async (customHeaders) => {
      const error = await failure(
        closed("bits")
          .job(JOB)
          .set({ customHeaders: { authorization: "secret", ...customHeaders } }),
      );
      expect(error).toBeInstanceOf(TypeError);
      expect(error.message).not.toContain("secret");
    },
  );
});
