import { systemClock } from "../../src/clock.js";
import { BackgroundCopyManager } from "../../src/manager.js";
import type { ServiceMethod } from "../../src/protocol.js";

type Sent = readonly [method: ServiceMethod, params: unknown];

const JOB = "00000000-0000-4000-8000-000000000001";
const outcome = { hresult: 0, method: "IBackgroundCopyManager::GetJob" };

/** A manager whose service takes everything, and keeps what it was sent. */
export function recording(): { manager: BackgroundCopyManager; sent: Sent[] } {
  const sent: Sent[] = [];
  const port = {
    managerInterface: "IBackgroundCopyManager",
    request: async (method: ServiceMethod, params: { jobIds?: string[] }) => {
      sent.push([method, params]);
      const items = params.jobIds?.map((jobId) => ({ ...outcome, jobId, job: { state: 8 } }));
      return { ...outcome, jobId: JOB, jobIds: [JOB], items };
    },
    close: async () => {},
  };
  const language = { locale: "en", wording: "documented" };
  const session = { port, service: "bits", language, clock: systemClock, tickers: new Map() };
  return { manager: Reflect.construct(BackgroundCopyManager, [session]), sent };
}
