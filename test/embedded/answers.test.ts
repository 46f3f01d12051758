import { describe, expect, it, vi } from "vitest";
import * as codes from "../../src/embedded/codes.js";
import { findHresult } from "../../src/words/hresults.js";
import { JOB_TYPE } from "../../src/model/job.js";
import { isResultOf, type Params } from "../../src/port/protocol.js";
import { Fixture } from "./fixture.js";

vi.mock("../../src/embedded/limits.js", async (original) => ({ ...(await original<object>()), FINAL_JOBS_KEPT: 3 }));

const UNKNOWN = "00000000-0000-4000-8000-000000000000";
const GET_JOB = "IBackgroundCopyManager::GetJob";

describe("what the embedded service answers", () => {
  const test = new Fixture();

  function create(params: Partial<Params<"job.create">>) {
    return test.service.request("job.create", { displayName: "a job", type: 0, settings: {}, files: [], ...params });
  }

  it("knows its codes by the catalogue's names", () => {
    for (const [name, value] of Object.entries(codes)) {
      const known = findHresult(name);
      if (known && typeof value === "number") {
        expect({ name, hresult: value }).toEqual({ name, hresult: known.hresult });
      }
    }
  });

  it("echoes a text, and opens", async () => {
    const text = "ü中\u{1f600}\0";
    await expect(test.service.request("host.echo", { text })).resolves.toEqual({ text });
    await expect(test.service.request("service.open", { service: "bits" })).resolves.toEqual({
      hresult: 0,
      method: "CoCreateInstance",
    });
  });

  it("creates a job that is suspended, under a lower-case id", async () => {
    const result = await create({});
    expect(result).toEqual({
      hresult: 0,
      method: "IBackgroundCopyManager::CreateJob",
      jobId: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
    });
    expect(isResultOf("job.create", result)).toBe(true);
    const jobId = result.jobId as string;
    await expect(test.describe(jobId.toUpperCase(), "progress")).resolves.toEqual({
      hresult: 0,
      method: "IBackgroundCopyJob::GetState",
      jobId,
      job: { state: 3, progress: { bytesTotal: "0", bytesTransferred: "0", filesTotal: 0, filesTransferred: 0 } },
    });
  });

  it("makes no uploads", async () => {
    for (const type of [JOB_TYPE.toValue("BG_JOB_TYPE_UPLOAD"), JOB_TYPE.toValue("BG_JOB_TYPE_UPLOAD_REPLY")]) {
      await expect(create({ type: type as number })).resolves.toEqual({
        hresult: codes.E_NOTIMPL,
        method: "IBackgroundCopyManager::CreateJob",
      });
    }
  });

  it.each([3, -1, 0.5, Number.NaN])("refuses the job type %d", async (type) => {
    await expect(create({ type })).resolves.toEqual({
      hresult: codes.E_INVALIDARG,
      method: "IBackgroundCopyManager::CreateJob",
    });
  });

  it.each([4, -1, 0.5, Number.NaN])("refuses the priority %d", async (priority) => {
    await expect(create({ settings: { priority } })).resolves.toEqual({
      hresult: codes.E_NOTIMPL,
      method: "IBackgroundCopyJob::SetPriority",
      property: "priority",
    });
  });

  it("refuses a NUL in a name", async () => {
    await expect(create({ displayName: "a\0b" })).resolves.toEqual({
      hresult: codes.E_INVALIDARG,
      method: "IBackgroundCopyManager::CreateJob",
    });
  });

  it.each([
    ["an id that it has not issued", UNKNOWN, codes.DO_E_JOB_NOT_FOUND],
    ["a text that is no id", "no id", codes.E_INVALIDARG],
    ["nothing", "", codes.E_INVALIDARG],
    ["an id and more", `${UNKNOWN}\n`, codes.E_INVALIDARG],
    ["a name that every object has", "__proto__", codes.E_INVALIDARG],
  ])("refuses every verb on %s", async (_what, jobId, hresult) => {
    const refused = { hresult, method: GET_JOB };
    await expect(test.addFile(jobId, "http://localhost/")).resolves.toEqual(refused);
    await expect(test.resume(jobId)).resolves.toEqual({ jobId, ...refused });
    await expect(test.describe(jobId)).resolves.toEqual({ jobId, ...refused });
    const items = await test.cancel(jobId);
    expect(items).toEqual([{ jobId, ...refused }]);
    expect(isResultOf("job.cancel", { items })).toBe(true);
  });

  it.each([
    "",
    "file",
    "/file",
    "http://",
    "ftp://localhost/file",
    "file:///etc/passwd",
    "data:text/plain,a",
    "javascript:alert(1)",
    "http://user:password@localhost/file",
    "http://localhost/a\0b",
    "http://localhost:99999/",
  ])("refuses the URL %j", async (url) => {
    await expect(test.addFile(await test.create(), url)).resolves.toEqual({
      hresult: codes.E_INVALIDARG,
      method: "IBackgroundCopyJob::AddFile",
    });
  });

  it.each(["", "target.bin", "./target.bin", "../target.bin", "/", "/tmp/", "/tmp/a\0b"])(
    "refuses the local name %j",
    async (localName) => {
      await expect(test.addFile(await test.create(), test.server.url("/file"), localName)).resolves.toEqual({
        hresult: codes.E_INVALIDARG,
        method: "IBackgroundCopyJob::AddFile",
      });
    },
  );

  it("refuses to resume a job without files", async () => {
    await expect(test.resume(await test.create())).resolves.toMatchObject({
      hresult: codes.DO_E_JOB_EMPTY,
      method: "IBackgroundCopyJob::Resume",
    });
  });

  it("refuses every change of a job that is cancelled", async () => {
    const jobId = await test.create();
    await expect(test.cancel(jobId)).resolves.toEqual([
      { jobId, hresult: 0, method: "IBackgroundCopyJob::Cancel", stateBefore: 3, stateAfter: 8 },
    ]);
    const hresult = codes.DO_E_INVALID_STATE;
    await expect(test.cancel(jobId)).resolves.toEqual([
      { jobId, hresult, method: "IBackgroundCopyJob::Cancel", stateBefore: 8, stateAfter: 8 },
    ]);
    await expect(test.resume(jobId)).resolves.toMatchObject({ hresult, method: "IBackgroundCopyJob::Resume" });
    await expect(test.addFile(jobId, test.server.url("/file"))).resolves.toEqual({
      hresult,
      method: "IBackgroundCopyJob::AddFile",
    });
    await expect(test.state(jobId)).resolves.toBe("BG_JOB_STATE_CANCELLED");
  });

  it("cancels in the order given, however the others fare", async () => {
    const [first, second] = [await test.create(), await test.create()];
    const items = await test.cancel(first.toUpperCase(), UNKNOWN, second, first);
    expect(items.map(({ jobId, hresult }) => [jobId, hresult])).toEqual([
      [first, codes.S_OK],
      [UNKNOWN, codes.DO_E_JOB_NOT_FOUND],
      [second, codes.S_OK],
      [first, codes.DO_E_INVALID_STATE],
    ]);
    await expect(test.cancel()).resolves.toEqual([]);
  });

  it("forgets the jobs that are over, the oldest first, and never an open one", async () => {
    const open = await test.create();
    const [a, b, c, d] = [await test.create(), await test.create(), await test.create(), await test.create()];
    await test.cancel(d, c, b, a);
    await test.cancel(c, b, a);
    const answers = (await test.cancel(d, c, b, a)).map(({ hresult }) => hresult);
    const refused = codes.DO_E_INVALID_STATE;
    expect(answers).toEqual([codes.DO_E_JOB_NOT_FOUND, refused, refused, refused]);
    await expect(test.state(open)).resolves.toBe("BG_JOB_STATE_SUSPENDED");
  });

  it("does nothing for a caller who has given up", async () => {
    const jobId = await test.create();
    const reason = new Error("no longer wanted");
    const options = { signal: AbortSignal.abort(reason) };
    await expect(test.service.request("job.cancel", { jobIds: [jobId], languageId: 0 }, options)).rejects.toBe(reason);
    await expect(test.state(jobId)).resolves.toBe("BG_JOB_STATE_SUSPENDED");
  });

  it("refuses every request once it is closed", async () => {
    const jobId = await test.create();
    await Promise.all([test.service.close(), test.service.close()]);
    await test.service.close();
    await expect(test.resume(jobId)).rejects.toMatchObject({
      name: "BridgeError",
      code: "CLOSED",
      outcome: "not sent",
    });
    const reason = new Error("no longer wanted");
    const options = { signal: AbortSignal.abort(reason) };
    await expect(test.service.request("host.echo", { text: "" }, options)).rejects.toBe(reason);
  });

  it("leaves no timer and no listener behind", async () => {
    const { signal } = new AbortController();
    const listening = vi.spyOn(signal, "addEventListener");
    const leaving = vi.spyOn(signal, "removeEventListener");
    const setting = vi.spyOn(globalThis, "setTimeout");
    const clearing = vi.spyOn(globalThis, "clearTimeout");
    const jobId = await test.create();
    await test.service.request("job.cancel", { jobIds: [jobId], languageId: 0 }, { signal, timeoutInMs: 50_000 });
    const timers = setting.mock.calls.flatMap(([, time], i) =>
      time === 50_000 ? [setting.mock.results[i]?.value] : [],
    );
    expect(timers).toHaveLength(1);
    expect(clearing).toHaveBeenCalledWith(timers[0]);
    await expect.poll(() => leaving.mock.calls.length).toBe(listening.mock.calls.length);
    vi.restoreAllMocks();
  });
});
