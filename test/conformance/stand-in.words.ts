import { join } from "node:path";
import { expect, it } from "vitest";
import { LOCALES, type Locale } from "../../src/words/locale.js";
import documented from "../facts/documented-messages.json" with { type: "json" };
import { ROOT } from "../support/packed.js";
import { run } from "../support/run.js";
import { runPowerShell } from "../support/run-powershell.js";
import { refusal } from "./refusal.js";
import type { StandIn } from "./stand-in.place.js";

const MODULE = join(ROOT, "ps", "BackgroundCopy", "BackgroundCopy.psd1");

/** The documented refusal of Delivery Optimization, 0x80D02013, in its words. */
export function documentedRefusal(place: StandIn): void {
  const { service } = place;

  async function canceled(): Promise<string> {
    const job = await place.manager.createJob("a job");
    await job.cancel();
    return job.id;
  }

  it("says 0x80D02013 by the SDK in the documented words", async () => {
    const error = await refusal(place.manager.job(await canceled()).cancel());
    expect(error).toMatchObject({ code: "DO_E_INVALID_STATE", hex: "0x80D02013" });
    for (const locale of LOCALES) {
      expect(error.localize(locale)).toBe(documented[locale].DO_E_INVALID_STATE.documented);
    }
  });

  it("says it by the command line", async () => {
    const id = await canceled();
    const main = join(ROOT, "dist", "bundle", "cli.js");
    const where = ["--service", service, "--executable", place.executable];
    const runs = LOCALES.map((locale) =>
      run(process.execPath, [main, "cancel", id, ...where, "--locale", locale, "--json"], {}),
    );
    for (const [i, { exitCode, stdout }] of (await Promise.all(runs)).entries()) {
      expect(exitCode).toBe(1);
      expect(JSON.parse(stdout).jobs).toMatchObject([
        {
          ok: false,
          hex: "0x80D02013",
          message: documented[LOCALES[i] as Locale].DO_E_INVALID_STATE.documented,
        },
      ]);
    }
  });

  it("says it by Stop-BackgroundCopyJob", async () => {
    const id = await canceled();
    // As numbers, because the console in between supports only the letters of its code page.
    const lines = LOCALES.map(
      (locale) =>
        `[cultureinfo]::CurrentUICulture = '${locale}'; try { Stop-BackgroundCopyJob -Id ${id} -ErrorAction Stop } catch { "${locale} $('{0:X8}' -f $_.Exception.HResult) $([int[]][char[]]$_.Exception.Message)" }`,
    );
    const script = ["Import-Module $env:BACKGROUND_COPY_MODULE", ...lines].join("\n");
    const { stdout } = await runPowerShell(place.executable, script, { BACKGROUND_COPY_MODULE: MODULE });
    const said = stdout.trim().split("\n").slice(-LOCALES.length);
    expect(said).toEqual(
      LOCALES.map((locale) => {
        const { documented: words } = documented[locale].DO_E_INVALID_STATE;
        return `${locale} 80D02013 ${Array.from({ length: words.length }, (_, i) => words.charCodeAt(i)).join(" ")}`;
      }),
    );
  });
}
