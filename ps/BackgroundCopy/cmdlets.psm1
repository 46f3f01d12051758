Set-StrictMode -Version Latest

# The commands for people.

# The position is the value of BG_JOB_STATE.
$script:stateNames = @(
    'BG_JOB_STATE_QUEUED', 'BG_JOB_STATE_CONNECTING', 'BG_JOB_STATE_TRANSFERRING', 'BG_JOB_STATE_SUSPENDED', 'BG_JOB_STATE_ERROR',
    'BG_JOB_STATE_TRANSIENT_ERROR', 'BG_JOB_STATE_TRANSFERRED', 'BG_JOB_STATE_ACKNOWLEDGED', 'BG_JOB_STATE_CANCELLED'
)

function ConvertTo-StateName($State) {
    if ($null -eq $State) { return }
    if ($State -ge 0 -and $State -lt $script:stateNames.Count) { return $script:stateNames[$State] }
    "BG_JOB_STATE($State)"
}

function Get-RefusalCategory([string]$Hex) {
    switch ($Hex) {
        { $_ -in '0x80D02013', '0x80200002' } { return 'InvalidOperation' }
        { $_ -in '0x80D02003', '0x80200001' } { return 'ObjectNotFound' }
        '0x80070005' { return 'PermissionDenied' }
        # RPC, the activation of the service, the service itself
        { $_ -in '0x800706BA', '0x800706BE', '0x80010108', '0x80040154', '0x80080005', '0x80070422', '0x80070426', '0x80D01001' } { return 'ResourceUnavailable' }
        default { return 'NotSpecified' }
    }
}

function New-RefusalRecord($Answer, $Message, $Target) {
    $exception = [Runtime.InteropServices.COMException]::new($Message.Text, $Answer.Code)
    [Management.Automation.ErrorRecord]::new($exception, $Message.Name, (Get-RefusalCategory $Message.Hex), $Target)
}

function Stop-BackgroundCopyJob {
    <#
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
    The service that holds the jobs: delivery-optimization (the default) or bits.
    .PARAMETER PassThru
    Outputs an object for each job that was canceled. Without it the command outputs nothing.
    .PARAMETER WhatIf
    Shows which jobs would be canceled. Nothing is canceled, and no service is asked.
    .PARAMETER Confirm
    Asks before each job is canceled.
    .INPUTS
    System.Guid
    .OUTPUTS
    None, or with -PassThru BackgroundCopy.CancelResult: JobId, Code, HResult, Message, StateBefore, StateAfter.
    .EXAMPLE
    Stop-BackgroundCopyJob -Id 8c0f2f7e-5a0b-4f0e-9a65-1f3f0c8f7b11
    Cancels a job of Delivery Optimization.
    .EXAMPLE
    Get-BitsTransfer -Name 'Nightly*' | Stop-BackgroundCopyJob -Service bits -PassThru
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
    #>
    [CmdletBinding(SupportsShouldProcess)]
    [OutputType('BackgroundCopy.CancelResult')]
    param(
        [Parameter(Mandatory, Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [Alias('JobId')]
        [guid[]]$Id,

        [ValidateSet('delivery-optimization', 'bits')]
        [string]$Service = 'delivery-optimization',

        [switch]$PassThru
    )

    begin {
        # Here, because the host need not wait for them.
        Import-Module -Verbose:$false -Name ("$PSScriptRoot/jobs.psm1" -replace '[][*?`]', '`$0') -Function Open-TransferService, Close-TransferService, Stop-TransferJob
        Import-Module -Verbose:$false -Name ("$PSScriptRoot/messages.psm1" -replace '[][*?`]', '`$0') -Function Get-Message, Get-HResultMessage

        # Nothing else here works in another mode.
        if ("$($ExecutionContext.SessionState.LanguageMode)" -ne 'FullLanguage') {
            $text = Get-Message 'bridge', 'CONSTRAINED_LANGUAGE'
            if (-not $text) { $text = 'CONSTRAINED_LANGUAGE' }
            Write-Error -Message $text -ErrorId 'CONSTRAINED_LANGUAGE' -Category SecurityError -ErrorAction Stop
        }
        $ids = [Collections.Generic.List[guid]]::new()
    }

    process {
        $ids.AddRange($Id)
    }

    # The jobs are canceled at the end, because only there can the service be released whatever ends the pipeline.
    end {
        $action = Get-Message 'cmdlet', 'cancelAction'
        if (-not $action) { $action = 'IBackgroundCopyJob::Cancel' }

        $opened = $null
        try {
            foreach ($jobId in $ids) {
                if (-not $PSCmdlet.ShouldProcess("$jobId", $action)) { continue }
                if ($null -eq $opened) { $opened = Open-Service $PSCmdlet $Service }

                $answer = Stop-TransferJob $opened $jobId
                $message = Get-HResultMessage $answer.Code $answer.Method
                if ($answer.Code -lt 0) {
                    $PSCmdlet.WriteError((New-RefusalRecord $answer $message $jobId))
                    continue
                }
                if ($answer.Code -ne 0) { $PSCmdlet.WriteWarning("${jobId}: $($message.Text)") }
                if ($PassThru) {
                    [pscustomobject]@{
                        PSTypeName  = 'BackgroundCopy.CancelResult'
                        JobId       = $jobId
                        Code        = $message.Name
                        HResult     = $message.Hex
                        Message     = $message.Text
                        StateBefore = ConvertTo-StateName $answer.StateBefore
                        StateAfter  = ConvertTo-StateName $answer.StateAfter
                    }
                }
            }
        }
        finally {
            if ($null -ne $opened) { Close-TransferService $opened }
        }
    }
}

# The service, or the error that ends the command.
function Open-Service($Command, [string]$Name) {
    $answer = Open-TransferService $Name
    if ($answer.Obstacle) {
        $text = Get-Message 'bridge', $answer.Obstacle @{ service = $Name; platform = "$([Environment]::OSVersion.Platform)" }
        if (-not $text) { $text = $answer.Detail }
        $category = if ($answer.Obstacle -eq 'UNSUPPORTED') { 'NotImplemented' } else { 'SecurityError' }
        $exception = [InvalidOperationException]::new($text)
        $Command.ThrowTerminatingError([Management.Automation.ErrorRecord]::new($exception, $answer.Obstacle, $category, $Name))
    }
    if ($null -eq $answer.Service) {
        $Command.ThrowTerminatingError((New-RefusalRecord $answer (Get-HResultMessage $answer.Code $answer.Method) $Name))
    }
    $answer.Service
}

Export-ModuleMember -Function Stop-BackgroundCopyJob
