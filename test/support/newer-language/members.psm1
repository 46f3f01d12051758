using namespace System.Management.Automation.Language

Set-StrictMode -Version Latest

# The rules for types and members that .NET Framework 4.7.2 lacks or interprets differently. The rules identify a member by the type of
# its object. If the type is unknown, they use its name and the number of its arguments in any type. They can't decide whether
#   - a property of an object of unknown type exists, because it may be a key, a note, or an alias
#   - a member exists whose name is computed
#   - an overload is the intended one, except for a string that a method takes as characters
#   - an instance has the members of a derived type.

foreach ($part in 'references', 'inference') { Import-Module -Name ("$PSScriptRoot/$part.psm1" -replace '[][*?`]', '`$0') }

# Members that PowerShell adds to every object.
$script:added = 'PSObject', 'PSTypeNames', 'PSBase', 'PSAdapted', 'PSExtended', 'ForEach', 'Where', 'Count', 'Length', 'pstypenames'
# Types that the first versions of Windows with 5.1 lack, because they have .NET Framework 4.6.
$script:later = 'System.Runtime.InteropServices.RuntimeInformation', 'System.Runtime.InteropServices.OSPlatform'
# Names in brackets that are not types.
$script:words = 'ref', 'ordered', 'pscustomobject', 'void'

function Get-Argument($Node) { if ($Node -is [InvokeMemberExpressionAst] -and $null -ne $Node.Arguments) { $Node.Arguments } }

# Whether PowerShell adds its own members, or those of the elements, to objects of that type.
function Test-HasMore([type]$Type) {
    $names = @($Type.FullName) + @($Type.GetInterfaces() | ForEach-Object FullName)
    $Type.FullName -in 'System.Object', 'System.Management.Automation.PSObject' -or
    $names -contains 'System.Collections.IDictionary' -or
    ($Type.FullName -ne 'System.String' -and $names -contains 'System.Collections.IEnumerable')
}

# The possible methods of a call. $Receiver receives the type of the object, if it is known.
function Get-Candidate($Node, [ref]$Receiver) {
    $name = $Node.Member.Value
    $type = if ($Node.Static) { Get-NamedType $Node.Expression } else { Get-StaticType $Node.Expression }
    $Receiver.Value = $type
    if ($null -ne $type) {
        if ($Node.Static -and $name -eq 'new') { return $type.GetConstructors() }
        return Get-TypeMember $type $name | Where-Object { "$($_.MemberType)" -eq 'Method' }
    }
    if (-not $Node.Static) { Get-AnyMethod $name }
}

# Only a parameter of the type of an enumeration, or of a type that accepts everything, accepts its value.
function Test-TakesEnumeration($Method, $Arguments) {
    $parameters = $Method.GetParameters()
    for ($i = 0; $i -lt [Math]::Min($parameters.Count, $Arguments.Count); $i++) {
        $type = Get-StaticType $Arguments[$i]
        if ($null -eq $type -or -not $type.IsEnum) { continue }
        if ($parameters[$i].ParameterType.FullName -notin $type.FullName, 'System.Object', $null) { return $false }
    }
    $true
}

function Test-MissingMethod($Node) {
    $receiver = $null
    $candidates = @(Get-Candidate $Node ([ref]$receiver))
    if ($script:added -contains $Node.Member.Value) { return $false }
    if ($Node.Static -and $null -eq $receiver) { return $false }
    if ($null -ne $receiver -and -not $Node.Static -and (Test-HasMore $receiver) -and $candidates.Count -eq 0) { return $false }
    $arguments = @(Get-Argument $Node)
    # A structure can be created without a constructor.
    if ($null -ne $receiver -and $receiver.IsValueType -and $arguments.Count -eq 0 -and $Node.Member.Value -eq 'new') { return $false }
    foreach ($method in $candidates) {
        if ((Test-ArgumentCount $method $arguments.Count) -and (Test-TakesEnumeration $method $arguments)) { return $false }
    }
    $true
}

function Test-MissingProperty($Node) {
    $name = $Node.Member.Value
    $type = if ($Node.Static) { Get-NamedType $Node.Expression } else { Get-StaticType $Node.Expression }
    if ($null -eq $type -or $script:added -contains $name -or (-not $Node.Static -and (Test-HasMore $type))) { return $false }
    @(Get-TypeMember $type $name).Count -eq 0
}

# The string arguments that don't consist of one character, if the method takes characters. An object of unknown type counts as a string
# if strings have the method.
function Find-SpelledText($Node) {
    $receiver = $null
    $candidates = @(Get-Candidate $Node ([ref]$receiver))
    if ($null -eq $receiver) { $candidates = @($candidates | Where-Object { $_.DeclaringType.FullName -eq 'System.String' }) }
    $arguments = @(Get-Argument $Node)
    $candidates = @($candidates | Where-Object { Test-ArgumentCount $_ $arguments.Count })
    if ($candidates.Count -eq 0) { return }
    for ($i = 0; $i -lt $arguments.Count; $i++) {
        $argument = $arguments[$i]
        $type = Get-StaticType $argument
        if ($null -eq $type -or $type.FullName -ne 'System.String') { continue }
        if ($argument -is [StringConstantExpressionAst] -and $argument.Value.Length -eq 1) { continue }
        $taken = @(foreach ($method in $candidates) {
                $parameters = $method.GetParameters()
                $parameters[[Math]::Min($i, $parameters.Count - 1)].ParameterType.FullName
            })
        if (@($taken | Where-Object { $_ -notin 'System.Char', 'System.Char[]' }).Count -eq 0) { $argument }
    }
}

function Test-MissingType($TypeName) {
    if ($script:words -contains $TypeName.FullName) { return $false }
    $null -eq (Resolve-TypeName $TypeName)
}

$script:rules = @(
    @{ Name = 'a type that .NET Framework lacks'; Of = 'TypeExpressionAst', 'TypeConstraintAst'; Test = { param($node) if (Test-MissingType $node.TypeName) { $node } } }
    @{ Name = 'a type that came after Windows PowerShell 5.1'; Of = 'TypeExpressionAst', 'TypeConstraintAst'; Test = {
            param($node)
            $type = Resolve-TypeName $node.TypeName
            if ($null -ne $type -and $script:later -contains $type.FullName) { $node }
        }
    }
    @{ Name = 'a method that .NET Framework lacks'; Of = 'InvokeMemberExpressionAst'; Test = {
            param($node)
            if ($node.Member -is [StringConstantExpressionAst] -and (Test-MissingMethod $node)) { $node }
        }
    }
    @{ Name = 'a property that .NET Framework lacks'; Of = 'MemberExpressionAst'; Test = {
            param($node)
            if ($node.Member -is [StringConstantExpressionAst] -and (Test-MissingProperty $node)) { $node }
        }
    }
    @{ Name = 'a text that is taken letter by letter'; Of = 'InvokeMemberExpressionAst'; Test = {
            param($node)
            if ($node.Member -is [StringConstantExpressionAst]) { Find-SpelledText $node }
        }
    }
)

function Get-MemberRule { $script:rules }

Export-ModuleMember -Function Get-MemberRule, Initialize-Reference
