import childProcess from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it, vi } from "vitest";
import { BackgroundCopyManager } from "../../src/manager.js";
import { candidates, isThere } from "../../src/powershell/locate.js";
import { BridgeError } from "../../src/words/errors.js";
import { LOCALES } from "../../src/words/locale.js";
import { fakeHost } from "../support/fake-host.js";
import { ROOT } from "../support/packed.js";
import { PWSH } from "../support/powershells.js";
import { shellWord } from "../support/shell-word.js";
import { run } from "../support/run.js";

// Reported failures of starting PowerShell, by the letters of the list of reports.

const POSIX = process.platform !== "win32";
const PACKAGE = JSON.stringify(new URL("../../dist/bundle/index.js", import.meta.url).href);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "background-copy-starts-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => {
  vi.restoreAllMocks();
});

function file(name: string, content: string, mode = 0o755): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

async function failure(executable: string): Promise<BridgeError> {
  const error = await BackgroundCopyManager.connect({ service: "bits", executable, locale: "en" }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(BridgeError);
  expect(error).toMatchObject({ outcome: "not sent" });
  return error as BridgeError;
}

/** Runs a program with a function `connect`, which prints the outcome of a connection; an uncaught error ends the program with 1. */
function program(source: string, start: (node: string, args: string[]) => [string, string[]], executable: string) {
  const whole = `import { BackgroundCopyManager } from ${PACKAGE};
    import { openSync, closeSync } from "node:fs";
    const options = { service: "bits", executable: ${JSON.stringify(executable)}, locale: "en" };
    const say = (text) => process.stderr.write(text + "\\n");
    const said = (promise) => promise.then(() => say("well"), ({ code, cause }) => say(code + " " + cause?.code));
    ${source}`;
  const [command, args] = start(process.execPath, [file("program.mjs", whole)]);
  return run(command, args, {});
}

describe("A: what could not start is told as what it is", () => {
  it.skipIf(!POSIX)("with the code of the system", async () => {
    const started = await Promise.all([
      failure(folder),
      failure(file("text", "hello", 0o644)),
      failure(file("no interpreter", "#!/nowhere/interpreter\n")),
    ]);
    expect(started.map(({ code }) => code)).toEqual(Array(3).fill("POWERSHELL_NOT_STARTED"));
    expect(started.map(({ message }) => /: (\w+)\)/.exec(message)?.[1])).toEqual(["EACCES", "EACCES", "ENOENT"]);
    const [error] = started;
    expect(error?.cause).toMatchObject({ code: "EACCES" });
    expect(new Set(LOCALES.map((locale) => error?.localize(locale))).size).toBe(LOCALES.length);
  });

  const FULL = `const taken = [];
    const take = () => { try { for (;;) taken.push(openSync(${JSON.stringify(ROOT)})); } catch {} };
    const free = () => { for (const file of taken.splice(0)) closeSync(file); };`;
  const fewFiles = (node: string, args: string[]): [string, string[]] => [
    "sh",
    ["-c", 'ulimit -n 256 && exec "$0" "$@"', node, ...args],
  ];

  it.skipIf(!POSIX)("where no file descriptor is left, which passes", async () => {
    const source = `${FULL}
      await BackgroundCopyManager.connect({ ...options, executable: ${JSON.stringify(folder)} }).catch(() => {});
      take();
      await said(BackgroundCopyManager.connect(options));
      free();
      const manager = await BackgroundCopyManager.connect(options);
      await said(manager.close());`;
    expect(await program(source, fewFiles, fakeHost())).toEqual({
      exitCode: 0,
      stdout: "",
      stderr: "POWERSHELL_NOT_STARTED EMFILE\nwell\n",
    });
  });

  it.skipIf(!POSIX)("where none is left for an idle host that is started again", async () => {
    const source = `${FULL}
      import { subscribe } from "node:diagnostics_channel";
      const idle = new Promise((resolve) => {
        subscribe("background-copy:host", ({ event }) => event === "exited" && resolve());
      });
      const manager = await BackgroundCopyManager.connect({ ...options, idleTimeoutInMs: 1 });
      const waiting = setInterval(() => {}, 1000);
      await idle;
      clearInterval(waiting);
      take();
      const job = manager.job("00000000-0000-4000-8000-000000000001");
      await said(job.getState());
      free();
      await said(job.getState());`;
    expect(await program(source, fewFiles, fakeHost())).toEqual({
      exitCode: 0,
      stdout: "",
      stderr: "POWERSHELL_NOT_STARTED EMFILE\nwell\n",
    });
  });

  it.skipIf(!POSIX)("where none is left for the files of the package itself", async () => {
    const { exitCode, stderr } = await program(
      `${FULL} take(); await said(BackgroundCopyManager.connect(options));`,
      fewFiles,
      fakeHost(),
    );
    expect([exitCode, stderr.split(" ")[0]]).toEqual([0, "POWERSHELL_NOT_STARTED"]);
  });

  // The error of Windows if a policy forbids a program. Node has no name for it.
  it.each([
    ["UNKNOWN", "MZ\x90\0", "POWERSHELL_BLOCKED"],
    ["EPERM", "MZ\x90\0", "POWERSHELL_BLOCKED"],
    ["EAGAIN", "MZ\x90\0", "POWERSHELL_NOT_STARTED"],
    ["UNKNOWN", "@echo off", "POWERSHELL_NOT_STARTED"],
    ["EINVAL", "@echo off", "POWERSHELL_NOT_STARTED"],
  ])("as a policy only on Windows, of a program: %s for %j is %s", async (code, content, told) => {
    vi.spyOn(process, "platform", "get").mockReturnValue("win32");
    vi.spyOn(childProcess, "spawn").mockImplementation(() => {
      throw Object.assign(new Error(`spawn ${code}`), { code });
    });
    expect((await failure(file("program", content))).code).toBe(told);
  });
});

