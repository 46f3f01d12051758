Set-StrictMode -Version Latest

# The face of a Delivery Optimization that has IDOManager and IDODownload alone (jobs.psm1 says what a face is): a job is a
# download, its id is a property, and it has one file. Display names, URLs and file names are on their way here as in jobs.psm1.

Import-Module -Verbose:$false -Name ("$PSScriptRoot/com.psm1" -replace '[][*?`]', '`$0') -Function Get-ComInterface, Set-ComImpersonation

# DODownloadProperty
$script:id = 0
$script:uri = 1
$script:displayName = 3
$script:localPath = 4
$script:foregroundPriority = 11

$script:notImplemented = 0x80004001
$script:unexpected = 0x8000FFFF
$script:notSet = 0x80070490
$script:jobNotFound = 0x80D02003
# BG_JOB_STATE
$script:transientError = 5
$script:fatalError = 4
# The position is the value of DODownloadState: Created, Transferring, Transferred, Finalized, Aborted, Paused.
$script:states = 3, 2, 6, 7, 8, 3
$script:paused = 5

function New-DownloadFace {
    $managerType = Get-ComInterface 'IDOManager'
    $downloadType = Get-ComInterface 'IDODownload'
    $enumeratorType = Get-ComInterface 'IEnumUnknown'
    $verbs = @{}
    foreach ($pair in ('Suspend', 'Pause'), ('Resume', 'Start'), ('Cancel', 'Abort'), ('Complete', 'Finalize')) {
        $verbs[$pair[0]] = @{ Method = $downloadType.GetMethod($pair[1]); Arguments = $null; CalledMethod = "IDODownload::$($pair[1])" }
    }
    # No ranges: the whole file.
    $verbs.Resume.Arguments = [object[]]@([IntPtr]::Zero)
    @{
        Interface      = 'IDOManager'
        ManagerType    = $managerType
        AddFileMethod  = 'IBackgroundCopyJob::AddFile'
        Verbs          = $verbs
        CreateJob      = ${function:New-Download}
        GetJob         = ${function:Get-Download}
        AddFile        = ${function:Set-DownloadFile}
        SetPriority    = ${function:Set-DownloadPriority}
        GetState       = ${function:Get-DownloadState}
        # Looked up once: the calls of many jobs go through them.
        DownloadType   = $downloadType
        EnumeratorType = $enumeratorType
        CreateDownload = $managerType.GetMethod('CreateDownload')
        EnumDownloads  = $managerType.GetMethod('EnumDownloads')
        Next           = $enumeratorType.GetMethod('Next')
        GetStatus      = $downloadType.GetMethod('GetStatus')
        GetProperty    = $downloadType.GetMethod('GetProperty')
        SetProperty    = $downloadType.GetMethod('SetProperty')
    }
}

# A download that can't be given its name or asked for its id is aborted again.
function New-Download($Service, [string]$Name, [int]$Type) {
    $answer = @{ Code = $script:notImplemented; Method = 'IBackgroundCopyManager::CreateJob'; CalledMethod = $null; Job = $null; JobId = $null }
    # There are no uploads.
    if ($Type -ne 0) { return $answer }

    $face = $Service.Face
    $arguments = [object[]]@(, $null)
    $answer.CalledMethod = 'IDOManager::CreateDownload'
    $answer.Code = $face.CreateDownload.Invoke($Service.Manager, $arguments)
    if ($answer.Code -lt 0) { return $answer }

    $download = $arguments[0]
    $called = 'CoSetProxyBlanket'
    $code = Set-ComImpersonation $download $face.DownloadType
    if ($code -ge 0) {
        $called = 'IDODownload::SetProperty'
        $code = $face.SetProperty.Invoke($download, [object[]]@($script:displayName, $Name))
    }
    $property = [object[]]@($script:id, $null)
    if ($code -ge 0) {
        $called = 'IDODownload::GetProperty'
        $code = $face.GetProperty.Invoke($download, $property)
        $answer.JobId = $property[1] -as [guid]
        if ($code -ge 0 -and $null -eq $answer.JobId) { $code = $script:unexpected }
    }
    if ($code -lt 0) {
        $null = $face.Verbs.Cancel.Method.Invoke($download, $null)
        $null = [Runtime.InteropServices.Marshal]::ReleaseComObject($download)
        $answer.JobId = $null
        $answer.Code = $code
        $answer.CalledMethod = $called
        return $answer
    }
    $answer.Job = $download
    $answer
}

# Asks with the id in either way of writing it: which one the service compares with is not documented.
function Get-Download($Service, [guid]$Id) {
    $answer = @{ Code = $script:jobNotFound; Method = 'IBackgroundCopyManager::GetJob'; CalledMethod = 'IDOManager::EnumDownloads'; Job = $null }
    foreach ($format in 'D', 'B') {
        $listed = New-DownloadEnumerator $Service $Id.ToString($format)
        if ($listed.Code -lt 0) {
            $answer.Code = $listed.Code
            return $answer
        }
        try {
            $found = Find-Download $Service $listed.Enumerator $Id
        }
        finally {
            $null = [Runtime.InteropServices.Marshal]::ReleaseComObject($listed.Enumerator)
        }
        if ($null -eq $found) { continue }
        $answer.Code = $found.Code
        $answer.CalledMethod = $found.CalledMethod
        $answer.Job = $found.Job
        return $answer
    }
    $answer
}

