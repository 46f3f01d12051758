Set-StrictMode -Version Latest

# The commands for people that carry out a verb of IBackgroundCopyJob for one job or many.

Import-Module -Verbose:$false -Name ("$PSScriptRoot/people.psm1" -replace '[][*?`]', '`$0')
Import-Module -Verbose:$false -Name ("$PSScriptRoot/jobs.psm1" -replace '[][*?`]', '`$0') -Function Invoke-JobVerb

# Each job by itself, at the end of the pipeline: only there can the service be released whatever ends it.
function Invoke-VerbCommand($Command, $Jobs, [string]$Verb, [string]$ActionKey, [bool]$PassThru) {
    $action = Get-Action $ActionKey "IBackgroundCopyJob::$Verb"
    $services = @{}
    try {
        foreach ($job in $Jobs) {
            $jobId = $job.Id
            if (-not $Command.ShouldProcess("$jobId", $action)) { continue }
            $answer = Invoke-JobVerb (Get-OpenService $services $Command $job.Service) "$jobId" $Verb (Get-LanguageId)
            if (-not (Write-Answer $Command $answer $jobId) -or -not $PassThru) { continue }
            $message = Get-HResultMessage $answer.Code $answer.Method
            $result = [ordered]@{
                PSTypeName  = 'BackgroundCopy.JobResult'
                JobId       = $jobId
                Code        = $message.Name
                HResult     = $message.Hex
                Message     = $message.Text
                StateBefore = ConvertTo-EnumerationName 'state' $answer.StateBefore
                StateAfter  = ConvertTo-EnumerationName 'state' $answer.StateAfter
            }
            if ($Verb -in 'Cancel', 'Complete') { $result.LeftoverFiles = $answer.LeftoverFiles }
            if ($Verb -eq 'Cancel') {
                $result.JobError = if ($null -ne $answer.JobError) { ConvertTo-ErrorObject $answer.JobError }
            }
            [pscustomobject]$result
        }
    }
    finally {
        Close-Service $services
    }
}

