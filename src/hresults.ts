/** The group of codes that a code belongs to. */
export type HresultFamily = "deliveryOptimization" | "bits" | "http" | "win32" | "com";

/** One code of the catalogue. */
export interface HresultInfo {
  /** The documentation's name, `"DO_E_INVALID_STATE"`. */
  readonly name: string;
  /** The code as an unsigned number, `2161123347`. */
  readonly hresult: number;
  /** The code in hexadecimal, `"0x80D02013"`. */
  readonly hex: string;
  /** Whether a method that returns this code has succeeded. */
  readonly severity: "success" | "error";
  readonly family: HresultFamily;
  /** Other names that the documentation has for the same code. */
  readonly aliases: readonly string[];
  /** The methods whose page lists the code, as the documentation writes them: `"IBackgroundCopyJob::Cancel"`. */
  readonly returnedBy: readonly string[];
}

// Name, value, aliases; by family, then by value.
const CODES: readonly (readonly [name: string, hresult: number, ...aliases: string[]])[] = [
  // Delivery Optimization
  ["DO_E_NO_SERVICE", 0x80d01001],
  ["DO_E_DOWNLOAD_NO_PROGRESS", 0x80d02002],
  ["DO_E_JOB_NOT_FOUND", 0x80d02003, "DO_E_NOT_FOUND"],
  ["DO_E_JOB_EMPTY", 0x80d02004, "DO_E_EMPTY"],
  ["DO_E_NO_DOWNLOADS", 0x80d02005],
  ["DO_E_MEMORYSTREAM_DOWNLOAD_NOT_SUPPORTED", 0x80d0200b],
  ["DO_E_JOB_TOO_OLD", 0x80d0200c],
  ["DO_E_LOCALPATH_NOT_SET", 0x80d0200d],
  ["DO_E_FILE_NOT_AVAILABLE", 0x80d02010],
  ["DO_E_UNKNOWN_PROPERTY_ID", 0x80d02011],
  ["DO_E_READ_ONLY_PROPERTY", 0x80d02012],
  ["DO_E_INVALID_STATE", 0x80d02013],
  ["DO_E_ERROR_INFORMATION_UNAVAILABLE", 0x80d02014],
  ["DO_E_WRITE_ONLY_PROPERTY", 0x80d02015],
  ["DO_E_INTEGRITYCHECKINFO_UNSPECIFIED", 0x80d02016],
  ["DO_E_INTEGRITYCHECKINFO_UNAVAILABLE", 0x80d02017],
  ["DO_E_FILE_DOWNLOADSINK_UNSPECIFIED", 0x80d02018],
  ["DO_E_FILE_DOWNLOADSINK_ALREADY_SET", 0x80d02019],
  ["DO_E_FILE_SIZE_UNKNOWN_HTTP_200", 0x80d0201a],
  ["DO_E_FILE_ENCRYPTION_EXPECTED", 0x80d0201b],
  ["DO_E_FILE_SIZE_UNKNOWN_HTTP_206", 0x80d0201c],
  ["DO_E_FILE_SIZE_UNKNOWN_HTTP_2XX", 0x80d0201d],
  ["DO_E_NETWORK_ACCESS_CONSENT_NEEDED", 0x80d0201e],
  ["DO_E_DOWNLOAD_NO_URI", 0x80d02200],
  ["DO_E_DOWNLOAD_NO_CONTENT_ID", 0x80d02201],
  ["DO_E_INVALID_CONTENT_ID", 0x80d02202],
  ["DO_E_DOWNLOAD_RANGES_UNEXPECTED", 0x80d02203],
  ["DO_E_DOWNLOAD_RANGES_EXPECTED", 0x80d02204],
  ["DO_E_NO_DOWNLOAD_PARTICIPATION", 0x80d03001],
  ["DO_E_NO_DOWNLOAD_EXTSETTINGS", 0x80d03002],
  ["DO_E_BLOCKED_BY_COST_TRANSFER_POLICY", 0x80d03801],
  ["DO_E_DOWNLOADMODE_SET_BY_CP", 0x80d03802],
  ["DO_E_BLOCKED_BY_CELLULAR_POLICY", 0x80d03803],
  ["DO_E_BLOCKED_BY_POWER_STATE", 0x80d03804],
  ["DO_E_BLOCKED_BY_NO_NETWORK", 0x80d03805],
  ["DO_E_DOWNLOADMODE_SET_BY_POLICY", 0x80d03806],
  ["DO_E_BLOCKED_BY_VPN_POLICY", 0x80d03807],
  ["DO_E_BLOCKED_BY_CRITICAL_MEMORY_USAGE", 0x80d03808],
  ["DO_E_DOWNLOADMODE_SET_BY_CACHE_ABSENCE", 0x80d03809],
  ["DO_E_CLOUD_SERVICES_UNREACHABLE", 0x80d0380a],
  ["DO_E_DOWNLOADMODE_SET_FOR_UNREG_CALLER", 0x80d0380b],
  ["DO_E_DOWNLOADMODE_SET_FOR_SIMPLE_RANGES", 0x80d0380c],
  ["DO_E_UNEXPECTED_HTTP_STATUS_2XX", 0x80d0380d],
  ["DO_E_HTTP_BLOCKSIZE_MISMATCH", 0x80d05001],
  ["DO_E_HTTP_CERT_VALIDATION", 0x80d05002],
  ["DO_E_INVALID_RANGE", 0x80d05010],
  ["DO_E_INSUFFICIENT_RANGE_SUPPORT", 0x80d05011],
  ["DO_E_OVERLAPPING_RANGES", 0x80d05012],
  ["DO_E_UPLOADING_BAD_PIECES", 0x80d06800],
  ["DO_E_FATAL_CORE_ERROR", 0x80d06802],
  ["DO_E_SERVICES_RESPONSE_EMPTY", 0x80d06803],
  ["DO_E_BAD_INCOMING_DATA", 0x80d06804],
  ["DO_E_BAD_PIECE_HASH", 0x80d06805],
  ["DO_E_BAD_PIECE_HASH_NO_BAN", 0x80d06806],
  ["DO_E_ALREADY_HAVE_PIECE", 0x80d06807],
  ["DO_E_MISSING_PIECE", 0x80d06808],
  ["DO_E_METAINFO_PARSE_JSON", 0x80d06809],
  ["DO_E_METAINFO_VERSION", 0x80d0680a],
  ["DO_E_SWARM_NOT_RUNNING", 0x80d0680b],
  ["DO_E_UNRECOGNIZED_CONN", 0x80d0680c],
  ["DO_E_PEER_BANNED", 0x80d0680d],
  ["DO_E_CONNECT_TO_SELF", 0x80d0680e],
  ["DO_E_ALREADY_CONNECTED", 0x80d0680f],
  ["DO_E_NO_MORE_CONNECTIONS", 0x80d06810],
  ["DO_E_LOST_CONNECTION", 0x80d06811],
  ["DO_E_UNRECOGNIZED_SWARM", 0x80d06812],
  ["DO_E_INVALID_HANDSHAKE_LEN", 0x80d06813],
  ["DO_E_SOCKET_CLOSED", 0x80d06814],
  ["DO_E_PEER_MSG_TOO_LONG", 0x80d06815],
  ["DO_E_INVALID_PEER_MSG", 0x80d06816],
  ["DO_E_PEER_IS_UPLOAD", 0x80d06817],
  ["DO_E_PIN_FAIL_NO_PEERING", 0x80d06818],
  ["DO_E_DELETE_PINNED_SWARM", 0x80d06819],
  ["DO_E_METAINFO_DIGEST_MATCH", 0x80d0681a],
  ["DO_E_METAINFO_HOH_MATCH", 0x80d0681b],
  ["DO_E_METAINFO_HOH_FINAL_MATCH", 0x80d0681c],
  ["DO_E_METAINFO_CONTENT_LENGTH", 0x80d0681d],
  ["DO_E_METAINFO_PIECE_SIZE", 0x80d0681e],
  ["DO_E_METAINFO_PARSE_HOH", 0x80d0681f],
  ["DO_E_METAINFO_PARSE_PIECEHASHES", 0x80d06820],
  ["DO_E_METAINFO_PARSE_ONE_PIECEHASH", 0x80d06821],
  ["DO_E_METAINFO_FILE_SIZE", 0x80d06822],
  ["DO_E_PHF_DIGESTMATCH_POTENTIAL_PROXYSERVER", 0x80d06823],
  ["DO_E_PHF_PARSEJSON_POTENTIAL_PROXYSERVER", 0x80d06824],
  // BITS
  ["BG_S_ERROR_CONTEXT_NONE", 0x00200006],
  ["BG_S_PARTIAL_COMPLETE", 0x00200017],
  ["BG_S_UNABLE_TO_DELETE_FILES", 0x0020001a],
  ["BG_S_PROXY_CHANGED", 0x0020002a],
  ["BG_S_OVERRIDDEN_BY_POLICY", 0x00200055],
  ["BG_E_NOT_FOUND", 0x80200001],
  ["BG_E_INVALID_STATE", 0x80200002],
  ["BG_E_EMPTY", 0x80200003],
  ["BG_E_FILE_NOT_AVAILABLE", 0x80200004],
  ["BG_E_PROTOCOL_NOT_AVAILABLE", 0x80200005],
  ["BG_E_ERROR_CONTEXT_UNKNOWN", 0x80200007],
  ["BG_E_ERROR_CONTEXT_GENERAL_QUEUE_MANAGER", 0x80200008],
  ["BG_E_ERROR_CONTEXT_LOCAL_FILE", 0x80200009],
  ["BG_E_ERROR_CONTEXT_REMOTE_FILE", 0x8020000a],
  ["BG_E_ERROR_CONTEXT_GENERAL_TRANSPORT", 0x8020000b],
  ["BG_E_ERROR_CONTEXT_QUEUE_MANAGER_NOTIFICATION", 0x8020000c],
  ["BG_E_DESTINATION_LOCKED", 0x8020000d],
  ["BG_E_VOLUME_CHANGED", 0x8020000e],
  ["BG_E_ERROR_INFORMATION_UNAVAILABLE", 0x8020000f],
  ["BG_E_NETWORK_DISCONNECTED", 0x80200010],
  ["BG_E_MISSING_FILE_SIZE", 0x80200011],
  ["BG_E_INSUFFICIENT_HTTP_SUPPORT", 0x80200012],
  ["BG_E_INSUFFICIENT_RANGE_SUPPORT", 0x80200013],
  ["BG_E_REMOTE_NOT_SUPPORTED", 0x80200014],
  ["BG_E_NEW_OWNER_DIFF_MAPPING", 0x80200015],
  ["BG_E_NEW_OWNER_NO_FILE_ACCESS", 0x80200016],
  ["BG_E_PROXY_LIST_TOO_LARGE", 0x80200018],
  ["BG_E_PROXY_BYPASS_LIST_TOO_LARGE", 0x80200019],
  ["BG_E_INVALID_SERVER_RESPONSE", 0x8020001b],
  ["BG_E_TOO_MANY_FILES", 0x8020001c],
  ["BG_E_LOCAL_FILE_CHANGED", 0x8020001d],
  ["BG_E_ERROR_CONTEXT_REMOTE_APPLICATION", 0x8020001e],
  ["BG_E_SESSION_NOT_FOUND", 0x8020001f],
  ["BG_E_TOO_LARGE", 0x80200020],
  ["BG_E_STRING_TOO_LONG", 0x80200021],
  ["BG_E_CLIENT_SERVER_PROTOCOL_MISMATCH", 0x80200022],
  ["BG_E_SERVER_EXECUTE_ENABLE", 0x80200023, "BG_E_SERVER_EXECUTE_ENABLED"],
  ["BG_E_NO_PROGRESS", 0x80200024],
  ["BG_E_USERNAME_TOO_LARGE", 0x80200025],
  ["BG_E_PASSWORD_TOO_LARGE", 0x80200026],
  ["BG_E_INVALID_AUTH_TARGET", 0x80200027],
  ["BG_E_INVALID_AUTH_SCHEME", 0x80200028],
  ["BG_E_FILE_NOT_FOUND", 0x80200029],
  ["BG_E_INVALID_RANGE", 0x8020002b],
  ["BG_E_OVERLAPPING_RANGES", 0x8020002c],
  ["BG_E_CONNECT_FAILURE", 0x8020002d],
  ["BG_E_CONNECTION_CLOSED", 0x8020002e],
  ["BG_E_BLOCKED_BY_POLICY", 0x8020003e],
  ["BG_E_INVALID_PROXY_INFO", 0x8020003f],
  ["BG_E_INVALID_CREDENTIALS", 0x80200040],
  ["BG_E_INVALID_HASH_ALGORITHM", 0x80200041],
  ["BG_E_RECORD_DELETED", 0x80200042],
  ["BG_E_COMMIT_IN_PROGRESS", 0x80200043],
  ["BG_E_DISCOVERY_IN_PROGRESS", 0x80200044],
  ["BG_E_UPNP_ERROR", 0x80200045],
  ["BG_E_TEST_OPTION_BLOCKED_DOWNLOAD", 0x80200046],
  ["BG_E_PEERCACHING_DISABLED", 0x80200047],
  ["BG_E_BUSYCACHERECORD", 0x80200048],
  ["BG_E_TOO_MANY_JOBS_PER_USER", 0x80200049],
  ["BG_E_TOO_MANY_JOBS_PER_MACHINE", 0x80200050],
  ["BG_E_TOO_MANY_FILES_IN_JOB", 0x80200051],
  ["BG_E_TOO_MANY_RANGES_IN_FILE", 0x80200052],
  ["BG_E_VALIDATION_FAILED", 0x80200053],
  ["BG_E_MAXDOWNLOAD_TIMEOUT", 0x80200054],
  ["BG_E_TOKEN_REQUIRED", 0x80200056],
  ["BG_E_UNKNOWN_PROPERTY_ID", 0x80200057],
  ["BG_E_READ_ONLY_PROPERTY", 0x80200058],
  ["BG_E_BLOCKED_BY_COST_TRANSFER_POLICY", 0x80200059],
  ["BG_E_PROPERTY_SUPPORTED_FOR_DOWNLOAD_JOBS_ONLY", 0x80200060],
  ["BG_E_READ_ONLY_PROPERTY_AFTER_ADDFILE", 0x80200061],
  ["BG_E_READ_ONLY_PROPERTY_AFTER_RESUME", 0x80200062],
  ["BG_E_MAX_DOWNLOAD_SIZE_INVALID_VALUE", 0x80200063],
  ["BG_E_MAX_DOWNLOAD_SIZE_LIMIT_REACHED", 0x80200064],
  ["BG_E_STANDBY_MODE", 0x80200065],
  ["BG_E_USE_STORED_CREDENTIALS_NOT_SUPPORTED", 0x80200066],
  ["BG_E_BLOCKED_BY_BATTERY_POLICY", 0x80200067],
  ["BG_E_BLOCKED_BY_BATTERY_SAVER", 0x80200068],
  ["BG_E_WATCHDOG_TIMEOUT", 0x80200069],
  ["BG_E_APP_PACKAGE_NOT_FOUND", 0x8020006a],
  ["BG_E_APP_PACKAGE_SCENARIO_NOT_SUPPORTED", 0x8020006b],
  ["BG_E_DATABASE_CORRUPT", 0x8020006c],
  ["BG_E_RANDOM_ACCESS_NOT_SUPPORTED", 0x8020006d],
  ["BG_E_BLOCKED_BY_BACKGROUND_ACCESS_POLICY", 0x8020006e],
  ["BG_E_BLOCKED_BY_GAME_MODE", 0x8020006f],
  ["BG_E_BLOCKED_BY_SYSTEM_POLICY", 0x80200070],
  ["BG_E_NOT_SUPPORTED_WITH_CUSTOM_HTTP_METHOD", 0x80200071],
  ["BG_E_UNSUPPORTED_JOB_CONFIGURATION", 0x80200072],
  ["BG_E_REMOTE_FILE_CHANGED", 0x80200073],
  ["BG_E_SERVER_CERT_VALIDATION_INTERFACE_REQUIRED", 0x80200074],
  ["BG_E_READ_ONLY_WHEN_JOB_ACTIVE", 0x80200075],
  ["BG_E_ERROR_CONTEXT_SERVER_CERTIFICATE_CALLBACK", 0x80200076],
  // HTTP statuses, as BITS reports them
  ["BG_E_HTTP_ERROR_100", 0x80190064],
  ["BG_E_HTTP_ERROR_101", 0x80190065],
  ["BG_E_HTTP_ERROR_200", 0x801900c8],
  ["BG_E_HTTP_ERROR_201", 0x801900c9],
  ["BG_E_HTTP_ERROR_202", 0x801900ca],
  ["BG_E_HTTP_ERROR_203", 0x801900cb],
  ["BG_E_HTTP_ERROR_204", 0x801900cc],
  ["BG_E_HTTP_ERROR_205", 0x801900cd],
  ["BG_E_HTTP_ERROR_206", 0x801900ce],
  ["BG_E_HTTP_ERROR_300", 0x8019012c],
  ["BG_E_HTTP_ERROR_301", 0x8019012d],
  ["BG_E_HTTP_ERROR_302", 0x8019012e],
  ["BG_E_HTTP_ERROR_303", 0x8019012f],
  ["BG_E_HTTP_ERROR_304", 0x80190130],
  ["BG_E_HTTP_ERROR_305", 0x80190131],
  ["BG_E_HTTP_ERROR_307", 0x80190133],
  ["BG_E_HTTP_ERROR_400", 0x80190190],
  ["BG_E_HTTP_ERROR_401", 0x80190191],
  ["BG_E_HTTP_ERROR_402", 0x80190192],
  ["BG_E_HTTP_ERROR_403", 0x80190193],
  ["BG_E_HTTP_ERROR_404", 0x80190194],
  ["BG_E_HTTP_ERROR_405", 0x80190195],
  ["BG_E_HTTP_ERROR_406", 0x80190196],
  ["BG_E_HTTP_ERROR_407", 0x80190197],
  ["BG_E_HTTP_ERROR_408", 0x80190198],
  ["BG_E_HTTP_ERROR_409", 0x80190199],
  ["BG_E_HTTP_ERROR_410", 0x8019019a],
  ["BG_E_HTTP_ERROR_411", 0x8019019b],
  ["BG_E_HTTP_ERROR_412", 0x8019019c],
  ["BG_E_HTTP_ERROR_413", 0x8019019d],
  ["BG_E_HTTP_ERROR_414", 0x8019019e],
  ["BG_E_HTTP_ERROR_415", 0x8019019f],
  ["BG_E_HTTP_ERROR_416", 0x801901a0],
  ["BG_E_HTTP_ERROR_417", 0x801901a1],
  ["BG_E_HTTP_ERROR_449", 0x801901c1],
  ["BG_E_HTTP_ERROR_500", 0x801901f4],
  ["BG_E_HTTP_ERROR_501", 0x801901f5],
  ["BG_E_HTTP_ERROR_502", 0x801901f6],
  ["BG_E_HTTP_ERROR_503", 0x801901f7],
  ["BG_E_HTTP_ERROR_504", 0x801901f8],
  ["BG_E_HTTP_ERROR_505", 0x801901f9],
  // Win32 errors, as HRESULTs
  ["ERROR_FILE_NOT_FOUND", 0x80070002],
  ["ERROR_PATH_NOT_FOUND", 0x80070003],
  ["E_ACCESSDENIED", 0x80070005],
  ["E_OUTOFMEMORY", 0x8007000e],
  ["ERROR_WRITE_PROTECT", 0x80070013],
  ["ERROR_SHARING_VIOLATION", 0x80070020],
  ["ERROR_FILE_EXISTS", 0x80070050],
  ["E_INVALIDARG", 0x80070057],
  ["ERROR_DISK_FULL", 0x80070070],
  ["ERROR_INVALID_NAME", 0x8007007b],
  ["ERROR_FILENAME_EXCED_RANGE", 0x800700ce],
  ["ERROR_SERVICE_DISABLED", 0x80070422],
  ["ERROR_SERVICE_NOT_ACTIVE", 0x80070426],
  ["E_NOT_SET", 0x80070490],
  ["ERROR_NOT_LOGGED_ON", 0x800704dd],
  ["RPC_S_SERVER_UNAVAILABLE", 0x800706ba],
  ["RPC_S_CALL_FAILED", 0x800706be],
  ["ERROR_RESOURCE_LANG_NOT_FOUND", 0x80070717],
  ["ERROR_WINHTTP_TIMEOUT", 0x80072ee2, "ERROR_INTERNET_TIMEOUT"],
  ["ERROR_WINHTTP_NAME_NOT_RESOLVED", 0x80072ee7, "ERROR_INTERNET_NAME_NOT_RESOLVED"],
  ["ERROR_WINHTTP_CANNOT_CONNECT", 0x80072efd, "ERROR_INTERNET_CANNOT_CONNECT"],
  ["ERROR_WINHTTP_CONNECTION_ERROR", 0x80072efe, "ERROR_INTERNET_CONNECTION_ABORTED"],
  ["ERROR_WINHTTP_SECURE_FAILURE", 0x80072f8f],
  // COM
  ["S_OK", 0x00000000],
  ["S_FALSE", 0x00000001],
  ["E_NOTIMPL", 0x80004001],
  ["E_NOINTERFACE", 0x80004002],
  ["E_POINTER", 0x80004003],
  ["E_FAIL", 0x80004005],
  ["E_UNEXPECTED", 0x8000ffff],
  ["RPC_E_DISCONNECTED", 0x80010108],
  ["RPC_E_WRONG_THREAD", 0x8001010e],
  ["RPC_E_TOO_LATE", 0x80010119],
  ["REGDB_E_CLASSNOTREG", 0x80040154],
  ["CO_E_SERVER_EXEC_FAILURE", 0x80080005],
];

