Set-StrictMode -Version Latest

# What a service of the documented face returns about a job: its properties and its error. A job is described by a hashtable with the
# names of the wire; missing properties are not in it. Numbers of 64 bits are [uint64].

Import-Module -Verbose:$false -Name ("$PSScriptRoot/com.psm1" -replace '[][*?`]', '`$0') -Function Get-ComInterface, Get-ComMethod, Read-ComText, Set-ComImpersonation
Import-Module -Verbose:$false -Name ("$PSScriptRoot/properties.psm1" -replace '[][*?`]', '`$0') -Function Get-JobProperty
Import-Module -Verbose:$false -Name ("$PSScriptRoot/files.psm1" -replace '[][*?`]', '`$0') -Function Read-CopyFile

# BG_JOB_STATE_ERROR, BG_JOB_STATE_TRANSIENT_ERROR
$script:failedStates = 4, 5

# A buffer for any of the structures that a method fills. It is made at the first use, so that no start waits for it.
$script:jobBytes = $null
$script:jobRoom = $null

# By detail and service: the interfaces to query, with the properties to read of each.
$script:plans = @{}

function New-ReadingPlan([string]$Detail, [bool]$DeliveryOptimization) {
    if ($null -eq $script:jobBytes) {
        $script:jobBytes = [byte[]]::new(64)
        $script:jobRoom = [Runtime.InteropServices.GCHandle]::Alloc($script:jobBytes, [Runtime.InteropServices.GCHandleType]::Pinned).AddrOfPinnedObject()
    }
    $plan = [ordered]@{}
    foreach ($property in Get-JobProperty 'Get' $DeliveryOptimization) {
        if ($Detail -eq 'progress' -and $property.Name -ne 'progress') { continue }
        if ($Detail -eq 'summary' -and -not $property['Summary']) { continue }
        $type = Get-ComInterface $property.Interface
        if (-not $plan.Contains($property.Interface)) {
            $plan[$property.Interface] = @{
                Type       = $type
                # Get-CopyJob has done it for this one.
                AsksFirst  = $property.Interface -ne 'IBackgroundCopyJob'
                Properties = [Collections.Generic.List[object]]::new()
            }
        }
        $method = $type.GetMethod("Get$($property.Member)")
        $plan[$property.Interface].Properties.Add(@{
                Name   = $property.Name
                Kind   = $property.Kind
                # The value as it is, without converting it by kind.
                Plain  = $property.Kind -in ('int', 'uint', 'text')
                Method = $method
                Count  = $method.GetParameters().Count
                # The arguments that the method requires.
                First  = if ($null -ne $property['Id']) { $property.Id } elseif ($property.Kind -in ('progress', 'times', 'reply')) { $script:jobRoom } else { $null }
                Id     = $property['Id']
                Fields = $property['Fields']
                Needs  = $property['Needs']
                NotSet = $property['NotSet']
            })
    }
    @{ Groups = @($plan.Values) }
}

# ---- Jobs ----

function Read-CopyJob($Service, $Job, [string]$Detail, [int]$LanguageId) {
    $state = [object[]]@(0)
    $answer = @{ Code = $Service.Face.JobGetState.Invoke($Job, $state); Method = 'IBackgroundCopyJob::GetState'; Job = $null }
    if ($answer.Code -lt 0) { return $answer }

    $plan = $script:plans[$Detail + $Service.DeliveryOptimization]
    if ($null -eq $plan) { $plan = $script:plans[$Detail + $Service.DeliveryOptimization] = New-ReadingPlan $Detail $Service.DeliveryOptimization }
    $description = @{ state = $state[0] }
    $refused = @{}
    foreach ($group in $plan.Groups) {
        $asked = if ($group.AsksFirst) { Set-ComImpersonation $Job $group.Type } else { 0 }
        foreach ($property in $group.Properties) {
            $code = $asked
            if ($code -ge 0) {
                $arguments = [object[]]::new($property.Count)
                $arguments[0] = $property.First
                $code = $property.Method.Invoke($Job, $arguments)
            }
            if ($code -lt 0) {
                if ($code -ne $property.NotSet) { $refused[$property.Name] = [long]$code -band 0xFFFFFFFFL }
                continue
            }
            $value = $arguments[0]
            if ($property.Plain) {
                if ($null -ne $value) { $description[$property.Name] = $value }
                continue
            }
            $kind = $property.Kind
            if ($kind -eq 'progress') {
                $value = @{
                    bytesTotal       = [BitConverter]::ToUInt64($script:jobBytes, 0)
                    bytesTransferred = [BitConverter]::ToUInt64($script:jobBytes, 8)
                    filesTotal       = [BitConverter]::ToUInt32($script:jobBytes, 16)
                    filesTransferred = [BitConverter]::ToUInt32($script:jobBytes, 20)
                }
            }
            elseif ($kind -eq 'times') {
                $value = @{
                    creation           = [BitConverter]::ToUInt64($script:jobBytes, 0)
                    modification       = [BitConverter]::ToUInt64($script:jobBytes, 8)
                    transferCompletion = [BitConverter]::ToUInt64($script:jobBytes, 16)
                }
            }
            elseif ($kind -eq 'reply') {
                $value = @{ bytesTotal = [BitConverter]::ToUInt64($script:jobBytes, 0); bytesTransferred = [BitConverter]::ToUInt64($script:jobBytes, 8) }
            }
            elseif ($kind -eq 'flag') { $value = $value -ne 0 }
            elseif ($kind -eq 'texts') { $value = ${function:ConvertTo-Record}.InvokeReturnAsIs($property.Fields, $property.Needs, $arguments) }
            elseif ($null -ne $property.Id) {
                $union = $arguments[1].ToByteArray()
                if ($kind -eq 'dword') { $value = [BitConverter]::ToUInt32($union, 0) }
                elseif ($kind -eq 'enable') { $value = [BitConverter]::ToInt32($union, 0) -ne 0 }
                else { $value = [BitConverter]::ToUInt64($union, 0) }
            }
            if ($null -ne $value) { $description[$property.Name] = $value }
        }
    }
    if ($script:failedStates -contains $state[0]) {
        $failure = Read-CopyJobError $Service $Job $LanguageId
        if ($null -ne $failure.Error) { $description.error = $failure.Error }
        else { $refused.error = [long]$failure.Code -band 0xFFFFFFFFL }
    }
    if ($Detail -eq 'all') {
        $listed = Read-CopyFile $Service $Job
        if ($null -ne $listed.Files) { $description.files = $listed.Files }
        else { $refused.files = [long]$listed.Code -band 0xFFFFFFFFL }
    }
    if ($refused.Count -gt 0) { $description.refused = $refused }
    $answer.Job = $description
    $answer
}