function Suspend-BackgroundCopyJob {
    <#
    .EXTERNALHELP BackgroundCopy-help.xml
    .SYNOPSIS
    Suspends background transfer jobs of Delivery Optimization or BITS.
    .DESCRIPTION
    Stops the transfer of jobs by IBackgroundCopyJob::Suspend. What has arrived is kept, and Resume-BackgroundCopyJob goes on from
    there. A job that is suspended already stays as it is.

    Each job is suspended by itself: one that is refused is an error of its own and does not keep the others from being suspended.
    The identifier of the error is the name of the code, DO_E_INVALID_STATE for instance, and its exception carries the HRESULT.
    .PARAMETER Id
    The identifiers of the jobs to suspend. Objects with a property JobId or Id can be piped in as well.
    .PARAMETER Service
    The service that holds the jobs: delivery-optimization (the default) or bits. Jobs that are piped in bring it along.
    .PARAMETER PassThru
    Outputs an object for each job that was suspended. Without it the command outputs nothing.
    .PARAMETER WhatIf
    Shows which jobs would be suspended. Nothing is done, and no service is asked.
    .PARAMETER Confirm
    Asks before each job is suspended.
    .INPUTS
    System.Guid
    .OUTPUTS
    None, or with -PassThru BackgroundCopy.JobResult: JobId, Code, HResult, Message, StateBefore, StateAfter.
    .EXAMPLE
    Suspend-BackgroundCopyJob -Id 8c0f2f7e-5a0b-4f0e-9a65-1f3f0c8f7b11
    Suspends a job of Delivery Optimization.
    .EXAMPLE
    Get-BackgroundCopyJob -Service bits -State BG_JOB_STATE_TRANSFERRING | Suspend-BackgroundCopyJob
    Suspends what BITS transfers at the moment.
    .EXAMPLE
    Import-Csv jobs.csv | Suspend-BackgroundCopyJob -WhatIf
    Shows which jobs would be suspended for a file with a column JobId.
    .NOTES
    Delivery Optimization has this interface since Windows 10, version 1709, and Windows Server, version 1709.
    .LINK
    https://learn.microsoft.com/windows/win32/delivery_optimization/ibackgroundcopyjob-suspend
    .LINK
    Resume-BackgroundCopyJob
    #>
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'Low')]
    [OutputType('BackgroundCopy.JobResult')]
    param(
        [Parameter(Mandatory, Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [Alias('JobId')]
        [guid[]]$Id,

        [Parameter(ValueFromPipelineByPropertyName)]
        [ValidateSet('delivery-optimization', 'bits')]
        [string]$Service = 'delivery-optimization',

        [switch]$PassThru
    )

    begin {
        Assert-FullLanguage
        $jobs = [Collections.Generic.List[object]]::new()
    }
    process { foreach ($jobId in $Id) { $jobs.Add(@{ Id = $jobId; Service = $Service }) } }
    end { Invoke-VerbCommand $PSCmdlet $jobs 'Suspend' 'suspendAction' $PassThru }
}

function Resume-BackgroundCopyJob {
    <#
    .EXTERNALHELP BackgroundCopy-help.xml
    .SYNOPSIS
    Starts new jobs, and resumes suspended jobs and jobs in error.
    .DESCRIPTION
    Puts jobs into the transfer queue of their service by IBackgroundCopyJob::Resume. A new job is suspended until it is resumed for the
    first time. A job in BG_JOB_STATE_ERROR is tried again, and one in BG_JOB_STATE_TRANSIENT_ERROR is tried at once.

    Each job is resumed by itself: one that is refused, because it has no files for instance, is an error of its own and does not keep
    the others from being resumed. The identifier of the error is the name of the code, and its exception carries the HRESULT.
    .PARAMETER Id
    The identifiers of the jobs to resume. Objects with a property JobId or Id can be piped in as well.
    .PARAMETER Service
    The service that holds the jobs: delivery-optimization (the default) or bits. Jobs that are piped in bring it along.
    .PARAMETER PassThru
    Outputs an object for each job that was resumed. Without it the command outputs nothing.
    .PARAMETER WhatIf
    Shows which jobs would be resumed. Nothing is done, and no service is asked.
    .PARAMETER Confirm
    Asks before each job is resumed.
    .INPUTS
    System.Guid
    .OUTPUTS
    None, or with -PassThru BackgroundCopy.JobResult: JobId, Code, HResult, Message, StateBefore, StateAfter.
    .EXAMPLE
    Resume-BackgroundCopyJob -Id 8c0f2f7e-5a0b-4f0e-9a65-1f3f0c8f7b11
    Resumes a job of Delivery Optimization.
    .EXAMPLE
    New-BackgroundCopyJob 'Nightly' -RemoteUrl https://example.com/a.bin -LocalName C:\Downloads\a.bin | Resume-BackgroundCopyJob -PassThru
    Creates a job with a file and starts it.
    .EXAMPLE
    Get-BackgroundCopyJob -Service bits -State BG_JOB_STATE_ERROR | Resume-BackgroundCopyJob -WhatIf
    Shows which jobs of BITS that failed would be tried again.
    .NOTES
    Delivery Optimization has this interface since Windows 10, version 1709, and Windows Server, version 1709.
    .LINK
    https://learn.microsoft.com/windows/win32/delivery_optimization/ibackgroundcopyjob-resume
    .LINK
    Suspend-BackgroundCopyJob
    #>
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'Low')]
    [OutputType('BackgroundCopy.JobResult')]
    param(
        [Parameter(Mandatory, Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [Alias('JobId')]
        [guid[]]$Id,

        [Parameter(ValueFromPipelineByPropertyName)]
        [ValidateSet('delivery-optimization', 'bits')]
        [string]$Service = 'delivery-optimization',

        [switch]$PassThru
    )

    begin {
        Assert-FullLanguage
        $jobs = [Collections.Generic.List[object]]::new()
    }
    process { foreach ($jobId in $Id) { $jobs.Add(@{ Id = $jobId; Service = $Service }) } }
    end { Invoke-VerbCommand $PSCmdlet $jobs 'Resume' 'resumeAction' $PassThru }
}

function Complete-BackgroundCopyJob {
    <#
    .EXTERNALHELP BackgroundCopy-help.xml
    .SYNOPSIS
    Completes background transfer jobs: their files get their names.
    .DESCRIPTION
    Ends jobs and gives the files that have arrived their local names, by IBackgroundCopyJob::Complete. Without it a service deletes
    the files of a job after some time. A job can be completed before all of its files have arrived: those that have are kept, the
    others are deleted, and a warning says so (BG_S_PARTIAL_COMPLETE).

    Each job is completed by itself: one that is refused is an error of its own and does not keep the others from being completed. The
    identifier of the error is the name of the code, and its exception carries the HRESULT.
    .PARAMETER Id
    The identifiers of the jobs to complete. Objects with a property JobId or Id can be piped in as well.
    .PARAMETER Service
    The service that holds the jobs: delivery-optimization (the default) or bits. Jobs that are piped in bring it along.
    .PARAMETER PassThru
    Outputs an object for each job that was completed. Without it the command outputs nothing.
    .PARAMETER WhatIf
    Shows which jobs would be completed. Nothing is done, and no service is asked.
    .PARAMETER Confirm
    Asks before each job is completed.
    .INPUTS
    System.Guid
    .OUTPUTS
    None, or with -PassThru BackgroundCopy.JobResult: JobId, Code, HResult, Message, StateBefore, StateAfter and LeftoverFiles (the
    temporary files that could not be deleted).
    .EXAMPLE
    Complete-BackgroundCopyJob -Id 8c0f2f7e-5a0b-4f0e-9a65-1f3f0c8f7b11
    Completes a job of Delivery Optimization.
    .EXAMPLE
    Get-BackgroundCopyJob -Service bits -State BG_JOB_STATE_TRANSFERRED | Complete-BackgroundCopyJob -PassThru
    Completes the jobs of BITS that are transferred and shows what became of each.
    .EXAMPLE
    Get-BackgroundCopyJob -Service bits -Name 'Nightly*' | Complete-BackgroundCopyJob -WhatIf
    Shows which jobs would be completed.
    .NOTES
    Delivery Optimization has this interface since Windows 10, version 1709, and Windows Server, version 1709.
    .LINK
    https://learn.microsoft.com/windows/win32/delivery_optimization/ibackgroundcopyjob-complete
    .LINK
    Stop-BackgroundCopyJob
    #>
    [CmdletBinding(SupportsShouldProcess)]
    [OutputType('BackgroundCopy.JobResult')]
    param(
        [Parameter(Mandatory, Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [Alias('JobId')]
        [guid[]]$Id,

        [Parameter(ValueFromPipelineByPropertyName)]
        [ValidateSet('delivery-optimization', 'bits')]
        [string]$Service = 'delivery-optimization',

        [switch]$PassThru
    )

    begin {
        Assert-FullLanguage
        $jobs = [Collections.Generic.List[object]]::new()
    }
    process { foreach ($jobId in $Id) { $jobs.Add(@{ Id = $jobId; Service = $Service }) } }
    end { Invoke-VerbCommand $PSCmdlet $jobs 'Complete' 'completeAction' $PassThru }
}

function Stop-BackgroundCopyJob {
    <#
    .EXTERNALHELP BackgroundCopy-help.xml
    .SYNOPSIS
    Cancels background transfer jobs of Delivery Optimization or BITS.
    .DESCRIPTION
    Removes jobs from the transfer queue of the service and deletes their temporary files, by IBackgroundCopyJob::Cancel.
    A job can be canceled in every state but BG_JOB_STATE_CANCELLED and BG_JOB_STATE_ACKNOWLEDGED.

    Each job is canceled by itself: one that is refused is an error of its own and does not keep the others from being
    canceled. The identifier of the error is the name of the code, DO_E_INVALID_STATE for instance, and its exception
    carries the HRESULT. A success with a reservation, such as files that could not be deleted, is a warning.
    .PARAMETER Id
    The identifiers of the jobs to cancel. Objects with a property JobId or Id can be piped in as well.
    .PARAMETER Service
    The service that holds the jobs: delivery-optimization (the default) or bits. Jobs that are piped in bring it along.
    .PARAMETER PassThru
    Outputs an object for each job that was canceled. Without it the command outputs nothing.
    .PARAMETER WhatIf
    Shows which jobs would be canceled. Nothing is canceled, and no service is asked.
    .PARAMETER Confirm
    Asks before each job is canceled.
    .INPUTS
    System.Guid
    .OUTPUTS
    None, or with -PassThru BackgroundCopy.JobResult: JobId, Code, HResult, Message, StateBefore, StateAfter, LeftoverFiles (the
    temporary files that could not be deleted) and JobError (what the job had failed with before).
    .EXAMPLE
    Stop-BackgroundCopyJob -Id 8c0f2f7e-5a0b-4f0e-9a65-1f3f0c8f7b11
    Cancels a job of Delivery Optimization.
    .EXAMPLE
    Get-BackgroundCopyJob -Service bits -Name 'Nightly*' | Stop-BackgroundCopyJob -PassThru
    Cancels the BITS jobs whose name starts with Nightly and shows what became of each.
    .EXAMPLE
    Import-Csv jobs.csv | Stop-BackgroundCopyJob -WhatIf
    Shows which jobs would be canceled for a file with a column JobId. Nothing is canceled.
    .EXAMPLE
    Stop-BackgroundCopyJob -Id $ids -ErrorAction SilentlyContinue -ErrorVariable refused
    $refused | Where-Object FullyQualifiedErrorId -notlike 'DO_E_INVALID_STATE,*'
    Cancels many jobs and shows what was refused, except jobs that were over already.
    .NOTES
    Delivery Optimization has this interface since Windows 10, version 1709, and Windows Server, version 1709.
    .LINK
    https://learn.microsoft.com/windows/win32/delivery_optimization/ibackgroundcopyjob-cancel
    .LINK
    Complete-BackgroundCopyJob
    #>
    [CmdletBinding(SupportsShouldProcess)]
    [OutputType('BackgroundCopy.JobResult')]
    param(
        [Parameter(Mandatory, Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [Alias('JobId')]
        [guid[]]$Id,

        [Parameter(ValueFromPipelineByPropertyName)]
        [ValidateSet('delivery-optimization', 'bits')]
        [string]$Service = 'delivery-optimization',

        [switch]$PassThru
    )

    begin {
        Assert-FullLanguage
        $jobs = [Collections.Generic.List[object]]::new()
    }
    process { foreach ($jobId in $Id) { $jobs.Add(@{ Id = $jobId; Service = $Service }) } }
    end { Invoke-VerbCommand $PSCmdlet $jobs 'Cancel' 'cancelAction' $PassThru }
}

Export-ModuleMember -Function Suspend-BackgroundCopyJob, Resume-BackgroundCopyJob, Complete-BackgroundCopyJob, Stop-BackgroundCopyJob
