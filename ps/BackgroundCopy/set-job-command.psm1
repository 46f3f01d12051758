Set-StrictMode -Version Latest

# The command for people that changes jobs.

Import-Module -Verbose:$false -Name ("$PSScriptRoot/people.psm1" -replace '[][*?`]', '`$0') -Function Assert-FullLanguage, Get-OpenService, Close-Service, Get-Action, Write-Job
Import-Module -Verbose:$false -Name ("$PSScriptRoot/jobs.psm1" -replace '[][*?`]', '`$0') -Function Invoke-JobPart
Import-Module -Verbose:$false -Name ("$PSScriptRoot/values.psm1" -replace '[][*?`]', '`$0') -Function ConvertFrom-EnumerationName
Import-Module -Verbose:$false -Name ("$PSScriptRoot/settings.psm1" -replace '[][*?`]', '`$0') -Function ConvertTo-Setting
Import-Module -Verbose:$false -Name ("$PSScriptRoot/refusals.psm1" -replace '[][*?`]', '`$0') -Function Get-UnsupportedWord, Write-Answer, Stop-Command

# Parameters that have no meaning on their own, and what each requires: one of these. The three parameters of a
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
    Specifies whether the server may omit the length of a file.
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

Export-ModuleMember -Function Set-BackgroundCopyJob
