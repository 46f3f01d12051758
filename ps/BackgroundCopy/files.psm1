Set-StrictMode -Version Latest

# The files of a job of the documented face: reads them, and adds them in ways other than IBackgroundCopyJob::AddFile: with ranges, and to
# a Delivery Optimization job, with IDeliveryOptimizationJob2 or, if the job does not support it, with IDeliveryOptimizationJob. URLs and
# file names are passed here as in jobs.psm1.

Import-Module -Verbose:$false -Name ("$PSScriptRoot/com.psm1" -replace '[][*?`]', '`$0') -Function Get-ComInterface, Get-ComMethod, Read-ComText, Set-ComImpersonation

$script:noInterface = 0x80004002
$script:downloadSinkFilePath = 4

# A buffer for the structure that GetProgress fills. It is made at the first use, so that no start waits for it.
$script:fileBytes = $null
$script:fileRoom = $null

# ---- Reading ----

# The files of a job. Files is $null in the answer if they can't be listed.
function Read-CopyFile($Service, $Job) {
    $arguments = [object[]]@(, $null)
    $answer = @{ Code = (Get-ComMethod 'IBackgroundCopyJob' 'EnumFiles').Invoke($Job, $arguments); Files = $null }
    if ($answer.Code -lt 0) { return $answer }
    $snapshot = @{ Enumerator = $arguments[0]; Code = 0 }
    try {
        $files = [Collections.Generic.List[object]]::new()
        if ($Service.DeliveryOptimization) {
            $snapshot.Code = Set-ComImpersonation $snapshot.Enumerator (Get-ComInterface 'IEnumBackgroundCopyFiles')
        }
        while ($snapshot.Code -ge 0 -and $null -ne ($file = Read-NextFile $Service $snapshot)) { $files.Add($file) }
        $answer.Code = $snapshot.Code
        if ($snapshot.Code -ge 0) { $answer.Files = $files }
        $answer
    }
    finally {
        $null = [Runtime.InteropServices.Marshal]::ReleaseComObject($snapshot.Enumerator)
    }
}

# The next file; nothing at the end, or if it can't be read: Code of the snapshot then contains the reason.
function Read-NextFile($Service, $Snapshot) {
    $arguments = [object[]]@([uint32]1, $null, [uint32]0)
    $Snapshot.Code = (Get-ComMethod 'IEnumBackgroundCopyFiles' 'Next').Invoke($Snapshot.Enumerator, $arguments)
    $file = $arguments[1]
    if ($null -eq $file) { return }
    try {
        if ($Service.DeliveryOptimization) {
            $Snapshot.Code = Set-ComImpersonation $file (Get-ComInterface 'IBackgroundCopyFile')
            if ($Snapshot.Code -lt 0) { return }
        }
        if ($null -eq $script:fileBytes) {
            $script:fileBytes = [byte[]]::new(24)
            $script:fileRoom = [Runtime.InteropServices.GCHandle]::Alloc($script:fileBytes, [Runtime.InteropServices.GCHandleType]::Pinned).AddrOfPinnedObject()
        }
        $Snapshot.Code = (Get-ComMethod 'IBackgroundCopyFile' 'GetProgress').Invoke($file, [object[]]@(, $script:fileRoom))
        if ($Snapshot.Code -lt 0) { return }
        $description = @{
            remoteName       = [string](Read-ComText $file 'IBackgroundCopyFile' 'GetRemoteName')
            localName        = [string](Read-ComText $file 'IBackgroundCopyFile' 'GetLocalName')
            bytesTotal       = [BitConverter]::ToUInt64($script:fileBytes, 0)
            bytesTransferred = [BitConverter]::ToUInt64($script:fileBytes, 8)
            completed        = [BitConverter]::ToInt32($script:fileBytes, 16) -ne 0
        }
        if ((Set-ComImpersonation $file (Get-ComInterface 'IBackgroundCopyFile2')) -ge 0) {
            $description.ranges = Read-Range $file
        }
        if (-not $Service.DeliveryOptimization -and (Set-ComImpersonation $file (Get-ComInterface 'IBackgroundCopyFile3')) -ge 0) {
            $description.temporaryName = Read-ComText $file 'IBackgroundCopyFile3' 'GetTemporaryName'
        }
        $description
    }
    finally {
        $null = [Runtime.InteropServices.Marshal]::ReleaseComObject($file)
    }
}

# The ranges of a file; nothing if the whole file is transferred.
function Read-Range($File) {
    $arguments = [object[]]@([uint32]0, [IntPtr]::Zero)
    $code = (Get-ComMethod 'IBackgroundCopyFile2' 'GetFileRanges').Invoke($File, $arguments)
    if ($code -lt 0 -or $arguments[1] -eq [IntPtr]::Zero) { return }
    try {
        $numbers = [byte[]]::new(16 * $arguments[0])
        [Runtime.InteropServices.Marshal]::Copy($arguments[1], $numbers, 0, $numbers.Length)
    }
    finally {
        [Runtime.InteropServices.Marshal]::FreeCoTaskMem($arguments[1])
    }
    $ranges = [Collections.Generic.List[object]]::new()
    for ($at = 0; $at -lt $numbers.Length; $at += 16) {
        $ranges.Add(@{ initialOffset = [BitConverter]::ToUInt64($numbers, $at); length = [BitConverter]::ToUInt64($numbers, $at + 8) })
    }
    if ($ranges.Count -gt 0) { , $ranges }
}

