Set-StrictMode -Version Latest

# The commands for people that create, list and change jobs.

Import-Module -Verbose:$false -Name ("$PSScriptRoot/people.psm1" -replace '[][*?`]', '`$0')
Import-Module -Verbose:$false -Name ("$PSScriptRoot/jobs.psm1" -replace '[][*?`]', '`$0') -Function New-TransferJob, Get-TransferJobId, Read-TransferJob

$script:notImplemented = 0x80004001
# By Delivery Optimization and by BITS.
$script:notFound = 0x80D02003, 0x80200001
# Parameters of Set-BackgroundCopyJob that mean nothing by themselves, and what each needs: one of these. The three of a certificate
# need each other.
$script:needed = @{
    ProxyList                = @('ProxyUsage')
    ProxyBypassList          = @('ProxyUsage')
    CertificateStoreLocation = @('CertificateStoreName')
    CertificateStoreName     = @('CertificateSubjectName')
    CertificateSubjectName   = @('CertificateStoreLocation')
    CredentialTarget         = 'Credential', 'RemoveCredential'
    CredentialScheme         = 'Credential', 'RemoveCredential'
}
# The states in which a job is over.
$script:finalStates = 'BG_JOB_STATE_ACKNOWLEDGED', 'BG_JOB_STATE_CANCELLED'

function New-BackgroundCopyJob {
    <#
    .EXTERNALHELP BackgroundCopy-help.xml
    .SYNOPSIS
    Creates a background transfer job of Delivery Optimization or BITS.
    .DESCRIPTION
    Creates a job by IBackgroundCopyManager::CreateJob, sets what is given and adds the files. A job of which anything is refused is
    canceled. A new job is suspended: Resume-BackgroundCopyJob starts it, and Complete-BackgroundCopyJob gives its files their
    names when they have arrived.

    What else a job has is set with Set-BackgroundCopyJob before it is resumed.
    .PARAMETER DisplayName
    The name of the job, up to 256 characters. Administrators can see it, and it need not be unique.
    .PARAMETER RemoteUrl
    The URLs of the files. Each needs a local name at the same position in -LocalName.
    .PARAMETER LocalName
    The full paths of the files on this computer.
    .PARAMETER Type
    BG_JOB_TYPE_DOWNLOAD (the default), BG_JOB_TYPE_UPLOAD or BG_JOB_TYPE_UPLOAD_REPLY. Delivery Optimization downloads only.
    .PARAMETER Description
    A description of the job, up to 1,024 characters (BITS).
    .PARAMETER Priority
    How the job ranks among others: BG_JOB_PRIORITY_FOREGROUND, BG_JOB_PRIORITY_HIGH, BG_JOB_PRIORITY_NORMAL or BG_JOB_PRIORITY_LOW.
    .PARAMETER NoProgressTimeout
    The seconds that the service goes on trying after a transient error without any progress, before the job fails.
    .PARAMETER MinimumRetryDelay
    The seconds that the service waits after a transient error before it tries again (BITS).
    .PARAMETER TransferPolicy
    Over which networks the job is transferred, by their cost.
    .PARAMETER CustomHeaders
    HTTP headers that are sent with each request, as a hashtable of names and values (BITS).
    .PARAMETER Service
    The service that is to hold the job: delivery-optimization (the default) or bits.
    .PARAMETER WhatIf
    Shows that a job would be created. None is, and no service is asked.
    .PARAMETER Confirm
    Asks before the job is created.
    .INPUTS
    None
    .OUTPUTS
    BackgroundCopy.Job, as Get-BackgroundCopyJob gives it.
    .EXAMPLE
    New-BackgroundCopyJob 'Nightly' -RemoteUrl https://example.com/a.bin -LocalName C:\Downloads\a.bin | Resume-BackgroundCopyJob
    Creates a job of Delivery Optimization with a file and starts it.
    .EXAMPLE
    $job = New-BackgroundCopyJob 'Nightly' -Service bits -Priority BG_JOB_PRIORITY_LOW -TransferPolicy BITS_JOB_TRANSFER_POLICY_UNRESTRICTED
    Import-Csv files.csv | Add-BackgroundCopyFile -Id $job.JobId -Service bits
    Creates a job of BITS that waits for a network without costs, and adds the files of a list with columns RemoteUrl and LocalName.
    .EXAMPLE
    New-BackgroundCopyJob 'Report' -Service bits -Type BG_JOB_TYPE_UPLOAD -RemoteUrl https://example.com/in/r.txt -LocalName C:\r.txt -WhatIf
    Shows that a job would be created for an upload.
    .NOTES
    Where module logging or transcription is turned on, PowerShell writes down the values of these parameters. Do not put secrets into
    names, URLs and headers; for credentials there is Set-BackgroundCopyJob -Credential.
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
    Gets the jobs with the given identifiers, or lists the jobs of the service: those of the current user, or with -AllUsers those of
    all. A list can be narrowed down by name, state and owner; every condition given must hold.

    Delivery Optimization documents no list of its jobs. Where the system has IDOManager it lists the caller's own; elsewhere jobs of
    Delivery Optimization can only be got by their identifiers.

    An object shows the job as it was when it was asked for. What the service does not tell is empty.
    .PARAMETER Id
    The identifiers of the jobs. Objects with a property JobId or Id can be piped in as well.
    .PARAMETER Name
    Display names. Wildcards are permitted.
    .PARAMETER State
    The states that the jobs may be in.
    .PARAMETER Owner
    The security identifiers (SIDs) of the owners. Wildcards are permitted.
    .PARAMETER AllUsers
    Lists the jobs of all users. Only administrators may do so.
    .PARAMETER Detailed
    Gets all that the service tells of a job: every property, its files, and in Refused the properties that the service refused to tell,
    with the names of the codes.
    .PARAMETER Service
    The service that holds the jobs: delivery-optimization (the default) or bits. Jobs that are piped in bring it along.
    .INPUTS
    System.Guid
    .OUTPUTS
    BackgroundCopy.Job: JobId, DisplayName, State, Type, Priority, Owner, BytesTotal (empty where it is not known), BytesTransferred,
    FilesTotal, FilesTransferred, CreationTime, ModificationTime, TransferCompletionTime, Error, Service; with -Detailed every other
    property, under the name that the documentation of its methods gives it.
    .EXAMPLE
    Get-BackgroundCopyJob -Service bits
    Lists the current user's jobs of BITS.
    .EXAMPLE
    Get-BackgroundCopyJob -Service bits -Name 'Nightly*' -State BG_JOB_STATE_ERROR, BG_JOB_STATE_TRANSIENT_ERROR | Format-List
    Shows the jobs that failed and whose name starts with Nightly, with what they failed with.
    .EXAMPLE
    Get-BackgroundCopyJob -Id 8c0f2f7e-5a0b-4f0e-9a65-1f3f0c8f7b11 -Detailed
    Shows all that Delivery Optimization tells of a job.
    .EXAMPLE
    Get-BackgroundCopyJob -Service bits -AllUsers | Where-Object CreationTime -lt (Get-Date).AddDays(-30) | Stop-BackgroundCopyJob -WhatIf
    Shows which jobs of all users are older than 30 days and would be canceled.
    .NOTES
    Delivery Optimization has this interface since Windows 10, version 1709, and Windows Server, version 1709.
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
                # It documents no owners: none would be like what was asked for.
                $answer = @{ Code = $script:notImplemented; Method = 'IBackgroundCopyJob::GetOwner' }
                $text = Get-Message 'bridge', 'UNSUPPORTED_condition' @{ service = $Service; name = 'owner' }
                $null = Write-Answer $PSCmdlet $answer $Service @{ Text = $text; Advice = $null }
                return
            }
            $detail = if ($Detailed) { 'all' } else { 'summary' }
            foreach ($jobId in $listed.JobIds) {
                $answer = Read-TransferJob $opened $jobId $detail (Get-LanguageId)
                # A job that has gone since it was listed is no error.
                if ($answer.Code -in $script:notFound -or -not (Write-Answer $PSCmdlet $answer ([guid]$jobId))) { continue }
                $job = ConvertTo-JobObject $Service $jobId $answer.Job $Detailed
                # Not every service takes a job that is over from its list at once.
                if ($job.State -notin $script:finalStates -and (Test-Job $job $Name $State $Owner)) { $job }
            }
        }
        finally {
            Close-Service $services
        }
    }
}

