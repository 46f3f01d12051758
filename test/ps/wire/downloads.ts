import { describe, expect, it } from "vitest";
import type { WireSettings } from "../../../src/port/protocol.js";
import { DONE, HELD } from "../../support/com-server/index.js";
import type { Service } from "../service.js";
import { S_OK, E_NOTIMPL, E_INVALIDARG, DOWNLOAD, RANGES, target, session } from "./session.js";

// A Delivery Optimization that has only downloads, on the wire.

export function downloadsOnTheWire(service: Service): void {
  describe("on the wire", () => {
    const { request, command, create, describe: tell, set, act } = session(service);

    it("describes a download as a job", async () => {
      const jobId = await create({ displayName: "a job" });
      expect(await tell(jobId)).toEqual({
        state: 3,
        progress: { bytesTotal: "0", bytesTransferred: "0", filesTotal: 0, filesTransferred: 0 },
        type: 0,
        displayName: "a job",
        // If nothing is set, it runs in the background.
        priority: 2,
        files: [],
      });
      expect(Object.keys(await tell(jobId, "progress")).sort()).toEqual(["progress", "state"]);
      expect(Object.keys(await tell(jobId, "summary")).sort()).toEqual(
        ["displayName", "priority", "progress", "state", "type"].sort(),
      );
    });

    it.each<[string, WireSettings]>([
      ["displayName", { displayName: "new" }],
      ["priority", { priority: 0 }],
      ["noProgressTimeout", { noProgressTimeout: 61 }],
      ["customHeaders", { customHeaders: "X-One: 1\r\nX-Two: 2\r\n" }],
      ["transferPolicy ALWAYS", { transferPolicy: 0x800000ff }],
      ["transferPolicy NOT_ROAMING", { transferPolicy: 0x8000007f }],
      ["transferPolicy NO_SURCHARGE", { transferPolicy: 0x8000006f }],
      ["transferPolicy STANDARD", { transferPolicy: 0x80000067 }],
      ["transferPolicy UNRESTRICTED", { transferPolicy: 0x80000021 }],
    ])("sets %s, and nothing else", async (_name, settings) => {
      const jobId = await create();
      const before = await tell(jobId);
      expect(await set(jobId, settings)).toEqual({
        hresult: S_OK,
        method: expect.stringMatching(/^IBackgroundCopyJob\w*::Set\w+$/),
        calledMethod: "IDODownload::SetProperty",
      });
      expect(await tell(jobId)).toEqual({ ...before, ...settings });
    });

    it("sets the security flags, which can't be read", async () => {
      const jobId = await create();
      expect(await set(jobId, { securityFlags: 0x1 })).toEqual({
        hresult: S_OK,
        method: "IBackgroundCopyJobHttpOptions::SetSecurityFlags",
        calledMethod: "IDODownload::SetProperty",
      });
      expect(await tell(jobId)).not.toHaveProperty("securityFlags");
    });

    it("weakens no check of a certificate but the one that BITS' flags say", async () => {
      const jobId = await create();
      // By flag of BITS: the flag of WinHTTP, and whether it weakens a check.
      const certificates = [
        { bits: 0x1, winHttp: 0x1, name: "WINHTTP_ENABLE_SSL_REVOCATION" },
        { bits: 0x2, winHttp: 0x1000, name: "SECURITY_FLAG_IGNORE_CERT_CN_INVALID" },
        { bits: 0x4, winHttp: 0x2000, name: "SECURITY_FLAG_IGNORE_CERT_DATE_INVALID" },
        { bits: 0x8, winHttp: 0x100, name: "SECURITY_FLAG_IGNORE_UNKNOWN_CA" },
        { bits: 0x10, winHttp: 0x200, name: "SECURITY_FLAG_IGNORE_CERT_WRONG_USAGE" },
      ];
      const redirections = { silent: 0, report: 0x100, disallow: 0x200, httpsToHttp: 0x800 };
      let last = [0, false];
      for (const policy of Object.values(redirections)) {
        for (let securityFlags = policy; securityFlags < policy + 0x20; securityFlags++) {
          const { hresult } = await set(jobId, { securityFlags });
          const asked = certificates.filter(({ bits }) => securityFlags & bits);
          const isIdle = (securityFlags & 0x1) !== 0 && asked.length > 1;
          const lacks = policy === redirections.report || policy === redirections.disallow || isIdle;
          expect(hresult, String(securityFlags)).toBe(lacks ? E_NOTIMPL : S_OK);
          if (!lacks) {
            last = [asked.reduce((sum, { winHttp }) => sum + winHttp, 0), policy === redirections.httpsToHttp];
          }
          // After a refusal, everything is as before.
          expect(await command(`security ${jobId}`), String(securityFlags)).toEqual(last);
        }
      }
      expect(await set(jobId, { securityFlags: 0 })).toMatchObject({ hresult: S_OK });
      expect(await command(`security ${jobId}`)).toEqual([0, false]);
    });

    it("refuses what downloads don't have", async () => {
      const jobId = await create();
      const refused = (method: string) => ({ hresult: E_NOTIMPL, method });
      expect(await set(jobId, { description: "new" })).toEqual({
        ...refused("IBackgroundCopyJob::SetDescription"),
        property: "description",
      });
      // A combination of flags without a corresponding policy for downloads.
      expect(await set(jobId, { transferPolicy: 1 })).toMatchObject({
        hresult: E_INVALIDARG,
        property: "transferPolicy",
      });
      expect(await set(jobId, { noProgressTimeout: 59 })).toMatchObject({ hresult: E_INVALIDARG });
      expect(await request("job.takeOwnership", { jobId })).toEqual(refused("IBackgroundCopyJob::TakeOwnership"));
      expect(await request("job.list", { allUsers: true, page: 0 })).toEqual(
        refused("IBackgroundCopyManager::EnumJobs"),
      );
      const file = { jobId, remoteUrl: DONE, localName: target(), ranges: RANGES };
      expect(await request("job.addFile", file)).toMatchObject({
        hresult: E_NOTIMPL,
        method: "IBackgroundCopyJob::AddFile",
      });
      expect((await tell(jobId)).files).toEqual([]);
    });

    it("lists the caller's downloads, whichever way their ids are written", async () => {
      const jobIds = [await create(), await create()];
      const list = async () => (await request("job.list", { allUsers: false, page: 0 })).jobIds;
      expect(await list()).toEqual(expect.arrayContaining(jobIds));
      await command("braces");
      expect(await list()).toEqual(expect.arrayContaining(jobIds));
    });

    it("aborts a new download of which something is refused", async () => {
      const { queued } = (await command("references")) as { queued: number };
      const created = await request("job.create", {
        displayName: "a job",
        ...DOWNLOAD,
        settings: { priority: 0, description: "not here" },
      });
      expect(created).toEqual({ hresult: E_NOTIMPL, method: "IBackgroundCopyJob::SetDescription" });
      const { jobIds } = await request("job.list", { allUsers: false, page: 0 });
      const { items } = await request("job.describe", {
        jobIds: jobIds?.slice(queued) ?? [],
        detail: "progress",
        languageId: 0,
      });
      expect(items.map(({ job }) => job?.state)).toEqual([8]);
    });

    it("goes the way of a job", async () => {
      const localName = target();
      const jobId = await create({ files: [{ remoteUrl: HELD, localName }] });
      const item = (verb: string, called: string, stateBefore: number, stateAfter: number) => [
        {
          jobId,
          hresult: S_OK,
          method: `IBackgroundCopyJob::${verb}`,
          calledMethod: `IDODownload::${called}`,
          stateBefore,
          stateAfter,
        },
      ];
      const file = { remoteName: HELD, localName, completed: false };
      expect((await tell(jobId)).files).toMatchObject([{ ...file, bytesTransferred: "0" }]);
      expect(await act("job.resume", jobId)).toEqual(item("Resume", "Start", 3, 2));
      expect(await tell(jobId)).toMatchObject({
        state: 2,
        progress: { bytesTotal: "1000000", bytesTransferred: "500000", filesTotal: 1, filesTransferred: 0 },
        files: [{ ...file, bytesTotal: "1000000", bytesTransferred: "500000" }],
      });
      expect(await act("job.suspend", jobId)).toEqual(item("Suspend", "Pause", 2, 3));
      await act("job.resume", jobId);
      // The whole file was requested once.
      expect(await command(`starts ${jobId}`)).toEqual([0, null]);
      await command(`finish ${jobId}`);
      expect(await tell(jobId, "progress")).toMatchObject({ state: 6, progress: { filesTransferred: 1 } });
      expect(await act("job.complete", jobId)).toEqual(item("Complete", "Finalize", 6, 7));
      expect((await tell(jobId)).files).toMatchObject([{ completed: true }]);
    });

    it("tells the code of a failure, and keeps it for the cancel", async () => {
      const jobId = await create({ files: [{ remoteUrl: "http://stand-in/404", localName: target() }] });
      await act("job.resume", jobId);
      const error = { hresult: 0x80190194, context: 1 };
      expect(await tell(jobId, "progress")).toMatchObject({ state: 4, error });
      expect(await act("job.cancel", jobId)).toMatchObject([{ hresult: S_OK, stateBefore: 4, jobError: error }]);
    });
  });
}