# The arguments of a method by name; nothing if a required one is missing.
function ConvertTo-Record([string[]]$Fields, [string]$Needed, $Arguments) {
    $record = @{}
    for ($i = 0; $i -lt $Fields.Count; $i++) {
        $value = $Arguments[$i]
        if (-not $Fields[$i]) { [Runtime.InteropServices.Marshal]::FreeCoTaskMem($value) }
        elseif ($value -is [int]) { $record[$Fields[$i]] = $value }
        else { $record[$Fields[$i]] = [string]$value }
    }
    if ([string]$record[$Needed] -ne '') { $record }
}

# ---- Errors ----

# The error of a job. Error is $null in the answer if it is not available.
function Read-CopyJobError($Service, $Job, [int]$LanguageId) {
    $arguments = [object[]]@(, $null)
    $answer = @{ Code = (Get-ComMethod 'IBackgroundCopyJob' 'GetError').Invoke($Job, $arguments); Error = $null }
    if ($answer.Code -lt 0) { return $answer }
    $failure = $arguments[0]
    try {
        if ($Service.DeliveryOptimization) {
            $answer.Code = Set-ComImpersonation $failure (Get-ComInterface 'IBackgroundCopyError')
            if ($answer.Code -lt 0) { return $answer }
        }
        $arguments = [object[]]@(0, 0)
        $answer.Code = (Get-ComMethod 'IBackgroundCopyError' 'GetError').Invoke($failure, $arguments)
        if ($answer.Code -lt 0) { return $answer }
        $answer.Error = @{ context = $arguments[0]; hresult = [long]$arguments[1] -band 0xFFFFFFFFL }

        $arguments = [object[]]@(, $null)
        if ((Get-ComMethod 'IBackgroundCopyError' 'GetFile').Invoke($failure, $arguments) -ge 0 -and $null -ne $arguments[0]) {
            try {
                if (-not $Service.DeliveryOptimization -or (Set-ComImpersonation $arguments[0] (Get-ComInterface 'IBackgroundCopyFile')) -ge 0) {
                    $answer.Error.remoteName = Read-ComText $arguments[0] 'IBackgroundCopyFile' 'GetRemoteName'
                    $answer.Error.localName = Read-ComText $arguments[0] 'IBackgroundCopyFile' 'GetLocalName'
                }
            }
            finally {
                $null = [Runtime.InteropServices.Marshal]::ReleaseComObject($arguments[0])
            }
        }
        # Delivery Optimization supports nothing beyond this.
        if ($Service.DeliveryOptimization) { return $answer }
        foreach ($pair in ('description', 'GetErrorDescription'), ('contextDescription', 'GetErrorContextDescription')) {
            $answer.Error[$pair[0]] = Read-Words $failure $pair[1] $LanguageId
        }
        $answer.Error.protocol = Read-ComText $failure 'IBackgroundCopyError' 'GetProtocol'
        $answer
    }
    finally {
        $null = [Runtime.InteropServices.Marshal]::ReleaseComObject($failure)
    }
}

# The service's text in that language, or nothing. The documentation doesn't allow language 0, which would let the service choose.
function Read-Words($Failure, [string]$Name, [int]$LanguageId) {
    if ($LanguageId -eq 0) { return }
    $arguments = [object[]]@([uint32]$LanguageId, $null)
    if ((Get-ComMethod 'IBackgroundCopyError' $Name).Invoke($Failure, $arguments) -ge 0 -and $arguments[1]) { $arguments[1].TrimEnd() }
}

Export-ModuleMember -Function Read-CopyJob, Read-CopyJobError
