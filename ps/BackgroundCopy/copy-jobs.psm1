Set-StrictMode -Version Latest

# The documented face of a service (services.psm1 explains faces): IBackgroundCopyManager and IBackgroundCopyJob. Display names, URLs, and
# file names are passed here as in jobs.psm1.

Import-Module -Verbose:$false -Name ("$PSScriptRoot/com.psm1" -replace '[][*?`]', '`$0') -Function Get-ComInterface, Get-ComMethod, Set-ComImpersonation
Import-Module -Verbose:$false -Name ("$PSScriptRoot/files.psm1" -replace '[][*?`]', '`$0') -Function Add-CopyFileWithRange, Add-FileToDeliveryJob

$script:notImplemented = 0x80004001

function New-CopyJobFace($Service) {
    $managerType = Get-ComInterface 'IBackgroundCopyManager'
    @{
        Interface          = 'IBackgroundCopyManager'
        ManagerType        = $managerType
        AddFileMethod      = if ($Service.DeliveryOptimization) { 'IDeliveryOptimizationJob2::AddFile' } else { 'IBackgroundCopyJob::AddFile' }
        Verbs              = $null
        CreateJob          = ${function:New-CopyJob}
        GetJob             = ${function:Get-CopyJob}
        AddFile            = if ($Service.DeliveryOptimization) { ${function:Add-DeliveryFile} } else { ${function:Add-CopyFile} }
        GetState           = ${function:Get-CopyJobState}
        Describe           = 'describe', 'Read-CopyJob'
        GetError           = 'describe', 'Read-CopyJobError'
        OpenList           = ${function:New-CopyJobEnumerator}
        ReadId             = ${function:Read-CopyJobId}
        Set                = 'changes', 'Set-CopyJob'
        SetCredentials     = 'changes', 'Set-CopyJobCredential'
        RemoveCredentials  = 'changes', 'Remove-CopyJobCredential'
        TakeOwnership      = 'changes', 'Set-CopyJobOwner'
        ReplaceRemotePrefix = 'changes', 'Set-CopyJobPrefix'
        # Looked up once: the calls of many jobs go through them.
        JobType            = $null
        ManagerCreateJob   = $managerType.GetMethod('CreateJob')
        ManagerGetJob      = $managerType.GetMethod('GetJob')
        JobAddFile         = $null
        JobGetState        = $null
        JobEnumFiles       = $null
        JobGetId           = $null
        NextJob            = $null
    }
}

# Gives a face the methods of a job. The first job does it, because no start should wait for the largest of the interfaces.
function Complete-CopyJobFace($Face) {
    $jobType = Get-ComInterface 'IBackgroundCopyJob'
    $Face.Verbs = @{}
    foreach ($verb in 'Suspend', 'Resume', 'Cancel', 'Complete') {
        $Face.Verbs[$verb] = @{ Method = $jobType.GetMethod($verb); Arguments = $null; FirstArguments = $null; CalledMethod = $null }
    }
    $Face.JobAddFile = $jobType.GetMethod('AddFile')
    $Face.JobGetState = $jobType.GetMethod('GetState')
    $Face.JobEnumFiles = $jobType.GetMethod('EnumFiles')
    $Face.JobGetId = $jobType.GetMethod('GetId')
    $Face.JobType = $jobType
}

function New-CopyJob($Service, [string]$DisplayName, [int]$Type) {
    if ($null -eq $Service.Face.JobType) { Complete-CopyJobFace $Service.Face }
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
    if ($null -eq $Service.Face.JobType) { Complete-CopyJobFace $Service.Face }
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
        return ${function:Add-CopyFileWithRange}.InvokeReturnAsIs($Job, $RemoteUrl, $LocalName, $Ranges)
    }
    $code = $Service.Face.JobAddFile.Invoke($Job, [object[]]@($RemoteUrl, $LocalName))
    @{ Code = $code; Method = 'IBackgroundCopyJob::AddFile' }
}

# Delivery Optimization has other documented methods for files. A job that supports none of them gets the method of the interface.
function Add-DeliveryFile($Service, $Job, [string]$RemoteUrl, [string]$LocalName, $Ranges) {
    $answer = ${function:Add-FileToDeliveryJob}.InvokeReturnAsIs($Job, $RemoteUrl, $LocalName, $Ranges)
    if ($null -ne $answer) { return $answer }
    ${function:Add-CopyFile}.InvokeReturnAsIs($Service, $Job, $RemoteUrl, $LocalName, $Ranges)
}

function Get-CopyJobState($Service, $Job) {
    $state = [object[]]@(0)
    $code = $Service.Face.JobGetState.Invoke($Job, $state)
    @{ Code = $code; Method = 'IBackgroundCopyJob::GetState'; State = if ($code -ge 0) { $state[0] } else { $null } }
}

# A list of the jobs of the caller or of all users. Enumerator is $null in the answer if they can't be listed.
function New-CopyJobEnumerator($Service, [bool]$AllUsers) {
    $answer = @{ Code = $script:notImplemented; Method = 'IBackgroundCopyManager::EnumJobs'; Enumerator = $null }
    # Delivery Optimization has no documented method to list its jobs.
    if ($Service.DeliveryOptimization) { return $answer }
    $everyone = [uint32]1
    $flags = if ($AllUsers) { $everyone } else { [uint32]0 }
    $arguments = [object[]]@($flags, $null)
    $answer.Code = (Get-ComMethod 'IBackgroundCopyManager' 'EnumJobs').Invoke($Service.Manager, $arguments)
    if ($answer.Code -lt 0) { return $answer }
    $answer.Enumerator = $arguments[1]
    if ($null -eq $Service.Face.JobType) { Complete-CopyJobFace $Service.Face }
    $Service.Face.NextJob = Get-ComMethod 'IEnumBackgroundCopyJobs' 'Next'
    $answer
}

# The ID of the next job of a list. JobId is $null in the answer at the end, or if its code contains the reason.
function Read-CopyJobId($Service, $Enumerator) {
    $arguments = [object[]]@([uint32]1, $null, [uint32]0)
    $answer = @{ Code = $null; Method = 'IEnumBackgroundCopyJobs::Next'; JobId = $null }
    $answer.Code = $Service.Face.NextJob.Invoke($Enumerator, $arguments)
    $job = $arguments[1]
    if ($answer.Code -lt 0 -or $null -eq $job) { return $answer }
    $id = [object[]]@([guid]::Empty)
    $answer.Method = 'IBackgroundCopyJob::GetId'
    $answer.Code = $Service.Face.JobGetId.Invoke($job, $id)
    $null = [Runtime.InteropServices.Marshal]::ReleaseComObject($job)
    if ($answer.Code -ge 0) { $answer.JobId = $id[0].ToString() }
    $answer
}

Export-ModuleMember -Function New-CopyJobFace
