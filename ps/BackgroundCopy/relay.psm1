Set-StrictMode -Version Latest

# Relays the lines of the channel to a session of PowerShell remoting, whoever made it: from the standard input of this process to the
# session, and the answers back. The module goes over as text, or the session has it: an installed copy, or an endpoint that exports its
# request function.
#
# Only a real Windows shows what WSMan and a restricted endpoint do: elsewhere, sessions over SSH stand for them.

# Runs a command in the session, without the language that a restricted endpoint lacks.
function Invoke-InSession($Session, [string]$Command, [hashtable]$Parameters) {
    $shell = [PowerShell]::Create()
    try {
        $shell.Runspace = $Session.Runspace
        $null = $shell.AddCommand($Command)
        foreach ($name in $Parameters.Keys) { $null = $shell.AddParameter($name, $Parameters[$name]) }
        $output = $shell.Invoke()
        if ($shell.HadErrors -and $shell.Streams.Error.Count -gt 0 -and $output.Count -eq 0) { throw $shell.Streams.Error[0] }
        $output
    }
    finally { $shell.Dispose() }
}

# What the far side does with a module that arrives as text: it must be the text that was sent.
$script:receive = {
    param($Text, $Sha256)
    $bytes = [Text.Encoding]::ASCII.GetBytes($Text)
    $hash = [Security.Cryptography.SHA256CryptoServiceProvider]::new().ComputeHash($bytes)
    if ([BitConverter]::ToString($hash).Replace('-', '') -ne $Sha256) { throw 'BackgroundCopyModuleDamaged' }
    & ([scriptblock]::Create($Text))
}

# Gives the session the module, unless it is an endpoint that has it.
function Send-Module($Session, [string]$Text, [string]$Sha256, [string]$Installed) {
    if ($Text) {
        $shell = [PowerShell]::Create()
        try {
            $shell.Runspace = $Session.Runspace
            $null = $shell.AddScript($script:receive).AddParameter('Text', $Text).AddParameter('Sha256', $Sha256).Invoke()
            if ($shell.HadErrors -and $shell.Streams.Error.Count -gt 0) { throw $shell.Streams.Error[0] }
        }
        finally { $shell.Dispose() }
    }
    elseif ($Installed) { $null = Invoke-InSession $Session 'Import-Module' @{ Name = $Installed; ErrorAction = 'Stop' } }
}

# Relays until standard input ends or the session is lost.
function Start-SessionRelay($Session, [string]$Marker, [int]$TimeInMs, $Reader) {
    $writer = [IO.StreamWriter]::new([Console]::OpenStandardOutput(), [Text.Encoding]::ASCII, 65536)
    $writer.NewLine = "`n"
    $writer.AutoFlush = $true
    $writer.WriteLine($Marker + @(Invoke-InSession $Session 'Invoke-BackgroundCopyRequest' @{ Line = ''; TimeInMs = $TimeInMs })[-1])
    try {
        while ($null -ne ($line = $Reader.ReadLine())) {
            $writer.WriteLine($Marker + @(Invoke-InSession $Session 'Invoke-BackgroundCopyRequest' @{ Line = $line })[-1])
        }
    }
    catch {
        # The requests after it must not become commands of this PowerShell.
        [Console]::Error.WriteLine((Get-RemotingFailure $_))
    }
}

# The identifier of an error of remoting and its number, which the caller knows.
function Get-RemotingFailure($Record) {
    $exception = $Record.Exception
    $number = if ($exception -is [Management.Automation.Remoting.PSRemotingTransportException]) { $exception.ErrorCode } else { '-' }
    "BackgroundCopyRemoting $number $($Record.FullyQualifiedErrorId)"
}

# The next line of the caller: its values can be secrets, so they are never arguments of a command.
function Read-Secret($Reader) {
    $bytes = [Convert]::FromBase64String($Reader.ReadLine())
    [Text.Encoding]::Unicode.GetString($bytes)
}

# The credential that follows in two lines; nothing if the first one is empty, for the identity of this process.
function Read-Credential($Reader) {
    $user = Read-Secret $Reader
    $secret = [Security.SecureString]::new()
    foreach ($character in (Read-Secret $Reader).ToCharArray()) { $secret.AppendChar($character) }
    if ($user) { [Management.Automation.PSCredential]::new($user, $secret) }
}

function Read-Text($Reader, [int]$Lines) {
    $text = [Text.StringBuilder]::new()
    for ($i = 0; $i -lt $Lines; $i++) { $null = $text.Append($Reader.ReadLine()).Append([char]10) }
    $text.ToString()
}

# Opens a session of WSMan and relays to it. Standard input contains the settings, the credential, and the text of the module, if one is
# to be sent. The lists of trusted hosts stay as they are, and credentials are never delegated.
function Start-RemotingRelay([string]$Marker) {
    $ErrorActionPreference = 'Stop'
    $reader = [Console]::In
    $settings = ConvertFrom-Json -InputObject $reader.ReadLine()
    $option = [Management.Automation.Remoting.PSSessionOption]::new()
    $option.OpenTimeout = [TimeSpan]::FromMilliseconds([double]$settings.openTimeoutInMs)
    $option.MaxConnectionRetryCount = 0
    $option.NoMachineProfile = $true
    $arguments = @{ ComputerName = $settings.computerName; SessionOption = $option }
    foreach ($name in 'Port', 'ConfigurationName') {
        if ($null -ne $settings.$name) { $arguments[$name] = $settings.$name }
    }
    if ($settings.useSsl) { $arguments.UseSSL = $true }
    $credential = Read-Credential $reader
    if ($null -ne $credential) { $arguments.Credential = $credential }
    $text = Read-Text $reader $settings.lines
    $session = $null
    try {
        try {
            $session = New-PSSession @arguments
            Send-Module $session $text $settings.sha256 $settings.installed
        }
        catch {
            # The bootstrap line reports it by this identifier.
            throw [Management.Automation.ErrorRecord]::new($_.Exception, (Get-RemotingFailure $_), 'ConnectionError', $null)
        }
        Start-SessionRelay $session $Marker $settings.timeInMs $reader
    }
    finally {
        if ($null -ne $session) { Remove-PSSession -Session $session -ErrorAction Ignore }
    }
}

Export-ModuleMember -Function Send-Module, Start-SessionRelay, Get-RemotingFailure, Start-RemotingRelay
