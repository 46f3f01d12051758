import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { SENT_MODULE } from "../../../src/made/sent-module.js";
import { bootstrapLine } from "../../../src/powershell/bootstrap.js";
import { ProcessHost } from "../../../src/powershell/process-host.js";
import { remotingStart } from "../../../src/powershell/psremoting/start.js";
import { ROOT } from "../../support/packed.js";
import { PWSH } from "../../support/powershells.js";
import { type RunningServer, freePorts, plainProgram, sshServer, startSshServer } from "../../support/ssh-server.js";
import { failureOf, language, openOptions } from "../ssh/opening.js";

const pwsh = inject("pwsh") as string;
const WAIT = { timeoutInMs: 600_000 };

// The relay takes any session. Here, PowerShell over SSH makes them: WSMan only exists on Windows.
describe.skipIf(!sshServer.path || !pwsh)(`the relay to a session, ${sshServer.label}, ${PWSH}`, () => {
  let server: RunningServer;
  let port: number;
  const folder = mkdtempSync(join(tmpdir(), "background-copy-relay-"));

  beforeAll(async () => {
    [port = 0] = await freePorts(1);
    const subsystem = `Subsystem powershell ${plainProgram(folder, pwsh)} -sshs -NoLogo`;
    server = await startSshServer([{ port }], { settings: [subsystem] });
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A host behind a session to the server. `prepare` runs in the local PowerShell, with the session in `$s`. */
  function start(prepare: string): ProcessHost {
    const text = join(server.folder, "module.txt");
    writeFileSync(text, SENT_MODULE.bits.text);
    const options = { module: "send" } as const;
    const host = { name: "far", address: "127.0.0.1", port };
    const relay = remotingStart(pwsh, options, host, openOptions(), undefined);
    const ssh = `@{ BatchMode = 'yes'; StrictHostKeyChecking = 'yes'; IdentitiesOnly = 'yes'; UserKnownHostsFile = '${server.knownHostsFile}' }`;
    const session = `$s = New-PSSession -HostName 127.0.0.1 -Port ${port} -UserName ${server.user} -KeyFilePath '${server.identityFile}' -Options ${ssh} -ErrorAction Stop`;
    const module = "Import-Module $env:BACKGROUND_COPY_MODULE -ErrorAction Stop";
    const hash = `$h = '${SENT_MODULE.bits.sha256}'; $t = [IO.File]::ReadAllText('${text}')`;
    const statements = `${module}; ${session}; ${hash}; ${prepare}; Start-SessionRelay $s $m 600000 ([Console]::In)`;
    const input = bootstrapLine("$env:BACKGROUND_COPY_MARKER", statements);
    return new ProcessHost({ ...relay, input }, { service: "bits", language });
  }

  it("sends the module, and passes on requests and answers", async () => {
    const far = start("Send-Module $s $t $h ''");
    await far.ready;
    for (const text of ["plain", '"$(exit) `$x ü 中 \ud800 %PATH%', "long ".repeat(40_000)]) {
      expect((await far.request("host.echo", { text }, WAIT)).text).toBe(text);
    }
    const identity = await far.request("host.identify", {}, WAIT);
    expect(identity.languageMode).toBe("FullLanguage");
    expect(identity.moduleSha256).toBeUndefined();
    await expect(far.request("service.open", { service: "bits" }, WAIT)).rejects.toMatchObject({ code: "UNSUPPORTED" });
    await far.close();
  });

  it("uses an installed module", async () => {
    const installed = join(server.folder, `copy ${randomBytes(4).toString("hex")}`);
    cpSync(join(ROOT, "ps", "BackgroundCopy"), installed, { recursive: true });
    const far = start(`Send-Module $s '' '' '${installed}/host.psm1'`);
    await far.ready;
    expect((await far.request("host.identify", {}, WAIT)).moduleSha256).toMatch(/^[0-9A-F]{64}$/);
    await far.close();
  });

  it("refuses a module that was changed on the way", async () => {
    const far = start("Send-Module $s ($t + ' ') $h ''");
    expect(await failureOf(far.ready)).toMatchObject({ code: expect.any(String), outcome: "not sent" });
    expect(far.failure?.diagnostics.join()).toContain("BackgroundCopyModuleDamaged");
  });

  it("knows that a session is lost, and does not run later requests as commands", async () => {
    const far = start("Send-Module $s $t $h ''");
    await far.ready;
    await far.request("host.echo", { text: "x" }, WAIT);
    const found = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" });
    for (const [, pid, parent] of found.matchAll(/^\s*(\d+)\s+(\d+)$/gm)) {
      if (Number(parent) === server.pid) {
        process.kill(Number(pid), "SIGKILL");
      }
    }
    const lost = failureOf(far.request("host.echo", { text: "y" }, WAIT));
    const later = failureOf(far.request("host.echo", { text: "$(exit 3)" }, WAIT));
    expect(await lost).toMatchObject({ code: "HOST_LOST", outcome: "unknown" });
    expect(await later).toMatchObject({ code: "HOST_LOST", outcome: "not sent" });
  });

  it("opens the session with the settings and the credential of the caller", async () => {
    const seen = join(server.folder, "seen.json");
    // In place of the command for WSMan, which notes what it is asked for, and opens a session over SSH.
    const ssh = `@{ BatchMode = 'yes'; StrictHostKeyChecking = 'yes'; IdentitiesOnly = 'yes'; UserKnownHostsFile = '${server.knownHostsFile}' }`;
    const stand =
      "function global:New-PSSession($ComputerName, $SessionOption, $Port, $ConfigurationName, $Credential, [switch]$UseSSL) { " +
      "$asked = @{ computer = $ComputerName; open = $SessionOption.OpenTimeout.TotalMilliseconds; retries = $SessionOption.MaxConnectionRetryCount; port = $Port; endpoint = $ConfigurationName; ssl = [bool]$UseSSL; user = $Credential.UserName; password = $Credential.GetNetworkCredential().Password }; " +
      `[IO.File]::WriteAllText('${seen}', (ConvertTo-Json $asked)); ` +
      `Microsoft.PowerShell.Core\\New-PSSession -HostName 127.0.0.1 -Port ${port} -UserName ${server.user} -KeyFilePath '${server.identityFile}' -Options ${ssh} -ErrorAction Stop }\n`;
    const password = 'a "secret" $(exit) ü 中';
    const options = { useSsl: true, configurationName: "Microsoft.PowerShell" };
    const host = { name: "far", address: "far.example.com", port: 5986 };
    const open = openOptions({ timeoutInMs: 15_000 });
    const relay = remotingStart(pwsh, options, host, open, { user: "EXAMPLE\\ops", password });
    const { executable, arguments: given, environment } = relay.program;
    expect(JSON.stringify([executable, given, environment])).not.toContain("secret");
    const far = new ProcessHost({ ...relay, input: stand + relay.input }, { service: "bits", language });
    await far.ready;
    expect((await far.request("host.echo", { text: "x" }, WAIT)).text).toBe("x");
    await far.close();
    expect(JSON.parse(readFileSync(seen, "utf8"))).toEqual({
      computer: "far.example.com",
      open: 15_000,
      retries: 0,
      port: 5986,
      endpoint: "Microsoft.PowerShell",
      ssl: true,
      user: "EXAMPLE\\ops",
      password,
    });
  });

  it.skipIf(process.platform === "win32")("reports that a session can't be opened", async () => {
    // PowerShell on this system has no client of WSMan.
    const host = { name: "far", address: "127.0.0.1" };
    const far = new ProcessHost(remotingStart(pwsh, {}, host, openOptions(), undefined), { service: "bits", language });
    const error = await failureOf(far.ready);
    expect(error.outcome).toBe("not sent");
    expect(error.diagnostics.join()).toContain("BackgroundCopyRemoting");
  });
});
