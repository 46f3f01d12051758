import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { ProcessHost } from "../../../src/powershell/process-host.js";
import { sshStart } from "../../../src/powershell/ssh/start.js";
import type { SshEngineOptions } from "../../../src/powershell/ssh/options.js";
import { fakeSsh } from "../../support/fake-ssh.js";
import { ROOT } from "../../support/packed.js";
import { PWSH } from "../../support/powershells.js";
import { onPath } from "../../support/programs.js";
import { type RunningServer, freePorts, plainProgram, sshServer, startSshServer } from "../../support/ssh-server.js";
import { failureOf, language, open, openOptions } from "./opening.js";

const installedPwsh = inject("pwsh") as string;
const MODULE = join(ROOT, "ps", "BackgroundCopy");
const ADDRESS = "127.0.0.1";
const WAIT = { timeoutInMs: 600_000 };

// The hosts, by what their server starts instead of what the client asks for.
const fake = fakeSsh({
  faults: { silent: "silent", hangs: { method: "job.cancel", act: "hangs when it has done it" } },
});
const script = (folder: string, name: string, text: string) => {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
  return path;
};
const HOSTS: Readonly<Record<string, (folder: string) => string | undefined>> = {
  plain: () => undefined,
  noisy: (folder) =>
    script(
      folder,
      "noisy",
      "echo 'Welcome to our computer'; echo '# careful' >&2; eval \"exec $SSH_ORIGINAL_COMMAND\"",
    ),
  // A byte of the module changes on the way.
  damaging: (folder) =>
    script(folder, "damaging", "sed -u s/CoCreateInstance/CoCreateInstanze/ | $SSH_ORIGINAL_COMMAND"),
  constrained: (folder) =>
    script(
      folder,
      "constrained",
      `{ echo '$ExecutionContext.SessionState.LanguageMode = "ConstrainedLanguage"'; cat; } | $SSH_ORIGINAL_COMMAND`,
    ),
  lost: (folder) => script(folder, "lost", "kill -9 $PPID"),
  windows: () => fake.farSide("windows"),
  silent: () => fake.farSide("silent"),
  hangs: () => fake.farSide("hangs"),
};

