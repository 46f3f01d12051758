Set-StrictMode -Version Latest

# The words of the commands for people, in the language of the user's interface. The files are copied here when the
# package is built; without them names and numbers have to do.

$script:files = @{}

function Get-MessageFile([string]$Name) {
    if (-not $script:files.ContainsKey($Name)) {
        $path = Join-Path $PSScriptRoot $Name
        $script:files[$Name] = $null
        if (Test-Path -LiteralPath $path) {
            $script:files[$Name] = Get-Content -LiteralPath $path -Raw -Encoding UTF8 | ConvertFrom-Json
        }
    }
    $script:files[$Name]
}

# The folders of words, the nearest first: those of the culture and of its parents, as Get-Help has them, and English.
function Get-MessageCulture {
    for ($culture = [cultureinfo]$PSUICulture; $culture.Name; $culture = $culture.Parent) { $culture.Name }
    'en'
}

function Find-Text($Node, [string[]]$Path) {
    foreach ($key in $Path) {
        if ($null -eq $Node) { return }
        $property = $Node.PSObject.Properties[$key]
        if ($null -eq $property) { return }
        $Node = $property.Value
    }
    $Node
}

# A text by its path in the user's language, else in English, else nothing. Each {{name}} in it becomes the value of that name.
function Get-Message([string[]]$Path, [hashtable]$Values = @{}) {
    foreach ($culture in Get-MessageCulture) {
        $text = Find-Text (Get-MessageFile "$culture/messages.json") $Path
        if (-not $text) { continue }
        foreach ($name in $Values.Keys) { $text = $text.Replace("{{$name}}", $Values[$name]) }
        return $text
    }
}

# -2133839853 -> its number as it is written, its name (the number again, where it has none), its words as an answer
# of the method, or by themselves, and what to do about it, where there is something.
function Get-HResultMessage([int]$Code, [string]$Method = '-') {
    $hex = '0x{0:X8}' -f $Code
    $name = Find-Text (Get-MessageFile 'hresults.json') $hex
    if (-not $name) { $name = $hex }

    $text = Get-Message 'method', $Method, $name
    # What a code means elsewhere, of files and jobs, is not why a class can't be activated.
    $advice = if (-not $text -and $Method -eq 'CoCreateInstance' -and $Code -lt 0) {
        $text = Get-Message 'method', $Method, 'other'
        Get-Message 'bridgeAdvice', 'SERVICE_UNAVAILABLE'
    }
    else { Get-Message 'methodAdvice', $Method, $name }
    if (-not $advice) { $advice = Get-Message 'advice', $name }
    if (-not $text) { $text = Get-Message 'hresult', $name }
    if (-not $text) {
        $family = if ($Code -lt 0) { 'unknown' } else { 'success' }
        $text = Get-Message 'family', $family @{ hex = $hex }
    }
    if (-not $text) { $text = "$Method $name" }
    @{ Hex = $hex; Name = $name; Text = $text; Advice = $advice }
}

Export-ModuleMember -Function Get-Message, Get-HResultMessage
