Set-StrictMode -Version Latest

# The COM calls that the SDK makes for a cancel, in a bare PowerShell loop with the same answers, for comparison with the SDK.
Import-Module -Name ("$PSScriptRoot/../../ps/BackgroundCopy/com.psm1" -replace '[][*?`]', '`$0')

$script:managerType = Get-ComInterface 'IBackgroundCopyManager'
$script:jobType = Get-ComInterface 'IBackgroundCopyJob'
$script:manager = @{ Instance = (New-ComInstance '4991D34B-80A1-4291-83B6-3328366B9097' $script:managerType).Instance }
$script:ids = $null

function New-BareJob([int]$Count) {
    $createJob = $script:managerType.GetMethod('CreateJob')
    $script:ids = for ($i = 0; $i -lt $Count; $i++) {
        $arguments = [object[]]@("job $i", 0, [guid]::Empty, $null)
        $null = $createJob.Invoke($script:manager.Instance, $arguments)
        $null = [Runtime.InteropServices.Marshal]::ReleaseComObject($arguments[3])
        $arguments[2]
    }
    ConvertTo-Json -Compress -InputObject @($script:ids)
}

# Cancels the jobs made last.
function Stop-BareJob {
    $getJob = $script:managerType.GetMethod('GetJob')
    $getState = $script:jobType.GetMethod('GetState')
    $enumFiles = $script:jobType.GetMethod('EnumFiles')
    $cancel = $script:jobType.GetMethod('Cancel')
    $canceled = foreach ($id in $script:ids) {
        $arguments = [object[]]@($id, $null)
        $null = $getJob.Invoke($script:manager.Instance, $arguments)
        $before = [object[]]@(0)
        $null = $getState.Invoke($arguments[1], $before)
        $files = [object[]]@(, $null)
        $null = $enumFiles.Invoke($arguments[1], $files)
        $code = $cancel.Invoke($arguments[1], $null)
        $after = [object[]]@(0)
        $null = $getState.Invoke($arguments[1], $after)
        $null = [Runtime.InteropServices.Marshal]::ReleaseComObject($files[0])
        $null = [Runtime.InteropServices.Marshal]::ReleaseComObject($arguments[1])
        @{ jobId = $id; hresult = $code; stateBefore = $before[0]; stateAfter = $after[0] }
    }
    ConvertTo-Json -Compress -InputObject @($canceled)
}

Export-ModuleMember -Function New-BareJob, Stop-BareJob
