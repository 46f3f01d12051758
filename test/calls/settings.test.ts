import { describe, expect, it } from "vitest";
import type { MethodName } from "../../src/port/protocol.js";
import { ID, bits, OK, SETTINGS, column } from "./fixture.js";

describe("set", () => {
  it.each(Object.entries(SETTINGS))("passes on %s", async (name, [given, travels]) => {
    const { job, sent } = bits(() => OK("IBackgroundCopyJob::SetPriority"));
    await expect(job.set({ [name]: given })).resolves.toMatchObject({ jobId: ID, code: "S_OK" });
    expect(sent).toEqual([["job.set", { jobId: ID, settings: { [name]: travels } }]]);
  });

  it("passes on all of them in the order of the documentation, whatever the caller's", async () => {
    const { job, sent } = bits(() => OK("IBackgroundCopyJob::SetPriority"));
    await job.set(Object.fromEntries(Object.entries(column(0)).reverse()));
    const [[, params]] = sent as [[MethodName, { settings: object }]];
    expect(Object.keys(params.settings)).toEqual(Object.keys(SETTINGS));
  });

  it("takes values that the documentation does not know by their numbers", async () => {
    const { job, sent } = bits(() => OK("IBackgroundCopyJob::SetPriority"));
    await job.set({
      priority: "BG_JOB_PRIORITY(9)",
      notifyFlags: ["BG_NOTIFY(64)", "BG_NOTIFY_JOB_ERROR"],
      transferPolicy: 0x80000000,
      useStoredCredentials: 0,
      customHeaders: {},
    });
    expect(sent[0]?.[1]).toMatchObject({
      settings: {
        priority: 9,
        notifyFlags: 66,
        transferPolicy: 0x80000000,
        useStoredCredentials: 0,
        customHeaders: "",
      },
    });
  });

  it("names the one that is refused", async () => {
    const { job } = bits(() => ({
      hresult: 0x80200021,
      method: "IBackgroundCopyJob::SetDescription",
      property: "description",
    }));
    await expect(job.set({ description: "a" })).rejects.toMatchObject({
      code: "BG_E_STRING_TOO_LONG",
      property: "description",
      method: "IBackgroundCopyJob::SetDescription",
      jobId: ID,
    });
  });

  it("leaves alone what is undefined", async () => {
    const { job, sent } = bits(() => OK("IBackgroundCopyJob::SetDescription"));
    await job.set({ description: "a", displayName: undefined });
    expect(sent[0]?.[1]).toEqual({ jobId: ID, settings: { description: "a" } });
  });
});
