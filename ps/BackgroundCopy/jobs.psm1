Set-StrictMode -Version Latest

# What can be done with a service and its jobs, one function a verb. An answer is a hashtable with Code (the HRESULT), Method
# (the documented COM method that answered) and, where another one had to run in its place, CalledMethod: so a refusal is an
# answer too.
#
# A service shows one of two faces: the documented one, IBackgroundCopyManager and IBackgroundCopyJob, which is below, or that
# of downloads, IDOManager and IDODownload (downloads.psm1). The verbs are the same for both. A face is a hashtable:
#   Interface, ManagerType     of the manager, by name and as a type
#   AddFileMethod              what AddFile is documented as
#   Verbs                      by documented name: the method to Invoke on a job, its Arguments, and its CalledMethod
#   CreateJob                  service, display name, type -> an answer with Job and JobId, $null where there is no job
#   GetJob                     service, guid -> an answer with Job, $null where there is none
#   AddFile                    service, job, URL, local name -> an answer
#   SetPriority                service, job, priority -> an answer
#   GetState                   service, job -> the code, and State in an answer
#
# Module logging and transcription write down the values that a command's parameters are bound to. URLs, file names and
# display names can hold secrets: the functions that take them are to be called through their script block's
# InvokeReturnAsIs, which binds nothing, and hand them to nothing but the COM call.

$script:classIds = @{
    'delivery-optimization' = '5B99FA76-721C-423C-ADAC-56D03C8A8007'
    'bits'                  = '4991D34B-80A1-4291-83B6-3328366B9097'
}
$script:invalidArgument = 0x80070057
$script:noInterface = 0x80004002
# What a call answers when the service has ended: RPC server unavailable, RPC call failed, object disconnected.
$script:lost = 0x800706BA, 0x800706BE, 0x80010108

# ---- The service ----

# Activates the class of a service. Service is $null in the answer where that was refused. Where it was not even tried,
# Obstacle says why in a word, UNSUPPORTED or DYNAMIC_CODE_BLOCKED, and Detail what the system said.
function Open-TransferService([string]$Name) {
    if ([Environment]::OSVersion.Platform -ne [PlatformID]::Win32NT) {
        return @{ Obstacle = 'UNSUPPORTED'; Detail = 'There is no COM on this system.'; Service = $null }
    }
    # Not before it is needed: it takes time, and PowerShell logs a warning for a script with such words in it.
    Import-Part 'com' 'Get-ComInterface', 'Get-Ole32', 'New-ComInstance', 'Set-ComImpersonation'
    $service = @{
        ClassId              = $script:classIds[$Name]
        DeliveryOptimization = $Name -eq 'delivery-optimization'
        Manager              = $null
        Face                 = $null
    }
    try {
        $service.Face = New-JobFace $service
        $null = Get-Ole32
    }
    catch {
        return @{ Obstacle = 'DYNAMIC_CODE_BLOCKED'; Detail = $_.Exception.GetBaseException().Message; Service = $null }
    }

    $answer = Connect-TransferService $service
    $answer.Obstacle = $null
    $answer.Service = if ($answer.Code -ge 0) { $service }
    $answer
}

function Close-TransferService($Service) {
    if ($null -ne $Service.Manager) { $null = [Runtime.InteropServices.Marshal]::ReleaseComObject($Service.Manager) }
    $Service.Manager = $null
}

function Import-Part([string]$Name, [string[]]$Functions) {
    Import-Module -Verbose:$false -Name ("$PSScriptRoot/$Name.psm1" -replace '[][*?`]', '`$0') -Function $Functions
}

