Set-StrictMode -Version Latest

# The properties of a download, as those of the job that it represents: sets them, and describes the job by them. Values are passed here as
# in jobs.psm1.

Import-Module -Verbose:$false -Name ("$PSScriptRoot/properties.psm1" -replace '[][*?`]', '`$0') -Function Get-JobProperty
Import-Module -Verbose:$false -Name ("$PSScriptRoot/security.psm1" -replace '[][*?`]', '`$0') -Function Set-DownloadSecurity

# DODownloadProperty
$script:uri = 1
$script:localPath = 4
$script:totalSizeBytes = 21

# The properties of a job that a download supports: the number of each and the type of its VARIANT.
$script:downloadProperties = @{
    displayName       = @{ Id = 3; Type = [string] }
    priority          = @{ Id = 11; Type = [bool] }
    noProgressTimeout = @{ Id = 10; Type = [uint32] }
    transferPolicy    = @{ Id = 6; Type = [uint32] }
    customHeaders     = @{ Id = 5; Type = [string] }
    # Several properties, which security.psm1 sets.
    securityFlags     = @{ Id = $null; Type = [uint32] }
}
# The position is the value of DODownloadCostPolicy: Always, Unrestricted, Standard, NoRoaming, NoSurcharge. The names are those of
# BITS_JOB_TRANSFER_POLICY for jobs. The last policy of downloads, NoCellular, has no such name.
$script:costPolicies = 0x800000FFL, 0x80000021L, 0x80000067L, 0x8000007FL, 0x8000006FL
# BG_JOB_PRIORITY
$script:foreground = 0
$script:normal = 2
# BG_ERROR_CONTEXT_UNKNOWN
$script:unknownContext = 1

$script:notImplemented = 0x80004001
$script:invalidArgument = 0x80070057
$script:notSet = 0x80070490
# BG_JOB_STATE
$script:fatalError = 4
$script:transientError = 5
$script:transferred = 6
$script:acknowledged = 7
# The position is the value of DODownloadState: Created, Transferring, Transferred, Finalized, Aborted, Paused.
$script:states = 3, 2, 6, 7, 8, 3
$script:created = 0
$script:paused = 5

# ---- Setting ----

# The URL comes last: a download with a URL has its file.
function Set-DownloadFile($Service, $Download, [string]$RemoteUrl, [string]$LocalName, $Ranges) {
    $face = $Service.Face
    $answer = @{ Code = $null; Method = 'IBackgroundCopyJob::AddFile'; CalledMethod = 'IDODownload::GetProperty' }
    $code = $face.GetProperty.Invoke($Download, [object[]]@($script:uri, $null))
    # Ranges are passed to Start, not with the file.
    if ($code -ne $script:notSet -or $null -ne $Ranges) {
        # Otherwise, the download already has a file, or this is unknown.
        $refused = $code -lt 0 -and $code -ne $script:notSet
        $answer.Code = if ($refused) { $code } else { $script:notImplemented }
        return $answer
    }
    $answer.CalledMethod = 'IDODownload::SetProperty'
    $answer.Code = $face.SetProperty.Invoke($Download, [object[]]@($script:localPath, $LocalName))
    if ($answer.Code -ge 0) { $answer.Code = $face.SetProperty.Invoke($Download, [object[]]@($script:uri, $RemoteUrl)) }
    $answer
}

