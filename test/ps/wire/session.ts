import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import { Host } from "../../../src/powershell/host.js";
import {
  isResultOf,
  type MethodName,
  type Params,
  type Result,
  type WireJob,
  type WireSettings,
} from "../../../src/port/protocol.js";
import { type ComServer, NOTHING_HELD } from "../../support/com-server/index.js";
import type { Service } from "../service.js";

// The protocol, sent to the module directly: each method and each property, on a service that supports them all.

export const NOBODY = "00000000-0000-4000-8000-000000000001";
export const UNKNOWN = (2n ** 64n - 1n).toString();
export const EN_US = 0x409;
export const FR_FR = 0x40c;
export const S_OK = 0;
export const E_NOTIMPL = 0x80004001;
export const E_NOINTERFACE = 0x80004002;
export const E_ACCESSDENIED = 0x80070005;
export const E_INVALIDARG = 0x80070057;
export const DOWNLOAD = { type: 0, settings: {}, files: [] };
export const RANGES = [
  { initialOffset: "0", length: "100" },
  { initialOffset: "9007199254740993", length: UNKNOWN },
];

let targets = 0;
export const target = () => `C:\\windows\\temp\\wire-${++targets}.bin`;

/** A host and the requests to it; `queued` and `calls` query the service for their effects. */
export function session(service: Service) {
  let host: Host;
  let server: ComServer;

  async function request<M extends MethodName>(method: M, params: Params<M>): Promise<Result<M>> {
    const result = await host.request(method, params, { timeoutInMs: 60_000 });
    expect(result, `${method} ${JSON.stringify(result)}`).toSatisfy((value: unknown) => isResultOf(method, value));
    return result;
  }

  beforeAll(async () => {
    server = await service.start("keep-final");
    host = service.host();
    await host.ready;
    await request("service.open", { service: service.name });
  });
  afterAll(async () => {
    await host.close();
    await server.stop();
  });
  beforeEach(() => server.command("heal"));
  afterEach(async () => {
    expect(await server.references(), "what is held between requests").toMatchObject({ ...NOTHING_HELD, manager: 1 });
  });

  return {
    request,
    command: (line: string) => server.command(line),
    calls: async () => (await server.command("calls")) as Record<string, number>,
    async create(params: Partial<Params<"job.create">> = {}): Promise<string> {
      const created = await request("job.create", { displayName: "a job", ...DOWNLOAD, ...params });
      expect(created).toMatchObject({ hresult: S_OK, method: "IBackgroundCopyManager::CreateJob" });
      return created.jobId as string;
    },
    async describe(
      jobId: string,
      detail: "progress" | "summary" | "all" = "all",
      languageId = EN_US,
    ): Promise<WireJob> {
      const { items } = await request("job.describe", { jobIds: [jobId], detail, languageId });
      expect(items).toMatchObject([{ jobId, hresult: S_OK, method: "IBackgroundCopyJob::GetState" }]);
      return items[0]?.job as WireJob;
    },
    async set(jobId: string, settings: WireSettings) {
      return request("job.set", { jobId, settings });
    },
    async act(verb: "job.suspend" | "job.resume" | "job.complete" | "job.cancel", ...jobIds: string[]) {
      return (await request(verb, { jobIds, languageId: EN_US })).items;
    },
  };
}

/** The session of the tests of a service. */
export type Wire = ReturnType<typeof session>;

/** A FILETIME that the clocks of this machine and of the service agree on within a minute. */
export function isNow(fileTime: string): boolean {
  const milliseconds = Number(BigInt(fileTime) / 10_000n - 11_644_473_600_000n);
  return Math.abs(milliseconds - Date.now()) < 60_000;
}
