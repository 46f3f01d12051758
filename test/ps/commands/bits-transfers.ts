import { expect, it } from "vitest";
import { LOCALES } from "../../../src/words/locale.js";
import "../../../src/words/every-language.js";
import { text } from "../../../src/words/messages.js";
import { DONE, HELD } from "../../support/com-server/index.js";
import { type Commands, NOBODY, target } from "./session.js";

// The commands that drive the transfer of a BITS job, and what all commands have in common.

/** Files, the methods for many jobs, and output. */
export function bitsTransferCommands({ run, get, command, create, stateOf }: Commands): void {
  it("add files and show them", async () => {
    const jobId = await create();
    const localNames = [target(), target(), target()];
    const rows = [HELD, "ftp://x/y", DONE].map(
      (url, i) => `[pscustomobject]@{ JobId = '${jobId}'; RemoteUrl = '${url}'; LocalName = '${localNames[i]}' }`,
    );
    const { output, errors } = await run(
      `${rows} | Add-BackgroundCopyFile -Range @{ InitialOffset = 0; Length = 10 }, @{ InitialOffset = 50 } -PassThru -Service bits`,
    );
    expect(errors).toMatchObject([{ id: "E_INVALIDARG,Add-BackgroundCopyFile", target: jobId }]);
    const file = {
      JobId: jobId,
      TemporaryName: null,
      BytesTotal: null,
      BytesTransferred: 0,
      Completed: false,
      Ranges: [
        { InitialOffset: 0, Length: 10 },
        { InitialOffset: 50, Length: null },
      ],
    };
    const files = [
      { ...file, RemoteName: HELD, LocalName: localNames[0] },
      { ...file, RemoteName: DONE, LocalName: localNames[2] },
    ];
    expect(output).toEqual(files);
    expect(await get(`Get-BackgroundCopyJob -Id ${jobId} -Service bits | Get-BackgroundCopyFile`)).toEqual(files);
    const { errors: unknown } = await run(`Get-BackgroundCopyFile ${NOBODY} -Service bits`);
    expect(unknown).toMatchObject([{ id: "BG_E_NOT_FOUND,Get-BackgroundCopyFile", target: NOBODY }]);
  });

  it("suspend, resume, complete and cancel from the pipeline", async () => {
    const held = await create("Verbs 1", HELD);
    const partial = await create("Verbs 2", DONE, HELD);
    const both = "Get-BackgroundCopyJob 'Verbs ?' -Service bits";
    const result = (jobId: string, Code: string, StateBefore: string, StateAfter: string) => ({
      JobId: jobId,
      Code,
      StateBefore: `BG_JOB_STATE_${StateBefore}`,
      StateAfter: `BG_JOB_STATE_${StateAfter}`,
    });
    expect(await get(`${both} | Resume-BackgroundCopyJob -PassThru`)).toMatchObject([
      result(held, "S_OK", "SUSPENDED", "TRANSFERRING"),
      result(partial, "S_OK", "SUSPENDED", "TRANSFERRING"),
    ]);
    expect(await get(`${both} | Suspend-BackgroundCopyJob`)).toEqual([]);
    expect(await stateOf(held)).toBe("BG_JOB_STATE_SUSPENDED");
    const completed = await run(`Complete-BackgroundCopyJob ${partial} -PassThru -Service bits`);
    expect(completed.output).toMatchObject([result(partial, "BG_S_PARTIAL_COMPLETE", "SUSPENDED", "ACKNOWLEDGED")]);
    expect(completed.warnings).toEqual([expect.stringContaining(partial)]);
    const { output, errors } = await run(
      `'${NOBODY}', '${held}', '${partial}' | Stop-BackgroundCopyJob -PassThru -Service bits`,
    );
    expect(output).toMatchObject([result(held, "S_OK", "SUSPENDED", "CANCELLED")]);
    expect(errors).toMatchObject([
      { id: "BG_E_NOT_FOUND,Stop-BackgroundCopyJob", category: "ObjectNotFound", target: NOBODY },
      { id: "BG_E_INVALID_STATE,Stop-BackgroundCopyJob", category: "InvalidOperation", target: partial },
    ]);
    expect(errors[0]?.action).toBeTruthy();
    expect(errors.map(({ shown }) => shown)).toEqual(errors.map(({ target, message }) => `${target}: ${message}`));
  });

  it("tell what a cancel leaves behind, and what the job had failed with", async () => {
    const jobId = await create("a job", "http://stand-in/undeletable", "http://stand-in/404");
    await get(`Resume-BackgroundCopyJob ${jobId} -Service bits`);
    await command(`fail ${jobId} 0x80072ee7`);
    const { output, warnings } = await run(`Stop-BackgroundCopyJob ${jobId} -PassThru -Service bits`);
    expect(output).toMatchObject([
      {
        Code: "BG_S_UNABLE_TO_DELETE_FILES",
        LeftoverFiles: [expect.stringMatching(/BIT\w+\.tmp$/i)],
        JobError: { HResult: "0x80072EE7", Description: "Error 0x80072EE7 of the stand-in service." },
      },
    ]);
    expect(warnings).toEqual([expect.stringContaining(jobId)]);
  });

  it("tell what a complete leaves behind", async () => {
    const jobId = await create("a job", "http://stand-in/undeletable", DONE);
    await get(`Resume-BackgroundCopyJob ${jobId} -Service bits`);
    const { output } = await run(`Complete-BackgroundCopyJob ${jobId} -PassThru -Service bits`);
    expect(output).toMatchObject([
      { Code: "BG_S_UNABLE_TO_DELETE_FILES", LeftoverFiles: [expect.stringMatching(/BIT\w+\.tmp$/i)] },
    ]);
  });

  it("do nothing with -WhatIf", async () => {
    const jobId = await create("a job", HELD);
    const before = await command("calls");
    for (const [statement, said] of [
      ["New-BackgroundCopyJob untouched -Service bits -WhatIf", "untouched"],
      ...["Suspend", "Resume", "Complete", "Stop"].map((verb) => [
        `${verb}-BackgroundCopyJob ${jobId} -Service bits -WhatIf`,
        jobId,
      ]),
      [`Set-BackgroundCopyJob ${jobId} -Description new -Service bits -WhatIf`, "Description"],
      [`Add-BackgroundCopyFile -Id ${jobId} http://x/y C:\\new.bin -Service bits -WhatIf`, "C:\\new.bin"],
    ] as const) {
      const shown = await run(statement);
      expect(shown.output, statement).toEqual([]);
      expect(shown.errors, statement).toEqual([]);
      expect(shown.window, statement).toContain(said);
    }
    expect(await command("calls")).toEqual(before);
  });

  it("complete the names of states, priorities and services", async () => {
    const [states] = await get(
      "$typed = 'Get-BackgroundCopyJob -State BG_JOB_STATE_TRANS'; (TabExpansion2 $typed $typed.Length).CompletionMatches.CompletionText -join ' '",
    );
    expect(states).toBe("BG_JOB_STATE_TRANSFERRED BG_JOB_STATE_TRANSFERRING BG_JOB_STATE_TRANSIENT_ERROR");
  });

  it("show tables that fit 80 columns", async () => {
    const jobId = await create("Table", HELD);
    await get(`Resume-BackgroundCopyJob ${jobId} -Service bits`);
    const [table] = await get(
      `(Get-BackgroundCopyJob -Id ${jobId} -Service bits | Out-String -Width 80).Trim() -replace '\\s*\\n', '|'`,
    );
    expect(table).toBe(
      [
        "JobId                                State              %   Files DisplayName",
        "-----                                -----              -   ----- -----------",
        `${jobId} TRANSFERRING      50     0/1 Table`,
      ].join("|"),
    );
  });

  it("speak every language", async () => {
    const jobId = await create();
    await get(`Stop-BackgroundCopyJob ${jobId} -Service bits`);
    for (const locale of LOCALES) {
      const culture = `[cultureinfo]::CurrentUICulture = '${locale}'`;
      const { errors } = await run(`${culture}; Complete-BackgroundCopyJob ${jobId} -Service bits`);
      const language = { locale, wording: "documented" } as const;
      expect(errors).toMatchObject([
        {
          id: "BG_E_INVALID_STATE,Complete-BackgroundCopyJob",
          message: text(language, "method.IBackgroundCopyJob::Complete.BG_E_INVALID_STATE" as never),
          action: text(language, "advice.BG_E_INVALID_STATE"),
        },
      ]);
      const { window } = await run(`${culture}; Suspend-BackgroundCopyJob ${jobId} -Service bits -WhatIf`);
      expect(window).toContain(jobId);
    }
  });
}
