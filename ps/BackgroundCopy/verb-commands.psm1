Set-StrictMode -Version Latest

# The commands for people that call a method of IBackgroundCopyJob for one job or many.

Import-Module -Verbose:$false -Name ("$PSScriptRoot/people.psm1" -replace '[][*?`]', '`$0') -Function Assert-FullLanguage, Invoke-VerbCommand

function Suspend-BackgroundCopyJob {
    <#
    .EXTERNALHELP BackgroundCopy-help.xml
    .SYNOPSIS
    Suspends background transfer jobs of Delivery Optimization or BITS.
    .DESCRIPTION
    Suspends jobs with IBackgroundCopyJob::Suspend. The transfer stops, and the data received so far is kept. Resume-BackgroundCopyJob
    continues the transfer from there. A job that is already suspended remains unchanged.

    Each job is suspended separately. If the service refuses to suspend a job, the command writes an error and continues with the other
    jobs. The error ID starts with the name of the code, such as DO_E_INVALID_STATE, and the exception contains the HRESULT.
    .PARAMETER Id
    Specifies the IDs of the jobs to suspend. You can also pipe objects with a JobId or Id property to this command.
    .PARAMETER Service
    Specifies the service that manages the jobs: delivery-optimization (the default) or bits. Piped jobs already specify their service.
    .PARAMETER PassThru
    Returns an object for each suspended job. By default, this command doesn't return any output.
    .PARAMETER WhatIf
    Shows which jobs would be suspended. Nothing is changed, and no service is contacted.
    .PARAMETER Confirm
    Prompts for confirmation before each job is suspended.
    .INPUTS
    System.Guid
    .OUTPUTS
    None. With -PassThru, BackgroundCopy.JobResult: JobId, Code, HResult, Message, StateBefore, StateAfter.
    .EXAMPLE
    Suspend-BackgroundCopyJob -Id 8c0f2f7e-5a0b-4f0e-9a65-1f3f0c8f7b11
    Suspends a Delivery Optimization job.
    .EXAMPLE
    Get-BackgroundCopyJob -Service bits -State BG_JOB_STATE_TRANSFERRING | Suspend-BackgroundCopyJob
    Suspends the BITS jobs that are transferring.
    .EXAMPLE
    Import-Csv jobs.csv | Suspend-BackgroundCopyJob -WhatIf
    Shows which jobs would be suspended, from a CSV file with a JobId column.
    .NOTES
    The interface of Delivery Optimization requires Windows 10, version 1709, or Windows Server, version 1709, or later.
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
    Starts new jobs, and resumes suspended and failed jobs.
    .DESCRIPTION
    Adds jobs to the transfer queue with IBackgroundCopyJob::Resume. A new job is suspended until you resume it for the first time. If the
    state of a job is BG_JOB_STATE_ERROR, the service retries the transfer. If the state is BG_JOB_STATE_TRANSIENT_ERROR, it retries
    immediately.

    Each job is resumed separately. If the service refuses to resume a job, for example because it contains no files, the command writes
    an error and continues with the other jobs. The error ID starts with the name of the code, and the exception contains the HRESULT.
    .PARAMETER Id
    Specifies the IDs of the jobs to resume. You can also pipe objects with a JobId or Id property to this command.
    .PARAMETER Service
    Specifies the service that manages the jobs: delivery-optimization (the default) or bits. Piped jobs already specify their service.
    .PARAMETER PassThru
    Returns an object for each resumed job. By default, this command doesn't return any output.
    .PARAMETER WhatIf
    Shows which jobs would be resumed. Nothing is changed, and no service is contacted.
    .PARAMETER Confirm
    Prompts for confirmation before each job is resumed.
    .INPUTS
    System.Guid
    .OUTPUTS
    None. With -PassThru, BackgroundCopy.JobResult: JobId, Code, HResult, Message, StateBefore, StateAfter.
    .EXAMPLE
    Resume-BackgroundCopyJob -Id 8c0f2f7e-5a0b-4f0e-9a65-1f3f0c8f7b11
    Resumes a Delivery Optimization job.
    .EXAMPLE
    New-BackgroundCopyJob 'Nightly' -RemoteUrl https://example.com/a.bin -LocalName C:\Downloads\a.bin | Resume-BackgroundCopyJob -PassThru
    Creates a job with one file and starts it.
    .EXAMPLE
    Get-BackgroundCopyJob -Service bits -State BG_JOB_STATE_ERROR | Resume-BackgroundCopyJob -WhatIf
    Shows which failed BITS jobs would be resumed.
    .NOTES
    The interface of Delivery Optimization requires Windows 10, version 1709, or Windows Server, version 1709, or later.
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
    Completes background transfer jobs and saves their files.
    .DESCRIPTION
    Completes jobs with IBackgroundCopyJob::Complete and gives the transferred files their local names. If you don't complete a job, the
    service deletes its files after some time. You can complete a job before all its files are transferred. Complete files are kept, the
    other files are deleted, and a warning reports this (BG_S_PARTIAL_COMPLETE).

    Each job is completed separately. If the service refuses to complete a job, the command writes an error and continues with the other
    jobs. The error ID starts with the name of the code, and the exception contains the HRESULT.
    .PARAMETER Id
    Specifies the IDs of the jobs to complete. You can also pipe objects with a JobId or Id property to this command.
    .PARAMETER Service
    Specifies the service that manages the jobs: delivery-optimization (the default) or bits. Piped jobs already specify their service.
    .PARAMETER PassThru
    Returns an object for each completed job. By default, this command doesn't return any output.
    .PARAMETER WhatIf
    Shows which jobs would be completed. Nothing is changed, and no service is contacted.
    .PARAMETER Confirm
    Prompts for confirmation before each job is completed.
    .INPUTS
    System.Guid
    .OUTPUTS
    None. With -PassThru, BackgroundCopy.JobResult: JobId, Code, HResult, Message, StateBefore, StateAfter, and LeftoverFiles (the
    temporary files that could not be deleted).
    .EXAMPLE
    Complete-BackgroundCopyJob -Id 8c0f2f7e-5a0b-4f0e-9a65-1f3f0c8f7b11
    Completes a Delivery Optimization job.
    .EXAMPLE
    Get-BackgroundCopyJob -Service bits -State BG_JOB_STATE_TRANSFERRED | Complete-BackgroundCopyJob -PassThru
    Completes the transferred BITS jobs and shows the results.
    .EXAMPLE
    Get-BackgroundCopyJob -Service bits -Name 'Nightly*' | Complete-BackgroundCopyJob -WhatIf
    Shows which jobs would be completed.
    .NOTES
    The interface of Delivery Optimization requires Windows 10, version 1709, or Windows Server, version 1709, or later.
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
    Cancels jobs with IBackgroundCopyJob::Cancel: removes them from the transfer queue and deletes their temporary files. You can cancel a
    job in every state except BG_JOB_STATE_CANCELLED and BG_JOB_STATE_ACKNOWLEDGED.

    Each job is canceled separately. If the service refuses to cancel a job, the command writes an error and continues with the other
    jobs. The error ID starts with the name of the code, such as DO_E_INVALID_STATE, and the exception contains the HRESULT. If a job is
    canceled but its temporary files could not be deleted, the command writes a warning.
    .PARAMETER Id
    Specifies the IDs of the jobs to cancel. You can also pipe objects with a JobId or Id property to this command.
    .PARAMETER Service
    Specifies the service that manages the jobs: delivery-optimization (the default) or bits. Piped jobs already specify their service.
    .PARAMETER PassThru
    Returns an object for each canceled job. By default, this command doesn't return any output.
    .PARAMETER WhatIf
    Shows which jobs would be canceled. Nothing is canceled, and no service is contacted.
    .PARAMETER Confirm
    Prompts for confirmation before each job is canceled.
    .INPUTS
    System.Guid
    .OUTPUTS
    None. With -PassThru, BackgroundCopy.JobResult: JobId, Code, HResult, Message, StateBefore, StateAfter, LeftoverFiles (the temporary
    files that could not be deleted), and JobError (the previous error of the job).
    .EXAMPLE
    Stop-BackgroundCopyJob -Id 8c0f2f7e-5a0b-4f0e-9a65-1f3f0c8f7b11
    Cancels a Delivery Optimization job.
    .EXAMPLE
    Get-BackgroundCopyJob -Service bits -Name 'Nightly*' | Stop-BackgroundCopyJob -PassThru
    Cancels the BITS jobs whose names start with Nightly and shows the results.
    .EXAMPLE
    Import-Csv jobs.csv | Stop-BackgroundCopyJob -WhatIf
    Shows which jobs would be canceled, from a CSV file with a JobId column. Nothing is canceled.
    .EXAMPLE
    Stop-BackgroundCopyJob -Id $ids -ErrorAction SilentlyContinue -ErrorVariable refused
    $refused | Where-Object FullyQualifiedErrorId -notlike 'DO_E_INVALID_STATE,*'
    Cancels many jobs and shows the errors, except for jobs that were already canceled or completed.
    .NOTES
    The interface of Delivery Optimization requires Windows 10, version 1709, or Windows Server, version 1709, or later.
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
