Set-StrictMode -Version Latest

# The relay's work on one host: it opens a session of PowerShell remoting, gives it the module, and passes on the lines of one channel, until
# the channel is closed or the session is lost. The module goes over as text, or the session has it: an installed copy, or an endpoint that
# exports its request function.
#
# Each host has its own runspace in the relay, so that none waits for another. To keep it small, it contains only these functions, so they
# call no other commands.
#
# Only a real Windows shows what WSMan and a restricted endpoint do: elsewhere, sessions over SSH stand for them.

# Runs a command in the session, without the language that a restricted endpoint lacks.
function Invoke-InSession($Runspace, [string]$Command, [hashtable]$Parameters) {
    $shell = [PowerShell]::Create()
    try {
        $shell.Runspace = $Runspace
        $null = $shell.AddCommand($Command)
        foreach ($name in $Parameters.Keys) { $null = $shell.AddParameter($name, $Parameters[$name]) }
        $output = $shell.Invoke()
        if ($shell.HadErrors -and $shell.Streams.Error.Count -gt 0 -and $output.Count -eq 0) { throw $shell.Streams.Error[0] }
        $output
    }
    finally { $shell.Dispose() }
}

# Gives the session the module, unless it is an endpoint that has it. The text must arrive as it was sent.
function Send-Module($Runspace, [string]$Text, [string]$Sha256, [string]$Installed) {
    if ($Text) {
        $receive = {
            param($Text, $Sha256)
            $bytes = [Text.Encoding]::ASCII.GetBytes($Text)
            $hash = [Security.Cryptography.SHA256CryptoServiceProvider]::new().ComputeHash($bytes)
            if ([BitConverter]::ToString($hash).Replace('-', '') -ne $Sha256) { throw 'BackgroundCopyModuleDamaged' }
            & ([scriptblock]::Create($Text))
        }
        $shell = [PowerShell]::Create()
        try {
            $shell.Runspace = $Runspace
            $null = $shell.AddScript($receive).AddParameter('Text', $Text).AddParameter('Sha256', $Sha256).Invoke()
            if ($shell.HadErrors -and $shell.Streams.Error.Count -gt 0) { throw $shell.Streams.Error[0] }
        }
        finally { $shell.Dispose() }
    }
    elseif ($Installed) { $null = Invoke-InSession $Runspace 'Import-Module' @{ Name = $Installed; ErrorAction = 'Stop' } }
}

# The number of an error of remoting, which the caller knows, or the identifier of another error.
function Get-RemotingFailure($Record) {
    for ($exception = $Record.Exception; $null -ne $exception; $exception = $exception.InnerException) {
        if ($exception -is [Management.Automation.Remoting.PSRemotingTransportException]) {
            return "BackgroundCopyRemoting $($exception.ErrorCode)"
        }
    }
    $base = $Record.Exception.GetBaseException()
    if ($base -is [Management.Automation.IContainsErrorRecord]) { $Record = $base.ErrorRecord }
    "BackgroundCopyRemoting - $($Record.FullyQualifiedErrorId)"
}

# The failure to open a session, in the form in which PowerShell reports that it can't start: the caller reads both alike.
function Get-OpenFailure($Record) {
    $said = try { [int[]][char[]]"$($Record.Exception.GetBaseException().Message)" -join ',' } catch { }
    -join (' failed ', $ExecutionContext.SessionState.LanguageMode, ' ', $PSVersionTable.PSVersion, ' ', $PSVersionTable.PSEdition,
        ' policies: file: line: said:', $said, ' ', (Get-RemotingFailure $Record))
}

# Writes a line of the channel. A host can neither end it nor begin another, which might be taken for a line of another host.
function Write-ChannelLine($Channel, [string]$Kind, [string]$Text) {
    $Channel.Writer.WriteLine(-join ($Channel.Name, ' ', $Kind, ' ', $Text.Replace([char]13, [char]32).Replace([char]10, [char]32)))
}

# Opens the session of the channel and passes on its lines, until the channel is closed or the session is lost.
function Start-ChannelSession($Channel) {
    $isReady = $false
    $failure = ''
    try {
        $Channel.Runspace.Open()
        Send-Module $Channel.Runspace $Channel.Text $Channel.Sha256 $Channel.Installed
        $request = @{ Line = ''; TimeInMs = $Channel.TimeInMs }
        Write-ChannelLine $Channel 'out' @(Invoke-InSession $Channel.Runspace 'Invoke-BackgroundCopyRequest' $request)[-1]
        $isReady = $true
        foreach ($line in $Channel.Lines.GetConsumingEnumerable()) {
            Write-ChannelLine $Channel 'out' @(Invoke-InSession $Channel.Runspace 'Invoke-BackgroundCopyRequest' @{ Line = $line })[-1]
        }
    }
    catch {
        if ($isReady) { $failure = Get-RemotingFailure $_ } else { Write-ChannelLine $Channel 'out' (Get-OpenFailure $_) }
    }
    finally {
        try { $Channel.Runspace.Dispose() } catch { }
        Write-ChannelLine $Channel 'end' $failure
    }
}

Export-ModuleMember -Function Invoke-InSession, Send-Module, Get-RemotingFailure, Get-OpenFailure, Write-ChannelLine, Start-ChannelSession
