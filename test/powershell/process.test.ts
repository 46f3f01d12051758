import childProcess from "node:child_process";
import { readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { openPowerShellService } from "../../src/powershell/index.js";
import { faultyHost } from "../support/fake-host.js";
import { ROOT } from "../support/packed.js";

const language = { locale: "en", wording: "documented" } as const;
/** The command line on the page for administrators, without the program. */
const [, PROMISED = ""] =
  /^%SystemRoot%\S+\\powershell\.exe (.+)$/m.exec(readFileSync(join(ROOT, "docs", "deployment.md"), "utf8")) ?? [];
const INHERITING = PROMISED.replace(" -ExecutionPolicy RemoteSigned", "");

describe("the process that is started", () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  async function start(executionPolicy?: "inherit") {
    const host = faultyHost([]);
    const service = await openPowerShellService({
      service: "bits",
      language,
      executable: host.executable,
      executionPolicy,
    });
    await service.close();
    return host;
  }

  it.each([
    [undefined, PROMISED],
    ["inherit" as const, INHERITING],
  ])("has the command line and the folder that are promised: policy %s", async (executionPolicy, promised) => {
    const host = await start(executionPolicy);
    // Only Windows has apartments: PowerShell on other systems does not support -MTA.
    const expected = process.platform === "win32" ? promised : promised.replace(" -MTA", "");
    expect(host.did()).toContain(`arguments ${expected}`);
    expect(host.did()).toContain(`folder ${realpathSync(dirname(host.executable))}`);
  });

  it.each([
    [undefined, PROMISED],
    ["inherit" as const, INHERITING],
  ])("is on Windows the same, and shows no window: policy %s", async (executionPolicy, promised) => {
    vi.spyOn(process, "platform", "get").mockReturnValue("win32");
    const spawn = vi.spyOn(childProcess, "spawn");
    const host = await start(executionPolicy);
    expect(spawn).toHaveBeenCalledOnce();
    expect(spawn).toHaveBeenCalledWith(
      host.executable,
      promised.split(" "),
      expect.objectContaining({ cwd: dirname(host.executable), windowsHide: true, shell: false }),
    );
  });
});
