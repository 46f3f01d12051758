import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { readAnswers, type RunnerAnswer } from "../../src/fleet/answers.js";
import { runnerScript } from "../../src/fleet/runner-script.js";
import { ansible, TRANSCRIPT_VERSION } from "../support/ansible.js";
import {
  makeStandInPrefix,
  missingTools,
  STAND_IN,
  startComServer,
  type ComServer,
} from "../support/com-server/index.js";
import { ROOT } from "../support/packed.js";
import { PWSH, powerShellPath, WINE_POWERSHELL } from "../support/powershells.js";
import { run } from "../support/run.js";
import { withoutMta } from "../support/run-script.js";
import { shellWord } from "../support/shell-word.js";
import { freePorts, sshServer, startSshServer, type RunningServer } from "../support/ssh-server.js";
import type { WinePrefix } from "../support/wine.js";

// The playbook of docs/examples is run as it is, against a real SSH server. Each of its ports stands for a computer. `npm run transcripts`
// keeps what Ansible prints, which is compared where Ansible is of the same version.

const INTRODUCTION = `What Ansible ${TRANSCRIPT_VERSION} prints for [cancel-failed.yml](../examples/ansible/cancel-failed.yml). Nothing here is Windows: the
computers are ports of one OpenSSH server on Linux, so Ansible uses neither its way to Windows nor become. pc-0002 runs the script in
PowerShell 7 for Windows under Wine with the stand-in transfer service, and pc-0003 with the BITS of Wine. pc-0001 has no service, and
pc-0004 can't be reached.`;

const EXAMPLE = join(ROOT, "docs", "examples", "ansible");
const winePowerShell = inject("winePowerShell") as string;
const windowsPowerShell = powerShellPath(WINE_POWERSHELL);
const missing = [
  ...(windowsPowerShell ? [] : [WINE_POWERSHELL]),
  ...(inject("pwsh") ? [] : [PWSH]),
  ...(missingTools() ? [STAND_IN] : []),
  ...(ansible.path ? [] : [ansible.label]),
  ...(sshServer.path ? [] : [sshServer.label]),
].join(", ");

