import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { describe, expect, inject, it } from "vitest";
import { E_ACCESSDENIED, E_INVALIDARG, ERROR_SHARING_VIOLATION } from "../../src/embedded/codes.js";
import { contents } from "../support/file-server.js";
import { PowerShellSession } from "../support/powershell-session.js";
import { ROOT } from "../support/packed.js";
import { Fixture } from "./fixture.js";

// How Windows names files, and what it refuses, where the Node in which the service lives is Windows' own.
describe.runIf(process.platform === "win32")("a file on Windows", () => {
  const test = new Fixture();

  /** Downloads to that local name, and completes. */
  async function download(localName: string) {
    const jobId = await test.start("/file", localName);
    await test.reaches(jobId, "BG_JOB_STATE_TRANSFERRED");
    return { jobId, completed: await test.complete(jobId) };
  }

  it("has the name that it is given, in place of what had it", async () => {
    const name = test.path("it's [x] $(y) `z` ü 中 😀.bin");
    await writeFile(name, "as it was");
    const { completed } = await download(name);
    expect(completed).toMatchObject({ hresult: 0 });
    expect((await readFile(name)).equals(contents())).toBe(true);
  });

  it("is named in letters of any case, and with slashes of either kind", async () => {
    await writeFile(test.path("target.bin"), "as it was");
    const { completed } = await download(test.path("TARGET.bin").replaceAll("\\", "/"));
    expect(completed).toMatchObject({ hresult: 0 });
    expect(await test.names()).toHaveLength(1);
    expect((await readFile(test.path("target.bin"))).equals(contents())).toBe(true);
  });

  it("is named past the limits of names", async () => {
    const folder = test.path(`${"a".repeat(120)}\\${"b".repeat(120)}`);
    await mkdir(folder, { recursive: true });
    const name = `\\\\?\\${folder}\\${"c".repeat(60)}`;
    const { completed } = await download(name);
    expect(completed).toMatchObject({ hresult: 0 });
    expect((await readFile(name)).equals(contents())).toBe(true);
  });

  // The drive that a machine shares with its administrators, and what stands for it in the Wine prefix of the tests.
  const shareOf = (path: string) => path.replace(/^(\w):/, "\\\\localhost\\$1$");
  it.skipIf(!existsSync(shareOf(tmpdir())))("lies on a share", async () => {
    const share = shareOf(test.folder);
    const { completed } = await download(`${share}\\target.bin`);
    expect(completed).toMatchObject({ hresult: 0 });
    expect((await readFile(test.path("target.bin"))).equals(contents())).toBe(true);
  });

  it.each(["NUL", "con.txt", "COM1", "a:b", "a.", "a?"])("is not named %s", async (name) => {
    const jobId = await test.create();
    await expect(test.addFile(jobId, test.server.url("/file"), `${test.folder}\\${name}`)).resolves.toMatchObject({
      hresult: E_INVALIDARG,
    });
    expect(await test.names()).toEqual([]);
  });

  const powerShell = inject("winePowerShell") ?? inject("pwsh");
  it.skipIf(!powerShell)("waits for whoever has the target open", async () => {
    await writeFile(test.path("target.bin"), "as it was");
    await using session = new PowerShellSession(powerShell as string, `${ROOT}ps\\BackgroundCopy\\BackgroundCopy.psd1`);
    const open = `$global:file = [IO.File]::Open('${test.path("target.bin")}', 'Open', 'Read', 'None')`;
    expect(await session.run(open)).toMatchObject({ errors: [] });
    const { jobId, completed } = await download(test.path("target.bin"));
    expect([E_ACCESSDENIED, ERROR_SHARING_VIOLATION]).toContain(completed.hresult);
    await expect(test.state(jobId)).resolves.toBe("BG_JOB_STATE_TRANSFERRED");
    expect(await session.run("$file.Dispose()")).toMatchObject({ errors: [] });
    await expect(test.complete(jobId)).resolves.toMatchObject({ hresult: 0 });
    expect((await readFile(test.path("target.bin"))).equals(contents())).toBe(true);
  });
});
