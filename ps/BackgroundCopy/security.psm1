Set-StrictMode -Version Latest

# The security flags of a job as properties of a download. BITS and Delivery Optimization number them differently: the flags of
# IBackgroundCopyJobHttpOptions::SetSecurityFlags are those of BITS, and DODownloadProperty_SecurityFlags takes those of WinHTTP. The flag
# of BITS that forbids redirects is the flag of WinHTTP that ignores the usage of a certificate. Each flag is therefore translated, and
# none is passed on.

# DODownloadProperty
$script:securityFlags = 7
$script:allowSecureToNonSecureRedirect = 24

# The flags with a counterpart. The position is the number of the bit in BITS: WINHTTP_ENABLE_SSL_REVOCATION and, of
# SECURITY_FLAG_IGNORE_, CERT_CN_INVALID, CERT_DATE_INVALID, UNKNOWN_CA, and CERT_WRONG_USAGE.
$script:counterparts = 0x1, 0x1000, 0x2000, 0x100, 0x200
$script:checkRevocation = 0x1
$script:ignoreFailures = 0x1E
# BG_HTTP_REDIRECT_POLICY_ALLOW_HTTPS_TO_HTTP, which is a separate property.
$script:allowHttpsToHttp = 0x800

$script:notImplemented = 0x80004001

# Translates the flags of BITS to those of downloads: Flags of WinHTTP, and Redirect, whether HTTPS may redirect to HTTP. Lacking contains
# the flags without a counterpart: the policies that forbid and that report redirects, undocumented flags, and ignored errors together
# with a revocation check, which Delivery Optimization then no longer ignores.
function ConvertFrom-SecurityFlag([uint32]$Flags) {
    $translated = 0
    for ($bit = 0; $bit -lt $script:counterparts.Count; $bit++) {
        if (($Flags -shr $bit) -band 1) { $translated = $translated -bor $script:counterparts[$bit] }
    }
    $lacking = [uint32]($Flags -band (-bnot ($script:checkRevocation -bor $script:ignoreFailures -bor $script:allowHttpsToHttp)))
    if ($Flags -band $script:checkRevocation) { $lacking = $lacking -bor ($Flags -band $script:ignoreFailures) }
    @{ Flags = [uint32]$translated; Redirect = ($Flags -band $script:allowHttpsToHttp) -ne 0; Lacking = $lacking }
}

# Sets the flags. Lacking in the answer contains the flags because of which nothing was set.
function Set-DownloadSecurity($Service, $Download, [uint32]$Flags) {
    $face = $Service.Face
    $properties = ConvertFrom-SecurityFlag $Flags
    if ($properties.Lacking -ne 0) { return @{ Code = $script:notImplemented; CalledMethod = $null; Lacking = $properties.Lacking } }

    $answer = @{ Code = 0; CalledMethod = 'IDODownload::SetProperty' }
    # Such redirects are forbidden by default: on a system without the property, there is nothing to reset.
    $redirect = [object[]]@($script:allowSecureToNonSecureRedirect, $null)
    $code = $face.GetProperty.Invoke($Download, $redirect)
    if ($properties.Redirect -ne ($code -ge 0 -and $redirect[1] -eq $true)) {
        $redirect[1] = $properties.Redirect
        $answer.Code = $face.SetProperty.Invoke($Download, $redirect)
    }
    if ($answer.Code -ge 0) { $answer.Code = $face.SetProperty.Invoke($Download, [object[]]@($script:securityFlags, $properties.Flags)) }
    $answer
}

Export-ModuleMember -Function Set-DownloadSecurity
