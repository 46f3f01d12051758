import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { BackgroundCopyError, BackgroundCopyManager, type BackgroundCopyJob, type FileRange } from "../../src/index.js";
import { LOCALES, type Locale } from "../../src/words/locale.js";
import { sentences, text } from "../../src/words/messages.js";
import documented from "../facts/documented-messages.json" with { type: "json" };
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
import { windowsPath } from "../support/wine.js";
import { CONTRACTS } from "./contracts.js";
import { conformance, refusal, sentence } from "./suite.js";

// A service of this project behind real COM, for what Wine's BITS does not implement.

const MODULE = join(ROOT, "ps", "BackgroundCopy", "BackgroundCopy.psd1");

// In the Wine prefix of this Node, if it is Windows' own.
const isInstalled = inject("standInIsInstalled");
const windowsPowerShell = powerShellPath(WINE_POWERSHELL);
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

  describe.each(CONTRACTS)("that speaks $contract", ({ contract, service, capabilities, ...traits }) => {
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
        let manager: BackgroundCopyManager;
        let folder: string;

        beforeAll(async () => {
          manager = await connect();
        });
        afterAll(() => manager.close());
        beforeEach(async () => {
          folder = await mkdtemp(join(tmpdir(), "background-copy-"));
        });
        afterEach(() => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));

        const wholeFile = traits.wholeFile(undefined as never);
        const local = (name: string) => windowsPath(join(folder, name));

        async function canceled(): Promise<string> {
          const job = await manager.createJob("a job");
          await job.cancel();
          return job.id;
        }

        /** The files that have their names after the job was transferred and completed. */
        async function filesOf(job: BackgroundCopyJob): Promise<string[]> {
          await job.resume();
          await expect.poll(() => job.getState()).toBe("BG_JOB_STATE_TRANSFERRED");
          await job.complete();
          return (await readdir(folder)).sort();
        }

        it("has its manager held, and nothing else, between calls", async () => {
          expect(manager.capabilities).toMatchObject(capabilities);
          const job = await manager.createJob("a job");
          await job.addFile(traits.heldFile(undefined as never), local("target.bin"));
          await job.resume();
          await job.suspend();
          await job.cancel();
          await expect(job.complete()).rejects.toThrow(BackgroundCopyError);
          await held().toMatchObject({ ...NOTHING_HELD, manager: 1 });
        });

        if (capabilities.multipleFiles) {
          it("has several files in a job", async () => {
            const job = await manager.createJob("a job");
            await job.addFile(wholeFile, local("first.bin"));
            await job.addFile(wholeFile, local("second.bin"));
            expect(await filesOf(job)).toEqual(["first.bin", "second.bin"]);
          });
        } else {
          it("has one file in a job, and says so of a second one", async () => {
            const job = await manager.createJob("a job");
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
          it("says 0x80D02013 by the SDK in the documented words", async () => {
            const error = await refusal(manager.job(await canceled()).cancel());
            expect(error).toMatchObject({ code: "DO_E_INVALID_STATE", hex: "0x80D02013" });
            for (const locale of LOCALES) {
              expect(error.localize(locale)).toBe(documented[locale].DO_E_INVALID_STATE.documented);
            }
          });

          it("says it by the command line", async () => {
            const id = await canceled();
            const main = join(ROOT, "dist", "cli", "main.js");
            const place = ["--service", service, "--executable", prefix.executable];
            const runs = LOCALES.map((locale) =>
              run(process.execPath, [main, "cancel", id, ...place, "--locale", locale, "--json"], {}),
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
            const { stdout } = await runPowerShell(prefix.executable, script, { BACKGROUND_COPY_MODULE: MODULE });
            const said = stdout.trim().split("\n").slice(-LOCALES.length);
            expect(said).toEqual(
              LOCALES.map((locale) => {
                const { documented: words } = documented[locale].DO_E_INVALID_STATE;
                return `${locale} 80D02013 ${Array.from({ length: words.length }, (_, i) => words.charCodeAt(i)).join(" ")}`;
              }),
            );
          });
        }

        it("is found to agree by the proof for Windows, in a dry run", async () => {
          const script = join(ROOT, "test", "windows", "prove.js");
          const args = [script, "--executable", prefix.executable, "--drive", "Z:", "--service", service];
          const { exitCode, stdout } = await run(process.execPath, args, {});
          expect(exitCode).toBe(0);
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
            const job = await manager.createJob("a job", {
              files: [{ remoteUrl: wholeFile, localName: local("first.bin"), ranges }],
            });
            await job.addFile(wholeFile, local("second.bin"), { ranges: ranges.slice(1) });
            await expect(job.listFiles()).resolves.toMatchObject([{ ranges }, { ranges: ranges.slice(1) }]);
            await job.cancel();
          });
        }

        if (contract === "bits") {
          it("tells of an upload with a reply what there is of no other job", async () => {
            const replyFileName = local("reply.bin");
            const job = await manager.createJob("a job", { type: "BG_JOB_TYPE_UPLOAD_REPLY", replyFileName });
            await expect(job.describe()).resolves.toMatchObject({
              type: "BG_JOB_TYPE_UPLOAD_REPLY",
              replyFileName,
              replyProgress: { bytesTotal: undefined, bytesTransferred: 0n },
              httpMethod: "BITS_POST",
              refused: {},
            });
            await job.cancel();
          });

          it("uploads one file, and completes the job when it has arrived and not before", async () => {
            await writeFile(join(folder, "source.bin"), "to be uploaded");
            const file = { remoteUrl: traits.heldFile(undefined as never), localName: local("source.bin") };
            const job = await manager.createJob("a job", { type: "BG_JOB_TYPE_UPLOAD", files: [file] });
            const ranges: FileRange[] = [{ initialOffset: 0n, length: 16n }];
            const [add, addRanges] = ["IBackgroundCopyJob::AddFile", "IBackgroundCopyJob3::AddFileWithRanges"];
            for (const [refused, code, method] of [
              [job.addFile(file.remoteUrl, file.localName), "BG_E_TOO_MANY_FILES", add],
              [job.addFile(file.remoteUrl, file.localName, { ranges }), "E_NOTIMPL", addRanges],
              [job.set({ replyFileName: local("reply.bin") }), "E_NOTIMPL", "IBackgroundCopyJob2::SetReplyFileName"],
            ] as const) {
              expect(await refusal(refused)).toMatchObject({ code, method });
            }
            await job.resume();
            const error = await refusal(job.complete());
            const method = "IBackgroundCopyJob::Complete";
            expect(error).toMatchObject({ code: "BG_E_INVALID_STATE", method });
            for (const locale of LOCALES) {
              expect(error.localize(locale)).toBe(sentence(locale, method, "BG_E_INVALID_STATE"));
            }
            await expect(job.getState()).resolves.toBe("BG_JOB_STATE_TRANSFERRING");
            await server.command(`finish ${job.id}`);
            await expect.poll(() => job.getState()).toBe("BG_JOB_STATE_TRANSFERRED");
            await expect(job.complete()).resolves.toMatchObject({ code: "S_OK", method });
            expect(await readdir(folder)).toEqual(["source.bin"]);
          });

          it("names the file of a reply, by itself where nobody does, until the reply is there", async () => {
            await writeFile(join(folder, "source.bin"), "to be uploaded");
            const job = await manager.createJob("a job", { type: "BG_JOB_TYPE_UPLOAD_REPLY" });
            expect((await job.describe()).replyFileName).toBeUndefined();
            await job.addFile(traits.heldFile(undefined as never), local("source.bin"));
            const { replyFileName } = await job.describe();
            expect(replyFileName?.toLowerCase().startsWith(local("BIT").toLowerCase())).toBe(true);
            await job.resume();
            await job.set({ replyFileName: local("reply.bin") });
            await server.command(`finish ${job.id}`);
            await expect.poll(() => job.getState()).toBe("BG_JOB_STATE_TRANSFERRED");
            await expect(job.describe()).resolves.toMatchObject({
              replyFileName: local("reply.bin"),
              replyProgress: { bytesTotal: 0n, bytesTransferred: 0n },
            });
            const error = await refusal(job.set({ replyFileName: local("another.bin") }));
            expect(error).toMatchObject({ code: "BG_E_INVALID_STATE", property: "replyFileName" });
            await job.complete();
          });

          it("takes credentials, and lets them be removed once", async () => {
            const job = await manager.createJob("a job");
            const [target, scheme] = ["BG_AUTH_TARGET_PROXY", "BG_AUTH_SCHEME_NTLM"] as const;
            const set = await job.setCredentials({ target, scheme, userName: "somebody", password: "a secret" });
            expect(set).toMatchObject({ code: "S_OK", method: "IBackgroundCopyJob2::SetCredentials" });
            const method = "IBackgroundCopyJob2::RemoveCredentials";
            await expect(job.removeCredentials(target, scheme)).resolves.toMatchObject({ code: "S_OK", method });
            const again = await job.removeCredentials(target, scheme);
            expect(again).toMatchObject({ code: "S_FALSE", method });
            for (const locale of LOCALES) {
              expect(again.localize(locale)).toBe(sentence(locale, method, "S_FALSE"));
            }
            await job.cancel();
          });

          it("moves the files of a job to another server, and minds letter case", async () => {
            const files = [{ remoteUrl: "http://stand-in/a", localName: local("target.bin") }];
            const job = await manager.createJob("a job", { files });
            const replaced = await job.replaceRemotePrefix("http://STAND-IN/", "https://other/");
            expect(replaced).toMatchObject({ code: "S_FALSE", method: "IBackgroundCopyJob3::ReplaceRemotePrefix" });
            await job.replaceRemotePrefix("http://stand-in/", "https://other/");
            await expect(job.listFiles()).resolves.toMatchObject([{ remoteName: "https://other/a" }]);
            await expect(refusal(job.replaceRemotePrefix("", "https://other/"))).resolves.toMatchObject({
              code: "E_INVALIDARG",
            });
            await job.cancel();
          });

          it("takes the job of another user", async () => {
            const stranger = "S-1-5-21-1-2-3-1002";
            const { id } = (await server.command(`foreign ${stranger}`)) as { id: string };
            const job = manager.job(id);
            await expect(job.describe()).resolves.toMatchObject({ owner: stranger });
            await expect(job.takeOwnership()).resolves.toMatchObject({
              code: "S_OK",
              method: "IBackgroundCopyJob::TakeOwnership",
            });
            const { owner } = await job.describe();
            expect(owner).toMatch(/^S-1-5-/);
            expect(owner).not.toBe(stranger);
            await job.cancel();
          });

          it("says why a job is in error in the service's words, where it has the language", async () => {
            const job = await manager.createJob("a job");
            await job.addFile("http://stand-in/404", local("target.bin"));
            await job.resume();
            const expected = { hex: "0x80190194", protocol: "http" };
            await expect(job.getError()).resolves.toMatchObject({
              ...expected,
              description: "Error 0x80190194 of the stand-in service.",
              contextDescription: "Context 0x00000005 of the stand-in service.",
            });
            await using german = await BackgroundCopyManager.connect({
              service,
              executable: prefix.executable,
              locale: "de",
            });
            const error = await german.job(job.id).getError();
            expect(error).toMatchObject({ ...expected, description: undefined, contextDescription: undefined });
            expect(error?.message).toBe((await job.getError())?.localize("de"));
            await job.cancel();
          });

          it("completes a job of which a part has arrived, and says so", async () => {
            const job = await manager.createJob("a job");
            await job.addFile(wholeFile, local("whole.bin"));
            await job.addFile(traits.heldFile(undefined as never), local("part.bin"));
            await job.resume();
            await expect.poll(() => job.getState()).toBe("BG_JOB_STATE_TRANSFERRING");
            const result = await job.complete();
            const method = "IBackgroundCopyJob::Complete";
            expect(result).toMatchObject({ code: "BG_S_PARTIAL_COMPLETE", warning: true, method });
            for (const locale of LOCALES) {
              expect(result.localize(locale)).toBe(sentence(locale, method, "BG_S_PARTIAL_COMPLETE"));
            }
            expect(await readdir(folder)).toEqual(["whole.bin"]);
          });

          it("names the files that a cancel leaves behind", async () => {
            const job = await manager.createJob("a job");
            await job.addFile("http://stand-in/undeletable", local("target.bin"));
            await job.resume();
            await expect.poll(() => job.getState()).toBe("BG_JOB_STATE_TRANSFERRING");
            const [left] = await job.listFiles();
            const result = await job.cancel();
            expect(result).toMatchObject({
              code: "BG_S_UNABLE_TO_DELETE_FILES",
              warning: true,
              stateAfter: "BG_JOB_STATE_CANCELLED",
              leftoverFiles: [left?.temporaryName],
            });
            expect(result.leftoverFiles?.[0]).toMatch(/\\BIT\w+\.tmp$/i);
            expect(await readdir(folder)).toHaveLength(1);
          });
        }

        if (contract === "do-job") {
          it("takes files by IDeliveryOptimizationJob where a job has nothing newer", async () => {
            await server.command("without IDeliveryOptimizationJob2");
            const job = await manager.createJob("a job");
            const method = "IDeliveryOptimizationJob::AddFileWithRanges";
            const added = await job.addFile(wholeFile, local("target.bin"));
            expect(added).toMatchObject({ code: "S_OK", method });
            expect(added.localize("it")).toBe(sentence("it", method));
            const error = await refusal(job.addFile(wholeFile, ""));
            expect(error).toMatchObject({ code: "E_INVALIDARG", method });
            expect(await filesOf(job)).toEqual(["target.bin"]);
            expect((await stat(join(folder, "target.bin"))).size).toBe(65_536);
          });

          it("gets a refusal into words where a job takes files by nothing that is documented for it", async () => {
            await server.command("without IDeliveryOptimizationJob2");
            await server.command("without IDeliveryOptimizationJob");
            const job = await manager.createJob("a job");
            const method = "IBackgroundCopyJob::AddFile";
            const error = await refusal(job.addFile(wholeFile, local("target.bin")));
            expect(error).toMatchObject({ code: "E_NOTIMPL", method });
            expect(error.localize("de")).toBe(sentence("de", method, "E_NOTIMPL"));
            await job.cancel();
          });
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

      it("creates and cancels 1,000 jobs, and none is left", async () => {
        const jobs = await Promise.all(Array.from({ length: 1_000 }, (_, i) => manager.createJob(`job ${i}`)));
        const ids = jobs.map(({ id }) => id);
        await expect(server.references()).resolves.toEqual({ ...NOTHING_HELD, manager: 1, queued: 1_000 });
        const outcomes = await manager.cancelJobs(ids);
        expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1_000);
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
  describe.each(CONTRACTS.filter(({ service }) => service !== "bits"))(
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
