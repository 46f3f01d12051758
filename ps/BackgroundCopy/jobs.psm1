Set-StrictMode -Version Latest

# The operations of a service and its jobs, one function per method. An answer is a hashtable with Code (the HRESULT), Method (the
# documented COM method) and, if another method ran instead, CalledMethod. A refusal is an answer too.
#
# A service has one of two faces: the documented one, IBackgroundCopyManager and IBackgroundCopyJob, which is below, or that of downloads,
# IDOManager and IDODownload (downloads.psm1). The methods are the same for both. A face is a hashtable:
#   Interface, ManagerType     of the manager, by name and as a type
#   AddFileMethod              the documented name of AddFile
#   Verbs                      by documented name: the method to Invoke on a job, its Arguments, FirstArguments if a job that was
#                              never started requires others, and its CalledMethod
#   CreateJob                  service, display name, type -> an answer with Job and JobId, $null if no job was created
#   GetJob                     service, guid -> an answer with Job, $null if there is none
#   AddFile                    service, job, URL, local name, ranges or $null -> an answer
#   GetState                   service, job -> the code, and State in an answer, and Started if a method has FirstArguments
# and parts that are loaded on demand (Get-FacePart):
#   Describe                   service, job, detail, language -> an answer with Job, a hashtable with the names of the wire
#   GetError                   service, job, language -> the code, and Error, the same
#   OpenList                   service, all users? -> an answer with Enumerator, $null if there is no list
#   ReadId                     service, enumerator -> an answer with JobId, $null at the end
#   Set                        service, job, settings -> an answer with Property, $null if nothing was given
#   SetCredentials, RemoveCredentials, TakeOwnership, ReplaceRemotePrefix
#                              service, job and the arguments of the method -> an answer
#
# Module logging and transcription log the values that are bound to the parameters of a command. URLs, file names, and display names can
# contain secrets. Call the functions that take them through InvokeReturnAsIs of their script block, which binds nothing; they pass the
# values only to the COM call.

$script:classIds = @{
    'delivery-optimization' = '5B99FA76-721C-423C-ADAC-56D03C8A8007'
    'bits'                  = '4991D34B-80A1-4291-83B6-3328366B9097'
}
$script:invalidArgument = 0x80070057
$script:jobNotFound = 0x80D02003L
$script:noInterface = 0x80004002
# The codes of a call if the service has ended: RPC server unavailable, RPC call failed, object disconnected.
$script:lost = 0x800706BAL, 0x800706BEL, 0x80010108L
$script:unableToDeleteFiles = 0x0020001A
# The methods that end a job and delete its temporary files.
$script:endings = 'Cancel', 'Complete'
# BG_JOB_STATE_ERROR, BG_JOB_STATE_TRANSIENT_ERROR
$script:failedStates = 4, 5

# ---- The service ----

# A service that is not activated yet.
function New-TransferService([string]$Name) {
    @{
        ClassId              = $script:classIds[$Name]
        DeliveryOptimization = $Name -eq 'delivery-optimization'
        Manager              = $null
        Face                 = $null
        # The remaining jobs of a list whose earlier pages were returned.
        List                 = $null
    }
}

# Activates the class of a service. Service is $null in the answer if this was refused. If it was not even tried, Obstacle is the reason,
# UNSUPPORTED or DYNAMIC_CODE_BLOCKED, and Detail is the message of the system.
function Open-TransferService([string]$Name) {
    if ([Environment]::OSVersion.Platform -ne [PlatformID]::Win32NT) {
        return @{ Obstacle = 'UNSUPPORTED'; Detail = 'There is no COM on this system.'; Service = $null }
    }
    # Loaded on demand: it takes time, and PowerShell logs a warning for a script with such words in it.
    Import-Part 'com' 'Get-ComInterface', 'Get-Ole32', 'New-ComInstance', 'Set-ComImpersonation'
    $service = New-TransferService $Name
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
    Close-JobList $Service
    if ($null -ne $Service.Manager) { $null = [Runtime.InteropServices.Marshal]::ReleaseComObject($Service.Manager) }
    $Service.Manager = $null
}

