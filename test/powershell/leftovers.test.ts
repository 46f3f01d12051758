import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { describe, expect, inject, it } from "vitest";
import { built, ROOT } from "../support/packed.js";
import { faultyHost } from "../support/fake-host.js";
import { run } from "../support/run.js";
import { PWSH } from "../support/powershells.js";

const node = (source: string, ...args: string[]) => ["--input-type=module", "-e", source, ...args];

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Waits until the process has ended. */
async function gone(pid: number): Promise<void> {
  while (isAlive(pid)) {
    await setTimeout(100);
  }
}

describe("what is left", () => {
  it("after close is nothing: no listener, timer, handle or process", async () => {
    const host = faultyHost([{ method: "job.describe", act: "dies before" }]);
    const source = `
      import { BackgroundCopyManager } from ${built("index.js")};
      const names = ["exit", "beforeExit", "SIGINT", "SIGTERM", "uncaughtException", "unhandledRejection", "warning"];
      const left = () => JSON.stringify([names.map((name) => process.listenerCount(name)), process.getActiveResourcesInfo().sort()]);
      // The streams of this process are opened at their first use.
      void [process.stdout, process.stderr];
      await new Promise((resolve) => setTimeout(resolve, 100));
      const before = left();
      for (let i = 0; i < 3; i++) {
        const manager = await BackgroundCopyManager.connect({ service: "bits", executable: process.argv[1] });
        const signal = AbortSignal.timeout(1000000);
        const id = "00000000-0000-4000-8000-00000000000" + i;
        await Promise.all([manager.job(id).getState({ signal }), manager.job(id).cancel({ signal, timeoutInMs: 100000 })]);
        await manager.close();
        // Node closes the handles of a process one turn of the event loop after its end.
        await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
        const after = left();
        if (after !== before) {
          console.log(before, after);
        }
      }
      console.log("over");`;
    const { stdout, stderr, exitCode } = await run(process.execPath, node(source, host.executable), {});
    expect({ stdout, stderr, exitCode }).toEqual({ stdout: "over\n", stderr: "", exitCode: 0 });
    const pids = host.did().flatMap((text) => (text.startsWith("start ") ? [Number(text.split(" ")[1])] : []));
    expect(pids).toHaveLength(4);
    await Promise.all(pids.map(gone));
  });

  it("after Node is killed is no stand-in host", async () => {
    const host = faultyHost([]);
    const source = `
      import { BackgroundCopyManager } from ${built("index.js")};
      await BackgroundCopyManager.connect({ service: "bits", executable: process.argv[1] });
      process.kill(process.pid, "SIGKILL");`;
    const child = spawn(process.execPath, node(source, host.executable), { stdio: "ignore" });
    await once(child, "exit");
    await gone(Number(host.did()[0]?.split(" ")[1]));
  });

  const pwsh = inject("pwsh");
  it.skipIf(!pwsh)(`after Node is killed in the middle of a call is no ${PWSH}`, async () => {
    const source = `
      import { Host } from ${built("powershell/host.js")};
      const language = { locale: "en", wording: "documented" };
      const modulePath = ${JSON.stringify(join(ROOT, "ps", "BackgroundCopy", "BackgroundCopy.psd1"))};
      const host = new Host({ executable: process.argv[1], modulePath, executionPolicy: "RemoteSigned", service: "bits", language });
      await host.ready;
      host.request("host.describe", {}, { timeoutInMs: 60000 }).catch(() => {});
      console.log(host.pid);
      setImmediate(() => process.kill(process.pid, "SIGKILL"));`;
    const { stdout } = await run(process.execPath, node(source, pwsh as string), {});
    expect(Number(stdout)).toBeGreaterThan(1);
    await gone(Number(stdout));
  });
});