# EnumDownloads, for the downloads with that id.
function New-DownloadEnumerator($Service, [string]$IdText) {
    $marshal = [Runtime.InteropServices.Marshal]
    # DO_DOWNLOAD_ENUM_CATEGORY: a number, padded to a pointer, and a pointer to the value.
    $text = $marshal::StringToHGlobalUni($IdText)
    $category = $marshal::AllocHGlobal(2 * [IntPtr]::Size)
    try {
        $marshal::WriteIntPtr($category, [IntPtr]$script:id)
        $marshal::WriteIntPtr($category, [IntPtr]::Size, $text)
        $arguments = [object[]]@($category, $null)
        $code = $Service.Face.EnumDownloads.Invoke($Service.Manager, $arguments)
        @{ Code = $code; Enumerator = $arguments[1] }
    }
    finally {
        $marshal::FreeHGlobal($category)
        $marshal::FreeHGlobal($text)
    }
}

# The download with that id; nothing where there is none. What is canceled here is what was asked for: a service that
# gives out others as well does no harm.
function Find-Download($Service, $Enumerator, [guid]$Id) {
    $face = $Service.Face
    $code = Set-ComImpersonation $Enumerator $face.EnumeratorType
    if ($code -lt 0) { return @{ Code = $code; CalledMethod = 'CoSetProxyBlanket'; Job = $null } }
    while ($true) {
        $arguments = [object[]]@([uint32]1, $null, [uint32]0)
        $code = $face.Next.Invoke($Enumerator, $arguments)
        if ($code -lt 0) { return @{ Code = $code; CalledMethod = 'IEnumUnknown::Next'; Job = $null } }
        if ($null -eq $arguments[1]) { return }

        $download = $arguments[1]
        $called = 'CoSetProxyBlanket'
        $code = Set-ComImpersonation $download $face.DownloadType
        if ($code -ge 0) {
            $called = 'IDODownload::GetProperty'
            $property = [object[]]@($script:id, $null)
            $code = $face.GetProperty.Invoke($download, $property)
            if ($code -ge 0 -and ($property[1] -as [guid]) -eq $Id) {
                return @{ Code = 0; CalledMethod = 'IDOManager::EnumDownloads'; Job = $download }
            }
        }
        $null = [Runtime.InteropServices.Marshal]::ReleaseComObject($download)
        if ($code -lt 0) { return @{ Code = $code; CalledMethod = $called; Job = $null } }
    }
}

# The URL comes last: a download that has one has its file.
function Set-DownloadFile($Service, $Download, [string]$RemoteUrl, [string]$LocalName) {
    $face = $Service.Face
    $answer = @{ Code = $null; Method = 'IBackgroundCopyJob::AddFile'; CalledMethod = 'IDODownload::GetProperty' }
    $code = $face.GetProperty.Invoke($Download, [object[]]@($script:uri, $null))
    if ($code -ne $script:notSet) {
        # There is a first file already, or no telling.
        $answer.Code = if ($code -lt 0) { $code } else { $script:notImplemented }
        return $answer
    }
    $answer.CalledMethod = 'IDODownload::SetProperty'
    $answer.Code = $face.SetProperty.Invoke($Download, [object[]]@($script:localPath, $LocalName))
    if ($answer.Code -ge 0) { $answer.Code = $face.SetProperty.Invoke($Download, [object[]]@($script:uri, $RemoteUrl)) }
    $answer
}

# There are two: foreground, and the rest.
function Set-DownloadPriority($Service, $Download, [int]$Priority) {
    $code = $Service.Face.SetProperty.Invoke($Download, [object[]]@($script:foregroundPriority, ($Priority -eq 0)))
    @{ Code = $code; Method = 'IBackgroundCopyJob::SetPriority'; CalledMethod = 'IDODownload::SetProperty' }
}

# The state of the job that the download stands for.
function Get-DownloadState($Service, $Download) {
    $answer = @{ Code = $null; Method = 'IBackgroundCopyJob::GetState'; CalledMethod = 'IDODownload::GetStatus'; State = $null }
    $marshal = [Runtime.InteropServices.Marshal]
    # DO_DOWNLOAD_STATUS: two counts of bytes, then State, Error and ExtendedError.
    $status = $marshal::AllocHGlobal(32)
    try {
        $answer.Code = $Service.Face.GetStatus.Invoke($Download, [object[]]@(, $status))
        if ($answer.Code -lt 0) { return $answer }
        $state, $failure, $extended = foreach ($offset in 16, 20, 24) { $marshal::ReadInt32($status, $offset) }
        $answer.State = ConvertTo-JobState $state $failure $extended
        $answer
    }
    finally {
        $marshal::FreeHGlobal($status)
    }
}

# A download that was stopped by an error is paused. A transient one is an extended error alone, or is known by its code.
function ConvertTo-JobState([int]$State, [int]$Failure, [int]$Extended) {
    if ($State -eq $script:paused) {
        if ($Failure -lt 0) {
            if (($Failure -band 0xFFFFFF00) -eq 0x80D03800) { return $script:transientError }
            return $script:fatalError
        }
        if ($Extended -lt 0) { return $script:transientError }
    }
    if ($State -ge 0 -and $State -lt $script:states.Count) { $script:states[$State] }
}

Export-ModuleMember -Function New-DownloadFace
