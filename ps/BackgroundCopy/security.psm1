Set-StrictMode -Version Latest

# The security flags of a job as properties of a download. BITS and Delivery Optimization number them differently: the flags of
# IBackgroundCopyJobHttpOptions::SetSecurityFlags are BITS' own, DODownloadProperty_SecurityFlags takes those of WinHTTP. BITS' flag
# that forbids redirections is WinHTTP's that ignores what a certificate is for. So each is translated, and none is passed on.

# DODownloadProperty
$script:securityFlags = 7
$script:allowSecureToNonSecureRedirect = 24

# What has a counterpart. The position is the number of BITS' bit: WINHTTP_ENABLE_SSL_REVOCATION and, of SECURITY_FLAG_IGNORE_,
# CERT_CN_INVALID, CERT_DATE_INVALID, UNKNOWN_CA and CERT_WRONG_USAGE.
$script:counterparts = 0x1, 0x1000, 0x2000, 0x100, 0x200
$script:checkRevocation = [uint32]0x1
$script:ignoreFailures = [uint32]0x1E
# BG_HTTP_REDIRECT_POLICY_ALLOW_HTTPS_TO_HTTP, which is a property of its own.
$script:allowHttpsToHttp = [uint32]0x800

$script:notImplemented = 0x80004001

# BITS' flags as what downloads have: Flags of WinHTTP, and Redirect, whether HTTPS may lead to HTTP. Lacking are those of BITS' that have
# no counterpart: the policies that forbid and that report redirections, what BITS does not document, and ignored failures beside a check
# for revocation, which Delivery Optimization then no longer ignores.
function ConvertFrom-SecurityFlag([uint32]$Flags) {
    $translated = 0
    for ($bit = 0; $bit -lt $script:counterparts.Count; $bit++) {
        if (($Flags -shr $bit) -band 1) { $translated = $translated -bor $script:counterparts[$bit] }
    }
    $lacking = $Flags -band (-bnot ($script:checkRevocation -bor $script:ignoreFailures -bor $script:allowHttpsToHttp))
    if ($Flags -band $script:checkRevocation) { $lacking = $lacking -bor ($Flags -band $script:ignoreFailures) }
    @{ Flags = [uint32]$translated; Redirect = ($Flags -band $script:allowHttpsToHttp) -ne 0; Lacking = $lacking }
}

# Sets them. Lacking in the answer names the flags because of which nothing was set.
function Set-DownloadSecurity($Service, $Download, [uint32]$Flags) {
    $face = $Service.Face
    $properties = ConvertFrom-SecurityFlag $Flags
    if ($properties.Lacking -ne 0) { return @{ Code = $script:notImplemented; CalledMethod = $null; Lacking = $properties.Lacking } }

    $answer = @{ Code = 0; CalledMethod = 'IDODownload::SetProperty' }
    # Such redirections are not allowed unless they were: a system without the property has nothing to be taken back.
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
