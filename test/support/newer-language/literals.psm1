Set-StrictMode -Version Latest

# Tokens that Windows PowerShell 5.1 interprets differently from PowerShell 7: numbers and escapes.

$script:number = '^[+-]?(?:0x(?<hex>[0-9a-f]+)|(?<digits>\d+(?<real>\.\d*)?|(?<real>\.\d+))(?<exponent>e[+-]?\d+)?)(?<suffix>[ld]?)(?<unit>[kmgtp]b)?$'
$script:exponents = @{ '' = 0; kb = 10; mb = 20; gb = 30; tb = 40; pb = 50 }

# A hexadecimal number as 5.1 parses it; nothing if 5.1 does not parse it as a number.
function Read-OldHexadecimal([string]$Digits, [bool]$Long, [bigint]$Factor) {
    $style = [Globalization.NumberStyles]::AllowHexSpecifier
    $culture = [cultureinfo]::InvariantCulture
    $int = 0
    $whole = 0L
    $isInt = -not $Long -and [int]::TryParse($Digits, $style, $culture, [ref]$int)
    if ($isInt) { $whole = $int }
    elseif (-not [long]::TryParse($Digits, $style, $culture, [ref]$whole)) { return }
    $value = $Factor * $whole
    if ($isInt -and $value -ge [int]::MinValue -and $value -le [int]::MaxValue) { return [int]$value }
    if ($value -ge [long]::MinValue -and $value -le [long]::MaxValue) { return [long]$value }
}

# Whether 5.1 parses a number with the same value as PowerShell 7.
function Test-OldNumber([string]$Text, $Value) {
    if ($Text -notmatch $script:number) { return $false }
    $part = @{}
    foreach ($name in 'hex', 'real', 'exponent', 'suffix', 'unit') { $part[$name] = [string]$Matches[$name] }
    if (-not $part.hex) {
        # 5.1 rounds before it multiplies.
        return -not (($part.real -or $part.exponent) -and $part.suffix -eq 'l' -and $part.unit)
    }
    $factor = [bigint]::Pow(2, $script:exponents[$part.unit.ToLowerInvariant()])
    if ($Text.StartsWith('-')) { $factor = - $factor }
    $old = Read-OldHexadecimal $part.hex ($part.suffix -eq 'l') $factor
    $null -ne $old -and $old.GetType() -eq $Value.GetType() -and $old -eq $Value
}

# Whether a double-quoted string, a bare word, or a variable in braces contains an escape that is only the letter in 5.1.
function Test-NewEscape([string]$Text) { $Text -cmatch '(?<!`)(?:``)*`[eu]' }

Export-ModuleMember -Function Test-OldNumber, Test-NewEscape
