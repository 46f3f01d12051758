Set-StrictMode -Version Latest

# Holds COM objects for a remote caller, which calls their methods by name. It reads one request per line and answers it with one line:
#   new CLASS INTERFACE             -> the code, and the object
#   ask OBJECT INTERFACE            -> the code of Set-ComImpersonation
#   call OBJECT INTERFACE METHOD ... -> the code, and the arguments as they are afterwards
#   release OBJECT                  -> 0
#   exists PATH                     -> True or False
# Arguments are tokens (tokens.psm1). A pointer is m: with the memory that it points to, before and after the call. c: and e: are the two
# structures that contain pointers.

Import-Module -Name ("$PSScriptRoot/tokens.psm1" -replace '[][*?`]', '`$0')
Import-Module -Name ("$PSScriptRoot/../../../ps/BackgroundCopy/com.psm1" -replace '[][*?`]', '`$0')

$script:objects = @{}
$script:lastId = 0

function Add-FarObject($Object) {
    if ($null -eq $Object) { return 'n' }
    $script:lastId++
    $script:objects["$script:lastId"] = $Object
    "o:$script:lastId"
}

function New-Memory([byte[]]$Bytes, $Kept) {
    if ($Bytes.Length -eq 0) { return [IntPtr]::Zero }
    $address = [Runtime.InteropServices.Marshal]::AllocHGlobal($Bytes.Length)
    [Runtime.InteropServices.Marshal]::Copy($Bytes, 0, $address, $Bytes.Length)
    $Kept.Add($address)
    $address
}

function New-Text([string]$Token, $Kept) {
    $text = (ConvertFrom-Token $Token).Value
    if ($null -eq $text) { return [IntPtr]::Zero }
    $address = [Runtime.InteropServices.Marshal]::StringToHGlobalUni($text)
    $Kept.Add($address)
    $address
}

# BG_AUTH_CREDENTIALS, from its four members.
function New-Credential([string[]]$Members, $Kept) {
    $structure = New-Memory ([byte[]]::new(24)) $Kept
    [Runtime.InteropServices.Marshal]::WriteInt32($structure, 0, (ConvertFrom-Token $Members[0]).Value)
    [Runtime.InteropServices.Marshal]::WriteInt32($structure, 4, (ConvertFrom-Token $Members[1]).Value)
    [Runtime.InteropServices.Marshal]::WriteIntPtr($structure, 8, (New-Text $Members[2] $Kept))
    [Runtime.InteropServices.Marshal]::WriteIntPtr($structure, 16, (New-Text $Members[3] $Kept))
    $structure
}

# DO_DOWNLOAD_ENUM_CATEGORY, from its two members.
function New-Category([string[]]$Members, $Kept) {
    $structure = New-Memory ([byte[]]::new(16)) $Kept
    [Runtime.InteropServices.Marshal]::WriteIntPtr($structure, 0, [IntPtr](ConvertFrom-Token $Members[0]).Value)
    [Runtime.InteropServices.Marshal]::WriteIntPtr($structure, 8, (New-Text $Members[1] $Kept))
    $structure
}

function ConvertTo-Argument([string]$Token, $Kept) {
    $kind, $rest = $Token -split ':', 2
    $value = switch ($kind) {
        'o' { $script:objects[$rest] }
        'm' { New-Memory (ConvertFrom-Token $Token).Value $Kept }
        'c' { New-Credential ($rest -split ',') $Kept }
        'e' { New-Category ($rest -split ',') $Kept }
        default { (ConvertFrom-Token $Token).Value }
    }
    @{ Value = $value }
}

# The output of a method. Memory that the method allocated is read and freed.
function ConvertTo-Answer($Value, [string]$Given, [string]$Method, $Arguments) {
    if ($Value -isnot [IntPtr]) {
        if ($null -ne $Value -and [Runtime.InteropServices.Marshal]::IsComObject($Value)) { return Add-FarObject $Value }
        return ConvertTo-Token $Value
    }
    $length = switch ($Method) {
        'GetFileRanges' { 16 * $Arguments[0] }
        'GetClientCertificate' { 20 }
        default { if ($Given -match '^m:(.*)$') { $Matches[1].Length / 2 } else { 0 } }
    }
    if ($Value -eq [IntPtr]::Zero) { $length = 0 }
    $bytes = [byte[]]::new($length)
    if ($length -gt 0) { [Runtime.InteropServices.Marshal]::Copy($Value, $bytes, 0, $length) }
    if ($Method -in 'GetFileRanges', 'GetClientCertificate') { [Runtime.InteropServices.Marshal]::FreeCoTaskMem($Value) }
    ConvertTo-Token $bytes
}

function Invoke-Far([string]$Id, [string]$Interface, [string]$Name, [string[]]$Tokens) {
    $kept = [Collections.Generic.List[IntPtr]]::new()
    try {
        $arguments = [object[]]::new($Tokens.Count)
        for ($i = 0; $i -lt $arguments.Count; $i++) { $arguments[$i] = (ConvertTo-Argument $Tokens[$i] $kept).Value }
        $code = (Get-ComInterface $Interface).GetMethod($Name).Invoke($script:objects[$Id], $arguments)
        $words = for ($i = 0; $i -lt $arguments.Count; $i++) {
            if ($Tokens[$i] -like 'o:*') { $Tokens[$i] } else { ConvertTo-Answer $arguments[$i] $Tokens[$i] $Name $arguments }
        }
        -join (@($code) + @($words) -join ' ')
    }
    finally {
        foreach ($address in $kept) { [Runtime.InteropServices.Marshal]::FreeHGlobal($address) }
    }
}

function Get-FarAnswer([string]$Line) {
    $operation, $rest = $Line.Trim() -split ' '
    $words = @($rest)
    switch ($operation) {
        'new' {
            $made = New-ComInstance $words[0] (Get-ComInterface $words[1])
            "$($made.Code) $(Add-FarObject $made.Instance)"
        }
        'ask' { "$(Set-ComImpersonation $script:objects[$words[0]] (Get-ComInterface $words[1]))" }
        'call' { Invoke-Far $words[0] $words[1] $words[2] @($words | Select-Object -Skip 3) }
        'release' {
            $null = [Runtime.InteropServices.Marshal]::ReleaseComObject($script:objects[$words[0]])
            $script:objects.Remove($words[0])
            '0'
        }
        'exists' { "$([IO.File]::Exists((ConvertFrom-Token $words[0]).Value))" }
    }
}

function Start-Agent {
    $writer = [IO.StreamWriter]::new([Console]::OpenStandardOutput(), [Text.Encoding]::ASCII)
    $writer.AutoFlush = $true
    $writer.WriteLine('>ready')
    while ($null -ne ($line = [Console]::In.ReadLine())) {
        $answer = try { Get-FarAnswer $line } catch { "! $($_.Exception.GetBaseException().Message -replace '\s+', ' ')" }
        $writer.WriteLine(">$answer")
    }
}

Export-ModuleMember -Function Start-Agent
