import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { LOCALES, type Locale } from "../../src/words/locale.js";
import { text } from "../../src/words/messages.js";
import { type ComServer, type Contract, DONE, HELD, NOTHING_HELD } from "../support/com-server/index.js";
import { PowerShellSession, type Shown } from "../support/powershell-session.js";
import { CONTRACTS, type ContractTraits } from "../conformance/contracts.js";
import type { Service } from "./service.js";

// The commands for people, on a service that supports all of them.

const NOBODY = "00000000-0000-4000-8000-000000000001";

let targets = 0;
const target = () => `C:\\windows\\temp\\commands-${++targets}.bin`;

type Properties = Readonly<Record<string, unknown>>;

/** A PowerShell, and the statements to run in it. */
function session(service: Service) {
  let server: ComServer;
  let shell: PowerShellSession;

  async function run(statements: string): Promise<Shown> {
    return shell.run(statements);
  }

  /** The default output. */
  async function get(statements: string): Promise<readonly Properties[]> {
    const { output, errors, warnings } = await run(statements);
    expect({ errors, warnings }).toEqual({ errors: [], warnings: [] });
    return output as readonly Properties[];
  }

  beforeAll(async () => {
    server = await service.start("keep-final");
    shell = new PowerShellSession(service.executable(), service.modulePath());
  });
  afterAll(async () => {
    await shell[Symbol.asyncDispose]();
    await server.stop();
  });
  beforeEach(() => server.command("heal"));
  afterEach(async () => {
    expect(await server.references(), "what is held between commands").toMatchObject(NOTHING_HELD);
  });

  return {
    run,
    get,
    command: (line: string) => server.command(line),
    calls: async () => (await server.command("calls")) as Record<string, number>,
    async create(name = "a job", ...urls: string[]): Promise<string> {
      const files = urls.map((url) => ({ url, path: target() }));
      const lists = files.length
        ? `-RemoteUrl ${files.map(({ url }) => `'${url}'`)} -LocalName ${files.map(({ path }) => `'${path}'`)}`
        : "";
      const [job] = await get(`New-BackgroundCopyJob '${name}' ${lists} -Service ${service.name}`);
      return job?.JobId as string;
    },
    async stateOf(jobId: string): Promise<unknown> {
      const [job] = await get(`Get-BackgroundCopyJob -Id ${jobId} -Service ${service.name}`);
      return job?.State;
    },
  };
}

/** The documented behavior of every command with every contract: each command runs at least once. */
export function commandsOnAny(service: Service, contract: Contract): void {
  const traits = CONTRACTS.find((one) => one.contract === contract) as ContractTraits;
  const { invalidState, notFound, empty, completeOfUnfinished, capabilities } = traits;

  describe("and every command", () => {
    const { run, get } = session(service);

    it("does what is documented, and is refused where that is", async () => {
      const driven = new Set<string>();
      const ran = (command: string, rest: string) => {
        driven.add(command);
        return `${command} ${rest} -Service ${service.name}`;
      };
      const refused = async (command: string, rest: string, code: string) => {
        const { output, errors } = await run(ran(command, rest));
        expect(output, command).toEqual([]);
        expect(errors, command).toMatchObject([{ id: `${code},${command}`, message: expect.stringMatching(/\S\.$/) }]);
      };
      const verb = async (name: string, jobId: string, Code: string, StateAfter: string) => {
        const { output, errors } = await run(ran(`${name}-BackgroundCopyJob`, `${jobId} -PassThru`));
        expect(errors, name).toEqual([]);
        expect(output, name).toMatchObject([{ JobId: jobId, Code, StateAfter: `BG_JOB_STATE_${StateAfter}` }]);
      };

      const localName = target();
      const [{ JobId, State }] = (await get(ran("New-BackgroundCopyJob", "'A whole life'"))) as [Properties];
      const jobId = JobId as string;
      expect(State).toBe("BG_JOB_STATE_SUSPENDED");
      await refused("Resume-BackgroundCopyJob", jobId, empty);
      expect(await get(ran("Add-BackgroundCopyFile", `-Id ${jobId} ${HELD} ${localName}`))).toEqual([]);
      if (!capabilities.multipleFiles) {
        await refused("Add-BackgroundCopyFile", `-Id ${jobId} ${HELD} ${target()}`, "E_NOTIMPL");
      }
      const files = await get(ran("Get-BackgroundCopyFile", jobId));
      expect(files).toMatchObject([{ JobId: jobId, RemoteName: HELD, LocalName: localName, Completed: false }]);
      await verb("Resume", jobId, "S_OK", "TRANSFERRING");
      await verb("Suspend", jobId, "S_OK", "SUSPENDED");
      expect(await get(ran("Set-BackgroundCopyJob", `${jobId} -Priority BG_JOB_PRIORITY_FOREGROUND`))).toEqual([]);
      expect(await get(ran("Get-BackgroundCopyJob", `-Id ${jobId}`))).toMatchObject([
        { DisplayName: "A whole life", State: "BG_JOB_STATE_SUSPENDED", Priority: "BG_JOB_PRIORITY_FOREGROUND" },
      ]);
      await verb("Complete", jobId, completeOfUnfinished as string, "ACKNOWLEDGED");
      for (const name of ["Stop", "Suspend", "Resume", "Complete"]) {
        await refused(`${name}-BackgroundCopyJob`, jobId, invalidState);
      }
      const [{ JobId: other }] = (await get(ran("New-BackgroundCopyJob", "'Another'"))) as [Properties];
      await verb("Stop", other as string, "S_OK", "CANCELLED");
      await refused("Get-BackgroundCopyJob", `-Id ${NOBODY}`, notFound);
      await refused("Set-BackgroundCopyJob", `${NOBODY} -Priority BG_JOB_PRIORITY_LOW`, notFound);
      await refused("Get-BackgroundCopyFile", NOBODY, notFound);
      await refused("Add-BackgroundCopyFile", `-Id ${NOBODY} ${HELD} ${localName}`, notFound);

      const exported = await get("(Get-Module BackgroundCopy).ExportedFunctions.Keys");
      expect([...driven].sort()).toEqual([...exported].sort());
    });
  });
}

