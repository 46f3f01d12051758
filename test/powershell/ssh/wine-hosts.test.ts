import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeSession } from "../../../src/calls/session.js";
import { BackgroundCopyManager } from "../../../src/index.js";
import type { FleetLink } from "../../../src/port/engine.js";
import type { BridgeError } from "../../../src/words/errors.js";
import { powerShellPath, WINE_POWERSHELL } from "../../support/powershells.js";
import { type RunningServer, freePorts, sshServer, startSshServer } from "../../support/ssh-server.js";
import { makeWinePrefix, type WinePrefix } from "../../support/wine.js";
import { failureOf, language, open } from "./opening.js";

const windowsPowerShell = powerShellPath(WINE_POWERSHELL);
const ADDRESS = "127.0.0.1";
/** Hosts with a Windows of their own. Each needs memory for three PowerShells. */
const WINDOWS = process.env.BACKGROUND_COPY_TEST_LONG ? 8 : 3;
const JOBS = 3;

/** A host: a prefix of Wine behind a server, in which jobs were created by a process on the spot. */
interface WindowsHost extends AsyncDisposable {
  readonly name: string;
  readonly port: number;
  readonly server: RunningServer;
  readonly local: BackgroundCopyManager;
  readonly jobIds: readonly string[];
}

async function makeHost(name: string, folder: string): Promise<WindowsHost> {
  const prefix: WinePrefix = await makeWinePrefix(windowsPowerShell as string);
  // The PowerShell of the prefix starts, with the arguments that the client asks for. It has one of them already.
  const command = join(folder, name);
  const asked = `\${SSH_ORIGINAL_COMMAND#* }`;
  writeFileSync(command, `#!/bin/bash\nasked=${asked}\nexec '${prefix.executable}' \${asked/-MTA /}\n`);
  chmodSync(command, 0o755);
  const [port = 0] = await freePorts(1);
  const server = await startSshServer([{ port, command }]);
  const local = await BackgroundCopyManager.connect({ service: "bits", executable: prefix.executable });
  const jobIds: string[] = [];
  for (let i = 0; i < JOBS; i++) {
    jobIds.push((await local.createJob(`${name} ${i}`)).id);
  }
  return {
    name,
    port,
    server,
    local,
    jobIds,
    async [Symbol.asyncDispose]() {
      await local.close();
      await server[Symbol.asyncDispose]();
      prefix.remove();
    },
  };
}

