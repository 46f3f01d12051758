Set-StrictMode -Version Latest

# What can be done with a service and its jobs, one function a verb. An answer is a hashtable with Code (the HRESULT) and
# Method (the COM call that answered), so a refusal is an answer too.
#
# Module logging and transcription write down the values that a command's parameters are bound to. URLs, file names and
# display names can hold secrets: the functions that take them are to be called through their script block's
# InvokeReturnAsIs, which binds nothing, and hand them to nothing but the COM call.

$script:classIds = @{
    'delivery-optimization' = '5B99FA76-721C-423C-ADAC-56D03C8A8007'
    'bits'                  = '4991D34B-80A1-4291-83B6-3328366B9097'
}
$script:invalidArgument = 0x80070057

# Activates the class of a service. Service is $null in the answer where that was refused. Where it was not even tried,
# Obstacle says why in a word, UNSUPPORTED or DYNAMIC_CODE_BLOCKED, and Detail what the system said.
function Open-TransferService([string]$Name) {
    if ([Environment]::OSVersion.Platform -ne [PlatformID]::Win32NT) {
        return @{ Obstacle = 'UNSUPPORTED'; Detail = 'There is no COM on this system.'; Service = $null }
    }
    # Not before it is needed: it takes time, and PowerShell logs a warning for a script with such words in it.
    Import-Module -Name ("$PSScriptRoot/com.psm1" -replace '[][*?`]', '`$0') -Function Get-ComInterface, Get-Ole32, New-ComInstance, Set-ComImpersonation
    try {
        $managerType = Get-ComInterface 'IBackgroundCopyManager'
        $jobType = Get-ComInterface 'IBackgroundCopyJob'
        $null = Get-Ole32
    }
    catch {
        return @{ Obstacle = 'DYNAMIC_CODE_BLOCKED'; Detail = $_.Exception.GetBaseException().Message; Service = $null }
    }

    $activated = New-ComInstance $script:classIds[$Name] $managerType
    $answer = @{ Obstacle = $null; Code = $activated.Code; Method = 'CoCreateInstance'; Service = $null }
    if ($activated.Code -lt 0) { return $answer }

    # Delivery Optimization acts in the name of the caller, so each of its proxies has to let it.
    $impersonates = $Name -eq 'delivery-optimization'
    if ($impersonates) {
        $code = Set-ComImpersonation $activated.Instance $managerType
        if ($code -lt 0) {
            $null = [Runtime.InteropServices.Marshal]::ReleaseComObject($activated.Instance)
            return @{ Obstacle = $null; Code = $code; Method = 'CoSetProxyBlanket'; Service = $null }
        }
    }
    $answer.Service = @{
        Manager      = $activated.Instance
        Impersonates = $impersonates
        JobType      = $jobType
        # Looked up once: the calls of many jobs go through them.
        CreateJob    = $managerType.GetMethod('CreateJob')
        GetJob       = $managerType.GetMethod('GetJob')
        AddFile      = $jobType.GetMethod('AddFile')
        Resume       = $jobType.GetMethod('Resume')
        Cancel       = $jobType.GetMethod('Cancel')
        GetState     = $jobType.GetMethod('GetState')
        SetPriority  = $jobType.GetMethod('SetPriority')
    }
    $answer
}

function Close-TransferService($Service) {
    $null = [Runtime.InteropServices.Marshal]::ReleaseComObject($Service.Manager)
}

# Gets a job by its id. Where the answer has a Job, release it.
function Open-TransferJob($Service, [string]$Id) {
    $answer = @{ Code = $script:invalidArgument; Method = 'IBackgroundCopyManager::GetJob'; Job = $null }
    $guid = [guid]::Empty
    if (-not [guid]::TryParse($Id, [ref]$guid)) { return $answer }

    $arguments = [object[]]@($guid, $null)
    $answer.Code = $Service.GetJob.Invoke($Service.Manager, $arguments)
    if ($answer.Code -lt 0) { return $answer }

    if ($Service.Impersonates) {
        $code = Set-ComImpersonation $arguments[1] $Service.JobType
        if ($code -lt 0) {
            $null = [Runtime.InteropServices.Marshal]::ReleaseComObject($arguments[1])
            return @{ Code = $code; Method = 'CoSetProxyBlanket'; Job = $null }
        }
    }
    $answer.Job = $arguments[1]
    $answer
}

