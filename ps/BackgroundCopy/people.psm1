Set-StrictMode -Version Latest

# Shared by the commands for people: the service, the output objects, and the error records. Values have their documented names here.

Import-Module -Verbose:$false -Name ("$PSScriptRoot/jobs.psm1" -replace '[][*?`]', '`$0') -Function Open-TransferService, Close-TransferService, Invoke-JobPart, Read-TransferJob, Test-BitsJob
Import-Module -Verbose:$false -Name ("$PSScriptRoot/messages.psm1" -replace '[][*?`]', '`$0') -Function Get-Message, Get-HResultMessage

$script:unknownSize = [uint64]::MaxValue
$script:notImplemented = 0x80004001

# The position is the value.
$script:enumerations = @{
    state                = 'BG_JOB_STATE_QUEUED', 'BG_JOB_STATE_CONNECTING', 'BG_JOB_STATE_TRANSFERRING', 'BG_JOB_STATE_SUSPENDED', 'BG_JOB_STATE_ERROR',
                           'BG_JOB_STATE_TRANSIENT_ERROR', 'BG_JOB_STATE_TRANSFERRED', 'BG_JOB_STATE_ACKNOWLEDGED', 'BG_JOB_STATE_CANCELLED'
    type                 = 'BG_JOB_TYPE_DOWNLOAD', 'BG_JOB_TYPE_UPLOAD', 'BG_JOB_TYPE_UPLOAD_REPLY'
    priority             = 'BG_JOB_PRIORITY_FOREGROUND', 'BG_JOB_PRIORITY_HIGH', 'BG_JOB_PRIORITY_NORMAL', 'BG_JOB_PRIORITY_LOW'
    usage                = 'BG_JOB_PROXY_USAGE_PRECONFIG', 'BG_JOB_PROXY_USAGE_NO_PROXY', 'BG_JOB_PROXY_USAGE_OVERRIDE', 'BG_JOB_PROXY_USAGE_AUTODETECT'
    useStoredCredentials = 'None', 'BG_AUTH_TARGET_SERVER', 'BG_AUTH_TARGET_PROXY'
    scheme               = '', 'BG_AUTH_SCHEME_BASIC', 'BG_AUTH_SCHEME_DIGEST', 'BG_AUTH_SCHEME_NTLM', 'BG_AUTH_SCHEME_NEGOTIATE', 'BG_AUTH_SCHEME_PASSPORT'
    storeLocation        = 'BG_CERT_STORE_LOCATION_CURRENT_USER', 'BG_CERT_STORE_LOCATION_LOCAL_MACHINE', 'BG_CERT_STORE_LOCATION_CURRENT_SERVICE',
                           'BG_CERT_STORE_LOCATION_SERVICES', 'BG_CERT_STORE_LOCATION_USERS', 'BG_CERT_STORE_LOCATION_CURRENT_USER_GROUP_POLICY',
                           'BG_CERT_STORE_LOCATION_LOCAL_MACHINE_GROUP_POLICY', 'BG_CERT_STORE_LOCATION_LOCAL_MACHINE_ENTERPRISE'
    context              = 'BG_ERROR_CONTEXT_NONE', 'BG_ERROR_CONTEXT_UNKNOWN', 'BG_ERROR_CONTEXT_GENERAL_QUEUE_MANAGER',
                           'BG_ERROR_CONTEXT_QUEUE_MANAGER_NOTIFICATION', 'BG_ERROR_CONTEXT_LOCAL_FILE', 'BG_ERROR_CONTEXT_REMOTE_FILE',
                           'BG_ERROR_CONTEXT_GENERAL_TRANSPORT', 'BG_ERROR_CONTEXT_REMOTE_APPLICATION', 'BG_ERROR_CONTEXT_SERVER_CERTIFICATE_CALLBACK'
}
$script:enumerationPrefixes = @{ state = 'BG_JOB_STATE'; type = 'BG_JOB_TYPE'; priority = 'BG_JOB_PRIORITY'; context = 'BG_ERROR_CONTEXT' }
# The position is the number of the bit.
$script:flags = @{
    notifyFlags      = 'BG_NOTIFY_JOB_TRANSFERRED', 'BG_NOTIFY_JOB_ERROR', 'BG_NOTIFY_DISABLE', 'BG_NOTIFY_JOB_MODIFICATION', 'BG_NOTIFY_FILE_TRANSFERRED', 'BG_NOTIFY_FILE_RANGES_TRANSFERRED'
    fileAclFlags     = 'BG_COPY_FILE_OWNER', 'BG_COPY_FILE_GROUP', 'BG_COPY_FILE_DACL', 'BG_COPY_FILE_SACL'
    peerCachingFlags = 'BG_JOB_ENABLE_PEERCACHING_CLIENT', 'BG_JOB_ENABLE_PEERCACHING_SERVER', 'BG_JOB_DISABLE_BRANCH_CACHE'
}
$script:transferPolicies = @{
    BITS_JOB_TRANSFER_POLICY_ALWAYS       = 0x800000FFL
    BITS_JOB_TRANSFER_POLICY_NOT_ROAMING  = 0x8000007FL
    BITS_JOB_TRANSFER_POLICY_NO_SURCHARGE = 0x8000006FL
    BITS_JOB_TRANSFER_POLICY_STANDARD     = 0x80000067L
    BITS_JOB_TRANSFER_POLICY_UNRESTRICTED = 0x80000021L
}
# A name must be valid in HTTP. A value must be on one line, because more lines would be separate headers.
$script:headerName = '^[0-9A-Za-z_!#$%&''*+.^`|~-]+\z'
$script:headerValue = '^[^\r\n\0]*\z'

