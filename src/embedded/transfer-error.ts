import type { JobErrorContext } from "../model/job.js";
import {
  DO_E_HTTP_CERT_VALIDATION,
  E_ACCESSDENIED,
  E_FAIL,
  E_UNEXPECTED,
  ERROR_DISK_FULL,
  ERROR_FILE_INVALID,
  ERROR_FILENAME_EXCED_RANGE,
  ERROR_WINHTTP_CANNOT_CONNECT,
  ERROR_WINHTTP_CONNECTION_ERROR,
  ERROR_WINHTTP_NAME_NOT_RESOLVED,
  ERROR_WINHTTP_REDIRECT_FAILED,
  ERROR_WINHTTP_TIMEOUT,
  ERROR_PATH_NOT_FOUND,
  ERROR_WRITE_PROTECT,
  httpCode,
} from "./codes.js";

/** The code, in addition to those of Node, for a file or a folder that is no longer the one that was created or found. */
export const REPLACED = "REPLACED";

const DISK_CODES: Readonly<Record<string, number>> = {
  ENOSPC: ERROR_DISK_FULL,
  EDQUOT: ERROR_DISK_FULL,
  EACCES: E_ACCESSDENIED,
  EPERM: E_ACCESSDENIED,
  EROFS: ERROR_WRITE_PROTECT,
  ENOENT: ERROR_PATH_NOT_FOUND,
  ENOTDIR: ERROR_PATH_NOT_FOUND,
  ENAMETOOLONG: ERROR_FILENAME_EXCED_RANGE,
  ELOOP: ERROR_FILE_INVALID,
  [REPLACED]: ERROR_FILE_INVALID,
};

const NETWORK_CODES: Readonly<Record<string, number>> = {
  ENOTFOUND: ERROR_WINHTTP_NAME_NOT_RESOLVED,
  EAI_AGAIN: ERROR_WINHTTP_NAME_NOT_RESOLVED,
  ECONNREFUSED: ERROR_WINHTTP_CANNOT_CONNECT,
  EHOSTUNREACH: ERROR_WINHTTP_CANNOT_CONNECT,
  ENETUNREACH: ERROR_WINHTTP_CANNOT_CONNECT,
  ETIMEDOUT: ERROR_WINHTTP_TIMEOUT,
  UND_ERR_CONNECT_TIMEOUT: ERROR_WINHTTP_TIMEOUT,
  UND_ERR_HEADERS_TIMEOUT: ERROR_WINHTTP_TIMEOUT,
  UND_ERR_BODY_TIMEOUT: ERROR_WINHTTP_TIMEOUT,
};

interface TransferFailure {
  readonly context?: JobErrorContext;
  readonly transient?: boolean;
  readonly cause?: unknown;
}

/** The reason why a file could not be transferred: the code for its job, the context, and whether a retry makes sense. */
export class TransferError extends Error {
  readonly hresult: number;
  readonly context: JobErrorContext;
  readonly transient: boolean;

  constructor(
    hresult: number,
    { context = "BG_ERROR_CONTEXT_REMOTE_FILE", transient = false, cause }: TransferFailure = {},
  ) {
    super(`transfer failed: 0x${hresult.toString(16)}`, { cause });
    this.hresult = hresult;
    this.context = context;
    this.transient = transient;
  }

  /** `error` itself if it is a TransferError; anything else is unexpected. */
  static from(error: unknown): TransferError {
    return error instanceof TransferError
      ? error
      : new TransferError(E_UNEXPECTED, { context: "BG_ERROR_CONTEXT_UNKNOWN", cause: error });
  }
}

/** An error of the file system. A retry does not help. */
export function diskError(cause: unknown): TransferError {
  const hresult = DISK_CODES[nodeCode(cause)] ?? E_FAIL;
  return new TransferError(hresult, { context: "BG_ERROR_CONTEXT_LOCAL_FILE", cause });
}

/** No response, or an interrupted one. */
export function networkError(cause: unknown): TransferError {
  const code = nodeCode(cause);
  if (/CERT|UNABLE_TO_VERIFY/.test(code)) {
    return new TransferError(DO_E_HTTP_CERT_VALIDATION, { cause });
  }
  return new TransferError(NETWORK_CODES[code] ?? ERROR_WINHTTP_CONNECTION_ERROR, { transient: true, cause });
}

/** The server redirects endlessly, or to a location from which files are not downloaded. */
export function redirectError(): TransferError {
  return new TransferError(ERROR_WINHTTP_REDIRECT_FAILED);
}

/** A response whose status is not that of a download. */
export function httpError(status: number): TransferError {
  return new TransferError(httpCode(status), { transient: status >= 500 });
}

/** The `code` of errors of Node. fetch wraps them, and groups them if it tried several addresses. */
function nodeCode(error: unknown): string {
  if (!(error instanceof Error)) {
    return "";
  }
  const { code } = error as NodeJS.ErrnoException;
  return code ?? nodeCode(error.cause ?? (error instanceof AggregateError ? error.errors[0] : undefined));
}
