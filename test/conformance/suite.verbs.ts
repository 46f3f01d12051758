import { existsSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { LOCALES } from "../../src/words/locale.js";
import documented from "../facts/documented-messages.json" with { type: "json" };
import { refusal, sentence } from "./refusal.js";
import type { Place } from "./suite.place.js";

/** Create, Resume, Suspend, Complete, and Cancel. */
export function verbs(place: Place): void {
  const { traits, called, start, startHeld, arrived } = place;

  it("creates a job that is suspended", async () => {
    const job = await place.manager.createJob("a job");
    expect(job.id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    await expect(job.getState()).resolves.toBe("BG_JOB_STATE_SUSPENDED");
    await job.cancel();
  });

  it("cancels a job, and refuses to cancel it again in the documented words", async () => {
    const job = await place.manager.createJob("a job");
    const result = await job.cancel();
    expect(result).toMatchObject({
      jobId: job.id,
      code: "S_OK",
      hresult: 0,
      hex: "0x00000000",
      warning: false,
      stateBefore: "BG_JOB_STATE_SUSPENDED",
      stateAfter: "BG_JOB_STATE_CANCELLED",
      confirmedBy: "return value",
      ...called("IBackgroundCopyJob::Cancel"),
    });
    const error = await refusal(job.cancel());
    expect(error).toMatchObject({
      code: traits.invalidState,
      ...called("IBackgroundCopyJob::Cancel"),
      jobId: job.id,
      service: place.manager.service,
    });
    for (const locale of LOCALES) {
      expect(result.localize(locale)).toBe(documented[locale].S_OK.documented);
      expect(error.localize(locale)).toBe(documented[locale].DO_E_INVALID_STATE.documented);
    }
  });

  it("cancels in mid-transfer: the temporary file is deleted, and the target was never written", async () => {
    const job = await startHeld();
    await expect(job.cancel()).resolves.toMatchObject({
      code: traits.cancelOfUnfinished,
      warning: traits.cancelOfUnfinished !== "S_OK",
      stateAfter: "BG_JOB_STATE_CANCELLED",
    });
    await expect.poll(() => arrived()).toBe(0);
    expect(await readdir(place.folder)).toEqual([]);
  });

  it("transfers a job", async () => {
    const job = await start(traits.wholeFile(place.server), { priority: "BG_JOB_PRIORITY_FOREGROUND" });
    await expect.poll(() => job.getState()).toBe("BG_JOB_STATE_TRANSFERRED");
    await expect(job.cancel()).resolves.toMatchObject({ stateAfter: "BG_JOB_STATE_CANCELLED" });
  });

  it("suspends a job in mid-transfer, keeps what has arrived, and resumes it", async () => {
    const job = await startHeld();
    if (traits.suspend) {
      const error = await refusal(job.suspend());
      expect(error).toMatchObject({ code: traits.suspend, ...called("IBackgroundCopyJob::Suspend") });
    } else {
      const result = await job.suspend();
      expect(result).toMatchObject({ code: "S_OK", warning: false, ...called("IBackgroundCopyJob::Suspend") });
      for (const locale of LOCALES) {
        expect(result.localize(locale)).toBe(sentence(locale, "IBackgroundCopyJob::Suspend"));
      }
      await expect(job.getState()).resolves.toBe("BG_JOB_STATE_SUSPENDED");
      expect(await arrived()).toBeGreaterThan(0);
      await expect(job.suspend()).resolves.toMatchObject({ code: "S_OK" });
      await job.resume();
      await expect.poll(() => job.getState()).toBe("BG_JOB_STATE_TRANSFERRING");
    }
    await job.cancel();
  });

  it("completes a job: its file gets its name, and no verb is taken any more", async () => {
    const job = await start(traits.wholeFile(place.server));
    await expect.poll(() => job.getState()).toBe("BG_JOB_STATE_TRANSFERRED");
    expect(existsSync(join(place.folder, "target.bin"))).toBe(false);
    const result = await job.complete();
    expect(result).toMatchObject({ jobId: job.id, code: "S_OK", ...called("IBackgroundCopyJob::Complete") });
    for (const locale of LOCALES) {
      expect(result.localize(locale)).toBe(sentence(locale, "IBackgroundCopyJob::Complete"));
    }
    await expect(job.getState()).resolves.toBe("BG_JOB_STATE_ACKNOWLEDGED");
    expect(await readdir(place.folder)).toEqual(["target.bin"]);
    expect((await stat(join(place.folder, "target.bin"))).size).toBe(65_536);
    for (const [call, method, code = traits.invalidState] of [
      [() => job.complete(), "IBackgroundCopyJob::Complete"],
      [() => job.cancel(), "IBackgroundCopyJob::Cancel"],
      [() => job.suspend(), "IBackgroundCopyJob::Suspend", traits.suspend],
      [() => job.resume(), "IBackgroundCopyJob::Resume"],
    ] as const) {
      expect(await refusal(call())).toMatchObject({ code, ...called(method), jobId: job.id });
    }
  });

  it.runIf(traits.completeOfUnfinished)(
    "completes a job in mid-transfer: what has not arrived as a whole is deleted",
    async () => {
      const job = await startHeld();
      const result = await job.complete();
      expect(result).toMatchObject({
        code: traits.completeOfUnfinished,
        warning: traits.completeOfUnfinished !== "S_OK",
      });
      await expect(job.getState()).resolves.toBe("BG_JOB_STATE_ACKNOWLEDGED");
      await expect.poll(() => arrived()).toBe(0);
      expect(await readdir(place.folder)).toEqual([]);
    },
  );

  it("refuses to resume a job without files", async () => {
    const job = await place.manager.createJob("a job");
    const error = await refusal(job.resume());
    expect(error).toMatchObject({ code: traits.empty, ...called("IBackgroundCopyJob::Resume") });
    await job.cancel();
  });
}