# Gives the service a manager, and the other face where the class turns out not to have this one.
function Connect-TransferService($Service) {
    $face = $Service.Face
    $activated = New-ComInstance $Service.ClassId $face.ManagerType
    if ($activated.Code -eq $script:noInterface -and $Service.DeliveryOptimization) {
        Import-Part 'downloads' 'New-DownloadFace'
        $face = New-DownloadFace
        $activated = New-ComInstance $Service.ClassId $face.ManagerType
    }
    if ($activated.Code -lt 0) { return @{ Code = $activated.Code; Method = 'CoCreateInstance' } }

    $code = Grant-Impersonation $Service $activated.Instance $face.ManagerType
    if ($code -lt 0) {
        $null = [Runtime.InteropServices.Marshal]::ReleaseComObject($activated.Instance)
        return @{ Code = $code; Method = 'CoSetProxyBlanket' }
    }
    $Service.Manager = $activated.Instance
    $Service.Face = $face
    @{ Code = $activated.Code; Method = 'CoCreateInstance' }
}

# Delivery Optimization acts in the name of the caller, so each of its proxies has to let it.
function Grant-Impersonation($Service, $Object, [type]$Interface) {
    if ($Service.DeliveryOptimization) { Set-ComImpersonation $Object $Interface } else { 0 }
}

# A manager whose service has ended never works again: it is let go, and the next call that needs one activates anew.
function Test-ServiceLost($Service, [int]$Code) {
    if ($Code -notin $script:lost) { return $false }
    Close-TransferService $Service
    $true
}

# ---- The documented face ----

function New-JobFace($Service) {
    $managerType = Get-ComInterface 'IBackgroundCopyManager'
    $jobType = Get-ComInterface 'IBackgroundCopyJob'
    $verbs = @{}
    foreach ($verb in 'Suspend', 'Resume', 'Cancel', 'Complete') {
        $verbs[$verb] = @{ Method = $jobType.GetMethod($verb); Arguments = $null; CalledMethod = $null }
    }
    @{
        Interface          = 'IBackgroundCopyManager'
        ManagerType        = $managerType
        AddFileMethod      = if ($Service.DeliveryOptimization) { 'IDeliveryOptimizationJob2::AddFile' } else { 'IBackgroundCopyJob::AddFile' }
        Verbs              = $verbs
        CreateJob          = ${function:New-CopyJob}
        GetJob             = ${function:Get-CopyJob}
        AddFile            = if ($Service.DeliveryOptimization) { ${function:Add-DeliveryFile} } else { ${function:Add-CopyFile} }
        SetPriority        = ${function:Set-CopyJobPriority}
        GetState           = ${function:Get-CopyJobState}
        # Looked up once: the calls of many jobs go through them.
        JobType            = $jobType
        ManagerCreateJob   = $managerType.GetMethod('CreateJob')
        ManagerGetJob      = $managerType.GetMethod('GetJob')
        JobAddFile         = $jobType.GetMethod('AddFile')
        JobSetPriority     = $jobType.GetMethod('SetPriority')
        JobGetState        = $jobType.GetMethod('GetState')
    }
}

function New-CopyJob($Service, [string]$DisplayName, [int]$Type) {
    $arguments = [object[]]@($DisplayName, $Type, [guid]::Empty, $null)
    $answer = @{ Code = $null; Method = 'IBackgroundCopyManager::CreateJob'; Job = $null; JobId = $null }
    $answer.Code = $Service.Face.ManagerCreateJob.Invoke($Service.Manager, $arguments)
    if ($answer.Code -ge 0) {
        $answer.Job = $arguments[3]
        $answer.JobId = $arguments[2]
    }
    $answer
}

function Get-CopyJob($Service, [guid]$Id) {
    $arguments = [object[]]@($Id, $null)
    $answer = @{ Code = $null; Method = 'IBackgroundCopyManager::GetJob'; Job = $null }
    $answer.Code = $Service.Face.ManagerGetJob.Invoke($Service.Manager, $arguments)
    if ($answer.Code -lt 0) { return $answer }

    $code = Grant-Impersonation $Service $arguments[1] $Service.Face.JobType
    if ($code -lt 0) {
        $null = [Runtime.InteropServices.Marshal]::ReleaseComObject($arguments[1])
        return @{ Code = $code; Method = 'CoSetProxyBlanket'; Job = $null }
    }
    $answer.Job = $arguments[1]
    $answer
}

