import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { describe, expect, inject, it } from "vitest";
import { ExitCode, exitCodeOf } from "../../src/cli/exit-code.js";
import type { BridgeErrorCode } from "../../src/words/bridge-codes.js";
import { BackgroundCopyManager } from "../../src/manager.js";
import type { HostEvent } from "../../src/powershell/trace.js";
import type { ServiceMethod, Params } from "../../src/port/protocol.js";
import { faultyHost } from "../support/fake-host.js";
import { asked, failure, open, starts } from "../support/faulty-service.js";

const JOB = "00000000-0000-4000-8000-000000000001";
const OTHER = "00000000-0000-4000-8000-000000000002";

const job = { jobIds: [JOB] };
const cancel = { ...job, languageId: 0 };
const file = { jobId: JOB, remoteUrl: "http://127.0.0.1/", localName: "C:\\x" };
const newJob = { displayName: "a job", type: 0, settings: {}, files: [] };

const READS: readonly [ServiceMethod, Params<ServiceMethod>][] = [
  ["host.echo", { text: "x" }],
  ["job.list", { allUsers: false, page: 0 }],
  ["job.describe", { ...job, detail: "progress", languageId: 0 }],
];

const CHANGES: readonly [ServiceMethod, Params<ServiceMethod>][] = [
  ["job.create", newJob],
  ["job.set", { jobId: JOB, settings: { priority: 1 } }],
  ["job.setCredentials", { jobId: JOB, target: 1, scheme: 1, userName: "u", password: "p" }],
  ["job.removeCredentials", { jobId: JOB, target: 1, scheme: 1 }],
  ["job.takeOwnership", { jobId: JOB }],
  ["job.replaceRemotePrefix", { jobId: JOB, oldPrefix: "a", newPrefix: "b" }],
  ["job.addFile", file],
  ["job.suspend", job],
  ["job.resume", job],
  ["job.complete", job],
];

/** The ways to lose an answer, and the resulting codes. */
const LOSSES: readonly [string, BridgeErrorCode][] = [
  ["dies before", "HOST_EXITED"],
  ["dies after", "HOST_EXITED"],
  ["dies in the answer", "HOST_EXITED"],
  // Node on Windows does not let go of it.
  ...(process.platform === "win32" ? [] : [["closes its output", "HOST_EXITED"] as [string, BridgeErrorCode]]),
  ["answers half", "PROTOCOL"],
  ["answers out of turn", "PROTOCOL"],
  ["answers nonsense", "PROTOCOL"],
  ["answers nothing", "PROTOCOL"],
  ["answers null", "PROTOCOL"],
  ["sends an unrequested answer", "PROTOCOL"],
  ["reports ready again", "PROTOCOL"],
];

/** Harmless events around an answer. */
const NOISES = [
  "begins a line",
  "writes code pages",
  "writes 64 MB of lines",
  "complains of 64 MB",
  "is slow",
  "dies when it has answered",
  "answers twice",
];

