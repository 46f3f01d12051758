import { describe, expect, it } from "vitest";
import { BackgroundCopyError, BackgroundCopyManager, BridgeError, LocalizedError } from "../src/index.js";

const JOB = "00000000-0000-4000-8000-000000000001";

function connect(options = {}): Promise<BackgroundCopyManager> {
  return BackgroundCopyManager.connect({ service: "embedded", locale: "de", ...options });
}

describe("BackgroundCopyManager", () => {
  it.each([
    { service: "nobody" },
    { service: null },
    { locale: 7 },
    { wording: "mine" },
    { executable: "powershell" },
    { executable: "./pwsh" },
    { executable: "" },
    { modulePath: "BackgroundCopy.psd1" },
    { executionPolicy: "Bypass" },
    { timeoutInMs: 0 },
    { timeoutInMs: Number.POSITIVE_INFINITY },
    { idleTimeoutInMs: -1 },
    { signal: {} },
  ])("refuses the option %j", async (options) => {
    await expect(connect(options)).rejects.toThrow(TypeError);
  });

  it("knows its service and its language", async () => {
    await using manager = await connect({ locale: "zh-HK", wording: "edited" });
    expect(manager).toMatchObject({ service: "embedded", locale: "zh-TW", wording: "edited" });
  });

  it.each(["", "x", JOB.slice(1), `{${JOB}`, `${JOB}}`, `(${JOB})`, `${JOB}\n`, "$(calc)", 7, null, undefined])(
    "takes no %j for a job id",
    async (id) => {
      await using manager = await connect();
      expect(() => manager.job(id as string)).toThrow(TypeError);
    },
  );

  it("names the index of a text that is no job id, and sends nothing", async () => {
    await using manager = await connect();
    const job = await manager.createJob("a job");
    await expect(manager.cancelJobs([job.id, "no id"])).rejects.toThrow(/1.*no id/s);
    await expect(job.getState()).resolves.toBe("BG_JOB_STATE_SUSPENDED");
  });

  it("has nothing to do for no jobs", async () => {
    await using manager = await connect();
    await expect(manager.cancelJobs([])).resolves.toEqual([]);
  });

  it.each([
    { type: "BG_JOB_TYPE_SIDELOAD" },
    { priority: "BG_JOB_PRIORITY_HIGHEST" },
    { priority: 0 },
    { signal: "now" },
    { timeoutInMs: "1" },
  ])("creates no job with %j", async (options) => {
    await using manager = await connect();
    await expect(manager.createJob("a job", options as never)).rejects.toThrow(TypeError);
  });

  it("stops at a signal, with its reason", async () => {
    await using manager = await connect();
    const signal = AbortSignal.abort(new Error("enough"));
    const job = await manager.createJob("a job");
    await expect(manager.createJob("a job", { signal })).rejects.toThrow("enough");
    await expect(job.cancel({ signal })).rejects.toThrow("enough");
    await expect(manager.cancelJobs([job.id], { signal })).rejects.toThrow("enough");
    await expect(connect({ signal })).rejects.toThrow("enough");
    await expect(job.getState()).resolves.toBe("BG_JOB_STATE_SUSPENDED");
  });

  it("shows the proofread sentence on request", async () => {
    await using manager = await connect({ locale: "fr", wording: "edited" });
    const job = await manager.createJob("a job");
    await expect(job.cancel()).resolves.toMatchObject({ message: "Le travail a été annulé avec succès." });
  });
});

describe("errors", () => {
  const refused = async (): Promise<BackgroundCopyError> => {
    await using manager = await connect();
    return manager
      .job(JOB)
      .cancel()
      .then(
        () => Promise.reject(new Error("not refused")),
        (error: BackgroundCopyError) => error,
      );
  };

  it("carry everything as data", async () => {
    const error = await refused();
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({
      name: "BackgroundCopyError",
      code: "DO_E_JOB_NOT_FOUND",
      hresult: 0x80d02003,
      hex: "0x80D02003",
      method: "IBackgroundCopyManager::GetJob",
      service: "embedded",
      jobId: JOB,
      locale: "de",
      message: error.message,
      advice: error.advice,
    });
  });

  it("are recognized across two copies of the package", async () => {
    const error = await refused();
    const stranger = Object.assign(new Error("a stranger"), {
      [Symbol.for("background-copy.BridgeError")]: true,
      [Symbol.for("background-copy.LocalizedError")]: true,
    });
    expect(error).toBeInstanceOf(LocalizedError);
    expect(error).toBeInstanceOf(BackgroundCopyError);
    expect(error).not.toBeInstanceOf(BridgeError);
    expect(stranger).toBeInstanceOf(BridgeError);
    expect(stranger).toBeInstanceOf(LocalizedError);
    expect(stranger).not.toBeInstanceOf(BackgroundCopyError);
    expect(undefined).not.toBeInstanceOf(LocalizedError);
  });
});