# The temporary files on the disk of a snapshot, an Enumerator of files. Names is $null in the answer if the service does not return any.
function Get-LeftoverFile($Service, $Snapshot) {
    $answer = @{ Names = $null }
    while ($null -ne ($file = Read-NextFile $Service $Snapshot)) {
        if (-not $file['temporaryName']) { continue }
        if ($null -eq $answer.Names) { $answer.Names = [Collections.Generic.List[string]]::new() }
        if ([IO.File]::Exists($file.temporaryName)) { $answer.Names.Add($file.temporaryName) }
    }
    $answer
}

# ---- Adding ----

# The ranges as an array of BG_FILE_RANGE. Free it with Close-FileRange. Throws only for ranges that are not numbers.
function Open-FileRange($Ranges) {
    $numbers = [Collections.Generic.List[uint64]]::new()
    if ($null -ne $Ranges) {
        foreach ($range in $Ranges) {
            $numbers.Add([uint64][string]$range['initialOffset'])
            $numbers.Add([uint64][string]$range['length'])
        }
    }
    $array = @{ Count = [uint32]($numbers.Count / 2); Address = [IntPtr]::Zero; Handle = $null }
    if ($array.Count -gt 0) {
        $array.Handle = [Runtime.InteropServices.GCHandle]::Alloc($numbers.ToArray(), [Runtime.InteropServices.GCHandleType]::Pinned)
        $array.Address = $array.Handle.AddrOfPinnedObject()
    }
    $array
}

function Close-FileRange($Array) {
    if ($null -ne $Array.Handle) { $Array.Handle.Free() }
}

# Adds a part of a file to a BITS job.
function Add-CopyFileWithRange($Job, [string]$RemoteUrl, [string]$LocalName, $Ranges) {
    $jobType = Get-ComInterface 'IBackgroundCopyJob3'
    $answer = @{ Code = Set-ComImpersonation $Job $jobType; Method = 'IBackgroundCopyJob3::AddFileWithRanges' }
    if ($answer.Code -lt 0) { return $answer }
    $array = Open-FileRange $Ranges
    try {
        $answer.Code = $jobType.GetMethod('AddFileWithRanges').Invoke($Job, [object[]]@($RemoteUrl, $LocalName, $array.Count, $array.Address))
        $answer
    }
    finally {
        Close-FileRange $array
    }
}

# The answer; $null if the job supports neither interface.
function Add-FileToDeliveryJob($Job, [string]$RemoteUrl, [string]$LocalName, $Ranges) {
    # Unique, so that it can't be mistaken for the ID of published content, which another computer might have.
    $fileId = [guid]::NewGuid().ToString()

    $array = Open-FileRange $Ranges
    try {
        $job2Type = Get-ComInterface 'IDeliveryOptimizationJob2'
        $code = Set-ComImpersonation $Job $job2Type
        if ($code -ge 0) { return ${function:Add-FileObject}.InvokeReturnAsIs($Job, $job2Type, $fileId, $RemoteUrl, $LocalName, $array) }

        if ($code -eq $script:noInterface) {
            $jobType = Get-ComInterface 'IDeliveryOptimizationJob'
            $code = Set-ComImpersonation $Job $jobType
            if ($code -ge 0) {
                $arguments = [object[]]@($fileId, $RemoteUrl, $LocalName, $array.Count, $array.Address, [uint64]::MaxValue)
                $code = $jobType.GetMethod('AddFileWithRanges').Invoke($Job, $arguments)
                return @{ Code = $code; Method = 'IDeliveryOptimizationJob::AddFileWithRanges' }
            }
            if ($code -eq $script:noInterface) { return }
        }
        @{ Code = $code; Method = 'CoSetProxyBlanket' }
    }
    finally {
        Close-FileRange $array
    }
}

# The local name is a property of the added file.
function Add-FileObject($Job, [type]$Job2Type, [string]$FileId, [string]$RemoteUrl, [string]$LocalName, $Array) {
    $iid = (Get-ComInterface 'IDeliveryOptimizationFile').GUID
    $fileType = Get-ComInterface 'IDeliveryOptimizationFile2'
    $arguments = [object[]]@($FileId, $RemoteUrl, $Array.Count, $Array.Address, $iid, $null)
    $answer = @{ Code = $null; Method = 'IDeliveryOptimizationJob2::AddFile' }
    $answer.Code = $Job2Type.GetMethod('AddFile').Invoke($Job, $arguments)
    if ($answer.Code -lt 0) { return $answer }

    $file = $arguments[5]
    try {
        $code = Set-ComImpersonation $file $fileType
        if ($code -lt 0) { return @{ Code = $code; Method = 'CoSetProxyBlanket' } }
        $code = $fileType.GetMethod('SetProperty').Invoke($file, [object[]]@($script:downloadSinkFilePath, $LocalName))
        if ($code -lt 0) { return @{ Code = $code; Method = 'IDeliveryOptimizationFile2::SetProperty' } }
        $answer
    }
    finally {
        $null = [Runtime.InteropServices.Marshal]::ReleaseComObject($file)
    }
}

Export-ModuleMember -Function Read-CopyFile, Get-LeftoverFile, Add-CopyFileWithRange, Add-FileToDeliveryJob
