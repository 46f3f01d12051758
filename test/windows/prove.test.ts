import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { ROOT } from "../support/packed.js";
import { WINE_POWERSHELL } from "../support/powershells.js";

const executable = inject("winePowerShell");

describe.skipIf(!executable)(`the proof for Windows, in a dry run: ${WINE_POWERSHELL}`, () => {
  it("prints a table for each service", () => {
    const script = join(ROOT, "test", "windows", "prove.js");
    const proof = execFileSync(process.execPath, [script, "--executable", executable as string, "--drive", "Z:"], {
      encoding: "utf8",
    });
    expect(proof).toMatch(/^## delivery-optimization, PowerShell 7/m);
    expect(proof).toMatch(/^## bits, PowerShell 7/m);
    expect(proof).toContain("| Cancel | S_OK, BG_JOB_STATE_CANCELLED | S_OK, BG_JOB_STATE_CANCELLED | yes |");
    expect(proof).toContain("| message of S_OK | 6 of 6 as documented | 6 of 6 | yes |");
    expect(proof).toContain("| Complete | S_OK, a file of 65536 bytes | S_OK, a file of 65536 bytes | yes |");
    expect(proof).toContain(
      "| a job whose PowerShell has ended | BG_JOB_STATE_SUSPENDED | BG_JOB_STATE_SUSPENDED | yes |",
    );
    expect(proof).toContain("| Suspend in mid-transfer | E_NOTIMPL, BG_JOB_STATE_TRANSFERRING |");
    // Wine's BITS answers for Delivery Optimization with its own code, and the table must report this.
    expect(proof).toContain(
      "| Cancel again, by its ID | BG_E_INVALID_STATE | DO_E_INVALID_STATE or DO_E_JOB_NOT_FOUND | NO |",
    );
    expect(proof).toContain(
      "| Cancel again, by its ID | BG_E_INVALID_STATE | BG_E_INVALID_STATE or BG_E_NOT_FOUND | yes |",
    );
  });
});
