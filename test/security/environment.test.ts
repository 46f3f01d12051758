import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, describe, expect, inject, it, vi } from "vitest";
import { hostEnvironment, sshEnvironment } from "../../src/powershell/environment.js";
import { Host } from "../../src/powershell/host.js";
import { isPassed, PASSED, PASSED_TO_SSH } from "../../src/powershell/passed-variables.js";
import { ROOT } from "../support/packed.js";
import { ownPowerShells, WINE_POWERSHELL } from "../support/powershells.js";
import { hostileText, runs } from "../support/property.js";

const language = { locale: "en", wording: "documented" } as const;
const TIMEOUT = { timeoutInMs: 60_000 };
const host = { modulePath: "/m/BackgroundCopy.psd1", marker: "abc" };
/** The variables that the package itself sets. */
const OWN = Object.keys(hostEnvironment(host, {}));

// Each loads code into PowerShell, changes how it interprets scripts, makes it write files or wait, or might contain a secret.
const HOSTILE = {
  __PSLockdownPolicy: "8",
  APPDOMAIN_MANAGER_ASM: "evil",
  APPDOMAIN_MANAGER_TYPE: "Evil",
  BASH_ENV: "/nowhere/evil.sh",
  COMPLUS_GCName: "evil.dll",
  COMPLUS_Version: "v2.0",
  COR_ENABLE_PROFILING: "1",
  COR_PROFILER: "{00000000-0000-4000-8000-000000000001}",
  COR_PROFILER_PATH: "/nowhere/evil.dll",
  CORECLR_ENABLE_PROFILING: "1",
  CORECLR_PROFILER: "{00000000-0000-4000-8000-000000000001}",
  CORECLR_PROFILER_PATH: "/nowhere/evil.so",
  DEVPATH: "/nowhere",
  DOTNET_ADDITIONAL_DEPS: "/nowhere/evil.deps.json",
  DOTNET_EnableEventPipe: "1",
  DOTNET_GCName: "evil.so",
  DOTNET_GCPath: "/nowhere/evil.so",
  DOTNET_STARTUP_HOOKS: "/nowhere/evil.dll",
  DYLD_INSERT_LIBRARIES: "/nowhere/evil.dylib",
  ENV: "/nowhere/evil.sh",
  HTTP_PROXY: "http://user:secret@proxy",
  http_proxy: "http://user:secret@proxy",
  LD_LIBRARY_PATH: "/nowhere",
  NODE_OPTIONS: "--no-warnings",
  NODE_POWERSHELL: "/nowhere/evil",
  POWERSHELL_DEBUG_STARTUP: "1",
  PowerShellMinimal: "1",
  PSCommandDiscoveryPreDelay: "1",
  PSExecutionPolicyPreference: "Bypass",
  PSModuleAnalysisCachePath: "/nowhere/cache",
  PSModulePath: "/nowhere",
  THE_PASSWORD: "secret",
};

// What a computer of a domain has in the environment of its users.
const DOMAIN_JOINED = {
  ALLUSERSPROFILE: "C:\\ProgramData",
  APPDATA: "C:\\Users\\a.user\\AppData\\Roaming",
  CLIENTNAME: "DESKTOP-1",
  COMPUTERNAME: "PC-1",
  ComSpec: "C:\\Windows\\system32\\cmd.exe",
  FPS_BROWSER_USER_PROFILE_STRING: "Default",
  HOMEDRIVE: "H:",
  HOMEPATH: "\\",
  HOMESHARE: "\\\\server.example.com\\home$\\a.user",
  LOCALAPPDATA: "C:\\Users\\a.user\\AppData\\Local",
  LOGONSERVER: "\\\\DC-1",
  NUMBER_OF_PROCESSORS: "8",
  OneDriveCommercial: "C:\\Users\\a.user\\OneDrive - Example",
  OS: "Windows_NT",
  PATHEXT: ".COM;.EXE;.BAT;.CMD;.VBS;.JS;.WS;.MSC;.CPL",
  PROCESSOR_ARCHITECTURE: "AMD64",
  ProgramData: "C:\\ProgramData",
  PSModulePath:
    "C:\\Users\\a.user\\Documents\\WindowsPowerShell\\Modules;C:\\Program Files\\WindowsPowerShell\\Modules",
  SESSIONNAME: "RDP-Tcp#1",
  UATDATA: "C:\\Windows\\CCM\\UATData\\D9F8C395-CAB8-491d-B8AC-179A1FE1BE77",
  USERDNSDOMAIN: "AD.EXAMPLE.COM",
  USERDOMAIN: "AD",
  USERDOMAIN_ROAMINGPROFILE: "AD",
  HTTPS_PROXY: "http://proxy.example.com:8080",
  NO_PROXY: "*.example.com",
};

