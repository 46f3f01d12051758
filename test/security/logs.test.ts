import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it, vi } from "vitest";
import type { MethodName, Params, Result } from "../../src/port/protocol.js";
import { Host } from "../../src/powershell/host.js";
import { startFarCom, type FarCom } from "../support/far-com/index.js";
import { files, SYSTEM_LOG, systemLog, transcribedTo } from "../support/logging.js";
import { PWSH } from "../support/powershells.js";

const SECRET = "a-secret-that-nobody-else-has";
const TIMEOUT = { timeoutInMs: 60_000 };
const language = { locale: "en", wording: "documented" } as const;
// Commands of what stands for COM here: it passes the arguments of COM calls on.
const OF_THE_STAND_IN =
  /\((?:ConvertTo-Token|ConvertFrom-Token|Get-FarAnswer|New-FarObject|Remove-FarObject|Test-FarFile)\)/;

const pwsh = inject("pwsh");
const windowsPowerShell = inject("winePowerShell");

// PowerShell for Linux logs to the system log, which can be read; it has no COM, so its COM calls go to Wine's BITS.
describe.skipIf(!pwsh || !windowsPowerShell || process.platform !== "linux")(`3: everything is logged, ${PWSH}`, () => {
  let home: string;
  let com: FarCom;
  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), "background-copy-logs-"));
    mkdirSync(join(home, "config", "powershell"), { recursive: true });
    mkdirSync(join(home, "transcripts"));
    writeFileSync(
      join(home, "config", "powershell", "powershell.config.json"),
      JSON.stringify(transcribedTo(join(home, "transcripts"))),
    );
    com = await startFarCom(windowsPowerShell as string);
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await com?.stop();
    rmSync(home, { recursive: true, force: true });
  });

  /** All that a job can have, with the secret wherever a caller can put one. */
  async function useJob(host: Host): Promise<void> {
    const request = <M extends MethodName>(method: M, params: Params<M>): Promise<Result<M>> =>
      host.request(method, params, TIMEOUT);
    const done = { hresult: 0 };
    expect(await request("service.open", { service: "bits" })).toMatchObject(done);
    const settings = { description: SECRET, customHeaders: `Authorization: ${SECRET}` };
    const files = [{ remoteUrl: `http://u:${SECRET}@127.0.0.1/`, localName: `C:\\${SECRET}` }];
    const created = await request("job.create", { displayName: SECRET, type: 0, settings, files });
    expect(created).toMatchObject(done);
    const jobId = created.jobId as string;
    const credentials = { target: 1, scheme: 1, userName: SECRET, password: SECRET };
    expect(await request("job.setCredentials", { jobId, ...credentials })).toMatchObject(done);
    expect(
      await request("job.addFile", { jobId, remoteUrl: `http://127.0.0.1/?${SECRET}`, localName: `C:\\a${SECRET}` }),
    ).toMatchObject(done);
    for (const one of [
      { notifyCmdLine: { program: SECRET, parameters: SECRET } },
      { proxySettings: { usage: 2, proxyList: SECRET, proxyBypassList: SECRET } },
      { clientCertificate: { storeLocation: 0, storeName: "MY", subjectName: SECRET } },
      { customHeaders: `X-Api-Key: ${SECRET}` },
    ]) {
      // Wine's BITS does not support all of them; what matters is that it was called.
      expect(await request("job.set", { jobId, settings: one })).toMatchObject({
        method: expect.stringContaining("::Set"),
      });
    }
    await request("job.replaceRemotePrefix", {
      jobId,
      oldPrefix: `http://${SECRET}/`,
      newPrefix: `http://b${SECRET}/`,
    });
    await request("job.removeCredentials", { jobId, target: 1, scheme: 1 });
    const { items } = await request("job.describe", { jobIds: [jobId], detail: "all", languageId: 0 });
    expect(items).toMatchObject([{ hresult: 0, job: { displayName: SECRET } }]);
    await request("job.list", { allUsers: false, page: 0 });
    await request("host.echo", { text: SECRET });
    // Wine's BITS can't delete the temporary files that it has not created.
    const { items: canceled } = await request("job.cancel", { jobIds: [jobId], languageId: 0 });
    expect(canceled).toMatchObject([{ stateAfter: 8 }]);
  }

  it("3: no request and no secret is in the transcripts, in the log of commands, or in that of script blocks", async ({
    skip,
  }) => {
    const log = await systemLog();
    if (typeof log === "string") {
      skip(`${SYSTEM_LOG} can't be listened to: ${log}`);
      return;
    }
    try {
      vi.stubEnv("XDG_CONFIG_HOME", join(home, "config"));
      const executable = pwsh as string;
      const host = new Host({
        executable,
        modulePath: com.modulePath,
        executionPolicy: "RemoteSigned",
        service: "bits",
        language,
      });
      await host.ready;
      const { pid } = host;
      try {
        await useJob(host);
      } finally {
        await host.close();
      }
      const entries = () => log.entriesOf(pid);
      await expect
        .poll(() => entries().join("\n"))
        .toContain('ParameterBinding(Start-BackgroundCopyHost): name="Marker"');
      const own = entries().filter((entry) => !OF_THE_STAND_IN.test(entry));
      // The text of the module, as a script block.
      expect(own.join("\n")).toContain("function Start-BackgroundCopyHost");
      expect(own.filter((entry) => entry.includes(SECRET))).toEqual([]);
      expect(own.filter((entry) => entry.includes("ParameterBinding(") && entry.includes("jsonrpc"))).toEqual([]);
      const transcripts = files(join(home, "transcripts"))
        .map((path) => readFileSync(path, "utf8"))
        .join();
      expect(transcripts).toContain("Start-BackgroundCopyHost");
      expect(transcripts).not.toContain(SECRET);
      expect(transcripts).not.toContain("jsonrpc");
    } finally {
      await log.close();
    }
  });
});