export function commandsOnBits(service: Service): void {
  describe("and its commands", () => {
    const { run, get, command, calls, create, stateOf } = session(service);

    it("create a job with files, and show it", async () => {
      const [localName, second] = [target(), target()];
      const [job, ...more] = await get(
        `New-BackgroundCopyJob 'Nightly' -RemoteUrl ${HELD}, ${DONE} -LocalName ${localName}, ${second} -Priority bg_job_priority_low -Description 'd' -CustomHeaders @{ 'X-One' = '1' } -TransferPolicy BITS_JOB_TRANSFER_POLICY_STANDARD -NoProgressTimeout 60 -MinimumRetryDelay 5 -Service bits`,
      );
      expect(more).toEqual([]);
      expect(job).toMatchObject({
        DisplayName: "Nightly",
        State: "BG_JOB_STATE_SUSPENDED",
        Type: "BG_JOB_TYPE_DOWNLOAD",
        Priority: "BG_JOB_PRIORITY_LOW",
        Owner: expect.stringMatching(/^S-1-5-/),
        BytesTotal: null,
        BytesTransferred: 0,
        FilesTotal: 2,
        FilesTransferred: 0,
        TransferCompletionTime: null,
        Error: null,
        Service: "bits",
      });
      expect(Math.abs(Date.parse(job?.CreationTime as string) - Date.now())).toBeLessThan(60_000);
      const [all] = await get(`Get-BackgroundCopyJob -Id ${job?.JobId} -Detailed -Service bits`);
      expect(all).toMatchObject({
        Description: "d",
        CustomHeaders: { "X-One": "1" },
        TransferPolicy: "BITS_JOB_TRANSFER_POLICY_STANDARD",
        NoProgressTimeout: 60,
        MinimumRetryDelay: 5,
        Files: [
          { RemoteName: HELD, LocalName: localName },
          { RemoteName: DONE, LocalName: second },
        ],
        Refused: { ReplyFileName: "E_NOTIMPL", ReplyProgress: "E_NOTIMPL" },
      });
    });

    it("create an upload with the file of its reply, and give it no second file", async () => {
      const reply = target();
      const [job] = await get(
        `New-BackgroundCopyJob 'Up' -Type BG_JOB_TYPE_UPLOAD_REPLY -RemoteUrl ${HELD} -LocalName ${target()} -Service bits`,
      );
      await get(`Set-BackgroundCopyJob ${job?.JobId} -ReplyFileName ${reply} -Service bits`);
      const [all] = await get(`Get-BackgroundCopyJob -Id ${job?.JobId} -Detailed -Service bits`);
      expect(all).toMatchObject({ Type: "BG_JOB_TYPE_UPLOAD_REPLY", ReplyFileName: reply, ReplyProgress: {} });
      const add = `Add-BackgroundCopyFile -Id ${job?.JobId} ${HELD} ${target()} -Service bits`;
      for (const [statement, code] of [
        [add, "BG_E_TOO_MANY_FILES"],
        [`${add} -Range @{ InitialOffset = 5 }`, "E_NOTIMPL"],
      ]) {
        expect((await run(statement as string)).errors).toMatchObject([{ id: `${code},Add-BackgroundCopyFile` }]);
      }
    });

    it("create no job of which something is refused, and say of what", async () => {
      const { output, errors } = await run(
        "New-BackgroundCopyJob 'x' -RemoteUrl ftp://x/y -LocalName C:\\x -Service bits",
      );
      expect(output).toEqual([]);
      expect(errors).toMatchObject([
        { id: "E_INVALIDARG,New-BackgroundCopyJob", category: "InvalidArgument", target: "x" },
      ]);
      const uneven = await run("New-BackgroundCopyJob 'x' -RemoteUrl http://x/y -Service bits");
      expect(uneven.errors).toMatchObject([{ id: "UnevenFiles,New-BackgroundCopyJob", category: "InvalidArgument" }]);
    });

    it("list jobs by name with wildcards, by state and by owner", async () => {
      const jobs = [await create("Weekly [1]"), await create("Weekly 2", HELD), await create("Daily")];
      await get(`Resume-BackgroundCopyJob ${jobs[1]} -Service bits`);
      const { id: foreign } = (await command("foreign S-1-5-21-1-2-3-1001")) as { id: string };
      const ids = async (filter: string) =>
        (await get(`Get-BackgroundCopyJob ${filter} -Service bits`)).map(({ JobId }) => JobId);
      expect(await ids("")).toEqual(expect.arrayContaining(jobs));
      expect(await ids("-Name weekly*")).toEqual(jobs.slice(0, 2));
      expect(await ids("'Weekly `[1`]', Dail?")).toEqual([jobs[0], jobs[2]]);
      expect(await ids("-Name Weekly* -State BG_JOB_STATE_TRANSFERRING, BG_JOB_STATE_ERROR")).toEqual([jobs[1]]);
      expect(await ids("-Name nothing*")).toEqual([]);
      expect(await ids("-Owner S-1-5-21-1-2-3-*")).toEqual([]);
      expect(await ids("-Owner S-1-5-21-1-2-3-* -AllUsers")).toEqual([foreign.toLowerCase()]);
      await command("refuse EnumJobs 0x80070005");
      const { errors } = await run("Get-BackgroundCopyJob -AllUsers -Service bits");
      expect(errors).toMatchObject([{ id: "E_ACCESSDENIED,Get-BackgroundCopyJob", category: "PermissionDenied" }]);
    });

    it("list the jobs that are open, and say which can't be told", async () => {
      const [canceled, open, completed] = [await create("Over"), await create("Open"), await create("Over", DONE)];
      await get(`Stop-BackgroundCopyJob ${canceled} -Service bits`);
      await get(`Resume-BackgroundCopyJob ${completed} -Service bits`);
      await expect.poll(() => stateOf(completed)).toBe("BG_JOB_STATE_TRANSFERRED");
      await get(`Complete-BackgroundCopyJob ${completed} -Service bits`);
      expect(await get("Get-BackgroundCopyJob -Name Over -Service bits")).toEqual([]);
      expect(await get("Get-BackgroundCopyJob -State BG_JOB_STATE_CANCELLED -Service bits")).toEqual([]);
      expect(await stateOf(canceled)).toBe("BG_JOB_STATE_CANCELLED");
      const list = "Get-BackgroundCopyJob -Name Open -Service bits";
      await command("refuse IBackgroundCopyManager::GetJob 0x80200001 1");
      expect((await get(list)).map(({ JobId }) => JobId)).toEqual([open]);
      await command("refuse IBackgroundCopyManager::GetJob 0x80070005 1");
      const { output, errors } = await run(list);
      expect(output).toMatchObject([{ JobId: open }]);
      expect(errors).toMatchObject([{ id: "E_ACCESSDENIED,Get-BackgroundCopyJob", category: "PermissionDenied" }]);
    });

    it("13: don't take a refused property for one that is empty", async () => {
      const jobs = [await create("One"), await create("Two")];
      await command("refuse IBackgroundCopyJob::GetDisplayName 0x80070005");
      const { output, errors } = await run("Get-BackgroundCopyJob -Name * -Service bits");
      expect(output).toEqual([]);
      const refused = { id: "E_ACCESSDENIED,Get-BackgroundCopyJob", category: "PermissionDenied" };
      expect(errors).toEqual(
        expect.arrayContaining(jobs.map((target) => expect.objectContaining({ ...refused, target }))),
      );
      expect(await get("Get-BackgroundCopyJob -Name * -State BG_JOB_STATE_ERROR -Service bits")).toEqual([]);
      const all = (await get("Get-BackgroundCopyJob -Service bits")).map(({ JobId }) => JobId);
      expect(all).toEqual(expect.arrayContaining(jobs));
    });

    it("show why a job failed", async () => {
      const jobId = await create("a job", "http://stand-in/404");
      await get(`Resume-BackgroundCopyJob ${jobId} -Service bits`);
      const [job] = await get(`Get-BackgroundCopyJob -Id ${jobId} -Service bits`);
      expect(job).toMatchObject({
        State: "BG_JOB_STATE_ERROR",
        Error: {
          Code: "BG_E_HTTP_ERROR_404",
          HResult: "0x80190194",
          Message: text({ locale: "en", wording: "documented" }, "hresult.BG_E_HTTP_ERROR_404"),
          Context: "BG_ERROR_CONTEXT_REMOTE_FILE",
          RemoteName: "http://stand-in/404",
          Description: "Error 0x80190194 of the stand-in service.",
          Protocol: "http",
        },
      });
    });

    it("change every property, and take jobs from the pipeline", async () => {
      const jobIds = [await create("Change 1"), await create("Change 2")];
      const changed = await get(
        "Get-BackgroundCopyJob -Name 'Change ?' -Service bits | Set-BackgroundCopyJob -DisplayName New -Description D -Priority BG_JOB_PRIORITY_HIGH -NotifyFlags BG_NOTIFY_JOB_ERROR, BG_NOTIFY_FILE_TRANSFERRED -NotifyCmdLine 'C:\\x.exe', 'x.exe y' -MinimumRetryDelay 7 -NoProgressTimeout 8 -ProxyUsage BG_JOB_PROXY_USAGE_OVERRIDE -ProxyList 'a:1' -ProxyBypassList b -FileAclFlags BG_COPY_FILE_OWNER, BG_COPY_FILE_SACL -PeerCachingFlags BG_JOB_ENABLE_PEERCACHING_SERVER, BG_JOB_DISABLE_BRANCH_CACHE -MaximumDownloadTime 9 -TransferPolicy BITS_JOB_TRANSFER_POLICY_NO_SURCHARGE -DynamicContent $true -HighPerformance $true -MaxDownloadSize 9007199254740991 -UseStoredCredentials BG_AUTH_TARGET_PROXY -MinimumNotificationInterval 10 -OnDemandMode $true -CustomHeaders ([ordered]@{ A = 'b'; C = 'd: e' }) -SecurityFlags 0x911 -CertificateStoreLocation BG_CERT_STORE_LOCATION_LOCAL_MACHINE -CertificateStoreName MY -CertificateSubjectName S -PassThru",
      );
      expect(changed.map(({ JobId }) => JobId)).toEqual(jobIds);
      for (const job of await get(`'${jobIds[0]}', '${jobIds[1]}' | Get-BackgroundCopyJob -Detailed -Service bits`)) {
        expect(job).toMatchObject({
          DisplayName: "New",
          Description: "D",
          Priority: "BG_JOB_PRIORITY_HIGH",
          NotifyFlags: ["BG_NOTIFY_JOB_ERROR", "BG_NOTIFY_FILE_TRANSFERRED"],
          NotifyCmdLine: ["C:\\x.exe", "x.exe y"],
          MinimumRetryDelay: 7,
          NoProgressTimeout: 8,
          ProxySettings: { Usage: "BG_JOB_PROXY_USAGE_OVERRIDE", ProxyList: "a:1", ProxyBypassList: "b" },
          FileAclFlags: ["BG_COPY_FILE_OWNER", "BG_COPY_FILE_SACL"],
          PeerCachingFlags: ["BG_JOB_ENABLE_PEERCACHING_SERVER", "BG_JOB_DISABLE_BRANCH_CACHE"],
          MaximumDownloadTime: 9,
          TransferPolicy: "BITS_JOB_TRANSFER_POLICY_NO_SURCHARGE",
          DynamicContent: true,
          HighPerformance: true,
          MaxDownloadSize: 9007199254740991,
          UseStoredCredentials: "BG_AUTH_TARGET_PROXY",
          MinimumNotificationInterval: 10,
          OnDemandMode: true,
          CustomHeaders: { A: "b", C: "d: e" },
          SecurityFlags: 0x911,
          ClientCertificate: {
            StoreLocation: "BG_CERT_STORE_LOCATION_LOCAL_MACHINE",
            StoreName: "MY",
            SubjectName: "S",
          },
        });
      }
    });

    it("name the property that is refused, and go on with the next job", async () => {
      const jobIds = [await create(), NOBODY, await create()];
      await command("refuse SetDescription 0x80200021 1");
      const { output, errors } = await run(
        `${jobIds.map((id) => `'${id}'`)} | Set-BackgroundCopyJob -Description new -PassThru -Service bits`,
      );
      expect((output as Properties[]).map(({ JobId }) => JobId)).toEqual([jobIds[2]]);
      expect(errors).toMatchObject([
        { id: "BG_E_STRING_TOO_LONG,Set-BackgroundCopyJob", target: jobIds[0], hresult: 0x80200021 | 0 },
        { id: "BG_E_NOT_FOUND,Set-BackgroundCopyJob", target: NOBODY, category: "ObjectNotFound" },
      ]);
      const notReply = await run(`Set-BackgroundCopyJob ${jobIds[0]} -ReplyFileName C:\\x -Service bits`);
      expect(notReply.errors).toMatchObject([{ id: "E_NOTIMPL,Set-BackgroundCopyJob", category: "NotImplemented" }]);
      expect(notReply.errors[0]?.message).toContain("replyFileName");
      const nothing = await run(`Set-BackgroundCopyJob ${jobIds[0]} -Service bits`);
      expect(nothing.errors).toMatchObject([{ id: "NothingToSet,Set-BackgroundCopyJob" }]);
    });

    it("take a credential and a job of another user", async () => {
      const { id } = (await command("foreign S-1-5-21-1-2-3-1002")) as { id: string };
      const credential = "([pscredential]::new('u', (ConvertTo-SecureString 'p' -AsPlainText -Force)))";
      const before = await calls();
      expect(
        await get(
          `Set-BackgroundCopyJob ${id} -TakeOwnership -Credential ${credential} -CredentialScheme BG_AUTH_SCHEME_NTLM -Service bits`,
        ),
      ).toEqual([]);
      const after = await calls();
      for (const method of ["IBackgroundCopyJob::TakeOwnership", "IBackgroundCopyJob2::SetCredentials"]) {
        expect((after[method] ?? 0) - (before[method] ?? 0), method).toBe(1);
      }
      expect(await command(`credentials ${id}`)).toEqual([[117], [112]]);
      const remove = `Set-BackgroundCopyJob ${id} -RemoveCredential -Service bits`;
      expect(await get(`${remove} -CredentialScheme BG_AUTH_SCHEME_NTLM`)).toEqual([]);
      expect((await run(`${remove} -CredentialScheme BG_AUTH_SCHEME_NTLM`)).warnings).toEqual([
        `${id.toLowerCase()}: ${text({ locale: "en", wording: "documented" }, "method.IBackgroundCopyJob2::RemoveCredentials.S_FALSE" as never)}`,
      ]);
    });

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
  });
}

