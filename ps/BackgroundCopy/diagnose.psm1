Set-StrictMode -Version Latest

# Information for a caller about this PowerShell and this computer, in case something is refused. It contains no secrets: no account name,
# no environment variable, and nothing about jobs. It changes nothing: it queries services and creates no job.
#
# Unknown values are missing from the answer. It contains only numbers, names of Windows, and HRESULTs: the caller has the messages.

# By their well-known SIDs, the most specific first:
# https://learn.microsoft.com/windows-server/identity/ad-ds/manage/understand-security-identifiers
$script:accounts = @{ 'S-1-5-18' = 'system'; 'S-1-5-19' = 'localService'; 'S-1-5-20' = 'networkService' }
$script:logons = @(
    @{ Sid = 'S-1-5-6'; Kind = 'service' }
    @{ Sid = 'S-1-5-3'; Kind = 'batch' }
    @{ Sid = 'S-1-5-14'; Kind = 'remoteInteractive' }
    @{ Sid = 'S-1-5-4'; Kind = 'interactive' }
    @{ Sid = 'S-1-5-2'; Kind = 'network' }
)

$script:classes = @(
    @{ Service = 'delivery-optimization'; Id = '5B99FA76-721C-423C-ADAC-56D03C8A8007'; Interfaces = @('IBackgroundCopyManager', 'IDOManager') }
    @{ Service = 'bits'; Id = '4991D34B-80A1-4291-83B6-3328366B9097'; Interfaces = @('IBackgroundCopyManager') }
)

# .NET Framework names itself only from 4.7.1 on, which the first versions of Windows with PowerShell 5.1 lack.
function Get-FrameworkName {
    if ($PSVersionTable.PSEdition -eq 'Core') { return [Runtime.InteropServices.RuntimeInformation]::FrameworkDescription }
    $file = [object].Assembly.GetCustomAttributes([Reflection.AssemblyFileVersionAttribute], $false)[0]
    ".NET Framework $($file.Version)"
}

function Get-EngineDescription {
    $process = [Diagnostics.Process]::GetCurrentProcess()
    @{
        version      = "$($PSVersionTable.PSVersion)"
        edition      = "$($PSVersionTable.PSEdition)"
        path         = $process.MainModule.FileName
        framework    = Get-FrameworkName
        is64Bit      = [Environment]::Is64BitProcess
        languageMode = "$($ExecutionContext.SessionState.LanguageMode)"
        # The enforcement of App Control or AppLocker for scripts: None, Audit, or Enforce.
        lockdown     = "$([Management.Automation.Security.SystemPolicy]::GetSystemLockdownPolicy())"
        culture      = [cultureinfo]::CurrentUICulture.Name
        codePages    = @{
            input  = [Console]::InputEncoding.CodePage
            output = [Console]::OutputEncoding.CodePage
        }
    }
}

# The policy of each scope, in order of precedence, as in Get-ExecutionPolicy -List.
function Get-PolicyDescription {
    $policies = [ordered]@{}
    foreach ($entry in Get-ExecutionPolicy -List) { $policies["$($entry.Scope)"] = "$($entry.ExecutionPolicy)" }
    $policies
}

# The signature of the file that a policy checks.
function Get-ModuleSignature {
    "$((Get-AuthenticodeSignature -LiteralPath "$PSScriptRoot/host.psm1").Status)"
}

function Get-AccountDescription {
    $identity = [Security.Principal.WindowsIdentity]::GetCurrent()
    try {
        $sids = @($identity.Groups | ForEach-Object { $_.Value })
        $logon = $script:logons | Where-Object { $sids -contains $_.Sid } | Select-Object -First 1
        $account = $script:accounts["$($identity.User)"]
        $principal = [Security.Principal.WindowsPrincipal]::new($identity)
        @{
            kind     = if ($null -ne $account) { $account } else { 'user' }
            logon    = if ($null -ne $logon) { $logon.Kind } else { 'other' }
            session  = [Diagnostics.Process]::GetCurrentProcess().SessionId
            elevated = $principal.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)
        }
    }
    finally { $identity.Dispose() }
}

# The integrity level of this process, such as 0x3000 for high; nothing if it is not known. .NET leaves its SID out of the groups of an
# identity, and a SID is the same in every language of Windows.
function Get-IntegrityLevel([string]$Program = "$([Environment]::SystemDirectory)\whoami.exe") {
    # Without input of its own, it would get that of this process.
    $lines = try { $null | & $Program /groups /fo csv /nh 2>$null } catch { Write-Verbose "integrity: $_" }
    if ("$lines" -match 'S-1-16-(\d+)') { [int]$Matches[1] }
}

