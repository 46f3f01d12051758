import type { JobErrorContext } from "../model/job.js";
import {
  BG_E_INVALID_SERVER_RESPONSE,
  DO_E_HTTP_CERT_VALIDATION,
  E_ACCESSDENIED,
  E_INVALIDARG,
  E_OUTOFMEMORY,
  E_UNEXPECTED,
  ERROR_DISK_FULL,
  ERROR_FILE_EXISTS,
  ERROR_FILE_INVALID,
  ERROR_FILE_TOO_LARGE,
  ERROR_FILENAME_EXCED_RANGE,
  ERROR_INVALID_NAME,
  ERROR_PATH_NOT_FOUND,
  ERROR_SHARING_VIOLATION,
  ERROR_TOO_MANY_OPEN_FILES,
  ERROR_WINHTTP_CANNOT_CONNECT,
  ERROR_WINHTTP_CONNECTION_ERROR,
  ERROR_WINHTTP_INVALID_URL,
  ERROR_WINHTTP_NAME_NOT_RESOLVED,
  ERROR_WINHTTP_REDIRECT_FAILED,
  ERROR_WINHTTP_SECURE_FAILURE,
  ERROR_WINHTTP_TIMEOUT,
  ERROR_WRITE_FAULT,
  ERROR_WRITE_PROTECT,
  httpCode,
} from "./codes.js";

/** The code, in addition to those of Node, for a file or a folder that is no longer the one that was created or found. */
export const REPLACED = "REPLACED";

const DISK_CODES = new Map(
  Object.entries({
    ENOSPC: ERROR_DISK_FULL,
    EDQUOT: ERROR_DISK_FULL,
    EACCES: E_ACCESSDENIED,
    EPERM: E_ACCESSDENIED,
    // Node's permission model.
    ERR_ACCESS_DENIED: E_ACCESSDENIED,
    EROFS: ERROR_WRITE_PROTECT,
    ENOENT: ERROR_PATH_NOT_FOUND,
    ENOTDIR: ERROR_PATH_NOT_FOUND,
    ENAMETOOLONG: ERROR_FILENAME_EXCED_RANGE,
    EFBIG: ERROR_FILE_TOO_LARGE,
    EISDIR: ERROR_FILE_EXISTS,
    EEXIST: ERROR_FILE_EXISTS,
    ENOTEMPTY: ERROR_FILE_EXISTS,
    EBUSY: ERROR_SHARING_VIOLATION,
    ETXTBSY: ERROR_SHARING_VIOLATION,
    EINVAL: ERROR_INVALID_NAME,
    EILSEQ: ERROR_INVALID_NAME,
    EMFILE: ERROR_TOO_MANY_OPEN_FILES,
    ENFILE: ERROR_TOO_MANY_OPEN_FILES,
    ENOMEM: E_OUTOFMEMORY,
    ELOOP: ERROR_FILE_INVALID,
    [REPLACED]: ERROR_FILE_INVALID,
  }),
);

const NETWORK_CODES = new Map(
  Object.entries({
    ENOTFOUND: ERROR_WINHTTP_NAME_NOT_RESOLVED,
    EAI_AGAIN: ERROR_WINHTTP_NAME_NOT_RESOLVED,
    ECONNREFUSED: ERROR_WINHTTP_CANNOT_CONNECT,
    EHOSTUNREACH: ERROR_WINHTTP_CANNOT_CONNECT,
    ENETUNREACH: ERROR_WINHTTP_CANNOT_CONNECT,
    ETIMEDOUT: ERROR_WINHTTP_TIMEOUT,
    UND_ERR_CONNECT_TIMEOUT: ERROR_WINHTTP_TIMEOUT,
    UND_ERR_HEADERS_TIMEOUT: ERROR_WINHTTP_TIMEOUT,
    UND_ERR_BODY_TIMEOUT: ERROR_WINHTTP_TIMEOUT,
  }),
);

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
  const hresult = DISK_CODES.get(nodeCode(cause)) ?? ERROR_WRITE_FAULT;
  return new TransferError(hresult, { context: "BG_ERROR_CONTEXT_LOCAL_FILE", cause });
}

// The codes of failures that a retry does not change, in addition to those of a response that ends early.
const LASTING: readonly (readonly [code: RegExp, hresult: number])[] = [
  [/CERT|UNABLE_TO_VERIFY/, DO_E_HTTP_CERT_VALIDATION],
  [/^(?:EPROTO$|ERR_SSL_|ERR_TLS_)/, ERROR_WINHTTP_SECURE_FAILURE],
  [/^HPE_(?!INVALID_EOF_STATE)|^UND_ERR_HEADERS_OVERFLOW$/, BG_E_INVALID_SERVER_RESPONSE],
  // The fetch of a test service refuses the request, and nothing is sent.
  [/^ERR_INVALID_URL$/, ERROR_WINHTTP_INVALID_URL],
  [/^UND_ERR_(?:INVALID_ARG|NOT_SUPPORTED)$/, E_INVALIDARG],
];

// The messages of Node and Deno for a port that the fetch of a test service blocks. The error has no code.
const BLOCKED_PORT = /\bbad port\b|\bport \d+ are blocked\b/;

function isPortBlocked(error: unknown): boolean {
  const { message, cause } = Object(error) as Partial<Error>;
  return BLOCKED_PORT.test(`${message} ${(Object(cause) as Partial<Error>).message}`);
}

/** No response, or an interrupted one. */
export function networkError(cause: unknown): TransferError {
  const code = nodeCode(cause);
  const [, lasting] = LASTING.find(([pattern]) => pattern.test(code)) ?? [];
  const refusal = lasting ?? (isPortBlocked(cause) ? ERROR_WINHTTP_INVALID_URL : undefined);
  if (refusal !== undefined) {
    return new TransferError(refusal, { cause });
  }
  return new TransferError(NETWORK_CODES.get(code) ?? ERROR_WINHTTP_CONNECTION_ERROR, { transient: true, cause });
}

/** The server redirects endlessly, or to a location from which files are not downloaded. */
export function redirectError(): TransferError {
  return new TransferError(ERROR_WINHTTP_REDIRECT_FAILED);
}

/** A response whose status is not that of a download. */
export function httpError(status: number): TransferError {
  return new TransferError(httpCode(status), { transient: status >= 500 });
}

/** The `code` of errors of Node. `fetch` wraps them, and groups them if it tried several addresses. */
function nodeCode(error: unknown): string {
  // Not with instanceof: under some test runners, Node's errors are of another realm.
  const { code, cause, errors } = Object(error) as { code?: unknown; cause?: unknown; errors?: unknown };
  if (typeof code === "string") {
    return code;
  }
  const inner = cause ?? (Array.isArray(errors) ? errors[0] : undefined);
  return inner === undefined ? "" : nodeCode(inner);
}
