Set-StrictMode -Version Latest

Import-Module -Verbose:$false -Name ("$PSScriptRoot/session.psm1" -replace '[][*?`]', '`$0')

# One PowerShell that relays to the sessions of many hosts. Each line of standard input begins with the number of a channel and a verb, and
# each line of standard output with the marker, the number, and a kind:
#
#   0 module SHA256 COUNT   a module, as the text of the next COUNT lines
#   1 open SETTINGS         a session, with the account in the next two lines
#   1 send LINE             a request               1 out LINE     an answer, or the reason why there is no session
#   1 close                 no requests follow      1 end FAILURE  no lines follow
#   1 kill                  ends the session now
#
# This runspace only reads: a host that hangs must not hold up the next line.

# All hosts share the memory of this process.
$script:longestAnswer = 32MB
$script:mostOfAnswers = 64MB
$script:mostHosts = 100000
$script:timeToEndInMs = 5000

# The connection over WSMan to a host. The lists of trusted hosts stay as they are, and credentials are never delegated.
function New-WSManConnection($Settings, $Credential) {
    $connection = [Management.Automation.Runspaces.WSManConnectionInfo]::new()
    $connection.ComputerName = $Settings.computerName
    if ($null -ne $Settings.port) { $connection.Port = $Settings.port }
    if ($null -ne $Settings.configurationName) { $connection.ShellUri = $Settings.configurationName }
    if ($Settings.useSsl) { $connection.Scheme = 'https' }
    if ($null -ne $Credential) { $connection.Credential = $Credential }
    $connection.OpenTimeout = $Settings.openTimeoutInMs
    $connection.MaxConnectionRetryCount = 0
    $connection.NoMachineProfile = $true
    $connection.MaximumReceivedObjectSize = $script:longestAnswer
    $connection.MaximumReceivedDataSizePerCommand = $script:mostOfAnswers
    $connection
}

# A runspace with this connection that is not open yet.
function New-WSManRunspace($Settings, $Credential) {
    [Management.Automation.Runspaces.RunspaceFactory]::CreateRunspace((New-WSManConnection $Settings $Credential))
}

# The runspaces of the channels: as many as there are hosts at once, each with the functions of a session alone.
function New-ChannelPool {
    $state = [Management.Automation.Runspaces.InitialSessionState]::Create()
    $state.LanguageMode = 'FullLanguage'
    foreach ($function in Get-Command -Module 'session' -CommandType Function) {
        $state.Commands.Add([Management.Automation.Runspaces.SessionStateFunctionEntry]::new($function.Name, $function.Definition))
    }
    $pool = [Management.Automation.Runspaces.RunspaceFactory]::CreateRunspacePool($state)
    $null = $pool.SetMaxRunspaces($script:mostHosts)
    $pool.Open()
    $pool
}

# The next line of the caller: its values can be secrets, so they are never arguments of a command.
function Read-Secret($Reader) {
    $bytes = [Convert]::FromBase64String($Reader.ReadLine())
    [Text.Encoding]::Unicode.GetString($bytes)
}

# The credential in the next two lines; nothing if the first one is empty, for the identity of this process.
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

# Starts the work on a host in a runspace of its own.
function Open-Channel($Channel, $Pool, $Connect, $Settings, $Credential) {
    try {
        $Channel.Runspace = & $Connect $Settings $Credential
        $Channel.Shell = [PowerShell]::Create()
        $Channel.Shell.RunspacePool = $Pool
        $null = $Channel.Shell.AddCommand('Start-ChannelSession').AddArgument($Channel)
        $Channel.Work = $Channel.Shell.BeginInvoke()
    }
    catch {
        Write-ChannelLine $Channel 'out' (Get-OpenFailure $_)
        Write-ChannelLine $Channel 'end' ''
    }
}

# Forgets the channels that have ended.
function Remove-EndedChannel($Channels) {
    foreach ($channel in @($Channels.Values)) {
        if ($null -eq $channel.Work -or $channel.Work.IsCompleted) {
            if ($null -ne $channel.Shell) { $channel.Shell.Dispose() }
            $channel.Lines.Dispose()
            $Channels.Remove($channel.Number)
        }
    }
}

# Waits for the sessions to end with their current requests, but not for those that hang.
function Close-AllChannels($Channels) {
    $end = [Delegate]::CreateDelegate([Action], [Diagnostics.Process]::GetCurrentProcess(), 'Kill')
    $deadline = [Threading.CancellationTokenSource]::new($script:timeToEndInMs)
    $null = $deadline.Token.Register($end)
    foreach ($channel in $Channels.Values) { $channel.Lines.CompleteAdding() }
    foreach ($channel in $Channels.Values) {
        if ($null -ne $channel.Work) { $null = $channel.Work.AsyncWaitHandle.WaitOne() }
    }
}

# Relays until standard input ends. Connect makes a runspace from the settings and the credential of a host.
function Start-RemotingRelay([string]$Marker, [scriptblock]$Connect = ${function:New-WSManRunspace}) {
    $ErrorActionPreference = 'Stop'
    $reader = [Console]::In
    $stream = [IO.StreamWriter]::new([Console]::OpenStandardOutput(), [Text.Encoding]::ASCII, 65536)
    $stream.NewLine = "`n"
    $stream.AutoFlush = $true
    $writer = [IO.TextWriter]::Synchronized($stream)
    $pool = New-ChannelPool
    $channels = @{}
    $texts = @{}
    $writer.WriteLine("$Marker ready")
    try {
        while ($null -ne ($line = $reader.ReadLine())) {
            $number, $verb, $rest = $line.Split([char[]]' ', 3)
            $channel = $channels[$number]
            if ($verb -ceq 'module') {
                $sha256, $count = $rest.Split([char[]]' ')
                $texts[$sha256] = Read-Text $reader $count
            }
            elseif ($verb -ceq 'open') {
                Remove-EndedChannel $channels
                $settings = ConvertFrom-Json -InputObject $rest
                $credential = Read-Credential $reader
                $channel = @{
                    Number = $number; Name = "$Marker$number"; Writer = $writer
                    Lines = [Collections.Concurrent.BlockingCollection[string]]::new()
                    Text = if ($settings.sha256) { $texts[$settings.sha256] } else { '' }
                    Sha256 = $settings.sha256; Installed = $settings.installed; TimeInMs = $settings.timeInMs
                    Runspace = $null; Shell = $null; Work = $null
                }
                $channels[$number] = $channel
                Open-Channel $channel $pool $Connect $settings $credential
            }
            elseif ($null -eq $channel) { continue }
            elseif ($verb -ceq 'send') { $channel.Lines.Add($rest) }
            else {
                $channel.Lines.CompleteAdding()
                # This also ends an attempt to open it, and does not wait.
                if ($verb -ceq 'kill' -and $null -ne $channel.Runspace) { try { $channel.Runspace.CloseAsync() } catch { } }
            }
        }
    }
    finally {
        # An interrupt also ends this runspace. PowerShell then closes those of the channels, and would wait forever for their next lines.
        Close-AllChannels $channels
        $pool.Dispose()
    }
}

Export-ModuleMember -Function Start-RemotingRelay