// The codes that the page of each method lists: of BITS, and of Delivery Optimization for the same interface.
const RETURNED_BY: Readonly<Record<string, string>> = {
  "IBackgroundCopyManager::CreateJob": "S_OK E_INVALIDARG BG_E_TOO_MANY_JOBS_PER_MACHINE BG_E_TOO_MANY_JOBS_PER_USER",
  "IBackgroundCopyManager::GetJob": "S_OK BG_E_NOT_FOUND E_ACCESSDENIED DO_E_JOB_NOT_FOUND",
  "IBackgroundCopyManager::EnumJobs": "S_OK E_ACCESSDENIED",
  "IBackgroundCopyManager::GetErrorDescription": "S_OK ERROR_RESOURCE_LANG_NOT_FOUND",
  "IBackgroundCopyJob::AddFileSet": "S_OK BG_E_TOO_MANY_FILES BG_E_TOO_MANY_FILES_IN_JOB E_INVALIDARG E_ACCESSDENIED",
  "IBackgroundCopyJob::AddFile": "S_OK BG_E_TOO_MANY_FILES BG_E_TOO_MANY_FILES_IN_JOB E_INVALIDARG E_ACCESSDENIED",
  "IBackgroundCopyJob::Suspend": "S_OK BG_E_INVALID_STATE DO_E_INVALID_STATE",
  "IBackgroundCopyJob::Resume": "S_OK BG_E_EMPTY BG_E_INVALID_STATE DO_E_JOB_EMPTY DO_E_INVALID_STATE",
  "IBackgroundCopyJob::Cancel": "S_OK BG_S_UNABLE_TO_DELETE_FILES BG_E_INVALID_STATE DO_E_INVALID_STATE",
  "IBackgroundCopyJob::Complete":
    "S_OK BG_S_PARTIAL_COMPLETE BG_S_UNABLE_TO_DELETE_FILES BG_E_INVALID_STATE DO_E_INVALID_STATE",
  "IBackgroundCopyJob::GetType": "S_OK E_INVALIDARG",
  "IBackgroundCopyJob::GetProgress": "S_OK E_INVALIDARG",
  "IBackgroundCopyJob::GetTimes": "S_OK E_INVALIDARG",
  "IBackgroundCopyJob::GetState": "S_OK E_INVALIDARG",
  "IBackgroundCopyJob::GetError": "S_OK BG_E_ERROR_INFORMATION_UNAVAILABLE DO_E_ERROR_INFORMATION_UNAVAILABLE",
  "IBackgroundCopyJob::GetOwner": "S_OK E_INVALIDARG",
  "IBackgroundCopyJob::SetDisplayName": "S_OK E_INVALIDARG BG_E_STRING_TOO_LONG BG_E_INVALID_STATE",
  "IBackgroundCopyJob::GetDisplayName": "S_OK E_INVALIDARG",
  "IBackgroundCopyJob::SetDescription": "S_OK E_INVALIDARG BG_E_STRING_TOO_LONG BG_E_INVALID_STATE",
  "IBackgroundCopyJob::GetDescription": "S_OK E_INVALIDARG",
  "IBackgroundCopyJob::SetPriority": "S_OK E_NOTIMPL BG_E_INVALID_STATE",
  "IBackgroundCopyJob::GetPriority": "S_OK E_INVALIDARG",
  "IBackgroundCopyJob::SetNotifyFlags": "S_OK E_NOTIMPL BG_E_INVALID_STATE DO_E_INVALID_STATE",
  "IBackgroundCopyJob::GetNotifyFlags": "S_OK E_INVALIDARG",
  "IBackgroundCopyJob::SetNotifyInterface": "S_OK BG_E_INVALID_STATE",
  "IBackgroundCopyJob::GetNotifyInterface": "S_OK E_INVALIDARG",
  "IBackgroundCopyJob::SetMinimumRetryDelay": "S_OK BG_E_INVALID_STATE",
  "IBackgroundCopyJob::SetNoProgressTimeout": "S_OK BG_E_INVALID_STATE DO_E_INVALID_STATE",
  "IBackgroundCopyJob::GetNoProgressTimeout": "S_OK E_INVALIDARG",
  "IBackgroundCopyJob::SetProxySettings":
    "S_OK E_NOTIMPL BG_E_PROXY_LIST_TOO_LARGE BG_E_PROXY_BYPASS_LIST_TOO_LARGE BG_E_INVALID_STATE E_INVALIDARG",
  "IBackgroundCopyJob::GetProxySettings": "S_OK E_INVALIDARG",
  "IBackgroundCopyJob::TakeOwnership":
    "S_OK BG_E_INVALID_STATE BG_E_NEW_OWNER_NO_FILE_ACCESS BG_E_NEW_OWNER_DIFF_MAPPING E_ACCESSDENIED",
  "IBackgroundCopyJob5::SetProperty": "S_OK",
  "IBackgroundCopyJob5::GetProperty": "S_OK",
  "IBackgroundCopyFile2::GetFileRanges": "S_OK S_FALSE",
  "IBackgroundCopyFile2::SetRemoteName": "S_OK E_INVALIDARG",
  "IEnumBackgroundCopyJobs::Next": "S_OK S_FALSE",
  "IEnumBackgroundCopyJobs::Skip": "S_OK S_FALSE",
  "IEnumBackgroundCopyFiles::Next": "S_OK S_FALSE",
  "IEnumBackgroundCopyFiles::Skip": "S_OK S_FALSE",
  "IBackgroundCopyError::GetFile": "S_OK BG_E_FILE_NOT_AVAILABLE DO_E_FILE_NOT_AVAILABLE",
  "IBackgroundCopyError::GetErrorDescription": "S_OK E_OUTOFMEMORY E_INVALIDARG ERROR_RESOURCE_LANG_NOT_FOUND",
  "IBackgroundCopyError::GetErrorContextDescription": "S_OK E_OUTOFMEMORY E_INVALIDARG ERROR_RESOURCE_LANG_NOT_FOUND",
  "IBackgroundCopyError::GetProtocol": "S_OK BG_E_PROTOCOL_NOT_AVAILABLE",
  "IDeliveryOptimizationJob::AddFileWithRanges":
    "S_OK E_INVALIDARG E_ACCESSDENIED DO_E_INVALID_RANGE DO_E_OVERLAPPING_RANGES DO_E_INVALID_STATE",
  "IDeliveryOptimizationJob2::GetProperty": "S_OK DO_E_UNKNOWN_PROPERTY_ID",
  "IDeliveryOptimizationFile2::GetProperty":
    "S_OK DO_E_UNKNOWN_PROPERTY_ID DO_E_WRITE_ONLY_PROPERTY E_NOT_SET E_OUTOFMEMORY",
  "IDeliveryOptimizationFile2::SetProperty": "S_OK DO_E_UNKNOWN_PROPERTY_ID DO_E_INVALID_STATE",
  "IDODownload::GetProperty": "DO_E_UNKNOWN_PROPERTY_ID DO_E_WRITE_ONLY_PROPERTY E_NOT_SET",
  "IDODownload::SetProperty": "DO_E_UNKNOWN_PROPERTY_ID DO_E_INVALID_STATE",
  "IDODownloadInternal::GetPropertyEx": "DO_E_UNKNOWN_PROPERTY_ID DO_E_WRITE_ONLY_PROPERTY E_NOT_SET",
  "IDODownloadInternal::SetPropertyEx": "DO_E_UNKNOWN_PROPERTY_ID DO_E_INVALID_STATE",
};

