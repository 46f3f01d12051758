Set-StrictMode -Version Latest

# Adds a file to a job in ways other than IBackgroundCopyJob::AddFile: with ranges, and to a Delivery Optimization job, with
# IDeliveryOptimizationJob2 or, if the job does not support it, with IDeliveryOptimizationJob. URLs and file names are passed here as in
# jobs.psm1.

Import-Module -Verbose:$false -Name ("$PSScriptRoot/com.psm1" -replace '[][*?`]', '`$0') -Function Get-ComInterface, Set-ComImpersonation

$script:noInterface = 0x80004002
$script:downloadSinkFilePath = 4
$script:unknownFileSize = [uint64]::MaxValue

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
                $arguments = [object[]]@($fileId, $RemoteUrl, $LocalName, $array.Count, $array.Address, $script:unknownFileSize)
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

Export-ModuleMember -Function Add-CopyFileWithRange, Add-FileToDeliveryJob
