Set-StrictMode -Version Latest

# The changes of a job of the documented face other than its state: properties, credentials, owner, URLs. Values are passed here as in
# jobs.psm1.

Import-Module -Verbose:$false -Name ("$PSScriptRoot/com.psm1" -replace '[][*?`]', '`$0') -Function Get-ComInterface, Set-ComImpersonation
Import-Module -Verbose:$false -Name ("$PSScriptRoot/properties.psm1" -replace '[][*?`]', '`$0') -Function Get-JobProperty

$script:invalidArgument = 0x80070057
$script:notImplemented = 0x80004001

# Sets the given properties, in the order of the table, and stops at the first refusal. Property in the answer is the refused property, or
# the one that was set with a warning. $null if nothing was given.
function Set-CopyJob($Service, $Job, $Settings) {
    $kept = $null
    $granted = @{}
    foreach ($property in Get-JobProperty 'Set' $false) {
        $value = $Settings[$property.Name]
        if ($null -eq $value) { continue }
        $answer = @{ Code = 0; Method = "$($property.Interface)::Set$($property.Member)"; Property = $property.Name }
        if ($Service.DeliveryOptimization -and "$($property['Delivery'])" -notmatch 'set') {
            # The service does not support the property.
            $answer.Code = $script:notImplemented
            return $answer
        }
        $type = Get-ComInterface $property.Interface
        if (-not $granted.ContainsKey($property.Interface)) { $granted[$property.Interface] = Set-ComImpersonation $Job $type }
        $answer.Code = $granted[$property.Interface]
        if ($answer.Code -ge 0) {
            $method = $type.GetMethod("Set$($property.Member)")
            $arguments = ${function:ConvertTo-Argument}.InvokeReturnAsIs($property, $method, $value).Arguments
            $answer.Code = $script:invalidArgument
            if ($null -ne $arguments) { $answer.Code = $method.Invoke($Job, $arguments) }
        }
        if ($answer.Code -lt 0) { return $answer }
        if ($null -eq $kept -or $answer.Code -ne 0) { $kept = $answer }
    }
    $kept
}

# Converts a wire value to the arguments of the method that sets it; $null if the value is not valid.
function ConvertTo-Argument($Property, $Method, $Value) {
    $parameters = $Method.GetParameters()
    $arguments = [object[]]::new($parameters.Count)
    try {
        if ($null -ne $Property['Id']) {
            $arguments[0] = $Property.Id
            $arguments[1] = ConvertTo-Union $Property.Kind ([string]$Value)
            return @{ Arguments = $arguments }
        }
        for ($i = 0; $i -lt $arguments.Count; $i++) {
            $text = [string]$Value
            if ($Property.Kind -eq 'texts') { $text = [string]$Value[$Property.Fields[$i]] }
            # COM would truncate it there.
            if ($text.IndexOf([char]0) -ge 0) { return @{ Arguments = $null } }
            $kind = $parameters[$i].ParameterType
            if ($kind -eq [int]) { $arguments[$i] = [int]$text }
            elseif ($kind -eq [uint32]) { $arguments[$i] = [uint32]$text }
            elseif ($text -ne '' -or -not $Property['NullIfEmpty']) { $arguments[$i] = $text }
        }
        @{ Arguments = $arguments }
    }
    catch {
        @{ Arguments = $null }
    }
}

# Converts a number or a flag to a BITS_JOB_PROPERTY_VALUE.
function ConvertTo-Union([string]$Kind, [string]$Text) {
    $bytes = switch ($Kind) {
        'dword' { , [BitConverter]::GetBytes([uint32]$Text) }
        'uint64' { , [BitConverter]::GetBytes([uint64]$Text) }
        'enable' { , [BitConverter]::GetBytes([int]($Text -eq 'true')) }
    }
    $union = [byte[]]::new(16)
    $bytes.CopyTo($union, 0)
    [guid]::new($union)
}

# Methods that only BITS supports. Arguments are those of the method.
function Invoke-CopyMethod($Service, $Job, [string]$Interface, [string]$Name, [object[]]$Arguments) {
    $answer = @{ Code = $script:notImplemented; Method = "${Interface}::$Name" }
    if ($Service.DeliveryOptimization) { return $answer }
    $answer.Code = $script:invalidArgument
    foreach ($argument in $Arguments) { if ($argument -is [string] -and $argument.IndexOf([char]0) -ge 0) { return $answer } }
    $type = Get-ComInterface $Interface
    $answer.Code = Set-ComImpersonation $Job $type
    if ($answer.Code -ge 0) { $answer.Code = $type.GetMethod($Name).Invoke($Job, $Arguments) }
    $answer
}

# The password is a text or a SecureString. Without a user name, the service uses the caller's own identity.
function Set-CopyJobCredential($Service, $Job, [int]$Target, [int]$Scheme, [string]$UserName, $Password) {
    if ("$UserName$Password".IndexOf([char]0) -ge 0) { return @{ Code = $script:invalidArgument; Method = 'IBackgroundCopyJob2::SetCredentials' } }
    $marshal = [Runtime.InteropServices.Marshal]
    # BG_AUTH_CREDENTIALS: two numbers, and two pointers.
    $structure = $marshal::AllocHGlobal(8 + 2 * [IntPtr]::Size)
    $user = $secret = [IntPtr]::Zero
    try {
        if ($UserName -ne '') {
            $user = $marshal::StringToHGlobalUni($UserName)
            if ($Password -is [securestring]) { $secret = $marshal::SecureStringToGlobalAllocUnicode($Password) }
            else { $secret = $marshal::StringToHGlobalUni([string]$Password) }
        }
        $marshal::WriteInt32($structure, 0, $Target)
        $marshal::WriteInt32($structure, 4, $Scheme)
        $marshal::WriteIntPtr($structure, 8, $user)
        $marshal::WriteIntPtr($structure, 8 + [IntPtr]::Size, $secret)
        Invoke-CopyMethod $Service $Job 'IBackgroundCopyJob2' 'SetCredentials' @(, $structure)
    }
    finally {
        if ($secret -ne [IntPtr]::Zero) { $marshal::ZeroFreeGlobalAllocUnicode($secret) }
        if ($user -ne [IntPtr]::Zero) { $marshal::ZeroFreeGlobalAllocUnicode($user) }
        $marshal::FreeHGlobal($structure)
    }
}

function Remove-CopyJobCredential($Service, $Job, [int]$Target, [int]$Scheme) {
    Invoke-CopyMethod $Service $Job 'IBackgroundCopyJob2' 'RemoveCredentials' @($Target, $Scheme)
}

function Set-CopyJobOwner($Service, $Job) {
    Invoke-CopyMethod $Service $Job 'IBackgroundCopyJob' 'TakeOwnership' @()
}

function Set-CopyJobPrefix($Service, $Job, [string]$OldPrefix, [string]$NewPrefix) {
    ${function:Invoke-CopyMethod}.InvokeReturnAsIs($Service, $Job, 'IBackgroundCopyJob3', 'ReplaceRemotePrefix', [object[]]@($OldPrefix, $NewPrefix))
}

Export-ModuleMember -Function Set-CopyJob, Set-CopyJobCredential, Remove-CopyJobCredential, Set-CopyJobOwner, Set-CopyJobPrefix
