Set-StrictMode -Version Latest

# The COM door: the types of the interfaces (defined at run time, on demand), activation, and proxy security. No compiler, no temporary
# file, and no types in a process that makes no COM call.

Import-Module -Verbose:$false -Name ("$PSScriptRoot/interfaces.psm1" -replace '[][*?`]', '`$0') -Function Get-InterfaceTable

$script:table = Get-InterfaceTable
$script:module = $null
$script:types = @{}
$script:knownMethods = @{}
$script:ole32 = $null

# The start waits for these types, and most of their cost is the first use of each .NET method and of each conversion. The code below
# therefore uses few different ones: it cuts text with operators, converts flags once, and types arrays as needed.
$script:kinds = $null
$script:directions = $null
$script:methodAttributes = $null

function Get-DynamicModule {
    if ($null -eq $script:module) {
        $script:kinds = @{
            int     = @{ Type = [int]; MarshalAs = $null }
            uint    = @{ Type = [uint32]; MarshalAs = $null }
            ulong   = @{ Type = [uint64]; MarshalAs = $null }
            guid    = @{ Type = [guid]; MarshalAs = $null }
            pointer = @{ Type = [IntPtr]; MarshalAs = $null }
            string  = @{ Type = [string]; MarshalAs = [Runtime.InteropServices.UnmanagedType]::LPWStr }
            unknown = @{ Type = [object]; MarshalAs = [Runtime.InteropServices.UnmanagedType]::IUnknown }
            variant = @{ Type = [object]; MarshalAs = [Runtime.InteropServices.UnmanagedType]::Struct }
        }
        $script:directions = @{
            in  = [Reflection.ParameterAttributes]::In
            out = [Reflection.ParameterAttributes]::Out
            ref = [Reflection.ParameterAttributes]'In, Out'
        }
        $script:methodAttributes = [Reflection.MethodAttributes]'Public, Virtual, HideBySig, NewSlot, Abstract'
        $name = [Reflection.AssemblyName]::new('BackgroundCopy.Com')
        $assembly = [Reflection.Emit.AssemblyBuilder]::DefineDynamicAssembly($name, [Reflection.Emit.AssemblyBuilderAccess]::Run)
        $script:module = $assembly.DefineDynamicModule('BackgroundCopy.Com')
    }
    $script:module
}

function New-Attribute($Attribute, $ArgumentType, $Argument) {
    [Reflection.Emit.CustomAttributeBuilder]::new($Attribute.GetConstructor([type[]]@($ArgumentType)), [object[]]@($Argument))
}

# 'out guid' -> its type, its direction, and its marshaling if that is not the default of the type.
function ConvertFrom-ParameterNotation([string]$Notation) {
    $words = -split $Notation
    $kind = $script:kinds[$words[-1]]
    if ($null -eq $kind) { throw "Unknown kind of parameter: $Notation" }
    if ($words.Count -eq 1) { return @{ Type = $kind['Type']; Direction = $script:directions['in']; MarshalAs = $kind['MarshalAs'] } }
    @{ Type = $kind['Type'].MakeByRefType(); Direction = $script:directions[$words[0]]; MarshalAs = $kind['MarshalAs'] }
}

# 'GetJob(in guid, out unknown)' -> 'GetJob' and its parameters.
function ConvertFrom-MethodNotation([string]$Notation) {
    $name, $list = $Notation -split '[()]'
    $parameters = @(foreach ($text in $list[0] -split ', ') { if ($text) { ConvertFrom-ParameterNotation $text } })
    @{
        Name       = $name
        Parameters = $parameters
        Types      = [type[]]@(foreach ($parameter in $parameters) { $parameter['Type'] })
    }
}

# Common to the methods of an interface and of a library: the HRESULT is returned, not thrown, and the parameters.
function Set-MethodShape($Method, [object[]]$Parameters) {
    $Method.SetImplementationFlags([Reflection.MethodImplAttributes]::PreserveSig)
    $position = 0
    foreach ($parameter in $Parameters) {
        $position++
        $shape = $Method.DefineParameter($position, $parameter['Direction'], $null)
        if ($null -ne $parameter['MarshalAs']) {
            $shape.SetCustomAttribute((New-Attribute ([Runtime.InteropServices.MarshalAsAttribute]) ([Runtime.InteropServices.UnmanagedType]) $parameter['MarshalAs']))
        }
    }
}

# .NET builds the vtable of an interface from its own methods only, so the slots of the base come first, restated.
function Get-VtableNotation([string]$Name) {
    $entry = $script:table[$Name]
    if ($entry['Base'] -ne 'IUnknown') { Get-VtableNotation $entry['Base'] }
    $entry['Methods']
}

