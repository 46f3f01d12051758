import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { BackgroundCopyManager } from "../../src/index.js";
import { negotiateLocale } from "../../src/words/locale.js";
import { text } from "../../src/words/messages.js";
import { TestService } from "../../src/testing.js";

const CANCEL = "IBackgroundCopyJob::Cancel";
const FAILED = "BG_JOB_STATE_ERROR";
const FILE = { remoteName: "http://a/", localName: "/a" };

describe("what TestService is given", () => {
  let service: TestService;
  let manager: BackgroundCopyManager;
  beforeEach(async () => {
    service = new TestService();
    manager = await service.connect({ locale: "en" });
  });
  afterEach(() => service.close());

  it.each<[string, (id: string) => unknown]>([
    ["clok", () => new TestService({ clok: 1 } as never)],
    ["owner", () => new TestService({ owner: 7 as never })],
    ["clock", () => new TestService({ clock: { now: () => 0 } as never })],
    ["fetch", () => new TestService({ fetch: "x" as never })],
    ["job", () => service.addJob(null as never)],
    ["job", (id) => service.changeJob(id, 7 as never)],
    ["Symbol(x)", () => service.changeJob(Symbol("x") as never, {})],
    ["error", () => service.addJob({ state: FAILED, error: null as never })],
    ["files[0]", () => service.addJob({ files: [null as never] })],
    ["Symbol(x)", () => service.answer(CANCEL, Symbol("x") as never)],
    ["state", () => service.addJob({ state: "FOO" as never })],
    ["stat", () => service.addJob({ stat: "BG_JOB_STATE_ERROR" } as never)],
    ["priority", () => service.addJob({ priority: "FOO" as never })],
    ["displayName", () => service.addJob({ displayName: 7 as never })],
    ["description", () => service.addJob({ description: 7 as never })],
    ["owner", () => service.addJob({}, 7 as never)],
    ["creationTime", () => service.addJob({ creationTime: 7 as never })],
    ["FOO", () => service.addJob({ state: FAILED, error: { code: "FOO" } })],
    ["undefined", () => service.addJob({ state: FAILED, error: {} as never })],
    ["error.context", () => service.addJob({ state: FAILED, error: { code: "E_FAIL", context: "FOO" as never } })],
    ["contxt", () => service.addJob({ state: FAILED, error: { code: "E_FAIL", contxt: "FOO" } as never })],
    ["files", () => service.addJob({ files: {} as never })],
    ["files[0].remoteName", () => service.addJob({ files: [{ localName: "/a" } as never] })],
    ["remoteUrl", () => service.addJob({ files: [{ remoteUrl: "http://a/", localName: "/a" } as never] })],
    ["files[0].bytesTotal", () => service.addJob({ files: [{ ...FILE, bytesTotal: -1 }] })],
    ["files[0].bytesTotal", () => service.addJob({ files: [{ ...FILE, bytesTotal: 2n ** 64n }] })],
    ["files[0].bytesTransferred", () => service.addJob({ files: [{ ...FILE, bytesTransferred: 0.5 }] })],
    ["state", (id) => service.changeJob(id, { displayName: "changed", state: "FOO" as never })],
    ["00000000", () => service.changeJob("00000000-0000-4000-8000-000000000001", {})],
    ["FOO", () => service.failBridge("FOO" as never)],
    ["request", () => service.failBridge("TIMEOUT", { request: "cancell" as never })],
    ["outcome", () => service.failBridge("TIMEOUT", { outcome: "sent" as never })],
    ["carriedOut", () => service.failBridge("TIMEOUT", { carriedOut: 1 as never })],
    ["times", () => service.failBridge("TIMEOUT", { times: -1 })],
    ["requests", () => service.failBridge("TIMEOUT", { requests: "cancel" } as never)],
    ["method", () => service.answer("IBackgroundCopyJob::Cancle", "E_FAIL")],
    ["E_FIAL", () => service.answer(CANCEL, "E_FIAL")],
    ["times", () => service.answer(CANCEL, "E_FAIL", { times: "2" as never })],
    ["foo", () => service.answer(CANCEL, "E_FAIL", { jobId: "foo" })],
    ["job", (id) => service.answer(CANCEL, "E_FAIL", { job: id } as never)],
    ["leftoverFiles", () => service.answer(CANCEL, "S_OK", { leftoverFiles: "/a" as never })],
    ["leftoverFiles[0]", () => service.answer(CANCEL, "S_OK", { leftoverFiles: [7 as never] })],
    ["leftoverFiles", () => service.answer("IBackgroundCopyJob::Complete", "S_OK", { leftoverFiles: ["/a"] })],
  ])("refuses what there is none of, and names it: %s", async (name, wrong) => {
    const id = service.addJob({ displayName: "as it was" });
    expect(() => wrong(id)).toThrow(TypeError);
    expect(() => wrong(id)).toThrow(name);
    await expect(manager.listJobs()).resolves.toMatchObject([{ displayName: "as it was" }]);
    await expect(manager.job(id).cancel()).resolves.toMatchObject({ code: "S_OK" });
  });

  it("refuses what is no option of a connection", async () => {
    await expect(service.connect({ local: "de" } as never)).rejects.toThrow(TypeError);
  });

  it("refuses what is given in place of options", async () => {
    const words = text({ locale: negotiateLocale(), wording: "documented" }, "argument.options");
    for (const value of [true, 5, "x", null, []] as never[]) {
      expect(() => new TestService(value)).toThrow(words);
      expect(() => service.answer(CANCEL, "E_FAIL", value)).toThrow(words);
      expect(() => service.failBridge("TIMEOUT", value)).toThrow(words);
      await expect(service.connect(value)).rejects.toThrow(words);
    }
    await expect(manager.job(service.addJob()).cancel()).resolves.toMatchObject({ code: "S_OK" });
  });
});
