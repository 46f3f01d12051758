Set-StrictMode -Version Latest

# What the commands for people report besides their output: error records and warnings.

Import-Module -Verbose:$false -Name ("$PSScriptRoot/services.psm1" -replace '[][*?`]', '`$0') -Function Test-BitsJob
Import-Module -Verbose:$false -Name ("$PSScriptRoot/messages.psm1" -replace '[][*?`]', '`$0') -Function Get-Message, Get-HResultMessage

$script:notImplemented = 0x80004001

function Get-RefusalCategory([string]$Hex) {
    switch ($Hex) {
        { $_ -in '0x80D02013', '0x80200002' } { return 'InvalidOperation' }
        { $_ -in '0x80D02003', '0x80200001' } { return 'ObjectNotFound' }
        '0x80070005' { return 'PermissionDenied' }
        { $_ -in '0x80070057', '0x8020002B', '0x8020002C', '0x80D05010', '0x80D05012' } { return 'InvalidArgument' }
        { $_ -in '0x80004001', '0x80004002' } { return 'NotImplemented' }
        { $_ -in '0x80200049', '0x80200050', '0x80200051', '0x80200052' } { return 'LimitsExceeded' }
        # RPC, the activation of the service, the service itself
        { $_ -in '0x800706BA', '0x800706BE', '0x80010108', '0x80040154', '0x80080005', '0x80070422', '0x80070426', '0x80D01001' } { return 'ResourceUnavailable' }
        default { return 'NotSpecified' }
    }
}

# What a service without such a method does not support: its messages are those of the SDK.
$script:features = @{
    'IBackgroundCopyManager::CreateJob'      = 'uploads'
    'IBackgroundCopyManager::EnumJobs'       = 'listJobs'
    'IBackgroundCopyJob::TakeOwnership'      = 'takeOwnership'
    'IBackgroundCopyJob2::SetCredentials'    = 'credentials'
    'IBackgroundCopyJob2::RemoveCredentials' = 'credentials'
}

# The messages for an unsupported operation, Text and Advice; nothing for other answers. Feature is the operation if the method alone does
# not identify it.
function Get-UnsupportedWord($Answer, [string]$Service, [string]$Feature) {
    if ($Answer.Code -ne $script:notImplemented) { return }
    if ($Answer['Lacking']) {
        return @{
            Text   = Get-Message 'bridge', 'UNSUPPORTED_securityFlags' @{ service = $Service; name = '0x{0:X4}' -f $Answer.Lacking }
            Advice = Get-Message 'bridgeAdvice', 'UNSUPPORTED_securityFlags'
        }
    }
    if ($Answer['Property']) {
        return @{ Text = Get-Message 'bridge', 'UNSUPPORTED_setting' @{ service = $Service; name = $Answer.Property }; Advice = $null }
    }
    if (-not $Feature) { $Feature = $script:features[$Answer.Method] }
    # The advice is to use the other service.
    if (-not $Feature -or $Service -ne 'delivery-optimization') { return }
    @{
        Text   = Get-Message 'bridge', "UNSUPPORTED_$Feature" @{ service = $Service }
        Advice = Get-Message 'bridgeAdvice', "UNSUPPORTED_$Feature"
    }
}

# A refusal as an error record: identified by its code, with the message for its method or the given one.
function New-RefusalRecord($Answer, $Target, $Words) {
    $message = Get-HResultMessage $Answer.Code $Answer.Method
    $text = $message.Text
    $advice = $message.Advice
    if (Test-BitsJob $Answer.Code "$Target") { $text += (Get-Message 'betweenSentences') + (Get-Message 'knownTo' @{ service = 'bits' }) }
    if ($Words -and $Words.Text) { $text = $Words.Text }
    if ($Words -and $Words.Advice) { $advice = $Words.Advice }
    $exception = [Runtime.InteropServices.COMException]::new($text, $Answer.Code)
    $record = [Management.Automation.ErrorRecord]::new($exception, $message.Name, (Get-RefusalCategory $message.Hex), $Target)
    # The displayed message: for one of many jobs, it must name the job.
    $record.ErrorDetails = [Management.Automation.ErrorDetails]::new("${Target}: $text")
    if ($advice) { $record.ErrorDetails.RecommendedAction = $advice }
    $record
}

# Reports an answer beyond its result: a refusal as a non-terminating error, a success with a warning as a warning. Returns whether it was
# a success.
function Write-Answer($Command, $Answer, $Target, $Words) {
    if ($Answer.Code -lt 0) {
        $Command.WriteError((New-RefusalRecord $Answer $Target $Words))
        return $false
    }
    if ($Answer.Code -ne 0) { $Command.WriteWarning("${Target}: $((Get-HResultMessage $Answer.Code $Answer.Method).Text)") }
    $true
}

# Ends a command with an invalid argument, before anything is sent.
function Stop-Command($Command, [string]$ErrorId, [string[]]$Path, [hashtable]$Values, $Target) {
    $text = Get-Message $Path $Values
    if (-not $text) { $text = $ErrorId }
    $Command.ThrowTerminatingError([Management.Automation.ErrorRecord]::new([ArgumentException]::new($text), $ErrorId, 'InvalidArgument', $Target))
}

Export-ModuleMember -Function Get-UnsupportedWord, New-RefusalRecord, Write-Answer, Stop-Command
