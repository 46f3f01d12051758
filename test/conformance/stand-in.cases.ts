import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BackgroundCopyError, BackgroundCopyManager } from "../../src/index.js";
import { LOCALES, type Locale } from "../../src/locale.js";
import documented from "../facts/documented-messages.json" with { type: "json" };
import {
  buildComServer,
  installComServer,
  missingTools,
  startComServer,
  type ComServer,
} from "../support/com-server/index.js";
import { ROOT } from "../support/packed.js";
import { powerShellPath, WINE_POWERSHELL } from "../support/powershells.js";
import { runPowerShell } from "../support/run-powershell.js";
import { makeWinePrefix, type WinePrefix } from "../support/wine.js";
import { CONTRACTS } from "./contracts.js";
import { conformance } from "./suite.js";

// A service of our own behind real COM: what Wine's BITS leaves out.

const NOTHING = { manager: 0, job: 0, download: 0, file: 0, error: 0, enumerator: 0 };
const MODULE = join(ROOT, "ps", "BackgroundCopy", "BackgroundCopy.psd1");
const CULTURES: Readonly<Record<Locale, string>> = {
  en: "en-US",
  fr: "fr-FR",
  "pt-BR": "pt-BR",
  "zh-TW": "zh-TW",
  de: "de-DE",
  it: "it-IT",
};

const windowsPowerShell = powerShellPath(WINE_POWERSHELL);
const obstacle = windowsPowerShell ? missingTools() : WINE_POWERSHELL;

describe.skipIf(obstacle)(`a stand-in service${obstacle ? `, without ${obstacle}` : ""}`, () => {
  let prefix: WinePrefix;

  beforeAll(async () => {
    prefix = makeWinePrefix(windowsPowerShell as string, { bitsStandsIn: false });
    await installComServer(prefix.path, await buildComServer(join(prefix.path, "..", "com-server")));
  });
  afterAll(() => prefix?.remove());

  describe.each(CONTRACTS)("that speaks $contract", ({ contract, service, capabilities, ...traits }) => {
    let server: ComServer;
    const start = async (...commands: string[]) => {
      server = await startComServer(prefix.path, contract, commands);
    };
    const connect = () => BackgroundCopyManager.connect({ service, executable: prefix.executable });
    /** What clients hold, as soon as it is what is expected. */
    const held = () =>
      expect.poll(
        async () => {
          const { queued, ...objects } = await server.references();
          return objects;
        },
        { timeout: 10_000 },
      );

    describe("and knows jobs that are over", () => {
      beforeAll(() => start("keep-final"));
      afterAll(() => server.stop());

      conformance(`${service}, ${WINE_POWERSHELL}`, connect, traits);

      it("is let go of when the manager is closed", async () => {
        await held().toEqual(NOTHING);
      });

      it("has its manager held, and nothing else, between calls", async () => {
        await using manager = await connect();
        expect(manager.capabilities).toEqual(capabilities);
        const job = await manager.createJob("a job");
        await job.addFile(traits.heldFile(undefined as never), "C:\\windows\\temp\\target.bin");
        await job.resume();
        await job.suspend();
        await job.cancel();
        await expect(job.complete()).rejects.toThrow(BackgroundCopyError);
        await held().toEqual({ ...NOTHING, manager: 1 });
      });
    });

    describe("and forgets jobs that are over", () => {
      beforeAll(() => start());
      afterAll(() => server.stop());

      it("creates and cancels 1,000 jobs, and none is left", async () => {
        await using manager = await connect();
        const jobs = await Promise.all(Array.from({ length: 1_000 }, (_, i) => manager.createJob(`job ${i}`)));
        const ids = jobs.map(({ id }) => id);
        await expect(server.references()).resolves.toEqual({ ...NOTHING, manager: 1, queued: 1_000 });
        const outcomes = await manager.cancelJobs(ids);
        expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1_000);
        await expect(server.references()).resolves.toEqual({ ...NOTHING, manager: 1, queued: 0 });
        await expect(manager.findJob(ids[0] as string)).resolves.toBeUndefined();
      });

      it("is found again when it was restarted", async () => {
        await using manager = await connect();
        const job = await manager.createJob("a job");
        await server.stop();
        await start();
        // The service has forgotten the job; that it says so is a sign that it was asked.
        await expect(manager.findJob(job.id)).resolves.toBeUndefined();
        await (await manager.createJob("another")).cancel();
        await server.stop();
        await start();
        // Whether this job was created nobody can know, so it is not asked for twice.
        await expect(manager.createJob("a third")).rejects.toThrow(BackgroundCopyError);
        await (await manager.createJob("a fourth")).cancel();
        await held().toEqual({ ...NOTHING, manager: 1 });
      });
    });

    if (service === "delivery-optimization") {
      describe("and says 0x80D02013", () => {
        beforeAll(() => start("keep-final"));
        afterAll(() => server.stop());

        async function canceled(): Promise<string> {
          await using manager = await connect();
          const job = await manager.createJob("a job");
          await job.cancel();
          return job.id;
        }

        it("gets the documented sentence from the SDK", async () => {
          await using manager = await connect();
          const error = await manager
            .job(await canceled())
            .cancel()
            .catch((reason: unknown) => reason);
          expect(error).toMatchObject({ code: "DO_E_INVALID_STATE", hex: "0x80D02013" });
          for (const locale of LOCALES) {
            expect((error as BackgroundCopyError).localize(locale)).toBe(
              documented[locale].DO_E_INVALID_STATE.documented,
            );
          }
        });

        it("gets it from the command line", async () => {
          const id = await canceled();
          for (const locale of LOCALES) {
            const main = join(ROOT, "dist", "cli", "main.js");
            const place = ["--service", service, "--executable", prefix.executable];
            const args = [main, "cancel", id, ...place, "--locale", locale, "--json"];
            const { status, stdout } = spawnSync(process.execPath, args, { encoding: "utf8" });
            expect(status).toBe(1);
            expect(JSON.parse(stdout).jobs).toMatchObject([
              { ok: false, hex: "0x80D02013", message: documented[locale].DO_E_INVALID_STATE.documented },
            ]);
          }
        });

        it("gets it from Stop-BackgroundCopyJob", async () => {
          const id = await canceled();
          // As numbers: the console that is between knows no other letters than its own.
          const lines = LOCALES.map(
            (locale) =>
              `[cultureinfo]::CurrentUICulture = '${CULTURES[locale]}'; try { Stop-BackgroundCopyJob -Id ${id} -ErrorAction Stop } catch { "${locale} $('{0:X8}' -f $_.Exception.HResult) $([int[]][char[]]$_.Exception.Message)" }`,
          );
          const script = ["Import-Module $env:BACKGROUND_COPY_MODULE", ...lines].join("\n");
          const { stdout } = await runPowerShell(prefix.executable, script, { BACKGROUND_COPY_MODULE: MODULE });
          const said = stdout.trim().split("\n").slice(-LOCALES.length);
          expect(said).toEqual(
            LOCALES.map((locale) => {
              const sentence = documented[locale].DO_E_INVALID_STATE.documented;
              return `${locale} 80D02013 ${Array.from({ length: sentence.length }, (_, i) => sentence.charCodeAt(i)).join(" ")}`;
            }),
          );
        });
      });
    }
  });
});
