Set-StrictMode -Version Latest

# Makes calls that the commands and the SDK can't make: COM methods with arbitrary arguments. Each call has its own job, which is canceled
# afterwards. refused-rows.js prepares the calls.
foreach ($file in "$PSScriptRoot/../../ps/BackgroundCopy/com.psm1", "$PSScriptRoot/raw-arguments.psm1") {
    Import-Module -Name ($file -replace '[][*?`]', '`$0')
}

$script:marshal = [Runtime.InteropServices.Marshal]
$script:classIds = @{
    'bits'        = '4991D34B-80A1-4291-83B6-3328366B9097'
    'do-job'      = '5B99FA76-721C-423C-ADAC-56D03C8A8007'
    'do-download' = '5B99FA76-721C-423C-ADAC-56D03C8A8007'
}
$script:unknownSize = [uint64]::MaxValue
# DODownloadProperty_Uri and DODownloadProperty_LocalPath, and a DODownloadState
$script:uri = 1
$script:localPath = 4
$script:arrived = 2
# BG_JOB_STATE
$script:inError = 4
$script:transferred = 6
$script:made = [Collections.ArrayList]::new()
# Every object that a call returned. The service must not hold them after the row.
$script:held = [Collections.ArrayList]::new()

# Calls a method, by its documented name, and returns its HRESULT. $Answers receives the [out] parameters.
function Invoke-Raw($Object, [string]$Method, $Arguments, [ref]$Answers) {
    $interface, $name = $Method -split '::'
    $call = (Get-ComInterface $interface).GetMethod($name)
    $given = [Collections.Queue]::new(@($Arguments))
    $all = [object[]]@(foreach ($parameter in $call.GetParameters()) {
            if ($parameter.IsOut -and -not $parameter.IsIn) { , $null }
            else { , (ConvertTo-Argument $given.Dequeue() $parameter.ParameterType) }
        })
    if ($given.Count -ne 0) { throw "$Method takes fewer arguments" }
    $code = $call.Invoke($Object, $all)
    foreach ($answer in $all) {
        if ($null -ne $answer -and $script:marshal::IsComObject($answer)) { $null = $script:held.Add($answer) }
    }
    if ($null -ne $Answers) { $Answers.Value = $all }
    $code
}

# Calls a method that must succeed, and returns its last parameter.
function Invoke-Sure($Object, [string]$Method, $Arguments) {
    $answers = @()
    $code = Invoke-Raw $Object $Method $Arguments ([ref]$answers)
    if ($code -lt 0) { throw ('{0}: 0x{1:X8}' -f $Method, $code) }
    if ($answers.Count -gt 0) { , $answers[-1] }
}

function Add-File([string]$Contract, $Job, [string]$Url, [string]$LocalName) {
    switch ($Contract) {
        'bits' { $null = Invoke-Sure $Job 'IBackgroundCopyJob::AddFile' @($Url, $LocalName) }
        'do-job' {
            $arguments = @([string][guid]::NewGuid(), $Url, $LocalName, 0, $null, $script:unknownSize)
            $null = Invoke-Sure $Job 'IDeliveryOptimizationJob::AddFileWithRanges' $arguments
        }
        'do-download' {
            foreach ($property in @($script:uri, $Url), @($script:localPath, $LocalName)) {
                $null = Invoke-Sure $Job 'IDODownload::SetProperty' @($property[0], [pscustomobject]@{ variant = 'string', $property[1] })
            }
        }
    }
}

function Get-State([string]$Contract, $Job) {
    if ($Contract -ne 'do-download') { return Invoke-Sure $Job 'IBackgroundCopyJob::GetState' @() }
    # DO_DOWNLOAD_STATUS: the state comes after two 64-bit counts.
    $status = [Runtime.InteropServices.Marshal]::AllocHGlobal(64)
    $code = (Get-ComInterface 'IDODownload').GetMethod('GetStatus').Invoke($Job, [object[]]@($status))
    if ($code -lt 0) { throw ('IDODownload::GetStatus: 0x{0:X8}' -f $code) }
    [Runtime.InteropServices.Marshal]::ReadInt32($status, 16)
}

function Wait-State([string]$Contract, $Job, [int]$State) {
    for ($tries = 0; (Get-State $Contract $Job) -ne $State; $tries++) {
        if ($tries -eq 600) { throw "the job does not come to state $State" }
        Start-Sleep -Milliseconds 50
    }
}

function Start-Job([string]$Contract, $Job) {
    if ($Contract -ne 'do-download') { $null = Invoke-Sure $Job 'IBackgroundCopyJob::Resume' @() }
    else { $null = Invoke-Sure $Job 'IDODownload::Start' @(, [pscustomobject]@{ rangesInfo = @() }) }
}

