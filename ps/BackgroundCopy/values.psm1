Set-StrictMode -Version Latest

# The values of a job as people read and write them: their documented names, and times instead of numbers.

$script:unknownSize = [uint64]::MaxValue

# The position is the value.
$script:enumerations = @{
    state                = 'BG_JOB_STATE_QUEUED', 'BG_JOB_STATE_CONNECTING', 'BG_JOB_STATE_TRANSFERRING', 'BG_JOB_STATE_SUSPENDED', 'BG_JOB_STATE_ERROR',
                           'BG_JOB_STATE_TRANSIENT_ERROR', 'BG_JOB_STATE_TRANSFERRED', 'BG_JOB_STATE_ACKNOWLEDGED', 'BG_JOB_STATE_CANCELLED'
    type                 = 'BG_JOB_TYPE_DOWNLOAD', 'BG_JOB_TYPE_UPLOAD', 'BG_JOB_TYPE_UPLOAD_REPLY'
    priority             = 'BG_JOB_PRIORITY_FOREGROUND', 'BG_JOB_PRIORITY_HIGH', 'BG_JOB_PRIORITY_NORMAL', 'BG_JOB_PRIORITY_LOW'
    usage                = 'BG_JOB_PROXY_USAGE_PRECONFIG', 'BG_JOB_PROXY_USAGE_NO_PROXY', 'BG_JOB_PROXY_USAGE_OVERRIDE', 'BG_JOB_PROXY_USAGE_AUTODETECT'
    useStoredCredentials = 'None', 'BG_AUTH_TARGET_SERVER', 'BG_AUTH_TARGET_PROXY'
    scheme               = '', 'BG_AUTH_SCHEME_BASIC', 'BG_AUTH_SCHEME_DIGEST', 'BG_AUTH_SCHEME_NTLM', 'BG_AUTH_SCHEME_NEGOTIATE', 'BG_AUTH_SCHEME_PASSPORT'
    storeLocation        = 'BG_CERT_STORE_LOCATION_CURRENT_USER', 'BG_CERT_STORE_LOCATION_LOCAL_MACHINE', 'BG_CERT_STORE_LOCATION_CURRENT_SERVICE',
                           'BG_CERT_STORE_LOCATION_SERVICES', 'BG_CERT_STORE_LOCATION_USERS', 'BG_CERT_STORE_LOCATION_CURRENT_USER_GROUP_POLICY',
                           'BG_CERT_STORE_LOCATION_LOCAL_MACHINE_GROUP_POLICY', 'BG_CERT_STORE_LOCATION_LOCAL_MACHINE_ENTERPRISE'
    context              = 'BG_ERROR_CONTEXT_NONE', 'BG_ERROR_CONTEXT_UNKNOWN', 'BG_ERROR_CONTEXT_GENERAL_QUEUE_MANAGER',
                           'BG_ERROR_CONTEXT_QUEUE_MANAGER_NOTIFICATION', 'BG_ERROR_CONTEXT_LOCAL_FILE', 'BG_ERROR_CONTEXT_REMOTE_FILE',
                           'BG_ERROR_CONTEXT_GENERAL_TRANSPORT', 'BG_ERROR_CONTEXT_REMOTE_APPLICATION', 'BG_ERROR_CONTEXT_SERVER_CERTIFICATE_CALLBACK'
}
$script:enumerationPrefixes = @{ state = 'BG_JOB_STATE'; type = 'BG_JOB_TYPE'; priority = 'BG_JOB_PRIORITY'; context = 'BG_ERROR_CONTEXT' }
# The position is the number of the bit.
$script:flags = @{
    notifyFlags      = 'BG_NOTIFY_JOB_TRANSFERRED', 'BG_NOTIFY_JOB_ERROR', 'BG_NOTIFY_DISABLE', 'BG_NOTIFY_JOB_MODIFICATION', 'BG_NOTIFY_FILE_TRANSFERRED', 'BG_NOTIFY_FILE_RANGES_TRANSFERRED'
    fileAclFlags     = 'BG_COPY_FILE_OWNER', 'BG_COPY_FILE_GROUP', 'BG_COPY_FILE_DACL', 'BG_COPY_FILE_SACL'
    peerCachingFlags = 'BG_JOB_ENABLE_PEERCACHING_CLIENT', 'BG_JOB_ENABLE_PEERCACHING_SERVER', 'BG_JOB_DISABLE_BRANCH_CACHE'
}
$script:transferPolicies = @{
    BITS_JOB_TRANSFER_POLICY_ALWAYS       = 0x800000FFL
    BITS_JOB_TRANSFER_POLICY_NOT_ROAMING  = 0x8000007FL
    BITS_JOB_TRANSFER_POLICY_NO_SURCHARGE = 0x8000006FL
    BITS_JOB_TRANSFER_POLICY_STANDARD     = 0x80000067L
    BITS_JOB_TRANSFER_POLICY_UNRESTRICTED = 0x80000021L
}

