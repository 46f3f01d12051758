using namespace System.Management.Automation.Language

Set-StrictMode -Version Latest

# What the module's own rules forbid: it loads across a border of trust, where dot-sourcing ends and an Invoke-Expression is looked at
# twice, and it has no compiler. A class is read otherwise by 5.1 in more than one way.

$script:forbidden = 'Invoke-Expression', 'iex', 'Add-Type'

$script:rules = @(
    @{ Name = 'dot-sourcing'; Of = 'CommandAst'; Test = { param($node) if ("$($node.InvocationOperator)" -eq 'Dot') { $node } } }
    @{ Name = 'a command that the module does without'; Of = 'CommandAst'; Test = { param($node) if ($script:forbidden -contains $node.GetCommandName()) { $node } } }
    @{ Name = 'a class or an enumeration'; Of = 'TypeDefinitionAst'; Test = { param($node) $node } }
    @{ Name = 'a using statement'; Of = 'UsingStatementAst'; Test = { param($node) $node } }
)

function Get-HouseRule { $script:rules }

Export-ModuleMember -Function Get-HouseRule
