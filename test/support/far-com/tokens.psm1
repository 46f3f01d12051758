Set-StrictMode -Version Latest

# The arguments of methods as tokens in a line of ASCII: a letter, a colon, and the value. n is no object, and o:7 is object 7. The holder
# of an object chooses its number.

function ConvertTo-Hex([byte[]]$Bytes) { [BitConverter]::ToString($Bytes) -replace '-' }

function ConvertFrom-Hex([string]$Hex) {
    $bytes = [byte[]]::new($Hex.Length / 2)
    for ($i = 0; $i -lt $bytes.Length; $i++) { $bytes[$i] = [convert]::ToByte($Hex.Substring(2 * $i, 2), 16) }
    , $bytes
}

function ConvertTo-Token($Value) {
    if ($null -eq $Value) { return 'n' }
    if ($Value -is [string]) { return 's:' + (ConvertTo-Hex ([Text.Encoding]::Unicode.GetBytes($Value))) }
    if ($Value -is [int]) { return "i:$Value" }
    if ($Value -is [uint32]) { return "u:$Value" }
    if ($Value -is [uint64]) { return "l:$Value" }
    if ($Value -is [bool]) { return "b:$Value" }
    if ($Value -is [guid]) { return "g:$Value" }
    if ($Value -is [byte[]]) { return 'm:' + (ConvertTo-Hex $Value) }
    throw "No word for a value of type $($Value.GetType())"
}

# Returned inside a hashtable, because PowerShell would enumerate a list.
function ConvertFrom-Token([string]$Token) {
    $kind, $text = $Token -split ':', 2
    $value = switch ($kind) {
        'n' { $null }
        's' { [Text.Encoding]::Unicode.GetString((ConvertFrom-Hex $text)) }
        'i' { [int]$text }
        'u' { [uint32]$text }
        'l' { [uint64]$text }
        'b' { $text -eq 'True' }
        'g' { [guid]$text }
        'm' { , (ConvertFrom-Hex $text) }
        default { throw "No such word: $Token" }
    }
    @{ Value = $value }
}

Export-ModuleMember -Function ConvertTo-Token, ConvertFrom-Token