# ---- Values ----
# A missing value is $null and not empty output, which ConvertTo-Json of Windows PowerShell 5.1 writes as {}.

function ConvertTo-EnumerationName([string]$Property, $Value) {
    if ($null -eq $Value) { return $null }
    $names = $script:enumerations[$Property]
    if ($Value -ge 0 -and $Value -lt $names.Count -and $names[$Value]) { return $names[$Value] }
    "$($script:enumerationPrefixes[$Property])($Value)"
}

# ValidateSet accepts a name in any letter case.
function Find-Name([string[]]$Names, [string]$Name) {
    for ($i = 0; $i -lt $Names.Count; $i++) { if ($Names[$i] -eq $Name) { return $i } }
}

function ConvertFrom-EnumerationName([string]$Property, [string]$Name) { Find-Name $script:enumerations[$Property] $Name }

function ConvertTo-FlagName([string]$Property, $Value) {
    if ($null -eq $Value) { return $null }
    $names = $script:flags[$Property]
    , @(for ($bit = 0; $bit -lt 32; $bit++) {
            if (($Value -shr $bit) -band 1) { if ($bit -lt $names.Count) { $names[$bit] } else { '0x{0:X}' -f (1L -shl $bit) } }
        })
}

function ConvertTo-Size($Value) {
    if ($null -ne $Value -and $Value -ne $script:unknownSize) { $Value } else { $null }
}

# A FILETIME as a local time; $null if it is 0.
function ConvertTo-Time($FileTime) {
    if ($null -ne $FileTime -and $FileTime -gt 0) { [datetime]::FromFileTime([long]$FileTime) } else { $null }
}

# 'noProgressTimeout' -> 'NoProgressTimeout'
function ConvertTo-PropertyName([string]$Name) { $Name.Substring(0, 1).ToUpperInvariant() + $Name.Substring(1) }

