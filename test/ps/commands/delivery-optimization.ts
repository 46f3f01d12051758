import { describe, expect, it } from "vitest";
import { LOCALES, type Locale } from "../../../src/words/locale.js";
import "../../../src/words/every-language.js";
import { text } from "../../../src/words/messages.js";
import { HELD } from "../../support/com-server/index.js";
import type { Service } from "../service.js";
import { session, target } from "./session.js";

// The commands on Delivery Optimization, with jobs and with downloads.

export function commandsOnDeliveryOptimization(service: Service): void {
  describe("and its commands", () => {
    const { run, get, create, stateOf } = session(service);

    it("can list no jobs, and say so", async () => {
      const { errors } = await run("Get-BackgroundCopyJob");
      const values = { service: "delivery-optimization" };
      expect(errors).toMatchObject([
        {
          id: "E_NOTIMPL,Get-BackgroundCopyJob",
          category: "NotImplemented",
          message: text({ locale: "en", wording: "documented" }, "bridge.UNSUPPORTED_listJobs", values),
        },
      ]);
    });

    it("go by the default service", async () => {
      const jobId = await create("a job", HELD);
      await get(`Resume-BackgroundCopyJob ${jobId}`);
      expect(await stateOf(jobId)).toBe("BG_JOB_STATE_TRANSFERRING");
      await get(`Set-BackgroundCopyJob ${jobId} -Priority BG_JOB_PRIORITY_FOREGROUND`);
      const [job] = await get(`Get-BackgroundCopyJob -Id ${jobId} -Detailed`);
      expect(job).toMatchObject({
        Priority: "BG_JOB_PRIORITY_FOREGROUND",
        Owner: null,
        Service: "delivery-optimization",
      });
      expect(job).not.toHaveProperty("Description");
      const { errors } = await run(`Set-BackgroundCopyJob ${jobId} -Description new`);
      expect(errors).toMatchObject([{ id: "E_NOTIMPL,Set-BackgroundCopyJob" }]);
      await get(`Stop-BackgroundCopyJob ${jobId}`);
      expect((await run(`Stop-BackgroundCopyJob ${jobId}`)).errors).toMatchObject([
        { id: "DO_E_INVALID_STATE,Stop-BackgroundCopyJob", category: "InvalidOperation" },
      ]);
    });

    it("add a file in parts", async () => {
      const jobId = await create();
      await get(`Add-BackgroundCopyFile -Id ${jobId} ${HELD} ${target()} -Range @{ InitialOffset = 5; Length = 10 }`);
      expect(await get(`Get-BackgroundCopyFile ${jobId}`)).toMatchObject([
        { RemoteName: HELD, Ranges: [{ InitialOffset: 5, Length: 10 }] },
      ]);
    });

    it("say what the service lacks, and what to do instead", async () => {
      const jobId = await create();
      const credential = "([pscredential]::new('u', (ConvertTo-SecureString 'p' -AsPlainText -Force)))";
      for (const locale of LOCALES) {
        const culture = `[cultureinfo]::CurrentUICulture = '${locale}'`;
        for (const [argument, feature] of [
          ["-TakeOwnership", "takeOwnership"],
          [`-Credential ${credential}`, "credentials"],
          ["-RemoveCredential", "credentials"],
        ] as const) {
          const { errors } = await run(`${culture}; Set-BackgroundCopyJob ${jobId} ${argument}`);
          expect(errors).toEqual([expect.objectContaining(lacking(locale, feature, "Set-BackgroundCopyJob"))]);
        }
      }
    });
  });
}

/** The error of a command for an operation that Delivery Optimization does not support. */
function lacking(
  locale: Locale,
  feature: "takeOwnership" | "credentials" | "uploads" | "fileRanges" | "securityFlags",
  command: string,
  name = "",
) {
  const language = { locale, wording: "documented" } as const;
  return {
    id: `E_NOTIMPL,${command}`,
    category: "NotImplemented",
    message: text(language, `bridge.UNSUPPORTED_${feature}`, { service: "delivery-optimization", name }),
    action: text(language, `bridgeAdvice.UNSUPPORTED_${feature}`),
  };
}

export function commandsOnDownloads(service: Service): void {
  describe("and its commands", () => {
    const { run, get, create } = session(service);

    it("list jobs by what is told of them, and by nothing else", async () => {
      const jobId = await create("Mine");
      expect(await get("Get-BackgroundCopyJob -Name Min*")).toMatchObject([{ JobId: jobId }]);
      const { output, errors } = await run("Get-BackgroundCopyJob -Owner 'S-1-5-*'");
      expect(output).toEqual([]);
      const values = { service: "delivery-optimization", name: "owner" };
      const message = text({ locale: "en", wording: "documented" }, "bridge.UNSUPPORTED_condition", values);
      expect(errors).toMatchObject([{ id: "E_NOTIMPL,Get-BackgroundCopyJob", category: "NotImplemented", message }]);
    });

    it("say what the service lacks, and what to do instead", async () => {
      const upload = await run("New-BackgroundCopyJob x -Type BG_JOB_TYPE_UPLOAD");
      expect(upload.errors).toMatchObject([lacking("en", "uploads", "New-BackgroundCopyJob")]);
      const add = `Add-BackgroundCopyFile -Id ${await create()} http://x/y C:\\x -Range @{ InitialOffset = 5 }`;
      expect((await run(add)).errors).toMatchObject([lacking("en", "fileRanges", "Add-BackgroundCopyFile")]);
      // Forbids redirects and ignores a wrong server name.
      const forbid = `Set-BackgroundCopyJob ${await create()} -SecurityFlags 0x202`;
      for (const locale of LOCALES) {
        const { errors } = await run(`[cultureinfo]::CurrentUICulture = '${locale}'; ${forbid}`);
        expect(errors).toMatchObject([lacking(locale, "securityFlags", "Set-BackgroundCopyJob", "0x0200")]);
      }
    });
  });
}
