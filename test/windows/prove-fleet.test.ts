import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, inject, it, onTestFinished } from "vitest";
import { SENT_MODULE } from "../../src/made/sent-module.js";
import { ROOT } from "../support/packed.js";
import { PWSH, WINE_POWERSHELL } from "../support/powershells.js";
import { run } from "../support/run.js";
import { runScript } from "../support/run-script.js";
import { shellWord } from "../support/shell-word.js";
import { freePorts, plainProgram, sshServer, startSshServer } from "../support/ssh-server.js";

const pwsh = inject("pwsh");
const winePowerShell = inject("winePowerShell");

/** A folder until the test has finished. */
function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "background-copy-prove-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs the proof against a server on this machine. */
async function proof(command: string | undefined, ...args: string[]): Promise<string> {
  const [port = 0] = await freePorts(1);
  await using server = await startSshServer([{ port, command }]);
  const { stdout, stderr } = await run(
    process.execPath,
    [
      join(ROOT, "test", "windows", "prove.js"),
      ...["--fleet", "127.0.0.1", "--port", String(port), "--user", server.user],
      ...["--identity", server.identityFile, "--known-hosts", server.knownHostsFile, ...args],
    ],
    {},
  );
  expect(stderr).toBe("");
  expect(stdout).toContain("| a line with 256000 characters | 256000 | 256000 | yes |");
  expect(stdout).toMatch(/busy for 20 seconds, and whose connection was cut \| (?:has ended after|still runs after) /);
  return stdout;
}

describe.skipIf(!sshServer.path || !pwsh)(`the proof of a fleet, in a dry run: ${sshServer.label}, ${PWSH}`, () => {
  it("prints the cause where the service is missing, and the rest", async () => {
    const folder = temporaryFolder();
    const printed = await proof(undefined, "--powershell", plainProgram(folder, pwsh as string));
    expect(printed).toContain("| connect with ssh | UNSUPPORTED: ");
    expect(printed).toContain("| connect with psremoting | UNSUPPORTED: ");
    expect(printed).toContain(
      "| ü中😀 to PowerShell, as UTF-8 | 252 20013 55357 56832 | 252 20013 55357 56832 | yes |",
    );
    expect(printed).toMatch(/^\| default shell: echo %COMSPEC% \$PSHOME \$0 \| "%COMSPEC% +\S+" \|/m);
  });
});

describe.skipIf(!sshServer.path || !winePowerShell)(
  `the proof of a fleet, in a dry run: ${sshServer.label}, ${WINE_POWERSHELL}`,
  () => {
    it("prints what BITS allows", async () => {
      const folder = temporaryFolder();
      const command = join(folder, "start");
      const args = "-NoLogo -NoProfile -NonInteractive -NoExit -Command -";
      writeFileSync(command, `#!/bin/sh\nexec ${shellWord(winePowerShell as string)} ${args}\n`);
      chmodSync(command, 0o755);
      const printed = await proof(command);
      for (const name of ["EnumJobs of the account", "EnumJobs of all users", "GetJob"]) {
        expect(printed).toContain(`| ssh: ${name} | S_OK | S_OK | yes |`);
      }
      for (const name of ["CreateJob", "AddFile", "Resume"]) {
        expect(printed).toContain(`| ssh: ${name} | S_OK |`);
      }
      // Wine's BITS does not find the file of the job.
      expect(printed).toContain("| ssh: Cancel | BG_S_UNABLE_TO_DELETE_FILES | S_OK | NO |");
      // The code page of its console damages what is not ASCII.
      expect(printed).toMatch(/^\| ü中😀 to PowerShell, as UTF-8 \| .* \| NO \|/m);
    });
  },
);

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
