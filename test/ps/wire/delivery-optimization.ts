import { describe, expect, it } from "vitest";
import type { WireSettings } from "../../../src/port/protocol.js";
import { DONE, HELD } from "../../support/com-server/index.js";
import type { Service } from "../service.js";
import { UNKNOWN, S_OK, E_NOTIMPL, RANGES, target, session, isNow } from "./session.js";

// Delivery Optimization on the wire: what it documents, and nothing else.

export function deliveryOptimizationOnTheWire(service: Service): void {
  describe("on the wire", () => {
    const { request, calls, create, describe: tell, set, act } = session(service);

    it("asks for what Delivery Optimization documents, and for nothing else", async () => {
      const files = [
        { remoteUrl: HELD, localName: target() },
        { remoteUrl: DONE, localName: target(), ranges: RANGES },
      ];
      const before = await calls();
      const jobId = await create({
        displayName: "a job",
        settings: { priority: 1, notifyFlags: 2, noProgressTimeout: 600, transferPolicy: 0x80000067 },
        files,
      });
      const { times, ...job } = await tell(jobId);
      expect(isNow(times?.creation as string)).toBe(true);
      const fresh = { bytesTotal: UNKNOWN, bytesTransferred: "0", completed: false };
      expect(job).toEqual({
        state: 3,
        progress: { bytesTotal: UNKNOWN, bytesTransferred: "0", filesTotal: 2, filesTransferred: 0 },
        type: 0,
        displayName: "a job",
        priority: 1,
        notifyFlags: 2,
        noProgressTimeout: 600,
        transferPolicy: 0x80000067,
        files: [
          { remoteName: HELD, localName: files[0]?.localName, ...fresh },
          { remoteName: DONE, localName: files[1]?.localName, ...fresh, ranges: RANGES },
        ],
      });
      const undocumented =
        /GetOwner|Description|MinimumRetryDelay|Proxy|ErrorCount|EnumJobs|GetProtocol|GetTemporaryName/;
      const after = await calls();
      expect(Object.keys(after).filter((name) => undocumented.test(name) && after[name] !== before[name])).toEqual([]);
    });

    it.each<[string, WireSettings]>([
      ["priority", { priority: 0 }],
      ["notifyFlags", { notifyFlags: 9 }],
      ["noProgressTimeout", { noProgressTimeout: 61 }],
      ["transferPolicy", { transferPolicy: 0x800000ff }],
    ])("sets %s", async (_name, settings) => {
      const jobId = await create();
      expect(await set(jobId, settings)).toMatchObject({ hresult: S_OK });
      expect(await tell(jobId)).toMatchObject(settings);
    });

    it.each<[string, WireSettings, string]>([
      ["displayName", { displayName: "new" }, "IBackgroundCopyJob::SetDisplayName"],
      ["description", { description: "new" }, "IBackgroundCopyJob::SetDescription"],
      ["onDemandMode", { onDemandMode: true }, "IBackgroundCopyJob5::SetProperty"],
      ["customHeaders", { customHeaders: "A: b" }, "IBackgroundCopyJobHttpOptions::SetCustomHeaders"],
    ])("does not ask for %s, which is not documented", async (property, settings, method) => {
      const jobId = await create();
      const before = (await calls())[method];
      expect(await set(jobId, settings)).toEqual({ hresult: E_NOTIMPL, method, property });
      expect((await calls())[method]).toBe(before);
    });

    it("has no list, no credentials, no owners and no prefixes", async () => {
      const jobId = await create();
      const refused = (method: string) => ({ hresult: E_NOTIMPL, method });
      expect(await request("job.list", { allUsers: false, page: 0 })).toEqual(
        refused("IBackgroundCopyManager::EnumJobs"),
      );
      expect(
        await request("job.setCredentials", { jobId, target: 1, scheme: 1, userName: "u", password: "p" }),
      ).toEqual(refused("IBackgroundCopyJob2::SetCredentials"));
      expect(await request("job.removeCredentials", { jobId, target: 1, scheme: 1 })).toEqual(
        refused("IBackgroundCopyJob2::RemoveCredentials"),
      );
      expect(await request("job.takeOwnership", { jobId })).toEqual(refused("IBackgroundCopyJob::TakeOwnership"));
      expect(
        await request("job.replaceRemotePrefix", { jobId, oldPrefix: "http://a/", newPrefix: "http://b/" }),
      ).toEqual(refused("IBackgroundCopyJob3::ReplaceRemotePrefix"));
    });

    it("tells why a job failed, and has no words for it", async () => {
      const localName = target();
      const jobId = await create({ files: [{ remoteUrl: "http://stand-in/404", localName }] });
      await act("job.resume", jobId);
      const error = { hresult: 0x80190194, context: 5, remoteName: "http://stand-in/404", localName };
      expect((await tell(jobId, "progress")).error).toEqual(error);
      expect(await act("job.cancel", jobId)).toMatchObject([
        { hresult: S_OK, stateBefore: 4, stateAfter: 8, jobError: error },
      ]);
    });

    it("goes the way of a job", async () => {
      const jobId = await create({ files: [{ remoteUrl: DONE, localName: target() }] });
      expect(await act("job.resume", jobId)).toMatchObject([{ hresult: S_OK, stateBefore: 3, stateAfter: 6 }]);
      const { progress, times } = await tell(jobId, "summary");
      expect(progress).toEqual({ bytesTotal: "65536", bytesTransferred: "65536", filesTotal: 1, filesTransferred: 1 });
      expect(isNow(times?.transferCompletion as string)).toBe(true);
      expect(await act("job.complete", jobId)).toMatchObject([{ hresult: S_OK, stateAfter: 7 }]);
      expect((await tell(jobId)).files).toMatchObject([{ completed: true }]);
      expect(await act("job.cancel", jobId)).toMatchObject([{ hresult: 0x80d02013, stateBefore: 7, stateAfter: 7 }]);
    });
  });
}
