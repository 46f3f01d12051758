import { describe, expect, it } from "vitest";
import { ID, ALL_ONES, bits, OK } from "./calls/fixture.js";

describe("the other verbs of BITS", () => {
  it("travel as they are documented", async () => {
    const { manager, job, sent } = bits((method) =>
      method === "job.create" ? { ...OK("IBackgroundCopyManager::CreateJob"), jobId: ID } : OK("IBackgroundCopyJob::X"),
    );
    const ranges = [
      { initialOffset: 5, length: 10n },
      { initialOffset: 2n ** 53n, length: "to end" },
    ] as const;
    const wireRanges = [
      { initialOffset: "5", length: "10" },
      { initialOffset: "9007199254740992", length: ALL_ONES },
    ];
    await manager.createJob("a job", {
      type: "BG_JOB_TYPE_UPLOAD_REPLY",
      replyFileName: "C:\\r",
      files: [{ remoteUrl: "http://a/", localName: "C:\\a", ranges }],
    });
    await job.addFile("http://b/", "C:\\b", { ranges });
    await job.addFile("http://c/", "C:\\c");
    await job.setCredentials({
      target: "BG_AUTH_TARGET_PROXY",
      scheme: "BG_AUTH_SCHEME_NEGOTIATE",
      userName: "user",
      password: "secret",
    });
    await job.removeCredentials("BG_AUTH_TARGET_SERVER", "BG_AUTH_SCHEME_BASIC");
    await job.takeOwnership();
    await job.replaceRemotePrefix("http://a/", "http://b/");
    expect(sent).toEqual([
      [
        "job.create",
        {
          displayName: "a job",
          type: 2,
          settings: { replyFileName: "C:\\r" },
          files: [{ remoteUrl: "http://a/", localName: "C:\\a", ranges: wireRanges }],
        },
      ],
      ["job.addFile", { jobId: ID, remoteUrl: "http://b/", localName: "C:\\b", ranges: wireRanges }],
      ["job.addFile", { jobId: ID, remoteUrl: "http://c/", localName: "C:\\c" }],
      ["job.setCredentials", { jobId: ID, target: 2, scheme: 4, userName: "user", password: "secret" }],
      ["job.removeCredentials", { jobId: ID, target: 1, scheme: 1 }],
      ["job.takeOwnership", { jobId: ID }],
      ["job.replaceRemotePrefix", { jobId: ID, oldPrefix: "http://a/", newPrefix: "http://b/" }],
    ]);
  });

  it("keeps no password, also where it is refused", async () => {
    const { job } = bits(() => ({ hresult: 0x80200026, method: "IBackgroundCopyJob2::SetCredentials" }));
    const credentials = { target: "BG_AUTH_TARGET_SERVER", scheme: "BG_AUTH_SCHEME_BASIC", userName: "u" } as const;
    const error = await job.setCredentials({ ...credentials, password: "secret" }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "BG_E_PASSWORD_TOO_LARGE" });
    expect(`${JSON.stringify(error)} ${(error as Error).stack}`).not.toContain("secret");
  });

  it("says with words of its own that nothing was to be done", async () => {
    const { job } = bits(() => ({ hresult: 1, method: "IBackgroundCopyJob3::ReplaceRemotePrefix" }));
    const result = await job.replaceRemotePrefix("http://a/", "http://b/");
    expect(result).toMatchObject({ code: "S_FALSE", warning: true });
    expect(result.message).toMatch(/prefix/);
  });
});