function Set-State([string]$Contract, $Job, [string]$State) {
    $isDownload = $Contract -eq 'do-download'
    switch ($State) {
        'canceled' { $null = Invoke-Sure $Job $(if ($isDownload) { 'IDODownload::Abort' } else { 'IBackgroundCopyJob::Cancel' }) @() }
        'started' { Start-Job $Contract $Job }
        'transferred' { Start-Job $Contract $Job; Wait-State $Contract $Job $script:transferred }
        'error' { Start-Job $Contract $Job; Wait-State $Contract $Job $script:inError }
        'completed' {
            Start-Job $Contract $Job
            Wait-State $Contract $Job $script:arrived
            $null = Invoke-Sure $Job 'IDODownload::Finalize' @()
        }
        default { throw "no such state: $State" }
    }
}

# Creates a job, to be canceled after the row.
function New-Job([string]$Contract, $Manager, [int]$Type) {
    if ($Contract -eq 'do-download') { $job = Invoke-Sure $Manager 'IDOManager::CreateDownload' @() }
    else { $job = Invoke-Sure $Manager 'IBackgroundCopyManager::CreateJob' @('a job', $Type) }
    $null = $script:made.Add($job)
}

# The object of the row's call: the manager, or a job, its file, or its error.
function New-Subject([string]$Contract, $Manager, $Row) {
    $interface = ($Row.method -split '::')[0]
    if ($interface -match 'Manager$') { return , $Manager }

    if ($null -ne $Row.foreignId) { return , (Invoke-Sure $Manager 'IBackgroundCopyManager::GetJob' @(, $Row.foreignId)) }

    $state = $Row.job.state
    New-Job $Contract $Manager $Row.job.type
    $job = $script:made[0]
    foreach ($file in $Row.job.files) { Add-File $Contract $job $file[0] $file[1] }
    foreach ($call in $Row.before) { $null = Invoke-Sure $job $call[0] $call[1] }

    $subject = $job
    if ($interface -match 'File') { $subject = Get-FirstFile $job }
    if ($null -ne $state) { Set-State $Contract $job $state }
    if ($interface -match 'Error$') { $subject = Invoke-Sure $job 'IBackgroundCopyJob::GetError' @() }
    , $subject
}

function Get-FirstFile($Job) {
    $answers = @()
    $files = Invoke-Sure $Job 'IBackgroundCopyJob::EnumFiles' @()
    $null = Invoke-Raw $files 'IEnumBackgroundCopyFiles::Next' @(1, 0) ([ref]$answers)
    , $answers[1]
}

# Makes one of the row's calls.
function Invoke-RowCall($Subject, [string]$Method, $Arguments) {
    $answers = @()
    Invoke-Raw $Subject $Method $Arguments ([ref]$answers)
    if ($Method -eq 'IBackgroundCopyManager::CreateJob' -and $null -ne $answers[-1]) { $null = $script:made.Add($answers[-1]) }
}

# Cancels the jobs of the row, and releases its objects. Some of them have ended, and the service may have ended as well.
function Remove-Job([string]$Contract) {
    $method = if ($Contract -eq 'do-download') { 'IDODownload::Abort' } else { 'IBackgroundCopyJob::Cancel' }
    foreach ($job in $script:made) {
        try { $null = Invoke-Raw $job $method @() }
        catch [InvalidCastException] { $null = $_ }
    }
    $script:made.Clear()
    foreach ($one in $script:held) { $null = $script:marshal::ReleaseComObject($one) }
    $script:held.Clear()
}

# Writes a line of JSON for each row of the file: the HRESULTs of the refused and of the allowed call.
function Invoke-RefusedRow([string]$Contract, [string]$Path) {
    $interface = if ($Contract -eq 'do-download') { 'IDOManager' } else { 'IBackgroundCopyManager' }
    $manager = (New-ComInstance $script:classIds[$Contract] (Get-ComInterface $interface)).Instance
    foreach ($row in [IO.File]::ReadAllText($Path) | ConvertFrom-Json) {
        $answer = @{}
        try {
            for ($i = 0; $i -lt $row.own; $i++) { New-Job $Contract $manager 0 }
            $subject = New-Subject $Contract $manager $row
            $answer.refused = Invoke-RowCall $subject $row.method $row.arguments
            # On the same object, to show that the refused call did no harm.
            if ($null -ne $row.allowed) { $answer.allowed = Invoke-RowCall $subject $row.method $row.allowed }
        }
        catch { $answer.failed = "$_" }
        Remove-Job $Contract
        ConvertTo-Json -InputObject $answer -Compress
    }
    $null = $script:marshal::ReleaseComObject($manager)
}

Export-ModuleMember -Function Invoke-RefusedRow
