using namespace System.Management.Automation.Language

Set-StrictMode -Version Latest

# The type of an expression, as far as the script determines it: constants, casts, the results of known members, and variables whose
# values all have one type. The type of everything else is unknown.

Import-Module -Name ("$PSScriptRoot/references.psm1" -replace '[][*?`]', '`$0')

$script:automatic = @{
    PSScriptRoot = 'System.String'; PSCommandPath = 'System.String'; HOME = 'System.String'
    ExecutionContext = 'System.Management.Automation.EngineIntrinsics'; Host = 'System.Management.Automation.Host.PSHost'
    true = 'System.Boolean'; false = 'System.Boolean'
}
$script:deep = 0

# The block in which a variable is looked up: its function, or the script for a variable of the script.
function Get-Scope($Variable) {
    $isScripts = $Variable.VariablePath.IsScript
    for ($node = $Variable.Parent; $null -ne $node; $node = $node.Parent) {
        if ($null -eq $node.Parent) { return $node }
        if (-not $isScripts -and $node -is [ScriptBlockAst] -and $node.Parent -is [FunctionDefinitionAst]) { return $node }
    }
}

function Get-VariableName($Variable) { $Variable.VariablePath.UserPath -replace '^script:' }

# The values that are assigned to a variable: the expressions, and $null for everything else.
function Get-Given($Variable) {
    $name = Get-VariableName $Variable
    $scope = Get-Scope $Variable
    $isSame = { param($node) $node -is [VariableExpressionAst] -and (Get-VariableName $node) -eq $name }
    foreach ($node in $scope.FindAll({ $true }, $true)) {
        if ($node -is [AssignmentStatementAst]) {
            $left = $node.Left
            while ($left -is [AttributedExpressionAst]) { $left = $left.Child }
            if (& $isSame $left) {
                if ($node.Left -is [ConvertExpressionAst]) { $node.Left }
                elseif ($node.Operator -eq 'Equals') { $node.Right }
                else { $null }
            }
            elseif ($left -is [ArrayLiteralAst] -and @($left.Elements | Where-Object { & $isSame $_ }).Count -gt 0) { $null }
        }
        elseif ($node -is [ParameterAst] -and (& $isSame $node.Name)) { $node }
        elseif ($node -is [ForEachStatementAst] -and (& $isSame $node.Variable)) { $null }
        elseif ($node -is [ConvertExpressionAst] -and $node.Type.TypeName.FullName -eq 'ref' -and (& $isSame $node.Child)) { $null }
    }
}

function Test-Same([object[]]$Types) { @($Types | ForEach-Object ToString | Sort-Object -Unique).Count -eq 1 }

function Get-VariableType($Variable) {
    $name = Get-VariableName $Variable
    if ($script:automatic.ContainsKey($name)) { return Find-Type $script:automatic[$name] }
    if ($script:deep -gt 8) { return }
    $script:deep++
    try {
        $types = @(foreach ($given in Get-Given $Variable) {
                $type = if ($given -is [ParameterAst]) {
                    $constraint = $given.Attributes | Where-Object { $_ -is [TypeConstraintAst] } | Select-Object -First 1
                    if ($null -ne $constraint) { Resolve-TypeName $constraint.TypeName }
                }
                elseif ($null -ne $given) { Get-StaticType $given }
                else { $null }
                if ($null -eq $type) { return }
                $type
            })
        if (Test-Same $types) { $types[0] }
    }
    finally { $script:deep-- }
}

# The type of a static access: [T]::M, or $t::M if the variable contains one type.
function Get-NamedType($Expression) {
    if ($Expression -is [TypeExpressionAst]) { return Resolve-TypeName $Expression.TypeName }
    if ($Expression -isnot [VariableExpressionAst]) { return }
    $given = @(Get-Given $Expression)
    if ($given.Count -ne 1 -or $null -eq $given[0]) { return }
    $value = $given[0]
    if ($value -is [CommandExpressionAst]) { $value = $value.Expression }
    if ($value -is [TypeExpressionAst]) { Resolve-TypeName $value.TypeName }
}

# The type that all the members return, if it is the same.
function Get-ReturnedType($Members) {
    $types = @(foreach ($member in $Members) {
            switch ("$($member.MemberType)") {
                'Method' { $member.ReturnType }
                'Property' { $member.PropertyType }
                'Field' { $member.FieldType }
                'Constructor' { $member.DeclaringType }
            }
        })
    if ((Test-Same $types) -and -not $types[0].ContainsGenericParameters) { $types[0] }
}

function Get-MemberType($Node) {
    if ($Node.Member -isnot [StringConstantExpressionAst]) { return }
    $name = $Node.Member.Value
    $type = if ($Node.Static) { Get-NamedType $Node.Expression } else { Get-StaticType $Node.Expression }
    if ($null -eq $type) { return }
    if ($Node -isnot [InvokeMemberExpressionAst]) { return Get-ReturnedType @(Get-TypeMember $type $name) }
    if ($Node.Static -and $name -eq 'new') { return $type }
    $count = @($Node.Arguments | Where-Object { $null -ne $_ }).Count
    Get-ReturnedType @(Get-TypeMember $type $name | Where-Object { "$($_.MemberType)" -eq 'Method' -and (Test-ArgumentCount $_ $count) })
}

function Get-OperatorType($Node) {
    switch -Regex ("$($Node.Operator)") {
        '^(Format|Join)$' { return Find-Type 'System.String' }
        'split$' { return (Find-Type 'System.String').MakeArrayType() }
        '^Plus$' {
            $left = Get-StaticType $Node.Left
            if ($null -ne $left -and $left.FullName -eq 'System.String') { return $left }
        }
    }
}

function Get-StaticType($Node) {
    switch ($Node.GetType().Name) {
        'CommandExpressionAst' { return Get-StaticType $Node.Expression }
        'PipelineAst' { if ($Node.PipelineElements.Count -eq 1) { return Get-StaticType $Node.PipelineElements[0] } }
        'ParenExpressionAst' { return Get-StaticType $Node.Pipeline }
        'StringConstantExpressionAst' { return Find-Type 'System.String' }
        'ExpandableStringExpressionAst' { return Find-Type 'System.String' }
        'ConstantExpressionAst' { return Find-Type $Node.Value.GetType().FullName }
        'ConvertExpressionAst' { if ($Node.Type.TypeName.FullName -notin 'ref', 'ordered', 'pscustomobject') { return Resolve-TypeName $Node.Type.TypeName } }
        'MemberExpressionAst' { return Get-MemberType $Node }
        'InvokeMemberExpressionAst' { return Get-MemberType $Node }
        'VariableExpressionAst' { return Get-VariableType $Node }
        'BinaryExpressionAst' { return Get-OperatorType $Node }
        'IndexExpressionAst' {
            $target = Get-StaticType $Node.Target
            if ($null -ne $target -and $target.IsArray -and $Node.Index -isnot [ArrayLiteralAst]) { return $target.GetElementType() }
        }
    }
}

Export-ModuleMember -Function Get-StaticType, Get-NamedType
