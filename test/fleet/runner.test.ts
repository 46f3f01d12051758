import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import { runnerScript, type RunnerTool } from "../../src/fleet/runner-script.js";
import { BackgroundCopyManager } from "../../src/index.js";
import { makeStandInPrefix, missingTools, STAND_IN, startComServer } from "../support/com-server/index.js";
import { ROOT } from "../support/packed.js";
import { ownPowerShells, powerShellPath, WINE_POWERSHELL, WINE_POWERSHELL_32 } from "../support/powershells.js";
import { run } from "../support/run.js";
import { runPowerShell } from "../support/run-powershell.js";
import { runScript, withProgram } from "../support/run-script.js";
import { makeWinePrefix, type WinePrefix } from "../support/wine.js";

const MODULE = join(ROOT, "ps", "BackgroundCopy");
const UNKNOWN_JOB = "00000000-0000-4000-8000-000000000001";
const NAMES = ["it's a $(name) `", '"中文" 😀😀', "‘curly’ “quotes”", "\ud83d lonely"];

interface Answer {
  readonly backgroundCopy: number;
  readonly total: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly omitted: number;
  readonly jobs: readonly { readonly jobId: string; readonly name?: string; readonly [property: string]: unknown }[];
  readonly remote?: object;
  readonly error?: object;
}

/** Runs a script and reads its only line. */
async function answerOf(
  executable: string,
  script: string,
  args: readonly string[] = [],
): Promise<{ exitCode: number | null; line: string; answer: Answer }> {
  const { exitCode, lines } = await runScript(executable, script, args);
  expect(lines).toHaveLength(1);
  const [line = ""] = lines;
  expect(line).toMatch(/^[ -~]*$/);
  return { exitCode, line, answer: JSON.parse(line) as Answer };
}

describe("the script for tools that run scripts", () => {
  it("contains the module, and reads no file", () => {
    const script = runnerScript({ tool: "intune" });
    expect(script).toMatch(/^[\n -~]*$/);
    expect(script).not.toMatch(/Invoke-Expression|EncodedCommand|Import-Module .*PSScriptRoot/);
    for (const part of script.matchAll(/^\$null = New-Module -Name 'BackgroundCopy.(.*)'/gm)) {
      expect(script).toContain(
        readFileSync(join(MODULE, `${part[1]}.psm1`), "utf8")
          .split("\n")
          .at(-2) as string,
      );
    }
  });

  it.each([
    [
      { tool: "ssm" },
      'TypeError: "ssm" is not a valid value for tool. Possible values: configuration-manager, intune, ansible.',
    ],
    [{ tool: "intune", action: "remove" }, "is not a valid value for action"],
    [{ tool: "intune", service: "embedded" }, "is not a valid value for service"],
    [{ tool: "intune", action: "cancel" }, "jobIds must be an array"],
    [{ tool: "ansible", action: "cancel", jobIds: ["x"] }, 'Item 0: "x" is not a job ID'],
    [{ tool: "ansible", action: "cancel", filter: { displayName: "*" } }, '"filter" is not an option'],
    [{ tool: "ansible", jobIds: [UNKNOWN_JOB] }, '"jobIds" is not an option'],
    [{ tool: "ansible", filter: { displayName: "[" } }, "is not a valid pattern for displayName"],
    [{ tool: "ansible", filter: { createdBefore: new Date() } }, '"createdBefore" is not an option'],
    [{ tool: "ansible", filter: { state: "ERROR" } }, '"ERROR" is not a valid value for state'],
    [{ tool: "ansible", computer: "x" }, '"computer" is not an option'],
  ])("is not made of %j", (options, message) => {
    expect(() => runnerScript({ locale: "en", ...options } as never)).toThrow(message.replace("TypeError: ", ""));
  });
});