describe.concurrent("a host", () => {
  describe.each(LOSSES)("that %s", (act, code) => {
    it.each(READS)("is replaced, and %s is asked again", async (method, params) => {
      const { host, service } = await open({ method, act });
      await using _ = service;
      await expect(service.request(method, params)).resolves.toBeTruthy();
      expect(starts(host)).toBe(2);
      expect(asked(host, method)).toBe(2);
    });

    // The loss is the same for all methods; being killed at any moment is tested with each method.
    const changes = act.startsWith("dies") && inject("everything") ? CHANGES : CHANGES.slice(0, 1);
    it.each(changes)("leaves the outcome of %s unknown, and it is not sent again", async (method, params) => {
      const { host, service } = await open({ method, act });
      await using _ = service;
      expect(await failure(service.request(method, params))).toMatchObject({ code, outcome: "unknown" });
      await expect(service.request("host.echo", { text: "on" })).resolves.toEqual({ text: "on" });
      expect(asked(host, method)).toBe(1);
    });

    it("leaves a cancel to be settled by the job's state", async () => {
      const { host, service } = await open({ method: "job.cancel", act });
      await using _ = service;
      const { items } = await service.request("job.cancel", { jobIds: [JOB, OTHER], languageId: 0 });
      expect(items).toMatchObject([
        { jobId: JOB, hresult: 0, stateAfter: 8, confirmedBy: "state" },
        { jobId: OTHER, hresult: 0, stateAfter: 8, confirmedBy: "state" },
      ]);
      const done = ["dies after", "dies in the answer", "answers half", "sends an unrequested answer"];
      const wasDone = done.includes(act) || act === "reports ready again";
      expect(asked(host, "job.cancel")).toBe(wasDone ? 1 : 2);
      expect(asked(host, "job.describe")).toBe(1);
      expect(host.did().filter((text) => text.startsWith("canceled"))).toEqual([
        `canceled ${JOB}`,
        `canceled ${OTHER}`,
      ]);
    });
  });

  it.each([
    ["finds no service", 0x800706ba, false],
    ["may not have the job", 0x80070005, false],
    ["finds no job", 0x80200001, true],
  ])("that is lost in a cancel, and the next one %s, leaves the outcome unknown", async (act, hresult, gone) => {
    const { executable } = faultyHost([
      { method: "job.cancel", act: "dies after" },
      { method: "job.describe", act },
    ]);
    await using manager = await BackgroundCopyManager.connect({ service: "bits", locale: "en", executable });
    const error = await failure(manager.job(JOB).cancel());
    expect(error).toMatchObject({ code: "HOST_EXITED", outcome: "unknown" });
    expect(error.cause).toMatchObject({ hresult, jobId: JOB, method: "IBackgroundCopyManager::GetJob" });
    const unknown = "It is unknown whether the service carried out the request.";
    const notFound = " A cancel request was sent, and the transfer queue no longer contains a job with this ID.";
    expect(error.message).toBe(
      `The PowerShell process ended unexpectedly (exit code: 7). ${unknown}${gone ? notFound : ""}`,
    );
    expect(exitCodeOf(error)).toBe(ExitCode.unknown);
  });

  it.each(NOISES)("that %s has answered", async (act) => {
    const { host, service } = await open({ method: "job.cancel", act });
    await using _ = service;
    const { items } = await service.request("job.cancel", cancel);
    expect(items).toMatchObject([{ jobId: JOB, hresult: 0, stateAfter: 8 }]);
    expect(items[0]).not.toHaveProperty("confirmedBy");
    await expect(service.request("host.echo", { text: "on" })).resolves.toEqual({ text: "on" });
    expect(asked(host, "job.cancel")).toBe(1);
  });

  it("that writes 64 MB without an end of line has its answer behind them", async () => {
    const { service } = await open({ method: "job.cancel", act: "writes 64 MB" });
    await using _ = service;
    await expect(service.request("job.cancel", cancel)).resolves.toMatchObject({ items: [{ hresult: 0 }] });
  });

  it("that answers for fewer jobs than it was asked about is not believed", async () => {
    const { host, service } = await open({ method: "job.suspend", act: "answers for fewer jobs" });
    await using _ = service;
    expect(await failure(service.request("job.suspend", job))).toMatchObject({ code: "PROTOCOL", outcome: "unknown" });
    expect(starts(host)).toBe(1);
  });

  it("that is lost with many requests under way has begun the first alone; the others go to the next", async () => {
    const { host, service } = await open({ method: "job.resume", act: "dies after" });
    await using _ = service;
    const first = failure(service.request("job.resume", job));
    const texts = Array.from({ length: 50 }, (_unused, i) => `text ${i}`);
    const others = texts.map((text) => service.request("host.echo", { text }));
    const changes = CHANGES.filter(([method]) => method !== "job.resume").map(([method, params]) =>
      service.request(method, params),
    );
    expect(await first).toMatchObject({ code: "HOST_EXITED", outcome: "unknown" });
    expect(await Promise.all(others)).toEqual(texts.map((text) => ({ text })));
    await expect(Promise.all(changes)).resolves.toHaveLength(CHANGES.length - 1);
    for (const [method] of CHANGES) {
      expect(asked(host, method)).toBe(1);
    }
  });

  it("is sent more than a pipe holds, and reads it when it gets to it", async () => {
    const { service } = await open({ method: "job.describe", act: "is slow" });
    await using _ = service;
    const slow = service.request("job.describe", describeOf());
    const text = "x".repeat(1_000_000);
    const large = Array.from({ length: 20 }, () => service.request("host.echo", { text }));
    await slow;
    expect((await Promise.all(large)).every((answer) => answer.text === text)).toBe(true);
  });

  it("is given up where one request ends every host", async () => {
    const { host, service } = await open({ method: "job.describe", act: "dies before", always: true });
    await using _ = service;
    expect(await failure(service.request("job.describe", describeOf()))).toMatchObject({ code: "HOST_EXITED" });
    expect(starts(host)).toBe(3);
    await expect(service.request("host.echo", { text: "on" })).resolves.toEqual({ text: "on" });
  });

  it("is given up where a cancel ends every host, and the outcome is unknown", async () => {
    const { host, service } = await open({ method: "job.cancel", act: "dies before", always: true });
    await using _ = service;
    expect(await failure(service.request("job.cancel", cancel))).toMatchObject({
      code: "HOST_EXITED",
      outcome: "unknown",
    });
    expect(asked(host, "job.cancel")).toBe(3);
  });

  it.each(["dies before", "may not make types"])(
    "that %s when the service is first opened is not allowed its types",
    async (act) => {
      const error = await failure(open({ method: "service.open", act }));
      expect(error).toMatchObject({ code: "DYNAMIC_CODE_BLOCKED", outcome: "not sent" });
    },
  );

  it("that dies while the service is opened again is replaced", async () => {
    const { service } = await open(
      { method: "host.echo", act: "dies before" },
      // The first request was sent before the fault could strike.
      { start: [2], act: "dies at once" },
    );
    await using _ = service;
    await expect(service.request("host.echo", { text: "on" })).resolves.toEqual({ text: "on" });
  });

  it("is left to itself while it idles, and lost there without harm", async () => {
    const { host, service } = await open();
    await using _ = service;
    const pid = Number(host.did()[0]?.split(" ")[1]);
    const ended = exited(pid);
    process.kill(pid, "SIGKILL");
    await ended;
    await expect(service.request("job.resume", job)).resolves.toBeTruthy();
    expect(starts(host)).toBe(2);
  });
});

/** Settles when the end of that host has been noticed. */
function exited(pid: number): Promise<void> {
  return new Promise((resolve) => {
    const listen = (message: unknown) => {
      const event = message as HostEvent;
      if (event.event === "exited" && event.pid === pid) {
        unsubscribe("background-copy:host", listen);
        resolve();
      }
    };
    subscribe("background-copy:host", listen);
  });
}

function describeOf(): Params<"job.describe"> {
  return { ...job, detail: "progress", languageId: 0 };
}
