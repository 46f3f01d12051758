import { BackgroundCopyManager } from "../../src/manager.js";
import { makeSession } from "../../src/calls/session.js";
import type { ServiceMethod } from "../../src/port/protocol.js";
import type { Service } from "../../src/port/service.js";

type Sent = readonly [method: ServiceMethod, params: unknown];

const JOB = "00000000-0000-4000-8000-000000000001";
const outcome = { hresult: 0, method: "IBackgroundCopyManager::GetJob" };

/** A manager whose service accepts everything and records the requests. */
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
  } as unknown as Service;
  const manager = new BackgroundCopyManager(makeSession(port, "bits", { locale: "en", wording: "documented" }));
  return { manager, sent };
}
