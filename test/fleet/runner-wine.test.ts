import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import { runnerScript, type RunnerTool } from "../../src/fleet/runner-script.js";
import { BackgroundCopyManager } from "../../src/index.js";
import { makeStandInPrefix, missingTools, STAND_IN, startComServer } from "../support/com-server/index.js";
import { powerShellPath, WINE_POWERSHELL, WINE_POWERSHELL_32 } from "../support/powershells.js";
import { withProgram } from "../support/run-script.js";
import { makeWinePrefix, type WinePrefix } from "../support/wine.js";
import { answerOf, NAMES, UNKNOWN_JOB } from "./runner-answer.js";

const winePowerShell = inject("winePowerShell") as string;

describe.skipIf(!winePowerShell)(`the script, with jobs of Wine's BITS, ${WINE_POWERSHELL}`, () => {
  let manager: BackgroundCopyManager;
  beforeAll(async () => {
    manager = await BackgroundCopyManager.connect({ service: "bits", executable: winePowerShell });
  });
  afterAll(() => manager.close());
  const created: string[] = [];
  const create = async (name: string) => {
    const { id } = await manager.createJob(name);
    created.push(id);
    return id;
  };
  afterEach(async () => {
    await manager.cancelJobs(created.splice(0));
  });

  it.each(["intune", "configuration-manager", "ansible"] as const)(
    "lists them with their names, for %s",
    async (tool) => {
      const prefix = `${tool} `;
      const jobIds = [];
      for (const name of NAMES) {
        jobIds.push(await create(prefix + name));
      }
      const { exitCode, answer } = await answerOf(
        winePowerShell,
        runnerScript({ tool, filter: { displayName: `${prefix}*`, state: ["BG_JOB_STATE_SUSPENDED"] } }),
      );
      expect(exitCode).toBe(tool === "intune" ? 1 : 0);
      expect(answer).toMatchObject({ total: 4, counts: { 3: 4 }, omitted: 0, remote: { edition: "Core" } });
      expect(answer.jobs.map(({ jobId, name }) => [jobId, name])).toEqual(
        expect.arrayContaining(jobIds.map((jobId, i) => [jobId, prefix + NAMES[i]])),
      );
    },
  );

  it("cancels exactly the given jobs, as another PowerShell sees", async () => {
    const [first, second, other] = [await create("first"), await create("second"), await create("other")];
    const script = runnerScript({ tool: "intune", action: "cancel", jobIds: [first, second.toUpperCase(), first] });
    const { exitCode, answer } = await answerOf(winePowerShell, script);
    expect(exitCode).toBe(0);
    expect(answer).toMatchObject({ total: 2, counts: { "0x00000000": 2 }, omitted: 0 });
    expect(answer.jobs).toEqual([first, second].map((jobId) => ({ jobId, hex: "0x00000000", before: 3, after: 8 })));
    const states = await Promise.all([first, second, other].map((id) => manager.job(id).getState()));
    expect(states).toEqual(["BG_JOB_STATE_CANCELLED", "BG_JOB_STATE_CANCELLED", "BG_JOB_STATE_SUSPENDED"]);
  });

  it("puts a refused job first, and returns 1", async () => {
    const jobIds = [await create("done"), UNKNOWN_JOB];
    const { exitCode, answer } = await answerOf(winePowerShell, runnerScript({ tool: "configuration-manager" }), [
      "-Action",
      "cancel",
      "-JobId",
      jobIds.join(","),
    ]);
    expect(exitCode).toBe(1);
    expect(answer.counts).toEqual({ "0x00000000": 1, "0x80200001": 1 });
    expect(answer.jobs[0]).toEqual({
      jobId: UNKNOWN_JOB,
      hex: "0x80200001",
      method: "IBackgroundCopyManager::GetJob",
    });
  });

  describe("that are many, with long names,", () => {
    const name = `long ${"中😀".repeat(30)}`;
    let jobIds: string[];
    beforeAll(async () => {
      const jobs = await Promise.all(Array.from({ length: 40 }, () => manager.createJob(name)));
      jobIds = jobs.map(({ id }) => id);
    });
    afterAll(async () => {
      await manager.cancelJobs(jobIds);
    });

    it.each([
      ["intune", 2048, false],
      ["configuration-manager", 4096, false],
      ["ansible", Number.POSITIVE_INFINITY, true],
    ] as const)("cuts the list for %s, by rule", async (tool: RunnerTool, limit, complete) => {
      const script = runnerScript({ tool, filter: { displayName: "long *" } });
      const { line, answer } = await answerOf(winePowerShell, script);
      expect((tool === "configuration-manager" ? JSON.stringify(line) : line).length + 2).toBeLessThanOrEqual(limit);
      expect(answer).toMatchObject({ total: 40, counts: { 3: 40 }, omitted: 40 - answer.jobs.length });
      expect(answer.omitted === 0).toBe(complete);
      for (const job of answer.jobs) {
        expect(name.startsWith(job.name as string)).toBe(true);
        expect(job.name).not.toMatch(/[\ud800-\udbff]$/);
        expect(job.cut).toBe(complete ? undefined : true);
      }
    });
  });
});

