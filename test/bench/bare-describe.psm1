Set-StrictMode -Version Latest

# The COM calls that the SDK makes to list, describe, and watch jobs, in a bare PowerShell loop with the same answers, for comparison with
# the SDK.
Import-Module -Name ("$PSScriptRoot/../../ps/BackgroundCopy/com.psm1" -replace '[][*?`]', '`$0')

$script:managerType = Get-ComInterface 'IBackgroundCopyManager'
$script:jobType = Get-ComInterface 'IBackgroundCopyJob'
$script:nextFile = (Get-ComInterface 'IEnumBackgroundCopyFiles').GetMethod('Next')
$script:describe = Import-Module -PassThru -Name ("$PSScriptRoot/../../ps/BackgroundCopy/describe.psm1" -replace '[][*?`]', '`$0')
$script:manager = @{ Instance = (New-ComInstance '4991D34B-80A1-4291-83B6-3328366B9097' $script:managerType).Instance }

function Get-BareId {
    $next = (Get-ComInterface 'IEnumBackgroundCopyJobs').GetMethod('Next')
    $getId = $script:jobType.GetMethod('GetId')
    $list = [object[]]@([uint32]0, $null)
    $null = $script:managerType.GetMethod('EnumJobs').Invoke($script:manager.Instance, $list)
    $ids = [Collections.Generic.List[guid]]::new()
    $arguments = [object[]]@([uint32]1, $null, [uint32]0)
    $id = [object[]]@([guid]::Empty)
    while ($next.Invoke($list[1], $arguments) -eq 0) {
        $null = $getId.Invoke($arguments[1], $id)
        $ids.Add($id[0])
        $null = [Runtime.InteropServices.Marshal]::ReleaseComObject($arguments[1])
    }
    $null = [Runtime.InteropServices.Marshal]::ReleaseComObject($list[1])
    , $ids
}

# The jobs as JSON. Detail is one of the details of job.describe, whose plan specifies what to read of a job.
function Read-BareJob($Ids, [string]$Detail) {
    $getJob = $script:managerType.GetMethod('GetJob')
    $getState = $script:jobType.GetMethod('GetState')
    $enumFiles = $script:jobType.GetMethod('EnumFiles')
    $groups = foreach ($group in (& $script:describe { New-ReadingPlan $args[0] $false } $Detail).Groups) {
        @{ Type = $group.Type; AsksFirst = $group.AsksFirst; Calls = @($group.Properties) }
    }
    $jobs = foreach ($id in $Ids) {
        $arguments = [object[]]@($id, $null)
        if ($getJob.Invoke($script:manager.Instance, $arguments) -ne 0) { continue }
        $job = $arguments[1]
        $state = [object[]]@(0)
        $null = $getState.Invoke($job, $state)
        $read = @{ jobId = $id; state = $state[0] }
        foreach ($group in $groups) {
            if ($group.AsksFirst -and (Set-ComImpersonation $job $group.Type) -lt 0) { continue }
            foreach ($call in $group.Calls) {
                $arguments = [object[]]::new($call['Count'])
                $arguments[0] = $call.First
                if ($call.Method.Invoke($job, $arguments) -ne 0) { continue }
                if ($call.First -is [IntPtr]) {
                    $numbers = [long[]]::new(3)
                    [Runtime.InteropServices.Marshal]::Copy($call.First, $numbers, 0, 3)
                    $read[$call.Name] = $numbers
                }
                else { $read[$call.Name] = $arguments[0] }
            }
        }
        if ($Detail -eq 'all') {
            $files = [object[]]@(, $null)
            $null = $enumFiles.Invoke($job, $files)
            $null = $script:nextFile.Invoke($files[0], [object[]]@([uint32]1, $null, [uint32]0))
            $null = [Runtime.InteropServices.Marshal]::ReleaseComObject($files[0])
        }
        $null = [Runtime.InteropServices.Marshal]::ReleaseComObject($job)
        $read
    }
    ConvertTo-Json -Compress -InputObject @($jobs)
}

# What listJobs does: the IDs, and the summary of each job.
function Get-BareList { Read-BareJob (Get-BareId) 'summary' }

# Describes the jobs: completely, or their 'progress' as for a watch.
function Get-BareDescription([string]$Detail, [int]$Count) { Read-BareJob $script:ids.GetRange(0, $Count) $Detail }

$script:ids = Get-BareId

Export-ModuleMember -Function Get-BareList, Get-BareDescription
