using namespace System.Management.Automation.Language

Set-StrictMode -Version Latest

# The rules for syntax that Windows PowerShell 5.1 does not support or interprets differently from PowerShell 7. Each rule has a name, and
# the kind of node in the syntax tree of PowerShell 7 that it checks. The parser of PowerShell 7 reports its own errors.

Import-Module -Name ("$PSScriptRoot/literals.psm1" -replace '[][*?`]', '`$0')

function Get-Ancestor($Node) {
    for ($parent = $Node.Parent; $null -ne $parent; $parent = $parent.Parent) { $parent }
}

# The text between two nodes without comments and continued lines.
function Get-TextBetween($First, $Second) {
    $start = $First.Extent.EndOffset
    $text = $First.Extent.StartScriptPosition.GetFullScript().Substring($start, $Second.Extent.StartOffset - $start)
    $text -replace '(?s)<#.*?#>|#[^\n]*|`\r?\n'
}

# The text of a node, without the expressions in it.
function Get-OwnText($Node) {
    $text = $Node.Extent.Text
    if ($Node -isnot [ExpandableStringExpressionAst]) { return $text }
    foreach ($nested in $Node.NestedExpressions) {
        $at = $nested.Extent.StartOffset - $Node.Extent.StartOffset
        $length = $nested.Extent.Text.Length
        $text = $text.Remove($at, $length).Insert($at, ' ' * $length)
    }
    $text
}

# The last value of chained assignments: @{ a = $b = ... }
function Get-AssignedValue($Statement) {
    while ($Statement -is [AssignmentStatementAst]) { $Statement = $Statement.Right }
    $Statement
}

# Whether a comma list is an index that is directly an argument of a method.
function Test-IndexListInArgument($Index) {
    if ($Index.Index -isnot [ArrayLiteralAst]) { return $false }
    $child = $Index
    foreach ($parent in Get-Ancestor $Index) {
        if ($parent -is [StatementAst] -or $parent -is [StatementBlockAst]) { return $false }
        if ($parent -is [InvokeMemberExpressionAst] -and $parent.Arguments -contains $child) { return $true }
        $child = $parent
    }
    $false
}

# Whether a break or continue leaves a finally block, as 5.1 determines it: by loops, but not by switch.
function Test-LeavesFinally($Node) {
    $child = $Node
    foreach ($parent in Get-Ancestor $Node) {
        if ($parent -is [NamedBlockAst] -or $parent -is [TrapStatementAst]) { return $false }
        if ($parent -is [LoopStatementAst] -and ($null -eq $Node.Label -or $parent.Label -eq $Node.Label.Value)) { return $false }
        if ($parent -is [TryStatementAst] -and $parent.Finally -eq $child) { return $true }
        $child = $parent
    }
    $false
}

# Whether a type has an array without its own brackets as an argument, followed by another argument: 5.1 interprets that as the name of an
# assembly.
function Test-ArrayBeforeArgument($TypeName) {
    if ($TypeName -is [ArrayTypeName]) { return Test-ArrayBeforeArgument $TypeName.ElementType }
    if ($TypeName -isnot [GenericTypeName]) { return $false }
    $script = $TypeName.Extent.StartScriptPosition.GetFullScript()
    foreach ($argument in $TypeName.GenericArguments) {
        if (Test-ArrayBeforeArgument $argument) { return $true }
        if ($argument -is [ArrayTypeName] -and $script.Substring($argument.Extent.EndOffset) -match '^\s*,') { return $true }
    }
    $false
}

function Test-Letter($Expression) {
    if ($Expression -is [ConvertExpressionAst]) { return $Expression.Type.TypeName.GetReflectionType() -eq [char] }
    $Expression -is [StringConstantExpressionAst] -and $Expression.Value -match '^\D$'
}

# An element of the list to the right of an operator; nothing if it is not a list.
function Get-Operand($Right, [int]$Position) {
    if ($Right -is [ArrayLiteralAst] -and $Right.Elements.Count -gt $Position) { $Right.Elements[$Position] }
}