describe.each(ownPowerShells)("the script without COM, $label", ({ path }) => {
  const powershell = path as string;

  describe.skipIf(!path || process.platform === "win32")("on this system", () => {
    it("reports that the service can't be used, with the exit code 3", async () => {
      const { exitCode, answer } = await answerOf(powershell, runnerScript({ tool: "configuration-manager" }));
      expect(exitCode).toBe(3);
      expect(answer).toMatchObject({ backgroundCopy: 1, error: { code: "UNSUPPORTED" }, total: 0, jobs: [] });
    });

    it("is the same script in the package, with the module next to it", async () => {
      const args = ["-NoProfile", "-NonInteractive", "-File", join(MODULE, "runner.ps1")];
      const { stdout, exitCode } = await run(powershell, args, { TERM: "dumb", NO_COLOR: "1" });
      expect(exitCode).toBe(3);
      expect(JSON.parse(stdout)).toMatchObject({ backgroundCopy: 1, error: { code: "UNSUPPORTED" } });
    });

    it("names the parameter that is not valid", async () => {
      const calls = {
        "-Tool ssm": "Tool",
        "-Service BITS": "Service",
        "-Action remove": "Action",
        "-State BG_JOB_STATE_ERROR,ERROR": "State",
        "-DisplayName [a": "DisplayName",
        "-Owner [z-a]": "Owner",
        "-Action cancel -JobId {00000000-0000-4000-8000-000000000001}": "JobId",
        // A list has no IDs, and nothing else is done without them.
        [`-JobId ${UNKNOWN_JOB}`]: "JobId",
        "-Action cancel": "JobId",
        "-Action cancel -DisplayName *": "JobId",
      };
      const { stdout } = await runPowerShell(
        powershell,
        Object.keys(calls)
          .map((call) => `& $env:SCRIPT ${call.replace(/(?<= )[^- ]\S*|(?<=Name )\S+/g, "'$&'")}; $LASTEXITCODE`)
          .join("\n"),
        { SCRIPT: join(MODULE, "runner.ps1") },
      );
      const lines = stdout.trim().split("\n");
      const said = lines.flatMap((line, i) => (i % 2 ? [] : [[(JSON.parse(line) as Answer).error, lines[i + 1]]]));
      expect(said).toEqual(Object.values(calls).map((detail) => [{ code: "PROTOCOL", detail }, "3"]));
    });

    it("takes every text as data", async () => {
      const script = `${runnerScript({ tool: "ansible", filter: { displayName: NAMES.join(" ") } }).split("\n\n$ErrorAction")[0]}
-join ([int[]][char[]]$DisplayName | ForEach-Object { $_.ToString('x4') })`;
      const { lines } = await runScript(powershell, script);
      const expected = Array.from(NAMES.join(" "), (c) => [...Array(c.length).keys()].map((i) => c.charCodeAt(i)));
      expect(lines.join("")).toBe(
        expected
          .flat()
          .map((code) => code.toString(16).padStart(4, "0"))
          .join(""),
      );
    });

    it("reports Constrained Language Mode", async () => {
      const script = `$ExecutionContext.SessionState.LanguageMode = 'ConstrainedLanguage'\n${runnerScript({ tool: "intune" }).replace(/^param\([\s\S]*?^\)/m, "$Tool = $Action = $JobId = $DisplayName = $Owner = $State = $Service = ''")}`;
      const { exitCode, answer } = await answerOf(powershell, script);
      expect(exitCode).toBe(3);
      expect(answer.error).toMatchObject({ code: "CONSTRAINED_LANGUAGE" });
    });

    // The length of the name moves the end of the line over the limit, one character at a time.
    it.each(["intune", "configuration-manager"] as const)(
      "fills the output of %s, and never exceeds it",
      async (tool) => {
        const limit = tool === "intune" ? 2048 : 4096;
        const { stdout } = await runPowerShell(
          powershell,
          `Import-Module $env:MODULE; & (Get-Module runner) { foreach ($length in 0..120) { $jobs = [Collections.Generic.List[object]]::new(); foreach ($i in 0..60) { $jobs.Add(@{ Rank = $(if ($i -eq 60) { 0 } else { 2 }); Group = 'x'; Value = [ordered]@{ jobId = "$i"; name = '"' * $i + [char]0x4E2D + 'n' * $length } }) }; ConvertTo-AnswerLine ([ordered]@{}) $jobs $script:tools['${tool}'] } }`,
          { MODULE: join(MODULE, "runner.psm1") },
        );
        const lines = stdout.trim().split("\n");
        expect(lines).toHaveLength(121);
        // In the output, the line ends with a carriage return and a line feed, and Configuration Manager makes it a JSON string.
        const sizes = lines.map((line) => (tool === "intune" ? line : JSON.stringify(line)).length + 2);
        expect(Math.max(...sizes)).toBeLessThanOrEqual(limit);
        expect(Math.max(...sizes)).toBeGreaterThan(limit - 8);
        for (const line of lines) {
          const { total, counts, omitted, jobs } = JSON.parse(line) as Answer;
          expect({ total, counts, omitted }).toEqual({ total: 61, counts: { x: 61 }, omitted: 61 - jobs.length });
          expect(jobs[0]?.jobId).toBe("60");
          expect(omitted).toBeGreaterThan(0);
        }
      },
    );
  });
});

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

  it.each([
    ["intune", 2048, false],
    ["configuration-manager", 4096, false],
    ["ansible", Number.POSITIVE_INFINITY, true],
  ] as const)("cuts a long list for %s, by rule", async (tool: RunnerTool, limit, complete) => {
    const name = `long ${tool} ${"中😀".repeat(30)}`;
    for (let i = 0; i < 40; i++) {
      await create(name);
    }
    const filter = { displayName: `long ${tool}*` };
    const { line, answer } = await answerOf(winePowerShell, runnerScript({ tool, filter }));
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
