import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BridgeError } from "../../../src/words/errors.js";
import { type Cut, cuttingProxy } from "../../support/cutting-proxy.js";
import { fakeSsh } from "../../support/fake-ssh.js";
import { type RunningServer, freePorts, sshServer, startSshServer } from "../../support/ssh-server.js";
import { open } from "./opening.js";

// Every place at which a connection can end: the greeting, the exchange of keys, the logon, the start of PowerShell, and the requests.
const LONG = process.env.BACKGROUND_COPY_TEST_LONG !== undefined;
const STEP = LONG ? 40 : 400;
const MOST = 2000;

describe.skipIf(!sshServer.path)(`a connection that is cut, ${sshServer.label}`, () => {
  const fake = fakeSsh();
  let server: RunningServer;
  let port: number;
  let hostKey: string;

  beforeAll(async () => {
    [port = 0] = await freePorts(1);
    server = await startSshServer([{ port, command: fake.farSide("host") }]);
    hostKey = readFileSync(server.knownHostsFile, "utf8").replace(/^\S+ /, "");
  });
  afterAll(() => server?.[Symbol.asyncDispose]());

  /** What becomes of a connection that ends there: the phase, and the error if there was one. */
  async function attempt(cut: Cut): Promise<{ phase: string; error?: BridgeError }> {
    await using proxy = await cuttingProxy(port, cut);
    const knownHostsFile = join(server.folder, "known-proxy");
    writeFileSync(knownHostsFile, `[127.0.0.1]:${proxy.port} ${hostKey}`);
    const { user, identityFile } = server;
    const options = { user, identityFile, knownHostsFile, options: { IdentitiesOnly: "yes" } };
    const host = { name: "cut", address: "127.0.0.1", port: proxy.port };
    let phase = "opening";
    try {
      const link = await open(options, host);
      phase = "asking";
      await link.port.request("host.echo", { text: "x".repeat(MOST) });
      phase = "done";
      await link.close();
      return { phase };
    } catch (error) {
      return { phase, error: error as BridgeError };
    }
  }

  it("may be slow", async () => {
    expect(await attempt({ after: Number.POSITIVE_INFINITY, delayInMs: 100 })).toEqual({ phase: "done" });
  });

  it.each(["reset", "close"] as const)("is reported by the phase in which it ends: %s", async (how) => {
    const seen: string[] = [];
    for (let after = 0; seen.at(-1) !== "done" && after < 10 * MOST; after += STEP) {
      const { phase, error } = await attempt({ after, how });
      seen.push(error ? `${phase}: ${error.code}, ${error.outcome}` : phase);
    }
    // Without repetitions: each phase comes once, in this order.
    expect(seen.filter((each, i) => each !== seen[i - 1])).toEqual([
      "opening: HOST_UNREACHABLE, not sent",
      "opening: HOST_LOST, not sent",
      "asking: HOST_LOST, unknown",
      "done",
    ]);
  });
});
