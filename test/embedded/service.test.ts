import { mkdir, rename } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { isResultOf, type WireSettings } from "../../src/port/protocol.js";
import { Fixture } from "./fixture.js";

const JOB = "00000000-0000-4000-8000-000000000001";
const E_INVALIDARG = 0x80070057;
const E_NOTIMPL = 0x80004001;

describe("job.create", () => {
  const test = new Fixture();
  const create = (settings: WireSettings, files: { remoteUrl: string; localName: string }[]) =>
    test.service.request("job.create", { displayName: "a job", type: 0, settings, files });

  it("sets and adds in one", async () => {
    const files = ["a", "b"].map((name) => ({ remoteUrl: test.server.url(`/${name}`), localName: test.path(name) }));
    const { jobId } = await create({ description: "x", priority: 0 }, files);
    await expect(test.describe(jobId as string)).resolves.toMatchObject({
      job: {
        state: 3,
        description: "x",
        priority: 0,
        files: [{ localName: test.path("a") }, { localName: test.path("b") }],
      },
    });
  });

  it.each([
    [{ priority: 9 }, "http://a/", "IBackgroundCopyJob::SetPriority", E_NOTIMPL],
    [{}, "ftp://a/", "IBackgroundCopyJob::AddFile", E_INVALIDARG],
  ])("leaves no job where %j or %s is refused", async (settings, remoteUrl, method, hresult) => {
    const result = await create(settings, [{ remoteUrl, localName: test.path("a") }]);
    expect(result).toMatchObject({ hresult, method });
    expect(result).not.toHaveProperty("jobId");
    await expect(test.service.request("job.list", { allUsers: true, page: 0 })).resolves.toMatchObject({ jobIds: [] });
  });

  it("refuses a name that is too long", async () => {
    const params = { type: 0, settings: {}, files: [] };
    await expect(
      test.service.request("job.create", { displayName: "a".repeat(257), ...params }),
    ).resolves.toMatchObject({
      hresult: E_INVALIDARG,
    });
    await expect(
      test.service.request("job.create", { displayName: "a".repeat(256), ...params }),
    ).resolves.toMatchObject({
      hresult: 0,
    });
  });
});

describe("what the service does not have", () => {
  const test = new Fixture();

  it("is answered with E_NOTIMPL, after the job is found", async () => {
    const known = await test.create();
    const calls = (jobId: string) =>
      [
        [
          test.service.request("job.setCredentials", { jobId, target: 1, scheme: 1, userName: "", password: "" }),
          "IBackgroundCopyJob2::SetCredentials",
        ],
        [
          test.service.request("job.removeCredentials", { jobId, target: 1, scheme: 1 }),
          "IBackgroundCopyJob2::RemoveCredentials",
        ],
        [test.service.request("job.takeOwnership", { jobId }), "IBackgroundCopyJob::TakeOwnership"],
        [
          test.service.request("job.replaceRemotePrefix", { jobId, oldPrefix: "", newPrefix: "" }),
          "IBackgroundCopyJob3::ReplaceRemotePrefix",
        ],
        [
          test.service.request("job.addFile", { jobId, remoteUrl: "http://a/", localName: "/a", ranges: [] }),
          "IBackgroundCopyJob3::AddFileWithRanges",
        ],
      ] as const;
    for (const [call, method] of calls(known)) {
      await expect(call).resolves.toEqual({ hresult: E_NOTIMPL, method });
    }
    for (const [call] of calls(JOB)) {
      await expect(call).resolves.toMatchObject({ method: "IBackgroundCopyManager::GetJob" });
    }
  });
});

describe("Cancel", () => {
  const test = new Fixture();

  it("names the files that it leaves", async () => {
    const jobId = await test.create();
    await test.addFile(jobId, test.server.url("/left?a"), test.path("a"));
    await test.addFile(jobId, test.server.url("/left?b"), test.path("b"));
    await test.resume(jobId);
    await test.reaches(jobId, "BG_JOB_STATE_TRANSFERRED");
    const files = (await test.describe(jobId))?.job?.files;
    const stubborn = files?.[1]?.temporaryName as string;
    await rename(stubborn, test.path("moved"));
    await mkdir(stubborn);
    const [item] = await test.cancel(jobId);
    expect(item).toMatchObject({ hresult: 0x0020001a, leftoverFiles: [stubborn] });
    expect(isResultOf("job.cancel", { items: [item] })).toBe(true);
  });
});
