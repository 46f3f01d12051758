import { execFileSync } from "node:child_process";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { BackgroundCopyError, BackgroundCopyManager, BridgeError, type BackgroundCopyJob } from "../../src/index.js";
import { LOCALES } from "../../src/words/locale.js";
import { makeStandInPrefix, missingTools, startComServer, type ComServer } from "../support/com-server/index.js";
import { powerShellPath, WINE_POWERSHELL } from "../support/powershells.js";
import { makeWinePrefix, type WinePrefix } from "../support/wine.js";

const windowsPowerShell = powerShellPath(WINE_POWERSHELL);
const obstacle = windowsPowerShell ? missingTools() : WINE_POWERSHELL;

async function failure(promise: Promise<unknown>): Promise<BackgroundCopyError | BridgeError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error instanceof BackgroundCopyError || error instanceof BridgeError).toBe(true);
  return error as BackgroundCopyError;
}

/** Checks that the error has a message and advice in each language. */
function expectWords(error: BackgroundCopyError | BridgeError): void {
  const messages = LOCALES.map((locale) => error.localize(locale));
  expect(new Set(messages).size).toBe(LOCALES.length);
  expect(messages.join()).not.toMatch(/\{\{|undefined/);
  expect(error.advice).toBeTruthy();
}

describe.skipIf(!windowsPowerShell)(`a service that can't be had, ${WINE_POWERSHELL}`, () => {
  let prefix: WinePrefix;
  const BITS = "HKLM\\System\\CurrentControlSet\\Services\\BITS";
  const CLASS = "HKLM\\Software\\Classes\\CLSID\\{4991D34B-80A1-4291-83B6-3328366B9097}";
  const wine = (...args: string[]) =>
    execFileSync("wine", args, {
      env: { ...process.env, WINEPREFIX: prefix.path, WINEDEBUG: "-all" },
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
  /** Windows reads its services when it starts. */
  const restart = () =>
    execFileSync("wineserver", ["-k", "-w"], { env: { ...process.env, WINEPREFIX: prefix.path }, stdio: "ignore" });

  beforeAll(async () => {
    prefix = await makeWinePrefix(windowsPowerShell as string, { bitsStandsIn: false });
  });
  afterAll(() => prefix?.remove());

  const connect = () => BackgroundCopyManager.connect({ service: "bits", executable: prefix.executable, locale: "en" });

  it("is healthy where it is stopped: it starts on demand", async () => {
    expect(wine("sc", "query", "BITS")).toMatch(/\b1 +STOPPED\b/);
    await using manager = await connect();
    await expect(manager.createJob("a job")).resolves.toBeTruthy();
    expect(wine("sc", "query", "BITS")).toMatch(/\b4 +RUNNING\b/);
  });

  it("is disabled", async () => {
    wine("reg", "add", BITS, "/v", "Start", "/t", "REG_DWORD", "/d", "4", "/f");
    restart();
    const error = await failure(connect());
    expect(error).toMatchObject({ code: "SERVICE_UNAVAILABLE", outcome: "not sent" });
    // Wine then looks for the class elsewhere and finds no file. Windows returns ERROR_SERVICE_DISABLED.
    expect(error.hresult).toBe(0x80070002);
    expect(error.message).toContain("Windows could not start the service.");
    expect(error.advice).toMatch(/^Check that the Windows service .* is not disabled/);
    expectWords(error);
    wine("reg", "add", BITS, "/v", "Start", "/t", "REG_DWORD", "/d", "3", "/f");
    restart();
  });

  it("has no class", async () => {
    wine("reg", "delete", CLASS, "/f");
    const error = await failure(connect());
    expect(error).toMatchObject({ code: "SERVICE_UNAVAILABLE", outcome: "not sent", hresult: 0x80040154 });
    expectWords(error);
  });
});

describe.skipIf(obstacle)(`a service that refuses, stand-in, ${WINE_POWERSHELL}`, () => {
  let prefix: WinePrefix;
  let server: ComServer;
  let manager: BackgroundCopyManager;

  beforeAll(async () => {
    prefix = await makeStandInPrefix(windowsPowerShell as string);
    server = await startComServer(prefix.path, "bits", ["keep-final"]);
    manager = await BackgroundCopyManager.connect({ service: "bits", executable: prefix.executable, locale: "en" });
  });
  afterEach(() => server.command("heal"));
  afterAll(async () => {
    await manager?.close();
    await server?.stop();
    prefix?.remove();
  });

  const calls = async (method: string) => {
    const all = (await server.command("calls")) as Readonly<Record<string, number>>;
    return all[method] ?? 0;
  };

  it.each([
    ["RPC_S_SERVER_UNAVAILABLE", "0x800706BA"],
    ["RPC_S_CALL_FAILED", "0x800706BE"],
    ["RPC_E_DISCONNECTED", "0x80010108"],
    ["E_ACCESSDENIED", "0x80070005"],
    ["ERROR_NOT_LOGGED_ON", "0x800704DD"],
    ["ERROR_SERVICE_DISABLED", "0x80070422"],
    ["BG_E_NOT_FOUND", "0x80200001"],
  ])("with %s says so in every language, and what to do", async (code, hex) => {
    const job = await manager.createJob("a job");
    await server.command(`refuse GetJob ${hex}`);
    const error = await failure(job.getState());
    expect(error).toMatchObject({ code, hex, jobId: job.id, method: "IBackgroundCopyManager::GetJob" });
    expectWords(error);
  });

  it.each(
    ["GetJob", "GetState", "EnumJobs", "GetDisplayName", "EnumFiles"].flatMap((method) =>
      ["0x800706BA", "0x800706BE", "0x80010108"].map((hex) => [method, hex] as const),
    ),
  )("with a lost %s, by %s, is asked once more for a read", async (method, hex) => {
    const job = await manager.createJob("a job");
    const read = () => (method === "EnumJobs" ? manager.listJobs({ displayName: "a job" }) : job.describe());
    const described = await read();
    await server.command(`refuse ${method} ${hex} 1`);
    await expect(read()).resolves.toEqual(described);
    await server.command("heal");
    await expect(job.getState()).resolves.toBe("BG_JOB_STATE_SUSPENDED");
  });

  it.each<[string, (job: BackgroundCopyJob) => Promise<unknown>]>([
    ["IBackgroundCopyManager::CreateJob", () => manager.createJob("another job")],
    ["IBackgroundCopyJob::AddFile", (job) => job.addFile("http://127.0.0.1/", "C:\\x")],
    ["IBackgroundCopyJob::SetPriority", (job) => job.set({ priority: "BG_JOB_PRIORITY_HIGH" })],
    ["IBackgroundCopyJob::Suspend", (job) => job.suspend()],
    ["IBackgroundCopyJob::Resume", (job) => job.resume()],
    ["IBackgroundCopyJob::Complete", (job) => job.complete()],
    ["IBackgroundCopyJob::Cancel", (job) => job.cancel()],
  ])("with a lost %s is not asked again", async (method, change) => {
    const job = await manager.createJob("a job");
    await server.command(`refuse ${method} 0x800706BE 1`);
    const before = await calls(method);
    expect(await failure(change(job))).toMatchObject({ code: "RPC_S_CALL_FAILED", method });
    expect((await calls(method)) - before).toBe(1);
  });

  it("denies the jobs of another user and those of a higher integrity, and names both rules", async () => {
    const mine = await manager.createJob("a job");
    await server.command(`deny ${mine.id}`);
    const error = await failure(mine.cancel());
    expect(error).toMatchObject({ code: "E_ACCESSDENIED", jobId: mine.id });
    expect(error.message).toMatch(/belongs to another account, or it was created with elevated rights/);
    expectWords(error);
  });
});
