using namespace System.Management.Automation.Language

Set-StrictMode -Version Latest

# Finds the code of a script that Windows PowerShell 5.1 does not support or interprets differently, and violations of the module's own
# rules. It runs in PowerShell 7, whose parser has names for the newer language. A rule has
#   Name   what it finds
#   Of     the kinds of node that it checks
#   Test   a node -> the nodes that violate it

foreach ($part in 'syntax', 'commands', 'house') { Import-Module -Name ("$PSScriptRoot/$part.psm1" -replace '[][*?`]', '`$0') }

$script:rules = @(Get-SyntaxRule) + @(Get-CommandRule) + @(Get-HouseRule)
# The rules for types and members require the reference assemblies.
if ($env:REFERENCES) {
    Import-Module -Name ("$PSScriptRoot/members.psm1" -replace '[][*?`]', '`$0')
    Initialize-Reference $env:REFERENCES
    $script:rules += Get-MemberRule
}
$script:rulesOf = @{}
foreach ($rule in $script:rules) {
    foreach ($kind in $rule.Of) {
        if (-not $script:rulesOf.ContainsKey($kind)) { $script:rulesOf[$kind] = [Collections.Generic.List[object]]::new() }
        $script:rulesOf[$kind].Add($rule)
    }
}

function Get-RuleName { $script:rules.Name }

function New-Finding([string]$Rule, $Extent) {
    [pscustomobject]@{ rule = $Rule; line = $Extent.StartLineNumber; text = ($Extent.Text -split '\r?\n')[0] }
}

# The findings in a script, by line.
function Find-NewerLanguage([string]$Script) {
    $problems = $null
    $tree = [Parser]::ParseInput($Script, [ref]$null, [ref]$problems)
    $findings = @(
        foreach ($problem in $problems) { New-Finding $problem.Message $problem.Extent }
        foreach ($node in $tree.FindAll({ $true }, $true)) {
            foreach ($rule in $script:rulesOf[$node.GetType().Name]) {
                if ($null -eq $rule) { continue }
                foreach ($found in & $rule.Test $node) { New-Finding $rule.Name $found.Extent }
            }
        }
    )
    $findings | Sort-Object -Property line -Stable
}

Export-ModuleMember -Function Get-RuleName, Find-NewerLanguage
