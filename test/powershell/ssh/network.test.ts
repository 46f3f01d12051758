import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fakeSsh } from "../../support/fake-ssh.js";
import { onPath } from "../../support/programs.js";
import { type RunningServer, sshServer, startSshServer } from "../../support/ssh-server.js";
import { failureOf, open } from "./opening.js";

const ip = onPath("ip");
const nft = onPath("nft");
const NAMESPACE = `background-copy-${process.pid}`;
const PORT = 22;

const GOOD = "10.99.0.1";
const REFUSING = "10.99.0.2";
const DROPPING = "10.99.0.3";
const FORBIDDEN = "10.99.0.4";
const NOWHERE = "203.0.113.1";

/** Whether this process may make a network of its own. */
function mayMakeNetwork(): boolean {
  const isRoot = process.platform === "linux" && process.getuid?.() === 0;
  return isRoot && ip !== undefined && nft !== undefined && spawnSync("unshare", ["-n", "true"]).status === 0;
}

const can = sshServer.path !== undefined && mayMakeNetwork();

// A network of its own, in which hosts refuse, drop packets, and vanish. Client and server are in it, and nothing else.
describe.skipIf(!can)(`hosts in a network, ${sshServer.label}`, () => {
  const inside = (...command: string[]) => execFileSync(ip as string, ["netns", "exec", NAMESPACE, ...command]);
  const rule = (text: string) => inside(nft as string, ...text.split(" "));
  const fake = fakeSsh();
  let server: RunningServer;
  let executable: string;

  beforeAll(async () => {
    execFileSync(ip as string, ["netns", "add", NAMESPACE]);
    inside("ip", "link", "set", "lo", "up");
    for (const address of [GOOD, REFUSING, DROPPING, FORBIDDEN]) {
      inside("ip", "address", "add", `${address}/32`, "dev", "lo");
    }
    rule("add table inet hosts");
    rule("add chain inet hosts input { type filter hook input priority 0 ; }");
    rule(`add rule inet hosts input ip daddr ${REFUSING} tcp dport ${PORT} reject with tcp reset`);
    rule(`add rule inet hosts input ip daddr ${DROPPING} tcp dport ${PORT} drop`);
    rule(`add rule inet hosts input ip daddr ${FORBIDDEN} tcp dport ${PORT} reject with icmp type host-unreachable`);
    server = await startSshServer([{ port: PORT, command: fake.farSide("host") }], {
      addresses: [GOOD],
      via: [ip as string, "netns", "exec", NAMESPACE],
    });
    executable = join(server.folder, "ssh");
    writeFileSync(executable, `#!/bin/sh\nexec '${ip}' netns exec ${NAMESPACE} ssh "$@"\n`);
    chmodSync(executable, 0o755);
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
    // The server's side of a connection that was cut still waits for the other side.
    const left = execFileSync(ip as string, ["netns", "pids", NAMESPACE], { encoding: "utf8" });
    for (const pid of left.split("\n").filter(Boolean)) {
      process.kill(Number(pid), "SIGKILL");
    }
    spawnSync(ip as string, ["netns", "delete", NAMESPACE]);
  });

  const connect = (address: string, timeoutInMs = 600_000) => {
    const { user, identityFile, knownHostsFile } = server;
    const options = { executable, user, identityFile, knownHostsFile, options: { IdentitiesOnly: "yes" } };
    return open(options, address, { timeoutInMs });
  };

  it.each([
    ["refuses", REFUSING, "Connection refused"],
    ["drops packets", DROPPING, "Connection timed out"],
    ["is behind a router that knows no way", FORBIDDEN, "No route to host"],
    ["is in no network", NOWHERE, "Network is unreachable"],
  ])("reports a host that %s", async (_what, address, said) => {
    const error = await failureOf(connect(address, 1000));
    expect(error).toMatchObject({ code: "HOST_UNREACHABLE", outcome: "not sent" });
    expect(error.message).toContain(said);
  });

  it("reports a name that nobody knows", async () => {
    const error = await failureOf(connect("nobody.invalid"));
    expect(error).toMatchObject({ code: "HOST_UNREACHABLE", outcome: "not sent" });
    expect(error.message).toContain("name resolution");
  });

  it("does not know the outcome if a host vanishes in the middle", async () => {
    const { port } = await connect(GOOD);
    // Nothing arrives any more, and nobody says so.
    rule(`add rule inet hosts input ip daddr ${GOOD} tcp dport ${PORT} drop`);
    const jobIds = [fake.jobId("host", 0)];
    const error = await failureOf(port.request("job.cancel", { jobIds, languageId: 0 }, { timeoutInMs: 1000 }));
    expect(error).toMatchObject({ code: "TIMEOUT", outcome: "unknown" });
    expect(error.message).toContain(GOOD);
    expect(fake.did("host")).not.toContain(`cancel ${jobIds}`);
  });
});
