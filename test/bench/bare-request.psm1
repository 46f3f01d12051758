# The least that a start with a request takes: one line of JSON is read and one is written, without the checks of a host, and where there is
# COM, the class of BITS is activated.
function Invoke-BareRequest {
    $request = [Text.Json.Nodes.JsonNode]::Parse([Console]::In.ReadLine())
    if ([Environment]::OSVersion.Platform -eq 'Win32NT') {
        $null = [Activator]::CreateInstance([type]::GetTypeFromCLSID('4991D34B-80A1-4291-83B6-3328366B9097'))
    }
    [Console]::Out.WriteLine('{"jsonrpc":"2.0","id":' + [string]$request['id'] + '}')
}

Export-ModuleMember -Function Invoke-BareRequest
