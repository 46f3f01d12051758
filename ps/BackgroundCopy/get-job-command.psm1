Set-StrictMode -Version Latest

# The command for people that lists and describes jobs.

Import-Module -Verbose:$false -Name ("$PSScriptRoot/people.psm1" -replace '[][*?`]', '`$0') -Function Assert-FullLanguage, Get-OpenService, Close-Service, Get-LanguageId, Write-Job
Import-Module -Verbose:$false -Name ("$PSScriptRoot/jobs.psm1" -replace '[][*?`]', '`$0') -Function Get-TransferJobId, Read-TransferJob
Import-Module -Verbose:$false -Name ("$PSScriptRoot/objects.psm1" -replace '[][*?`]', '`$0') -Function ConvertTo-JobObject
Import-Module -Verbose:$false -Name ("$PSScriptRoot/messages.psm1" -replace '[][*?`]', '`$0') -Function Get-Message
Import-Module -Verbose:$false -Name ("$PSScriptRoot/refusals.psm1" -replace '[][*?`]', '`$0') -Function Get-UnsupportedWord, Write-Answer

$script:notImplemented = 0x80004001
# For Delivery Optimization and for BITS.
$script:notFound = 0x80D02003, 0x80200001
# The states of a canceled or completed job.
$script:finalStates = 'BG_JOB_STATE_ACKNOWLEDGED', 'BG_JOB_STATE_CANCELLED'

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
                if ($job.State -in $script:finalStates -or ($State -and $State -notcontains $job.State)) { continue }
                $unknown = Find-UnknownCondition $answer.Job $Name $Owner
                if ($null -ne $unknown) { $null = Write-Answer $PSCmdlet $unknown ([guid]$jobId) }
                elseif (Test-Job $job $Name $Owner) { $job }
            }
        }
        finally {
            Close-Service $services
        }
    }
}

# The refusal because of which it is unknown whether a job meets the conditions.
function Find-UnknownCondition($Description, [string[]]$Name, [string[]]$Owner) {
    if (-not $Description.Contains('refused')) { return }
    foreach ($condition in @(, @('displayName', $Name, 'GetDisplayName')) + @(, @('owner', $Owner, 'GetOwner'))) {
        $code = $Description.refused[$condition[0]]
        # Errors are negative here, unlike on the wire.
        if ($condition[1] -and $null -ne $code) { return @{ Code = [int]($code -bor -0x100000000L); Method = "IBackgroundCopyJob::$($condition[2])" } }
    }
}

# Whether a job meets the conditions: a condition that was not given is met by every job.
function Test-Job($Job, [string[]]$Name, [string[]]$Owner) {
    foreach ($condition in @(, @($Job.DisplayName, $Name)) + @(, @($Job.Owner, $Owner))) {
        if ($condition[1] -and -not @($condition[1] | Where-Object { "$($condition[0])" -like $_ })) { return $false }
    }
    $true
}

Export-ModuleMember -Function Get-BackgroundCopyJob