describe.skipIf(!windowsPowerShell || !sshServer.path)(
  `BITS on many hosts, ${sshServer.label}, ${WINE_POWERSHELL}`,
  () => {
    let folder: string;
    const hosts: WindowsHost[] = [];

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), "background-copy-hosts-"));
      for (let i = 0; i < WINDOWS; i++) {
        hosts.push(await makeHost(`windows-${i}`, folder));
      }
    });
    afterAll(async () => {
      await Promise.all(hosts.map((host) => host[Symbol.asyncDispose]()));
      rmSync(folder, { recursive: true, force: true });
    });

    const connect = ({ name, port, server }: WindowsHost, changes: object = {}): Promise<FleetLink> => {
      const { user, identityFile, knownHostsFile } = server;
      const options = { user, identityFile, knownHostsFile, options: { IdentitiesOnly: "yes" }, ...changes };
      return open(options, { name, address: ADDRESS, port });
    };
    const managerOf = ({ port }: FleetLink) => new BackgroundCopyManager(makeSession(port, "bits", language));

    it("lists, plans, and cancels on all of them at once, whatever happens to some", async () => {
      const [refusing, lost] = [hosts[0] as WindowsHost, hosts[1] as WindowsHost];
      // One with a wrong key, one without PowerShell, and all others, at the same time.
      const [plans, wrongKey, noPowerShell] = await Promise.all([
        Promise.all(
          hosts.map(async (host) => {
            const link = await toldWhole(connect(host));
            const listed = await managerOf(link).listJobs({ displayName: `${host.name} *` });
            return { host, link, jobIds: listed.map(({ jobId }) => jobId) };
          }),
        ),
        otherKey(refusing),
        withoutPowerShell(),
      ]);
      expect(wrongKey).toMatchObject({ code: "HOST_KEY_CHANGED", outcome: "not sent" });
      expect(noPowerShell).toMatchObject({ code: "POWERSHELL_NOT_FOUND", outcome: "not sent" });
      for (const { host, link, jobIds } of plans) {
        expect(jobIds.toSorted()).toEqual(host.jobIds.toSorted());
        expect(link.remote).toMatchObject({
          windows: expect.stringMatching(/^10\./),
          edition: "Core",
          languageMode: "FullLanguage",
        });
      }

      // A job of one host ends before it is canceled; another host is killed after the request was sent, and before it arrives.
      const ended = plans[0]?.jobIds[0] as string;
      await refusing.local.job(ended).cancel();
      const sessions = sessionsOf(lost.server);
      expect(sessions).toHaveLength(1);
      sessions.forEach((pid) => {
        process.kill(pid, "SIGSTOP");
      });
      const canceling = plans.map(({ link, jobIds }) => managerOf(link).cancelJobs(jobIds));
      sessions.forEach((pid) => {
        process.kill(pid, "SIGKILL");
      });
      const outcomes = await Promise.all(canceling);

      for (const [i, outcome] of outcomes.entries()) {
        if (hosts[i] === lost) {
          const errors = outcome.map((item) => (item.ok ? undefined : (item.error as BridgeError)));
          expect(errors.map((error) => error?.code)).toEqual(errors.map(() => "HOST_LOST"));
          expect(errors[0]).toMatchObject({ outcome: "unknown" });
        } else {
          const refused = outcome.filter(({ ok }) => !ok);
          expect(refused.map(({ jobId }) => jobId)).toEqual(hosts[i] === refusing ? [ended] : []);
        }
      }

      // A second process on the spot, through COM: nothing is left but what the lost host had.
      const left = await Promise.all(
        hosts.map(async ({ local, name }) => (await local.listJobs({ displayName: `${name} *` })).length),
      );
      expect(left).toEqual(hosts.map((host) => (host === lost ? JOBS : 0)));

      // The lost host answers again, and its jobs can be canceled.
      const again = await toldWhole(connect(lost));
      const result = await managerOf(again).cancelJobs(lost.jobIds);
      expect(result.map(({ ok }) => ok)).toEqual(lost.jobIds.map(() => true));
      expect(await lost.local.listJobs({ displayName: `${lost.name} *` })).toEqual([]);
      await Promise.all([...plans.map(({ link }) => link.close()), again.close()]);
    });

    /** A failure with what PowerShell wrote, which tells why. */
    async function toldWhole(opening: Promise<FleetLink>): Promise<FleetLink> {
      return opening.catch((cause: BridgeError) => {
        throw new Error(`${cause.message}\n${cause.diagnostics.join("\n")}`, { cause });
      });
    }

    async function otherKey(host: WindowsHost): Promise<BridgeError> {
      const key = join(folder, "other");
      execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]);
      const knownHostsFile = join(folder, "known");
      writeFileSync(knownHostsFile, `[${ADDRESS}]:${host.port} ${readFileSync(`${key}.pub`, "utf8")}`);
      return failureOf(connect(host, { knownHostsFile }));
    }

    async function withoutPowerShell(): Promise<BridgeError> {
      const [port = 0] = await freePorts(1);
      await using server = await startSshServer([{ port }]);
      const host = { name: "bare", port, server } as WindowsHost;
      // Awaited here, because the server ends with this function.
      return await failureOf(connect(host));
    }

    function sessionsOf({ pid: server }: RunningServer): number[] {
      const found = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" });
      const pairs = [...found.matchAll(/^\s*(\d+)\s+(\d+)$/gm)];
      return pairs.flatMap(([, pid, parent]) => (Number(parent) === server ? Number(pid) : []));
    }
  },
);
