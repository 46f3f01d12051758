Set-StrictMode -Version Latest

# Finds in a script what Windows PowerShell 5.1 does not read, and what the module's own rules forbid. It runs in PowerShell 7,
# whose parser knows the newer syntax by name.

$script:newerTokens = 'QuestionQuestion', 'QuestionQuestionEquals', 'QuestionDot', 'QuestionLBracket', 'QuestionMark', 'AndAnd', 'OrOr', 'Clean'
$script:newerParameters = 'AsHashtable', 'Parallel', 'EscapeHandling', 'AsByteStream', 'SkipHttpErrorCheck', 'NoEnumerate'
$script:forbiddenCommands = 'Invoke-Expression', 'iex', 'Add-Type'

function Find-NewerSyntax([string]$Path) {
    $tokens = $null
    $errors = $null
    $tree = [Management.Automation.Language.Parser]::ParseFile($Path, [ref]$tokens, [ref]$errors)
    foreach ($problem in $errors) { $problem.Message }
    foreach ($token in $tokens) {
        if ($script:newerTokens -contains [string]$token.Kind) { "$($token.Kind) at line $($token.Extent.StartLineNumber)" }
    }
    foreach ($node in $tree.FindAll({ $true }, $true)) {
        $found = switch ($node.GetType().Name) {
            'CommandParameterAst' { if ($script:newerParameters -contains $node.ParameterName) { $node.ParameterName } }
            'CommandAst' {
                if ([string]$node.InvocationOperator -eq 'Dot') { 'dot-sourcing' }
                if ($script:forbiddenCommands -contains $node.GetCommandName()) { $node.GetCommandName() }
            }
            'TypeDefinitionAst' { 'a class' }
            'UsingStatementAst' { 'a using statement' }
            'VariableExpressionAst' { if ('IsWindows', 'IsLinux', 'IsMacOS', 'IsCoreCLR' -contains $node.VariablePath.UserPath) { $node.VariablePath.UserPath } }
        }
        foreach ($what in $found) { "$what at line $($node.Extent.StartLineNumber)" }
    }
}

Export-ModuleMember -Function Find-NewerSyntax
