import { readdir } from "node:fs/promises";
import { expect, it } from "vitest";
import { BackgroundCopyManager } from "../../src/index.js";
import { LOCALES } from "../../src/words/locale.js";
import { refusal, sentence } from "./refusal.js";
import type { StandIn } from "./stand-in.place.js";

/** What only BITS documents, but for uploads. */
export function jobsOfBits(place: StandIn): void {
  const { service, wholeFile, heldFile, local } = place;

  it("takes credentials, and lets them be removed once", async () => {
    const job = await place.manager.createJob("a job");
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
    const job = await place.manager.createJob("a job", { files });
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
    const { id } = (await place.server.command(`foreign ${stranger}`)) as { id: string };
    const job = place.manager.job(id);
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
    const job = await place.manager.createJob("a job");
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
      executable: place.executable,
      locale: "de",
    });
    const error = await german.job(job.id).getError();
    expect(error).toMatchObject({ ...expected, description: undefined, contextDescription: undefined });
    expect(error?.message).toBe((await job.getError())?.localize("de"));
    await job.cancel();
  });

  it("completes a job of which a part has arrived, and says so", async () => {
    const job = await place.manager.createJob("a job");
    await job.addFile(wholeFile, local("whole.bin"));
    await job.addFile(heldFile, local("part.bin"));
    await job.resume();
    await expect.poll(() => job.getState()).toBe("BG_JOB_STATE_TRANSFERRING");
    const result = await job.complete();
    const method = "IBackgroundCopyJob::Complete";
    expect(result).toMatchObject({ code: "BG_S_PARTIAL_COMPLETE", warning: true, method });
    for (const locale of LOCALES) {
      expect(result.localize(locale)).toBe(sentence(locale, method, "BG_S_PARTIAL_COMPLETE"));
    }
    expect(await readdir(place.folder)).toEqual(["whole.bin"]);
  });

  it("names the files that a cancel leaves behind", async () => {
    const job = await place.manager.createJob("a job");
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
    expect(await readdir(place.folder)).toHaveLength(1);
  });
}
