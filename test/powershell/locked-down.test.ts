import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BridgeError } from "../../src/words/errors.js";
import { describePowerShell, openPowerShellService } from "../../src/powershell/index.js";
import { VERSION } from "../../src/made/manifest.js";
import { files, transcribedTo } from "../support/logging.js";
import { ROOT } from "../support/packed.js";
import { powerShellPath, WINE_POWERSHELL } from "../support/powershells.js";
import { runPowerShell } from "../support/run-powershell.js";
import { makeWinePrefix, windowsPath, type WinePrefix } from "../support/wine.js";

const MODULE = join(ROOT, "ps", "BackgroundCopy");
const language = { locale: "en", wording: "documented" } as const;
const SECRET = "a-secret-that-nobody-else-has";

const windowsPowerShell = powerShellPath(WINE_POWERSHELL);
const POLICIES = "HKLM\\Software\\Policies\\Microsoft\\PowerShellCore";
const ENVIRONMENT = "HKLM\\System\\CurrentControlSet\\Control\\Session Manager\\Environment";

describe.skipIf(!windowsPowerShell)(`a locked-down machine, ${WINE_POWERSHELL}`, () => {
  let prefix: WinePrefix;
  let folder: string;
  const registry = (...args: string[]) =>
    execFileSync("wine", ["reg", ...args, "/f"], {
      env: { ...process.env, WINEPREFIX: prefix.path, WINEDEBUG: "-all" },
      stdio: "ignore",
    });

  beforeAll(async () => {
    prefix = await makeWinePrefix(windowsPowerShell as string);
    folder = mkdtempSync(join(tmpdir(), "background-copy-deployed-"));
  });
  afterAll(() => {
    prefix?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const code = (options: object = {}) =>
    openPowerShellService({ service: "bits", language, executable: prefix.executable, ...options }).then(
      (service) => service.close().then(() => "opened"),
      (error: BridgeError) => error.code,
    );

  /** The description of a PowerShell that could not become ready. */
  const engine = (languageMode: string) => ({
    path: prefix.executable,
    version: expect.stringMatching(/^7\./),
    edition: "Core",
    languageMode,
  });

  /** Applies these settings for the PowerShell user until the returned function is called. */
  const setUserSettings = (settings: object) => {
    const config = join(prefix.path, "drive_c", "users", userInfo().username, "Documents", "PowerShell");
    mkdirSync(config);
    writeFileSync(join(config, "powershell.config.json"), JSON.stringify(settings));
    return () => rmSync(config, { recursive: true });
  };

  it("opens the service as it is", async () => {
    expect(await code()).toBe("opened");
  });

  it.each(["AllSigned", "Restricted"])("is blocked where group policy says %s", async (policy) => {
    registry("add", POLICIES, "/v", "EnableScripts", "/t", "REG_DWORD", "/d", policy === "Restricted" ? "0" : "1");
    registry("add", POLICIES, "/v", "ExecutionPolicy", "/t", "REG_SZ", "/d", policy);
    try {
      expect(await code()).toBe("POWERSHELL_BLOCKED");
      expect(await code({ executionPolicy: "inherit" })).toBe("POWERSHELL_BLOCKED");
      expect(await describePowerShell({ service: "bits", language, executable: prefix.executable })).toMatchObject({
        powershell: engine("FullLanguage"),
        policies: { MachinePolicy: policy, UserPolicy: "Undefined", Process: "RemoteSigned" },
        error: { code: "POWERSHELL_BLOCKED" },
      });
    } finally {
      registry("delete", POLICIES);
    }
  });

  it.each(["AllSigned", "Restricted"])(
    "opens where the user's own policy is %s, unless it is to be kept",
    async (policy) => {
      const remove = setUserSettings({ "Microsoft.PowerShell:ExecutionPolicy": policy });
      try {
        expect(await code()).toBe("opened");
        expect(await code({ executionPolicy: "inherit" })).toBe("POWERSHELL_BLOCKED");
      } finally {
        remove();
      }
    },
  );

  it("has no request in its transcripts, and no secret, where real verbs are done", async () => {
    const transcripts = join(folder, "transcripts");
    mkdirSync(transcripts);
    const remove = setUserSettings(transcribedTo(windowsPath(transcripts)));
    try {
      const service = await openPowerShellService({ service: "bits", language, executable: prefix.executable });
      const settings = { description: SECRET, customHeaders: `Authorization: ${SECRET}` };
      const created = await service.request("job.create", { displayName: SECRET, type: 0, settings, files: [] });
      expect(created).toMatchObject({ hresult: 0 });
      const jobId = created.jobId as string;
      const proxySettings = { usage: 3, proxyList: SECRET, proxyBypassList: SECRET };
      const credentials = { target: 1, scheme: 1, userName: SECRET, password: SECRET };
      const file = { remoteUrl: `http://127.0.0.1/${SECRET}`, localName: `C:\\${SECRET}` };
      expect(await service.request("job.setCredentials", { jobId, ...credentials })).toMatchObject({ hresult: 0 });
      expect(await service.request("job.addFile", { jobId, ...file })).toMatchObject({ hresult: 0 });
      // Wine has no proxies; what matters is that the service received the request.
      expect(await service.request("job.set", { jobId, settings: { proxySettings } })).toMatchObject({
        method: "IBackgroundCopyJob::SetProxySettings",
      });
      expect(await service.request("job.describe", { jobIds: [jobId], detail: "all", languageId: 0 })).toMatchObject({
        items: [{ hresult: 0 }],
      });
      await service.request("job.cancel", { jobIds: [jobId], languageId: 0 });
      await service.close();
      const text = files(transcripts)
        .map((path) => readFileSync(path, "utf8"))
        .join();
      expect(text).toContain("Start-BackgroundCopyHost");
      expect(text).not.toContain(SECRET);
      expect(text).not.toContain("jsonrpc");
    } finally {
      remove();
    }
  });

  it("is constrained where the module is not trusted, and says so in the user's language, and not where it is", async () => {
    registry("add", ENVIRONMENT, "/v", "__PSLockdownPolicy", "/t", "REG_SZ", "/d", "4");
    try {
      expect(await code()).toBe("CONSTRAINED_LANGUAGE");
      expect(await describePowerShell({ service: "bits", language, executable: prefix.executable })).toMatchObject({
        powershell: engine("ConstrainedLanguage"),
        error: { code: "CONSTRAINED_LANGUAGE" },
      });
      const script =
        "Import-Module $env:BACKGROUND_COPY_MODULE; [cultureinfo]::CurrentUICulture = 'fr-CA'; try { Get-BackgroundCopyJob } catch { $_.Exception.Message }";
      const { stdout } = await runPowerShell(prefix.executable, script, {
        BACKGROUND_COPY_MODULE: join(MODULE, "BackgroundCopy.psd1"),
      });
      expect(stdout).toContain("en mode de langage contraint (Constrained Language Mode)");
      // A folder with this name counts as part of Windows.
      const trusted = join(folder, "System32", "BackgroundCopy");
      cpSync(MODULE, trusted, { recursive: true });
      const modulePath = join(trusted, "BackgroundCopy.psd1");
      expect(await code({ modulePath })).toBe("opened");
      const described = await describePowerShell({
        service: "bits",
        language,
        executable: prefix.executable,
        modulePath,
      });
      expect(described).toMatchObject({ powershell: { lockdown: "Enforce" }, module: { version: VERSION } });
    } finally {
      registry("delete", ENVIRONMENT, "/v", "__PSLockdownPolicy");
    }
  });
});
