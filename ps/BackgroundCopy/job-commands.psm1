Set-StrictMode -Version Latest

# The commands for people that create, list, and change jobs.

Import-Module -Verbose:$false -Name ("$PSScriptRoot/people.psm1" -replace '[][*?`]', '`$0')
Import-Module -Verbose:$false -Name ("$PSScriptRoot/jobs.psm1" -replace '[][*?`]', '`$0') -Function New-TransferJob, Get-TransferJobId, Read-TransferJob

$script:notImplemented = 0x80004001
# For Delivery Optimization and for BITS.
$script:notFound = 0x80D02003, 0x80200001
# Parameters of Set-BackgroundCopyJob that have no meaning on their own, and what each requires: one of these. The three parameters of a
# certificate require each other.
$script:needed = @{
    ProxyList                = @('ProxyUsage')
    ProxyBypassList          = @('ProxyUsage')
    CertificateStoreLocation = @('CertificateStoreName')
    CertificateStoreName     = @('CertificateSubjectName')
    CertificateSubjectName   = @('CertificateStoreLocation')
    CredentialTarget         = 'Credential', 'RemoveCredential'
    CredentialScheme         = 'Credential', 'RemoveCredential'
}
# The states of a canceled or completed job.
$script:finalStates = 'BG_JOB_STATE_ACKNOWLEDGED', 'BG_JOB_STATE_CANCELLED'

