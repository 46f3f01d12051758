Set-StrictMode -Version Latest

# The face of a Delivery Optimization that has only IDOManager and IDODownload (services.psm1 explains faces): a job is a download, its ID
# is a property, and it has one file. Display names, URLs, and file names are passed here as in jobs.psm1.

Import-Module -Verbose:$false -Name ("$PSScriptRoot/com.psm1" -replace '[][*?`]', '`$0') -Function Get-ComInterface, Set-ComImpersonation
Import-Module -Verbose:$false -Name ("$PSScriptRoot/download-properties.psm1" -replace '[][*?`]', '`$0') -Function Set-DownloadFile, Set-Download, Get-DownloadState, Get-DownloadError, Read-Download

# DODownloadProperty
$script:id = 0
$script:displayName = 3

$script:notImplemented = 0x80004001
$script:unexpected = 0x8000FFFF
$script:jobNotFound = 0x80D02003

function New-DownloadFace {
    $managerType = Get-ComInterface 'IDOManager'
    $downloadType = Get-ComInterface 'IDODownload'
    $enumeratorType = Get-ComInterface 'IEnumUnknown'
    $verbs = @{}
    foreach ($pair in ('Suspend', 'Pause'), ('Resume', 'Start'), ('Cancel', 'Abort'), ('Complete', 'Finalize')) {
        $verbs[$pair[0]] = @{
            Method = $downloadType.GetMethod($pair[1]); Arguments = $null; FirstArguments = $null; CalledMethod = "IDODownload::$($pair[1])"
        }
    }
    # The first Start specifies what to download. Later calls specify nothing, so that a download with ranges of another caller continues
    # with these ranges.
    #
    # DO_DOWNLOAD_RANGES_INFO without ranges, which requests the whole file: a count of 0, and the one range that the structure has room for.
    $wholeFile = [Runtime.InteropServices.GCHandle]::Alloc([byte[]]::new(24), [Runtime.InteropServices.GCHandleType]::Pinned).AddrOfPinnedObject()
    $verbs.Resume.FirstArguments = [object[]]@(, $wholeFile)
    $verbs.Resume.Arguments = [object[]]@(, [IntPtr]::Zero)
    @{
        Interface      = 'IDOManager'
        ManagerType    = $managerType
        AddFileMethod  = 'IBackgroundCopyJob::AddFile'
        Verbs          = $verbs
        CreateJob      = ${function:New-Download}
        GetJob         = ${function:Get-Download}
        AddFile        = ${function:Set-DownloadFile}
        GetState       = ${function:Get-DownloadState}
        GetError       = ${function:Get-DownloadError}
        Describe       = ${function:Read-Download}
        OpenList       = ${function:Open-DownloadList}
        ReadId         = ${function:Read-DownloadId}
        Set            = ${function:Set-Download}
        # A download has none of these properties.
        SetCredentials = { @{ Code = $script:notImplemented; Method = 'IBackgroundCopyJob2::SetCredentials' } }
        RemoveCredentials   = { @{ Code = $script:notImplemented; Method = 'IBackgroundCopyJob2::RemoveCredentials' } }
        TakeOwnership       = { @{ Code = $script:notImplemented; Method = 'IBackgroundCopyJob::TakeOwnership' } }
        ReplaceRemotePrefix = { @{ Code = $script:notImplemented; Method = 'IBackgroundCopyJob3::ReplaceRemotePrefix' } }
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

# A download whose name can't be set or whose ID can't be read is aborted.
function New-Download($Service, [string]$Name, [int]$Type) {
    $answer = @{ Code = $script:notImplemented; Method = 'IBackgroundCopyManager::CreateJob'; CalledMethod = $null; Job = $null; JobId = $null }
    # Uploads are not supported.
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

# Tries both notations of the ID, because the documentation does not specify which one the service compares.
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

# EnumDownloads, for the downloads with that ID, or for all downloads of the caller.
function New-DownloadEnumerator($Service, [string]$IdText) {
    if (-not $IdText) {
        $arguments = [object[]]@([IntPtr]::Zero, $null)
        return @{ Code = $Service.Face.EnumDownloads.Invoke($Service.Manager, $arguments); Enumerator = $arguments[1] }
    }
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

# A list of the caller's downloads: nobody can list those of others. Enumerator is $null in the answer if they can't be listed.
function Open-DownloadList($Service, [bool]$AllUsers) {
    $answer = @{ Code = $script:notImplemented; Method = 'IBackgroundCopyManager::EnumJobs'; CalledMethod = $null; Enumerator = $null }
    if ($AllUsers) { return $answer }
    $answer.CalledMethod = 'IDOManager::EnumDownloads'
    $listed = New-DownloadEnumerator $Service ''
    $answer.Code = $listed.Code
    if ($listed.Code -lt 0) { return $answer }
    $granted = Set-ComImpersonation $listed.Enumerator $Service.Face.EnumeratorType
    if ($granted -lt 0) {
        $null = [Runtime.InteropServices.Marshal]::ReleaseComObject($listed.Enumerator)
        $answer.Code = $granted
        $answer.CalledMethod = 'CoSetProxyBlanket'
        return $answer
    }
    $answer.Enumerator = $listed.Enumerator
    $answer
}

# The ID of the next download of a list. JobId is $null in the answer at the end, or if its code contains the reason.
function Read-DownloadId($Service, $Enumerator) {
    $face = $Service.Face
    $answer = @{ Code = $null; Method = 'IBackgroundCopyManager::EnumJobs'; CalledMethod = 'IEnumUnknown::Next'; JobId = $null }
    $arguments = [object[]]@([uint32]1, $null, [uint32]0)
    $answer.Code = $face.Next.Invoke($Enumerator, $arguments)
    if ($answer.Code -lt 0 -or $null -eq $arguments[1]) { return $answer }
    $answer.CalledMethod = 'IDODownload::GetProperty'
    $property = [object[]]@($script:id, $null)
    $answer.Code = Set-ComImpersonation $arguments[1] $face.DownloadType
    if ($answer.Code -ge 0) { $answer.Code = $face.GetProperty.Invoke($arguments[1], $property) }
    $null = [Runtime.InteropServices.Marshal]::ReleaseComObject($arguments[1])
    if ($answer.Code -ge 0) { $answer.JobId = ([guid]$property[1]).ToString() }
    $answer
}

# The download with that ID; nothing if there is none. The ID is checked here, so a service that also returns other downloads does no
# harm.
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

Export-ModuleMember -Function New-DownloadFace
