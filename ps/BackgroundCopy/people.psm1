Set-StrictMode -Version Latest

# Shared by the commands for people: the service, which is opened on demand, the output of a job, and the methods for many jobs.

Import-Module -Verbose:$false -Name ("$PSScriptRoot/services.psm1" -replace '[][*?`]', '`$0') -Function Open-TransferService, Close-TransferService
Import-Module -Verbose:$false -Name ("$PSScriptRoot/jobs.psm1" -replace '[][*?`]', '`$0') -Function Invoke-JobVerb, Read-TransferJob
Import-Module -Verbose:$false -Name ("$PSScriptRoot/messages.psm1" -replace '[][*?`]', '`$0') -Function Get-Message, Get-HResultMessage
Import-Module -Verbose:$false -Name ("$PSScriptRoot/values.psm1" -replace '[][*?`]', '`$0') -Function ConvertTo-EnumerationName
Import-Module -Verbose:$false -Name ("$PSScriptRoot/refusals.psm1" -replace '[][*?`]', '`$0') -Function New-RefusalRecord, Write-Answer
Import-Module -Verbose:$false -Name ("$PSScriptRoot/objects.psm1" -replace '[][*?`]', '`$0') -Function ConvertTo-JobObject, ConvertTo-ErrorObject

# The rest of the module works only in Full Language Mode.
function Assert-FullLanguage {
    if ("$($ExecutionContext.SessionState.LanguageMode)" -eq 'FullLanguage') { return }
    $text = Get-Message 'bridge', 'CONSTRAINED_LANGUAGE'
    if (-not $text) { $text = 'CONSTRAINED_LANGUAGE' }
    Write-Error -Message $text -ErrorId 'CONSTRAINED_LANGUAGE' -Category SecurityError -ErrorAction Stop
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
    if ($null -eq $answer.Service) { $Command.ThrowTerminatingError((New-RefusalRecord $answer $Name $null)) }
    $answer.Service
}

# The open service of that name; opens it if necessary. Close the services with Close-Service.
function Get-OpenService([hashtable]$Services, $Command, [string]$Name) {
    if (-not $Services.ContainsKey($Name)) { $Services[$Name] = Open-Service $Command $Name }
    $Services[$Name]
}

function Close-Service([hashtable]$Services) {
    foreach ($opened in $Services.Values) { Close-TransferService $opened }
}

# The LANGID of the user's language.
function Get-LanguageId { [Globalization.CultureInfo]::CurrentUICulture.LCID -band 0xFFFF }

# Outputs a job, or writes an error.
function Write-Job($Command, $Opened, [string]$Service, [guid]$Id, [bool]$Detailed) {
    $detail = if ($Detailed) { 'all' } else { 'summary' }
    $answer = Read-TransferJob $Opened "$Id" $detail (Get-LanguageId)
    if (Write-Answer $Command $answer $Id) { ConvertTo-JobObject $Service "$Id" $answer.Job $Detailed }
}

# The text of an action, or its documented name.
function Get-Action([string]$Key, [string]$Documented, [hashtable]$Values = @{}) {
    $text = Get-Message @('cmdlet', $Key) $Values
    if ($text) { $text } else { $Documented }
}

# Processes each job separately, at the end of the pipeline: only there can the service be released in every case.
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
                $result.JobError = if ($null -ne $answer.JobError) { ConvertTo-ErrorObject $answer.JobError } else { $null }
            }
            [pscustomobject]$result
        }
    }
    finally {
        Close-Service $services
    }
}

Export-ModuleMember -Function Assert-FullLanguage, Get-OpenService, Close-Service, Get-LanguageId, Get-Action, Write-Job, Invoke-VerbCommand
