Set-StrictMode -Version Latest

# The commands for people that work with the files of a job.

Import-Module -Verbose:$false -Name ("$PSScriptRoot/people.psm1" -replace '[][*?`]', '`$0') -Function Assert-FullLanguage, Get-OpenService, Close-Service, Get-Action, Get-LanguageId
Import-Module -Verbose:$false -Name ("$PSScriptRoot/jobs.psm1" -replace '[][*?`]', '`$0') -Function Add-TransferFile, Read-TransferJob
Import-Module -Verbose:$false -Name ("$PSScriptRoot/values.psm1" -replace '[][*?`]', '`$0') -Function ConvertTo-Code
Import-Module -Verbose:$false -Name ("$PSScriptRoot/objects.psm1" -replace '[][*?`]', '`$0') -Function ConvertTo-FileObject
Import-Module -Verbose:$false -Name ("$PSScriptRoot/refusals.psm1" -replace '[][*?`]', '`$0') -Function Get-UnsupportedWord, Write-Answer, Stop-Command

$script:toTheEnd = [uint64]::MaxValue

function Add-BackgroundCopyFile {
    <#
    .EXTERNALHELP BackgroundCopy-help.xml
    .SYNOPSIS
    Adds files to background transfer jobs of Delivery Optimization or BITS.
    .DESCRIPTION
    Adds a file to a job. Its transfer starts the next time the job is resumed. Each file is added separately. If the service refuses a
    file, the command writes an error and continues with the other files.
    .PARAMETER Id
    Specifies the ID of the job. You can also pipe objects with a JobId or Id property to this command.
    .PARAMETER RemoteUrl
    Specifies the URL of the file.
    .PARAMETER LocalName
    Specifies the full path of the file on this computer.
    .PARAMETER Range
    Specifies the parts of the file to download, as objects or hashtables with InitialOffset and Length, both in bytes. Without Length, a
    part extends to the end of the file.
    .PARAMETER PassThru
    Returns the files of each job to which a file was added. By default, this command doesn't return any output.
    .PARAMETER Service
    Specifies the service that manages the job: delivery-optimization (the default) or bits. Piped jobs already specify their service.
    .PARAMETER WhatIf
    Shows which files would be added. Nothing is added, and no service is contacted.
    .PARAMETER Confirm
    Prompts for confirmation before each file is added.
    .INPUTS
    Objects with the properties JobId or Id, RemoteUrl, and LocalName.
    .OUTPUTS
    None. With -PassThru, BackgroundCopy.File, the same as from Get-BackgroundCopyFile.
    .EXAMPLE
    Add-BackgroundCopyFile -Id $job.JobId -RemoteUrl https://example.com/a.bin -LocalName C:\Downloads\a.bin
    Adds a file to a Delivery Optimization job.
    .EXAMPLE
    Import-Csv files.csv | Add-BackgroundCopyFile -Id $job.JobId -Service bits
    Adds the files of a CSV file with the columns RemoteUrl and LocalName to a BITS job.
    .EXAMPLE
    Add-BackgroundCopyFile -Id $job.JobId -Service bits https://example.com/a.bin C:\a.bin -Range @{ InitialOffset = 0; Length = 100 }, @{ InitialOffset = 5000 }
    Adds the first 100 bytes of a file and everything after byte 5,000.
    .NOTES
    If module logging or transcription is turned on, PowerShell logs the values of these parameters. Don't put secrets into URLs. For
    credentials, use Set-BackgroundCopyJob -Credential.
    .LINK
    https://learn.microsoft.com/windows/win32/api/bits/nf-bits-ibackgroundcopyjob-addfile
    .LINK
    https://learn.microsoft.com/windows/win32/delivery_optimization/ideliveryoptimizationjob-addfilewithranges
    .LINK
    Get-BackgroundCopyFile
    #>
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'Low')]
    [OutputType('BackgroundCopy.File')]
    param(
        [Parameter(Mandatory, ValueFromPipelineByPropertyName)]
        [Alias('JobId')]
        [guid]$Id,

        [Parameter(Mandatory, Position = 0, ValueFromPipelineByPropertyName)]
        [string]$RemoteUrl,

        [Parameter(Mandatory, Position = 1, ValueFromPipelineByPropertyName)]
        [string]$LocalName,

        [Parameter(ValueFromPipelineByPropertyName)]
        [object[]]$Range,

        [switch]$PassThru,

        [Parameter(ValueFromPipelineByPropertyName)]
        [ValidateSet('delivery-optimization', 'bits')]
        [string]$Service = 'delivery-optimization'
    )

    begin {
        Assert-FullLanguage
        $files = [Collections.Generic.List[object]]::new()
    }
    process { $files.Add(@{ Id = $Id; Service = $Service; RemoteUrl = $RemoteUrl; LocalName = $LocalName; Ranges = ConvertTo-Range $PSCmdlet $Range }) }
    end {
        $services = @{}
        $changed = [ordered]@{}
        try {
            foreach ($file in $files) {
                $action = Get-Action 'addFileAction' 'IBackgroundCopyJob::AddFile' @{ file = $file.LocalName }
                if (-not $PSCmdlet.ShouldProcess("$($file.Id)", $action)) { continue }
                $opened = Get-OpenService $services $PSCmdlet $file.Service
                $answer = Add-TransferFile $opened "$($file.Id)" $file.RemoteUrl $file.LocalName $file.Ranges
                $feature = if ($null -ne $file.Ranges) { 'fileRanges' }
                if (Write-Answer $PSCmdlet $answer $file.Id (Get-UnsupportedWord $answer $file.Service $feature)) { $changed["$($file.Service) $($file.Id)"] = $file }
            }
            if ($PassThru) {
                foreach ($file in $changed.Values) { Write-File $PSCmdlet (Get-OpenService $services $PSCmdlet $file.Service) $file.Id }
            }
        }
        finally {
            Close-Service $services
        }
    }
}