/**
 * Writes an HRESULT as the documentation does.
 *
 * @param value - The code as a signed or unsigned 32-bit number.
 * @returns Eight digits in upper case, `"0x80D02013"`.
 */
export function hex(value: number): string {
  return `0x${(value >>> 0).toString(16).toUpperCase().padStart(8, "0")}`;
}

/**
 * Whether an HRESULT says that the method failed. `S_FALSE` and `BG_S_UNABLE_TO_DELETE_FILES`, for example, do not.
 *
 * @param hresult - The code as a signed or unsigned 32-bit number.
 * @returns `true` for an error code.
 */
export function failed(hresult: number): boolean {
  return hresult >>> 31 === 1;
}

// Facility 0x019 also holds the ids of BITS' events, from 0x4000 on.
const LARGEST_HTTP_STATUS = 999;

/**
 * The group that an HRESULT belongs to, by its facility; the code need not be in the catalogue.
 *
 * @param hresult - The code as a signed or unsigned 32-bit number.
 * @returns The family; `"com"` for every facility that has no family of its own.
 */
export function familyOf(hresult: number): HresultFamily {
  switch ((hresult >>> 16) & 0x1fff) {
    case 0x0d0:
      return "deliveryOptimization";
    case 0x020:
      return "bits";
    case 0x019:
      return (hresult & 0xffff) <= LARGEST_HTTP_STATUS ? "http" : "bits";
    case 0x007:
      return "win32";
    default:
      return "com";
  }
}

