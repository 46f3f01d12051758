// The codes that this service returns or sets as the error of a job, under their documented names.

export const S_OK = 0;
export const S_FALSE = 1;
export const BG_S_PARTIAL_COMPLETE = 0x00200017;
export const BG_S_UNABLE_TO_DELETE_FILES = 0x0020001a;
export const BG_E_STRING_TOO_LONG = 0x80200021;
export const BG_E_INVALID_SERVER_RESPONSE = 0x8020001b;
export const DO_E_JOB_NOT_FOUND = 0x80d02003;
export const DO_E_JOB_EMPTY = 0x80d02004;
export const DO_E_INVALID_STATE = 0x80d02013;
export const DO_E_FILE_SIZE_UNKNOWN_HTTP_200 = 0x80d0201a;
export const DO_E_HTTP_BLOCKSIZE_MISMATCH = 0x80d05001;
export const DO_E_HTTP_CERT_VALIDATION = 0x80d05002;
export const E_NOTIMPL = 0x80004001;
export const E_UNEXPECTED = 0x8000ffff;
export const E_ACCESSDENIED = 0x80070005;
export const E_INVALIDARG = 0x80070057;
export const E_OUTOFMEMORY = 0x8007000e;

// Win32 error codes as HRESULTs: 0x80070000 + the number.
export const ERROR_PATH_NOT_FOUND = 0x80070003;
export const ERROR_TOO_MANY_OPEN_FILES = 0x80070004;
export const ERROR_WRITE_PROTECT = 0x80070013;
export const ERROR_WRITE_FAULT = 0x8007001d;
export const ERROR_SHARING_VIOLATION = 0x80070020;
export const ERROR_FILE_EXISTS = 0x80070050;
export const ERROR_DISK_FULL = 0x80070070;
export const ERROR_INVALID_NAME = 0x8007007b;
export const ERROR_FILENAME_EXCED_RANGE = 0x800700ce;
export const ERROR_FILE_TOO_LARGE = 0x800700df;
export const ERROR_FILE_INVALID = 0x800703ee;
export const ERROR_WINHTTP_TIMEOUT = 0x80072ee2;
export const ERROR_WINHTTP_INVALID_URL = 0x80072ee5;
export const ERROR_WINHTTP_NAME_NOT_RESOLVED = 0x80072ee7;
export const ERROR_WINHTTP_CANNOT_CONNECT = 0x80072efd;
export const ERROR_WINHTTP_CONNECTION_ERROR = 0x80072efe;
export const ERROR_WINHTTP_REDIRECT_FAILED = 0x80072f7c;
export const ERROR_WINHTTP_SECURE_FAILURE = 0x80072f8f;

/** The code for an HTTP status. */
export function httpCode(status: number): number {
  return 0x80190000 + status;
}