function Add-CopyFile($Service, $Job, [string]$RemoteUrl, [string]$LocalName) {
    $code = $Service.Face.JobAddFile.Invoke($Job, [object[]]@($RemoteUrl, $LocalName))
    @{ Code = $code; Method = 'IBackgroundCopyJob::AddFile' }
}

# Delivery Optimization documents other ways for files. What has none of them is given the one that is in the interface.
function Add-DeliveryFile($Service, $Job, [string]$RemoteUrl, [string]$LocalName) {
    Import-Part 'files' 'Add-FileToDeliveryJob'
    $answer = ${function:Add-FileToDeliveryJob}.InvokeReturnAsIs($Job, $RemoteUrl, $LocalName)
    if ($null -ne $answer) { return $answer }
    ${function:Add-CopyFile}.InvokeReturnAsIs($Service, $Job, $RemoteUrl, $LocalName)
}

function Set-CopyJobPriority($Service, $Job, [int]$Priority) {
    $code = Grant-Impersonation $Service $Job $Service.Face.JobType
    if ($code -lt 0) { return @{ Code = $code; Method = 'CoSetProxyBlanket' } }
    @{ Code = $Service.Face.JobSetPriority.Invoke($Job, [object[]]@($Priority)); Method = 'IBackgroundCopyJob::SetPriority' }
}

function Get-CopyJobState($Service, $Job) {
    $state = [object[]]@(0)
    $code = $Service.Face.JobGetState.Invoke($Job, $state)
    @{ Code = $code; Method = 'IBackgroundCopyJob::GetState'; State = if ($code -ge 0) { $state[0] } }
}

# ---- The verbs ----

# Gets a job by its id. Where the answer has a Job, release it. A lost service is activated anew and asked once more: to ask
# changes nothing.
function Open-TransferJob($Service, [string]$Id) {
    $answer = @{ Code = $script:invalidArgument; Method = 'IBackgroundCopyManager::GetJob'; Job = $null }
    $guid = [guid]::Empty
    if (-not [guid]::TryParse($Id, [ref]$guid)) { return $answer }

    for ($attempt = 1; $attempt -le 2; $attempt++) {
        if ($null -eq $Service.Manager) {
            $connected = Connect-TransferService $Service
            if ($connected.Code -lt 0) { return @{ Code = $connected.Code; Method = $connected.Method; Job = $null } }
        }
        $answer = & $Service.Face.GetJob $Service $guid
        if ($answer.Code -ge 0 -or -not (Test-ServiceLost $Service $answer.Code)) { break }
    }
    $answer
}

# Creates a job and, where asked to, sets its priority. A job whose priority is refused is canceled again: JobId is in
# the answer only where a job is there.
function New-TransferJob($Service, [string]$DisplayName, [int]$Type, $Priority) {
    $refusal = @{ Code = $script:invalidArgument; Method = 'IBackgroundCopyManager::CreateJob'; JobId = $null }
    # COM would cut the name at the NUL.
    if ($DisplayName.IndexOf([char]0) -ge 0) { return $refusal }

    if ($null -eq $Service.Manager) {
        $connected = Connect-TransferService $Service
        if ($connected.Code -lt 0) { return @{ Code = $connected.Code; Method = $connected.Method; JobId = $null } }
    }
    $answer = $Service.Face.CreateJob.InvokeReturnAsIs($Service, $DisplayName, $Type)
    if ($null -eq $answer.Job) {
        # Not asked again: the lost service may have made the job.
        $null = Test-ServiceLost $Service $answer.Code
        return $answer
    }

    $job = $answer.Job
    $answer.Job = $null
    try {
        if ($null -eq $Priority) { return $answer }
        $set = $Service.Face.SetPriority.InvokeReturnAsIs($Service, $job, [int]$Priority)
        if ($set.Code -ge 0) { return $answer }

        $cancel = $Service.Face.Verbs.Cancel
        $set.JobId = if ($cancel.Method.Invoke($job, $cancel.Arguments) -lt 0) { $answer.JobId }
        $set
    }
    finally {
        $null = [Runtime.InteropServices.Marshal]::ReleaseComObject($job)
    }
}

