Set-StrictMode -Version Latest

# The messages of the commands for people, in the language of the user interface. The build copies the files here. Without them, names and
# numbers are shown.

Import-Module -Verbose:$false -Name ("$PSScriptRoot/shown.psm1" -replace '[][*?`]', '`$0') -Function ConvertTo-ShownText

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

# The folders of messages, the nearest first: those of the culture and its parents, as for Get-Help, and English.
function Get-MessageCulture {
    for ($culture = [cultureinfo]::CurrentUICulture; $culture.Name; $culture = $culture.Parent) { $culture.Name }
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

# A text by its path, in the user's language or otherwise in English; nothing if there is none. Each {{name}} in it becomes the value of
# that name.
function Get-Message([string[]]$Path, [hashtable]$Values = @{}) {
    foreach ($culture in Get-MessageCulture) {
        $text = Find-Text (Get-MessageFile "$culture/messages.json") $Path
        if (-not $text) { continue }
        foreach ($name in $Values.Keys) { $text = $text.Replace("{{$name}}", (ConvertTo-ShownText $Values[$name])) }
        return $text
    }
}

# -2133839853 -> its number as text, its name (or the number), its message for the method or in general, and the recommended action, if
# any.
function Get-HResultMessage([int]$Code, [string]$Method = '-') {
    $hex = '0x{0:X8}' -f $Code
    $name = Find-Text (Get-MessageFile 'hresults.json') $hex
    if (-not $name) { $name = $hex }

    $text = Get-Message 'method', $Method, $name
    # The general message of a code describes files and jobs. It does not explain why a class can't be activated.
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