function Test-CommandName($Element, [string]$Name) { $Element -is [CommandAst] -and $Element.GetCommandName() -eq $Name }

$script:newVariables = 'IsWindows', 'IsLinux', 'IsMacOS', 'IsCoreCLR', 'PSStyle', 'EnabledExperimentalFeatures', 'PSNativeCommandUseErrorActionPreference', 'PSNativeCommandArgumentPassing'
$script:newVersionKeys = 'OS', 'Platform', 'GitCommitId'

$script:rules = @(
    @{ Name = 'the value of a key is an if without else'; Of = 'HashtableAst'; Test = {
            param($node)
            foreach ($pair in $node.KeyValuePairs) {
                $value = Get-AssignedValue $pair.Item2
                if ($value -is [IfStatementAst] -and $null -eq $value.ElseClause) { $value }
            }
        }
    }
    @{ Name = 'a number that 5.1 does not read so'; Of = 'ConstantExpressionAst'; Test = {
            param($node)
            if ($node.Value -is [ValueType] -and $node.Value -isnot [bool] -and -not (Test-OldNumber $node.Extent.Text $node.Value)) { $node }
        }
    }
    @{ Name = 'the escape `e or `u'; Of = 'ExpandableStringExpressionAst', 'StringConstantExpressionAst', 'VariableExpressionAst'; Test = {
            param($node)
            $single = $node -is [StringConstantExpressionAst] -and "$($node.StringConstantType)" -like 'SingleQuoted*'
            if (-not $single -and (Test-NewEscape (Get-OwnText $node))) { $node }
        }
    }
    @{ Name = 'a pipe at the beginning of a line'; Of = 'PipelineAst'; Test = {
            param($node)
            for ($i = 1; $i -lt $node.PipelineElements.Count; $i++) {
                if ((Get-TextBetween $node.PipelineElements[$i - 1] $node.PipelineElements[$i]) -match '\n[^|]*\|') { $node.PipelineElements[$i] }
            }
        }
    }
    @{ Name = 'a command in the background'; Of = 'PipelineAst', 'PipelineChainAst'; Test = { param($node) if ($node.Background) { $node } } }
    @{ Name = 'a chain of pipelines'; Of = 'PipelineChainAst'; Test = { param($node) $node } }
    @{ Name = 'the ternary operator'; Of = 'TernaryExpressionAst'; Test = { param($node) $node } }
    @{ Name = 'the operator ??'; Of = 'BinaryExpressionAst'; Test = { param($node) if ("$($node.Operator)" -eq 'QuestionQuestion') { $node } } }
    @{ Name = 'the operator ??='; Of = 'AssignmentStatementAst'; Test = { param($node) if ("$($node.Operator)" -eq 'QuestionQuestionEquals') { $node } } }
    @{ Name = 'the operator ?. or ?[]'; Of = 'MemberExpressionAst', 'InvokeMemberExpressionAst', 'IndexExpressionAst'; Test = { param($node) if ($node.NullConditional) { $node } } }
    @{ Name = 'a clean block'; Of = 'ScriptBlockAst'; Test = { param($node) if ($null -ne $node.CleanBlock) { $node.CleanBlock } } }
    @{ Name = 'types for a generic method'; Of = 'InvokeMemberExpressionAst'; Test = { param($node) if ($null -ne $node.GenericTypeArguments) { $node } } }
    @{ Name = 'a list as an index in an argument'; Of = 'IndexExpressionAst'; Test = { param($node) if (Test-IndexListInArgument $node) { $node } } }
    @{ Name = 'an array before another type argument'; Of = 'TypeExpressionAst', 'TypeConstraintAst'; Test = { param($node) if (Test-ArrayBeforeArgument $node.TypeName) { $node } } }
    @{ Name = 'a = right behind a variable in an argument'; Of = 'CommandAst'; Test = {
            param($node)
            $elements = $node.CommandElements
            for ($i = 1; $i -lt $elements.Count; $i++) {
                $adjoins = $elements[$i].Extent.StartOffset -eq $elements[$i - 1].Extent.EndOffset
                if ($adjoins -and $elements[$i - 1] -is [VariableExpressionAst] -and "$($elements[$i])".StartsWith('=')) { $elements[$i] }
            }
        }
    }
    @{ Name = 'a break that leaves a finally'; Of = 'BreakStatementAst', 'ContinueStatementAst'; Test = { param($node) if (Test-LeavesFinally $node) { $node } } }
    @{ Name = 'a range of letters'; Of = 'BinaryExpressionAst'; Test = {
            param($node)
            if ("$($node.Operator)" -eq 'DotDot' -and ((Test-Letter $node.Left) -or (Test-Letter $node.Right))) { $node }
        }
    }
    @{ Name = '-replace with a script block'; Of = 'BinaryExpressionAst'; Test = {
            param($node)
            if ("$($node.Operator)" -like '?replace' -and (Get-Operand $node.Right 1) -is [ScriptBlockExpressionAst]) { $node }
        }
    }
    @{ Name = '-split from behind or with both line options'; Of = 'BinaryExpressionAst'; Test = {
            param($node)
            if ("$($node.Operator)" -notlike '?split') { return }
            $limit = "$(Get-Operand $node.Right 1)"
            $options = "$(Get-Operand $node.Right 2)"
            if ($limit.StartsWith('-') -or ($options -match 'singleline' -and $options -match 'multiline')) { $node }
        }
    }
    @{ Name = 'a variable that 5.1 does not set'; Of = 'VariableExpressionAst'; Test = { param($node) if ($script:newVariables -contains $node.VariablePath.UserPath) { $node } } }
    @{ Name = 'a key that $PSVersionTable lacks in 5.1'; Of = 'MemberExpressionAst', 'IndexExpressionAst'; Test = {
            param($node)
            $isMember = $node -is [MemberExpressionAst]
            $of = if ($isMember) { $node.Expression } else { $node.Target }
            $key = if ($isMember) { $node.Member } else { $node.Index }
            if ("$of" -eq '$PSVersionTable' -and $key -is [StringConstantExpressionAst] -and $script:newVersionKeys -contains $key.Value) { $node }
        }
    }
    @{ Name = '#requires a newer PowerShell'; Of = 'ScriptBlockAst'; Test = {
            param($node)
            $required = $node.ScriptRequirements
            if ($null -eq $required) { return }
            $editions = $required.RequiredPSEditions
            if ($required.RequiredPSVersion -gt [version]'5.1' -or ($editions.Count -gt 0 -and $editions -notcontains 'Desktop')) { $node }
        }
    }
    @{ Name = 'a list that is piped whole to ConvertTo-Json'; Of = 'PipelineAst'; Test = {
            param($node)
            # It becomes an object with value and Count.
            $first, $second = $node.PipelineElements
            $list = if ($first -is [CommandExpressionAst]) { $first.Expression } else { $null }
            if ($list -is [ArrayLiteralAst] -and $list.Elements.Count -eq 1 -and (Test-CommandName @($second)[0] 'ConvertTo-Json')) { $node }
        }
    }
    @{ Name = 'what ConvertFrom-Json gives taken one by one'; Of = 'CommandAst'; Test = {
            param($node)
            # It outputs a list as one object.
            if (-not (Test-CommandName $node 'ConvertFrom-Json')) { return }
            $pipeline = $node.Parent
            $inArray = $pipeline.Parent.Parent -is [ArrayExpressionAst]
            if ($pipeline.PipelineElements[-1] -ne $node -or $inArray) { $node }
        }
    }
    @{ Name = 'the Count of what a command gives'; Of = 'MemberExpressionAst'; Test = {
            param($node)
            # A single custom object has none.
            $pipeline = if ($node.Expression -is [ParenExpressionAst]) { $node.Expression.Pipeline } else { $null }
            if ($pipeline -is [PipelineAst] -and $pipeline.PipelineElements[-1] -is [CommandAst] -and "$($node.Member)" -in 'Count', 'Length') { $node }
        }
    }
)

function Get-SyntaxRule { $script:rules }

Export-ModuleMember -Function Get-SyntaxRule