function Add-TransferFile($Service, [string]$Id, [string]$RemoteUrl, [string]$LocalName) {
    if ($RemoteUrl.IndexOf([char]0) -ge 0 -or $LocalName.IndexOf([char]0) -ge 0) {
        return @{ Code = $script:invalidArgument; Method = $Service.Face.AddFileMethod }
    }
    $opened = Open-TransferJob $Service $Id
    if ($null -eq $opened.Job) { return $opened }
    try {
        $Service.Face.AddFile.InvokeReturnAsIs($Service, $opened.Job, $RemoteUrl, $LocalName)
    }
    finally {
        $null = [Runtime.InteropServices.Marshal]::ReleaseComObject($opened.Job)
    }
}

function Suspend-TransferJob($Service, [string]$Id) { Invoke-JobVerb $Service $Id 'Suspend' }

function Resume-TransferJob($Service, [string]$Id) { Invoke-JobVerb $Service $Id 'Resume' }

function Complete-TransferJob($Service, [string]$Id) { Invoke-JobVerb $Service $Id 'Complete' }

function Invoke-JobVerb($Service, [string]$Id, [string]$Verb) {
    $opened = Open-TransferJob $Service $Id
    if ($null -eq $opened.Job) { return $opened }
    try {
        $call = $Service.Face.Verbs[$Verb]
        @{
            Code         = $call.Method.Invoke($opened.Job, $call.Arguments)
            Method       = "IBackgroundCopyJob::$Verb"
            CalledMethod = $call.CalledMethod
        }
    }
    finally {
        $null = [Runtime.InteropServices.Marshal]::ReleaseComObject($opened.Job)
    }
}

# State is $null where it was not given.
function Get-TransferJobState($Service, [string]$Id) {
    $opened = Open-TransferJob $Service $Id
    if ($null -eq $opened.Job) {
        $opened.State = $null
        return $opened
    }
    try {
        & $Service.Face.GetState $Service $opened.Job
    }
    finally {
        $null = [Runtime.InteropServices.Marshal]::ReleaseComObject($opened.Job)
    }
}

# Cancels a job. The states before and after are for the report: they decide nothing, and are $null where not given.
# Whatever happens to one job is its own answer: this function is called for many in a row.
function Stop-TransferJob($Service, [string]$Id) {
    $answer = @{ Code = $null; Method = 'IBackgroundCopyManager::GetJob'; CalledMethod = $null; StateBefore = $null; StateAfter = $null }
    $job = $null
    try {
        $opened = Open-TransferJob $Service $Id
        $job = $opened.Job
        if ($null -eq $job) {
            $answer.Code = $opened.Code
            $answer.Method = $opened.Method
            $answer.CalledMethod = $opened['CalledMethod']
            return $answer
        }
        $cancel = $Service.Face.Verbs.Cancel
        $getState = $Service.Face.GetState
        $answer.Method = 'IBackgroundCopyJob::Cancel'
        $answer.CalledMethod = $cancel.CalledMethod
        $answer.StateBefore = (& $getState $Service $job).State
        $answer.Code = $cancel.Method.Invoke($job, $cancel.Arguments)
        $answer.StateAfter = (& $getState $Service $job).State
    }
    catch {
        if ($null -eq $answer.Code) { $answer.Code = $_.Exception.GetBaseException().HResult }
    }
    finally {
        if ($null -ne $job) { $null = [Runtime.InteropServices.Marshal]::ReleaseComObject($job) }
    }
    $answer
}

Export-ModuleMember -Function Open-TransferService, Close-TransferService, New-TransferJob, Add-TransferFile, Suspend-TransferJob, Resume-TransferJob, Complete-TransferJob, Get-TransferJobState, Stop-TransferJob