export function commandsOnDeliveryOptimization(service: Service): void {
  describe("and its commands", () => {
    const { run, get, create, stateOf } = session(service);

    it("can list no jobs, and say so", async () => {
      const { errors } = await run("Get-BackgroundCopyJob");
      const values = { service: "delivery-optimization" };
      expect(errors).toMatchObject([
        {
          id: "E_NOTIMPL,Get-BackgroundCopyJob",
          category: "NotImplemented",
          message: text({ locale: "en", wording: "documented" }, "bridge.UNSUPPORTED_listJobs", values),
        },
      ]);
    });

    it("go by the default service", async () => {
      const jobId = await create("a job", HELD);
      await get(`Resume-BackgroundCopyJob ${jobId}`);
      expect(await stateOf(jobId)).toBe("BG_JOB_STATE_TRANSFERRING");
      await get(`Set-BackgroundCopyJob ${jobId} -Priority BG_JOB_PRIORITY_FOREGROUND`);
      const [job] = await get(`Get-BackgroundCopyJob -Id ${jobId} -Detailed`);
      expect(job).toMatchObject({
        Priority: "BG_JOB_PRIORITY_FOREGROUND",
        Owner: null,
        Service: "delivery-optimization",
      });
      expect(job).not.toHaveProperty("Description");
      const { errors } = await run(`Set-BackgroundCopyJob ${jobId} -Description new`);
      expect(errors).toMatchObject([{ id: "E_NOTIMPL,Set-BackgroundCopyJob" }]);
      await get(`Stop-BackgroundCopyJob ${jobId}`);
      expect((await run(`Stop-BackgroundCopyJob ${jobId}`)).errors).toMatchObject([
        { id: "DO_E_INVALID_STATE,Stop-BackgroundCopyJob", category: "InvalidOperation" },
      ]);
    });

    it("add a file in parts", async () => {
      const jobId = await create();
      await get(`Add-BackgroundCopyFile -Id ${jobId} ${HELD} ${target()} -Range @{ InitialOffset = 5; Length = 10 }`);
      expect(await get(`Get-BackgroundCopyFile ${jobId}`)).toMatchObject([
        { RemoteName: HELD, Ranges: [{ InitialOffset: 5, Length: 10 }] },
      ]);
    });

    it("say what the service lacks, and what to do instead", async () => {
      const jobId = await create();
      const credential = "([pscredential]::new('u', (ConvertTo-SecureString 'p' -AsPlainText -Force)))";
      for (const locale of LOCALES) {
        const culture = `[cultureinfo]::CurrentUICulture = '${locale}'`;
        for (const [argument, feature] of [
          ["-TakeOwnership", "takeOwnership"],
          [`-Credential ${credential}`, "credentials"],
          ["-RemoveCredential", "credentials"],
        ] as const) {
          const { errors } = await run(`${culture}; Set-BackgroundCopyJob ${jobId} ${argument}`);
          expect(errors).toEqual([expect.objectContaining(lacking(locale, feature, "Set-BackgroundCopyJob"))]);
        }
      }
    });
  });
}

