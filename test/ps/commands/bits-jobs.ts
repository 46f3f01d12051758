import { expect, it } from "vitest";
import "../../../src/words/every-language.js";
import { text } from "../../../src/words/messages.js";
import { DONE, HELD } from "../../support/com-server/index.js";
import { type Commands, NOBODY, type Properties, target } from "./session.js";

// The commands that create, list and change jobs of BITS.

/** Creating, listing and changing jobs. */
export function bitsJobCommands({ run, get, command, calls, create, stateOf }: Commands): void {
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
      "Get-BackgroundCopyJob -Name 'Change ?' -Service bits | Set-BackgroundCopyJob -DisplayName New -Description D -Priority BG_JOB_PRIORITY_HIGH -NotifyFlags BG_NOTIFY_JOB_ERROR, BG_NOTIFY_FILE_TRANSFERRED -NotifyCmdLine 'C:\\x.exe', 'x.exe y' -MinimumRetryDelay 7 -NoProgressTimeout 8 -ProxyUsage BG_JOB_PROXY_USAGE_OVERRIDE -ProxyList 'a:1' -ProxyBypassList b -FileAclFlags BG_COPY_FILE_OWNER, BG_COPY_FILE_SACL -PeerCachingFlags BG_JOB_ENABLE_PEERCACHING_SERVER, BG_JOB_DISABLE_BRANCH_CACHE -MaximumDownloadTime 9 -TransferPolicy BITS_JOB_TRANSFER_POLICY_NO_SURCHARGE -DynamicContent $true -HighPerformance $true -MaxDownloadSize 9007199254740991 -UseStoredCredentials BG_AUTH_TARGET_PROXY -MinimumNotificationInterval 10 -OnDemandMode $false -CustomHeaders ([ordered]@{ A = 'b'; C = 'd: e' }) -SecurityFlags 0x911 -CertificateStoreLocation BG_CERT_STORE_LOCATION_LOCAL_MACHINE -CertificateStoreName MY -CertificateSubjectName S -PassThru",
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
        OnDemandMode: false,
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
}
