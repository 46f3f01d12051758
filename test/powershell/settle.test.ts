import { expect, it } from "vitest";
import { BridgeError } from "../../src/words/errors.js";
import { settleCancel } from "../../src/powershell/settle.js";

const language = { locale: "en", wording: "documented" } as const;
const lost = new BridgeError("HOST_EXITED", { outcome: "unknown" }, language);
const [DONE, OPEN, GONE, LATE, OVER, DENIED, LEFT] = ["1", "2", "3", "4", "5", "6", "7"] as const;
const read = { hresult: 0, method: "IBackgroundCopyJob::GetState" };
const cancel = "IBackgroundCopyJob::Cancel";
const invalidState = { hresult: 0x80200002, method: cancel };
const notFound = { hresult: 0x80200001, method: "IBackgroundCopyManager::GetJob" };
const denied = { hresult: 0x80070005, method: "IBackgroundCopyManager::GetJob" };

it("settles each job of a lost cancel by what is found of it", async () => {
  const asked: string[][] = [];
  const { items } = await settleCancel(
    {
      items: [
        { ...read, jobId: DONE, job: { state: 8 } },
        { ...read, jobId: OPEN, job: { state: 2 } },
        { ...notFound, jobId: GONE },
        { ...read, jobId: LATE, job: { state: 2 } },
        { ...read, jobId: OVER, job: { state: 7 } },
        { ...denied, jobId: DENIED },
        { ...read, jobId: LEFT, job: { state: 2 } },
      ],
    },
    async (jobIds) => {
      asked.push(jobIds);
      return {
        items: [
          { hresult: 0, method: cancel, jobId: OPEN, stateBefore: 2, stateAfter: 8 },
          // The lost cancel was still in progress.
          { ...invalidState, jobId: LATE, stateBefore: 8, stateAfter: 8 },
          { ...invalidState, jobId: OVER, stateBefore: 7, stateAfter: 7 },
          // The job existed, and then the service forgot it.
          { ...notFound, jobId: LEFT },
        ],
      };
    },
    () => lost,
  );
  expect(asked).toEqual([[OPEN, LATE, OVER, LEFT]]);
  const byState = { hresult: 0, method: cancel, stateAfter: 8, confirmedBy: "state" };
  expect(items).toEqual([
    { jobId: DONE, ...byState },
    { jobId: OPEN, stateBefore: 2, ...byState },
    { jobId: GONE, ...notFound, lost },
    { jobId: LATE, ...byState },
    { jobId: OVER, ...invalidState, stateBefore: 7, stateAfter: 7 },
    { jobId: DENIED, ...denied, lost },
    { jobId: LEFT, ...notFound, lost },
  ]);
});

it("cancels nothing where nothing is open", async () => {
  const { items } = await settleCancel(
    { items: [{ ...read, jobId: DONE, job: { state: 8 } }] },
    () => {
      throw new Error("asked");
    },
    () => lost,
  );
  expect(items).toMatchObject([{ jobId: DONE, confirmedBy: "state" }]);
});