describe("D: timers that are numbers, as in a window", () => {
  it.skipIf(!POSIX)("are no different: a connection works, idles, is closed, and the program ends", async () => {
    const source = `const timers = new Map();
      const { setTimeout: start, clearTimeout: stop } = globalThis;
      globalThis.setTimeout = (...args) => { const timer = start(...args); timers.set(Number(timer), timer); return Number(timer); };
      globalThis.clearTimeout = (number) => stop(timers.get(number));
      const manager = await BackgroundCopyManager.connect(options);
      await said(manager.job("00000000-0000-4000-8000-000000000001").cancel());
      const other = await BackgroundCopyManager.connect(options);
      await said(other.close());`;
    expect(await program(source, (node, args) => [node, args], fakeHost())).toEqual({
      exitCode: 0,
      stdout: "",
      stderr: "well\nwell\n",
    });
  });
});

describe("G: a PowerShell that the environment does not reach, as from WSL", () => {
  it.skipIf(!POSIX)("is not supported, and the message says why", async () => {
    const error = await failure(fakeHost("has no environment"));
    expect(error).toMatchObject({ code: "UNSUPPORTED", message: expect.stringContaining("WSL") });
    expect(error.advice).toContain("node.exe");
  });

  const pwsh = inject("pwsh");
  it.skipIf(!pwsh || !POSIX)(`is recognized: ${PWSH}`, async () => {
    const kept = `exec env -u BACKGROUND_COPY_MARKER -u BACKGROUND_COPY_MODULE ${shellWord(pwsh as string)} "$@"`;
    const error = await failure(file("wsl", `#!/bin/sh\n${kept}\n`));
    expect(error).toMatchObject({ code: "UNSUPPORTED", message: expect.stringContaining("WSL") });
  });
});

describe("L: Node's permission model", () => {
  const flag = ["--permission", "--experimental-permission"].find((name) =>
    process.allowedNodeEnvironmentFlags.has(name),
  ) as string;
  const restricted =
    (...allowed: string[]) =>
    (node: string, args: string[]): [string, string[]] => [node, [flag, "--no-warnings", ...allowed, ...args]];

  it("is named where it lets no process start", async () => {
    const source = `await BackgroundCopyManager.connect(options).catch(({ code, message, advice }) => say([code, message, advice].join("; ")));`;
    const { exitCode, stderr } = await program(source, restricted("--allow-fs-read=*"), process.execPath);
    expect(stderr).toMatch(/^POWERSHELL_NOT_STARTED; .*permission model.*; .*--allow-child-process/);
    expect(exitCode).toBe(0);
  });

  it.skipIf(!POSIX)("does not stand in the way where it lets one start", async () => {
    const source = "await said(BackgroundCopyManager.connect(options).then((manager) => manager.close()));";
    const readable = [`--allow-fs-read=${ROOT}*`, `--allow-fs-read=${folder}/*`];
    // The program may not be read. It is a Node itself, so NODE_OPTIONS would apply to it too.
    const unrestricted = `#!/bin/sh\nexec env -u NODE_OPTIONS ${shellWord(fakeHost())} "$@"\n`;
    const executable = join(mkdtempSync(join(tmpdir(), "background-copy-unread-")), "pwsh");
    writeFileSync(executable, unrestricted, { mode: 0o755 });
    const { stderr } = await program(source, restricted("--allow-child-process", ...readable), executable);
    rmSync(dirname(executable), { recursive: true });
    expect(stderr).toBe("well\n");
  });
});

describe("P: how Windows finds programs", () => {
  it("takes entries of PATH that stand in quotes, with what is in them", () => {
    const PATH = `"C:\\Program Files\\PowerShell\\7";"D:\\a;b";C:\\c`;
    expect(candidates("pwsh", { PATH }, "win32")).toEqual([
      "C:\\Program Files\\PowerShell\\7\\pwsh.exe",
      "D:\\a;b\\pwsh.exe",
      "C:\\c\\pwsh.exe",
    ]);
    expect(candidates("pwsh", { PATH: '/a"b:/c' }, "linux")).toEqual(['/a"b/pwsh', "/c/pwsh"]);
  });

  it("takes the Store's alias, which leads nowhere that can be followed", () => {
    const alias = join(folder, "pwsh.exe");
    mkdirSync(join(folder, "WindowsApps"));
    symlinkSync(join(folder, "WindowsApps", "nowhere"), alias, "junction");
    expect(isThere(alias)).toBe(false);
    vi.spyOn(process, "platform", "get").mockReturnValue("win32");
    expect(isThere(alias)).toBe(true);
  });
});