# Creates a job and, where asked to, sets its priority. A job whose priority is refused is canceled again: JobId is in
# the answer only where a job is there.
function New-TransferJob($Service, [string]$DisplayName, [int]$Type, $Priority) {
    $answer = @{ Code = $script:invalidArgument; Method = 'IBackgroundCopyManager::CreateJob'; JobId = $null }
    # COM would cut the name at the NUL.
    if ($DisplayName.IndexOf([char]0) -ge 0) { return $answer }

    $arguments = [object[]]@($DisplayName, $Type, [guid]::Empty, $null)
    $answer.Code = $Service.CreateJob.Invoke($Service.Manager, $arguments)
    if ($answer.Code -lt 0) { return $answer }

    $job = $arguments[3]
    try {
        $answer.JobId = $arguments[2]
        if ($null -eq $Priority) { return $answer }

        $code = 0
        $method = 'CoSetProxyBlanket'
        if ($Service.Impersonates) { $code = Set-ComImpersonation $job $Service.JobType }
        if ($code -ge 0) {
            $method = 'IBackgroundCopyJob::SetPriority'
            $code = $Service.SetPriority.Invoke($job, [object[]]@([int]$Priority))
        }
        if ($code -lt 0) {
            $answer.Code = $code
            $answer.Method = $method
            if ($Service.Cancel.Invoke($job, $null) -ge 0) { $answer.JobId = $null }
        }
        $answer
    }
    finally {
        $null = [Runtime.InteropServices.Marshal]::ReleaseComObject($job)
    }
}

function Add-TransferFile($Service, [string]$Id, [string]$RemoteUrl, [string]$LocalName) {
    if ($RemoteUrl.IndexOf([char]0) -ge 0 -or $LocalName.IndexOf([char]0) -ge 0) {
        return @{ Code = $script:invalidArgument; Method = 'IBackgroundCopyJob::AddFile' }
    }
    $answer = Open-TransferJob $Service $Id
    if ($null -eq $answer.Job) { return $answer }
    try {
        @{
            Code   = $Service.AddFile.Invoke($answer.Job, [object[]]@($RemoteUrl, $LocalName))
            Method = 'IBackgroundCopyJob::AddFile'
        }
    }
    finally {
        $null = [Runtime.InteropServices.Marshal]::ReleaseComObject($answer.Job)
    }
}

function Resume-TransferJob($Service, [string]$Id) {
    $answer = Open-TransferJob $Service $Id
    if ($null -eq $answer.Job) { return $answer }
    try {
        @{ Code = $Service.Resume.Invoke($answer.Job, $null); Method = 'IBackgroundCopyJob::Resume' }
    }
    finally {
        $null = [Runtime.InteropServices.Marshal]::ReleaseComObject($answer.Job)
    }
}

# State is $null where it was not given.
function Get-TransferJobState($Service, [string]$Id) {
    $answer = Open-TransferJob $Service $Id
    if ($null -eq $answer.Job) {
        $answer.State = $null
        return $answer
    }
    try {
        $state = [object[]]@(0)
        $code = $Service.GetState.Invoke($answer.Job, $state)
        @{ Code = $code; Method = 'IBackgroundCopyJob::GetState'; State = if ($code -ge 0) { $state[0] } }
    }
    finally {
        $null = [Runtime.InteropServices.Marshal]::ReleaseComObject($answer.Job)
    }
}

# Cancels a job. The states before and after are for the report: they decide nothing, and are $null where not given.
# Whatever happens to one job is its own answer: this function is called for many in a row.
function Stop-TransferJob($Service, [string]$Id) {
    $answer = @{ Code = $null; Method = 'IBackgroundCopyManager::GetJob'; StateBefore = $null; StateAfter = $null }
    $job = $null
    try {
        $opened = Open-TransferJob $Service $Id
        $job = $opened.Job
        if ($null -eq $job) {
            $answer.Code = $opened.Code
            $answer.Method = $opened.Method
            return $answer
        }
        $answer.Method = 'IBackgroundCopyJob::Cancel'
        $state = [object[]]@(0)
        if ($Service.GetState.Invoke($job, $state) -ge 0) { $answer.StateBefore = $state[0] }
        $answer.Code = $Service.Cancel.Invoke($job, $null)
        if ($Service.GetState.Invoke($job, $state) -ge 0) { $answer.StateAfter = $state[0] }
    }
    catch {
        if ($null -eq $answer.Code) { $answer.Code = $_.Exception.GetBaseException().HResult }
    }
    finally {
        if ($null -ne $job) { $null = [Runtime.InteropServices.Marshal]::ReleaseComObject($job) }
    }
    $answer
}

Export-ModuleMember -Function Open-TransferService, Close-TransferService, New-TransferJob, Add-TransferFile, Resume-TransferJob, Get-TransferJobState, Stop-TransferJob
