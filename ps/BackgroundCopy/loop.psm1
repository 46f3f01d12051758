Set-StrictMode -Version Latest

# The package for Node works only with its own version of the module. It imports host.psm1, which the build makes of this file and of those
# that it needs, without their comments: a tenth of a start less than to import each. The manifest would add another tenth.
$script:version = '0.1.0'

# The request loop: JSON-RPC 2.0 over the streams of this process, one message per line, answered in order.
#
# Requests can contain secrets, and module logging and transcription log the values that are bound to the parameters of a command. Only
# the name of the service and the job IDs of a request are therefore ever arguments of a command. Everything else is done with .NET calls,
# including the invocation of script blocks.

Import-Module -Name ("$PSScriptRoot/services.psm1" -replace '[][*?`]', '`$0') -Function Open-TransferService, Close-TransferService
Import-Module -Name ("$PSScriptRoot/requests.psm1" -replace '[][*?`]', '`$0') -Function Get-RequestMethod
Import-Module -Name ("$PSScriptRoot/diagnose.psm1" -replace '[][*?`]', '`$0') -Function Get-HostDescription, Get-HostIdentity

function Get-ModuleVersion { $script:version }

# All characters that are not printable ASCII or that JSON escapes.
$script:toEscape = '[^ !#-\[\]-~]'

# A text as a JSON string in ASCII. If any character needs escaping, all are escaped, by their bytes, because an encoder would replace
# lone surrogates.
function ConvertTo-JsonString([string]$Text) {
    if ($Text -cnotmatch $script:toEscape) { return '"' + $Text + '"' }
    $bytes = [byte[]]::new(2 * $Text.Length)
    [Buffer]::BlockCopy($Text.ToCharArray(), 0, $bytes, 0, $bytes.Length)
    '"' + [regex]::Replace([BitConverter]::ToString($bytes), '(..)-(..)-?', '\u$2$1') + '"'
}

# The exact value of a JSON element: System.Text.Json itself rejects a string with a lone surrogate.
function ConvertFrom-JsonElement($Element) {
    switch ($Element.ValueKind.ToString()) {
        'Object' {
            $object = [Collections.Generic.Dictionary[string, object]]::new()
            foreach ($property in $Element.EnumerateObject()) {
                $object[$property.Name] = ${function:ConvertFrom-JsonElement}.InvokeReturnAsIs($property.Value)
            }
            return $object
        }
        'Array' {
            $list = [Collections.Generic.List[object]]::new()
            foreach ($item in $Element.EnumerateArray()) { $list.Add(${function:ConvertFrom-JsonElement}.InvokeReturnAsIs($item)) }
            return , $list
        }
        'String' {
            $raw = $Element.GetRawText()
            return [regex]::Unescape($raw.Substring(1, $raw.Length - 2))
        }
        'Null' { return $null }
        default { return $Element.GetRawText() }
    }
}

function ConvertFrom-JsonExactly([string]$Line) {
    $document = [Text.Json.JsonDocument]::Parse($Line)
    try { ${function:ConvertFrom-JsonElement}.InvokeReturnAsIs($document.RootElement) }
    finally { $document.Dispose() }
}

# The exact value of JSON for JavaScriptSerializer, which replaces a lone surrogate by U+FFFD. So surrogates are passed to it as U+FFFF
# followed by their digits.
function ConvertFrom-JsonPast($Serializer, [string]$Line) {
    $guarded = [regex]::Replace($Line, '(?i)(?<=(?<!\\)(?:\\\\)*)\\u(d[89a-f]..|ffff)', '\uffff$1')
    ${function:ConvertFrom-Guarded}.InvokeReturnAsIs((, $Serializer.DeserializeObject($guarded)))
}

