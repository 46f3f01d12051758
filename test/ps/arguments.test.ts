import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { LOCALES } from "../../src/words/locale.js";
import "../../src/words/every-language.js";
import { text } from "../../src/words/messages.js";
import { ROOT } from "../support/packed.js";
import { PowerShellSession } from "../support/powershell-session.js";
import { PWSH } from "../support/powershells.js";

// Errors that the commands report themselves, before a service is opened, so they occur on every system.

const ENGLISH = { locale: "en", wording: "documented" } as const;
const SET = "Set-BackgroundCopyJob 00000000-0000-4000-8000-000000000001 -Service bits";
const pwsh = inject("pwsh") as string;

describe.skipIf(!pwsh)(`an argument of a command, ${PWSH}`, () => {
  let shell: PowerShellSession;
  beforeAll(() => {
    shell = new PowerShellSession(pwsh, join(ROOT, "ps", "BackgroundCopy", "BackgroundCopy.psd1"));
  });
  afterAll(() => shell[Symbol.asyncDispose]());

  const refusal = async (statement: string) => {
    const { output, errors } = await shell.run(statement);
    expect(output).toEqual([]);
    expect(errors).toHaveLength(1);
    return errors[0];
  };

  it.each([
    ["a line of its own in its value", "'X-One' = \"secret`r`nInjected: 1\"", "X-One"],
    ["a NUL in its value", "'X-One' = \"secret`0\"", "X-One"],
    ["a space in its name", "'A b' = 'secret'", "…"],
    ["a line feed at the end of its name", "\"A`n\" = 'secret'", "…"],
    ["no name", "'' = 'secret'", "…"],
    ["a letter in its name that HTTP has not", "([string][char]0xC4) = 'secret'", "…"],
    ["its value in its name", "'X-Api-Key: secret' = ''", "…"],
  ])("is no header with %s", async (_what, entry, header) => {
    for (const command of [SET, `${SET} -WhatIf`, "New-BackgroundCopyJob x -WhatIf"]) {
      const refused = await refusal(`${command} -CustomHeaders @{ ${entry} }`);
      expect(refused).toMatchObject({
        id: `InvalidHeader,${command.split(" ")[0]}`,
        category: "InvalidArgument",
        message: text(ENGLISH, "argument.header", { name: "CustomHeaders", header }),
      });
    }
  });

  it("is a header with anything else", async () => {
    const { errors, window } = await shell.run(
      `${SET} -CustomHeaders @{ "a!#$%&'*+.^\`\`|~-9" = "d: \u00e9 "; Keys = 1 } -WhatIf`,
    );
    expect(errors).toEqual([]);
    expect(window).toContain("CustomHeaders");
  });

  it.each([
    ["ProxyList", "a:1", "ProxyUsage"],
    ["ProxyBypassList", "a", "ProxyUsage"],
    ["CertificateStoreLocation", "BG_CERT_STORE_LOCATION_CURRENT_USER", "CertificateStoreName"],
    ["CertificateStoreName", "MY", "CertificateSubjectName"],
    ["CertificateSubjectName", "S", "CertificateStoreLocation"],
    ["CredentialTarget", "BG_AUTH_TARGET_PROXY", "Credential, RemoveCredential"],
    ["CredentialScheme", "BG_AUTH_SCHEME_NTLM", "Credential, RemoveCredential"],
  ])("is nothing to be dropped: %s without what it needs", async (name, value, needed) => {
    expect(await refusal(`${SET} -Description x -${name} ${value} -PassThru`)).toMatchObject({
      id: "MissingParameter,Set-BackgroundCopyJob",
      category: "InvalidArgument",
      message: text(ENGLISH, "cmdlet.missingParameter", { name, needed }),
    });
  });

  it("is taken together with what it needs", async () => {
    const certificate =
      "-CertificateStoreLocation BG_CERT_STORE_LOCATION_CURRENT_USER -CertificateStoreName MY -CertificateSubjectName S";
    const others =
      "-ProxyUsage BG_JOB_PROXY_USAGE_OVERRIDE -ProxyList a:1 -RemoveCredential -CredentialScheme BG_AUTH_SCHEME_NTLM";
    const { errors } = await shell.run(`${SET} ${certificate} ${others} -WhatIf`);
    expect(errors).toEqual([]);
  });

  const ADD = "Add-BackgroundCopyFile -Id 00000000-0000-4000-8000-000000000001 http://x/y C:\\x -Service bits -Range";

  it.each([
    "@{ Length = 5 }",
    "@{ InitialOffset = $null }",
    "@{ InitialOffset = 0 }, @{ InitialOffset = -1 }",
    "@{ InitialOffset = 0; Length = 'all' }",
    "([pscustomobject]@{ Length = 5 })",
    "5",
    "@{}, $null",
  ])("is no range as %s", async (range) => {
    expect(await refusal(`${ADD} ${range} -WhatIf`)).toMatchObject({
      id: "InvalidRange,Add-BackgroundCopyFile",
      category: "InvalidArgument",
      message: text(ENGLISH, "cmdlet.invalidRange"),
    });
  });

  it("is refused in every language", async () => {
    for (const locale of LOCALES) {
      const language = { locale, wording: "documented" } as const;
      const culture = `[cultureinfo]::CurrentUICulture = '${locale}'`;
      const values = { name: "ProxyList", needed: "ProxyUsage" };
      for (const [statement, message] of [
        [`${SET} -ProxyList a`, text(language, "cmdlet.missingParameter", values)],
        [`${ADD} @{}`, text(language, "cmdlet.invalidRange")],
        [
          `${SET} -CustomHeaders @{ 'A b' = 1 }`,
          text(language, "argument.header", { name: "CustomHeaders", header: "…" }),
        ],
      ]) {
        expect(await refusal(`${culture}; ${statement}`)).toMatchObject({ message });
      }
    }
  });
});
