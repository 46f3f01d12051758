Set-StrictMode -Version Latest

# The command for people that creates a job.

Import-Module -Verbose:$false -Name ("$PSScriptRoot/people.psm1" -replace '[][*?`]', '`$0') -Function Assert-FullLanguage, Get-OpenService, Close-Service, Get-Action, Write-Job
Import-Module -Verbose:$false -Name ("$PSScriptRoot/jobs.psm1" -replace '[][*?`]', '`$0') -Function New-TransferJob
Import-Module -Verbose:$false -Name ("$PSScriptRoot/values.psm1" -replace '[][*?`]', '`$0') -Function ConvertFrom-EnumerationName
Import-Module -Verbose:$false -Name ("$PSScriptRoot/settings.psm1" -replace '[][*?`]', '`$0') -Function ConvertTo-Setting
Import-Module -Verbose:$false -Name ("$PSScriptRoot/refusals.psm1" -replace '[][*?`]', '`$0') -Function Get-UnsupportedWord, Write-Answer, Stop-Command
Import-Module -Verbose:$false -Name ("$PSScriptRoot/shown.psm1" -replace '[][*?`]', '`$0') -Function ConvertTo-ShownText

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
        if (-not $PSCmdlet.ShouldProcess((ConvertTo-ShownText $DisplayName), (Get-Action 'createAction' 'IBackgroundCopyManager::CreateJob'))) { return }

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

Export-ModuleMember -Function New-BackgroundCopyJob
