import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, inject, it, vi } from "vitest";
import { BridgeError } from "../../src/words/errors.js";
import { Host } from "../../src/powershell/host.js";
import { describePowerShell, openPowerShellService } from "../../src/powershell/index.js";
import type { MethodName, Params } from "../../src/port/protocol.js";
import { writeHostFile } from "../../src/build/host-file.js";
import { files, LOGGED, SYSTEM_LOG, systemLog, transcribedTo } from "../support/logging.js";
import { ROOT } from "../support/packed.js";
import { PWSH } from "../support/powershells.js";

const TIMEOUT = { timeoutInMs: 60_000 };
const MODULE = join(ROOT, "ps", "BackgroundCopy");
const language = { locale: "en", wording: "documented" } as const;
const SECRET = "a-secret-that-nobody-else-has";

/** Every request, with a secret in every place where a caller can put one. */
const REQUESTS: readonly [MethodName, Params<MethodName>][] = [
  ["host.echo", { text: SECRET }],
  ["host.echo", { text: `${SECRET} \u4e2d \ud800` }],
  ["host.describe", {}],
  ["service.open", { service: "bits" }],
  [
    "job.create",
    {
      displayName: SECRET,
      type: 0,
      settings: { description: SECRET, customHeaders: `Authorization: ${SECRET}` },
      files: [{ remoteUrl: `http://${SECRET}/`, localName: SECRET }],
    },
  ],
  ["job.list", { allUsers: false, page: 0 }],
  ["job.describe", { jobIds: [SECRET], detail: "all", languageId: 0 }],
  ["job.set", { jobId: SECRET, settings: { notifyCmdLine: { program: SECRET, parameters: SECRET } } }],
  ["job.setCredentials", { jobId: SECRET, target: 1, scheme: 1, userName: SECRET, password: SECRET }],
  ["job.replaceRemotePrefix", { jobId: SECRET, oldPrefix: SECRET, newPrefix: SECRET }],
  ["job.addFile", { jobId: SECRET, remoteUrl: SECRET, localName: SECRET }],
  ["job.cancel", { jobIds: [SECRET], languageId: 0 }],
];

/** Replaces services.psm1 and, in the same file, jobs.psm1: reports success for everything. */
const JOBS_STAND_IN = `
function Open-TransferService { @{ Code = 0; Method = 'M'; Obstacle = $null; Service = @{ Face = @{ Interface = 'IBackgroundCopyManager' } } } }
function Close-TransferService { }
function Get-Yes { @{ Code = 0; Method = 'M'; CalledMethod = $null; JobId = $null; JobIds = @(); Job = @{ state = 1 }; StateBefore = 1; StateAfter = 1; LeftoverFiles = $null; JobError = $null } }
foreach ($name in 'New-TransferJob', 'Add-TransferFile', 'Invoke-JobPart', 'Get-TransferJobId', 'Read-TransferJob', 'Invoke-JobVerb', 'Test-BitsJob') {
    Set-Item -Path "function:$name" -Value { Get-Yes }
}
Export-ModuleMember -Function *
`;

const pwsh = inject("pwsh") as string;

