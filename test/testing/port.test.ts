import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BridgeError, type BackgroundCopyManager } from "../../src/index.js";
import { LOCALES } from "../../src/words/locale.js";
import { TestService } from "../../src/testing.js";

describe("the way to a TestService", () => {
  let service: TestService;
  let manager: BackgroundCopyManager;
  beforeEach(async () => {
    service = new TestService();
    manager = await service.connect({ locale: "en" });
  });
  afterEach(() => service.close());

  it("loses the way to the service on demand, before or after what was asked is done", async () => {
    const [first, second] = [service.addJob(), service.addJob()] as const;
    service.failBridge("HOST_EXITED", { request: "cancel" });
    service.failBridge("TIMEOUT", { request: "cancel", carriedOut: true });
    await expect(manager.job(first).getState()).resolves.toBe("BG_JOB_STATE_SUSPENDED");
    await expect(manager.job(first).cancel()).rejects.toMatchObject({ code: "HOST_EXITED", outcome: "unknown" });
    await expect(manager.job(first).getState()).resolves.toBe("BG_JOB_STATE_SUSPENDED");
    await expect(manager.job(second).cancel()).rejects.toMatchObject({ code: "TIMEOUT", outcome: "unknown" });
    await expect(manager.job(second).getState()).resolves.toBe("BG_JOB_STATE_CANCELLED");
    await expect(manager.job(first).cancel()).resolves.toMatchObject({ code: "S_OK" });
  });

  it.each(LOCALES)("words every failure of the way in %s", async (locale) => {
    const speaking = await service.connect({ locale });
    const codes = [
      "POWERSHELL_NOT_FOUND",
      "POWERSHELL_NOT_STARTED",
      "POWERSHELL_BLOCKED",
      "CONSTRAINED_LANGUAGE",
      "DYNAMIC_CODE_BLOCKED",
      "MODULE_NOT_FOUND",
      "MODULE_MISMATCH",
      "SERVICE_UNAVAILABLE",
      "HOST_EXITED",
      "TIMEOUT",
      "PROTOCOL",
      "UNSUPPORTED",
      "CLOSED",
    ] as const;
    for (const code of codes) {
      service.failBridge(code, { outcome: "not sent" });
      const error = await speaking.createJob("a job").then(
        () => undefined,
        (reason: unknown) => reason as BridgeError,
      );
      expect(error).toBeInstanceOf(BridgeError);
      expect(error).toMatchObject({ code, locale, outcome: "not sent" });
      expect(`${error?.message} ${error?.advice}`).not.toMatch(/\{\{|undefined|bridge/);
    }
  });

  it("says that a job may have been left behind", async () => {
    service.failBridge("HOST_EXITED", { carriedOut: true });
    await expect(manager.createJob("a job")).rejects.toThrow(/might have created a job/);
    await expect(manager.listJobs()).resolves.toHaveLength(1);
  });
});