function New-BackgroundCopyJob {
    <#
    .EXTERNALHELP BackgroundCopy-help.xml
    .SYNOPSIS
    Creates a background transfer job of Delivery Optimization or BITS.
    .DESCRIPTION
    Creates a job with IBackgroundCopyManager::CreateJob, sets the given properties, and adds the given files. If the service refuses any
    of these steps, the job is canceled. A new job is suspended. To start it, use Resume-BackgroundCopyJob. After the transfer, use
    Complete-BackgroundCopyJob to give the files their local names.

    To set other properties, use Set-BackgroundCopyJob before you resume the job.
    .PARAMETER DisplayName
    Specifies the display name of the job, up to 256 characters. It doesn't have to be unique, and administrators can see it.
    .PARAMETER RemoteUrl
    Specifies the URLs of the files. Each URL requires a local name at the same position in -LocalName.
    .PARAMETER LocalName
    Specifies the full paths of the files on this computer.
    .PARAMETER Type
    Specifies the type of the job: BG_JOB_TYPE_DOWNLOAD (the default), BG_JOB_TYPE_UPLOAD, or BG_JOB_TYPE_UPLOAD_REPLY. Delivery
    Optimization supports only downloads.
    .PARAMETER Description
    Specifies a description of the job, up to 1,024 characters. Requires BITS.
    .PARAMETER Priority
    Specifies the priority of the job: BG_JOB_PRIORITY_FOREGROUND, BG_JOB_PRIORITY_HIGH, BG_JOB_PRIORITY_NORMAL, or BG_JOB_PRIORITY_LOW.
    .PARAMETER NoProgressTimeout
    Specifies the no-progress time-out: the time in seconds that the service keeps trying after a transient error without any progress,
    before the job fails.
    .PARAMETER MinimumRetryDelay
    Specifies the minimum delay before the service retries after a transient error, in seconds. Requires BITS.
    .PARAMETER TransferPolicy
    Specifies the networks over which the job may transfer data, depending on their cost.
    .PARAMETER CustomHeaders
    Specifies the HTTP headers to send with each request, as a hashtable of names and values. Requires BITS.
    .PARAMETER Service
    Specifies the service to create the job on: delivery-optimization (the default) or bits.
    .PARAMETER WhatIf
    Shows that a job would be created. No job is created, and no service is contacted.
    .PARAMETER Confirm
    Prompts for confirmation before the job is created.
    .INPUTS
    None
    .OUTPUTS
    BackgroundCopy.Job, the same as from Get-BackgroundCopyJob.
    .EXAMPLE
    New-BackgroundCopyJob 'Nightly' -RemoteUrl https://example.com/a.bin -LocalName C:\Downloads\a.bin | Resume-BackgroundCopyJob
    Creates a Delivery Optimization job with one file and starts it.
    .EXAMPLE
    $job = New-BackgroundCopyJob 'Nightly' -Service bits -Priority BG_JOB_PRIORITY_LOW -TransferPolicy BITS_JOB_TRANSFER_POLICY_UNRESTRICTED
    Import-Csv files.csv | Add-BackgroundCopyFile -Id $job.JobId -Service bits
    Creates a BITS job that waits for a network without costs, and adds the files of a CSV file with the columns RemoteUrl and LocalName.
    .EXAMPLE
    New-BackgroundCopyJob 'Report' -Service bits -Type BG_JOB_TYPE_UPLOAD -RemoteUrl https://example.com/in/r.txt -LocalName C:\r.txt -WhatIf
    Shows that an upload job would be created.
    .NOTES
    If module logging or transcription is turned on, PowerShell logs the values of these parameters. Don't put secrets into names, URLs,
    or headers. For credentials, use Set-BackgroundCopyJob -Credential.
    .LINK
    https://learn.microsoft.com/windows/win32/delivery_optimization/ibackgroundcopymanager-createjob
    .LINK
    Set-BackgroundCopyJob
    .LINK
    Add-BackgroundCopyFile
    #>
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'Low')]
    [OutputType('BackgroundCopy.Job')]
    param(
        [Parameter(Mandatory, Position = 0)]
        [string]$DisplayName,

        [string[]]$RemoteUrl = @(),

        [string[]]$LocalName = @(),

        [ValidateSet('BG_JOB_TYPE_DOWNLOAD', 'BG_JOB_TYPE_UPLOAD', 'BG_JOB_TYPE_UPLOAD_REPLY')]
        [string]$Type = 'BG_JOB_TYPE_DOWNLOAD',

        [string]$Description,

        [ValidateSet('BG_JOB_PRIORITY_FOREGROUND', 'BG_JOB_PRIORITY_HIGH', 'BG_JOB_PRIORITY_NORMAL', 'BG_JOB_PRIORITY_LOW')]
        [string]$Priority,

        [uint32]$NoProgressTimeout,

        [uint32]$MinimumRetryDelay,

        [ValidateSet('BITS_JOB_TRANSFER_POLICY_ALWAYS', 'BITS_JOB_TRANSFER_POLICY_NOT_ROAMING', 'BITS_JOB_TRANSFER_POLICY_NO_SURCHARGE',
            'BITS_JOB_TRANSFER_POLICY_STANDARD', 'BITS_JOB_TRANSFER_POLICY_UNRESTRICTED')]
        [string]$TransferPolicy,

        [Collections.IDictionary]$CustomHeaders,

        [ValidateSet('delivery-optimization', 'bits')]
        [string]$Service = 'delivery-optimization'
    )

    end {
        Assert-FullLanguage
        if ($RemoteUrl.Count -ne $LocalName.Count) { Stop-Command $PSCmdlet 'UnevenFiles' @('cmdlet', 'unevenFiles') @{} $LocalName }
        $settings = ConvertTo-Setting $PSCmdlet $PSBoundParameters
        $settings.Remove('displayName')
        if (-not $PSCmdlet.ShouldProcess($DisplayName, (Get-Action 'createAction' 'IBackgroundCopyManager::CreateJob'))) { return }

        $files = @(for ($i = 0; $i -lt $RemoteUrl.Count; $i++) { @{ remoteUrl = $RemoteUrl[$i]; localName = $LocalName[$i] } })
        $services = @{}
        try {
            $opened = Get-OpenService $services $PSCmdlet $Service
            $answer = New-TransferJob $opened $DisplayName (ConvertFrom-EnumerationName 'type' $Type) $settings $files
            $target = if ($null -ne $answer.JobId) { $answer.JobId } else { $DisplayName }
            if (Write-Answer $PSCmdlet $answer $target (Get-UnsupportedWord $answer $Service)) {
                Write-Job $PSCmdlet $opened $Service $answer.JobId $false
            }
        }
        finally {
            Close-Service $services
        }
    }
}

