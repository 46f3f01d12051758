import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { FileRange } from "../../src/index.js";
import { LOCALES } from "../../src/words/locale.js";
import { refusal, sentence } from "./refusal.js";
import type { StandIn } from "./stand-in.place.js";

/** Uploads, with and without a reply. */
export function uploads(place: StandIn): void {
  const { heldFile, local } = place;

  it("tells of an upload with a reply what there is of no other job", async () => {
    const replyFileName = local("reply.bin");
    const job = await place.manager.createJob("a job", { type: "BG_JOB_TYPE_UPLOAD_REPLY", replyFileName });
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
    await writeFile(join(place.folder, "source.bin"), "to be uploaded");
    const file = { remoteUrl: heldFile, localName: local("source.bin") };
    const job = await place.manager.createJob("a job", { type: "BG_JOB_TYPE_UPLOAD", files: [file] });
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
    await place.server.command(`finish ${job.id}`);
    await expect.poll(() => job.getState()).toBe("BG_JOB_STATE_TRANSFERRED");
    await expect(job.complete()).resolves.toMatchObject({ code: "S_OK", method });
    expect(await readdir(place.folder)).toEqual(["source.bin"]);
  });

  it("names the file of a reply, by itself where nobody does, until the reply is there", async () => {
    await writeFile(join(place.folder, "source.bin"), "to be uploaded");
    const job = await place.manager.createJob("a job", { type: "BG_JOB_TYPE_UPLOAD_REPLY" });
    expect((await job.describe()).replyFileName).toBeUndefined();
    await job.addFile(heldFile, local("source.bin"));
    const { replyFileName } = await job.describe();
    expect(replyFileName?.toLowerCase().startsWith(local("BIT").toLowerCase())).toBe(true);
    await job.resume();
    await job.set({ replyFileName: local("reply.bin") });
    await place.server.command(`finish ${job.id}`);
    await expect.poll(() => job.getState()).toBe("BG_JOB_STATE_TRANSFERRED");
    await expect(job.describe()).resolves.toMatchObject({
      replyFileName: local("reply.bin"),
      replyProgress: { bytesTotal: 0n, bytesTransferred: 0n },
    });
    const error = await refusal(job.set({ replyFileName: local("another.bin") }));
    expect(error).toMatchObject({ code: "BG_E_INVALID_STATE", property: "replyFileName" });
    await job.complete();
  });
}