describe.skipIf(missing)(`the playbook, ${[ansible, sshServer].map(({ label }) => label)}, ${WINE_POWERSHELL}`, () => {
  const NAMES = ["pc-0001", "pc-0002", "pc-0003", "pc-0004"] as const;
  let folder: string;
  let server: RunningServer;
  let prefix: WinePrefix;
  let service: ComServer;

  /** A folder with a program `powershell` that runs a script as Windows' own does, and what a server starts for its client. */
  function host(name: string, executable: string, drive: string): string {
    const path = join(folder, name);
    mkdirSync(path);
    const program = `exec ${shellWord(executable)} -NoProfile -NonInteractive -ExecutionPolicy Bypass -File "${drive}$@"`;
    writeFileSync(join(path, "powershell"), `#!/bin/sh\n${program}\n`);
    const command = join(path, "start");
    writeFileSync(
      command,
      `#!/bin/sh\nPATH=${shellWord(path)}:$PATH\nexport PATH\nexec /bin/sh -c "$SSH_ORIGINAL_COMMAND"\n`,
    );
    for (const file of [join(path, "powershell"), command]) {
      chmodSync(file, 0o755);
    }
    return command;
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "background-copy-ansible-"));
    prefix = await makeStandInPrefix(windowsPowerShell as string);
    service = await startComServer(prefix.path, "bits");
    const ports = await freePorts(4);
    server = await startSshServer([
      { port: ports[0] as number, command: host("pc-0001", inject("pwsh") as string, "") },
      { port: ports[1] as number, command: host("pc-0002", withoutMta(prefix.executable, folder), "Z:") },
      { port: ports[2] as number, command: host("pc-0003", withoutMta(winePowerShell, folder), "Z:") },
    ]);
    // Not the settings of this computer.
    writeFileSync(join(folder, "ansible.cfg"), "[defaults]\n");
    copyFileSync(join(EXAMPLE, "cancel-failed.yml"), join(folder, "cancel-failed.yml"));
    // Where a file names its program in its first line, the servers of other systems than Windows run it.
    writeFileSync(join(folder, "runner.ps1"), `#!/usr/bin/env powershell\n${runnerScript({ tool: "ansible" })}`);
    const vars = {
      ansible_host: "127.0.0.1",
      ansible_user: server.user,
      ansible_ssh_private_key_file: server.identityFile,
      ansible_ssh_common_args: `-F none -o UserKnownHostsFile=${server.knownHostsFile}`,
      ansible_ssh_transfer_method: "piped",
      // As for Windows: PowerShell gives a terminal a title.
      ansible_ssh_use_tty: false,
      ansible_remote_tmp: join(folder, "remote"),
      // Only Windows has it.
      ansible_become: false,
    };
    const hosts = Object.fromEntries(NAMES.map((name, i) => [name, { ansible_port: ports[i] }]));
    writeFileSync(join(folder, "inventory.yml"), JSON.stringify({ computers: { hosts, vars } }));
  }, 300_000);

  afterAll(async () => {
    await service?.stop();
    await server?.[Symbol.asyncDispose]();
    prefix?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const ids = new Map<string, string>();

  /** Makes a failed job of another account. */
  async function failJob(owner: string): Promise<void> {
    const { id } = (await service.command(`foreign ${owner}`)) as { id: string };
    await service.command(`fail ${id} 0x80190194`);
    ids.set(id.toLowerCase(), `00000000-0000-4000-8000-00000000000${ids.size + 1}`);
  }

  /** The states of the jobs that are not over. */
  const states = async () =>
    ((await service.command("jobs")) as { state: number }[]).map(({ state }) => state).filter((state) => state < 7);

  const stable = (text: string) =>
    stripVTControlCharacters(text)
      .replaceAll(folder, "/home/me")
      .replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (id) => ids.get(id) ?? id)
      .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, "2026-11-21T08:30:00Z")
      .replaceAll(/port \d+/g, "port 22")
      .replaceAll(/(powershell\\":\\")[.\d]+/g, "$17")
      .replaceAll(/(version\\":\\")[.\d]+/g, "$10.1.0")
      .replaceAll(/ +$/gm, "");

  async function play(...args: string[]): Promise<string> {
    const { stdout, exitCode } = await run(
      ansible.path as string,
      ["-i", "inventory.yml", "cancel-failed.yml", ...args],
      {
        ANSIBLE_NOCOLOR: "1",
        ANSIBLE_FORKS: "1",
        ANSIBLE_HOME: join(folder, "home"),
        ANSIBLE_LOCAL_TEMP: join(folder, "local"),
        ANSIBLE_SSH_CONTROL_PATH_DIR: join(folder, "cp"),
        ANSIBLE_CONFIG: join(folder, "ansible.cfg"),
        COLUMNS: "100",
        LC_ALL: "C.UTF-8",
      },
      { cwd: folder },
    );
    return `$ ansible-playbook ${["-i inventory.yml cancel-failed.yml", ...args].join(" ")}\n${stable(stdout).trim()}\n$ echo $?\n${exitCode}\n`;
  }

  /** The outcomes of the computers whose answers the play kept, and of those that have none. */
  const outcomes = (...hosts: string[]) => {
    const file = join(folder, "answers.jsonl");
    const lines = readFileSync(file, "utf8").trim().split("\n");
    rmSync(file);
    const read = readAnswers(
      lines.map((line) => JSON.parse(line) as RunnerAnswer),
      { hosts, locale: "en" },
    );
    return read.map(({ name, status, action, total, error }) => [name, status, action, total, error?.code]);
  };

  it("lists, cancels, and stops at the first computer that can't do it", async () => {
    await failJob("S-1-5-18");
    await failJob("S-1-5-21-1004336348-1177238915-682003330-1001");
    const limit = ["--limit", "pc-0002,pc-0003"];
    const listed = await play(...limit);
    expect(outcomes()).toEqual([
      ["pc-0002", "done", "list", 2, undefined],
      ["pc-0003", "done", "list", 0, undefined],
    ]);
    expect(await states()).toEqual([4, 4]);

    const canceled = await play(...limit, "-e", "cancel=true");
    expect(outcomes()).toEqual([
      ["pc-0002", "done", "cancel", 2, undefined],
      ["pc-0003", "done", "list", 0, undefined],
    ]);
    expect(await states()).toEqual([]);

    await failJob("S-1-5-20");
    const stopped = await play("-e", "cancel=true");
    expect(outcomes("pc-0001", "pc-0002")).toEqual([
      ["pc-0001", "failed", "list", 0, "UNSUPPORTED"],
      ["pc-0002", "lost", undefined, 0, "PROTOCOL"],
    ]);
    expect(await states()).toEqual([4]);

    const unreachable = await play("--limit", "pc-0003,pc-0004");
    expect(outcomes()).toEqual([["pc-0003", "done", "list", 0, undefined]]);
    expect([listed, canceled, stopped, unreachable].map((text) => text.trim().split("\n").at(-1))).toEqual([
      "0",
      "0",
      "2",
      "4",
    ]);
    if (ansible.version === TRANSCRIPT_VERSION) {
      const sections = [listed, canceled, stopped, unreachable].map((text) => `\`\`\`console\n${text}\`\`\`\n`);
      const transcript = `# ansible-playbook\n\n${INTRODUCTION}\n\n${sections.join("\n")}`;
      await expect(transcript).toMatchFileSnapshot("../../docs/transcripts/ansible.md");
    }
  }, 300_000);
});
