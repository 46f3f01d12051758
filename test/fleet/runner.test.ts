import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runnerScript } from "../../src/fleet/runner-script.js";
import "../../src/words/every-language.js";
import { ROOT } from "../support/packed.js";
import { ownPowerShells } from "../support/powershells.js";
import { run } from "../support/run.js";
import { runPowerShell } from "../support/run-powershell.js";
import { runScript } from "../support/run-script.js";
import { answerOf, NAMES, UNKNOWN_JOB, type Answer } from "./runner-answer.js";

const MODULE = join(ROOT, "ps", "BackgroundCopy");

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
