Set-StrictMode -Version Latest

# The settings of a job, from the parameters of a command.

Import-Module -Verbose:$false -Name ("$PSScriptRoot/values.psm1" -replace '[][*?`]', '`$0') -Function ConvertFrom-EnumerationName, ConvertFrom-FlagName, ConvertFrom-TransferPolicyName
Import-Module -Verbose:$false -Name ("$PSScriptRoot/refusals.psm1" -replace '[][*?`]', '`$0') -Function Stop-Command

# A name must be valid in HTTP. A value must be on one line, because more lines would be separate headers.
$script:headerName = '^[0-9A-Za-z_!#$%&''*+.^`|~-]+\z'
$script:headerValue = '^[^\r\n\0]*\z'

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
            { $_ -in 'notifyFlags', 'fileAclFlags', 'peerCachingFlags' } { $settings[$name] = ConvertFrom-FlagName $name $value }
            'transferPolicy' { $settings[$name] = ConvertFrom-TransferPolicyName $value }
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
                            # Without the value, because it might be a secret. What is not a name might be a whole line, with the value in it.
                            $shown = if ("$($header.Key)" -cmatch $script:headerName) { "$($header.Key)" } else { [string][char]0x2026 }
                            Stop-Command $Command 'InvalidHeader' @('argument', 'header') @{ name = $parameter; header = $shown } $shown
                        }
                        # The documentation of BITS requires CR/LF after each header, including the last one.
                        "$($header.Key): $($header.Value)`r`n"
                    }) -join ''
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

Export-ModuleMember -Function ConvertTo-Setting
