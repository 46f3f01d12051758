Set-StrictMode -Version Latest

# The commands for people that are about the files of a job.

Import-Module -Verbose:$false -Name ("$PSScriptRoot/people.psm1" -replace '[][*?`]', '`$0')
Import-Module -Verbose:$false -Name ("$PSScriptRoot/jobs.psm1" -replace '[][*?`]', '`$0') -Function Add-TransferFile, Read-TransferJob

$script:toTheEnd = [uint64]::MaxValue

function Add-BackgroundCopyFile {
    <#
    .EXTERNALHELP BackgroundCopy-help.xml
    .SYNOPSIS
    Adds files to background transfer jobs of Delivery Optimization or BITS.
    .DESCRIPTION
    Adds a file to a job. Its transfer starts when the job is resumed the next time. Each file is added by itself: one that is refused
    is an error of its own and does not keep the others from being added.
    .PARAMETER Id
    The identifier of the job. Objects with a property JobId or Id can be piped in as well.
    .PARAMETER RemoteUrl
    The URL of the file.
    .PARAMETER LocalName
    The full path of the file on this computer.
    .PARAMETER Range
    The parts of the file to download, as objects or hashtables with InitialOffset and Length, both in bytes. Without Length a part
    reaches to the end of the file.
    .PARAMETER PassThru
    Outputs the files of each job to which one was added. Without it the command outputs nothing.
    .PARAMETER Service
    The service that holds the job: delivery-optimization (the default) or bits. Jobs that are piped in bring it along.
    .PARAMETER WhatIf
    Shows which files would be added. Nothing is done, and no service is asked.
    .PARAMETER Confirm
    Asks before each file is added.
    .INPUTS
    Objects with the properties JobId or Id, RemoteUrl and LocalName.
    .OUTPUTS
    None, or with -PassThru BackgroundCopy.File, as Get-BackgroundCopyFile gives it.
    .EXAMPLE
    Add-BackgroundCopyFile -Id $job.JobId -RemoteUrl https://example.com/a.bin -LocalName C:\Downloads\a.bin
    Adds a file to a job of Delivery Optimization.
    .EXAMPLE
    Import-Csv files.csv | Add-BackgroundCopyFile -Id $job.JobId -Service bits
    Adds the files of a list with columns RemoteUrl and LocalName to a job of BITS.
    .EXAMPLE
    Add-BackgroundCopyFile -Id $job.JobId -Service bits https://example.com/a.bin C:\a.bin -Range @{ InitialOffset = 0; Length = 100 }, @{ InitialOffset = 5000 }
    Adds the first 100 bytes of a file and what comes after byte 5,000.
    .NOTES
    Where module logging or transcription is turned on, PowerShell writes down the values of these parameters. Do not put secrets into
    URLs; for credentials there is Set-BackgroundCopyJob -Credential.
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

# The ranges as the functions of jobs.psm1 take them; nothing where there are none.
function ConvertTo-Range($Command, [object[]]$Range) {
    if (-not $Range) { return }
    $ranges = foreach ($one in $Range) {
        if ($one -is [Collections.IDictionary]) { $one = [pscustomobject]$one }
        $part = $one | Select-Object -Property InitialOffset, Length
        $offset = $part.InitialOffset -as [uint64]
        $length = if ($null -eq $part.Length) { $script:toTheEnd } else { $part.Length -as [uint64] }
        # $null would be the number 0.
        if ($null -eq $part.InitialOffset -or $null -eq $offset -or $null -eq $length) {
            Stop-Command $Command 'InvalidRange' @('cmdlet', 'invalidRange') @{} $one
        }
        @{ initialOffset = $offset; length = $length }
    }
    , @($ranges)
}

# Outputs the files of a job, or writes why that is not possible.
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
    Gets the files of jobs with their names and their progress. An object shows the file as it was when it was asked for.
    .PARAMETER Id
    The identifiers of the jobs. Objects with a property JobId or Id can be piped in as well.
    .PARAMETER Service
    The service that holds the jobs: delivery-optimization (the default) or bits. Jobs that are piped in bring it along.
    .INPUTS
    System.Guid
    .OUTPUTS
    BackgroundCopy.File: JobId, RemoteName, LocalName, TemporaryName, BytesTotal (empty where it is not known), BytesTransferred, Completed
    (whether it has its local name), Ranges.
    .EXAMPLE
    Get-BackgroundCopyFile -Id 8c0f2f7e-5a0b-4f0e-9a65-1f3f0c8f7b11
    Gets the files of a job of Delivery Optimization.
    .EXAMPLE
    Get-BackgroundCopyJob -Service bits | Get-BackgroundCopyFile | Where-Object BytesTotal -gt 1GB
    Gets the large files of all jobs of BITS.
    .EXAMPLE
    Get-BackgroundCopyFile -Id $job.JobId | Format-List
    Shows all that is known of the files of a job.
    .NOTES
    Delivery Optimization has this interface since Windows 10, version 1709, and Windows Server, version 1709.
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