# Sets the given properties, in the order of the table, as Set-CopyJob does.
function Set-Download($Service, $Download, $Settings) {
    $kept = $null
    foreach ($property in Get-JobProperty 'Set' $false) {
        $value = $Settings[$property.Name]
        if ($null -eq $value) { continue }
        $answer = @{ Code = $script:notImplemented; Method = "$($property.Interface)::Set$($property.Member)"; CalledMethod = $null; Property = $property.Name }
        $own = $script:downloadProperties[$property.Name]
        if ($null -eq $own) { return $answer }
        $answer.CalledMethod = 'IDODownload::SetProperty'
        $arguments = ${function:ConvertTo-PropertyArgument}.InvokeReturnAsIs($property.Name, $own, [string]$value).Arguments
        $answer.Code = $script:invalidArgument
        if ($null -ne $arguments) {
            if ($property.Name -eq 'securityFlags') {
                $set = Set-DownloadSecurity $Service $Download $arguments[1]
                $answer.CalledMethod = $set.CalledMethod
                $answer.Lacking = $set['Lacking']
                $answer.Code = $set.Code
            }
            else { $answer.Code = $Service.Face.SetProperty.Invoke($Download, $arguments) }
        }
        if ($answer.Code -lt 0) { return $answer }
        if ($null -eq $kept -or $answer.Code -ne 0) { $kept = $answer }
    }
    $kept
}

# Converts a wire value to the arguments of SetProperty; $null if the value is not valid.
function ConvertTo-PropertyArgument([string]$Name, $Own, [string]$Text) {
    $arguments = [object[]]@($Own.Id, $null)
    if ($Text.IndexOf([char]0) -ge 0) { return @{ Arguments = $null } }
    try {
        # There are only two priorities: foreground, and all others.
        if ($Name -eq 'priority') { $arguments[1] = [int]$Text -eq $script:foreground }
        elseif ($Name -eq 'transferPolicy') {
            $policy = [array]::IndexOf($script:costPolicies, [long]$Text)
            if ($policy -lt 0) { return @{ Arguments = $null } }
            $arguments[1] = [uint32]$policy
        }
        elseif ($Own.Type -eq [uint32]) { $arguments[1] = [uint32]$Text }
        else { $arguments[1] = $Text }
        @{ Arguments = $arguments }
    }
    catch {
        @{ Arguments = $null }
    }
}

# ---- Reading ----

# DO_DOWNLOAD_STATUS: two byte counts, and then State, Error, and ExtendedError. It is made at the first use, so that no start waits for it.
$script:downloadBytes = $null
$script:downloadRoom = $null

# State is that of the job that the download represents.
function Get-DownloadState($Service, $Download) {
    if ($null -eq $script:downloadBytes) {
        $script:downloadBytes = [byte[]]::new(32)
        $script:downloadRoom = [Runtime.InteropServices.GCHandle]::Alloc($script:downloadBytes, [Runtime.InteropServices.GCHandleType]::Pinned).AddrOfPinnedObject()
    }
    $answer = @{
        Code             = $Service.Face.GetStatus.Invoke($Download, [object[]]@(, $script:downloadRoom))
        Method           = 'IBackgroundCopyJob::GetState'
        CalledMethod     = 'IDODownload::GetStatus'
        State            = $null
        BytesTotal       = [uint64]0
        BytesTransferred = [uint64]0
        Failure          = 0
        Started          = $false
    }
    if ($answer.Code -lt 0) { return $answer }
    $state, $failure, $extended = foreach ($offset in 16, 20, 24) { [BitConverter]::ToInt32($script:downloadBytes, $offset) }
    $answer.State = ConvertTo-JobState $state $failure $extended
    $answer.BytesTotal = [BitConverter]::ToUInt64($script:downloadBytes, 0)
    $answer.BytesTransferred = [BitConverter]::ToUInt64($script:downloadBytes, 8)
    $answer.Failure = if ($failure -lt 0) { $failure } else { $extended }
    $answer.Started = $state -ne $script:created
    $answer
}

# A download that an error has stopped is paused. A transient error has only an extended error, or is recognized by its code.
function ConvertTo-JobState([int]$State, [int]$Failure, [int]$Extended) {
    if ($State -eq $script:paused) {
        if ($Failure -lt 0) {
            if (($Failure -band 0xFFFFF800) -eq 0x80D03800) { return $script:transientError }
            return $script:fatalError
        }
        if ($Extended -lt 0) { return $script:transientError }
    }
    if ($State -ge 0 -and $State -lt $script:states.Count) { return $script:states[$State] }
    # An unknown state, which must not be mistaken for the state of a job.
    - $State
}

