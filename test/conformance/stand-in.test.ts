import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { BackgroundCopyError, BackgroundCopyManager, type FileRange } from "../../src/index.js";
import { LOCALES, type Locale } from "../../src/words/locale.js";
import { sentences, text } from "../../src/words/messages.js";
import {
  DONE,
  makeStandInPrefix,
  missingTools,
  NOTHING_HELD,
  STAND_IN,
  startComServer,
  type ComServer,
} from "../support/com-server/index.js";
import { ROOT } from "../support/packed.js";
import { powerShellPath, WINE_POWERSHELL } from "../support/powershells.js";
import { run } from "../support/run.js";
import { runPowerShell } from "../support/run-powershell.js";
import { CONTRACTS } from "./contracts.js";
import { refusal, sentence } from "./refusal.js";
import { jobsOfBits } from "./stand-in.bits.js";
import { filesOfDeliveryOptimization } from "./stand-in.delivery.js";
import { prepareStandIn } from "./stand-in.place.js";
import { uploads } from "./stand-in.uploads.js";
import { documentedRefusal } from "./stand-in.words.js";
import { conformance } from "./suite.js";

// A service of this project behind real COM, for what Wine's BITS does not implement.

const MODULE = join(ROOT, "ps", "BackgroundCopy", "BackgroundCopy.psd1");

// In the Wine prefix of this Node, if it is Windows' own.
const isInstalled = inject("standInIsInstalled");
const windowsPowerShell = powerShellPath(WINE_POWERSHELL);
const contracts = inject("everything") ? CONTRACTS : CONTRACTS.slice(0, 1);
const obstacle = isInstalled ? undefined : windowsPowerShell ? missingTools() : WINE_POWERSHELL;

