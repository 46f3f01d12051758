import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { text } from "../../src/messages.js";
import { ROOT } from "../support/packed.js";
import { PowerShellSession } from "../support/powershell-session.js";
import { PWSH } from "../support/powershells.js";

// What the commands refuse by themselves, before a service is opened: so it shows on every system.

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
    ["a space in its name", "'A b' = 'secret'", "A b"],
    ["a line feed at the end of its name", "\"A`n\" = 'secret'", "A\n"],
    ["no name", "'' = 'secret'", ""],
    ["a letter in its name that HTTP has not", "([string][char]0xC4) = 'secret'", "\u00c4"],
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
});
