Set-StrictMode -Version Latest

# The operations of the jobs of a service, one function per method. An answer is a hashtable with Code (the HRESULT), Method (the
# documented COM method) and, if another method ran instead, CalledMethod. A refusal is an answer too.
#
# Module logging and transcription log the values that are bound to the parameters of a command. URLs, file names, and display names can
# contain secrets. Call the functions that take them through InvokeReturnAsIs of their script block, which binds nothing; they pass the
# values only to the COM call.

Import-Module -Verbose:$false -Name ("$PSScriptRoot/services.psm1" -replace '[][*?`]', '`$0') -Function Close-JobList, Get-FacePart, Grant-Impersonation, Test-ServiceLost, Connect-LostService, Invoke-ServiceRead

$script:invalidArgument = 0x80070057
$script:unableToDeleteFiles = 0x0020001A
# The methods that end a job and delete its temporary files.
$script:endings = 'Cancel', 'Complete'
# BG_JOB_STATE_ERROR, BG_JOB_STATE_TRANSIENT_ERROR
$script:failedStates = 4, 5

# Gets a job by its ID. If the answer has a Job, release it.
function Open-TransferJob($Service, [string]$Id) {
    ${function:Invoke-ServiceRead}.InvokeReturnAsIs($Service, ${function:Get-TransferJob}, (, [object[]]@($Service, $Id)))
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
    Invoke-ServiceRead $Service ${function:Read-JobIdPage} (, @($Service, $AllUsers, $Page, $Count))
}

function Read-JobIdPage($Service, [bool]$AllUsers, [int]$Page, [int]$Count) {
    if ($Page -eq 0 -or $null -eq $Service.List -or $Service.List.NextPage -ne $Page) {
        Close-JobList $Service
        $opened = $Service.Face.OpenList.InvokeReturnAsIs($Service, $AllUsers)
        $opened.JobIds = $null
        if ($null -eq $opened.Enumerator) { return $opened }
        $Service.List = @{ Enumerator = $opened.Enumerator; Answer = $opened; NextPage = 0 }
    }
    $list = $Service.List
    $answer = @{
        Code = $list.Answer.Code; Method = $list.Answer.Method; CalledMethod = $list.Answer['CalledMethod']
        JobIds = [Collections.Generic.List[string]]::new(); Page = $list.NextPage++; More = $true
    }
    $readId = $Service.Face.ReadId
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
            Import-Module -Verbose:$false -Name ("$PSScriptRoot/files.psm1" -replace '[][*?`]', '`$0') -Function Get-LeftoverFile
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

# Describes each of the jobs: Job in its answer is a hashtable with the names of the wire, $null if the job can't be described. An error for
# one job is its own answer, as for the methods.
function Read-TransferJob($Service, $Ids, [string]$Detail, [int]$LanguageId) {
    $calls = @(foreach ($id in $Ids) { , [object[]]@($Service, [string]$id, $Detail, $LanguageId) })
    ${function:Invoke-ServiceRead}.InvokeReturnAsIs($Service, ${function:Get-JobDescription}, $calls)
}

# Calls only what it must, because it runs for each of many jobs.
function Get-JobDescription($Service, [string]$Id, [string]$Detail, [int]$LanguageId) {
    $job = $null
    try {
        $opened = ${function:Get-TransferJob}.InvokeReturnAsIs($Service, $Id)
        $job = $opened.Job
        if ($null -eq $job) { return $opened }
        $describe = $Service.Face.Describe
        if ($describe -is [array]) { $describe = Get-FacePart $Service.Face 'Describe' }
        $describe.InvokeReturnAsIs($Service, $job, $Detail, $LanguageId)
    }
    catch {
        @{ Code = $_.Exception.GetBaseException().HResult; Method = 'IBackgroundCopyJob::GetState'; Job = $null }
    }
    finally {
        if ($null -ne $job) { $null = [Runtime.InteropServices.Marshal]::ReleaseComObject($job) }
    }
}

Export-ModuleMember -Function New-TransferJob, Add-TransferFile, Invoke-JobPart, Get-TransferJobId, Read-TransferJob, Invoke-JobVerb