/** The variables of a process that runs. */
function environmentOf(pid: number): Record<string, string> {
  const entries = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").filter(Boolean);
  return Object.fromEntries(
    entries.map((entry) => [entry.slice(0, entry.indexOf("=")), entry.slice(entry.indexOf("=") + 1)]),
  );
}

describe("the environment of the SSH client", () => {
  const listed = PASSED_TO_SSH.flatMap(({ names }) => names);

  it("is described for administrators as it is", () => {
    const article = readFileSync(join(ROOT, "docs", "deployment.md"), "utf8");
    for (const { names, systems } of PASSED_TO_SSH) {
      const all = names.map((name) => `\`${name}\``);
      const where = systems === "all" ? "on all systems" : `on ${systems}`;
      expect(article).toContain(`- ${all.slice(0, -1).join(", ")}, and ${all.at(-1)} ${where}:`);
    }
  });

  it("has what is listed and the language, and none of the variables that change PowerShell", () => {
    const parent = Object.fromEntries([...listed, ...Object.keys(HOSTILE), "SSH_ASKPASS"].map((name) => [name, "x"]));
    expect(Object.keys(sshEnvironment(parent, "linux")).sort()).toEqual([...listed, "LC_ALL"].sort());
  });
});

describe("the environment of PowerShell", () => {
  it("is described for administrators as it is", () => {
    const article = readFileSync(join(ROOT, "docs", "deployment.md"), "utf8");
    const rows = PASSED.map(({ names, systems, reason }) => [
      names.map((name) => `\`${name}\``).join(", "),
      systems,
      reason,
    ]);
    const table = article
      .split("\n")
      .filter((line) => /^\| .*\| (Windows|Linux and macOS|all) +\|/.test(line))
      .map((line) =>
        line
          .split("|")
          .slice(1, -1)
          .map((cell) => cell.trim()),
      );
    expect(table).toEqual(rows);
    for (const name of OWN) {
      expect(article).toContain(`\`${name}\``);
    }
  });

  it.each(["win32", "linux", "darwin"] as const)(
    "has none of the variables that change PowerShell, on %s",
    (platform) => {
      const given = Object.keys(hostEnvironment(host, HOSTILE, platform));
      expect(given.sort()).toEqual([...OWN].sort());
    },
  );

  it("has the names of Windows in any letter case, and others only as they are", () => {
    expect(hostEnvironment(host, { systemroot: "C:\\Windows", Path: "C:\\x" }, "win32")).toMatchObject({
      systemroot: "C:\\Windows",
      Path: "C:\\x",
    });
    expect(Object.keys(hostEnvironment(host, { path: "/x", SystemRoot: "C:\\Windows" }, "linux"))).not.toContain(
      "path",
    );
  });

  it("has of any environment only what is listed", () => {
    const listed = PASSED.flatMap(({ names }) => names);
    const name = fc.oneof(
      fc.constantFrom(...listed, ...Object.keys(HOSTILE), ...Object.keys(DOMAIN_JOINED)),
      fc.constantFrom(...listed).map((one) => one.toLowerCase()),
      fc.tuple(fc.constantFrom(...listed, "DOTNET_", "COR_", "PS"), hostileText).map(([one, more]) => one + more),
      hostileText,
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(name, hostileText)),
        fc.constantFrom("win32", "linux", "darwin"),
        (given, system) => {
          const parent = Object.fromEntries(given);
          const environment = hostEnvironment(host, parent, system as NodeJS.Platform);
          const own = hostEnvironment(host, {}, system as NodeJS.Platform);
          const known = system === "win32" ? listed.map((one) => one.toLowerCase()) : listed;
          for (const [key, value] of Object.entries(environment)) {
            const isListed = known.includes(system === "win32" ? key.toLowerCase() : key) && value === parent[key];
            expect(isListed || own[key] === value, key).toBe(true);
          }
          for (const key of Object.keys(parent).filter((one) => isPassed(one, system as NodeJS.Platform))) {
            expect(environment[key]).toBe(parent[key]);
          }
        },
      ),
      runs(1_000),
    );
  });
});