function Get-BackgroundCopyJob {
    <#
    .EXTERNALHELP BackgroundCopy-help.xml
    .SYNOPSIS
    Gets background transfer jobs of Delivery Optimization or BITS.
    .DESCRIPTION
    Gets the jobs with the given IDs, or lists the jobs of the service. Without -AllUsers, the list contains the jobs of the current user.
    You can filter the list by name, state, and owner. A job must meet all the given conditions.

    Delivery Optimization has no documented method to list its jobs. On systems with IDOManager, the command lists the jobs of the caller.
    On other systems, Delivery Optimization jobs are available only by their IDs.

    An object shows the job at the time of the call. Properties that the service doesn't return are empty.
    .PARAMETER Id
    Specifies the IDs of the jobs. You can also pipe objects with a JobId or Id property to this command.
    .PARAMETER Name
    Specifies the display names of the jobs. Wildcards are permitted.
    .PARAMETER State
    Specifies the states of the jobs.
    .PARAMETER Owner
    Specifies the security identifiers (SIDs) of the owners. Wildcards are permitted.
    .PARAMETER AllUsers
    Lists the jobs of all users. Requires administrator rights.
    .PARAMETER Detailed
    Gets all properties of the jobs, and their files. The Refused property contains the properties that the service refused to return,
    with the names of the codes.
    .PARAMETER Service
    Specifies the service that manages the jobs: delivery-optimization (the default) or bits. Piped jobs already specify their service.
    .INPUTS
    System.Guid
    .OUTPUTS
    BackgroundCopy.Job: JobId, DisplayName, State, Type, Priority, Owner, BytesTotal (empty if unknown), BytesTransferred, FilesTotal,
    FilesTransferred, CreationTime, ModificationTime, TransferCompletionTime, Error, Service. With -Detailed, all other properties under
    their documented names.
    .EXAMPLE
    Get-BackgroundCopyJob -Service bits
    Lists the BITS jobs of the current user.
    .EXAMPLE
    Get-BackgroundCopyJob -Service bits -Name 'Nightly*' -State BG_JOB_STATE_ERROR, BG_JOB_STATE_TRANSIENT_ERROR | Format-List
    Shows the failed jobs whose names start with Nightly, and their errors.
    .EXAMPLE
    Get-BackgroundCopyJob -Id 8c0f2f7e-5a0b-4f0e-9a65-1f3f0c8f7b11 -Detailed
    Shows all properties of a Delivery Optimization job.
    .EXAMPLE
    Get-BackgroundCopyJob -Service bits -AllUsers | Where-Object CreationTime -lt (Get-Date).AddDays(-30) | Stop-BackgroundCopyJob -WhatIf
    Shows which jobs of all users are older than 30 days and would be canceled.
    .NOTES
    The interface of Delivery Optimization requires Windows 10, version 1709, or Windows Server, version 1709, or later.
    .LINK
    https://learn.microsoft.com/windows/win32/api/bits/nf-bits-ibackgroundcopymanager-enumjobs
    .LINK
    Get-BackgroundCopyFile
    #>
    [CmdletBinding(DefaultParameterSetName = 'List')]
    [OutputType('BackgroundCopy.Job')]
    param(
        [Parameter(Mandatory, ParameterSetName = 'Id', ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [Alias('JobId')]
        [guid[]]$Id,

        [Parameter(Position = 0, ParameterSetName = 'List')]
        [SupportsWildcards()]
        [string[]]$Name,

        [Parameter(ParameterSetName = 'List')]
        [ValidateSet('BG_JOB_STATE_QUEUED', 'BG_JOB_STATE_CONNECTING', 'BG_JOB_STATE_TRANSFERRING', 'BG_JOB_STATE_SUSPENDED', 'BG_JOB_STATE_ERROR',
            'BG_JOB_STATE_TRANSIENT_ERROR', 'BG_JOB_STATE_TRANSFERRED', 'BG_JOB_STATE_ACKNOWLEDGED', 'BG_JOB_STATE_CANCELLED')]
        [string[]]$State,

        [Parameter(ParameterSetName = 'List')]
        [SupportsWildcards()]
        [string[]]$Owner,

        [Parameter(ParameterSetName = 'List')]
        [switch]$AllUsers,

        [switch]$Detailed,

        [Parameter(ValueFromPipelineByPropertyName)]
        [ValidateSet('delivery-optimization', 'bits')]
        [string]$Service = 'delivery-optimization'
    )

    begin {
        Assert-FullLanguage
        $jobs = [Collections.Generic.List[object]]::new()
    }
    process { if ($PSCmdlet.ParameterSetName -eq 'Id') { foreach ($jobId in $Id) { $jobs.Add(@{ Id = $jobId; Service = $Service }) } } }
    end {
        $services = @{}
        try {
            if ($PSCmdlet.ParameterSetName -eq 'Id') {
                foreach ($job in $jobs) {
                    Write-Job $PSCmdlet (Get-OpenService $services $PSCmdlet $job.Service) $job.Service $job.Id $Detailed
                }
                return
            }
            $opened = Get-OpenService $services $PSCmdlet $Service
            $listed = Get-TransferJobId $opened $AllUsers 0 ([int]::MaxValue)
            $feature = if ($AllUsers) { 'allUsers' }
            if (-not (Write-Answer $PSCmdlet $listed $Service (Get-UnsupportedWord $listed $Service $feature))) { return }
            if ($Owner -and $Service -eq 'delivery-optimization') {
                # Owners are not supported, so no job could match.
                $answer = @{ Code = $script:notImplemented; Method = 'IBackgroundCopyJob::GetOwner' }
                $text = Get-Message 'bridge', 'UNSUPPORTED_condition' @{ service = $Service; name = 'owner' }
                $null = Write-Answer $PSCmdlet $answer $Service @{ Text = $text; Advice = $null }
                return
            }
            $detail = if ($Detailed) { 'all' } else { 'summary' }
            foreach ($jobId in $listed.JobIds) {
                $answer = Read-TransferJob $opened $jobId $detail (Get-LanguageId)
                # A job that no longer exists since it was listed is not an error.
                if ($answer.Code -in $script:notFound -or -not (Write-Answer $PSCmdlet $answer ([guid]$jobId))) { continue }
                $job = ConvertTo-JobObject $Service $jobId $answer.Job $Detailed
                # Not every service removes a canceled or completed job from its list immediately.
                if ($job.State -notin $script:finalStates -and (Test-Job $job $Name $State $Owner)) { $job }
            }
        }
        finally {
            Close-Service $services
        }
    }
}

# Whether a job meets the conditions: a condition that was not given is met by every job.
function Test-Job($Job, [string[]]$Name, [string[]]$State, [string[]]$Owner) {
    foreach ($condition in @(, @($Job.DisplayName, $Name)) + @(, @($Job.Owner, $Owner))) {
        if ($condition[1] -and -not @($condition[1] | Where-Object { "$($condition[0])" -like $_ })) { return $false }
    }
    -not $State -or $State -contains $Job.State
}

function Set-BackgroundCopyJob {
    <#
    .EXTERNALHELP BackgroundCopy-help.xml
    .SYNOPSIS
    Changes background transfer jobs of Delivery Optimization or BITS.
    .DESCRIPTION
    Sets the given properties of each job, in the order of the documented interfaces. The command stops at the first property of a job
    that the service refuses to set. The properties before it remain set, and the error contains the name of the property. Most properties
    take effect only if you set them before the job is resumed.

    Delivery Optimization supports fewer properties than BITS: Priority, NotifyFlags, NoProgressTimeout, and TransferPolicy. On systems
    that have only IDOManager, it supports DisplayName, Priority, NoProgressTimeout, TransferPolicy, CustomHeaders, and SecurityFlags.
    .PARAMETER Id
    Specifies the IDs of the jobs. You can also pipe objects with a JobId or Id property to this command.
    .PARAMETER DisplayName
    Specifies the display name of the job, up to 256 characters.
    .PARAMETER Description
    Specifies the description of the job, up to 1,024 characters.
    .PARAMETER Priority
    Specifies the priority of the job: BG_JOB_PRIORITY_FOREGROUND, BG_JOB_PRIORITY_HIGH, BG_JOB_PRIORITY_NORMAL, or BG_JOB_PRIORITY_LOW.
    .PARAMETER NotifyFlags
    Specifies the events for which the service notifies the program that registered for notifications.
    .PARAMETER NotifyCmdLine
    Specifies a program that the service starts when the job is transferred or fails, and its parameters. By convention, the first
    parameter is the name of the program. An empty string removes the program.
    .PARAMETER MinimumRetryDelay
    Specifies the minimum delay before the service retries after a transient error, in seconds.
    .PARAMETER NoProgressTimeout
    Specifies the no-progress time-out: the time in seconds that the service keeps trying after a transient error without any progress,
    before the job fails.
    .PARAMETER ProxyUsage
    Specifies the proxy that the job uses. With BG_JOB_PROXY_USAGE_OVERRIDE, the job uses the proxies in -ProxyList.
    .PARAMETER ProxyList
    Specifies the proxies, in the documented format of SetProxySettings. Requires -ProxyUsage.
    .PARAMETER ProxyBypassList
    Specifies the hosts to access without a proxy. Requires -ProxyUsage.
    .PARAMETER ReplyFileName
    Specifies the path of the file for the reply to a job of the type BG_JOB_TYPE_UPLOAD_REPLY.
    .PARAMETER FileAclFlags
    Specifies the access control information to keep for files from a share.
    .PARAMETER PeerCachingFlags
    Specifies whether the job downloads files from peers, whether it provides files to peers, and whether BranchCache is turned off.
    .PARAMETER MaximumDownloadTime
    Specifies the maximum time for the download, in seconds.
    .PARAMETER TransferPolicy
    Specifies the networks over which the job may transfer data, depending on their cost.
    .PARAMETER DynamicContent
    Specifies whether the server doesn't have to report the length of a file.
    .PARAMETER HighPerformance
    Specifies whether the job runs without strong reliability guarantees, for a faster transfer.
    .PARAMETER MaxDownloadSize
    Specifies the maximum number of bytes that the job may download in total.
    .PARAMETER UseStoredCredentials
    Specifies the targets that may receive the credentials stored in Windows: BG_AUTH_TARGET_SERVER, BG_AUTH_TARGET_PROXY, or None.
    .PARAMETER MinimumNotificationInterval
    Specifies the minimum interval between two notifications, in milliseconds.
    .PARAMETER OnDemandMode
    Specifies whether only requested ranges of a file are downloaded.
    .PARAMETER CustomHeaders
    Specifies the HTTP headers to send with each request, as a hashtable of names and values. An empty hashtable removes the headers.
    .PARAMETER SecurityFlags
    Specifies the flags of SetSecurityFlags: the certificate errors to ignore and the redirects to follow. On systems that have only
    IDOManager, redirects can't be forbidden or reported, and certificate errors can't be ignored together with a revocation check.
    .PARAMETER HttpMethod
    Specifies the HTTP method to use instead of GET.
    .PARAMETER CertificateStoreLocation
    Specifies the location of the store that contains the client certificate. Requires -CertificateStoreName and -CertificateSubjectName.
    .PARAMETER CertificateStoreName
    Specifies the name of the store that contains the client certificate. Requires -CertificateStoreLocation and -CertificateSubjectName.
    .PARAMETER CertificateSubjectName
    Specifies the subject name of the client certificate. Requires -CertificateStoreLocation and -CertificateStoreName.
    .PARAMETER Credential
    Specifies the user name and the password for the server or the proxy.
    .PARAMETER CredentialTarget
    Specifies the target of the credentials: BG_AUTH_TARGET_SERVER (the default) or BG_AUTH_TARGET_PROXY. Requires -Credential or
    -RemoveCredential.
    .PARAMETER CredentialScheme
    Specifies the authentication scheme of the credentials. BG_AUTH_SCHEME_BASIC (the default) sends the password in clear text. Requires
    -Credential or -RemoveCredential.
    .PARAMETER RemoveCredential
    Removes the credentials for -CredentialTarget and -CredentialScheme.
    .PARAMETER TakeOwnership
    Makes the current user the owner of the job, before any other change. For jobs of other users, this requires administrator rights.
    .PARAMETER PassThru
    Returns the changed jobs. By default, this command doesn't return any output.
    .PARAMETER Service
    Specifies the service that manages the jobs: delivery-optimization (the default) or bits. Piped jobs already specify their service.
    .PARAMETER WhatIf
    Shows which properties of which jobs would be changed. Nothing is changed, and no service is contacted.
    .PARAMETER Confirm
    Prompts for confirmation before each job is changed.
    .INPUTS
    System.Guid
    .OUTPUTS
    None. With -PassThru, BackgroundCopy.Job.
    .EXAMPLE
    Set-BackgroundCopyJob -Id 8c0f2f7e-5a0b-4f0e-9a65-1f3f0c8f7b11 -Priority BG_JOB_PRIORITY_FOREGROUND
    Sets the highest priority for a Delivery Optimization job.
    .EXAMPLE
    Get-BackgroundCopyJob -Service bits -Name 'Nightly*' | Set-BackgroundCopyJob -TransferPolicy BITS_JOB_TRANSFER_POLICY_NO_SURCHARGE -PassThru
    Makes jobs wait for a network without a surcharge, and shows the jobs.
    .EXAMPLE
    Set-BackgroundCopyJob -Service bits -Id $job.JobId -Credential (Get-Credential) -CredentialScheme BG_AUTH_SCHEME_NEGOTIATE
    Prompts for a user name and a password, and sets them as the credentials of the job.
    .EXAMPLE
    Set-BackgroundCopyJob -Service bits -Id $job.JobId -CustomHeaders @{ 'X-Ring' = 'pilot' } -WhatIf
    Shows that the headers would be changed.
    .NOTES
    If module logging or transcription is turned on, PowerShell logs the values of these parameters, except the password in -Credential.
    Don't put secrets into names, URLs, or headers.
    .LINK
    https://learn.microsoft.com/windows/win32/api/bits/nn-bits-ibackgroundcopyjob
    .LINK
    https://learn.microsoft.com/windows/win32/delivery_optimization/ibackgroundcopyjob-
    .LINK
    Get-BackgroundCopyJob
    #>
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'Low')]
    [OutputType('BackgroundCopy.Job')]
    param(
        [Parameter(Mandatory, Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [Alias('JobId')]
        [guid[]]$Id,

        [string]$DisplayName,

        [string]$Description,

        [ValidateSet('BG_JOB_PRIORITY_FOREGROUND', 'BG_JOB_PRIORITY_HIGH', 'BG_JOB_PRIORITY_NORMAL', 'BG_JOB_PRIORITY_LOW')]
        [string]$Priority,

        [ValidateSet('BG_NOTIFY_JOB_TRANSFERRED', 'BG_NOTIFY_JOB_ERROR', 'BG_NOTIFY_DISABLE', 'BG_NOTIFY_JOB_MODIFICATION',
            'BG_NOTIFY_FILE_TRANSFERRED', 'BG_NOTIFY_FILE_RANGES_TRANSFERRED')]
        [string[]]$NotifyFlags,

        [AllowEmptyString()]
        [ValidateCount(1, 2)]
        [string[]]$NotifyCmdLine,

        [uint32]$MinimumRetryDelay,

        [uint32]$NoProgressTimeout,

        [ValidateSet('BG_JOB_PROXY_USAGE_PRECONFIG', 'BG_JOB_PROXY_USAGE_NO_PROXY', 'BG_JOB_PROXY_USAGE_OVERRIDE', 'BG_JOB_PROXY_USAGE_AUTODETECT')]
        [string]$ProxyUsage,

        [string]$ProxyList,

        [string]$ProxyBypassList,

        [string]$ReplyFileName,

        [ValidateSet('BG_COPY_FILE_OWNER', 'BG_COPY_FILE_GROUP', 'BG_COPY_FILE_DACL', 'BG_COPY_FILE_SACL')]
        [string[]]$FileAclFlags,

        [ValidateSet('BG_JOB_ENABLE_PEERCACHING_CLIENT', 'BG_JOB_ENABLE_PEERCACHING_SERVER', 'BG_JOB_DISABLE_BRANCH_CACHE')]
        [string[]]$PeerCachingFlags,

        [uint32]$MaximumDownloadTime,

        [ValidateSet('BITS_JOB_TRANSFER_POLICY_ALWAYS', 'BITS_JOB_TRANSFER_POLICY_NOT_ROAMING', 'BITS_JOB_TRANSFER_POLICY_NO_SURCHARGE',
            'BITS_JOB_TRANSFER_POLICY_STANDARD', 'BITS_JOB_TRANSFER_POLICY_UNRESTRICTED')]
        [string]$TransferPolicy,

        [bool]$DynamicContent,

        [bool]$HighPerformance,

        [uint64]$MaxDownloadSize,

        [ValidateSet('None', 'BG_AUTH_TARGET_SERVER', 'BG_AUTH_TARGET_PROXY')]
        [string]$UseStoredCredentials,

        [uint32]$MinimumNotificationInterval,

        [bool]$OnDemandMode,

        [Collections.IDictionary]$CustomHeaders,

        [uint32]$SecurityFlags,

        [string]$HttpMethod,

        [ValidateSet('BG_CERT_STORE_LOCATION_CURRENT_USER', 'BG_CERT_STORE_LOCATION_LOCAL_MACHINE', 'BG_CERT_STORE_LOCATION_CURRENT_SERVICE',
            'BG_CERT_STORE_LOCATION_SERVICES', 'BG_CERT_STORE_LOCATION_USERS', 'BG_CERT_STORE_LOCATION_CURRENT_USER_GROUP_POLICY',
            'BG_CERT_STORE_LOCATION_LOCAL_MACHINE_GROUP_POLICY', 'BG_CERT_STORE_LOCATION_LOCAL_MACHINE_ENTERPRISE')]
        [string]$CertificateStoreLocation,

        [string]$CertificateStoreName,

        [string]$CertificateSubjectName,

        [Management.Automation.PSCredential]$Credential,

        [ValidateSet('BG_AUTH_TARGET_SERVER', 'BG_AUTH_TARGET_PROXY')]
        [string]$CredentialTarget = 'BG_AUTH_TARGET_SERVER',

        [ValidateSet('BG_AUTH_SCHEME_BASIC', 'BG_AUTH_SCHEME_DIGEST', 'BG_AUTH_SCHEME_NTLM', 'BG_AUTH_SCHEME_NEGOTIATE', 'BG_AUTH_SCHEME_PASSPORT')]
        [string]$CredentialScheme = 'BG_AUTH_SCHEME_BASIC',

        [switch]$RemoveCredential,

        [switch]$TakeOwnership,

        [switch]$PassThru,

        [Parameter(ValueFromPipelineByPropertyName)]
        [ValidateSet('delivery-optimization', 'bits')]
        [string]$Service = 'delivery-optimization'
    )

    begin {
        Assert-FullLanguage
        $jobs = [Collections.Generic.List[object]]::new()
    }
    process { foreach ($jobId in $Id) { $jobs.Add(@{ Id = $jobId; Service = $Service }) } }
    end {
        $bound = @{}
        foreach ($name in $PSBoundParameters.Keys) { $bound[$name] = $PSBoundParameters[$name] }
        foreach ($name in $script:needed.Keys) {
            if (-not $bound.ContainsKey($name) -or @($script:needed[$name] | Where-Object { $bound.ContainsKey($_) })) { continue }
            Stop-Command $PSCmdlet 'MissingParameter' @('cmdlet', 'missingParameter') @{ name = $name; needed = $script:needed[$name] -join ', ' } $name
        }
        $settings = ConvertTo-Setting $PSCmdlet $bound
        # The changes to each job, in this order: the part of the face, and its arguments.
        $steps = @(
            if ($TakeOwnership) { , @('TakeOwnership', @()) }
            if ($settings.Count -gt 0) { , @('Set', @(, $settings)) }
            $authentication = @((ConvertFrom-EnumerationName 'useStoredCredentials' $CredentialTarget), (ConvertFrom-EnumerationName 'scheme' $CredentialScheme))
            if ($RemoveCredential) { , @('RemoveCredentials', $authentication) }
            if ($null -ne $Credential) { , @('SetCredentials', ($authentication + @($Credential.UserName, $Credential.Password))) }
        )
        if ($steps.Count -eq 0) { Stop-Command $PSCmdlet 'NothingToSet' @('cmdlet', 'nothingToSet') @{} $null }
        $properties = @($bound.Keys | Where-Object { $_ -notin 'Id', 'Service', 'PassThru', 'WhatIf', 'Confirm', 'CredentialTarget', 'CredentialScheme' -and
                $_ -notin [Management.Automation.PSCmdlet]::CommonParameters } | Sort-Object) -join ', '
        $action = Get-Action 'changeAction' $properties @{ properties = $properties }

        $services = @{}
        try {
            foreach ($job in $jobs) {
                $jobId = $job.Id
                if (-not $PSCmdlet.ShouldProcess("$jobId", $action)) { continue }
                $opened = Get-OpenService $services $PSCmdlet $job.Service
                $done = $true
                foreach ($step in $steps) {
                    $answer = Invoke-JobPart $opened "$jobId" $step[0] $step[1]
                    $done = Write-Answer $PSCmdlet $answer $jobId (Get-UnsupportedWord $answer $job.Service)
                    if (-not $done) { break }
                }
                if ($done -and $PassThru) { Write-Job $PSCmdlet $opened $job.Service $jobId $false }
            }
        }
        finally {
            Close-Service $services
        }
    }
}

Export-ModuleMember -Function New-BackgroundCopyJob, Get-BackgroundCopyJob, Set-BackgroundCopyJob