# A missing value is $null and not empty output, which ConvertTo-Json of Windows PowerShell 5.1 writes as {}.

function ConvertTo-EnumerationName([string]$Property, $Value) {
    if ($null -eq $Value) { return $null }
    $names = $script:enumerations[$Property]
    if ($Value -ge 0 -and $Value -lt $names.Count -and $names[$Value]) { return $names[$Value] }
    "$($script:enumerationPrefixes[$Property])($Value)"
}

# ValidateSet accepts a name in any letter case.
function Find-Name([string[]]$Names, [string]$Name) {
    for ($i = 0; $i -lt $Names.Count; $i++) { if ($Names[$i] -eq $Name) { return $i } }
}

function ConvertFrom-EnumerationName([string]$Property, [string]$Name) { Find-Name $script:enumerations[$Property] $Name }

function ConvertTo-FlagName([string]$Property, $Value) {
    if ($null -eq $Value) { return $null }
    $names = $script:flags[$Property]
    , @(for ($bit = 0; $bit -lt 32; $bit++) {
            if (($Value -shr $bit) -band 1) { if ($bit -lt $names.Count) { $names[$bit] } else { '0x{0:X}' -f (1L -shl $bit) } }
        })
}

function ConvertFrom-FlagName([string]$Property, [string[]]$Names) {
    $value = 0
    foreach ($name in $Names) { $value = $value -bor (1 -shl (Find-Name $script:flags[$Property] $name)) }
    $value
}

function ConvertTo-TransferPolicyName($Value) {
    foreach ($name in $script:transferPolicies.Keys) { if ($script:transferPolicies[$name] -eq $Value) { return $name } }
    '0x{0:X8}' -f $Value
}

function ConvertFrom-TransferPolicyName([string]$Name) { $script:transferPolicies[$Name] }

function ConvertTo-Size($Value) {
    if ($null -ne $Value -and $Value -ne $script:unknownSize) { $Value } else { $null }
}

# A FILETIME as a local time; $null if it is 0.
function ConvertTo-Time($FileTime) {
    if ($null -ne $FileTime -and $FileTime -gt 0) { [datetime]::FromFileTime([long]$FileTime) } else { $null }
}

# 'noProgressTimeout' -> 'NoProgressTimeout'
function ConvertTo-PropertyName([string]$Name) { $Name.Substring(0, 1).ToUpperInvariant() + $Name.Substring(1) }

# Converts a wire code to a .NET code.
function ConvertTo-Code([long]$HResult) { [BitConverter]::ToInt32([BitConverter]::GetBytes($HResult), 0) }

Export-ModuleMember -Function ConvertTo-EnumerationName, ConvertFrom-EnumerationName, ConvertTo-FlagName, ConvertFrom-FlagName, ConvertTo-TransferPolicyName, ConvertFrom-TransferPolicyName, ConvertTo-Size, ConvertTo-Time, ConvertTo-PropertyName, ConvertTo-Code
