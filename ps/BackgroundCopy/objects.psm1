Set-StrictMode -Version Latest

# The output objects of the commands for people: jobs, files, and errors.

Import-Module -Verbose:$false -Name ("$PSScriptRoot/values.psm1" -replace '[][*?`]', '`$0') -Function ConvertTo-EnumerationName, ConvertTo-FlagName, ConvertTo-TransferPolicyName, ConvertTo-Size, ConvertTo-Time, ConvertTo-PropertyName, ConvertTo-Code
Import-Module -Verbose:$false -Name ("$PSScriptRoot/messages.psm1" -replace '[][*?`]', '`$0') -Function Get-HResultMessage
Import-Module -Verbose:$false -Name ("$PSScriptRoot/shown.psm1" -replace '[][*?`]', '`$0') -Function ConvertTo-ShownText

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
            { $_ -in 'notifyFlags', 'fileAclFlags', 'peerCachingFlags' } { ConvertTo-FlagName $name $value }
            'useStoredCredentials' { ConvertTo-EnumerationName $name $value }
            'transferPolicy' { ConvertTo-TransferPolicyName $value }
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

Export-ModuleMember -Function ConvertTo-JobObject, ConvertTo-FileObject, ConvertTo-ErrorObject