# A function of the face that might be in a separate file, loaded on demand.
function Get-FacePart($Face, [string]$Name) {
    $part = $Face[$Name]
    if ($part -is [array]) {
        Import-Part $part[0] $part[1]
        $part = $Face[$Name] = (Get-Command -Name $part[1] -CommandType Function).ScriptBlock
    }
    $part
}

function Import-Part([string]$Name, [string[]]$Functions) {
    Import-Module -Verbose:$false -Name ("$PSScriptRoot/$Name.psm1" -replace '[][*?`]', '`$0') -Function $Functions
}

# Gives the service a manager, and the other face if the class does not support this one.
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

# Delivery Optimization acts on behalf of the caller, so each of its proxies must allow it.
function Grant-Impersonation($Service, $Object, [type]$Interface) {
    if ($Service.DeliveryOptimization) { Set-ComImpersonation $Object $Interface } else { 0 }
}

# Whether one of the codes means that the service has ended. Its manager never works again, so it is released, and the next call that
# needs one activates the class again.
function Test-ServiceLost($Service, [long[]]$Codes) {
    foreach ($code in $Codes) {
        if (($code -band 0xFFFFFFFFL) -in $script:lost) {
            Close-TransferService $Service
            return $true
        }
    }
    $false
}

# Activates the class again if the manager was released.
function Connect-LostService($Service) {
    if ($null -eq $Service.Manager) { Connect-TransferService $Service } else { @{ Code = 0 } }
}

# The answer of $Read, a function that takes the service and the arguments and changes nothing. If the service was lost, the class is
# activated again and the call is repeated once. Job and JobIds are $null in the answer if the class can't be activated.
function Invoke-ServiceRead($Service, [scriptblock]$Read, [object[]]$Arguments) {
    for ($attempt = 1; $attempt -le 2; $attempt++) {
        if ($null -eq $Service.Manager) {
            $connected = Connect-TransferService $Service
            if ($connected.Code -lt 0) { return @{ Code = $connected.Code; Method = $connected.Method; Job = $null; JobIds = $null } }
        }
        $answer = $Read.InvokeReturnAsIs(([object[]]@(, $Service) + $Arguments))
        # A service that is lost on the way leaves a partial description.
        $codes = if ($answer.Code -lt 0) { $answer.Code }
        elseif ($answer['Job'] -is [hashtable] -and $answer.Job.ContainsKey('refused')) { $answer.Job.refused.Values }
        if ($null -eq $codes -or -not (Test-ServiceLost $Service $codes)) { break }
    }
    $answer
}

# ---- The documented face ----

