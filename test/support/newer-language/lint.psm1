using namespace System.Management.Automation.Language

Set-StrictMode -Version Latest

# Finds in a script what Windows PowerShell 5.1 does not read or takes otherwise, and what the module's own rules forbid. It runs in
# PowerShell 7, whose parser knows the newer language by name. A rule has
#   Name   what it finds
#   Of     the kinds of node that it looks at
#   Test   a node -> the nodes that break it

foreach ($part in 'syntax', 'commands', 'house') { Import-Module "$PSScriptRoot/$part.psm1" }

$script:rules = @(Get-SyntaxRule) + @(Get-CommandRule) + @(Get-HouseRule)
# Types and members are known only where the reference assemblies are.
if ($env:REFERENCES) {
    Import-Module "$PSScriptRoot/members.psm1"
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

# The findings of a script, in the order of its lines.
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