# The type of an interface of the table.
function Get-ComInterface([string]$Name) {
    $type = $script:types[$Name]
    if ($null -ne $type) { return $type }
    $entry = $script:table[$Name]
    if ($null -eq $entry) { throw "Unknown interface: $Name" }

    $builder = (Get-DynamicModule).DefineType($Name, [Reflection.TypeAttributes]'Public, Interface, Abstract, Import')
    $builder.SetCustomAttribute((New-Attribute ([Runtime.InteropServices.GuidAttribute]) ([string]) $entry['Iid']))
    $kind = [Runtime.InteropServices.ComInterfaceType]
    $builder.SetCustomAttribute((New-Attribute ([Runtime.InteropServices.InterfaceTypeAttribute]) $kind $kind::InterfaceIsIUnknown))
    foreach ($notation in Get-VtableNotation $Name) {
        $parsed = ConvertFrom-MethodNotation $notation
        $method = $builder.DefineMethod($parsed['Name'], $script:methodAttributes, [int], $parsed['Types'])
        Set-MethodShape $method $parsed['Parameters']
    }
    $type = $builder.CreateType()
    $script:types[$Name] = $type
    $type
}

# A method to Invoke, looked up once.
function Get-ComMethod([string]$Interface, [string]$Name) {
    $key = "${Interface}::$Name"
    $method = $script:knownMethods[$key]
    if ($null -eq $method) { $method = $script:knownMethods[$key] = (Get-ComInterface $Interface).GetMethod($Name) }
    $method
}

# The text that a method returns; nothing if the method is refused or returns none.
function Read-ComText($Object, [string]$Interface, [string]$Name) {
    $arguments = [object[]]@(, $null)
    if ((Get-ComMethod $Interface $Name).Invoke($Object, $arguments) -ge 0 -and $arguments[0]) { $arguments[0] }
}

# CoCreateInstance and CoSetProxyBlanket, as methods to Invoke.
function Get-Ole32 {
    if ($null -eq $script:ole32) {
        $builder = (Get-DynamicModule).DefineType('Ole32', [Reflection.TypeAttributes]'Public, Abstract, Sealed')
        foreach ($notation in @(
                'CoCreateInstance(in guid, pointer, uint, in guid, out unknown)'
                'CoSetProxyBlanket(pointer, uint, uint, pointer, uint, uint, pointer, uint)'
            )) {
            $parsed = ConvertFrom-MethodNotation $notation
            $method = $builder.DefinePInvokeMethod($parsed['Name'], 'ole32.dll', [Reflection.MethodAttributes]'Public, Static, PinvokeImpl',
                [Reflection.CallingConventions]::Standard, [int], $parsed['Types'],
                [Runtime.InteropServices.CallingConvention]::Winapi, [Runtime.InteropServices.CharSet]::Unicode)
            Set-MethodShape $method $parsed['Parameters']
        }
        $type = $builder.CreateType()
        $script:ole32 = @{
            CoCreateInstance  = $type.GetMethod('CoCreateInstance')
            CoSetProxyBlanket = $type.GetMethod('CoSetProxyBlanket')
        }
    }
    $script:ole32
}

# Activates a class in its service. [Activator] uses CoGetClassObject and therefore ignores TreatAs. The object is returned inside a
# hashtable, because PowerShell queries a COM object in a pipeline for its enumerator.
function New-ComInstance([guid]$ClassId, [type]$Interface) {
    $localServer = [uint32]4
    $arguments = [object[]]@($ClassId, [IntPtr]::Zero, $localServer, $Interface.GUID, $null)
    $code = (Get-Ole32).CoCreateInstance.Invoke($null, $arguments)
    @{ Code = $code; Instance = $arguments[4] }
}

# Lets the service act on behalf of the caller, for calls through this interface of the object. Returns the HRESULT, E_NOINTERFACE if the
# object does not support the interface.
function Set-ComImpersonation($Object, [type]$Interface) {
    $default = [uint32]::MaxValue
    $defaultPrincipal = [IntPtr]-1
    $levelDefault = [uint32]0
    $impersonate = [uint32]3
    $staticCloaking = [uint32]0x20
    $notImplemented = 0x80004001

    # Queried here, because .NET would report every refusal as a failed cast.
    $pointer = [IntPtr]::Zero
    $identity = [Runtime.InteropServices.Marshal]::GetIUnknownForObject($Object)
    try {
        $iid = $Interface.GUID
        $code = [Runtime.InteropServices.Marshal]::QueryInterface($identity, [ref]$iid, [ref]$pointer)
    }
    finally {
        $null = [Runtime.InteropServices.Marshal]::Release($identity)
    }
    if ($code -lt 0) { return $code }
    try {
        $arguments = [object[]]@($pointer, $default, $default, $defaultPrincipal, $levelDefault, $impersonate, [IntPtr]::Zero, $staticCloaking)
        $code = (Get-Ole32).CoSetProxyBlanket.Invoke($null, $arguments)
    }
    finally {
        $null = [Runtime.InteropServices.Marshal]::Release($pointer)
    }
    # Wine has no proxy security and does not need any.
    if ($code -eq $notImplemented) { 0 } else { $code }
}

Export-ModuleMember -Function Get-ComInterface, Get-ComMethod, Read-ComText, Get-Ole32, New-ComInstance, Set-ComImpersonation
