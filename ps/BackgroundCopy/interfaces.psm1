Set-StrictMode -Version Latest

# The COM interfaces as data: com.psm1 defines their types.

# One entry per interface, with its methods in the order of the vtable. A parameter is [direction] kind:
#   (none)  by value              in, out, ref  by reference: read, written, both
#   string  LPWSTR                unknown  an interface pointer     variant  VARIANT
#   guid    16 bytes, including the union BITS_JOB_PROPERTY_VALUE
#   int     including enumerations, BOOL, and HRESULT
#   uint, ulong                   pointer  to a structure or an array: the caller provides (out: frees) the memory
$script:interfaces = @{
    IBackgroundCopyManager = @{
        Iid = '5CE34C0D-0DC9-4C1F-897C-DAA1B78CEE7C'; Base = 'IUnknown'; Methods = @(
            'CreateJob(string, int, out guid, out unknown)'
            'GetJob(in guid, out unknown)'
            'EnumJobs(uint, out unknown)'
            'GetErrorDescription(int, uint, out string)'
        )
    }
    IBackgroundCopyJob = @{
        Iid = '37668D37-507E-4160-9316-26306D150B12'; Base = 'IUnknown'; Methods = @(
            'AddFileSet(uint, pointer)'
            'AddFile(string, string)'
            'EnumFiles(out unknown)'
            'Suspend()'
            'Resume()'
            'Cancel()'
            'Complete()'
            'GetId(out guid)'
            'GetType(out int)'
            'GetProgress(pointer)'
            'GetTimes(pointer)'
            'GetState(out int)'
            'GetError(out unknown)'
            'GetOwner(out string)'
            'SetDisplayName(string)'
            'GetDisplayName(out string)'
            'SetDescription(string)'
            'GetDescription(out string)'
            'SetPriority(int)'
            'GetPriority(out int)'
            'SetNotifyFlags(uint)'
            'GetNotifyFlags(out uint)'
            'SetNotifyInterface(unknown)'
            'GetNotifyInterface(out unknown)'
            'SetMinimumRetryDelay(uint)'
            'GetMinimumRetryDelay(out uint)'
            'SetNoProgressTimeout(uint)'
            'GetNoProgressTimeout(out uint)'
            'GetErrorCount(out uint)'
            'SetProxySettings(int, string, string)'
            'GetProxySettings(out int, out string, out string)'
            'TakeOwnership()'
        )
    }
    IBackgroundCopyJob2 = @{
        Iid = '54B50739-686F-45EB-9DFF-D6A9A0FAA9AF'; Base = 'IBackgroundCopyJob'; Methods = @(
            'SetNotifyCmdLine(string, string)'
            'GetNotifyCmdLine(out string, out string)'
            'GetReplyProgress(pointer)'
            'GetReplyData(out pointer, ref ulong)'
            'SetReplyFileName(string)'
            'GetReplyFileName(out string)'
            'SetCredentials(pointer)'
            'RemoveCredentials(int, int)'
        )
    }
    IBackgroundCopyJob3 = @{
        Iid = '443C8934-90FF-48ED-BCDE-26F5C7450042'; Base = 'IBackgroundCopyJob2'; Methods = @(
            'ReplaceRemotePrefix(string, string)'
            'AddFileWithRanges(string, string, uint, pointer)'
            'SetFileACLFlags(uint)'
            'GetFileACLFlags(out uint)'
        )
    }
    IBackgroundCopyJob4 = @{
        Iid = '659CDEAE-489E-11D9-A9CD-000D56965251'; Base = 'IBackgroundCopyJob3'; Methods = @(
            'SetPeerCachingFlags(uint)'
            'GetPeerCachingFlags(out uint)'
            'GetOwnerIntegrityLevel(out uint)'
            'GetOwnerElevationState(out int)'
            'SetMaximumDownloadTime(uint)'
            'GetMaximumDownloadTime(out uint)'
        )
    }
    IBackgroundCopyJob5 = @{
        Iid = 'E847030C-BBBA-4657-AF6D-484AA42BF1FE'; Base = 'IBackgroundCopyJob4'; Methods = @(
            'SetProperty(int, guid)'
            'GetProperty(int, out guid)'
        )
    }
    IBackgroundCopyFile = @{
        Iid = '01B7BD23-FB88-4A77-8490-5891D3E4653A'; Base = 'IUnknown'; Methods = @(
            'GetRemoteName(out string)'
            'GetLocalName(out string)'
            'GetProgress(pointer)'
        )
    }
    IBackgroundCopyFile2 = @{
        Iid = '83E81B93-0873-474D-8A8C-F2018B1A939C'; Base = 'IBackgroundCopyFile'; Methods = @(
            'GetFileRanges(ref uint, out pointer)'
            'SetRemoteName(string)'
        )
    }
    IBackgroundCopyFile3 = @{
        Iid = '659CDEAA-489E-11D9-A9CD-000D56965251'; Base = 'IBackgroundCopyFile2'; Methods = @(
            'GetTemporaryName(out string)'
            'SetValidationState(int)'
            'GetValidationState(out int)'
            'IsDownloadedFromPeer(out int)'
        )
    }
    IBackgroundCopyFile4 = @{
        Iid = 'EF7E0655-7888-4960-B0E5-730846E03492'; Base = 'IBackgroundCopyFile3'; Methods = @(
            'GetPeerDownloadStats(out ulong, out ulong)'
        )
    }
    IBackgroundCopyFile5 = @{
        Iid = '85C1657F-DAFC-40E8-8834-DF18EA25717E'; Base = 'IBackgroundCopyFile4'; Methods = @(
            'SetProperty(int, string)'
            'GetProperty(int, out string)'
        )
    }
    IBackgroundCopyFile6 = @{
        Iid = 'CF6784F7-D677-49FD-9368-CB47AEE9D1AD'; Base = 'IBackgroundCopyFile5'; Methods = @(
            'UpdateDownloadPosition(ulong)'
            'RequestFileRanges(uint, pointer)'
            'GetFilledFileRanges(out uint, out pointer)'
        )
    }
    IEnumBackgroundCopyJobs = @{
        Iid = '1AF4F612-3B71-466F-8F58-7B6F73AC57AD'; Base = 'IUnknown'; Methods = @(
            'Next(uint, out unknown, ref uint)'
            'Skip(uint)'
            'Reset()'
            'Clone(out unknown)'
            'GetCount(out uint)'
        )
    }
    IEnumBackgroundCopyFiles = @{
        Iid = 'CA51E165-C365-424C-8D41-24AAA4FF3C40'; Base = 'IUnknown'; Methods = @(
            'Next(uint, out unknown, ref uint)'
            'Skip(uint)'
            'Reset()'
            'Clone(out unknown)'
            'GetCount(out uint)'
        )
    }
    IBackgroundCopyError = @{
        Iid = '19C613A0-FCB8-4F28-81AE-897C3D078F81'; Base = 'IUnknown'; Methods = @(
            'GetError(out int, out int)'
            'GetFile(out unknown)'
            'GetErrorDescription(uint, out string)'
            'GetErrorContextDescription(uint, out string)'
            'GetProtocol(out string)'
        )
    }
    IBackgroundCopyCallback = @{
        Iid = '97EA99C7-0186-4AD4-8DF9-C5B4E0ED6B22'; Base = 'IUnknown'; Methods = @(
            'JobTransferred(unknown)'
            'JobError(unknown, unknown)'
            'JobModification(unknown, uint)'
        )
    }
    IBackgroundCopyCallback2 = @{
        Iid = '659CDEAC-489E-11D9-A9CD-000D56965251'; Base = 'IBackgroundCopyCallback'; Methods = @(
            'FileTransferred(unknown, unknown)'
        )
    }
    IBackgroundCopyCallback3 = @{
        Iid = '98C97BD2-E32B-4AD8-A528-95FD8B16BD42'; Base = 'IBackgroundCopyCallback2'; Methods = @(
            'FileRangesTransferred(unknown, unknown, uint, pointer)'
        )
    }
    IBackgroundCopyJobHttpOptions = @{
        Iid = 'F1BD1079-9F01-4BDC-8036-F09B70095066'; Base = 'IUnknown'; Methods = @(
            'SetClientCertificateByID(int, string, pointer)'
            'SetClientCertificateByName(int, string, string)'
            'RemoveClientCertificate()'
            'GetClientCertificate(out int, out string, out pointer, out string)'
            'SetCustomHeaders(string)'
            'GetCustomHeaders(out string)'
            'SetSecurityFlags(uint)'
            'GetSecurityFlags(out uint)'
        )
    }
    IBackgroundCopyJobHttpOptions2 = @{
        Iid = 'B591A192-A405-4FC3-8323-4C5C542578FC'; Base = 'IBackgroundCopyJobHttpOptions'; Methods = @(
            'SetHttpMethod(string)'
            'GetHttpMethod(out string)'
        )
    }
    IBackgroundCopyJobHttpOptions3 = @{
        Iid = '8A9263D3-FD4C-4EDA-9B28-30132A4D4E3C'; Base = 'IBackgroundCopyJobHttpOptions2'; Methods = @(
            'SetServerCertificateValidationInterface(unknown)'
            'MakeCustomHeadersWriteOnly()'
        )
    }
    IBitsTokenOptions = @{
        Iid = '9A2584C3-F7D2-457A-9A5E-22B67BFFC7D2'; Base = 'IUnknown'; Methods = @(
            'SetHelperTokenFlags(int)'
            'GetHelperTokenFlags(out int)'
            'SetHelperToken()'
            'ClearHelperToken()'
            'GetHelperTokenSid(out string)'
        )
    }
    IDeliveryOptimizationJob = @{
        Iid = 'EE2584CF-A69C-4848-B633-2649962B3EF7'; Base = 'IUnknown'; Methods = @(
            'AddFileWithRanges(string, string, string, uint, pointer, ulong)'
        )
    }
    IDeliveryOptimizationJob2 = @{
        Iid = '18995A26-BF59-4ABE-9F8B-D5092D5A2405'; Base = 'IUnknown'; Methods = @(
            'AddFile(string, string, uint, pointer, in guid, out unknown)'
            'GetProperty(int, out variant)'
            'SetProperty(int, in variant)'
        )
    }
    IDeliveryOptimizationFile = @{
        Iid = 'B76B9699-E99E-4101-803F-A20E325D93E2'; Base = 'IUnknown'; Methods = @(
            'GetStats(pointer)'
        )
    }
    IDeliveryOptimizationFile2 = @{
        Iid = '3A87296F-6EC2-4126-AB29-E3F8DC4CC390'; Base = 'IUnknown'; Methods = @(
            'GetProperty(int, out variant)'
            'SetProperty(int, in variant)'
        )
    }
    IEnumUnknown = @{
        Iid = '00000100-0000-0000-C000-000000000046'; Base = 'IUnknown'; Methods = @(
            'Next(uint, out unknown, out uint)'
            'Skip(uint)'
            'Reset()'
            'Clone(out unknown)'
        )
    }
    IDOManager = @{
        Iid = '400E2D4A-1431-4C1A-A748-39CA472CFDB1'; Base = 'IUnknown'; Methods = @(
            'CreateDownload(out unknown)'
            'EnumDownloads(pointer, out unknown)'
        )
    }
    IDODownload = @{
        Iid = 'FBBD7FC0-C147-4727-A38D-827EF071EE77'; Base = 'IUnknown'; Methods = @(
            'Start(pointer)'
            'Pause()'
            'Abort()'
            'Finalize()'
            'GetStatus(pointer)'
            'GetProperty(int, out variant)'
            'SetProperty(int, in variant)'
        )
    }
    IDODownloadStatusCallback = @{
        Iid = 'D166E8E3-A90E-4392-8E87-05E996D3747D'; Base = 'IUnknown'; Methods = @(
            'OnStatusChange(unknown, pointer)'
        )
    }
}

function Get-InterfaceTable { $script:interfaces }

Export-ModuleMember -Function Get-InterfaceTable