describe.skipIf(!pwsh || process.platform === "win32")(`a watched machine, ${PWSH}`, () => {
  let home: string;

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "background-copy-watched-"));
    for (const name of ["config/powershell", "cache", "data", "logs", "temp"]) {
      mkdirSync(join(home, name), { recursive: true });
    }
    vi.stubEnv("XDG_CONFIG_HOME", join(home, "config"));
    vi.stubEnv("XDG_CACHE_HOME", join(home, "cache"));
    vi.stubEnv("XDG_DATA_HOME", join(home, "data"));
    vi.stubEnv("TMPDIR", join(home, "temp"));
    vi.stubEnv("HOME", home);
  });

  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(home, { recursive: true, force: true });
  });

  async function askEverything(module = MODULE): Promise<number> {
    const modulePath = join(module, "BackgroundCopy.psd1");
    const host = new Host({ executable: pwsh, modulePath, executionPolicy: "RemoteSigned", service: "bits", language });
    await host.ready;
    const { pid } = host;
    for (const [method, params] of REQUESTS) {
      await host.request(method, params, TIMEOUT).catch((error) => expect(error).toBeInstanceOf(BridgeError));
    }
    const threads = process.platform === "linux" ? readdirSync(`/proc/${pid}/task`) : [];
    const children = threads.map((task) => readFileSync(`/proc/${pid}/task/${task}/children`, "utf8")).join("");
    await host.close();
    expect(children).toBe("");
    return pid as number;
  }

  it("has no request in its transcripts, and no secret in any file", async () => {
    const transcribed = transcribedTo(join(home, "logs"));
    writeFileSync(join(home, "config", "powershell", "powershell.config.json"), JSON.stringify(transcribed));
    await askEverything();
    const transcripts = files(join(home, "logs")).map((path) => readFileSync(path, "utf8"));
    expect(transcripts.join()).toContain("Start-BackgroundCopyHost");
    for (const path of files(home)) {
      const text = readFileSync(path, "latin1");
      expect(text).not.toContain(SECRET);
      expect(text).not.toContain("jsonrpc");
    }
  });

  it("has no secret and no request in the log of its commands", async ({ skip }) => {
    const log = await systemLog();
    if (typeof log === "string") {
      skip(`${SYSTEM_LOG} can't be listened to: ${log}`);
      return;
    }
    try {
      writeFileSync(join(home, "config", "powershell", "powershell.config.json"), JSON.stringify(LOGGED));
      // There is no COM here, so the requests reach the code that would call it.
      const module = join(home, "module");
      cpSync(MODULE, module, { recursive: true });
      writeFileSync(join(module, "services.psm1"), JOBS_STAND_IN);
      writeFileSync(join(module, "jobs.psm1"), "");
      writeHostFile(module);
      const pid = await askEverything(module);
      const entries = () => log.entriesOf(pid);
      await expect
        .poll(() => entries().join("\n"))
        .toContain('ParameterBinding(Start-BackgroundCopyHost): name="Marker"');
      // Not the text of the module, which contains "jsonrpc", but the parameters and actions of its commands.
      const executions = entries().filter((entry) => entry.includes("ParameterBinding("));
      expect(entries().join("\n")).not.toContain(SECRET);
      expect(executions.join("\n")).not.toContain("jsonrpc");
    } finally {
      await log.close();
    }
  });

  it("has no file more than after PowerShell alone, and no process but PowerShell", async () => {
    execFileSync(pwsh, ["-NoProfile", "-NonInteractive", "-Command", "-"], { input: "Get-ExecutionPolicy\nexit\n" });
    const before = files(home);
    await askEverything();
    expect(files(home)).toEqual(before);
  });

  it("has no profile of a start, which a kill could damage for every later PowerShell", async () => {
    await askEverything();
    expect(files(join(home, "cache")).filter((path) => path.includes("StartupProfileData"))).toEqual([]);
  });

  it("has its own modules, whatever the environment names and whatever the user's own folder holds", async () => {
    const foreign = join(home, "foreign");
    const personal = join(home, "data", "powershell", "Modules");
    const caught = join(home, "caught");
    const names = ["Microsoft.PowerShell.Security", "Microsoft.PowerShell.Utility", "Microsoft.PowerShell.Management"];
    for (const name of [...names, "PSReadLine", "BackgroundCopy", "host", "diagnose", "jobs"]) {
      for (const folder of [foreign, personal]) {
        mkdirSync(join(folder, name), { recursive: true });
        writeFileSync(
          join(folder, name, `${name}.psm1`),
          `[IO.File]::WriteAllText('${caught}', '${name}')\nfunction ConvertTo-Json { 'caught' }\nfunction Get-ExecutionPolicy { 'caught' }\nExport-ModuleMember -Function *`,
        );
      }
    }
    // Otherwise, the test would prove nothing.
    execFileSync(pwsh, ["-NoProfile", "-NonInteractive", "-Command", "-"], { input: "Get-ExecutionPolicy\nexit\n" });
    expect(existsSync(caught)).toBe(true);
    rmSync(caught);
    const wrong = join(foreign, "pwsh");
    writeFileSync(wrong, `#!/bin/sh\necho caught > '${caught}'\n`, { mode: 0o755 });
    vi.stubEnv("PSModulePath", foreign);
    vi.stubEnv("NODE_POWERSHELL", wrong);
    vi.stubEnv("PSExecutionPolicyPreference", "Bypass");
    vi.stubEnv("DOTNET_STARTUP_HOOKS", join(foreign, "nothing.dll"));
    vi.stubEnv("CORECLR_ENABLE_PROFILING", "1");
    const folder = process.cwd();
    await askEverything();
    const options = { service: "bits", language, executable: pwsh } as const;
    await describePowerShell(options);
    await expect(openPowerShellService(options)).rejects.toMatchObject({ code: "UNSUPPORTED" });
    expect(existsSync(caught)).toBe(false);
    expect(process.cwd()).toBe(folder);
  });
});
