Set-StrictMode -Version Latest

# .NET objects instead of COM objects, so that the module runs on systems without COM. A class implements the module's interfaces, and
# each of its methods passes its arguments to one function, which answers. The module calls the methods through the same interfaces as
# those of COM objects, so arguments are converted in the same way.

$script:module = $null

function Get-DoubleModule {
    if ($null -eq $script:module) {
        $name = [Reflection.AssemblyName]::new('BackgroundCopy.Doubles')
        $assembly = [Reflection.Emit.AssemblyBuilder]::DefineDynamicAssembly($name, [Reflection.Emit.AssemblyBuilderAccess]::Run)
        $script:module = $assembly.DefineDynamicModule('BackgroundCopy.Doubles')
    }
    $script:module
}

# The handler: the object, Interface::Method, the arguments (into which it puts the output) -> the HRESULT.
$script:handlerType = [Func[object, string, [object[]], int]]

# A method body that puts the arguments into an array, calls the handler, and takes the output from the array.
function Write-Body($IL, [string]$Name, $Handler, [type[]]$Types) {
    $codes = [Reflection.Emit.OpCodes]
    $array = $IL.DeclareLocal([object[]])
    $result = $IL.DeclareLocal([int])
    $IL.Emit($codes::Ldc_I4, $Types.Count)
    $IL.Emit($codes::Newarr, [object])
    $IL.Emit($codes::Stloc, $array)
    for ($i = 0; $i -lt $Types.Count; $i++) {
        $IL.Emit($codes::Ldloc, $array)
        $IL.Emit($codes::Ldc_I4, $i)
        $IL.Emit($codes::Ldarg, [int16]($i + 1))
        $type = $Types[$i]
        if ($type.IsByRef) {
            $type = $type.GetElementType()
            $IL.Emit($codes::Ldobj, $type)
        }
        $IL.Emit($codes::Box, $type)
        $IL.Emit($codes::Stelem_Ref)
    }
    $IL.Emit($codes::Ldarg_0)
    $IL.Emit($codes::Ldfld, $Handler)
    $IL.Emit($codes::Ldarg_0)
    $IL.Emit($codes::Ldstr, $Name)
    $IL.Emit($codes::Ldloc, $array)
    $IL.Emit($codes::Callvirt, $script:handlerType.GetMethod('Invoke'))
    $IL.Emit($codes::Stloc, $result)
    for ($i = 0; $i -lt $Types.Count; $i++) {
        if (-not $Types[$i].IsByRef) { continue }
        $type = $Types[$i].GetElementType()
        $IL.Emit($codes::Ldarg, [int16]($i + 1))
        $IL.Emit($codes::Ldloc, $array)
        $IL.Emit($codes::Ldc_I4, $i)
        $IL.Emit($codes::Ldelem_Ref)
        $IL.Emit($codes::Unbox_Any, $type)
        $IL.Emit($codes::Stobj, $type)
    }
    $IL.Emit($codes::Ldloc, $result)
    $IL.Emit($codes::Ret)
}

# A class with these interfaces. Set the Handler of an object; its State is for the handler.
function New-DoubleClass([string]$Name, [type[]]$Interfaces) {
    $builder = (Get-DoubleModule).DefineType($Name, [Reflection.TypeAttributes]'Public', [object], $Interfaces)
    $handler = $builder.DefineField('Handler', $script:handlerType, [Reflection.FieldAttributes]::Public)
    $null = $builder.DefineField('State', [object], [Reflection.FieldAttributes]::Public)
    foreach ($interface in $Interfaces) {
        foreach ($method in $interface.GetMethods()) {
            $types = [type[]]@(foreach ($parameter in $method.GetParameters()) { $parameter.ParameterType })
            $own = "$($interface.Name)::$($method.Name)"
            $body = $builder.DefineMethod($own, [Reflection.MethodAttributes]'Private, Virtual, Final, NewSlot, HideBySig', [int], $types)
            Write-Body $body.GetILGenerator() $own $handler $types
            $builder.DefineMethodOverride($body, $method)
        }
    }
    $builder.CreateType()
}

# A class with the static methods of another class, except that one of them calls a delegate.
function New-StaticDouble([type]$Real, [string]$Name, [Delegate]$Delegate) {
    $codes = [Reflection.Emit.OpCodes]
    $builder = (Get-DoubleModule).DefineType("$($Real.Name)Double", [Reflection.TypeAttributes]'Public')
    $field = $builder.DefineField('Delegate', $Delegate.GetType(), [Reflection.FieldAttributes]'Public, Static')
    foreach ($method in $Real.GetMethods([Reflection.BindingFlags]'Public, Static')) {
        if ($method.ContainsGenericParameters) { continue }
        $types = [type[]]@(foreach ($parameter in $method.GetParameters()) { $parameter.ParameterType })
        $body = $builder.DefineMethod($method.Name, [Reflection.MethodAttributes]'Public, Static', $method.ReturnType, $types)
        $il = $body.GetILGenerator()
        $isAsked = $method.Name -eq $Name
        if ($isAsked) { $il.Emit($codes::Ldsfld, $field) }
        for ($i = 0; $i -lt $types.Count; $i++) { $il.Emit($codes::Ldarg, [int16]$i) }
        if ($isAsked) { $il.Emit($codes::Callvirt, $Delegate.GetType().GetMethod('Invoke')) }
        else { $il.Emit($codes::Call, $method) }
        $il.Emit($codes::Ret)
    }
    $type = $builder.CreateType()
    $type.GetField('Delegate').SetValue($null, $Delegate)
    $type
}

# A class that reports PlatformID::Win32NT, so that this system appears to be Windows.
function New-PlatformDouble {
    $builder = (Get-DoubleModule).DefineType('PlatformID', [Reflection.TypeAttributes]'Public')
    $null = $builder.DefineField('Win32NT', [System.PlatformID], [Reflection.FieldAttributes]'Public, Static')
    $type = $builder.CreateType()
    $type.GetField('Win32NT').SetValue($null, [Environment]::OSVersion.Platform)
    $type
}

# From now on, these names in scripts mean the doubles, because PowerShell looks up its own short names first. The names must not have
# been used before. With System in front, they still mean the .NET types. Released is called for each COM object that is released, and
# Exists for each file whose existence is checked.
function Enable-Double([scriptblock]$Released, [scriptblock]$Exists) {
    $accelerators = [psobject].Assembly.GetType('System.Management.Automation.TypeAccelerators')
    $names = $accelerators.GetField('builtinTypeAccelerators', [Reflection.BindingFlags]'NonPublic, Static').GetValue($null)
    $names['PlatformID'] = New-PlatformDouble
    $names['Runtime.InteropServices.Marshal'] = New-StaticDouble ([System.Runtime.InteropServices.Marshal]) 'ReleaseComObject' ([Func[object, int]]$Released)
    $names['IO.File'] = New-StaticDouble ([System.IO.File]) 'Exists' ([Func[string, bool]]$Exists)
}

Export-ModuleMember -Function New-DoubleClass, Enable-Double