# The parameters of a command that are settings of a job, in the format of jobs.psm1.
function ConvertTo-Setting($Command, [hashtable]$Bound) {
    $settings = @{}
    foreach ($parameter in $Bound.Keys) {
        $name = $parameter.Substring(0, 1).ToLowerInvariant() + $parameter.Substring(1)
        $value = $Bound[$parameter]
        switch ($name) {
            { $_ -in 'displayName', 'description', 'minimumRetryDelay', 'noProgressTimeout', 'replyFileName', 'maximumDownloadTime', 'dynamicContent', 'highPerformance', 'maxDownloadSize', 'minimumNotificationInterval', 'onDemandMode', 'securityFlags', 'httpMethod' } {
                $settings[$name] = $value
            }
            { $_ -in 'priority', 'useStoredCredentials' } { $settings[$name] = ConvertFrom-EnumerationName $name $value }
            { $script:flags.ContainsKey($_) } {
                $settings[$name] = 0
                foreach ($flag in $value) { $settings[$name] = $settings[$name] -bor (1 -shl (Find-Name $script:flags[$name] $flag)) }
            }
            'transferPolicy' { $settings[$name] = $script:transferPolicies[$value] }
            'notifyCmdLine' { $settings[$name] = @{ program = $value[0]; parameters = if ($value.Count -gt 1) { $value[1] } else { '' } } }
            'proxyUsage' {
                $settings.proxySettings = @{
                    usage           = ConvertFrom-EnumerationName 'usage' $value
                    proxyList       = [string]$Bound['ProxyList']
                    proxyBypassList = [string]$Bound['ProxyBypassList']
                }
            }
            'customHeaders' {
                $settings[$name] = @(foreach ($header in $value.GetEnumerator()) {
                        if ("$($header.Key)" -cnotmatch $script:headerName -or "$($header.Value)" -cnotmatch $script:headerValue) {
                            # Without the value, because it might be a secret.
                            Stop-Command $Command 'InvalidHeader' @('argument', 'header') @{ name = $parameter; header = "$($header.Key)" } $header.Key
                        }
                        "$($header.Key): $($header.Value)"
                    }) -join "`r`n"
            }
            'certificateStoreLocation' {
                $settings.clientCertificate = @{
                    storeLocation = ConvertFrom-EnumerationName 'storeLocation' $value
                    storeName     = [string]$Bound['CertificateStoreName']
                    subjectName   = [string]$Bound['CertificateSubjectName']
                }
            }
        }
    }
    $settings
}

# ---- Objects ----

function ConvertTo-JobObject([string]$Service, [string]$Id, [hashtable]$Job, [bool]$Detailed) {
    $progress = $Job['progress']
    $times = $Job['times']
    $object = [ordered]@{
        PSTypeName             = 'BackgroundCopy.Job'
        JobId                  = [guid]$Id
        DisplayName            = $Job['displayName']
        State                  = ConvertTo-EnumerationName 'state' $Job.state
        Type                   = ConvertTo-EnumerationName 'type' $Job['type']
        Priority               = ConvertTo-EnumerationName 'priority' $Job['priority']
        Owner                  = $Job['owner']
        BytesTotal             = if ($null -ne $progress) { ConvertTo-Size $progress.bytesTotal } else { $null }
        BytesTransferred       = if ($null -ne $progress) { $progress.bytesTransferred } else { $null }
        FilesTotal             = if ($null -ne $progress) { $progress.filesTotal } else { $null }
        FilesTransferred       = if ($null -ne $progress) { $progress.filesTransferred } else { $null }
        CreationTime           = if ($null -ne $times) { ConvertTo-Time $times.creation } else { $null }
        ModificationTime       = if ($null -ne $times) { ConvertTo-Time $times.modification } else { $null }
        TransferCompletionTime = if ($null -ne $times) { ConvertTo-Time $times.transferCompletion } else { $null }
        Error                  = if ($null -ne $Job['error']) { ConvertTo-ErrorObject $Job.error } else { $null }
        Service                = $Service
    }
    if ($Detailed) { Add-Detail $object $Job }
    [pscustomobject]$object
}