function Get-ServiceDescription {
    foreach ($service in Get-Service -Name 'BITS', 'DoSvc' -ErrorAction SilentlyContinue) {
        @{ name = $service.Name; status = "$($service.Status)"; startType = "$($service.StartType)" }
    }
}

# The values that Group Policy sets, by their names in the registry. A missing value has its default.
function Get-LimitDescription {
    $keys = @{
        bits                 = 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\BITS'
        deliveryOptimization = 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\DeliveryOptimization'
    }
    $limits = @{}
    foreach ($name in $keys.Keys) {
        $values = @{}
        $key = Get-Item -LiteralPath $keys[$name] -ErrorAction SilentlyContinue
        if ($null -ne $key) {
            # Only numbers: a text might be the name of a server.
            foreach ($value in $key.GetValueNames()) { if ($key.GetValue($value) -is [int]) { $values[$value] = $key.GetValue($value) } }
        }
        $limits[$name] = $values
    }
    $limits
}

# The HRESULT of CoCreateInstance for each class and each interface of a manager.
function Get-InterfaceDescription {
    foreach ($class in $script:classes) {
        foreach ($name in $class.Interfaces) {
            $activated = New-ComInstance $class.Id (Get-ComInterface $name)
            if ($activated.Code -ge 0) { $null = [Runtime.InteropServices.Marshal]::ReleaseComObject($activated.Instance) }
            @{ service = $class.Service; interface = $name; hresult = [long]$activated.Code -band 0xFFFFFFFFL }
        }
    }
}

# The description as JSON in ASCII. ModuleVersion is the version of the files next to this one.
function Get-HostDescription([string]$ModuleVersion) {
    $module = @{ path = $PSScriptRoot; version = $ModuleVersion }
    $description = @{ powershell = Get-EngineDescription; policies = Get-PolicyDescription; module = $module }
    if ([Environment]::OSVersion.Platform -eq [PlatformID]::Win32NT) {
        Import-Module -Verbose:$false -Name ("$PSScriptRoot/com.psm1" -replace '[][*?`]', '`$0') -Function Get-ComInterface, New-ComInstance
        # Each value separately: if one of them is not available, the others still are. Services come before interfaces, because
        # requesting an interface starts its service.
        $parts = [ordered]@{
            module     = { $module + @{ signature = Get-ModuleSignature } }
            account    = { Get-AccountDescription }
            services   = { , @(Get-ServiceDescription) }
            limits     = { Get-LimitDescription }
            interfaces = { , @(Get-InterfaceDescription) }
        }
        foreach ($part in $parts.Keys) {
            try { $description[$part] = & $parts[$part] } catch { Write-Verbose "$part`: $_" }
        }
    }
    $json = ConvertTo-Json -InputObject $description -Depth 4 -Compress
    [regex]::Replace($json, '[^ -~]', { param($match) '\u{0:x4}' -f [int][char]$match.Value })
}

# The SHA-256 of the files of the module, one after the other in the order of their names.
function Get-ModuleHash {
    $bytes = [IO.MemoryStream]::new()
    $files = [IO.Directory]::GetFiles($PSScriptRoot, '*.psm1')
    [Array]::Sort($files, [StringComparer]::Ordinal)
    foreach ($file in $files) {
        $content = [IO.File]::ReadAllBytes($file)
        $bytes.Write($content, 0, $content.Length)
    }
    # Unlike others, this one also works where a policy only allows certified algorithms.
    [BitConverter]::ToString([Security.Cryptography.SHA256CryptoServiceProvider]::new().ComputeHash($bytes.ToArray())).Replace('-', '')
}

# What a caller on another computer has to know. It starts no service, and a program only for the integrity level.
function Get-HostIdentity([bool]$WithIntegrity) {
    $identity = @{
        system       = [Environment]::OSVersion.VersionString
        languageMode = "$($ExecutionContext.SessionState.LanguageMode)"
        account      = $null
        # A module that was sent as text has no folder, and its sender knows it.
        moduleSha256 = if ($PSScriptRoot) { Get-ModuleHash } else { $null }
    }
    if ($WithIntegrity) { $identity.integrity = Get-IntegrityLevel }
    try { $identity.account = Get-AccountDescription } catch { Write-Verbose "account: $_" }
    $identity
}

Export-ModuleMember -Function Get-HostDescription, Get-HostIdentity