# The ranges in the format of jobs.psm1; nothing if there are none.
function ConvertTo-Range($Command, [object[]]$Range) {
    if (-not $Range) { return }
    $ranges = foreach ($one in $Range) {
        if ($one -is [Collections.IDictionary]) { $one = [pscustomobject]$one }
        $part = $one | Select-Object -Property InitialOffset, Length
        $offset = $part.InitialOffset -as [uint64]
        $length = if ($null -eq $part.Length) { $script:toTheEnd } else { $part.Length -as [uint64] }
        # $null would become the number 0.
        if ($null -eq $part.InitialOffset -or $null -eq $offset -or $null -eq $length) {
            Stop-Command $Command 'InvalidRange' @('cmdlet', 'invalidRange') @{} $one
        }
        @{ initialOffset = $offset; length = $length }
    }
    , @($ranges)
}

# Outputs the files of a job, or writes an error.
function Write-File($Command, $Opened, [guid]$Id) {
    $answer = Read-TransferJob $Opened "$Id" 'all' (Get-LanguageId)
    if (-not (Write-Answer $Command $answer $Id)) { return }
    if ($null -eq $answer.Job['files']) {
        $null = Write-Answer $Command @{ Code = ConvertTo-Code $answer.Job.refused.files; Method = 'IBackgroundCopyJob::EnumFiles' } $Id
        return
    }
    foreach ($file in $answer.Job.files) { ConvertTo-FileObject $Id $file }
}

function Get-BackgroundCopyFile {
    <#
    .EXTERNALHELP BackgroundCopy-help.xml
    .SYNOPSIS
    Gets the files of background transfer jobs of Delivery Optimization or BITS.
    .DESCRIPTION
    Gets the files of jobs, with their names and their progress. An object shows the file at the time of the call.
    .PARAMETER Id
    Specifies the IDs of the jobs. You can also pipe objects with a JobId or Id property to this command.
    .PARAMETER Service
    Specifies the service that manages the jobs: delivery-optimization (the default) or bits. Piped jobs already specify their service.
    .INPUTS
    System.Guid
    .OUTPUTS
    BackgroundCopy.File: JobId, RemoteName, LocalName, TemporaryName, BytesTotal (empty if unknown), BytesTransferred, Completed (whether
    the file has its local name), Ranges.
    .EXAMPLE
    Get-BackgroundCopyFile -Id 8c0f2f7e-5a0b-4f0e-9a65-1f3f0c8f7b11
    Gets the files of a Delivery Optimization job.
    .EXAMPLE
    Get-BackgroundCopyJob -Service bits | Get-BackgroundCopyFile | Where-Object BytesTotal -gt 1GB
    Gets the large files of all BITS jobs.
    .EXAMPLE
    Get-BackgroundCopyFile -Id $job.JobId | Format-List
    Shows all properties of the files of a job.
    .NOTES
    The interface of Delivery Optimization requires Windows 10, version 1709, or Windows Server, version 1709, or later.
    .LINK
    https://learn.microsoft.com/windows/win32/delivery_optimization/ibackgroundcopyjob-enumfiles
    .LINK
    Add-BackgroundCopyFile
    #>
    [CmdletBinding()]
    [OutputType('BackgroundCopy.File')]
    param(
        [Parameter(Mandatory, Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [Alias('JobId')]
        [guid[]]$Id,

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
        $services = @{}
        try {
            foreach ($job in $jobs) { Write-File $PSCmdlet (Get-OpenService $services $PSCmdlet $job.Service) $job.Id }
        }
        finally {
            Close-Service $services
        }
    }
}

Export-ModuleMember -Function Add-BackgroundCopyFile, Get-BackgroundCopyFile