# The other properties of a job. Properties that the service did not return are missing.
function Add-Detail($Object, [hashtable]$Job) {
    foreach ($name in @($Job.Keys | Sort-Object)) {
        $value = $Job[$name]
        if ($name -in 'state', 'progress', 'type', 'displayName', 'priority', 'owner', 'times', 'error' -or $null -eq $value) { continue }
        $Object[(ConvertTo-PropertyName $name)] = switch ($name) {
            { $script:flags.ContainsKey($_) } { ConvertTo-FlagName $name $value }
            'useStoredCredentials' { ConvertTo-EnumerationName $name $value }
            'transferPolicy' {
                $policy = @($script:transferPolicies.Keys | Where-Object { $script:transferPolicies[$_] -eq $value })
                if ($policy.Count -gt 0) { $policy[0] } else { '0x{0:X8}' -f $value }
            }
            'proxySettings' {
                [pscustomobject][ordered]@{
                    Usage           = ConvertTo-EnumerationName 'usage' $value.usage
                    ProxyList       = $value.proxyList
                    ProxyBypassList = $value.proxyBypassList
                }
            }
            'clientCertificate' {
                [pscustomobject][ordered]@{
                    StoreLocation = ConvertTo-EnumerationName 'storeLocation' $value.storeLocation
                    StoreName     = $value.storeName
                    SubjectName   = $value.subjectName
                }
            }
            'notifyCmdLine' { , @($value.program, $value.parameters) }
            'customHeaders' {
                $headers = [ordered]@{}
                foreach ($line in $value -split "`r`n") {
                    $header, $content = $line -split ':\s*', 2
                    if ($header) { $headers[$header] = $content }
                }
                $headers
            }
            'replyProgress' { [pscustomobject][ordered]@{ BytesTotal = ConvertTo-Size $value.bytesTotal; BytesTransferred = $value.bytesTransferred } }
            'files' { , @(foreach ($file in $value) { ConvertTo-FileObject $Object.JobId $file }) }
            'refused' {
                $refused = [ordered]@{}
                foreach ($property in @($value.Keys | Sort-Object)) {
                    $refused[(ConvertTo-PropertyName $property)] = (Get-HResultMessage (ConvertTo-Code $value[$property])).Name
                }
                [pscustomobject]$refused
            }
            default { $value }
        }
    }
}

function ConvertTo-FileObject([guid]$Id, [hashtable]$File) {
    $ranges = $null
    if ($null -ne $File['ranges']) {
        $ranges = @(foreach ($range in $File.ranges) {
                [pscustomobject][ordered]@{ InitialOffset = $range.initialOffset; Length = ConvertTo-Size $range.length }
            })
    }
    [pscustomobject][ordered]@{
        PSTypeName       = 'BackgroundCopy.File'
        JobId            = $Id
        RemoteName       = $File.remoteName
        LocalName        = $File.localName
        TemporaryName    = $File['temporaryName']
        BytesTotal       = ConvertTo-Size $File.bytesTotal
        BytesTransferred = $File.bytesTransferred
        Completed        = $File.completed
        Ranges           = $ranges
    }
}

# Converts a wire code to a .NET code.
function ConvertTo-Code([long]$HResult) { [BitConverter]::ToInt32([BitConverter]::GetBytes($HResult), 0) }

function ConvertTo-ErrorObject([hashtable]$Failure) {
    $message = Get-HResultMessage (ConvertTo-Code $Failure.hresult)
    $object = [pscustomobject][ordered]@{
        PSTypeName         = 'BackgroundCopy.JobError'
        Code               = $message.Name
        HResult            = $message.Hex
        Message            = $message.Text
        Context            = ConvertTo-EnumerationName 'context' $Failure.context
        RemoteName         = $Failure['remoteName']
        LocalName          = $Failure['localName']
        Description        = $Failure['description']
        ContextDescription = $Failure['contextDescription']
        Protocol           = $Failure['protocol']
    }
    # For display in a list of the job's properties.
    $object | Add-Member -MemberType ScriptMethod -Name ToString -Value { "$($this.Code): $($this.Message)" } -Force -PassThru
}

