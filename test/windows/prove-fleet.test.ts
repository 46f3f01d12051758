import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { SENT_MODULE } from "../../src/made/sent-module.js";
import { ROOT } from "../support/packed.js";
import { PWSH, WINE_POWERSHELL } from "../support/powershells.js";
import { run } from "../support/run.js";
import { runScript } from "../support/run-script.js";
import { freePorts, sshServer, startSshServer } from "../support/ssh-server.js";

const pwsh = inject("pwsh");
const winePowerShell = inject("winePowerShell");

describe.skipIf(!sshServer.path || !pwsh)(`the proof of a fleet, in a dry run: ${sshServer.label}, ${PWSH}`, () => {
  it("prints what a session over SSH allows, and the cause where the service is missing", async () => {
    const [port = 0] = await freePorts(1);
    await using server = await startSshServer([{ port }]);
    const { stdout, stderr } = await run(
      process.execPath,
      [
        join(ROOT, "test", "windows", "prove.js"),
        ...["--fleet", "127.0.0.1", "--port", String(port), "--user", server.user, "--powershell", pwsh as string],
        ...["--identity", server.identityFile, "--known-hosts", server.knownHostsFile],
      ],
      {},
    );
    expect(stderr).toBe("");
    expect(stdout).toContain("| connect with ssh | UNSUPPORTED: ");
    expect(stdout).toContain("| a line with 256000 characters | 256000 | 256000 | yes |");
    expect(stdout).toContain("| ü中😀 to PowerShell, as UTF-8 | 252 20013 55357 56832 | 252 20013 55357 56832 | yes |");
    expect(stdout).toMatch(/^\| default shell: echo %COMSPEC% \$PSHOME \$0 \| "%COMSPEC% +\S+" \|/m);
    expect(stdout).toMatch(/^\| a busy PowerShell whose connection was cut \| (?:has ended after|still runs after) /m);
  });
});

describe.skipIf(!winePowerShell)(`the probe for PowerShell remoting, in a dry run: ${WINE_POWERSHELL}`, () => {
  it("calls each method for its own job", async () => {
    const probe = readFileSync(join(ROOT, "test", "windows", "probe.ps1"), "utf8");
    const { lines } = await runScript(winePowerShell as string, SENT_MODULE.bits.text + probe);
    expect(lines).toEqual([
      ...["EnumJobs(own)", "EnumJobs(all)", "CreateJob", "GetJob", "AddFile", "Resume"].map(
        (name) => `${name} 0x00000000`,
      ),
      expect.stringMatching(/^Cancel 0x00(?:000000|20001A)$/),
    ]);
  });
});
