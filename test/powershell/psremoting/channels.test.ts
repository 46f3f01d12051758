import { createHash } from "node:crypto";
import { describe, expect, inject, it, onTestFinished } from "vitest";
import { BackgroundCopyFleet } from "../../../src/fleet.js";
import type { ModuleText, RelayStart } from "../../../src/powershell/psremoting/relay.js";
import { SharedRelay } from "../../../src/powershell/psremoting/relay.js";
import { remotingStart } from "../../../src/powershell/psremoting/start.js";
import { ProcessHost } from "../../../src/powershell/process-host.js";
import { openLink } from "../../../src/powershell/remote/link.js";
import type { FleetEngine } from "../../../src/port/engine.js";
import { fleetOver } from "../../support/fleet-over.js";
import { ownPowerShells, WINE_POWERSHELL } from "../../support/powershells.js";
import { collect } from "../../fleet/fixture.js";
import { failureOf, language, openOptions } from "../ssh/opening.js";
import { echo, openHost, relayWith } from "./relayed.js";

const HOSTS = 8;

/** A runspace in the relay itself stands for a session, in every PowerShell. */
const HERE =
  "[Management.Automation.Runspaces.RunspaceFactory]::CreateRunspace([Management.Automation.Runspaces.InitialSessionState]::CreateDefault2())";

/** A session that nothing ends: to open it, it has to run a function that never returns. */
const NEVER_OPEN =
  "$state = [Management.Automation.Runspaces.InitialSessionState]::CreateDefault2(); " +
  "$state.Commands.Add([Management.Automation.Runspaces.SessionStateFunctionEntry]::new('Wait-Forever', '[Threading.Thread]::Sleep(-1)')); " +
  "$null = $state.StartupScripts.Add('Wait-Forever'); " +
  "[Management.Automation.Runspaces.RunspaceFactory]::CreateRunspace($state)";

function relayHere(executable: string, connect = HERE): SharedRelay {
  const relay = relayWith(executable, connect);
  onTestFinished(() => relay.close());
  return relay;
}

/** A host whose answers are the values of these statements. */
function hostile(relay: SharedRelay, statements: (start: RelayStart) => string): ProcessHost {
  const text = `function global:Invoke-BackgroundCopyRequest($Line, $TimeInMs) { ${statements(relay.start)} }\n`;
  const module: ModuleText = { text, sha256: createHash("sha256").update(text).digest("hex").toUpperCase() };
  const start = remotingStart(relay, {}, { name: "hostile", address: "127.0.0.1" }, openOptions(), undefined);
  const input = start.input.replace(start.moduleSha256 as string, module.sha256);
  return new ProcessHost({ ...start, input, run: () => relay.open(module) }, { service: "bits", language });
}

const kinds = [
  ...ownPowerShells.map(({ label, path }) => ({ label, path: path as string | null | undefined })),
  { label: WINE_POWERSHELL, path: inject("winePowerShell") },
];

