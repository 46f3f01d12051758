Set-StrictMode -Version Latest

# What a service of the documented face returns about its jobs: which jobs exist, their properties, and their errors. A job is described
# by a hashtable with the names of the wire; missing properties are not in it. Numbers of 64 bits are [uint64].

Import-Module -Verbose:$false -Name ("$PSScriptRoot/com.psm1" -replace '[][*?`]', '`$0') -Function Get-ComInterface, Set-ComImpersonation
Import-Module -Verbose:$false -Name ("$PSScriptRoot/properties.psm1" -replace '[][*?`]', '`$0') -Function Get-JobProperty

# BG_JOB_STATE_ERROR, BG_JOB_STATE_TRANSIENT_ERROR
$script:failedStates = 4, 5
$script:allUsers = [uint32]1

# A buffer for any of the structures that a method fills.
$script:bytes = [byte[]]::new(64)
$script:room = [Runtime.InteropServices.GCHandle]::Alloc($script:bytes, [Runtime.InteropServices.GCHandleType]::Pinned).AddrOfPinnedObject()

# By detail and service: the interfaces to query, with the properties to read of each.
$script:plans = @{}

function New-ReadingPlan([string]$Detail, [bool]$DeliveryOptimization) {
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
                First  = if ($null -ne $property['Id']) { $property.Id } elseif ($property.Kind -in ('progress', 'times', 'reply')) { $script:room } else { $null }
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
                    bytesTotal       = [BitConverter]::ToUInt64($script:bytes, 0)
                    bytesTransferred = [BitConverter]::ToUInt64($script:bytes, 8)
                    filesTotal       = [BitConverter]::ToUInt32($script:bytes, 16)
                    filesTransferred = [BitConverter]::ToUInt32($script:bytes, 20)
                }
            }
            elseif ($kind -eq 'times') {
                $value = @{
                    creation           = [BitConverter]::ToUInt64($script:bytes, 0)
                    modification       = [BitConverter]::ToUInt64($script:bytes, 8)
                    transferCompletion = [BitConverter]::ToUInt64($script:bytes, 16)
                }
            }
            elseif ($kind -eq 'reply') {
                $value = @{ bytesTotal = [BitConverter]::ToUInt64($script:bytes, 0); bytesTransferred = [BitConverter]::ToUInt64($script:bytes, 8) }
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
    $answer = @{ Code = (Get-CopyMethod 'IBackgroundCopyJob' 'GetError').Invoke($Job, $arguments); Error = $null }
    if ($answer.Code -lt 0) { return $answer }
    $failure = $arguments[0]
    try {
        if ($Service.DeliveryOptimization) {
            $answer.Code = Set-ComImpersonation $failure (Get-ComInterface 'IBackgroundCopyError')
            if ($answer.Code -lt 0) { return $answer }
        }
        $arguments = [object[]]@(0, 0)
        $answer.Code = (Get-CopyMethod 'IBackgroundCopyError' 'GetError').Invoke($failure, $arguments)
        if ($answer.Code -lt 0) { return $answer }
        $answer.Error = @{ context = $arguments[0]; hresult = [long]$arguments[1] -band 0xFFFFFFFFL }

        $arguments = [object[]]@(, $null)
        if ((Get-CopyMethod 'IBackgroundCopyError' 'GetFile').Invoke($failure, $arguments) -ge 0 -and $null -ne $arguments[0]) {
            try {
                if (-not $Service.DeliveryOptimization -or (Set-ComImpersonation $arguments[0] (Get-ComInterface 'IBackgroundCopyFile')) -ge 0) {
                    $answer.Error.remoteName = Read-Text $arguments[0] 'IBackgroundCopyFile' 'GetRemoteName'
                    $answer.Error.localName = Read-Text $arguments[0] 'IBackgroundCopyFile' 'GetLocalName'
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
        $answer.Error.protocol = Read-Text $failure 'IBackgroundCopyError' 'GetProtocol'
        $answer
    }
    finally {
        $null = [Runtime.InteropServices.Marshal]::ReleaseComObject($failure)
    }
}

# The service's text in that language, or in the language that the service chooses.
function Read-Words($Failure, [string]$Name, [int]$LanguageId) {
    $method = Get-CopyMethod 'IBackgroundCopyError' $Name
    foreach ($language in $LanguageId, 0) {
        $arguments = [object[]]@([uint32]$language, $null)
        if ($method.Invoke($Failure, $arguments) -ge 0 -and $arguments[1]) { return $arguments[1].TrimEnd() }
    }
}

# ---- Files ----

# The files of a job. Files is $null in the answer if they can't be listed.
function Read-CopyFile($Service, $Job) {
    $arguments = [object[]]@(, $null)
    $answer = @{ Code = (Get-CopyMethod 'IBackgroundCopyJob' 'EnumFiles').Invoke($Job, $arguments); Files = $null }
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
    $Snapshot.Code = (Get-CopyMethod 'IEnumBackgroundCopyFiles' 'Next').Invoke($Snapshot.Enumerator, $arguments)
    $file = $arguments[1]
    if ($null -eq $file) { return }
    try {
        if ($Service.DeliveryOptimization) {
            $Snapshot.Code = Set-ComImpersonation $file (Get-ComInterface 'IBackgroundCopyFile')
            if ($Snapshot.Code -lt 0) { return }
        }
        $Snapshot.Code = (Get-CopyMethod 'IBackgroundCopyFile' 'GetProgress').Invoke($file, [object[]]@(, $script:room))
        if ($Snapshot.Code -lt 0) { return }
        $description = @{
            remoteName       = [string](Read-Text $file 'IBackgroundCopyFile' 'GetRemoteName')
            localName        = [string](Read-Text $file 'IBackgroundCopyFile' 'GetLocalName')
            bytesTotal       = [BitConverter]::ToUInt64($script:bytes, 0)
            bytesTransferred = [BitConverter]::ToUInt64($script:bytes, 8)
            completed        = [BitConverter]::ToInt32($script:bytes, 16) -ne 0
        }
        if ((Set-ComImpersonation $file (Get-ComInterface 'IBackgroundCopyFile2')) -ge 0) {
            $description.ranges = Read-Range $file
        }
        if (-not $Service.DeliveryOptimization -and (Set-ComImpersonation $file (Get-ComInterface 'IBackgroundCopyFile3')) -ge 0) {
            $description.temporaryName = Read-Text $file 'IBackgroundCopyFile3' 'GetTemporaryName'
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
    $code = (Get-CopyMethod 'IBackgroundCopyFile2' 'GetFileRanges').Invoke($File, $arguments)
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

# ---- The list ----

# A list of the jobs of the caller or of all users. Enumerator is $null in the answer if they can't be listed.
function New-CopyJobEnumerator($Service, [bool]$AllUsers) {
    $answer = @{ Code = 0x80004001; Method = 'IBackgroundCopyManager::EnumJobs'; Enumerator = $null }
    # Delivery Optimization has no documented method to list its jobs.
    if ($Service.DeliveryOptimization) { return $answer }
    $flags = if ($AllUsers) { $script:allUsers } else { [uint32]0 }
    $arguments = [object[]]@($flags, $null)
    $answer.Code = (Get-CopyMethod 'IBackgroundCopyManager' 'EnumJobs').Invoke($Service.Manager, $arguments)
    if ($answer.Code -ge 0) { $answer.Enumerator = $arguments[1] }
    $answer
}

# The ID of the next job of a list. JobId is $null in the answer at the end, or if its code contains the reason.
function Read-CopyJobId($Service, $Enumerator) {
    $arguments = [object[]]@([uint32]1, $null, [uint32]0)
    $answer = @{ Code = $null; Method = 'IEnumBackgroundCopyJobs::Next'; JobId = $null }
    $answer.Code = (Get-CopyMethod 'IEnumBackgroundCopyJobs' 'Next').Invoke($Enumerator, $arguments)
    $job = $arguments[1]
    if ($answer.Code -lt 0 -or $null -eq $job) { return $answer }
    $id = [object[]]@([guid]::Empty)
    $answer.Method = 'IBackgroundCopyJob::GetId'
    $answer.Code = (Get-CopyMethod 'IBackgroundCopyJob' 'GetId').Invoke($job, $id)
    $null = [Runtime.InteropServices.Marshal]::ReleaseComObject($job)
    if ($answer.Code -ge 0) { $answer.JobId = $id[0].ToString() }
    $answer
}

# ---- Methods ----

$script:methods = @{}

# A method to Invoke, looked up once.
function Get-CopyMethod([string]$Interface, [string]$Name) {
    $key = "${Interface}::$Name"
    $method = $script:methods[$key]
    if ($null -eq $method) { $method = $script:methods[$key] = (Get-ComInterface $Interface).GetMethod($Name) }
    $method
}

# The text that a method returns; nothing if the method is refused or returns none.
function Read-Text($Object, [string]$Interface, [string]$Name) {
    $arguments = [object[]]@(, $null)
    if ((Get-CopyMethod $Interface $Name).Invoke($Object, $arguments) -ge 0 -and $arguments[0]) { $arguments[0] }
}

Export-ModuleMember -Function Read-CopyJob, Read-CopyJobError, Get-LeftoverFile, New-CopyJobEnumerator, Read-CopyJobId
