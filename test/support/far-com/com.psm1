Set-StrictMode -Version Latest

# Replaces the module's com.psm1 on systems without COM: the same types, but the calls go to objects that agent.psm1 holds. The module's
# own com.psm1 is next to this file, as com-types.psm1. The agent listens on the local port that the file named port contains.

Import-Module -Name ("$PSScriptRoot/doubles.psm1" -replace '[][*?`]', '`$0')
Import-Module -Name ("$PSScriptRoot/tokens.psm1" -replace '[][*?`]', '`$0')
# Before the first use of the names that it changes.
Enable-Double { param($object) Remove-FarObject $object } { param($path) Test-FarFile $path }
Import-Module -Name ("$PSScriptRoot/com-types.psm1" -replace '[][*?`]', '`$0') -Function Get-ComInterface, Get-ComMethod, Read-ComText

$script:interfaces = @(
    'IBackgroundCopyManager', 'IBackgroundCopyJob', 'IBackgroundCopyJob2', 'IBackgroundCopyJob3', 'IBackgroundCopyJob4', 'IBackgroundCopyJob5'
    'IBackgroundCopyJobHttpOptions', 'IBackgroundCopyJobHttpOptions2', 'IBackgroundCopyFile', 'IBackgroundCopyFile2', 'IBackgroundCopyFile3'
    'IEnumBackgroundCopyJobs', 'IEnumBackgroundCopyFiles', 'IBackgroundCopyError', 'IDeliveryOptimizationJob', 'IDeliveryOptimizationJob2'
    'IDeliveryOptimizationFile', 'IDeliveryOptimizationFile2', 'IEnumUnknown', 'IDOManager', 'IDODownload'
)
# The size of the memory that a pointer argument of a method points to.
$script:sizes = @{ GetProgress = 24; GetTimes = 24; GetReplyProgress = 16; GetStatus = 32; Start = 24 }
$script:class = $null
$script:reader = $null
$script:writer = $null

# The tokens of the answer to a line.
function Get-FarAnswer([string]$Line) {
    if ($null -eq $script:reader) {
        $stream = [Net.Sockets.TcpClient]::new('127.0.0.1', [int][System.IO.File]::ReadAllText("$PSScriptRoot/port")).GetStream()
        $script:reader = [IO.StreamReader]::new($stream)
        $script:writer = [IO.StreamWriter]::new($stream)
        $script:writer.NewLine = "`n"
        $script:writer.AutoFlush = $true
    }
    $script:writer.WriteLine($Line)
    $answer = $script:reader.ReadLine()
    if ($null -eq $answer -or $answer.StartsWith('!')) { throw "far COM: $answer" }
    $answer -split ' '
}

function New-FarObject([string]$Token) {
    if ($Token -eq 'n') { return }
    if ($null -eq $script:class) {
        $script:class = New-DoubleClass 'FarObject' ([type[]]@(foreach ($name in $script:interfaces) { Get-ComInterface $name }))
    }
    $object = [Activator]::CreateInstance($script:class)
    $object.Handler = $script:handler
    $object.State = $Token.Substring(2)
    $object
}

function Remove-FarObject($Object) { [int]@(Get-FarAnswer "release $($Object.State)")[0] }

function Test-FarFile([string]$Path) { @(Get-FarAnswer "exists $(ConvertTo-Token $Path)")[0] -eq 'True' }

function Read-Text([IntPtr]$Address) {
    if ($Address -ne [IntPtr]::Zero) { [System.Runtime.InteropServices.Marshal]::PtrToStringUni($Address) }
}

function Read-Memory([IntPtr]$Address, [int]$Length) {
    if ($Address -eq [IntPtr]::Zero) { $Length = 0 }
    $bytes = [byte[]]::new($Length)
    if ($Length -gt 0) { [System.Runtime.InteropServices.Marshal]::Copy($Address, $bytes, 0, $Length) }
    ConvertTo-Token $bytes
}

# The memory that a pointer argument points to.
function ConvertTo-PointerToken([IntPtr]$Address, [string]$Method, $Arguments) {
    $marshal = [System.Runtime.InteropServices.Marshal]
    switch ($Method) {
        'SetCredentials' {
            $numbers = foreach ($offset in 0, 4) { ConvertTo-Token $marshal::ReadInt32($Address, $offset) }
            $texts = foreach ($offset in 8, 16) { ConvertTo-Token (Read-Text $marshal::ReadIntPtr($Address, $offset)) }
            'c:' + (@($numbers) + @($texts) -join ',')
        }
        'EnumDownloads' {
            if ($Address -eq [IntPtr]::Zero) { 'm:' }
            else { "e:$(ConvertTo-Token $marshal::ReadInt32($Address)),$(ConvertTo-Token (Read-Text $marshal::ReadIntPtr($Address, 8)))" }
        }
        # The count comes before the ranges.
        { $_ -in 'AddFileWithRanges', 'AddFile' } { Read-Memory $Address (16 * @($Arguments | Where-Object { $_ -is [uint32] })[0]) }
        default { Read-Memory $Address ([int]$script:sizes[$Method]) }
    }
}

# Copies the output of a pointer argument to the memory of the caller, or to new memory if the method allocates it.
function ConvertFrom-PointerToken([IntPtr]$Address, [byte[]]$Bytes, [bool]$IsOwn) {
    if ($Bytes.Length -eq 0) { return $Address }
    if ($IsOwn) { $Address = [System.Runtime.InteropServices.Marshal]::AllocCoTaskMem($Bytes.Length) }
    [System.Runtime.InteropServices.Marshal]::Copy($Bytes, 0, $Address, $Bytes.Length)
    $Address
}

# Calls a method of a remote object, and puts its output into the arguments.
$script:handler = {
    param($object, $member, $arguments)
    $interface, $method = $member -split '::'
    $words = for ($i = 0; $i -lt $arguments.Count; $i++) {
        $value = $arguments[$i]
        if ($value -is [IntPtr]) { ConvertTo-PointerToken $value $method $arguments }
        elseif ($null -ne $value -and $value.GetType() -eq $script:class) { "o:$($value.State)" }
        else { ConvertTo-Token $value }
    }
    $code, $given = Get-FarAnswer (@('call', $object.State, $interface, $method) + @($words) -join ' ')
    for ($i = 0; $i -lt $arguments.Count; $i++) {
        $token = @($given)[$i]
        if ($arguments[$i] -is [IntPtr]) {
            $isOwn = $method -in 'GetFileRanges', 'GetClientCertificate'
            $arguments[$i] = ConvertFrom-PointerToken $arguments[$i] (ConvertFrom-Token $token).Value $isOwn
        }
        elseif ($token -like 'o:*') { $arguments[$i] = New-FarObject $token }
        else { $arguments[$i] = (ConvertFrom-Token $token).Value }
    }
    [int]$code
}

# Nothing to prepare.
function Get-Ole32 { }

function New-ComInstance([guid]$ClassId, [type]$Interface) {
    $code, $token = Get-FarAnswer "new $ClassId $($Interface.Name)"
    @{ Code = [int]$code; Instance = New-FarObject $token }
}

function Set-ComImpersonation($Object, [type]$Interface) { [int]@(Get-FarAnswer "ask $($Object.State) $($Interface.Name)")[0] }

Export-ModuleMember -Function Get-ComInterface, Get-ComMethod, Read-ComText, Get-Ole32, New-ComInstance, Set-ComImpersonation
