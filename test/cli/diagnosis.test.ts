import { homedir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { describeLines, refusals, withoutHome } from "../../src/cli/diagnosis.js";
import "../../src/words/every-language.js";
import { LOCALES } from "../../src/words/locale.js";
import { wordsOf } from "../../src/cli/words.js";
import type { Language } from "../../src/words/messages.js";
import type { PowerShellDescription } from "../../src/powershell/index.js";
import type { Result } from "../../src/port/protocol.js";

const HOST: Result<"host.describe"> = {
  powershell: {
    version: "5.1.22621.1",
    edition: "Desktop",
    path: "C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe",
    framework: ".NET Framework 4.8",
    is64Bit: true,
    languageMode: "FullLanguage",
    lockdown: "Enforce",
    culture: "de-DE",
    codePages: { input: 850, output: 850 },
  },
  policies: { MachinePolicy: "AllSigned", UserPolicy: "Undefined", Process: "RemoteSigned" },
  module: { path: "C:\\Program Files\\BackgroundCopy", version: "1.2.3", signature: "Valid" },
  account: { kind: "user", logon: "interactive", session: 1, elevated: true },
  services: [{ name: "BITS", status: "Stopped", startType: "Manual" }],
  limits: { bits: { MaxJobsPerUser: 10 }, deliveryOptimization: {} },
  interfaces: [
    { service: "delivery-optimization", interface: "IBackgroundCopyManager", hresult: 0x80004002 },
    { service: "delivery-optimization", interface: "IDOManager", hresult: 0 },
    { service: "bits", interface: "IBackgroundCopyManager", hresult: 0 },
  ],
};

const language: Language = { locale: "en", wording: "documented" };
const words = (key: string) => wordsOf(language, key);
const codes = (host: PowerShellDescription) => refusals(language, words, host).map(({ what, code }) => [what, code]);

describe("refusals", () => {
  it("are none where all is well: a stopped service starts on demand", () => {
    expect(refusals(language, words, HOST)).toEqual([]);
  });

  it("are none where nothing is known", () => {
    const { powershell, policies, module } = HOST;
    expect(refusals(language, words, { powershell, policies, module })).toEqual([]);
  });

  it.each(["service", "batch"] as const)("name the logon where it is a %s logon of a user", (logon) => {
    const account = { kind: "user", logon, session: 0, elevated: true } as const;
    expect(codes({ ...HOST, account })).toEqual([[words("doctor.ownJobs"), "ERROR_NOT_LOGGED_ON"]]);
    expect(codes({ ...HOST, account: { ...account, kind: "system" } })).toEqual([]);
  });

  it("do not name a network logon, as PowerShell remoting has", () => {
    const account = { kind: "user", logon: "network", session: 0, elevated: true } as const;
    expect(codes({ ...HOST, account })).toEqual([]);
  });

  it("name the jobs of others where the account is not elevated", () => {
    const account = { kind: "user", logon: "remoteInteractive", session: 2, elevated: false } as const;
    expect(codes({ ...HOST, account })).toEqual([[words("doctor.othersJobs"), "E_ACCESSDENIED"]]);
  });

  it("name a disabled service", () => {
    const services = [{ name: "DoSvc", status: "Stopped", startType: "Disabled" }];
    expect(codes({ ...HOST, services })).toEqual([["DoSvc", "ERROR_SERVICE_DISABLED"]]);
  });

  it("name a service none of whose interfaces answers", () => {
    const interfaces = HOST.interfaces?.map((asked) => ({ ...asked, hresult: 0x80040154 }));
    expect(codes({ ...HOST, interfaces })).toEqual([
      ["delivery-optimization", "REGDB_E_CLASSNOTREG"],
      ["bits", "REGDB_E_CLASSNOTREG"],
    ]);
  });

  it("say in every language what to do", () => {
    const account = { kind: "user", logon: "batch", session: 0, elevated: false } as const;
    const said = LOCALES.map((locale) => {
      const own = { ...language, locale };
      return refusals(own, (key) => wordsOf(own, key), { ...HOST, account });
    });
    expect(new Set(said.map(([first]) => first?.message)).size).toBe(LOCALES.length);
    expect(said.flat().every(({ advice }) => advice)).toBe(true);
  });
});

describe("describeLines", () => {
  it.each(LOCALES)("has words for every line, %s", (locale) => {
    const lines = describeLines((key) => wordsOf({ ...language, locale }, key), HOST, "why");
    expect(lines).toHaveLength(9);
    expect(JSON.stringify(lines)).not.toMatch(/doctor\./);
    expect(lines.flat().join()).toContain("MaxJobsPerUser 10");
    expect(lines.flat()).toContain("C:\\Program Files\\BackgroundCopy, 1.2.3, Valid");
    expect(lines.flat().join()).not.toContain("Undefined");
  });

  it("are as many as there is something to say", () => {
    const powershell = { path: "/opt/pwsh", version: "7.6.0", edition: "Core" };
    const module = { path: "/opt/module" };
    const found = [
      ["PowerShell", "/opt/pwsh, why"],
      ["Module", "/opt/module"],
    ];
    expect(describeLines(words, { powershell: { path: "/opt/pwsh" }, module }, "why")).toEqual(found);
    const constrained = { powershell: { ...powershell, languageMode: "ConstrainedLanguage" }, module };
    expect(describeLines(words, constrained, "why")).toEqual([
      ["PowerShell", "7.6.0 Core, /opt/pwsh, why"],
      ["Language mode", "ConstrainedLanguage"],
      ["Module", "/opt/module"],
    ]);
  });
});

describe("withoutHome", () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it("leaves out whose folder it is", () => {
    expect(withoutHome(join(homedir(), "x"))).not.toContain(homedir());
    expect(withoutHome("/opt/x")).toBe("/opt/x");
  });

  it.skipIf(process.platform === "win32")("finds it anywhere in a text, and nothing else", () => {
    vi.stubEnv("HOME", "/home/a.user");
    expect(withoutHome('not found (/home/a.user/x), in Z:\\home\\A.User, "\\\\home\\\\a.user"')).toBe(
      'not found (~/x), in Z:~, "~"',
    );
    expect(withoutHome("/home/a.user2 /home/axuser")).toBe("/home/a.user2 /home/axuser");
    for (const [home, said] of [
      ["/home/a.user/", "~/x"],
      ["/", "/home/a.user/x"],
      ["", "/home/a.user/x"],
    ]) {
      vi.stubEnv("HOME", home);
      expect(withoutHome("/home/a.user/x")).toBe(said);
    }
  });
});