const methodsOf = new Map<string, string[]>();
for (const [method, codes] of Object.entries(RETURNED_BY)) {
  for (const code of codes.split(" ")) {
    const methods = methodsOf.get(code) ?? [];
    methods.push(method);
    methodsOf.set(code, methods);
  }
}

/** Every code that the documentation and the headers of the two services name, by family, then by value. */
export const hresults: readonly HresultInfo[] = CODES.map(([name, hresult, ...aliases]) => ({
  name,
  hresult,
  hex: hex(hresult),
  severity: failed(hresult) ? "error" : "success",
  family: familyOf(hresult),
  aliases,
  returnedBy: methodsOf.get(name) ?? [],
}));

/**
 * Reads the number of an HRESULT; the code need not be in the catalogue.
 *
 * @param text - Hexadecimal with `0x`, or decimal, signed (`-2133843949`) or unsigned (`2161123347`).
 * @returns The code as an unsigned number; `undefined` for a text that is no number of 32 bits.
 */
export function parseHresult(text: string): number | undefined {
  if (!/^\s*(0x[0-9a-f]+|-?\d+)\s*$/i.test(text)) {
    return undefined;
  }
  const value = Number(text);
  return value >= -(2 ** 31) && value < 2 ** 32 ? value >>> 0 : undefined;
}

interface Index {
  readonly byName: ReadonlyMap<string, HresultInfo>;
  readonly byValue: ReadonlyMap<number, HresultInfo>;
}

let index: Index | undefined;

function makeIndex(): Index {
  return {
    byName: new Map(hresults.flatMap((info) => [info.name, ...info.aliases].map((name) => [name, info] as const))),
    byValue: new Map(hresults.map((info) => [info.hresult, info])),
  };
}

/**
 * Finds a code of the catalogue.
 *
 * @param value - A name or alias in any letter case (`"DO_E_INVALID_STATE"`), or a number: hexadecimal with `0x`,
 *   or decimal, signed or unsigned.
 * @returns The code, or `undefined` where the catalogue has none.
 */
export function findHresult(value: number | string): HresultInfo | undefined {
  index ??= makeIndex();
  const text = String(value);
  const number = parseHresult(text);
  return number === undefined ? index.byName.get(text.trim().toUpperCase()) : index.byValue.get(number);
}
