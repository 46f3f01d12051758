import { tmpdir, userInfo } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { BackgroundCopyManager } from "../../src/index.js";
import documented from "../facts/documented-messages.json" with { type: "json" };
import { ROOT } from "../support/packed.js";
import { WINE_POWERSHELL } from "../support/powershells.js";
import { runPowerShell } from "../support/run-powershell.js";
import { windowsPath } from "../support/wine.js";
import { VALUES } from "./documented-calls.js";
import { conformance } from "./suite.js";

const executable = inject("winePowerShell");

const { description, notifyFlags, customHeaders, securityFlags } = VALUES;
const KEEPS = { description, notifyFlags, customHeaders, securityFlags };

// Wine's BITS is a real service behind real COM. It also answers for Delivery Optimization, with its own codes: in the prefix of the
// tests, its class replaces the other class.
for (const [service, keeps] of [
  ["bits", KEEPS],
  ["delivery-optimization", { notifyFlags }],
] as const) {
  const label = `${service}, ${WINE_POWERSHELL}`;
  if (executable) {
    conformance(label, () => BackgroundCopyManager.connect({ service, executable }), {
      invalidState: "BG_E_INVALID_STATE",
      notFound: "BG_E_NOT_FOUND",
      empty: "BG_E_EMPTY",
      // Wine also deletes the target file, which does not exist yet.
      cancelOfUnfinished: "BG_S_UNABLE_TO_DELETE_FILES",
      suspend: "E_NOTIMPL",
      tellsNoSize: true,
      keeps,
      changesWhatIsOver: true,
      missingFile: {
        url: (server) => server.url("/file?status=404"),
        code: "BG_E_HTTP_ERROR_404",
        context: "BG_ERROR_CONTEXT_REMOTE_FILE",
      },
      // Complete of an unfinished job waits for the transfer's own time-out of half a minute: `npm run conformance` tests it.
      addFile: "IBackgroundCopyJob::AddFile",
      wholeFile: (server) => server.url("/file"),
      heldFile: (server) => server.url("/file?size=1000000&pause=65536"),
      temporaryFolder: () =>
        process.platform === "win32"
          ? tmpdir()
          : join(dirname(executable), "prefix", "drive_c", "users", userInfo().username, "Temp"),
      path: windowsPath,
    });
  } else {
    describe.skip(label, () => {
      it("is not on this machine", () => {});
    });
  }
}

describe.skipIf(!executable)(`a job's end, ${WINE_POWERSHELL}`, () => {
  const connect = () => BackgroundCopyManager.connect({ service: "bits", executable: executable as string });

  it("is seen by another PowerShell, through COM", async () => {
    await using manager = await connect();
    await using witness = await connect();
    const job = await manager.createJob("a job");
    await expect(witness.job(job.id).getState()).resolves.toBe("BG_JOB_STATE_SUSPENDED");
    await job.cancel();
    await expect(witness.job(job.id).getState()).resolves.toBe("BG_JOB_STATE_CANCELLED");
  });

  it("is brought about by Stop-BackgroundCopyJob, and refused the second time", async () => {
    await using manager = await connect();
    const job = await manager.createJob("a job");
    const stop = `Stop-BackgroundCopyJob -Id ${job.id} -Service bits`;
    const { stdout } = await runPowerShell(
      executable as string,
      `Import-Module $env:BACKGROUND_COPY_MODULE
${stop} -WhatIf
$first = ${stop} -PassThru; "$($first.JobId) $($first.Code) $($first.HResult) $($first.StateBefore) $($first.StateAfter) $($first.Message)"
try { ${stop} -ErrorAction Stop } catch { "$($_.FullyQualifiedErrorId) $($_.CategoryInfo.Category) $('{0:X8}' -f $_.Exception.HResult) $($_.TargetObject) $($_.Exception.Message)" }
$ids = '00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002'; $ids | Stop-BackgroundCopyJob -Service bits -ErrorAction SilentlyContinue -ErrorVariable refused; $refused.ForEach({ "$($_.FullyQualifiedErrorId) $($_.CategoryInfo.Category)" })`,
      { BACKGROUND_COPY_MODULE: join(ROOT, "ps", "BackgroundCopy", "BackgroundCopy.psd1") },
    );
    const { S_OK, DO_E_INVALID_STATE } = documented.en;
    expect(stdout.trim().split("\n").slice(-4)).toEqual([
      `${job.id} S_OK 0x00000000 BG_JOB_STATE_SUSPENDED BG_JOB_STATE_CANCELLED ${S_OK.documented}`,
      `BG_E_INVALID_STATE,Stop-BackgroundCopyJob InvalidOperation 80200002 ${job.id} ${DO_E_INVALID_STATE.documented}`,
      "BG_E_NOT_FOUND,Stop-BackgroundCopyJob ObjectNotFound",
      "BG_E_NOT_FOUND,Stop-BackgroundCopyJob ObjectNotFound",
    ]);
    await expect(job.getState()).resolves.toBe("BG_JOB_STATE_CANCELLED");
  });
});