# ---- Refusals ----

function Get-RefusalCategory([string]$Hex) {
    switch ($Hex) {
        { $_ -in '0x80D02013', '0x80200002' } { return 'InvalidOperation' }
        { $_ -in '0x80D02003', '0x80200001' } { return 'ObjectNotFound' }
        '0x80070005' { return 'PermissionDenied' }
        { $_ -in '0x80070057', '0x8020002B', '0x8020002C', '0x80D05010', '0x80D05012' } { return 'InvalidArgument' }
        { $_ -in '0x80004001', '0x80004002' } { return 'NotImplemented' }
        { $_ -in '0x80200049', '0x80200050', '0x80200051', '0x80200052' } { return 'LimitsExceeded' }
        # RPC, the activation of the service, the service itself
        { $_ -in '0x800706BA', '0x800706BE', '0x80010108', '0x80040154', '0x80080005', '0x80070422', '0x80070426', '0x80D01001' } { return 'ResourceUnavailable' }
        default { return 'NotSpecified' }
    }
}

# What a service without such a method does not support: its messages are those of the SDK.
$script:features = @{
    'IBackgroundCopyManager::CreateJob'      = 'uploads'
    'IBackgroundCopyManager::EnumJobs'       = 'listJobs'
    'IBackgroundCopyJob::TakeOwnership'      = 'takeOwnership'
    'IBackgroundCopyJob2::SetCredentials'    = 'credentials'
    'IBackgroundCopyJob2::RemoveCredentials' = 'credentials'
}

# The messages for an unsupported operation, Text and Advice; nothing for other answers. Feature is the operation if the method alone does
# not identify it.
function Get-UnsupportedWord($Answer, [string]$Service, [string]$Feature) {
    if ($Answer.Code -ne $script:notImplemented) { return }
    if ($Answer['Lacking']) {
        return @{
            Text   = Get-Message 'bridge', 'UNSUPPORTED_securityFlags' @{ service = $Service; name = '0x{0:X4}' -f $Answer.Lacking }
            Advice = Get-Message 'bridgeAdvice', 'UNSUPPORTED_securityFlags'
        }
    }
    if ($Answer['Property']) {
        return @{ Text = Get-Message 'bridge', 'UNSUPPORTED_setting' @{ service = $Service; name = $Answer.Property }; Advice = $null }
    }
    if (-not $Feature) { $Feature = $script:features[$Answer.Method] }
    # The advice is to use the other service.
    if (-not $Feature -or $Service -ne 'delivery-optimization') { return }
    @{
        Text   = Get-Message 'bridge', "UNSUPPORTED_$Feature" @{ service = $Service }
        Advice = Get-Message 'bridgeAdvice', "UNSUPPORTED_$Feature"
    }
}

# A refusal as an error record: identified by its code, with the message for its method or the given one.
function New-RefusalRecord($Answer, $Target, $Words) {
    $message = Get-HResultMessage $Answer.Code $Answer.Method
    $text = $message.Text
    $advice = $message.Advice
    if (Test-BitsJob $Answer.Code "$Target") { $text += (Get-Message 'betweenSentences') + (Get-Message 'knownTo' @{ service = 'bits' }) }
    if ($Words -and $Words.Text) { $text = $Words.Text }
    if ($Words -and $Words.Advice) { $advice = $Words.Advice }
    $exception = [Runtime.InteropServices.COMException]::new($text, $Answer.Code)
    $record = [Management.Automation.ErrorRecord]::new($exception, $message.Name, (Get-RefusalCategory $message.Hex), $Target)
    # The displayed message: for one of many jobs, it must name the job.
    $record.ErrorDetails = [Management.Automation.ErrorDetails]::new("${Target}: $text")
    if ($advice) { $record.ErrorDetails.RecommendedAction = $advice }
    $record
}