describe.skipIf(!sshServer.path)(`ssh with a real server, ${sshServer.label}`, () => {
  let server: RunningServer;
  let folder: string;
  const ports: Record<string, number> = {};

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "background-copy-far-"));
    const names = Object.keys(HOSTS);
    const free = await freePorts(names.length);
    const served = names.map((name, i) => {
      ports[name] = free[i] as number;
      return { port: free[i] as number, command: HOSTS[name]?.(folder) };
    });
    server = await startSshServer(served);
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  const options = (changes: SshEngineOptions = {}): SshEngineOptions => ({
    user: server.user,
    identityFile: server.identityFile,
    knownHostsFile: server.knownHostsFile,
    options: { IdentitiesOnly: "yes" },
    ...changes,
  });
  const host = (name: string) => ({ name, address: ADDRESS, port: ports[name] as number });
  const failure = async (name: string, changes: SshEngineOptions = {}) => failureOf(open(options(changes), host(name)));
  /** The processes of the sessions of the server. */
  const sessions = () => {
    const found = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" });
    const pairs = [...found.matchAll(/^\s*(\d+)\s+(\d+)$/gm)].map(([, pid, parent]) => [Number(pid), Number(parent)]);
    return pairs.flatMap(([pid, parent]) => (parent === server.pid ? (pid as number) : []));
  };
  const endSessions = () => {
    for (const pid of sessions()) {
      process.kill(pid, "SIGKILL");
    }
  };

  it("reports a host without PowerShell", async () => {
    const error = await failure("plain", { powershell: "/nonexistent/powershell" });
    expect(error).toMatchObject({ code: "POWERSHELL_NOT_FOUND", outcome: "not sent" });
    expect(error.diagnostics.join()).toContain("/nonexistent/powershell");
  });

  it("reports a user whose key the host does not have", async () => {
    const identityFile = join(folder, "other-key");
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", identityFile]);
    const error = await failure("windows", { identityFile });
    expect(error).toMatchObject({ code: "HOST_LOGON_REFUSED", outcome: "not sent" });
  });

  it.each([
    ["HOST_KEY_UNKNOWN", () => ""],
    ["HOST_KEY_CHANGED", () => `[${ADDRESS}]:${ports.windows} ${readFileSync(join(folder, "changed.pub"), "utf8")}`],
  ])("reports %s, and never writes the file of known hosts", async (code, known) => {
    const key = join(folder, "changed");
    rmSync(key, { force: true });
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]);
    const knownHostsFile = join(folder, "known");
    writeFileSync(knownHostsFile, known());
    expect(await failure("windows", { knownHostsFile })).toMatchObject({ code, outcome: "not sent" });
    expect(readFileSync(knownHostsFile, "utf8")).toBe(known());
  });

  it("leaves the file of known hosts as it is when it knows the host", async () => {
    const before = readFileSync(server.knownHostsFile, "utf8");
    const link = await open(options(), host("windows"));
    await link.close();
    expect(readFileSync(server.knownHostsFile, "utf8")).toBe(before);
  });

  it("reports a port that nobody listens on", async () => {
    const [port = 0] = await freePorts(1);
    const error = await failureOf(open(options(), { name: "closed", address: ADDRESS, port }));
    expect(error).toMatchObject({ code: "HOST_UNREACHABLE", outcome: "not sent" });
    expect(error.message).toContain("Connection refused");
    const tested = open(options({ reachTimeoutInMs: 600_000 }), { name: "closed", address: ADDRESS, port });
    expect(await failureOf(tested)).toMatchObject({ code: "HOST_UNREACHABLE", outcome: "not sent" });
  });

  it("reports a connection that ends between the logon and PowerShell", async () => {
    expect(await failure("lost")).toMatchObject({ code: "HOST_LOST", outcome: "not sent" });
  });

  it("reports a connection that ends while PowerShell starts", async () => {
    const opening = failure("silent");
    await expect.poll(() => fake.did("silent")).toContain("silent");
    endSessions();
    expect(await opening).toMatchObject({ code: "HOST_LOST", outcome: "not sent" });
  });

  it("does not know the outcome when the connection ends in the middle of a request", async () => {
    const { port } = await open(options(), host("hangs"));
    const jobIds = [fake.jobId("hangs", 0)];
    const canceling = failureOf(port.request("job.cancel", { jobIds, languageId: 0 }));
    await expect.poll(() => fake.did("hangs")).toContain(`cancel ${jobIds}`);
    endSessions();
    expect(await canceling).toMatchObject({ code: "HOST_LOST", outcome: "unknown" });
  });

  it("gives no way to what a file of the user's configuration says", async () => {
    const file = join(folder, "config");
    const hostile = [
      "StrictHostKeyChecking no",
      "UpdateHostKeys yes",
      "CheckHostIP yes",
      "ForwardAgent yes",
      "ForwardX11 yes",
      "PermitLocalCommand yes",
      "LocalCommand touch /nonexistent",
      "LocalForward 1 localhost:1",
      "RequestTTY force",
      "RemoteCommand bash",
      "ControlMaster auto",
      `ControlPath ${folder}/%C`,
      "BatchMode no",
      "LogLevel DEBUG",
      "GSSAPIDelegateCredentials yes",
    ];
    writeFileSync(file, `Host *\n${hostile.map((line) => `  ${line}\n`).join("")}`);
    const { program } = sshStart(onPath("ssh") as string, options(), host("plain"), openOptions());
    const effective = execFileSync(program.executable, ["-F", file, "-G", ...program.arguments], { encoding: "utf8" });
    const settings = new Map(effective.split("\n").map((line) => line.split(/ (.*)/) as [string, string]));
    expect(Object.fromEntries(settings)).toMatchObject({
      batchmode: "yes",
      stricthostkeychecking: "true",
      updatehostkeys: "false",
      checkhostip: "no",
      forwardagent: "no",
      forwardx11: "no",
      permitlocalcommand: "no",
      clearallforwardings: "yes",
      requesttty: "false",
      controlmaster: "false",
      loglevel: "INFO",
      gssapidelegatecredentials: "no",
      passwordauthentication: "no",
      kbdinteractiveauthentication: "no",
      userknownhostsfile: server.knownHostsFile,
    });
    expect(settings.get("localforward")).toBeUndefined();
    expect(settings.get("controlpath") ?? "none").toBe("none");
  });

  describe.skipIf(!installedPwsh)(`and ${PWSH} behind it`, () => {
    let pwsh: string;
    beforeAll(() => {
      pwsh = plainProgram(folder, installedPwsh);
    });
    const withPwsh = (changes: SshEngineOptions = {}) => options({ powershell: pwsh, ...changes });

    /** A host that is ready, although it is no Windows. */
    const start = async (name: string, changes: SshEngineOptions = {}, hostTimeoutInMs = 600_000) => {
      const program = sshStart(
        onPath("ssh") as string,
        withPwsh(changes),
        host(name),
        openOptions({ hostTimeoutInMs }),
      );
      return new ProcessHost(program, { service: "bits", language });
    };

    it.each(["plain", "noisy"])("sends the module, which answers, to a host that is %s", async (name) => {
      const far = await start(name);
      await far.ready;
      expect(far.engine).toMatchObject({ edition: "Core" });
      for (const text of ["plain", '"$(exit) `$x ü 中 \ud800 %PATH%', "long ".repeat(40_000)]) {
        expect((await far.request("host.echo", { text }, WAIT)).text).toBe(text);
      }
      expect(await far.request("host.identify", {}, WAIT)).toMatchObject({ languageMode: "FullLanguage" });
      await far.close();
      expect(far.failure).toMatchObject({ code: "CLOSED" });
    });

    it("says that a host is no Windows", async () => {
      const error = await failure("plain", { powershell: pwsh });
      expect(error).toMatchObject({ code: "UNSUPPORTED", outcome: "not sent" });
      expect(error.message).toMatch(/Unix/);
    });

    it("never runs a module that was changed on the way", async () => {
      expect(await failure("damaging", { powershell: pwsh })).toMatchObject({ code: "PROTOCOL", outcome: "not sent" });
    });

    it("reports Constrained Language Mode", async () => {
      const error = await failure("constrained", { powershell: pwsh });
      expect(error).toMatchObject({ code: "CONSTRAINED_LANGUAGE", outcome: "not sent" });
      expect(error.message).toContain("constrained");
    });

    it("uses an installed module in a folder with any name, and hashes it", async () => {
      const installed = join(folder, "a $(exit) `'[x] ü中");
      cpSync(MODULE, installed, { recursive: true });
      const far = await start("plain", { module: { installed } });
      await far.ready;
      const { moduleSha256 } = await far.request("host.identify", {}, WAIT);
      expect(moduleSha256).toMatch(/^[0-9A-F]{64}$/);
      writeFileSync(join(installed, "host.psm1"), `\n${readFileSync(join(installed, "host.psm1"), "utf8")}`);
      const other = await start("plain", { module: { installed } });
      await other.ready;
      expect((await other.request("host.identify", {}, WAIT)).moduleSha256).not.toBe(moduleSha256);
      await Promise.all([far.close(), other.close()]);
    });

    it("reports an installed module that is missing, or that has another version", async () => {
      const missing = { installed: join(folder, "missing") };
      const error = await failure("plain", { powershell: pwsh, module: missing });
      expect(error).toMatchObject({ code: "MODULE_NOT_FOUND", outcome: "not sent" });
      expect(error.message).toContain(join(folder, "missing"));
      const installed = join(folder, "older");
      cpSync(MODULE, installed, { recursive: true });
      const text = readFileSync(join(installed, "host.psm1"), "utf8");
      writeFileSync(
        join(installed, "host.psm1"),
        text.replace(/\$script:version = '[^']+'/, "$script:version = '0.0.1'"),
      );
      const older = await failure("plain", { powershell: pwsh, module: { installed } });
      expect(older).toMatchObject({ code: "MODULE_MISMATCH", outcome: "not sent" });
    });

    it("ends itself after its time, although its input stays open", async () => {
      const far = await start("plain", {}, 1000);
      far.ready.catch(() => {});
      await far.ended;
      expect(far.failure).toMatchObject({ code: "HOST_LOST" });
    });
  });
});