describe.skipIf(obstacle)(`a ${STAND_IN}${obstacle ? `, without ${obstacle}` : ""}`, () => {
  let prefix: { readonly path?: string; readonly executable: string };

  beforeAll(async () => {
    if (isInstalled) {
      prefix = { executable: inject("winePowerShell") as string };
      return undefined;
    }
    const made = await makeStandInPrefix(windowsPowerShell as string);
    prefix = made;
    return () => made.remove();
  });

  describe.each(contracts)("that speaks $contract", ({ contract, service, capabilities, ...traits }) => {
    let server: ComServer;
    const start = async (...commands: string[]) => {
      server = await startComServer(prefix.path, contract, commands);
    };
    const connect = () => BackgroundCopyManager.connect({ service, executable: prefix.executable });
    /** The objects that clients hold, as soon as they are the expected ones. */
    const held = () => expect.poll(() => server.references());

    describe("and knows jobs that are over", () => {
      beforeAll(() => start("keep-final"));
      afterAll(() => server.stop());

      conformance(`${service}, ${WINE_POWERSHELL}`, connect, traits);

      it("is let go of when the manager is closed", async () => {
        await held().toMatchObject(NOTHING_HELD);
      });

      describe("and one manager", () => {
        const place = prepareStandIn({
          service,
          traits,
          connect,
          executable: () => prefix.executable,
          server: () => server,
        });
        const { wholeFile, heldFile, local, filesOf } = place;

        it("has its manager held, and nothing else, between calls", async () => {
          expect(place.manager.capabilities).toMatchObject(capabilities);
          const job = await place.manager.createJob("a job");
          await job.addFile(heldFile, local("target.bin"));
          await job.resume();
          await job.suspend();
          await job.cancel();
          await expect(job.complete()).rejects.toThrow(BackgroundCopyError);
          await held().toMatchObject({ ...NOTHING_HELD, manager: 1 });
        });

        if (capabilities.multipleFiles) {
          it("has several files in a job", async () => {
            const job = await place.manager.createJob("a job");
            await job.addFile(wholeFile, local("first.bin"));
            await job.addFile(wholeFile, local("second.bin"));
            expect(await filesOf(job)).toEqual(["first.bin", "second.bin"]);
          });
        } else {
          it("has one file in a job, and says so of a second one", async () => {
            const job = await place.manager.createJob("a job");
            await job.addFile(wholeFile, local("first.bin"));
            const error = await refusal(job.addFile(wholeFile, local("second.bin")));
            const method = "IBackgroundCopyJob::AddFile";
            expect(error).toMatchObject({ code: "E_NOTIMPL", method });
            for (const locale of LOCALES) {
              expect(error.localize(locale)).toBe(sentence(locale, method, "E_NOTIMPL"));
            }
            expect(await filesOf(job)).toEqual(["first.bin"]);
          });
        }

        if (service === "delivery-optimization") {
          documentedRefusal(place);
        }

        it("is found to agree by the proof for Windows, in a dry run", async () => {
          const script = join(ROOT, "test", "windows", "prove.js");
          // Node for Windows has paths that the service can use.
          const drive = process.platform === "win32" ? [] : ["--drive", "Z:"];
          const args = [script, "--executable", place.executable, ...drive, "--service", service];
          const prove = () => run(process.execPath, args, {});
          const proof = await prove();
          // On a busy machine, a PowerShell under Wine now and then ends at its start with exit code 0, before it reads anything.
          const isCut = /\| the rest was not tested \| HOST_EXITED: .*\(exit code: 0\)/.test(proof.stdout);
          const { exitCode, stdout, stderr } = isCut ? await prove() : proof;
          expect(exitCode, `${stdout}\n${stderr}`).toBe(0);
          expect(stdout).toContain(`| interface of the class; run-time types | ${capabilities.interface}; allowed |`);
          const method = traits.calledMethods?.[traits.addFile] ?? traits.addFile;
          for (const row of [
            `method that adds a file | ${method}`,
            "Suspend in mid-transfer | S_OK, BG_JOB_STATE_SUSPENDED",
            "Resume of the suspended job | S_OK, BG_JOB_STATE_TRANSFERRING",
            "Cancel in mid-transfer | BG_JOB_STATE_TRANSFERRING, S_OK, remaining files: 0",
            "Complete | S_OK, a file of 65536 bytes",
            `Suspend of the completed job | ${traits.invalidState}`,
            "a job whose PowerShell has ended | BG_JOB_STATE_SUSPENDED",
            ...(contract === "do-download"
              ? ["a NonVolatile download whose PowerShell has ended | BG_JOB_STATE_SUSPENDED"]
              : []),
          ]) {
            expect(stdout).toContain(`| ${row} |`);
          }
          expect(stdout).toMatch(/^\| refusals with a documented code \| (\d+ of \d+) \| \1 \| yes \|$/m);
          expect(stdout.split("\n").filter((line) => line.endsWith("| NO |"))).toEqual([]);
          await held().toMatchObject({ ...NOTHING_HELD, manager: 1 });
        });

        if (contract !== "do-download") {
          it("downloads parts of a file", async () => {
            const ranges: FileRange[] = [
              { initialOffset: 0n, length: 16n },
              { initialOffset: 2n ** 53n + 1n, length: "to end" },
            ];
            const job = await place.manager.createJob("a job", {
              files: [{ remoteUrl: wholeFile, localName: local("first.bin"), ranges }],
            });
            await job.addFile(wholeFile, local("second.bin"), { ranges: ranges.slice(1) });
            await expect(job.listFiles()).resolves.toMatchObject([{ ranges }, { ranges: ranges.slice(1) }]);
            await job.cancel();
          });
        }

        if (contract === "bits") {
          uploads(place);
          jobsOfBits(place);
        }

        if (contract === "do-job") {
          filesOfDeliveryOptimization(place);
        }
      });
    });

    describe("and forgets jobs that are over", () => {
      let manager: BackgroundCopyManager;

      beforeAll(async () => {
        await start();
        manager = await connect();
      });
      afterAll(async () => {
        await manager.close();
        await server.stop();
      });

      const count = 60;
      it(`creates and cancels ${count} jobs, and none is left`, async () => {
        const jobs = await Promise.all(Array.from({ length: count }, (_, i) => manager.createJob(`job ${i}`)));
        const ids = jobs.map(({ id }) => id);
        await expect(server.references()).resolves.toEqual({ ...NOTHING_HELD, manager: 1, queued: count });
        const outcomes = await manager.cancelJobs(ids);
        expect(outcomes.filter(({ ok }) => ok)).toHaveLength(count);
        await expect(server.references()).resolves.toEqual({ ...NOTHING_HELD, manager: 1, queued: 0 });
        await expect(manager.findJob(ids[0] as string)).resolves.toBeUndefined();
      });

      it("is found again when it was restarted", async () => {
        const job = await manager.createJob("a job");
        await server.stop();
        await start();
        // The service has forgotten the job; its answer shows that it received the request.
        await expect(manager.findJob(job.id)).resolves.toBeUndefined();
        await (await manager.createJob("another")).cancel();
        await server.stop();
        await start();
        // It is unknown whether this job was created, so the request is not repeated.
        await expect(manager.createJob("a third")).rejects.toThrow(BackgroundCopyError);
        await (await manager.createJob("a fourth")).cancel();
        await held().toMatchObject({ ...NOTHING_HELD, manager: 1 });
      });
    });
  });

  // This test is the last one, because from now on Wine's own BITS runs in the prefix.
  describe.each(contracts.filter(({ service }) => service !== "bits"))(
    "that speaks $contract beside Wine's BITS",
    ({ contract, service, notFound }) => {
      it("says of a job that it does not have that BITS has it", async () => {
        await using _server = await startComServer(prefix.path, contract);
        await using bits = await BackgroundCopyManager.connect({ service: "bits", executable: prefix.executable });
        await using manager = await BackgroundCopyManager.connect({ service, executable: prefix.executable });
        const { id } = await bits.createJob("a job of BITS");
        const unknown = "00000000-0000-4000-8000-000000000001";
        const words = (locale: Locale, isKnown: boolean) => {
          const language = { locale, wording: "documented" } as const;
          const known = isKnown ? text(language, "knownTo", { service: "bits" }) : undefined;
          return sentences(language, sentence(locale, "IBackgroundCopyManager::GetJob", notFound), known);
        };
        for (const [jobId, isKnown] of [
          [id, true],
          [unknown, false],
        ] as const) {
          const job = manager.job(jobId);
          for (const call of [
            () => manager.getJob(jobId),
            () => job.cancel(),
            () => job.set({ priority: "BG_JOB_PRIORITY_LOW" }),
            () => job.addFile(DONE, "C:\\a"),
          ]) {
            const error = await refusal(call());
            expect(error).toMatchObject({ code: notFound, jobId });
            for (const locale of LOCALES) {
              expect(error.localize(locale)).toBe(words(locale, isKnown));
            }
          }
        }
        // For each of many jobs, BITS is not queried.
        for (const outcome of await manager.cancelJobs([id, unknown])) {
          expect(outcome).toMatchObject({ ok: false, error: { message: words(manager.locale as Locale, false) } });
        }
        const { stdout } = await runPowerShell(
          prefix.executable,
          `Import-Module $env:BACKGROUND_COPY_MODULE
try { Stop-BackgroundCopyJob -Id ${id} -ErrorAction Stop } catch { $_.Exception.Message }`,
          { BACKGROUND_COPY_MODULE: MODULE },
        );
        expect(stdout.trim().split("\n").at(-1)).toBe(words("en", true));
        await expect(bits.job(id).cancel()).resolves.toMatchObject({ stateAfter: "BG_JOB_STATE_CANCELLED" });
      });
    },
  );
});
