import { expect, it } from "vitest";
import type { Params } from "../../../src/port/protocol.js";
import { DONE, HELD } from "../../support/com-server/index.js";
import {
  NOBODY,
  UNKNOWN,
  S_OK,
  E_NOTIMPL,
  E_ACCESSDENIED,
  E_INVALIDARG,
  DOWNLOAD,
  RANGES,
  target,
  type Wire,
} from "./session.js";

// What BITS does with jobs.

/** Creating, listing, ending and changing jobs of BITS. */
export function bitsJobs({ request, command, calls, create, describe: tell, act }: Wire): void {
  it("creates a job with settings and files in one request", async () => {
    const files = [
      { remoteUrl: HELD, localName: target() },
      { remoteUrl: DONE, localName: target(), ranges: RANGES },
    ];
    const jobId = await create({ settings: { description: "with files", priority: 3 }, files });
    const job = await tell(jobId);
    expect(job).toMatchObject({
      description: "with files",
      priority: 3,
      progress: { filesTotal: 2, bytesTotal: UNKNOWN },
    });
    const fresh = { bytesTotal: UNKNOWN, bytesTransferred: "0", completed: false };
    expect(job.files).toEqual([
      { remoteName: HELD, localName: files[0]?.localName, ...fresh },
      { remoteName: DONE, localName: files[1]?.localName, ...fresh, ranges: RANGES },
    ]);
  });

  it.each<[string, Partial<Params<"job.create">>, number, string]>([
    ["a setting", { settings: { priority: 99 } }, E_NOTIMPL, "IBackgroundCopyJob::SetPriority"],
    [
      "a file",
      { files: [{ remoteUrl: "ftp://x/y", localName: "C:\\x" }] },
      E_INVALIDARG,
      "IBackgroundCopyJob::AddFile",
    ],
    [
      "a range",
      { files: [{ remoteUrl: DONE, localName: "C:\\x", ranges: [{ initialOffset: "0", length: "0" }] }] },
      0x8020002b,
      "IBackgroundCopyJob3::AddFileWithRanges",
    ],
  ])("cancels a new job of which %s is refused", async (_what, params, hresult, method) => {
    const before = (await calls())["IBackgroundCopyJob::Cancel"] ?? 0;
    const created = await request("job.create", { displayName: "a job", ...DOWNLOAD, ...params });
    expect(created).toEqual({ hresult, method });
    expect((await calls())["IBackgroundCopyJob::Cancel"]).toBe(before + 1);
  });

  it("says which job is left where it can't even be canceled", async () => {
    await command("refuse IBackgroundCopyJob::Cancel 0x80070005");
    const created = await request("job.create", { displayName: "a job", ...DOWNLOAD, settings: { priority: 99 } });
    expect(created).toMatchObject({ hresult: E_NOTIMPL, method: "IBackgroundCopyJob::SetPriority" });
    expect(await tell(created.jobId as string, "progress")).toMatchObject({ state: 3 });
  });

  it("lists the caller's jobs, and those of all users", async () => {
    const own = await create();
    const { id: foreign } = (await command("foreign S-1-5-21-1-2-3-1001")) as { id: string };
    const list = async (allUsers: boolean) => request("job.list", { allUsers, page: 0 });
    const { jobIds, ...outcome } = await list(false);
    expect(outcome).toEqual({ hresult: S_OK, method: "IBackgroundCopyManager::EnumJobs", page: 0, more: false });
    expect(jobIds).toContain(own);
    expect(jobIds).not.toContain(foreign.toLowerCase());
    expect((await list(true)).jobIds).toEqual(expect.arrayContaining([own, foreign.toLowerCase()]));
    await command("refuse IBackgroundCopyManager::EnumJobs 0x80070005");
    expect(await list(true)).toEqual({ hresult: E_ACCESSDENIED, method: "IBackgroundCopyManager::EnumJobs" });
  });

  it("lists many jobs a page at a time", async () => {
    const created = await Promise.all(Array.from({ length: 120 }, () => create()));
    const list = async (page: number) => request("job.list", { allUsers: false, page });
    const first = await list(0);
    expect(first).toMatchObject({ page: 0, more: true });
    expect(first.jobIds).toHaveLength(100);
    // Other requests, and a list that is started and abandoned, do not affect it.
    await tell(created[0] as string, "progress");
    expect(await list(0)).toEqual(first);
    const jobIds = [...(first.jobIds ?? [])];
    for (let page = 1, more = true; more; page++) {
      const next = await list(page);
      expect(next.page).toBe(page);
      jobIds.push(...(next.jobIds ?? []));
      more = next.more as boolean;
    }
    expect(new Set(jobIds).size).toBe(jobIds.length);
    expect(jobIds).toEqual(expect.arrayContaining(created));

    // The list is at its end: there is no next page, and only the first page can start another list.
    for (const page of [jobIds.length, 7]) {
      expect(await list(page)).toMatchObject({ page: 0, more: true });
    }
    await command("refuse IBackgroundCopyJob::GetId 0x80070005");
    expect(await list(1)).toEqual({ hresult: E_ACCESSDENIED, method: "IBackgroundCopyJob::GetId" });
    await command("heal");
    // A refused list has ended; a lost list starts again.
    expect(await list(2)).toMatchObject({ page: 0, more: true });
    await command("refuse IEnum::Next 0x800706BA 1");
    expect(await list(1)).toEqual(first);
    await act("job.cancel", ...created);
    await command("refuse IEnum::Next 0x80070005");
    expect(await list(1)).toMatchObject({ hresult: E_ACCESSDENIED });
  });

  it("suspends, resumes, completes and cancels many", async () => {
    const whole = await create({ files: [{ remoteUrl: DONE, localName: target() }] });
    const held = await create({ files: [{ remoteUrl: HELD, localName: target() }] });
    const partial = await create({
      files: [DONE, HELD].map((remoteUrl) => ({ remoteUrl, localName: target() })),
    });
    const item = (jobId: string, verb: string, hresult: number, stateBefore?: number, stateAfter?: number) => ({
      jobId,
      hresult,
      method: `IBackgroundCopyJob::${verb}`,
      ...(stateBefore !== undefined && { stateBefore, stateAfter }),
    });
    const nobody = { jobId: NOBODY, hresult: 0x80200001, method: "IBackgroundCopyManager::GetJob" };
    const empty = await create();
    expect(await act("job.resume", whole, NOBODY, held, partial, empty)).toEqual([
      item(whole, "Resume", S_OK, 3, 6),
      nobody,
      item(held, "Resume", S_OK, 3, 2),
      item(partial, "Resume", S_OK, 3, 2),
      item(empty, "Resume", 0x80200003, 3, 3),
    ]);
    expect(await act("job.suspend", held, NOBODY, whole)).toEqual([
      item(held, "Suspend", S_OK, 2, 3),
      nobody,
      item(whole, "Suspend", S_OK, 6, 6),
    ]);
    expect(await act("job.complete", whole, partial, NOBODY)).toEqual([
      item(whole, "Complete", S_OK, 6, 7),
      item(partial, "Complete", 0x00200017, 2, 7),
      nobody,
    ]);
    expect(await act("job.cancel", held, whole, NOBODY)).toEqual([
      item(held, "Cancel", S_OK, 3, 8),
      item(whole, "Cancel", 0x80200002, 7, 7),
      nobody,
    ]);
    expect(await act("job.cancel", "nonsense")).toEqual([
      { jobId: "nonsense", hresult: E_INVALIDARG, method: "IBackgroundCopyManager::GetJob" },
    ]);
  });

  it("says what a canceled job had failed with", async () => {
    const localName = target();
    const jobId = await create({ files: [{ remoteUrl: "http://stand-in/transient", localName }] });
    await act("job.resume", jobId);
    expect(await act("job.cancel", jobId)).toMatchObject([
      {
        hresult: S_OK,
        stateBefore: 5,
        stateAfter: 8,
        jobError: {
          hresult: 0x80072ee7,
          context: 5,
          localName,
          description: "Error 0x80072EE7 of the stand-in service.",
        },
      },
    ]);
  });

  it.each([
    ["job.cancel", 8],
    ["job.complete", 7],
  ] as const)("names the temporary files that a %s leaves behind", async (verb, stateAfter) => {
    const jobId = await create({
      files: ["http://stand-in/undeletable", DONE, HELD].map((remoteUrl) => ({ remoteUrl, localName: target() })),
    });
    await act("job.resume", jobId);
    const { files } = await tell(jobId);
    expect(await act(verb, jobId)).toMatchObject([
      { hresult: 0x0020001a, stateAfter, leftoverFiles: [files?.[0]?.temporaryName] },
    ]);
  });

  it("sets and removes credentials", async () => {
    const jobId = await create();
    const credentials = (target: number, scheme: number, userName = "Jürgen", password = "pä$$ \u4e2d") =>
      request("job.setCredentials", { jobId, target, scheme, userName, password });
    const remove = (target: number, scheme: number) => request("job.removeCredentials", { jobId, target, scheme });
    const method = "IBackgroundCopyJob2::SetCredentials";
    const given = async () =>
      ((await command(`credentials ${jobId}`)) as number[][]).map((units) => String.fromCharCode(...units));
    expect(await credentials(1, 1)).toEqual({ hresult: S_OK, method });
    expect(await given()).toEqual(["J\u00fcrgen", "p\u00e4$$ \u4e2d"]);
    expect(await credentials(2, 4, "", "")).toEqual({ hresult: S_OK, method });
    expect(await given()).toEqual(["", ""]);
    expect(await credentials(3, 1)).toEqual({ hresult: 0x80200027, method });
    expect(await credentials(1, 9)).toEqual({ hresult: 0x80200028, method });
    const removed = "IBackgroundCopyJob2::RemoveCredentials";
    expect(await remove(1, 1)).toEqual({ hresult: S_OK, method: removed });
    expect(await remove(1, 1)).toEqual({ hresult: 1, method: removed });
    expect(await remove(2, 4)).toEqual({ hresult: S_OK, method: removed });
  });

  it("takes ownership", async () => {
    const { id } = (await command("foreign S-1-5-21-1-2-3-1002")) as { id: string };
    const jobId = id.toLowerCase();
    expect((await tell(jobId)).owner).toBe("S-1-5-21-1-2-3-1002");
    const method = "IBackgroundCopyJob::TakeOwnership";
    expect(await request("job.takeOwnership", { jobId })).toEqual({ hresult: S_OK, method });
    expect((await tell(jobId)).owner).not.toBe("S-1-5-21-1-2-3-1002");
  });

  it("replaces the beginning of remote names", async () => {
    const jobId = await create({ files: [{ remoteUrl: DONE, localName: target() }] });
    const replace = (oldPrefix: string, newPrefix: string) =>
      request("job.replaceRemotePrefix", { jobId, oldPrefix, newPrefix });
    const method = "IBackgroundCopyJob3::ReplaceRemotePrefix";
    expect(await replace("http://stand-in/", "https://other/")).toEqual({ hresult: S_OK, method });
    expect((await tell(jobId)).files).toMatchObject([{ remoteName: "https://other/done?bytes=65536" }]);
    expect(await replace("http://nowhere/", "https://other/")).toEqual({ hresult: 1, method });
    expect(await replace("http://a\0b/", "https://other/")).toEqual({ hresult: E_INVALIDARG, method });
  });

  it("adds files, whole or in ranges", async () => {
    const jobId = await create();
    const add = (remoteUrl: string, ranges?: typeof RANGES) =>
      request("job.addFile", { jobId, remoteUrl, localName: target(), ...(ranges && { ranges }) });
    expect(await add(HELD)).toEqual({ hresult: S_OK, method: "IBackgroundCopyJob::AddFile" });
    const method = "IBackgroundCopyJob3::AddFileWithRanges";
    expect(await add(HELD, RANGES)).toEqual({ hresult: S_OK, method });
    const overlapping = [...RANGES].map((range) => ({ ...range, initialOffset: "50" }));
    expect(await add(HELD, overlapping)).toEqual({ hresult: 0x8020002c, method });
    expect(await add("http://a\0b/")).toEqual({ hresult: E_INVALIDARG, method: "IBackgroundCopyJob::AddFile" });
    expect((await tell(jobId)).files).toHaveLength(2);
  });
}