# The error of a download: a code and nothing else.
function Get-DownloadError($Service, $Download, [int]$LanguageId) {
    $status = Get-DownloadState $Service $Download
    @{ Code = $status.Code; Error = if ($status.Failure -lt 0) { ConvertTo-DownloadError $status.Failure } else { $null } }
}

function ConvertTo-DownloadError([int]$Failure) {
    @{ hresult = [long]$Failure -band 0xFFFFFFFFL; context = $script:unknownContext }
}

function Read-Download($Service, $Download, [string]$Detail, [int]$LanguageId) {
    $status = Get-DownloadState $Service $Download
    $answer = @{ Code = $status.Code; Method = $status.Method; CalledMethod = $status.CalledMethod; Job = $null }
    if ($status.Code -lt 0) { return $answer }

    $refused = @{}
    $url = if (-not $status.Started -or $Detail -eq 'all') { Read-DownloadProperty $Service $Download $script:uri 'files' $refused }
    # A download that was started has its file.
    $files = [uint32]($null -ne $url -or $status.Started)
    $arrived = $status.State -eq $script:transferred -or $status.State -eq $script:acknowledged
    $description = @{
        state    = $status.State
        progress = @{
            bytesTotal       = $status.BytesTotal
            bytesTransferred = $status.BytesTransferred
            filesTotal       = $files
            filesTransferred = if ($arrived) { $files } else { [uint32]0 }
        }
    }
    if ($status.State -eq $script:transientError -or $status.State -eq $script:fatalError) {
        $description.error = ConvertTo-DownloadError $status.Failure
    }
    if ($Detail -ne 'progress') {
        # Uploads are not supported.
        $description.type = 0
        foreach ($name in 'displayName', 'priority', 'noProgressTimeout', 'transferPolicy', 'customHeaders') {
            if ($Detail -eq 'summary' -and $name -ne 'displayName' -and $name -ne 'priority') { continue }
            $value = Read-DownloadProperty $Service $Download $script:downloadProperties[$name].Id $name $refused
            if ($name -eq 'priority' -and -not $refused.ContainsKey($name)) {
                # Background unless it was set.
                $value = if ($value -eq $true) { $script:foreground } else { $script:normal }
            }
            elseif ($name -eq 'transferPolicy' -and $null -ne $value) {
                $value = if ($value -lt $script:costPolicies.Count) { $script:costPolicies[$value] }
            }
            if ($null -ne $value) { $description[$name] = $value }
        }
    }
    if ($Detail -eq 'all') {
        $description.files = [Collections.Generic.List[object]]::new()
        if ($null -ne $url) {
            $size = Read-DownloadProperty $Service $Download $script:totalSizeBytes 'files' $refused
            $description.files.Add(@{
                    remoteName       = $url
                    localName        = [string](Read-DownloadProperty $Service $Download $script:localPath 'files' $refused)
                    bytesTotal       = if ($null -ne $size) { [uint64]$size } else { $status.BytesTotal }
                    bytesTransferred = $status.BytesTransferred
                    completed        = $status.State -eq $script:acknowledged
                })
        }
    }
    if ($refused.Count -gt 0) { $description.refused = $refused }
    $answer.Job = $description
    $answer
}

# A property of a download; nothing if it is not set or was refused: Refused then contains its code under that name.
function Read-DownloadProperty($Service, $Download, [int]$Id, [string]$Name, [hashtable]$Refused) {
    $arguments = [object[]]@($Id, $null)
    $code = $Service.Face.GetProperty.Invoke($Download, $arguments)
    if ($code -ge 0) { return $arguments[1] }
    if ($code -ne $script:notSet) { $Refused[$Name] = [long]$code -band 0xFFFFFFFFL }
}

Export-ModuleMember -Function Set-DownloadFile, Set-Download, Get-DownloadState, Get-DownloadError, Read-Download