const windowsPowerShell = powerShellPath(WINE_POWERSHELL);
const powershell32 = powerShellPath(WINE_POWERSHELL_32);

// In Wine 8, a 32-bit PowerShell can't check signatures, so that it runs scripts only with the execution policy of the tools.
describe.skipIf(!powershell32 || !windowsPowerShell)(
  `the script, with jobs of Wine's BITS, ${WINE_POWERSHELL_32}`,
  () => {
    let prefix: WinePrefix;
    let manager: BackgroundCopyManager;
    let executable: string;
    beforeAll(async () => {
      prefix = await makeWinePrefix(windowsPowerShell as string, { runs32Bit: true });
      executable = withProgram(prefix.executable, powershell32 as string);
      manager = await BackgroundCopyManager.connect({ service: "bits", executable: prefix.executable });
    });
    afterAll(async () => {
      await manager?.close();
      prefix?.remove();
    });

    it("lists them, and cancels exactly the given ones, as another PowerShell sees", async () => {
      const [{ id: first }, { id: other }] = [
        await manager.createJob(NAMES[1] as string),
        await manager.createJob("other"),
      ];
      const list = runnerScript({ tool: "configuration-manager" });
      const listed = await answerOf(executable, list);
      expect(listed).toMatchObject({ exitCode: 0, answer: { total: 2, counts: { 3: 2 }, remote: { bits: 32 } } });
      expect(listed.answer.jobs.map(({ jobId, name }) => [jobId, name])).toEqual(
        expect.arrayContaining([
          [first, NAMES[1]],
          [other, "other"],
        ]),
      );
      const jobIds = [first, UNKNOWN_JOB];
      const canceled = await answerOf(executable, runnerScript({ tool: "intune", action: "cancel", jobIds }));
      expect(canceled.exitCode).toBe(1);
      expect(canceled.answer.counts).toEqual({ "0x00000000": 1, "0x80200001": 1 });
      const states = await Promise.all([first, other].map((id) => manager.job(id).getState()));
      expect(states).toEqual(["BG_JOB_STATE_CANCELLED", "BG_JOB_STATE_SUSPENDED"]);
    });
  },
);

const missing = windowsPowerShell ? missingTools() : WINE_POWERSHELL;

describe.skipIf(missing)(`the script on a ${STAND_IN}, ${WINE_POWERSHELL}`, () => {
  let prefix: WinePrefix;
  beforeAll(async () => {
    prefix = await makeStandInPrefix(windowsPowerShell as string);
  });
  afterAll(() => prefix?.remove());

  it("lists the jobs of all users, those in an error first, and cancels one of another user", async () => {
    await using server = await startComServer(prefix.path, "bits");
    const jobs = [];
    for (const sid of ["S-1-5-21-1-2-3-500", "S-1-5-18", "S-1-5-20"]) {
      jobs.push(((await server.command(`foreign ${sid}`)) as { id: string }).id.toLowerCase());
    }
    await server.command(`fail ${jobs[2]} 0x80190194`);
    await server.command(`transient ${jobs[1]} 0x80072EE7`);
    const { answer } = await answerOf(prefix.executable, runnerScript({ tool: "intune" }));
    expect(answer.jobs.map(({ jobId, state, error, owner }) => [jobId, state, error, owner])).toEqual([
      [jobs[2], 4, "0x80190194", "S-1-5-20"],
      [jobs[1], 5, "0x80072EE7", "S-1-5-18"],
      [jobs[0], 3, undefined, "S-1-5-21-1-2-3-500"],
    ]);
    const cancel = runnerScript({ tool: "intune", action: "cancel", jobIds: [jobs[1] as string] });
    expect(await answerOf(prefix.executable, cancel)).toMatchObject({
      exitCode: 0,
      answer: { counts: { "0x00000000": 1 } },
    });
  });

  it("reports that the list was refused", async () => {
    await using server = await startComServer(prefix.path, "bits", ["standard-user"]);
    const { exitCode, answer } = await answerOf(prefix.executable, runnerScript({ tool: "intune" }));
    expect(exitCode).toBe(3);
    expect(answer.error).toEqual({ hex: "0x80070005", method: "IBackgroundCopyManager::EnumJobs" });
    await server.references();
  });

  it("reports that the service is not there", async () => {
    const { exitCode, answer } = await answerOf(
      prefix.executable,
      runnerScript({ tool: "intune", service: "delivery-optimization" }),
    );
    expect(exitCode).toBe(3);
    expect(answer.error).toMatchObject({ code: "SERVICE_UNAVAILABLE", method: "CoCreateInstance" });
  });
});
