import { TestService } from "background-copy/testing";
import { afterEach, beforeEach, expect, it } from "vitest";
import { cancelFailed, listFailed } from "./cancel-failed.js";

const error = { code: "BG_E_HTTP_ERROR_404" };

let service;
let manager;
let failed;
beforeEach(async () => {
  service = new TestService({ service: "bits" });
  manager = await service.connect({ locale: "en" });
  failed = service.addJob({ displayName: "nightly 1", state: "BG_JOB_STATE_ERROR", error });
  service.addJob({ displayName: "nightly 2", state: "BG_JOB_STATE_TRANSFERRING" });
  service.addJob({ displayName: "something else", state: "BG_JOB_STATE_ERROR", error });
});
afterEach(() => service.close());

it("lists the failed jobs of the night, and no others", async () => {
  expect(await listFailed(manager)).toEqual(["nightly 1"]);
});

it("changes nothing in a dry run", async () => {
  const report = await cancelFailed(manager, { dryRun: true });
  expect(report.canceled).toEqual([failed]);
  expect(await manager.job(failed).getState()).toBe("BG_JOB_STATE_ERROR");
  expect(service.requests.map(({ name }) => name)).not.toContain("cancel");
});

it("reports a refusal, and cancels the other jobs", async () => {
  const other = service.addJob({ displayName: "nightly 3", state: "BG_JOB_STATE_ERROR", error });
  service.answer("IBackgroundCopyJob::Cancel", "E_ACCESSDENIED", { jobId: failed });
  const report = await cancelFailed(manager);
  expect(report.refused).toMatchObject([{ jobId: failed, code: "E_ACCESSDENIED" }]);
  expect(report.canceled).toEqual([other]);
});

it("does not take a lost response for a refusal", async () => {
  service.failBridge("TIMEOUT", { request: "cancel", carriedOut: true });
  const report = await cancelFailed(manager);
  expect(report).toEqual({ canceled: [], refused: [], unknown: [failed] });
  // The service did cancel the job. The program cannot know, so it has to look.
  expect(await manager.job(failed).getState()).toBe("BG_JOB_STATE_CANCELLED");
});