# Whether a job is one that was asked for: a condition that was not given holds for every job.
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
    Sets the properties that are given, for each job in the order of the documentation's interfaces. The first refusal ends it for that
    job: what comes before is set, and the error names the property. Most properties take effect only if they are set before the job
    is resumed.

    Delivery Optimization documents fewer properties than BITS: Priority, NotifyFlags, NoProgressTimeout and TransferPolicy. Where the
    system has IDOManager alone, they are DisplayName, Priority, NoProgressTimeout, TransferPolicy, CustomHeaders and SecurityFlags.
    .PARAMETER Id
    The identifiers of the jobs. Objects with a property JobId or Id can be piped in as well.
    .PARAMETER DisplayName
    The name of the job, up to 256 characters.
    .PARAMETER Description
    A description of the job, up to 1,024 characters.
    .PARAMETER Priority
    How the job ranks among others: BG_JOB_PRIORITY_FOREGROUND, BG_JOB_PRIORITY_HIGH, BG_JOB_PRIORITY_NORMAL or BG_JOB_PRIORITY_LOW.
    .PARAMETER NotifyFlags
    The events of which the service notifies the program that asked for it.
    .PARAMETER NotifyCmdLine
    A program that the service starts when the job is transferred or fails, and its parameters, the first of which is the name of the
    program once more. An empty text takes it back.
    .PARAMETER MinimumRetryDelay
    The seconds that the service waits after a transient error before it tries again.
    .PARAMETER NoProgressTimeout
    The seconds that the service goes on trying after a transient error without any progress, before the job fails.
    .PARAMETER ProxyUsage
    Which proxy the job uses. With BG_JOB_PROXY_USAGE_OVERRIDE it is the one in -ProxyList.
    .PARAMETER ProxyList
    The proxies, as a list in the format of the documentation of SetProxySettings. Needs -ProxyUsage.
    .PARAMETER ProxyBypassList
    The hosts that are reached without a proxy. Needs -ProxyUsage.
    .PARAMETER ReplyFileName
    Where the reply of a job of type BG_JOB_TYPE_UPLOAD_REPLY is saved.
    .PARAMETER FileAclFlags
    What is copied of the access control information of a file that comes from a share.
    .PARAMETER PeerCachingFlags
    Whether the job takes its files from peers in the network and gives them to peers, and whether it does without BranchCache.
    .PARAMETER MaximumDownloadTime
    The seconds that the download of the job may take.
    .PARAMETER TransferPolicy
    Over which networks the job is transferred, by their cost.
    .PARAMETER DynamicContent
    Whether the server need not tell how long a file is.
    .PARAMETER HighPerformance
    Whether the job does without strong guarantees of reliability, for a faster transfer.
    .PARAMETER MaxDownloadSize
    The bytes that the job may download in total.
    .PARAMETER UseStoredCredentials
    Who is given the credentials that Windows has stored: BG_AUTH_TARGET_SERVER, BG_AUTH_TARGET_PROXY or None.
    .PARAMETER MinimumNotificationInterval
    The milliseconds between two notifications at least.
    .PARAMETER OnDemandMode
    Whether only those ranges of a file are downloaded that are asked for.
    .PARAMETER CustomHeaders
    HTTP headers that are sent with each request, as a hashtable of names and values. An empty one takes them back.
    .PARAMETER SecurityFlags
    The flags of SetSecurityFlags: which failures of a certificate are ignored, which redirections are followed. Where the system has
    IDOManager alone, redirections can't be forbidden or reported, and no failure is ignored beside a check for revocation.
    .PARAMETER HttpMethod
    The HTTP method, where it is not GET.
    .PARAMETER CertificateStoreLocation
    The location of the store that has the client certificate. Needs -CertificateStoreName and -CertificateSubjectName.
    .PARAMETER CertificateStoreName
    The name of the store that has the client certificate. Needs -CertificateStoreLocation and -CertificateSubjectName.
    .PARAMETER CertificateSubjectName
    The subject name of the client certificate. Needs -CertificateStoreLocation and -CertificateStoreName.
    .PARAMETER Credential
    The user name and the password for the server or the proxy.
    .PARAMETER CredentialTarget
    What the credentials are for: BG_AUTH_TARGET_SERVER (the default) or BG_AUTH_TARGET_PROXY. Needs -Credential or -RemoveCredential.
    .PARAMETER CredentialScheme
    The authentication scheme of the credentials. BG_AUTH_SCHEME_BASIC (the default) sends the password as clear text. Needs -Credential
    or -RemoveCredential.
    .PARAMETER RemoveCredential
    Removes the credentials for -CredentialTarget and -CredentialScheme.
    .PARAMETER TakeOwnership
    Makes the current user the owner of the job, before anything else is changed. Only administrators may do so with a job of another
    user.
    .PARAMETER PassThru
    Outputs each job that was changed. Without it the command outputs nothing.
    .PARAMETER Service
    The service that holds the jobs: delivery-optimization (the default) or bits. Jobs that are piped in bring it along.
    .PARAMETER WhatIf
    Shows which properties of which jobs would be changed. Nothing is done, and no service is asked.
    .PARAMETER Confirm
    Asks before each job is changed.
    .INPUTS
    System.Guid
    .OUTPUTS
    None, or with -PassThru BackgroundCopy.Job.
    .EXAMPLE
    Set-BackgroundCopyJob -Id 8c0f2f7e-5a0b-4f0e-9a65-1f3f0c8f7b11 -Priority BG_JOB_PRIORITY_FOREGROUND
    Gives a job of Delivery Optimization the highest priority.
    .EXAMPLE
    Get-BackgroundCopyJob -Service bits -Name 'Nightly*' | Set-BackgroundCopyJob -TransferPolicy BITS_JOB_TRANSFER_POLICY_NO_SURCHARGE -PassThru
    Lets jobs wait for a network without a surcharge, and shows them.
    .EXAMPLE
    Set-BackgroundCopyJob -Service bits -Id $job.JobId -Credential (Get-Credential) -CredentialScheme BG_AUTH_SCHEME_NEGOTIATE
    Asks for a user name and a password, and gives them to the job.
    .EXAMPLE
    Set-BackgroundCopyJob -Service bits -Id $job.JobId -CustomHeaders @{ 'X-Ring' = 'pilot' } -WhatIf
    Shows that the headers would be changed.
    .NOTES
    Where module logging or transcription is turned on, PowerShell writes down the values of these parameters, but not the password in
    -Credential. Do not put secrets into names, URLs and headers.
    .LINK
    https://learn.microsoft.com/windows/win32/api/bits/nn-bits-ibackgroundcopyjob
    .LINK
    https://learn.microsoft.com/windows/win32/delivery_optimization/ibackgroundcopyjob
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
        # What is done to each job, in this order: the part of the face, and its arguments.
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
