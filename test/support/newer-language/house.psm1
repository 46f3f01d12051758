using namespace System.Management.Automation.Language

Set-StrictMode -Version Latest

# The module's own rules. The module is loaded across a trust boundary, where dot-sourcing fails and Invoke-Expression is suspicious, and
# it uses no compiler. 5.1 interprets classes differently in several ways.

$script:forbidden = 'Invoke-Expression', 'iex', 'Add-Type'

$script:rules = @(
    @{ Name = 'dot-sourcing'; Of = 'CommandAst'; Test = { param($node) if ("$($node.InvocationOperator)" -eq 'Dot') { $node } } }
    @{ Name = 'a command that the module does without'; Of = 'CommandAst'; Test = { param($node) if ($script:forbidden -contains $node.GetCommandName()) { $node } } }
    @{ Name = 'a class or an enumeration'; Of = 'TypeDefinitionAst'; Test = { param($node) $node } }
    @{ Name = 'a using statement'; Of = 'UsingStatementAst'; Test = { param($node) $node } }
)

function Get-HouseRule { $script:rules }

Export-ModuleMember -Function Get-HouseRule