# Reports an answer beyond its result: a refusal as a non-terminating error, a success with a warning as a warning. Returns whether it was
# a success.
function Write-Answer($Command, $Answer, $Target, $Words) {
    if ($Answer.Code -lt 0) {
        $Command.WriteError((New-RefusalRecord $Answer $Target $Words))
        return $false
    }
    if ($Answer.Code -ne 0) { $Command.WriteWarning("${Target}: $((Get-HResultMessage $Answer.Code $Answer.Method).Text)") }
    $true
}

# Ends a command with an invalid argument, before anything is sent.
function Stop-Command($Command, [string]$ErrorId, [string[]]$Path, [hashtable]$Values, $Target) {
    $text = Get-Message $Path $Values
    if (-not $text) { $text = $ErrorId }
    $Command.ThrowTerminatingError([Management.Automation.ErrorRecord]::new([ArgumentException]::new($text), $ErrorId, 'InvalidArgument', $Target))
}

# ---- The service ----

# The rest of the module works only in Full Language Mode.
function Assert-FullLanguage {
    if ("$($ExecutionContext.SessionState.LanguageMode)" -eq 'FullLanguage') { return }
    $text = Get-Message 'bridge', 'CONSTRAINED_LANGUAGE'
    if (-not $text) { $text = 'CONSTRAINED_LANGUAGE' }
    Write-Error -Message $text -ErrorId 'CONSTRAINED_LANGUAGE' -Category SecurityError -ErrorAction Stop
}

# The service, or the error that ends the command.
function Open-Service($Command, [string]$Name) {
    $answer = Open-TransferService $Name
    if ($answer.Obstacle) {
        $text = Get-Message 'bridge', $answer.Obstacle @{ service = $Name; platform = "$([Environment]::OSVersion.Platform)" }
        if (-not $text) { $text = $answer.Detail }
        $category = if ($answer.Obstacle -eq 'UNSUPPORTED') { 'NotImplemented' } else { 'SecurityError' }
        $exception = [InvalidOperationException]::new($text)
        $Command.ThrowTerminatingError([Management.Automation.ErrorRecord]::new($exception, $answer.Obstacle, $category, $Name))
    }
    if ($null -eq $answer.Service) { $Command.ThrowTerminatingError((New-RefusalRecord $answer $Name $null)) }
    $answer.Service
}

# The open service of that name; opens it if necessary. Close the services with Close-Service.
function Get-OpenService([hashtable]$Services, $Command, [string]$Name) {
    if (-not $Services.ContainsKey($Name)) { $Services[$Name] = Open-Service $Command $Name }
    $Services[$Name]
}

function Close-Service([hashtable]$Services) {
    foreach ($opened in $Services.Values) { Close-TransferService $opened }
}

# The LANGID of the user's language.
function Get-LanguageId { [Globalization.CultureInfo]::CurrentUICulture.LCID -band 0xFFFF }

# Outputs a job, or writes an error.
function Write-Job($Command, $Opened, [string]$Service, [guid]$Id, [bool]$Detailed) {
    $detail = if ($Detailed) { 'all' } else { 'summary' }
    $answer = Read-TransferJob $Opened "$Id" $detail (Get-LanguageId)
    if (Write-Answer $Command $answer $Id) { ConvertTo-JobObject $Service "$Id" $answer.Job $Detailed }
}

# The text of an action, or its documented name.
function Get-Action([string]$Key, [string]$Documented, [hashtable]$Values = @{}) {
    $text = Get-Message @('cmdlet', $Key) $Values
    if ($text) { $text } else { $Documented }
}

Export-ModuleMember -Function Assert-FullLanguage, Get-OpenService, Close-Service, Invoke-JobPart, Get-LanguageId, Get-Action, Get-Message, Get-HResultMessage, Get-UnsupportedWord, Write-Answer, Stop-Command, Write-Job, ConvertTo-Setting, ConvertTo-JobObject, ConvertTo-Code, ConvertTo-ErrorObject, ConvertTo-FileObject, ConvertTo-EnumerationName, ConvertFrom-EnumerationName
