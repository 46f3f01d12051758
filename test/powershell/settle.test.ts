import { expect, it } from "vitest";
import { settleCancel } from "../../src/powershell/settle.js";

const [DONE, OPEN, UNKNOWN, LATE, OVER] = ["1", "2", "3", "4", "5"];
const read = { hresult: 0, method: "IBackgroundCopyJob::GetState" };
const cancel = "IBackgroundCopyJob::Cancel";
const invalidState = { hresult: 0x80200002, method: cancel };

it("settles each job of a lost cancel by what is found of it", async () => {
  const asked: string[][] = [];
  const { items } = await settleCancel(
    {
      items: [
        { ...read, jobId: DONE as string, job: { state: 8 } },
        { ...read, jobId: OPEN as string, job: { state: 2 } },
        { hresult: 0x80200001, method: "IBackgroundCopyManager::GetJob", jobId: UNKNOWN as string },
        { ...read, jobId: LATE as string, job: { state: 2 } },
        { ...read, jobId: OVER as string, job: { state: 7 } },
      ],
    },
    async (jobIds) => {
      asked.push(jobIds);
      return {
        items: [
          { hresult: 0, method: cancel, jobId: OPEN as string, stateBefore: 2, stateAfter: 8 },
          // The lost cancel was still under way.
          { ...invalidState, jobId: LATE as string, stateBefore: 8, stateAfter: 8 },
          { ...invalidState, jobId: OVER as string, stateBefore: 7, stateAfter: 7 },
        ],
      };
    },
  );
  expect(asked).toEqual([[OPEN, LATE, OVER]]);
  const byState = { hresult: 0, method: cancel, stateAfter: 8, confirmedBy: "state" };
  expect(items).toEqual([
    { jobId: DONE, ...byState },
    { jobId: OPEN, stateBefore: 2, ...byState },
    { jobId: UNKNOWN, hresult: 0x80200001, method: "IBackgroundCopyManager::GetJob" },
    { jobId: LATE, ...byState },
    { jobId: OVER, ...invalidState, stateBefore: 7, stateAfter: 7 },
  ]);
});

it("cancels nothing where nothing is open", async () => {
  const { items } = await settleCancel({ items: [{ ...read, jobId: "1", job: { state: 8 } }] }, () => {
    throw new Error("asked");
  });
  expect(items).toMatchObject([{ jobId: "1", confirmedBy: "state" }]);
});
