Set-StrictMode -Version Latest

# Converts arguments from JSON for COM. Structures are never freed, because the process ends soon.

$script:marshal = [Runtime.InteropServices.Marshal]

# The only property of an object {word: value}, or $null for any other value.
function Read-Notation($Value) {
    if ($Value -is [Management.Automation.PSCustomObject]) { @($Value.PSObject.Properties)[0] }
}

# The address of a text, or 0 for $null.
function Open-Text($Value) {
    if ($null -eq $Value) { [IntPtr]::Zero } else { $script:marshal::StringToCoTaskMemUni($Value) }
}

# The address of a structure of numbers and addresses, 8 bytes each.
function Open-Structure([object[]]$Words) {
    $address = $script:marshal::AllocHGlobal(8 * $Words.Count)
    for ($i = 0; $i -lt $Words.Count; $i++) {
        $word = $Words[$i]
        if ($word -isnot [IntPtr]) { $word = [BitConverter]::ToInt64([BitConverter]::GetBytes([uint64]$word), 0) }
        $script:marshal::WriteInt64($address, 8 * $i, [long]$word)
    }
    $address
}

# BG_FILE_RANGE and DO_DOWNLOAD_RANGE have the same layout.
function ConvertTo-RangeWord($Ranges) {
    foreach ($range in $Ranges) {
        foreach ($end in $range) {
            if ($end -eq 'to end') { [uint64]::MaxValue } else { [uint64]$end }
        }
    }
}

function ConvertTo-Pointer($Value) {
    $notation = Read-Notation $Value
    if ($null -eq $notation) { return [IntPtr]::Zero }
    $given = $notation.Value
    switch ($notation.Name) {
        'ranges' { Open-Structure @(ConvertTo-RangeWord $given) }
        # DO_DOWNLOAD_RANGES_INFO
        'rangesInfo' { Open-Structure @(@($given).Count; ConvertTo-RangeWord $given) }
        # An array of BG_FILE_INFO
        'files' { Open-Structure @(foreach ($file in $given) { Open-Text $file[0]; Open-Text $file[1] }) }
        # BG_AUTH_CREDENTIALS: the target and the scheme share 8 bytes.
        'credentials' {
            $target, $scheme, $userName, $password = $given
            Open-Structure @(([uint64]$target + ([uint64]$scheme -shl 32)), (Open-Text $userName), (Open-Text $password))
        }
        # DO_DOWNLOAD_ENUM_CATEGORY
        'category' { Open-Structure @($given[0], (Open-Text $given[1])) }
        # The hash of a certificate, 20 bytes.
        'hash' { Open-Structure @(1, 2, 3) }
        default { throw "not a structure: $($notation.Name)" }
    }
}

# Converts a value to the type of a parameter.
function ConvertTo-Argument($Value, [type]$Type) {
    if ($Type.IsByRef) { $Type = $Type.GetElementType() }
    if ($Type -eq [IntPtr]) { return ConvertTo-Pointer $Value }
    $notation = Read-Notation $Value
    if ($null -eq $notation) {
        if ($null -eq $Value) { return $null }
        return [Management.Automation.LanguagePrimitives]::ConvertTo($Value, $Type)
    }
    switch ($notation.Name) {
        # BITS_JOB_PROPERTY_VALUE
        'dword' { [guid]::new([uint32]$notation.Value, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0) }
        'variant' {
            $types = @{ string = [string]; uint32 = [uint32]; uint64 = [uint64] }
            [Management.Automation.LanguagePrimitives]::ConvertTo($notation.Value[1], $types[$notation.Value[0]])
        }
        default { throw "not a value: $($notation.Name)" }
    }
}

Export-ModuleMember -Function ConvertTo-Argument