/** The error of a command for an operation that Delivery Optimization does not support. */
function lacking(
  locale: Locale,
  feature: "takeOwnership" | "credentials" | "uploads" | "fileRanges" | "securityFlags",
  command: string,
  name = "",
) {
  const language = { locale, wording: "documented" } as const;
  return {
    id: `E_NOTIMPL,${command}`,
    category: "NotImplemented",
    message: text(language, `bridge.UNSUPPORTED_${feature}`, { service: "delivery-optimization", name }),
    action: text(language, `bridgeAdvice.UNSUPPORTED_${feature}`),
  };
}

export function commandsOnDownloads(service: Service): void {
  describe("and its commands", () => {
    const { run, get, create } = session(service);

    it("list jobs by what is told of them, and by nothing else", async () => {
      const jobId = await create("Mine");
      expect(await get("Get-BackgroundCopyJob -Name Min*")).toMatchObject([{ JobId: jobId }]);
      const { output, errors } = await run("Get-BackgroundCopyJob -Owner 'S-1-5-*'");
      expect(output).toEqual([]);
      const values = { service: "delivery-optimization", name: "owner" };
      const message = text({ locale: "en", wording: "documented" }, "bridge.UNSUPPORTED_condition", values);
      expect(errors).toMatchObject([{ id: "E_NOTIMPL,Get-BackgroundCopyJob", category: "NotImplemented", message }]);
    });

    it("say what the service lacks, and what to do instead", async () => {
      const upload = await run("New-BackgroundCopyJob x -Type BG_JOB_TYPE_UPLOAD");
      expect(upload.errors).toMatchObject([lacking("en", "uploads", "New-BackgroundCopyJob")]);
      const add = `Add-BackgroundCopyFile -Id ${await create()} http://x/y C:\\x -Range @{ InitialOffset = 5 }`;
      expect((await run(add)).errors).toMatchObject([lacking("en", "fileRanges", "Add-BackgroundCopyFile")]);
      // Forbids redirects and ignores a wrong server name.
      const forbid = `Set-BackgroundCopyJob ${await create()} -SecurityFlags 0x202`;
      for (const locale of LOCALES) {
        const { errors } = await run(`[cultureinfo]::CurrentUICulture = '${locale}'; ${forbid}`);
        expect(errors).toMatchObject([lacking(locale, "securityFlags", "Set-BackgroundCopyJob", "0x0200")]);
      }
    });
  });
}
