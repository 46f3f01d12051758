Set-StrictMode -Version Latest

# What a terminal shows of texts that come from others, such as the names of jobs: what it would obey, draw as nothing or as a space, or
# use to turn the direction of the text is shown as its number, as the command line of the package shows it.

# A value of a property, as the views of the module show it. What is not a text keeps its type, for its format and alignment. PowerShell
# runs a copy of this that doesn't belong to the module, so it contains all that it needs. The characters are those of the first plane, those
# of the others as pairs, and halves of pairs, as ranges, because the categories of .NET are those of its own version of Unicode.
$script:toShown = {
    param($Name)
    $hidden = @(
        '[\u0000-\u001F\u007F-\u00A0\u00AD\u034F\u0600-\u0605\u061C\u06DD\u070F\u0890\u0891\u08E2\u115F\u1160\u1680\u17B4\u17B5\u180B-\u180F]',
        '[\u2000-\u200F\u2028-\u202F\u205F-\u206F\u2800\u3000\u3164\uFDD0-\uFDEF\uFE00-\uFE0F\uFEFF\uFFA0\uFFF0-\uFFFC\uFFFE\uFFFF]',
        '\uD804[\uDCBD\uDCCD]',
        '\uD80D[\uDC30-\uDC3F\uDC41\uDC42]',
        '\uD82F[\uDCA0-\uDCA3]',
        '\uD834[\uDD59\uDD73-\uDD7A]',
        '[\uD83F\uD87F\uD8BF\uD8FF\uD93F\uD97F\uD9BF\uD9FF\uDA3F\uDA7F\uDABF\uDAFF\uDB3F\uDB7F\uDBBF\uDBFF][\uDFFE\uDFFF]',
        '[\uDB40-\uDB43][\uDC00-\uDFFF]',
        '[\uD800-\uDBFF](?![\uDC00-\uDFFF])',
        '(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]'
    ) -join '|'
    $toNumber = {
        param($match)
        $number = if ($match.Length -gt 1) { [char]::ConvertToUtf32($match.Value, 0) } else { [int]$match.Value[0] }
        '\u{' + $number.ToString('X') + '}'
    }
    $value = $this.PSObject.Properties[$Name].Value
    if ($null -eq $value -or $value -is [ValueType]) { return $value }
    $text = if ($value -is [Collections.IDictionary]) {
        '{' + (@(foreach ($key in $value.Keys) { "[$key, $($value[$key])]" }) -join ', ') + '}'
    }
    elseif ($value -is [Collections.IList]) { '{' + (@(foreach ($item in $value) { "$item" }) -join ', ') + '}' }
    else { "$value" }
    [regex]::Replace($text, $hidden, $toNumber)
}

# The views call this method. Objects that another process or computer returned have it too.
foreach ($type in 'BackgroundCopy.Text', 'BackgroundCopy.Job', 'BackgroundCopy.File', 'BackgroundCopy.JobResult', 'BackgroundCopy.JobError') {
    foreach ($name in $type, "Deserialized.$type") {
        Update-TypeData -TypeName $name -MemberType ScriptMethod -MemberName ToShown -Value $script:toShown -Force
    }
}

function ConvertTo-ShownText([string]$Text) {
    [pscustomobject]@{ PSTypeName = 'BackgroundCopy.Text'; Text = $Text } | ForEach-Object { $_.ToShown('Text') }
}

Export-ModuleMember -Function ConvertTo-ShownText
