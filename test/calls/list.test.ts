import { setImmediate } from "node:timers/promises";
import { beforeEach, describe, expect, it } from "vitest";
import { BackgroundCopyManager, type JobFilter } from "../../src/index.js";
import { makeSession } from "../../src/calls/session.js";
import type { RequestOptions, Service } from "../../src/port/service.js";
import { TestService } from "../../src/testing.js";

const UNKNOWN = "00000000-0000-4000-8000-000000000001";

let service: TestService;
let manager: BackgroundCopyManager;
beforeEach(async () => {
  service = new TestService();
  manager = await service.connect({ locale: "en" });
});

const ids = (jobs: readonly { jobId: string }[]) => jobs.map(({ jobId }) => jobId);
describe("listJobs", () => {
  const day = (n: number) => new Date(Date.UTC(2019, 0, n));

  it("gives the jobs as they are", async () => {
    const file = { remoteName: "http://a/", localName: "/a", bytesTotal: 10, bytesTransferred: 10 };
    const jobId = service.addJob({
      displayName: "update",
      priority: "BG_JOB_PRIORITY_HIGH",
      state: "BG_JOB_STATE_TRANSFERRED",
      files: [file],
      creationTime: day(1),
      modificationTime: day(2),
      transferCompletionTime: day(3),
    });
    await expect(manager.listJobs()).resolves.toEqual([
      {
        jobId,
        displayName: "update",
        type: "BG_JOB_TYPE_DOWNLOAD",
        priority: "BG_JOB_PRIORITY_HIGH",
        owner: "tester",
        state: "BG_JOB_STATE_TRANSFERRED",
        progress: { bytesTotal: 10n, bytesTransferred: 10n, filesTotal: 1, filesTransferred: 1 },
        creationTime: day(1),
        modificationTime: day(2),
        transferCompletionTime: day(3),
      },
    ]);
  });

  it("gives those that meet every condition", async () => {
    const [a, b, c, d] = [
      service.addJob({ displayName: "Update 1", creationTime: day(1), modificationTime: day(9) }),
      service.addJob({ displayName: "update 2", state: "BG_JOB_STATE_ERROR", creationTime: day(2) }),
      service.addJob({ displayName: "[x]", state: "BG_JOB_STATE_TRANSFERRED", creationTime: day(3) }),
      service.addJob({ displayName: "update 4", creationTime: day(4) }, "S-1-5-18"),
    ] as const;
    const expected: [JobFilter, string[]][] = [
      [{}, [a, b, c]],
      [{ allUsers: true }, [a, b, c, d]],
      [{ allUsers: false }, [a, b, c]],
      [{ displayName: undefined }, [a, b, c]],
      [{ displayName: "UPDATE*" }, [a, b]],
      [{ displayName: "update 2" }, [b]],
      [{ displayName: "update" }, []],
      [{ displayName: "`[x]" }, [c]],
      [{ state: "BG_JOB_STATE_ERROR" }, [b]],
      [{ state: ["BG_JOB_STATE_ERROR", "BG_JOB_STATE_SUSPENDED"] }, [a, b]],
      [{ state: [] }, []],
      [{ owner: "s-1-5-*", allUsers: true }, [d]],
      [{ owner: "s-1-5-*" }, []],
      [{ createdBefore: day(3) }, [a, b]],
      [{ createdBefore: day(1) }, []],
      [{ modifiedBefore: day(10) }, [a]],
      [{ displayName: "update*", state: "BG_JOB_STATE_SUSPENDED", createdBefore: day(3) }, [a]],
    ];
    for (const [filter, jobIds] of expected) {
      expect(ids(await manager.listJobs(filter)), JSON.stringify(filter)).toEqual(jobIds);
    }
  });

  it("lets no job through whose property is not known", async () => {
    service.addJob({ displayName: "a job" });
    service.answer("IBackgroundCopyJob::GetTimes", "E_NOTIMPL");
    service.answer("IBackgroundCopyJob::GetOwner", "E_NOTIMPL");
    service.answer("IBackgroundCopyJob::GetDisplayName", "E_NOTIMPL");
    const now = new Date(8.64e15);
    for (const filter of [{ createdBefore: now }, { modifiedBefore: now }, { owner: "*" }, { displayName: "*" }]) {
      await expect(manager.listJobs(filter)).resolves.toEqual([]);
    }
    await expect(manager.listJobs()).resolves.toHaveLength(1);
  });

  it("leaves out the jobs that are over, and those that end meanwhile", async () => {
    const [open, over, gone] = [service.addJob(), service.addJob(), service.addJob()] as const;
    await manager.cancelJobs([over]);
    service.answer("IBackgroundCopyManager::GetJob", "DO_E_JOB_NOT_FOUND", { jobId: gone });
    expect(ids(await manager.listJobs())).toEqual([open]);
  });

  it("says why it can't tell how a job is", async () => {
    const id = service.addJob();
    service.answer("IBackgroundCopyManager::GetJob", "E_ACCESSDENIED", { jobId: id });
    await expect(manager.listJobs()).rejects.toMatchObject({ code: "E_ACCESSDENIED", jobId: id });
  });

  const noFilters: unknown[] = [
    null,
    7,
    { stat: "BG_JOB_STATE_ERROR" },
    { constructor: "a" },
    { state: "ERROR" },
    { state: [7] },
    { displayName: 7 },
    { displayName: "[a" },
    { owner: /a/ },
    { createdBefore: "2020-01-01" },
    { modifiedBefore: new Date(Number.NaN) },
    { allUsers: "yes" },
  ];
  it.each(noFilters.map((filter) => [filter]))("takes no %j for a filter, and asks nothing", async (filter) => {
    await expect(manager.listJobs(filter as never)).rejects.toThrow(TypeError);
    await expect(manager.cancelJobs(filter as never)).rejects.toThrow(TypeError);
    expect(service.requests).toEqual([]);
  });
});

