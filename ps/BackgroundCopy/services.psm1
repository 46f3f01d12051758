Set-StrictMode -Version Latest

# The services: activation, again if a service was lost, and the face of a service, which jobs.psm1 calls.
#
# A service has one of two faces: the documented one, IBackgroundCopyManager and IBackgroundCopyJob (copy-jobs.psm1), or that of downloads,
# IDOManager and IDODownload (downloads.psm1). The functions are the same for both. A face is a hashtable:
#   Interface, ManagerType     of the manager, by name and as a type
#   AddFileMethod              the documented name of AddFile
#   Verbs                      by documented name: the method to Invoke on a job, its Arguments, FirstArguments if a job that was
#                              never started requires others, and its CalledMethod
#   CreateJob                  service, display name, type -> an answer with Job and JobId, $null if no job was created
#   GetJob                     service, guid -> an answer with Job, $null if there is none
#   AddFile                    service, job, URL, local name, ranges or $null -> an answer
#   GetState                   service, job -> the code, and State in an answer, and Started if a method has FirstArguments
#   OpenList                   service, all users? -> an answer with Enumerator, $null if there is no list
#   ReadId                     service, enumerator -> an answer with JobId, $null at the end
# and parts that are loaded on demand (Get-FacePart):
#   Describe                   service, job, detail, language -> an answer with Job, a hashtable with the names of the wire
#   GetError                   service, job, language -> the code, and Error, the same
#   Set                        service, job, settings -> an answer with Property, $null if nothing was given
#   SetCredentials, RemoveCredentials, TakeOwnership, ReplaceRemotePrefix
#                              service, job and the arguments of the method -> an answer

$script:classIds = @{
    'delivery-optimization' = '5B99FA76-721C-423C-ADAC-56D03C8A8007'
    'bits'                  = '4991D34B-80A1-4291-83B6-3328366B9097'
}
$script:notKnownToDelivery = 0x80D02003L
$script:noInterface = 0x80004002
# The codes of a call if the service has ended: RPC server unavailable, RPC call failed, object disconnected.
$script:lost = 0x800706BAL, 0x800706BEL, 0x80010108L

# A service that is not activated yet.
function New-TransferService([string]$Name) {
    @{
        ClassId              = $script:classIds[$Name]
        DeliveryOptimization = $Name -eq 'delivery-optimization'
        Manager              = $null
        Face                 = $null
        # The remaining jobs of a list whose earlier pages were returned.
        List                 = $null
    }
}

# Activates the class of a service. Service is $null in the answer if this was refused. If it was not even tried, Obstacle is the reason,
# UNSUPPORTED or DYNAMIC_CODE_BLOCKED, and Detail is the message of the system.
function Open-TransferService([string]$Name) {
    if ([Environment]::OSVersion.Platform -ne [PlatformID]::Win32NT) {
        return @{ Obstacle = 'UNSUPPORTED'; Detail = 'There is no COM on this system.'; Service = $null }
    }
    # Loaded on demand: it takes time, and PowerShell logs a warning for a script with such words in it.
    Import-Part 'com' 'Get-Ole32', 'New-ComInstance', 'Set-ComImpersonation'
    Import-Part 'copy-jobs' 'New-CopyJobFace'
    $service = New-TransferService $Name
    try {
        $service.Face = New-CopyJobFace $service
        $null = Get-Ole32
    }
    catch {
        return @{ Obstacle = 'DYNAMIC_CODE_BLOCKED'; Detail = $_.Exception.GetBaseException().Message; Service = $null }
    }

    $answer = Connect-TransferService $service
    $answer.Obstacle = $null
    $answer.Service = if ($answer.Code -ge 0) { $service }
    $answer
}

function Close-TransferService($Service) {
    Close-JobList $Service
    if ($null -ne $Service.Manager) { $null = [Runtime.InteropServices.Marshal]::ReleaseComObject($Service.Manager) }
    $Service.Manager = $null
}

function Close-JobList($Service) {
    if ($null -ne $Service.List) { $null = [Runtime.InteropServices.Marshal]::ReleaseComObject($Service.List.Enumerator) }
    $Service.List = $null
}

# A function of the face that might be in a separate file, loaded on demand.
function Get-FacePart($Face, [string]$Name) {
    $part = $Face[$Name]
    if ($part -is [array]) {
        Import-Part $part[0] $part[1]
        $part = $Face[$Name] = (Get-Command -Name $part[1] -CommandType Function).ScriptBlock
    }
    $part
}