describe.each<{ label: string; path: string | null | undefined }>([
  ...ownPowerShells,
  { label: WINE_POWERSHELL, path: inject("winePowerShell") },
])("an environment of any kind, $label", ({ label, path }) => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  /** Starts a host and asks it; returns the variables of its process, if the system shows them. */
  async function start(): Promise<Record<string, string> | undefined> {
    const started = new Host({
      executable: path as string,
      modulePath: join(ROOT, "ps", "BackgroundCopy", "BackgroundCopy.psd1"),
      executionPolicy: "RemoteSigned",
      service: "bits",
      language,
    });
    await started.ready;
    try {
      expect(await started.request("host.echo", { text: "echo" }, TIMEOUT)).toEqual({ text: "echo" });
      expect((await started.request("host.describe", {}, TIMEOUT)).powershell.languageMode).toBe("FullLanguage");
      return process.platform === "linux" ? environmentOf(started.pid as number) : undefined;
    } finally {
      await started.close();
    }
  }

  it.skipIf(!path)("works where Node's own has everything that is hostile, and gets none of it", async () => {
    const home = mkdtempSync(join(tmpdir(), "background-copy-environment-"));
    try {
      mkdirSync(join(home, "pipes"));
      const written = {
        DOTNET_EventPipeOutputPath: join(home, "pipes", "trace"),
        PSModuleAnalysisCachePath: join(home, "cache"),
      };
      for (const [name, value] of Object.entries({ ...HOSTILE, ...written })) {
        vi.stubEnv(name, value);
      }
      const environment = await start();
      for (const name of Object.keys({ ...HOSTILE, ...written })) {
        // The module path of PowerShell's own modules is set later, in the process.
        expect(environment?.[name]).toBeUndefined();
      }
      expect(existsSync(join(home, "cache"))).toBe(false);
      expect(readdirSync(join(home, "pipes"))).toEqual([]);
    } finally {
      rmSync(home, { recursive: true });
    }
  });

  it.skipIf(!path)("works in that of a computer of a domain", async () => {
    for (const [name, value] of Object.entries(DOMAIN_JOINED)) {
      vi.stubEnv(name, value);
    }
    const environment = await start();
    const passed = Object.keys(DOMAIN_JOINED).filter((name) => isPassed(name, process.platform));
    expect(Object.keys(environment ?? {}).filter((name) => Object.hasOwn(DOMAIN_JOINED, name))).toEqual(
      environment ? passed : [],
    );
    expect(label).not.toBe("");
  });

  // On Windows, Node itself passes most of the variables.
  it.skipIf(!path || process.platform === "win32")("works where it has hardly anything", async () => {
    const kept = Object.keys(process.env).filter((name) => isPassed(name, process.platform));
    const needed = /^(?:PATH|HOME|SystemRoot|DOTNET_\w+)$/i;
    for (const name of kept.filter((one) => !needed.test(one))) {
      vi.stubEnv(name, undefined);
    }
    await start();
  });
});