describe("a list of many pages", () => {
  const page = (n: number, more: boolean) => ({ jobIds: [idOf(n)], page: n, more });
  const idOf = (n: number) => UNKNOWN.replace("0000-4", `000${n}-4`);

  /** A manager whose service returns its list as `pages` specifies for each request. */
  function paged(pages: (page: number) => object) {
    const asked: unknown[] = [];
    const port = {
      managerInterface: "IBackgroundCopyManager",
      request: async (method: string, params: { page: number; jobIds: string[] }, { signal }: RequestOptions = {}) => {
        signal?.throwIfAborted();
        asked.push(method === "job.list" ? params.page : method);
        await setImmediate();
        const outcome = { hresult: 0, method: "IBackgroundCopyJob::GetState" };
        return method === "job.list"
          ? { ...outcome, ...pages(params.page) }
          : { items: params.jobIds.map((jobId) => ({ ...outcome, jobId, job: { state: 3, displayName: "" } })) };
      },
      close: async () => {},
    } as unknown as Service;
    const session = makeSession(port, "bits", { locale: "en", wording: "documented" });
    return { manager: new BackgroundCopyManager(session), asked };
  }

  it("is asked for to its end, while other calls get through", async () => {
    const { manager, asked } = paged((n) => page(n, n < 3));
    const listed = manager.listJobs();
    await manager.job(UNKNOWN).getState();
    expect(asked).not.toContain(3);
    await expect(listed).resolves.toMatchObject([0, 1, 2, 3].map((n) => ({ jobId: idOf(n) })));
    expect(asked.filter((one) => typeof one === "number")).toEqual([0, 1, 2, 3]);
  });

  it("begins anew where it was lost, and is given up where that does not end", async () => {
    let losses = 2;
    const { manager } = paged((n) => (n === 2 && losses-- > 0 ? page(0, true) : page(n, n < 2)));
    await expect(manager.listJobs()).resolves.toMatchObject([0, 1, 2].map((n) => ({ jobId: idOf(n) })));
    const { manager: other, asked } = paged(() => page(0, true));
    await expect(other.listJobs()).rejects.toMatchObject({ code: "PROTOCOL" });
    expect(asked).toEqual([0, 1, 1, 1]);
  });

  it("is asked for one after the other, and who does not want to wait leaves", async () => {
    const { manager, asked } = paged((n) => page(n, n < 1));
    const abort = new AbortController();
    const lists = [manager.listJobs(), manager.listJobs({}, { signal: abort.signal }), manager.listJobs()];
    abort.abort(new Error("enough"));
    await expect(lists[1]).rejects.toThrow("enough");
    expect(asked).toEqual([0]);
    await expect(Promise.all([lists[0], lists[2]])).resolves.toMatchObject([
      [{}, {}],
      [{}, {}],
    ]);
    expect(asked.filter((one) => typeof one === "number")).toEqual([0, 1, 0, 1]);
  });
});