function ConvertFrom-Guarded($Value) {
    if ($Value -is [string]) {
        if ($Value.IndexOf([char]0xFFFF) -lt 0) { return $Value }
        return [regex]::Unescape($Value.Replace('\', '\\').Replace([string][char]0xFFFF, '\u'))
    }
    if ($Value -is [Collections.IDictionary]) {
        foreach ($name in @($Value.Keys)) { $Value[$name] = ${function:ConvertFrom-Guarded}.InvokeReturnAsIs((, $Value[$name])) }
    }
    elseif ($Value -is [array]) {
        for ($i = 0; $i -lt $Value.Length; $i++) { $Value[$i] = ${function:ConvertFrom-Guarded}.InvokeReturnAsIs((, $Value[$i])) }
    }
    , $Value
}

# An object or a list as JSON: $null is omitted, and unsigned 64-bit numbers are decimal text, as on the wire. Nested values are kept on a
# stack, because a call for each takes several times as long, and there can be thousands.
function ConvertTo-JsonText($Value) {
    $text = [Text.StringBuilder]::new()
    $outer = [Collections.Generic.Stack[object]]::new()
    $isObject = $Value -is [Collections.IDictionary]
    $entries = $Value.GetEnumerator()
    $before = if ($isObject) { '{' } else { '[' }
    while ($true) {
        if (-not $entries.MoveNext()) {
            # Nothing was written yet if the value is empty.
            if ($before -ne ',') { $null = $text.Append($before) }
            $null = if ($isObject) { $text.Append('}') } else { $text.Append(']') }
            if ($outer.Count -eq 0) { return $text.ToString() }
            $isObject = $outer.Pop()
            $entries = $outer.Pop()
            $before = ','
            continue
        }
        $member = $entries.Current
        if ($isObject) {
            $name = $member.Key
            $member = $member.Value
            if ($null -eq $member) { continue }
            $before += '"' + $name + '":'
        }
        if ($member -is [string]) {
            if ($member -cmatch $script:toEscape) { $member = ${function:ConvertTo-JsonString}.InvokeReturnAsIs($member) }
            else { $member = '"' + $member + '"' }
        }
        elseif ($member -is [uint64]) { $member = '"' + $member + '"' }
        elseif ($member -is [bool]) { $member = if ($member) { 'true' } else { 'false' } }
        elseif ($member -isnot [ValueType]) {
            $null = $text.Append($before)
            $outer.Push($entries)
            $outer.Push($isObject)
            $isObject = $member -is [Collections.IDictionary]
            $entries = $member.GetEnumerator()
            $before = if ($isObject) { '{' } else { '[' }
            continue
        }
        $null = $text.Append($before).Append([string]$member)
        $before = ','
    }
}

$script:obstacles = @{ UNSUPPORTED = -32000; DYNAMIC_CODE_BLOCKED = -32001 }

# The service that was opened last.
$script:service = $null

function Close-OpenService {
    if ($null -ne $script:service) { Close-TransferService $script:service }
    $script:service = $null
}

# The answer to a request without a result.
function ConvertTo-Fault([int]$Number, [string]$Word, [string]$Detail) {
    -join (',"error":{"code":', $Number, ',"message":"', $Word, '","data":{"detail":', ${function:ConvertTo-JsonString}.InvokeReturnAsIs($Detail), '}}')
}

# Opens a service: takes the parameters, and returns the result or error as a member of the answer.
function Open-RequestedService($Parameters) {
    Close-OpenService
    $answer = Open-TransferService ([string]$Parameters['service'])
    if ($answer.Obstacle) { return ConvertTo-Fault $script:obstacles[$answer.Obstacle] $answer.Obstacle $answer.Detail }
    $script:service = $answer.Service
    $interface = if ($null -ne $answer.Service) { ',"interface":"' + $answer.Service.Face.Interface + '"' }
    -join (',"result":{"hresult":', ([long]$answer.Code -band 0xFFFFFFFFL), ',"method":"', $answer.Method, '"', $interface, '}')
}

# The description of this PowerShell and this computer, as a member of the answer.
function Get-RequestedDescription {
    ',"result":' + (Get-HostDescription -ModuleVersion $script:version)
}

function Get-OpenService {
    if ($null -eq $script:service) { throw 'No service is open.' }
    $script:service
}

# A request that is too long for one line arrives in pieces, one per line: a plus, the number of pieces that follow, a space, and the text.
function Join-RequestPiece($Reader, [string]$Line) {
    $text = [Text.StringBuilder]::new()
    $number, $piece = $Line.Substring(1).Split([char[]]' ', 2)
    for ($left = [int]$number; ; $left--) {
        if ("$left" -cne $number) { throw 'A piece is missing.' }
        $null = $text.Append($piece)
        if ($left -eq 0) { return $text.ToString() }
        $number, $piece = ([string]$Reader.ReadLine()).TrimStart('+').Split([char[]]' ', 2)
    }
}

# Ends this process after that time, whatever it is doing: the caller can't end a process on another computer.
function Set-Deadline([int]$TimeInMs) {
    $end = [Delegate]::CreateDelegate([Action], [Diagnostics.Process]::GetCurrentProcess(), 'Kill')
    $script:deadline = [Threading.CancellationTokenSource]::new($TimeInMs)
    $null = $script:deadline.Token.Register($end)
}

# Reads one request per line until standard input ends. Each line of an answer starts with Marker, so that the caller can distinguish
# answers from other output. TimeInMs is the life of a host on another computer. Reader and Writer stand for the streams of the process.
function Start-BackgroundCopyHost {
    # No other attributes, because an advanced function would add a tenth to the start. Most of the cost of the start is the first use of
    # each .NET method and kind of conversion, so the code up to the ready line uses few different ones and joins texts with -join, which
    # is neither.
    param([string]$Marker, [int]$TimeInMs, $Reader, $Writer)

    # Failures up to the ready line, such as .NET calls in Constrained Language Mode, end here, and the caller reports them.
    $ErrorActionPreference = 'Stop'
    if ($TimeInMs) { Set-Deadline $TimeInMs }
    $open = ${function:Open-RequestedService}
    $toJson = ${function:ConvertTo-JsonText}
    $quote = ${function:ConvertTo-JsonString}
    $toFault = ${function:ConvertTo-Fault}
    $decodeExactly = ${function:ConvertFrom-JsonExactly}
    $decodePast = ${function:ConvertFrom-JsonPast}
    $joinPieces = ${function:Join-RequestPiece}
    $toEscape = $script:toEscape

    $isWhole = $null -eq $Reader
    if ($isWhole) {
        # PowerShell's own loop reads from this reader too, so the next line is the one after the bootstrap line.
        $reader = [Console]::In
        # A separate writer: ASCII regardless of the code page, with a buffer for large answers.
        $writer = [IO.StreamWriter]::new([Console]::OpenStandardOutput(), [Text.Encoding]::ASCII, 65536)
        $writer.AutoFlush = $true
    }
    $writer.NewLine = "`n"

    $nodes = $null
    $serializer = $null
    if ($PSVersionTable.PSEdition -eq 'Desktop') {
        $null = [Reflection.Assembly]::Load('System.Web.Extensions, Version=4.0.0.0, Culture=neutral, PublicKeyToken=31bf3856ad364e35')
        $serializer = [Web.Script.Serialization.JavaScriptSerializer]::new()
        $serializer.MaxJsonLength = [int]::MaxValue
    }
    else {
        # PowerShell 7.0 and 7.1 do not have it.
        $nodes = 'System.Text.Json.Nodes.JsonNode' -as [type]
    }

    # The other methods of the protocol, for the open service.
    $methods = Get-RequestMethod

    $writer.WriteLine(-join ($Marker, '{"jsonrpc":"2.0","method":"host.ready","params":{"version":"', $script:version,
            '","powershell":"', $PSVersionTable.PSVersion, '","edition":"', $PSVersionTable.PSEdition, '"}}'))

    try {
        while ($null -ne ($line = $reader.ReadLine())) {
            $id = 'null'
            $fault = -32700
            try {
                if ($line -like '+*') { $line = $joinPieces.InvokeReturnAsIs($reader, $line) }
                # Objects support $request['name'] and [string] alike, regardless of how they were parsed.
                if ($null -ne $serializer) {
                    $request = if ($line -match '\\u[df]') { $decodePast.InvokeReturnAsIs($serializer, $line) } else { $serializer.DeserializeObject($line) }
                }
                elseif ($null -eq $nodes -or $line -match '\\ud') { $request = $decodeExactly.InvokeReturnAsIs($line) }
                else { $request = $nodes::Parse($line) }
                $method = [string]$request['method']
                $number = [string]$request['id']
                if ($number -cmatch '^\d+\z') { $id = $number }
                elseif ($number -cne '') { throw 'The ID is not a number.' }
                $fault = -32603
                $params = $request['params']
                # Inline, and without escaping if escaping changes nothing: this answer measures the round trip.
                if ($method -ceq 'host.echo') {
                    $text = [string]$params['text']
                    if ($text -cmatch $toEscape) { $text = $quote.InvokeReturnAsIs($text) } else { $text = '"' + $text + '"' }
                    $response = ',"result":{"text":' + $text + '}'
                }
                elseif ($method -ceq 'service.open') { $response = $open.InvokeReturnAsIs($params) }
                elseif ($method -ceq 'host.identify') { $response = ',"result":' + $toJson.InvokeReturnAsIs((Get-HostIdentity ([string]$params['integrity'] -eq 'true'))) }
                elseif ($method -ceq 'host.describe') { $response = Get-RequestedDescription }
                elseif ($null -ne ($do = $methods[$method])) {
                    $response = ',"result":' + $toJson.InvokeReturnAsIs($do.InvokeReturnAsIs((Get-OpenService), $params))
                }
                else {
                    $fault = -32601
                    throw 'Unknown method.'
                }
            }
            catch {
                # Without the message, which might repeat a value of the request.
                $place = $_.InvocationInfo
                $detail = -join ($_.Exception.GetBaseException().GetType().FullName, ' ', ($place.ScriptName -replace '^.*[\\/]'), ': line ', $place.ScriptLineNumber)
                $response = $toFault.InvokeReturnAsIs($fault, 'PROTOCOL', $detail)
            }
            $writer.WriteLine($Marker + '{"jsonrpc":"2.0","id":' + $id + $response + '}')
        }
    }
    catch {
        # The caller has ended or this engine is broken. If the error were thrown, PowerShell would run the next requests as commands.
        [Console]::Error.WriteLine($_.Exception.GetBaseException().GetType().FullName)
    }
    finally {
        if ($isWhole) { Close-OpenService }
    }
}

# Answers one request, or says without one that the host is ready. For a caller who is in a session of PowerShell remoting, in which
# there are no streams: the session keeps the service open from request to request.
function Invoke-BackgroundCopyRequest([string]$Line, [int]$TimeInMs) {
    $answer = [IO.StringWriter]::new()
    Start-BackgroundCopyHost -Marker '' -TimeInMs $TimeInMs -Reader ([IO.StringReader]::new($Line)) -Writer $answer
    $answer.ToString().TrimEnd().Split([char]10)[-1]
}

Export-ModuleMember -Function Start-BackgroundCopyHost, Invoke-BackgroundCopyRequest, ConvertTo-JsonText, Get-ModuleVersion