function New-JobFace($Service) {
    $managerType = Get-ComInterface 'IBackgroundCopyManager'
    $jobType = Get-ComInterface 'IBackgroundCopyJob'
    $verbs = @{}
    foreach ($verb in 'Suspend', 'Resume', 'Cancel', 'Complete') {
        $verbs[$verb] = @{ Method = $jobType.GetMethod($verb); Arguments = $null; FirstArguments = $null; CalledMethod = $null }
    }
    @{
        Interface          = 'IBackgroundCopyManager'
        ManagerType        = $managerType
        AddFileMethod      = if ($Service.DeliveryOptimization) { 'IDeliveryOptimizationJob2::AddFile' } else { 'IBackgroundCopyJob::AddFile' }
        Verbs              = $verbs
        CreateJob          = ${function:New-CopyJob}
        GetJob             = ${function:Get-CopyJob}
        AddFile            = if ($Service.DeliveryOptimization) { ${function:Add-DeliveryFile} } else { ${function:Add-CopyFile} }
        GetState           = ${function:Get-CopyJobState}
        Describe           = 'describe', 'Read-CopyJob'
        GetError           = 'describe', 'Read-CopyJobError'
        OpenList           = 'describe', 'New-CopyJobEnumerator'
        ReadId             = 'describe', 'Read-CopyJobId'
        Set                = 'changes', 'Set-CopyJob'
        SetCredentials     = 'changes', 'Set-CopyJobCredential'
        RemoveCredentials  = 'changes', 'Remove-CopyJobCredential'
        TakeOwnership      = 'changes', 'Set-CopyJobOwner'
        ReplaceRemotePrefix = 'changes', 'Set-CopyJobPrefix'
        # Looked up once: the calls of many jobs go through them.
        JobType            = $jobType
        ManagerCreateJob   = $managerType.GetMethod('CreateJob')
        ManagerGetJob      = $managerType.GetMethod('GetJob')
        JobAddFile         = $jobType.GetMethod('AddFile')
        JobGetState        = $jobType.GetMethod('GetState')
        JobEnumFiles       = $jobType.GetMethod('EnumFiles')
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

    $code = 0
    if ($Service.DeliveryOptimization) { $code = Set-ComImpersonation $arguments[1] $Service.Face.JobType }
    if ($code -lt 0) {
        $null = [Runtime.InteropServices.Marshal]::ReleaseComObject($arguments[1])
        return @{ Code = $code; Method = 'CoSetProxyBlanket'; Job = $null }
    }
    $answer.Job = $arguments[1]
    $answer
}

function Add-CopyFile($Service, $Job, [string]$RemoteUrl, [string]$LocalName, $Ranges) {
    if ($null -ne $Ranges) {
        Import-Part 'files' 'Add-CopyFileWithRange'
        return ${function:Add-CopyFileWithRange}.InvokeReturnAsIs($Job, $RemoteUrl, $LocalName, $Ranges)
    }
    $code = $Service.Face.JobAddFile.Invoke($Job, [object[]]@($RemoteUrl, $LocalName))
    @{ Code = $code; Method = 'IBackgroundCopyJob::AddFile' }
}

# Delivery Optimization has other documented methods for files. A job that supports none of them gets the method of the interface.
function Add-DeliveryFile($Service, $Job, [string]$RemoteUrl, [string]$LocalName, $Ranges) {
    Import-Part 'files' 'Add-FileToDeliveryJob'
    $answer = ${function:Add-FileToDeliveryJob}.InvokeReturnAsIs($Job, $RemoteUrl, $LocalName, $Ranges)
    if ($null -ne $answer) { return $answer }
    ${function:Add-CopyFile}.InvokeReturnAsIs($Service, $Job, $RemoteUrl, $LocalName, $Ranges)
}

function Get-CopyJobState($Service, $Job) {
    $state = [object[]]@(0)
    $code = $Service.Face.JobGetState.Invoke($Job, $state)
    @{ Code = $code; Method = 'IBackgroundCopyJob::GetState'; State = if ($code -ge 0) { $state[0] } else { $null } }
}

# ---- The verbs ----

# Gets a job by its ID. If the answer has a Job, release it.
function Open-TransferJob($Service, [string]$Id) {
    ${function:Invoke-ServiceRead}.InvokeReturnAsIs($Service, ${function:Get-TransferJob}, [object[]]@(, $Id))
}

function Get-TransferJob($Service, [string]$Id) {
    $guid = [guid]::Empty
    if (-not [guid]::TryParse($Id, [ref]$guid)) {
        return @{ Code = $script:invalidArgument; Method = 'IBackgroundCopyManager::GetJob'; Job = $null }
    }
    $Service.Face.GetJob.InvokeReturnAsIs($Service, $guid)
}

# Creates a job, sets its settings, and adds its files. If the service refuses any of these, the job is canceled: JobId is in the answer
# only if the job exists.
function New-TransferJob($Service, [string]$DisplayName, [int]$Type, $Settings, $Files) {
    $refusal = @{ Code = $script:invalidArgument; Method = 'IBackgroundCopyManager::CreateJob'; JobId = $null }
    # COM would truncate the name at the NUL.
    if ($DisplayName.IndexOf([char]0) -ge 0) { return $refusal }

    $connected = Connect-LostService $Service
    if ($connected.Code -lt 0) { return @{ Code = $connected.Code; Method = $connected.Method; JobId = $null } }
    $answer = $Service.Face.CreateJob.InvokeReturnAsIs($Service, $DisplayName, $Type)
    if ($null -eq $answer.Job) {
        # Not repeated: the lost service might have created the job.
        $null = Test-ServiceLost $Service $answer.Code
        return $answer
    }

    $job = $answer.Job
    $answer.Job = $null
    try {
        $filled = ${function:Set-NewJob}.InvokeReturnAsIs($Service, $job, $Settings, $Files)
        if ($filled.Code -ge 0) { return $answer }

        $cancel = $Service.Face.Verbs.Cancel
        $filled.JobId = if ($cancel.Method.Invoke($job, $cancel.Arguments) -lt 0) { $answer.JobId }
        $filled
    }
    finally {
        $null = [Runtime.InteropServices.Marshal]::ReleaseComObject($job)
    }
}

# Sets up a new job. The answer is the first refusal, or has the code 0.
function Set-NewJob($Service, $Job, $Settings, $Files) {
    $answer = @{ Code = Grant-JobImpersonation $Service $Job; Method = 'CoSetProxyBlanket' }
    if ($answer.Code -ge 0 -and $null -ne $Settings) {
        $set = (Get-FacePart $Service.Face 'Set').InvokeReturnAsIs($Service, $Job, $Settings)
        if ($null -ne $set) { $answer = $set }
    }
    if ($null -ne $Files) {
        foreach ($file in $Files) {
            if ($answer.Code -lt 0) { break }
            $answer = ${function:Add-OpenJobFile}.InvokeReturnAsIs(
                $Service, $Job, [string]$file['remoteUrl'], [string]$file['localName'], $file['ranges'])
        }
    }
    $answer
}

# The proxy from CreateJob is as good as the one from GetJob.
function Grant-JobImpersonation($Service, $Job) {
    if ($Service.Face.ContainsKey('JobType')) { Grant-Impersonation $Service $Job $Service.Face.JobType } else { 0 }
}

function Add-TransferFile($Service, [string]$Id, [string]$RemoteUrl, [string]$LocalName, $Ranges) {
    $opened = Open-TransferJob $Service $Id
    if ($null -eq $opened.Job) { return $opened }
    try {
        ${function:Add-OpenJobFile}.InvokeReturnAsIs($Service, $opened.Job, $RemoteUrl, $LocalName, $Ranges)
    }
    finally {
        $null = [Runtime.InteropServices.Marshal]::ReleaseComObject($opened.Job)
    }
}

function Add-OpenJobFile($Service, $Job, [string]$RemoteUrl, [string]$LocalName, $Ranges) {
    if ($RemoteUrl.IndexOf([char]0) -ge 0 -or $LocalName.IndexOf([char]0) -ge 0) {
        return @{ Code = $script:invalidArgument; Method = $Service.Face.AddFileMethod }
    }
    $Service.Face.AddFile.InvokeReturnAsIs($Service, $Job, $RemoteUrl, $LocalName, $Ranges)
}

# Whether BITS has the job that Delivery Optimization does not have. BITS is queried only if its service is running, which is the case
# while it has jobs to transfer, so that nobody waits for its start.
function Test-BitsJob([long]$Code, [string]$Id) {
    $guid = [guid]::Empty
    if (($Code -band 0xFFFFFFFFL) -ne $script:jobNotFound -or -not [guid]::TryParse($Id, [ref]$guid)) { return $false }
    $bits = New-TransferService 'bits'
    try {
        if ("$((Get-Service -Name BITS -ErrorAction SilentlyContinue).Status)" -ne 'Running') { return $false }
        $bits.Face = New-JobFace $bits
        if ((Connect-TransferService $bits).Code -lt 0) { return $false }
        $found = Get-CopyJob $bits $guid
        if ($null -eq $found.Job) { return $false }
        $null = [Runtime.InteropServices.Marshal]::ReleaseComObject($found.Job)
        $true
    }
    # Any error: the caller must get the original refusal.
    catch { $false }
    finally {
        Close-TransferService $bits
    }
}

# Runs a part of the face for a job, with the arguments of the part after service and job.
function Invoke-JobPart($Service, [string]$Id, [string]$Part, [object[]]$Arguments) {
    $opened = Open-TransferJob $Service $Id
    if ($null -eq $opened.Job) { return $opened }
    try {
        $answer = (Get-FacePart $Service.Face $Part).InvokeReturnAsIs(([object[]]@($Service, $opened.Job) + $Arguments))
        if ($null -ne $answer) { return $answer }
        # There was nothing to do.
        @{ Code = $opened.Code; Method = $opened.Method; CalledMethod = $opened['CalledMethod'] }
    }
    finally {
        $null = [Runtime.InteropServices.Marshal]::ReleaseComObject($opened.Job)
    }
}

# A page of the IDs of the jobs of the caller or of all users: at most Count of them. A service keeps its position in only one list. Page
# 0 starts a list, and so does a page that does not follow the last one: Page in the answer is the actual page. More indicates whether
# another page follows. JobIds is $null in the answer if the jobs can't be listed.
function Get-TransferJobId($Service, [bool]$AllUsers, [int]$Page, [int]$Count) {
    Invoke-ServiceRead $Service ${function:Read-JobIdPage} @($AllUsers, $Page, $Count)
}

function Read-JobIdPage($Service, [bool]$AllUsers, [int]$Page, [int]$Count) {
    if ($Page -eq 0 -or $null -eq $Service.List -or $Service.List.NextPage -ne $Page) {
        Close-JobList $Service
        $opened = & (Get-FacePart $Service.Face 'OpenList') $Service $AllUsers
        $opened.JobIds = $null
        if ($null -eq $opened.Enumerator) { return $opened }
        $Service.List = @{ Enumerator = $opened.Enumerator; Answer = $opened; NextPage = 0 }
    }
    $list = $Service.List
    $answer = @{
        Code = $list.Answer.Code; Method = $list.Answer.Method; CalledMethod = $list.Answer['CalledMethod']
        JobIds = [Collections.Generic.List[string]]::new(); Page = $list.NextPage++; More = $true
    }
    $readId = Get-FacePart $Service.Face 'ReadId'
    while ($answer.JobIds.Count -lt $Count) {
        $next = $readId.InvokeReturnAsIs($Service, $list.Enumerator)
        if ($null -eq $next.JobId) {
            Close-JobList $Service
            $next.JobIds = $null
            if ($next.Code -lt 0) { return $next }
            $answer.More = $false
            break
        }
        $answer.JobIds.Add($next.JobId)
    }
    $answer
}

function Close-JobList($Service) {
    if ($null -ne $Service.List) { $null = [Runtime.InteropServices.Marshal]::ReleaseComObject($Service.List.Enumerator) }
    $Service.List = $null
}

# Suspends, resumes, completes, or cancels a job: Verb is the name of the method. The states before and after are for the report: they
# decide nothing, and are $null if unknown. The answer of Cancel has JobError, the previous error of the job with texts in that language,
# if any. The answer of Cancel and Complete has LeftoverFiles, the remaining temporary files, if any. An error for one job is its own
# answer, because this function is called for many jobs in a row.
function Invoke-JobVerb($Service, [string]$Id, [string]$Verb, [int]$LanguageId) {
    $answer = @{
        Code = $null; Method = 'IBackgroundCopyManager::GetJob'; CalledMethod = $null
        StateBefore = $null; StateAfter = $null; JobError = $null; LeftoverFiles = $null
    }
    $job = $null
    $snapshot = $null
    try {
        # Without a command, here and below: a command takes several times as long, for each of many jobs.
        $opened = ${function:Open-TransferJob}.InvokeReturnAsIs($Service, $Id)
        $job = $opened.Job
        if ($null -eq $job) {
            $answer.Code = $opened.Code
            $answer.Method = $opened.Method
            $answer.CalledMethod = $opened['CalledMethod']
            return $answer
        }
        $face = $Service.Face
        $call = $face.Verbs[$Verb]
        $getState = $face.GetState
        $answer.Method = "IBackgroundCopyJob::$Verb"
        $answer.CalledMethod = $call.CalledMethod
        $before = $getState.InvokeReturnAsIs($Service, $job)
        $answer.StateBefore = $before.State
        if ($Verb -eq 'Cancel' -and $script:failedStates -contains $answer.StateBefore) {
            $answer.JobError = (& (Get-FacePart $face 'GetError') $Service $job $LanguageId).Error
        }
        # Read before the call: a canceled or completed job returns no files.
        if ($script:endings -contains $Verb -and $null -ne $face['JobEnumFiles']) {
            $snapshot = [object[]]@(, $null)
            $null = $face.JobEnumFiles.Invoke($job, $snapshot)
        }
        $arguments = $call.Arguments
        if ($null -ne $call.FirstArguments -and -not $before.Started) { $arguments = $call.FirstArguments }
        $answer.Code = $call.Method.Invoke($job, $arguments)
        $answer.StateAfter = $getState.InvokeReturnAsIs($Service, $job).State
        if ($answer.Code -eq $script:unableToDeleteFiles -and $null -ne $snapshot -and $null -ne $snapshot[0]) {
            Import-Part 'describe' 'Get-LeftoverFile'
            $answer.LeftoverFiles = (Get-LeftoverFile $Service @{ Enumerator = $snapshot[0] }).Names
        }
    }
    catch {
        if ($null -eq $answer.Code) { $answer.Code = $_.Exception.GetBaseException().HResult }
    }
    finally {
        if ($null -ne $snapshot -and $null -ne $snapshot[0]) { $null = [Runtime.InteropServices.Marshal]::ReleaseComObject($snapshot[0]) }
        if ($null -ne $job) { $null = [Runtime.InteropServices.Marshal]::ReleaseComObject($job) }
    }
    $answer
}

# Describes a job: Job in the answer is a hashtable with the names of the wire, $null if the job can't be described. An error for one job
# is its own answer, as for the methods.
function Read-TransferJob($Service, [string]$Id, [string]$Detail, [int]$LanguageId) {
    ${function:Invoke-ServiceRead}.InvokeReturnAsIs($Service, ${function:Get-JobDescription}, [object[]]@($Id, $Detail, $LanguageId))
}

function Get-JobDescription($Service, [string]$Id, [string]$Detail, [int]$LanguageId) {
    $job = $null
    try {
        $opened = ${function:Get-TransferJob}.InvokeReturnAsIs($Service, $Id)
        $job = $opened.Job
        if ($null -eq $job) { return $opened }
        ${function:Get-FacePart}.InvokeReturnAsIs($Service.Face, 'Describe').InvokeReturnAsIs($Service, $job, $Detail, $LanguageId)
    }
    catch {
        @{ Code = $_.Exception.GetBaseException().HResult; Method = 'IBackgroundCopyJob::GetState'; Job = $null }
    }
    finally {
        if ($null -ne $job) { $null = [Runtime.InteropServices.Marshal]::ReleaseComObject($job) }
    }
}

Export-ModuleMember -Function Open-TransferService, Close-TransferService, New-TransferJob, Add-TransferFile, Invoke-JobPart, Get-TransferJobId, Read-TransferJob, Invoke-JobVerb, Test-BitsJob
