Set-StrictMode -Version Latest

# The properties of a job as data, in the order in which they are set. A property is
#   Name         on the wire
#   Interface    of its methods, Get and Set followed by Member
#   Kind         of the arguments and results of the methods:
#     int, uint, flag, text    one argument (flag: a BOOL)
#     texts                    several, whose names are Fields: texts, a number before them, and memory to be freed, which has no
#                              name; if Needs is empty, the job does not have the property
#     progress, times, reply   a structure that the caller provides
#     dword, enable, uint64    that member of BITS_JOB_PROPERTY_VALUE; the number of the property is Id
#   Access       'get', 'set', or both: the documented access in BITS
#   Delivery     the same for Delivery Optimization, if the property is documented there
#   Summary      whether the short description of a job includes it
#   NotSet       the code of the service if the job does not have the property
#   NullIfEmpty  an empty text is set as none

$script:job = 'IBackgroundCopyJob'
$script:options = 'IBackgroundCopyJobHttpOptions'
$script:badStubData = 0x800706F7

$script:properties = @(
    @{ Name = 'displayName'; Interface = $job; Member = 'DisplayName'; Kind = 'text'; Access = 'get set'; Delivery = 'get'; Summary = $true }
    @{ Name = 'description'; Interface = $job; Member = 'Description'; Kind = 'text'; Access = 'get set' }
    @{ Name = 'priority'; Interface = $job; Member = 'Priority'; Kind = 'int'; Access = 'get set'; Delivery = 'get set'; Summary = $true }
    @{ Name = 'notifyFlags'; Interface = $job; Member = 'NotifyFlags'; Kind = 'uint'; Access = 'get set'; Delivery = 'get set' }
    @{ Name = 'notifyCmdLine'; Interface = "${job}2"; Member = 'NotifyCmdLine'; Kind = 'texts'; Fields = 'program', 'parameters'; Needs = 'program'; Access = 'get set'; NullIfEmpty = $true }
    @{ Name = 'minimumRetryDelay'; Interface = $job; Member = 'MinimumRetryDelay'; Kind = 'uint'; Access = 'get set' }
    @{ Name = 'noProgressTimeout'; Interface = $job; Member = 'NoProgressTimeout'; Kind = 'uint'; Access = 'get set'; Delivery = 'get set' }
    @{ Name = 'proxySettings'; Interface = $job; Member = 'ProxySettings'; Kind = 'texts'; Fields = 'usage', 'proxyList', 'proxyBypassList'; Needs = 'usage'; Access = 'get set'; NullIfEmpty = $true }
    @{ Name = 'replyFileName'; Interface = "${job}2"; Member = 'ReplyFileName'; Kind = 'text'; Access = 'get set' }
    @{ Name = 'fileAclFlags'; Interface = "${job}3"; Member = 'FileACLFlags'; Kind = 'uint'; Access = 'get set' }
    @{ Name = 'peerCachingFlags'; Interface = "${job}4"; Member = 'PeerCachingFlags'; Kind = 'uint'; Access = 'get set' }
    @{ Name = 'maximumDownloadTime'; Interface = "${job}4"; Member = 'MaximumDownloadTime'; Kind = 'uint'; Access = 'get set' }
    @{ Name = 'transferPolicy'; Interface = "${job}5"; Member = 'Property'; Kind = 'dword'; Id = 1; Access = 'get set'; Delivery = 'get set' }
    @{ Name = 'dynamicContent'; Interface = "${job}5"; Member = 'Property'; Kind = 'enable'; Id = 3; Access = 'get set' }
    @{ Name = 'highPerformance'; Interface = "${job}5"; Member = 'Property'; Kind = 'enable'; Id = 4; Access = 'get set' }
    @{ Name = 'maxDownloadSize'; Interface = "${job}5"; Member = 'Property'; Kind = 'uint64'; Id = 5; Access = 'get set' }
    @{ Name = 'useStoredCredentials'; Interface = "${job}5"; Member = 'Property'; Kind = 'dword'; Id = 7; Access = 'get set' }
    @{ Name = 'minimumNotificationInterval'; Interface = "${job}5"; Member = 'Property'; Kind = 'dword'; Id = 9; Access = 'get set' }
    @{ Name = 'onDemandMode'; Interface = "${job}5"; Member = 'Property'; Kind = 'enable'; Id = 10; Access = 'get set' }
    @{ Name = 'customHeaders'; Interface = $options; Member = 'CustomHeaders'; Kind = 'text'; Access = 'get set'; NullIfEmpty = $true }
    @{ Name = 'securityFlags'; Interface = $options; Member = 'SecurityFlags'; Kind = 'uint'; Access = 'get set' }
    @{ Name = 'httpMethod'; Interface = "${options}2"; Member = 'HttpMethod'; Kind = 'text'; Access = 'get set' }
    @{ Name = 'clientCertificate'; Interface = $options; Member = 'ClientCertificate'; Kind = 'texts'; Fields = 'storeLocation', 'storeName', '', 'subjectName'; Needs = 'storeName'; Access = 'get'; NotSet = $badStubData }
    @{ Name = 'clientCertificate'; Interface = $options; Member = 'ClientCertificateByName'; Kind = 'texts'; Fields = 'storeLocation', 'storeName', 'subjectName'; Access = 'set' }
    @{ Name = 'progress'; Interface = $job; Member = 'Progress'; Kind = 'progress'; Access = 'get'; Delivery = 'get'; Summary = $true }
    @{ Name = 'type'; Interface = $job; Member = 'Type'; Kind = 'int'; Access = 'get'; Delivery = 'get'; Summary = $true }
    @{ Name = 'owner'; Interface = $job; Member = 'Owner'; Kind = 'text'; Access = 'get'; Summary = $true }
    @{ Name = 'times'; Interface = $job; Member = 'Times'; Kind = 'times'; Access = 'get'; Delivery = 'get'; Summary = $true }
    @{ Name = 'errorCount'; Interface = $job; Member = 'ErrorCount'; Kind = 'uint'; Access = 'get' }
    @{ Name = 'replyProgress'; Interface = "${job}2"; Member = 'ReplyProgress'; Kind = 'reply'; Access = 'get' }
    @{ Name = 'ownerIntegrityLevel'; Interface = "${job}4"; Member = 'OwnerIntegrityLevel'; Kind = 'uint'; Access = 'get' }
    @{ Name = 'ownerElevated'; Interface = "${job}4"; Member = 'OwnerElevationState'; Kind = 'flag'; Access = 'get' }
)

# The properties of a service that can be read ('Get') or set ('Set').
function Get-JobProperty([string]$Verb, [bool]$DeliveryOptimization) {
    foreach ($property in $script:properties) {
        $access = if ($DeliveryOptimization) { $property['Delivery'] } else { $property.Access }
        if ($access -match $Verb) { $property }
    }
}

Export-ModuleMember -Function Get-JobProperty
