import { randomBytes } from "node:crypto";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { chmodSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from "vitest";
import { SENT_MODULE } from "../../../src/made/sent-module.js";
import type { ProcessHost } from "../../../src/powershell/process-host.js";
import { SharedRelay } from "../../../src/powershell/psremoting/relay.js";
import { relayStart } from "../../../src/powershell/psremoting/start.js";
import { ROOT } from "../../support/packed.js";
import { PWSH } from "../../support/powershells.js";
import { shellWord } from "../../support/shell-word.js";
import { type RunningServer, freePorts, sshServer, startSshServer } from "../../support/ssh-server.js";
import { failureOf } from "../ssh/opening.js";
import { echo, openHost, relayWith, WAIT } from "./relayed.js";

const pwsh = inject("pwsh") as string;
const HOSTS = 8;

// The relay takes any session. Here, PowerShell over SSH makes them: WSMan only exists on Windows.
describe.skipIf(!sshServer.path || !pwsh)(`the relay to sessions, ${sshServer.label}, ${PWSH}`, () => {
  let server: RunningServer;
  /** The ports that stand for hosts, then one whose PowerShell never answers, and one to which there is no connection. */
  let ports: number[];
  let mute: number;
  let closed: number;
  const folder = mkdtempSync(join(tmpdir(), "background-copy-relay-"));

  beforeAll(async () => {
    const free = await freePorts(HOSTS + 2);
    [mute, closed] = free.slice(HOSTS) as [number, number];
    ports = free.slice(0, HOSTS);
    const served = [...ports, mute].map((port) => {
      const command = join(folder, `host-${port}`);
      const program = port === mute ? "cat > /dev/null" : `${shellWord(pwsh)} -sshs -NoLogo`;
      writeFileSync(command, `#!/bin/sh\necho $$ > ${shellWord(`${command}.pid`)}\nexec ${program}\n`);
      chmodSync(command, 0o755);
      return { port, command };
    });
    server = await startSshServer(served, { settings: ["Subsystem powershell /bin/false"] });
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The session over SSH to the port in the settings, not open yet. */
  function overSsh(): string {
    // PowerShell 7 crashes if it writes to an ssh that has ended, and with it the relay. So a host that refuses stands for WSMan here.
    const refuse = `if ($settings.port -eq ${closed}) { throw [Management.Automation.Remoting.PSRemotingTransportException]::new('refused') }`;
    const options = `@{ BatchMode = 'yes'; StrictHostKeyChecking = 'yes'; IdentitiesOnly = 'yes'; UserKnownHostsFile = '${server.knownHostsFile}' }`;
    return `${refuse}; $info = [Management.Automation.Runspaces.SSHConnectionInfo]::new('${server.user}', $settings.computerName, '${server.identityFile}', $settings.port, 'powershell', -1, ${options}); [Management.Automation.Runspaces.RunspaceFactory]::CreateRunspace($info)`;
  }

  function newRelay(connect = overSsh()): SharedRelay {
    const relay = relayWith(pwsh, connect);
    onTestFinished(() => relay.close());
    return relay;
  }

  /** The process on the host that answers at this port. */
  async function farProcess(port: number): Promise<number> {
    const file = join(folder, `host-${port}.pid`);
    for (;;) {
      const pid = existsSync(file) ? Number(readFileSync(file, "utf8")) : 0;
      if (pid > 0) {
        return pid;
      }
      await delay(20);
    }
  }

  async function untilEnded(pid: number): Promise<void> {
    for (;;) {
      try {
        process.kill(pid, 0);
      } catch {
        return;
      }
      await delay(20);
    }
  }

  it("sends the module, and passes on requests and answers", async () => {
    const far = openHost(newRelay(), { port: ports[0] });
    await far.ready;
    for (const text of ["plain", '"$(exit) `$x ü 中 \ud800 %PATH%', "long ".repeat(40_000)]) {
      expect(await echo(far, text)).toBe(text);
    }
    const identity = await far.request("host.identify", {}, WAIT);
    expect(identity.languageMode).toBe("FullLanguage");
    expect(identity.moduleSha256).toBeUndefined();
    await expect(far.request("service.open", { service: "bits" }, WAIT)).rejects.toMatchObject({ code: "UNSUPPORTED" });
    await far.close();
  });

  it("uses an installed module", async () => {
    const installed = join(folder, `copy ${randomBytes(4).toString("hex")}`);
    cpSync(join(ROOT, "ps", "BackgroundCopy"), installed, { recursive: true });
    const far = openHost(newRelay(), { port: ports[0] }, { options: { module: { installed } } });
    await far.ready;
    expect((await far.request("host.identify", {}, WAIT)).moduleSha256).toMatch(/^[0-9A-F]{64}$/);
    await far.close();
  });

  it("refuses a module that was changed on the way", async () => {
    class Damaging extends SharedRelay {
      override open() {
        const { sha256, text } = SENT_MODULE.bits;
        return super.open({ sha256, text: `${text}#\n` });
      }
    }
    const relay = new Damaging(newRelay().start);
    onTestFinished(() => relay.close());
    const far = openHost(relay, { port: ports[0] });
    expect(await failureOf(far.ready)).toMatchObject({ code: "PROTOCOL", outcome: "not sent" });
    expect(far.failure?.diagnostics.join()).toContain("BackgroundCopyModuleDamaged");
  });

  it("is one PowerShell for many hosts, of which none waits for one that refuses, hangs, or is lost", async () => {
    const events: unknown[] = [];
    const note = (event: unknown) => events.push(event);
    subscribe("background-copy:host", note);
    onTestFinished(() => void unsubscribe("background-copy:host", note));
    const relay = newRelay();
    const silent = openHost(relay, { name: "mute", port: mute });
    const gaveUp = failureOf(silent.ready);
    const refused = openHost(relay, { name: "closed", port: closed });
    const fars = ports.map((port) => openHost(relay, { name: `${port}`, port }));
    expect(await failureOf(refused.ready)).toMatchObject({ code: "HOST_LOST", outcome: "not sent" });
    await Promise.all(fars.map((far) => far.ready));

    // Each host answers its own requests, all at the same time.
    const asked = fars.map((far, i) =>
      Promise.all(Array.from({ length: 20 }, (_, n) => echo(far, `host ${i} request ${n} `.repeat(n * 100)))),
    );
    for (const [i, answers] of (await Promise.all(asked)).entries()) {
      expect(answers).toEqual(Array.from({ length: 20 }, (_, n) => `host ${i} request ${n} `.repeat(n * 100)));
    }

    const [frozen, killed, ...others] = fars as [ProcessHost, ProcessHost, ...ProcessHost[]];
    const frozenProcess = await farProcess(ports[0] as number);
    const killedProcess = await farProcess(ports[1] as number);
    for (const pid of [frozenProcess, killedProcess]) {
      process.kill(pid, "SIGSTOP");
    }
    const late = failureOf(frozen.request("host.echo", { text: "x" }, { timeoutInMs: 100 }));
    const lost = failureOf(killed.request("host.echo", { text: "y" }, WAIT));
    const later = failureOf(killed.request("host.echo", { text: "$(exit 3)" }, WAIT));
    expect(await late).toMatchObject({ code: "TIMEOUT", outcome: "unknown" });
    expect(await Promise.all(others.map((far, i) => echo(far, `${i}`)))).toEqual(others.map((_, i) => `${i}`));
    process.kill(killedProcess, "SIGKILL");
    expect(await lost).toMatchObject({ code: "HOST_LOST", outcome: "unknown" });
    expect(await later).toMatchObject({ code: "HOST_LOST", outcome: "not sent" });
    expect(await Promise.all(others.map((far, i) => echo(far, `${i}`)))).toEqual(others.map((_, i) => `${i}`));
    // Neither does the end of one session concern another one, nor the next one.
    silent.kill("CLOSED");
    expect(await gaveUp).toMatchObject({ code: "CLOSED", outcome: "not sent" });
    const again = openHost(relay, { port: ports[1] });
    await again.ready;
    expect(await echo(again, "again")).toBe("again");
    expect(new Set([again, ...fars].map(({ pid }) => pid)).size).toBe(1);
    await Promise.all([again, ...others].map((far) => far.close()));
    expect(events).toEqual(
      expect.arrayContaining([...others, again].map(({ pid }) => expect.objectContaining({ event: "ready", pid }))),
    );
    expect(new Set((events as { pid: number }[]).map(({ pid }) => pid)).size).toBe(1);
    process.kill(frozenProcess, "SIGKILL");
  });

  it("reports a host to which ssh can't connect", async () => {
    const [unused = 0] = await freePorts(1);
    const error = await failureOf(openHost(newRelay(), { port: unused }).ready);
    expect(error).toMatchObject({ code: "HOST_LOST", outcome: "not sent" });
  });

  it("ends the session of an attempt that is given up, and no other", async () => {
    const relay = newRelay();
    const other = openHost(relay, { port: ports[0] });
    await other.ready;
    rmSync(join(folder, `host-${mute}.pid`), { force: true });
    const silent = openHost(relay, { port: mute });
    const failure = failureOf(silent.ready);
    const pid = await farProcess(mute);
    silent.kill("CLOSED");
    expect(await failure).toMatchObject({ code: "CLOSED", outcome: "not sent" });
    await untilEnded(pid);
    expect(await echo(other, "still here")).toBe("still here");
  });

  it("tells each host that the relay was killed, and starts another one for the next", async () => {
    const relay = newRelay();
    const [asking, idle] = ports.slice(0, 2).map((port) => openHost(relay, { port })) as [ProcessHost, ProcessHost];
    await Promise.all([asking.ready, idle.ready]);
    const opening = openHost(relay, { port: mute });
    process.kill(await farProcess(ports[0] as number), "SIGSTOP");
    const lost = failureOf(asking.request("host.echo", { text: "x" }, WAIT));
    const queued = failureOf(asking.request("host.echo", { text: "y" }, WAIT));
    const notOpen = failureOf(opening.ready);
    process.kill(asking.pid as number, "SIGKILL");
    expect(await lost).toMatchObject({ code: "HOST_LOST", outcome: "unknown" });
    expect(await queued).toMatchObject({ code: "HOST_LOST", outcome: "not sent" });
    expect(await notOpen).toMatchObject({ code: "HOST_LOST", outcome: "not sent" });
    await idle.ended;
    expect(await failureOf(idle.request("host.echo", { text: "z" }, WAIT))).toMatchObject({ outcome: "not sent" });
    process.kill(await farProcess(ports[0] as number), "SIGKILL");
    const next = openHost(relay, { port: ports[1] });
    await next.ready;
    expect(next.pid).not.toBe(asking.pid);
    expect(await echo(next, "next")).toBe("next");
  });

  it("ends with its sessions, even with one that hangs", async () => {
    const relay = newRelay();
    const hosts = [...ports.slice(0, 2), mute].map((port) => openHost(relay, { port }));
    await Promise.all(hosts.slice(0, 2).map((far) => far.ready));
    const failures = hosts.slice(2).map((far) => failureOf(far.ready));
    const pids = await Promise.all([...ports.slice(0, 2), mute].map(farProcess));
    await relay.close();
    await untilEnded(hosts[0]?.pid as number);
    await Promise.all(pids.map(untilEnded));
    expect(await Promise.all(failures)).toMatchObject([{ code: "HOST_LOST", outcome: "not sent" }]);
  });

  it("is not waited for if it does not become ready, and is replaced", async () => {
    const asleep = join(folder, "asleep");
    writeFileSync(asleep, "#!/bin/sh\nexec sleep 3600\n", { mode: 0o755 });
    const relay = new SharedRelay(relayStart(asleep));
    const first = openHost(relay, { port: ports[0] });
    const failure = failureOf(first.ready);
    first.kill("TIMEOUT");
    expect(await failure).toMatchObject({ code: "TIMEOUT", outcome: "not sent" });
    await untilEnded(first.pid as number);
    const second = openHost(relay, { port: ports[0] });
    expect(second.pid).not.toBe(first.pid);
    second.kill("CLOSED");
    await failureOf(second.ready);
    await untilEnded(second.pid as number);
  });

  it("opens the session with the settings and the credential of the caller", async () => {
    const seen = join(folder, "seen.json");
    // Notes the connection over WSMan that it would open, and opens a session over SSH.
    const stand =
      "$w = & (Get-Module relay) { New-WSManConnection @args } $settings $credential; " +
      "$asked = @{ computer = $w.ComputerName; open = $w.OpenTimeout; retries = $w.MaxConnectionRetryCount; port = $w.Port; endpoint = $w.ShellUri; scheme = $w.Scheme; user = $w.Credential.UserName; password = $w.Credential.GetNetworkCredential().Password }; " +
      `[IO.File]::WriteAllText('${seen}', (ConvertTo-Json $asked)); $settings.computerName = '127.0.0.1'; $settings.port = ${ports[0]}; ${overSsh()}`;
    const password = 'a "secret" $(exit) ü 中';
    const relay = newRelay(stand);
    const { program, input } = relay.start;
    const far = openHost(
      relay,
      { address: "far.example.com", port: 5986 },
      {
        options: { useSsl: true, configurationName: "Microsoft.PowerShell" },
        open: { timeoutInMs: 15_000 },
        credential: { user: "EXAMPLE\\ops", password },
      },
    );
    expect(JSON.stringify([program, input])).not.toContain("secret");
    await far.ready;
    expect(await echo(far, "x")).toBe("x");
    await far.close();
    expect(JSON.parse(readFileSync(seen, "utf8"))).toEqual({
      computer: "far.example.com",
      open: 15_000,
      retries: 0,
      port: 5986,
      endpoint: "http://schemas.microsoft.com/powershell/Microsoft.PowerShell",
      scheme: "https",
      user: "EXAMPLE\\ops",
      password,
    });
  });

  it.skipIf(process.platform === "win32")("reports that a session can't be opened", async () => {
    // PowerShell on this system has no client of WSMan.
    const relay = new SharedRelay(relayStart(pwsh));
    onTestFinished(() => relay.close());
    const far = openHost(relay, {});
    const error = await failureOf(far.ready);
    expect(error.outcome).toBe("not sent");
    expect(error.diagnostics.join()).toContain("BackgroundCopyRemoting");
  });
});