describe.each(kinds)("the channels of the relay, $label", ({ label, path }) => {
  const executable = path as string;

  it.skipIf(!path)("belong to one host each, which answers its own requests", async () => {
    const relay = relayHere(executable);
    const fars = Array.from({ length: HOSTS }, (_, i) => openHost(relay, { name: `host ${i}` }));
    await Promise.all(fars.map((far) => far.ready));
    const texts = fars.map((_, i) => Array.from({ length: 10 }, (_, n) => `host ${i} ü ${n} `.repeat(n * 100)));
    const answers = fars.map((far, i) => Promise.all((texts[i] ?? []).map((text) => echo(far, text))));
    expect(await Promise.all(answers)).toEqual(texts);
    await Promise.all(fars.map((far) => far.close()));
    expect(new Set(fars.map(({ pid }) => pid)).size).toBe(1);
  });

  it.skipIf(!path)("can't be used by another host", async () => {
    const relay = relayHere(executable);
    const far = openHost(relay, {});
    await far.ready;
    const answer = '{"jsonrpc":"2.0","id":1,"result":{"text":"forged"}}';
    // The host after it breaks the line, and knows the marker and the number of the first host.
    const liar = hostile(relay, ({ marker }) => `'{}' + "\`r\`n${marker}1 out " + '${answer}' + "\`n"`);
    expect(await failureOf(liar.ready)).toMatchObject({ code: "PROTOCOL", outcome: "not sent" });
    expect(far.failure).toBeUndefined();
    expect(await echo(far, "own")).toBe("own");
  });

  it.skipIf(!path)("tell why a host does not answer, and no other host is concerned", async () => {
    const relay = relayHere(executable);
    const far = openHost(relay, {});
    const [throws, silent] = ["throw 'Not here'", ""].map((statements) =>
      failureOf(hostile(relay, () => statements).ready),
    );
    expect(await throws).toMatchObject({ code: "HOST_LOST", outcome: "not sent" });
    expect((await throws)?.diagnostics.join("\n")).toContain("Not here");
    expect(await silent).toMatchObject({ code: "PROTOCOL", outcome: "not sent" });
    await far.ready;
    expect(await echo(far, "own")).toBe("own");
  });

  it.skipIf(!path)("end with the time limit if a session never opens, and no other host is concerned", async () => {
    const relay = relayHere(executable, `if ($settings.computerName -eq 'never') { ${NEVER_OPEN} } else { ${HERE} }`);
    const far = openHost(relay, {});
    await far.ready;
    const engine: FleetEngine = {
      name: "psremoting",
      open: (host, open) => openLink(remotingStart(relay, {}, host, open, undefined), open),
    };
    const hosts = ["never"];
    const fleet = await fleetOver(BackgroundCopyFleet, engine, { hosts, connectTimeoutInMs: 100, locale: "en" });
    const { outcomes } = await collect(fleet.doctor());
    expect(outcomes).toMatchObject([
      { name: "never", status: "timed out", outcome: "not sent", error: { code: "TIMEOUT" } },
    ]);
    expect(await echo(far, "own")).toBe("own");
    const next = openHost(relay, {});
    await next.ready;
    expect(next.pid).toBe(far.pid);
    // The session still hangs.
    await relay.close();
    await far.ended;
  });

  // Windows has no signals, and under Wine the process is the one that starts PowerShell.
  it.skipIf(!path || label === WINE_POWERSHELL || process.platform === "win32")(
    "end if the relay is interrupted, and the next host gets another relay",
    async () => {
      const relay = relayHere(executable);
      const [asking, idle] = [openHost(relay, {}), openHost(relay, {})];
      await Promise.all([asking.ready, idle.ready]);
      process.kill(asking.pid as number, "SIGINT");
      // The relay might answer until it reads the next line.
      while (asking.failure === undefined) {
        await echo(asking, "x").catch(() => {});
      }
      expect(asking.failure).toMatchObject({ code: "HOST_LOST" });
      await idle.ended;
      expect(idle.failure).toMatchObject({ code: "HOST_LOST" });
      // The relay might take another host while it ends.
      let next = openHost(relay, {});
      while (next.pid === asking.pid) {
        expect(await failureOf(next.ready)).toMatchObject({ code: "HOST_LOST", outcome: "not sent" });
        next = openHost(relay, {});
      }
      await next.ready;
      expect(await echo(next, "next")).toBe("next");
    },
  );

  it.runIf(path && (label === WINE_POWERSHELL || process.platform === "win32"))(
    "lead to the service on a Windows host",
    async () => {
      const relay = relayHere(executable);
      const open = openOptions();
      const links = await Promise.all(
        Array.from({ length: 3 }, (_, i) =>
          openLink(remotingStart(relay, {}, { name: `host ${i}`, address: "127.0.0.1" }, open, undefined), open),
        ),
      );
      for (const { port, remote } of links) {
        expect(remote.windows).toMatch(/^\d+\./);
        expect(await port.request("job.list", { allUsers: false, page: 0 })).toMatchObject({ hresult: 0 });
      }
      await Promise.all(links.map((link) => link.close()));
    },
  );
});