function Import-Part([string]$Name, [string[]]$Functions) {
    Import-Module -Verbose:$false -Name ("$PSScriptRoot/$Name.psm1" -replace '[][*?`]', '`$0') -Function $Functions
}

# Gives the service a manager, and the other face if the class does not support this one.
function Connect-TransferService($Service) {
    $face = $Service.Face
    $activated = New-ComInstance $Service.ClassId $face.ManagerType
    if ($activated.Code -eq $script:noInterface -and $Service.DeliveryOptimization) {
        Import-Part 'downloads' 'New-DownloadFace'
        $face = New-DownloadFace
        $activated = New-ComInstance $Service.ClassId $face.ManagerType
    }
    if ($activated.Code -lt 0) { return @{ Code = $activated.Code; Method = 'CoCreateInstance' } }

    $code = Grant-Impersonation $Service $activated.Instance $face.ManagerType
    if ($code -lt 0) {
        $null = [Runtime.InteropServices.Marshal]::ReleaseComObject($activated.Instance)
        return @{ Code = $code; Method = 'CoSetProxyBlanket' }
    }
    $Service.Manager = $activated.Instance
    $Service.Face = $face
    @{ Code = $activated.Code; Method = 'CoCreateInstance' }
}

# Delivery Optimization acts on behalf of the caller, so each of its proxies must allow it.
function Grant-Impersonation($Service, $Object, [type]$Interface) {
    if ($Service.DeliveryOptimization) { Set-ComImpersonation $Object $Interface } else { 0 }
}

# Whether one of the codes means that the service has ended. Its manager never works again, so it is released, and the next call that
# needs one activates the class again.
function Test-ServiceLost($Service, [long[]]$Codes) {
    foreach ($code in $Codes) {
        if (($code -band 0xFFFFFFFFL) -in $script:lost) {
            Close-TransferService $Service
            return $true
        }
    }
    $false
}

# Activates the class again if the manager was released.
function Connect-LostService($Service) {
    if ($null -eq $Service.Manager) { Connect-TransferService $Service } else { @{ Code = 0 } }
}

# The answers of $Read, a function that takes the service and more and changes nothing: one for each of the calls, which are its arguments.
# If the service was lost, the class is activated again and the call is repeated once. Job and JobIds are $null in an answer if the class
# can't be activated.
function Invoke-ServiceRead($Service, [scriptblock]$Read, [object[]]$Calls) {
    foreach ($arguments in $Calls) {
        for ($attempt = 1; $attempt -le 2; $attempt++) {
            if ($null -eq $Service.Manager) {
                $connected = Connect-TransferService $Service
                if ($connected.Code -lt 0) {
                    $answer = @{ Code = $connected.Code; Method = $connected.Method; Job = $null; JobIds = $null }
                    break
                }
            }
            $answer = $Read.InvokeReturnAsIs($arguments)
            # A service that is lost on the way leaves a partial description.
            $codes = if ($answer.Code -lt 0) { $answer.Code }
            elseif ($answer['Job'] -is [hashtable] -and $answer.Job.ContainsKey('refused')) { $answer.Job.refused.Values }
            if ($null -eq $codes -or -not (Test-ServiceLost $Service $codes)) { break }
        }
        $answer
    }
}

# Whether BITS has the job that Delivery Optimization does not have. BITS is queried only if its service is running, which is the case
# while it has jobs to transfer, so that nobody waits for its start.
function Test-BitsJob([long]$Code, [string]$Id) {
    $guid = [guid]::Empty
    if (($Code -band 0xFFFFFFFFL) -ne $script:notKnownToDelivery -or -not [guid]::TryParse($Id, [ref]$guid)) { return $false }
    $bits = New-TransferService 'bits'
    try {
        if ("$((Get-Service -Name BITS -ErrorAction SilentlyContinue).Status)" -ne 'Running') { return $false }
        $bits.Face = New-CopyJobFace $bits
        if ((Connect-TransferService $bits).Code -lt 0) { return $false }
        $found = $bits.Face.GetJob.InvokeReturnAsIs($bits, $guid)
        if ($null -eq $found.Job) { return $false }
        $null = [Runtime.InteropServices.Marshal]::ReleaseComObject($found.Job)
        $true
    }
    # Any error: the caller must get the original refusal.
    catch { $false }
    finally {
        Close-TransferService $bits
    }
}

Export-ModuleMember -Function Open-TransferService, Close-TransferService, Close-JobList, Get-FacePart, Grant-Impersonation, Test-ServiceLost, Connect-LostService, Invoke-ServiceRead, Test-BitsJob
