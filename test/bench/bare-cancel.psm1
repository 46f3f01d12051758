Set-StrictMode -Version Latest

# The COM calls that the SDK makes for a cancel, in a bare PowerShell loop, for comparison with the SDK.
Import-Module -Name ("$PSScriptRoot/../../ps/BackgroundCopy/com.psm1" -replace '[][*?`]', '`$0')

function Measure-BareCancel([int]$Count) {
    $managerType = Get-ComInterface 'IBackgroundCopyManager'
    $jobType = Get-ComInterface 'IBackgroundCopyJob'
    $manager = (New-ComInstance '4991D34B-80A1-4291-83B6-3328366B9097' $managerType).Instance
    $createJob = $managerType.GetMethod('CreateJob')
    $getJob = $managerType.GetMethod('GetJob')
    $getState = $jobType.GetMethod('GetState')
    $enumFiles = $jobType.GetMethod('EnumFiles')
    $cancel = $jobType.GetMethod('Cancel')
    $ids = for ($i = 0; $i -lt $Count; $i++) {
        $arguments = [object[]]@("job $i", 0, [guid]::Empty, $null)
        $null = $createJob.Invoke($manager, $arguments)
        $null = [Runtime.InteropServices.Marshal]::ReleaseComObject($arguments[3])
        $arguments[2]
    }
    $watch = [Diagnostics.Stopwatch]::StartNew()
    $canceled = 0
    $state = [object[]]@(0)
    foreach ($id in $ids) {
        $arguments = [object[]]@($id, $null)
        $null = $getJob.Invoke($manager, $arguments)
        $null = $getState.Invoke($arguments[1], $state)
        $files = [object[]]@(, $null)
        $null = $enumFiles.Invoke($arguments[1], $files)
        if ($cancel.Invoke($arguments[1], $null) -eq 0) { $canceled++ }
        $null = $getState.Invoke($arguments[1], $state)
        $null = [Runtime.InteropServices.Marshal]::ReleaseComObject($files[0])
        $null = [Runtime.InteropServices.Marshal]::ReleaseComObject($arguments[1])
    }
    "bare $canceled $($watch.ElapsedMilliseconds)"
}

Export-ModuleMember -Function Measure-BareCancel
