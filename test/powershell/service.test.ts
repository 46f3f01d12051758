import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { setImmediate } from "node:timers/promises";
import { getEventListeners } from "node:events";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { BackgroundCopyManager, BridgeError, type BridgeErrorCode } from "../../src/index.js";
import { LOCALES } from "../../src/words/locale.js";
import type { HostEvent } from "../../src/powershell/trace.js";
import { built, ROOT } from "../support/packed.js";
import { fakeHost } from "../support/fake-host.js";
import { run } from "../support/run.js";

const JOB = "00000000-0000-4000-8000-000000000001";
const NOWHERE = join(ROOT, "nowhere");
const OTHER = "00000000-0000-4000-8000-000000000002";

function connect(behaviour: string, options = {}): Promise<BackgroundCopyManager> {
  return BackgroundCopyManager.connect({ service: "bits", executable: fakeHost(behaviour), locale: "en", ...options });
}

async function failure(promise: Promise<unknown>): Promise<BridgeError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(BridgeError);
  return error as BridgeError;
}

describe("the bridge", () => {
  it.each<[string, BridgeErrorCode]>([
    ["refused its language", "CONSTRAINED_LANGUAGE"],
    ["blocked", "POWERSHELL_BLOCKED"],
    ["module broken", "MODULE_BROKEN"],
    ["other version", "MODULE_MISMATCH"],
    ["dies at once", "HOST_EXITED"],
    ["class not registered", "SERVICE_UNAVAILABLE"],
  ])("says of a host that is %s: %s, in every language", async (behaviour, code) => {
    const error = await failure(connect(behaviour));
    expect(error).toMatchObject({ code, outcome: "not sent", locale: "en" });
    const messages = LOCALES.map((locale) => error.localize(locale));
    expect(new Set(messages).size).toBe(LOCALES.length);
    expect(messages.join()).not.toMatch(/\{\{|undefined/);
    expect(error.advice).toBeTruthy();
  });

  it("says where the module is broken, and what PowerShell says of it", async () => {
    const { message, diagnostics } = await failure(connect("module broken"));
    expect(message).toContain("jobs.psm1");
    expect(message).toContain("34");
    expect(diagnostics).toEqual(["FullLanguage 0.0 Fake UnexpectedToken", "no", "\u2026"]);
  });

  it("says which PowerShell was not found", async () => {
    const error = await failure(BackgroundCopyManager.connect({ service: "bits", executable: join(NOWHERE, "pwsh") }));
    expect(error).toMatchObject({ code: "POWERSHELL_NOT_FOUND", outcome: "not sent" });
    expect(error.message).toContain(join(NOWHERE, "pwsh"));
  });

  it("says that the module is missing", async () => {
    const error = await failure(connect("well", { modulePath: join(NOWHERE, "BackgroundCopy.psd1") }));
    expect(error).toMatchObject({ code: "MODULE_NOT_FOUND", outcome: "not sent" });
  });

  it("does not wait longer than it was told for a host that is never ready", async () => {
    const error = await failure(connect("never ready", { timeoutInMs: 300 }));
    expect(error).toMatchObject({ code: "TIMEOUT", outcome: "not sent" });
  });

  it("gives up waiting for the host when it is told to", async () => {
    const controller = new AbortController();
    const connecting = connect("never ready", { signal: controller.signal });
    controller.abort(new Error("enough"));
    await expect(connecting).rejects.toThrow("enough");
  });

  it("passes over noise, and keeps its length for the support ticket", async () => {
    await using manager = await connect("noise");
    await expect(manager.job(JOB).cancel()).resolves.toMatchObject({ code: "S_OK" });
    const { diagnostics } = await failure(manager.job(JOB).getState());
    expect(diagnostics).toEqual(expect.arrayContaining(["(39 characters)", "(11 characters)"]));
  });

  it("goes on with a new host when one dies", async () => {
    await using manager = await connect("dies in cancel");
    const job = manager.job(JOB);
    const [cancel, state] = await Promise.all([failure(job.cancel()), job.getState()]);
    expect(cancel).toMatchObject({ code: "HOST_EXITED", outcome: "unknown" });
    expect(state).toBe("BG_JOB_STATE_SUSPENDED");
    await expect(job.getState()).resolves.toBe("BG_JOB_STATE_SUSPENDED");
  });

  it("ends a host that hangs when the time is up", async () => {
    await using manager = await connect("hangs in cancel");
    const error = await failure(manager.job(JOB).cancel({ timeoutInMs: 200 }));
    expect(error).toMatchObject({ code: "TIMEOUT", outcome: "unknown" });
    expect(error.message).toContain("0.2");
    await expect(manager.job(JOB).getState()).resolves.toBe("BG_JOB_STATE_SUSPENDED");
  });

  it("lets an abort end the wait and nothing else", async () => {
    await using manager = await connect("well");
    const controller = new AbortController();
    const canceling = manager.job(JOB).cancel({ signal: controller.signal });
    controller.abort(new Error("enough"));
    await expect(canceling).rejects.toThrow("enough");
    await expect(manager.job(OTHER).cancel()).resolves.toMatchObject({ code: "S_OK" });
    await expect(manager.job(JOB).cancel({ signal: AbortSignal.abort(new Error("before")) })).rejects.toThrow("before");
  });

  it("takes one signal for 100 calls, without a warning and with nothing left on it", async () => {
    using warnings = vi.spyOn(process, "emitWarning");
    await using manager = await connect("hangs in cancel");
    const controller = new AbortController();
    const { signal } = controller;
    const states = await Promise.all(Array.from({ length: 100 }, () => manager.job(OTHER).getState({ signal })));
    expect(states).toHaveLength(100);
    expect(getEventListeners(signal, "abort")).toEqual([]);
    const calls = Array.from({ length: 100 }, () => manager.job(JOB).cancel({ signal }));
    await setImmediate();
    controller.abort("enough");
    expect(await Promise.allSettled(calls)).toEqual(calls.map(() => ({ status: "rejected", reason: "enough" })));
    expect(getEventListeners(signal, "abort")).toEqual([]);
    expect(warnings).not.toHaveBeenCalled();
  });

  it.each(["answers nonsense", "answers out of turn"])("does not believe a host that %s", async (behaviour) => {
    const error = await failure(connect(behaviour).then((manager) => manager.job(JOB).cancel()));
    expect(error.code).toBe("PROTOCOL");
  });

  it("refuses what waits when it is closed, and everything after", async () => {
    const manager = await connect("hangs in cancel");
    const canceling = failure(manager.job(JOB).cancel());
    await setImmediate();
    await manager.close();
    await manager.close();
    expect(await canceling).toMatchObject({ code: "CLOSED", outcome: "unknown" });
    expect(await failure(manager.job(JOB).getState())).toMatchObject({ code: "CLOSED", outcome: "not sent" });
  });

  it("ends an idle host, and starts it again for the next call", async () => {
    const events: string[] = [];
    const listen = (message: unknown) => events.push((message as { event: string }).event);
    subscribe("background-copy:host", listen);
    await using manager = await connect("well", { idleTimeoutInMs: 50 });
    await expect.poll(() => events).toEqual(["ready", "exited"]);
    await expect(manager.job(JOB).getState()).resolves.toBe("BG_JOB_STATE_SUSPENDED");
    await expect.poll(() => events).toEqual(["ready", "exited", "ready", "exited"]);
    unsubscribe("background-copy:host", listen);
  });

  it("does not keep Node alive while it is idle", async () => {
    const source = `import { BackgroundCopyManager } from ${built("index.js")};
      await BackgroundCopyManager.connect({ service: "bits", executable: process.argv[1] });
      console.log("connected");`;
    const args = ["--input-type=module", "-e", source, fakeHost("well")];
    expect(await run(process.execPath, args, {})).toMatchObject({ exitCode: 0, stdout: "connected\n" });
  });

  it("keeps Node alive until close has ended a host that does not end by itself", async () => {
    const source = `import { BackgroundCopyManager } from ${built("index.js")};
      const manager = await BackgroundCopyManager.connect({ service: "bits", executable: process.argv[1] });
      await manager.close();
      console.log("closed");`;
    const args = ["--input-type=module", "-e", source, fakeHost("stays")];
    expect(await run(process.execPath, args, {})).toMatchObject({ exitCode: 0, stdout: "closed\n" });
  });

  it("answers a thousand calls at once, each with its own answer", async () => {
    await using manager = await connect("well");
    const ids = Array.from({ length: 1000 }, (_, i) => JOB.slice(0, -4) + String(i).padStart(4, "0"));
    const results = await Promise.all(ids.map((id) => manager.job(id).cancel()));
    expect(results.map(({ jobId }) => jobId)).toEqual(ids);
  });

  it("cancels ten thousand jobs in one call, in the order given", async () => {
    await using manager = await connect("well");
    const ids = Array.from({ length: 10_000 }, (_, i) => JOB.slice(0, -5) + String(i).padStart(5, "0"));
    const outcomes = await manager.cancelJobs(ids);
    expect(outcomes.map(({ jobId }) => jobId)).toEqual(ids);
    expect(outcomes.every(({ ok }) => ok)).toBe(true);
  });

  it("serves eight managers in one process, whatever becomes of their hosts", async () => {
    const managers = await Promise.all(Array.from({ length: 8 }, () => connect("well")));
    const pids: number[] = [];
    const listen = (message: unknown) => {
      const { event, pid } = message as HostEvent;
      if (event === "ready") {
        pids.push(pid as number);
      }
    };
    subscribe("background-copy:host", listen);
    const killed = await connect("well");
    const [pid] = pids;
    const job = (i: number) => JOB.slice(0, -4) + String(i).padStart(4, "0");
    const calls = [killed, ...managers].flatMap((manager) =>
      Array.from({ length: 100 }, (_, i) => manager.job(job(i)).cancel()),
    );
    await setImmediate();
    process.kill(pid as number, "SIGKILL");
    const results = await Promise.all(calls);
    expect(results.every(({ stateAfter }) => stateAfter === "BG_JOB_STATE_CANCELLED")).toBe(true);
    unsubscribe("background-copy:host", listen);
    await Promise.all([killed, ...managers].map((manager) => manager.close()));
  });

  it.skipIf(process.platform === "win32")("is not reached at all without a service, outside Windows", async () => {
    expect(await failure(BackgroundCopyManager.connect())).toMatchObject({ code: "UNSUPPORTED", outcome: "not sent" });
  });
});
