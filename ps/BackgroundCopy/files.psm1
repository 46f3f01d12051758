Set-StrictMode -Version Latest

# How a file gets into a job of Delivery Optimization: by IDeliveryOptimizationJob2, or by IDeliveryOptimizationJob where there
# is no such interface. URLs and file names are on their way here as in jobs.psm1.

Import-Module -Verbose:$false -Name ("$PSScriptRoot/com.psm1" -replace '[][*?`]', '`$0') -Function Get-ComInterface, Set-ComImpersonation

$script:noInterface = 0x80004002
$script:downloadSinkFilePath = 4
$script:unknownFileSize = [uint64]::MaxValue

# The answer; $null where the job has neither interface.
function Add-FileToDeliveryJob($Job, [string]$RemoteUrl, [string]$LocalName) {
    # Unique, so that it can't be taken for the id of published content, which another computer may have.
    $fileId = [guid]::NewGuid().ToString()

    $job2Type = Get-ComInterface 'IDeliveryOptimizationJob2'
    $code = Set-ComImpersonation $Job $job2Type
    if ($code -ge 0) { return ${function:Add-FileObject}.InvokeReturnAsIs($Job, $job2Type, $fileId, $RemoteUrl, $LocalName) }

    if ($code -eq $script:noInterface) {
        $jobType = Get-ComInterface 'IDeliveryOptimizationJob'
        $code = Set-ComImpersonation $Job $jobType
        if ($code -ge 0) {
            $arguments = [object[]]@($fileId, $RemoteUrl, $LocalName, [uint32]0, [IntPtr]::Zero, $script:unknownFileSize)
            $code = $jobType.GetMethod('AddFileWithRanges').Invoke($Job, $arguments)
            return @{ Code = $code; Method = 'IDeliveryOptimizationJob::AddFileWithRanges' }
        }
        if ($code -eq $script:noInterface) { return }
    }
    @{ Code = $code; Method = 'CoSetProxyBlanket' }
}

# The local name is a property of the file that was added.
function Add-FileObject($Job, [type]$Job2Type, [string]$FileId, [string]$RemoteUrl, [string]$LocalName) {
    $iid = (Get-ComInterface 'IDeliveryOptimizationFile').GUID
    $fileType = Get-ComInterface 'IDeliveryOptimizationFile2'
    $arguments = [object[]]@($FileId, $RemoteUrl, [uint32]0, [IntPtr]::Zero, $iid, $null)
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

Export-ModuleMember -Function Add-FileToDeliveryJob
