import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Host } from "../../src/powershell/host.js";
import { BridgeError } from "../../src/words/errors.js";
import { files, transcribedTo } from "../support/logging.js";
import { built, ROOT } from "../support/packed.js";
import { ownPowerShells } from "../support/powershells.js";
import { hasTmux, TmuxWindow } from "../support/tmux.js";

const SECRET = "a-secret-that-nobody-else-has";
const JOB = "00000000-0000-4000-8000-000000000001";
const language = { locale: "en", wording: "documented" } as const;
const MODULE = join(ROOT, "ps", "BackgroundCopy", "BackgroundCopy.psd1");
const CREDENTIALS = { jobId: JOB, target: 1, scheme: 1, userName: SECRET, password: SECRET };

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !existsSync(`/proc/${pid}/stat`) || !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

// Windows has no such signals, and its consoles are tested under Wine.
describe.skipIf(process.platform === "win32").each(ownPowerShells)("3: signals, $label", ({ label, path }) => {
  let home: string;
  let log: string;
  const logged = () => (existsSync(log) ? readFileSync(log, "utf8") : "");

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "background-copy-signals-"));
    log = join(home, "log");
    mkdirSync(join(home, "config", "powershell"), { recursive: true });
    mkdirSync(join(home, "transcripts"));
    writeFileSync(
      join(home, "config", "powershell", "powershell.config.json"),
      JSON.stringify(transcribedTo(join(home, "transcripts"))),
    );
    vi.stubEnv("XDG_CONFIG_HOME", join(home, "config"));
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(home, { recursive: true, force: true });
  });

  /** No request reached PowerShell's own loop, which would have written it into the transcript. */
  function expectNoRequestInTranscripts(): void {
    const text = files(join(home, "transcripts"))
      .map((path) => readFileSync(path, "utf8"))
      .join();
    // The engine of Windows PowerShell reads this policy from the registry.
    expect(text).toMatch(label === "PowerShell 7" ? /Start-BackgroundCopyHost/ : /^/);
    expect(text).not.toContain("jsonrpc");
    expect(text).not.toContain(SECRET);
  }

  // The program in the terminal: it handles the signals of the terminal itself, and sends requests after each.
  const source = () => `
    import { appendFileSync } from "node:fs";
    import { Host } from ${built("powershell/host.js")};
    const say = (text) => appendFileSync(${JSON.stringify(log)}, text + "\\n");
    const host = new Host(${JSON.stringify({ executable: path, modulePath: MODULE, executionPolicy: "RemoteSigned", service: "bits", language })});
    await host.ready;
    for (const signal of ["SIGINT", "SIGQUIT", "SIGHUP"]) {
      process.on(signal, async () => {
        const options = { timeoutInMs: 60_000 };
        await host.request("job.setCredentials", ${JSON.stringify(CREDENTIALS)}, options).catch(() => {});
        const echo = await host.request("host.echo", { text: "echo" }, options).then(({ text }) => text, ({ code }) => code);
        say(signal + " " + echo + " " + (host.failure?.code ?? "goes on"));
      });
    }
    say("ready " + host.pid + " " + process.pid);
    setInterval(() => {}, 1000);
    if (process.env.DIES) process.removeAllListeners("SIGHUP");
  `;
  /** A terminal in which the program is ready, and the process of its host. */
  async function open(environment = ""): Promise<{ window: TmuxWindow; pid: number; program: number }> {
    const file = join(home, "program.mjs");
    writeFileSync(file, source());
    const window = new TmuxWindow(
      { columns: 80, rows: 10 },
      `XDG_CONFIG_HOME='${join(home, "config")}' ${environment} '${process.execPath}' '${file}'`,
    );
    await expect.poll(logged).toMatch(/^ready \d+ \d+$/m);
    const [, pid, program] = /^ready (\d+) (\d+)$/m.exec(logged()) ?? [];
    return { window, pid: Number(pid), program: Number(program) };
  }

  it.skipIf(!path || !hasTmux)("3: the keys of a terminal and its end don't reach PowerShell", async () => {
    const { window, pid, program } = await open();
    try {
      for (const [key, signal] of [
        ["C-c", "SIGINT"],
        ["C-\\", "SIGQUIT"],
      ] as const) {
        window.press(key);
        await expect.poll(logged).toMatch(new RegExp(`^${signal} `, "m"));
        expect(logged()).toMatch(new RegExp(`^${signal} echo goes on$`, "m"));
      }
    } finally {
      window[Symbol.dispose]();
    }
    // The program survives its terminal, and so does the host.
    await expect.poll(logged).toMatch(/^SIGHUP /m);
    expect(logged()).toMatch(/^SIGHUP echo goes on$/m);
    process.kill(program, "SIGKILL");
    await expect.poll(() => isRunning(pid)).toBe(false);
    expectNoRequestInTranscripts();
  });

  it.skipIf(!path || !hasTmux)("3: PowerShell ends with the terminal of a program that ends with it", async () => {
    const { window, pid } = await open("DIES=1");
    expect(isRunning(pid)).toBe(true);
    window[Symbol.dispose]();
    await expect.poll(() => isRunning(pid)).toBe(false);
    expectNoRequestInTranscripts();
  });

  // Not from a terminal: `kill`, the end of a session, a manager of services.
  it.skipIf(!path).each(["SIGINT", "SIGQUIT", "SIGTERM", "SIGHUP"] as const)(
    "3: a PowerShell that gets %s itself answers or ends",
    async (signal) => {
      const host = new Host({
        executable: path as string,
        modulePath: MODULE,
        executionPolicy: "RemoteSigned",
        service: "bits",
        language,
      });
      await host.ready;
      const pid = host.pid as number;
      process.kill(pid, signal);
      const outcomes: string[] = [];
      for (let i = 0; i < 3; i++) {
        const request = host.request("job.setCredentials", CREDENTIALS, { timeoutInMs: 60_000 });
        const error = await request.then(
          () => undefined,
          (reason: BridgeError) => reason,
        );
        // There is no service here, so a host that goes on refuses the request.
        outcomes.push(error?.code ?? "answered");
        expect(error?.diagnostics.join()).not.toContain(SECRET);
      }
      expect(outcomes.every((code) => code === "HOST_EXITED" || code === "PROTOCOL")).toBe(true);
      if (outcomes.includes("HOST_EXITED")) {
        await host.ended;
        expect(isRunning(pid)).toBe(false);
      }
      await host.close();
      expectNoRequestInTranscripts();
    },
  );
});
