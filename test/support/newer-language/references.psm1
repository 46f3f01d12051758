Set-StrictMode -Version Latest

# The types and members that a script of Windows PowerShell 5.1 can use, read from the reference assemblies that `npm run engines`
# downloads: .NET Framework 4.7.2 and PowerShell 5.1. Nothing in them runs.

$script:flags = [Reflection.BindingFlags]'Public, Instance, Static'
$script:declared = [Reflection.BindingFlags]'Public, Instance, Static, DeclaredOnly'
# Loaded by 5.1 or the module. The others provide the types in signatures.
$script:loaded = 'mscorlib', 'System', 'System.Core', 'System.Xml', 'System.Numerics', 'System.Web.Extensions', 'System.Management.Automation'
$script:types = [Collections.Generic.Dictionary[string, type]]::new([StringComparer]::OrdinalIgnoreCase)
$script:methods = $null

function Initialize-Reference([string]$Folder) {
    $null = [Reflection.Assembly]::LoadFrom("$Folder/System.Reflection.MetadataLoadContext.dll")
    $files = [string[]][IO.Directory]::GetFiles("$Folder/assemblies", '*.dll')
    $resolver = [Reflection.PathAssemblyResolver]::new($files)
    $context = [Reflection.MetadataLoadContext]::new($resolver, 'mscorlib')
    foreach ($name in $script:loaded) {
        foreach ($type in $context.LoadFromAssemblyPath("$Folder/assemblies/$name.dll").GetExportedTypes()) { $script:types[$type.FullName] = $type }
    }
}

# The type with that full name; nothing if 5.1 has no such type.
function Find-Type([string]$FullName) {
    $type = $null
    if ($script:types.TryGetValue($FullName, [ref]$type)) { $type }
}

# The type that a name in a script refers to; nothing if 5.1 has no such type.
function Resolve-TypeName($TypeName) {
    if ($TypeName.IsArray) {
        $element = Resolve-TypeName $TypeName.ElementType
        if ($null -ne $element) { return $element.MakeArrayType() }
        return
    }
    if ($TypeName.IsGeneric) {
        $name = $TypeName.TypeName.FullName + '`' + $TypeName.GenericArguments.Count
        $definition = (Find-Type $name) ?? (Find-Type "System.$name")
        $arguments = @(foreach ($argument in $TypeName.GenericArguments) { Resolve-TypeName $argument })
        if ($null -ne $definition -and $arguments.Count -eq $TypeName.GenericArguments.Count) { return $definition.MakeGenericType($arguments) }
        return
    }
    # PowerShell 7 knows the short names.
    $known = $TypeName.GetReflectionType()
    $name = if ($null -ne $known -and $TypeName.FullName -notlike '*.*') { $known.FullName } else { $TypeName.FullName }
    (Find-Type $name) ?? (Find-Type "System.$name")
}

# The public members of a type with that name, including those of its interfaces.
function Get-TypeMember([type]$Type, [string]$Name) {
    $options = $script:flags -bor [Reflection.BindingFlags]'IgnoreCase, FlattenHierarchy'
    $Type.GetMember($Name, $options)
    if ($Type.IsInterface) { foreach ($parent in $Type.GetInterfaces()) { $parent.GetMember($Name, $options) } }
}

# The instance methods of all types with that name.
function Get-AnyMethod([string]$Name) {
    if ($null -eq $script:methods) {
        $script:methods = [Collections.Generic.Dictionary[string, object]]::new([StringComparer]::OrdinalIgnoreCase)
        foreach ($type in $script:types.Values) {
            foreach ($method in $type.GetMethods($script:declared)) {
                if ($method.IsStatic) { continue }
                $list = $null
                if (-not $script:methods.TryGetValue($method.Name, [ref]$list)) {
                    $script:methods[$method.Name] = $list = [Collections.Generic.List[object]]::new()
                }
                $list.Add($method)
            }
        }
    }
    $list = $null
    if ($script:methods.TryGetValue($Name, [ref]$list)) { $list }
}

# Whether a method can be called with that number of arguments.
function Test-ArgumentCount($Method, [int]$Count) {
    $parameters = $Method.GetParameters()
    if ($Count -eq $parameters.Count) { return $true }
    $last = if ($parameters.Count -gt 0) { $parameters[-1] } else { $null }
    $isOpen = $null -ne $last -and $last.ParameterType.IsArray -and
        @($last.GetCustomAttributesData() | Where-Object { $_.AttributeType.Name -eq 'ParamArrayAttribute' }).Count -gt 0
    if ($isOpen -and $Count -ge $parameters.Count - 1) { return $true }
    $Count -lt $parameters.Count -and $parameters[$Count].IsOptional
}

Export-ModuleMember -Function Initialize-Reference, Find-Type, Resolve-TypeName, Get-TypeMember, Get-AnyMethod, Test-ArgumentCount
