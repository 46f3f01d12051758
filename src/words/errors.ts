import type { ServiceName } from "../model/services.js";
import type { BridgeErrorCode } from "./bridge-codes.js";
import { adviseOnFailure, describeFailure, type BridgeDetails } from "./bridge-words.js";
import "./every-language.js";
import { helpUrlOf } from "./help.js";
import { findHresult, hex, type CodeName } from "./hresults.js";
import { adviseOnRefusal, describeRefusal, inLocale, type Language } from "./messages.js";

/** Whether a failed request might have changed anything: `"not sent"` means that nothing has changed. */
export type RequestOutcome = "not sent" | "unknown";

// Two copies of the package in one program (a bundle next to node_modules) must recognize each other's errors.
function isBranded(value: unknown, brand: symbol): boolean {
  return typeof value === "object" && value !== null && (value as Record<symbol, unknown>)[brand] === true;
}

const LOCALIZED = Symbol.for("background-copy.LocalizedError");
const REFUSED = Symbol.for("background-copy.BackgroundCopyError");
const BRIDGE = Symbol.for("background-copy.BridgeError");

/** The base class of all errors of this package: a stable `code` for programs, and a `message` for users in their language. */
export abstract class LocalizedError extends Error {
  /** Whether `value` is an error of this class, including errors of another copy of this package. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return isBranded(value, LOCALIZED);
  }

  /** The stable name of the error, for programs. It's never translated. */
  abstract readonly code: string;
  /** The language of `message` and `advice`. */
  readonly locale: string;
  /** The recommended action, in the language of the message. */
  readonly advice: string | undefined;

  readonly #words: (language: Language) => string;
  readonly #language: Language;

  /** @internal */
  protected constructor(
    language: Language,
    words: (language: Language) => string,
    advice: (language: Language) => string | undefined,
    cause?: unknown,
  ) {
    super(words(language), cause === undefined ? undefined : { cause });
    this.locale = language.locale;
    this.advice = advice(language);
    this.#language = language;
    this.#words = words;
  }

  /**
   * Returns the message in another language.
   *
   * @param locale - A BCP 47 tag, from which the nearest {@link Locale | language} is chosen.
   */
  localize(locale: string): string {
    return this.#words(inLocale(this.#language, locale));
  }

  /**
   * The page of the code in the reference, in the language of the message. Undefined if no URL of the reference is known; see
   * {@link ConnectOptions.helpBaseUrl}. {@link explain} and `background-copy explain` explain a code offline.
   */
  get helpUrl(): string | undefined {
    return helpUrlOf(this.#language, this.code);
  }

  /** Returns the error as plain data, for logs and support tickets. */
  toJSON(): Record<string, unknown> {
    return { ...(this as object), name: this.name, message: this.message };
  }

  static {
    Object.defineProperty(LocalizedError.prototype, LOCALIZED, { value: true });
  }
}

/** @internal */
export interface Refusal {
  readonly hresult: number;
  readonly method: string;
  readonly calledMethod?: string | undefined;
  readonly knownTo?: ServiceName | undefined;
  readonly service: ServiceName;
  readonly jobId?: string | undefined;
  readonly property?: string | undefined;
  readonly ownerIntegrityLevel?: number | undefined;
}

/**
 * The service refused a request: a COM method returned an error code. The message explains the code. For Cancel, it quotes
 * [Microsoft's documentation](https://learn.microsoft.com/windows/win32/delivery_optimization/ibackgroundcopyjob-cancel).
 */
export class BackgroundCopyError extends LocalizedError {
  static override [Symbol.hasInstance](value: unknown): boolean {
    return isBranded(value, REFUSED);
  }

  /** The name of the code, such as `"DO_E_INVALID_STATE"`, or the hexadecimal form of a code without a name. */
  override readonly code: CodeName | (string & {});
  /** The code as an unsigned number, such as `2161123347`. */
  readonly hresult: number;
  /** The code in hexadecimal, such as `"0x80D02013"`. */
  readonly hex: string;
  /** The documented name of the method that returned the code, such as `"IBackgroundCopyJob::Cancel"`. */
  readonly method: string;
  /** The method that ran, if it differs from `method`, such as `"IDODownload::Abort"`. */
  readonly calledMethod: string | undefined;
  /** The service that has a job with this ID, if the service that refused the request doesn't. */
  readonly knownTo: ServiceName | undefined;
  /** The service that refused the request. */
  readonly service: ServiceName;
  /** The ID of the job, if the request was for a job. */
  readonly jobId: string | undefined;
  /**
   * For {@link BackgroundCopyJob.set}, the setting that the service refused. The settings before it, in the order of {@link JobSettings},
   * are set.
   */
  readonly property: string | undefined;
  /** The integrity level of the job's owner, if a plan of a fleet contains it. */
  readonly ownerIntegrityLevel: number | undefined;

  /** @internal */
  constructor(refusal: Refusal, language: Language) {
    const { hresult, method, calledMethod, knownTo, service, jobId, property, ownerIntegrityLevel } = refusal;
    super(
      language,
      (l) => describeRefusal(l, hresult, method, { knownTo, ownerIntegrityLevel }),
      (l) => adviseOnRefusal(l, hresult, method, { ownerIntegrityLevel }),
    );
    this.hresult = hresult;
    this.hex = hex(hresult);
    this.code = findHresult(hresult)?.name ?? this.hex;
    this.method = method;
    this.calledMethod = calledMethod;
    this.knownTo = knownTo;
    this.service = service;
    this.jobId = jobId;
    this.property = property;
    this.ownerIntegrityLevel = ownerIntegrityLevel;
  }

  static {
    Object.defineProperty(BackgroundCopyError.prototype, "name", { value: "BackgroundCopyError" });
    Object.defineProperty(BackgroundCopyError.prototype, REFUSED, { value: true });
  }
}

// The codes for an unknown job, of Delivery Optimization and of BITS.
const NOT_FOUND: readonly string[] = ["DO_E_JOB_NOT_FOUND", "BG_E_NOT_FOUND"];

/** Whether the service does not know the job. */
export function isNotFound(error: unknown): error is BackgroundCopyError {
  return error instanceof BackgroundCopyError && NOT_FOUND.includes(error.code);
}

/** @internal */
export interface BridgeFailure extends BridgeDetails {
  readonly outcome: RequestOutcome;
  readonly hresult?: number;
  readonly diagnostics?: readonly string[];
  readonly cause?: unknown;
}

/** PowerShell or the service couldn't be used. `outcome` indicates whether the request might have changed anything. */
export class BridgeError extends LocalizedError {
  static override [Symbol.hasInstance](value: unknown): boolean {
    return isBranded(value, BRIDGE);
  }

  override readonly code: BridgeErrorCode;
  /** `"not sent"`: Nothing has changed. `"unknown"`: The service might have carried out the request. */
  readonly outcome: RequestOutcome;
  /** With SERVICE_UNAVAILABLE, the code with which the class of the service failed to start, as an unsigned number. */
  readonly hresult: number | undefined;
  /**
   * The last lines that PowerShell wrote in addition to its responses, for support tickets. Lines after the first request with data of the
   * program are reduced to their length and the names of types, methods, and files in them, so that they don't repeat any data.
   */
  readonly diagnostics: readonly string[];
  /** The parts of the message, from which `background-copy/words` creates the message in another language. */
  readonly details: Readonly<Record<string, unknown>>;

  readonly #failure: BridgeFailure;

  /** @internal */
  constructor(code: BridgeErrorCode, failure: BridgeFailure, language: Language) {
    const { outcome, hresult, diagnostics = [], cause, ...details } = failure;
    const worded = { ...details, code, outcome, hresult };
    super(
      language,
      (l) => describeFailure(l, worded),
      (l) => adviseOnFailure(l, worded),
      cause,
    );
    this.code = code;
    this.outcome = outcome;
    this.hresult = hresult;
    this.diagnostics = diagnostics;
    this.details = details;
    this.#failure = failure;
  }

  /**
   * The subject of the advice, for callers that have their own text for it. A service that fails to start has the advice of its code.
   *
   * @internal
   */
  get adviceKey(): string | undefined {
    const { feature, hresult } = this.#failure;
    return hresult === undefined ? [this.code, ...(feature ? [feature] : [])].join("_") : undefined;
  }

  /**
   * The same failure, with later information.
   *
   * @internal
   */
  with(details: Partial<Pick<BridgeFailure, "jobGone" | "cause" | "outcome">>, language: Language): BridgeError {
    return new BridgeError(this.code, { ...this.#failure, ...details }, language);
  }

  static {
    Object.defineProperty(BridgeError.prototype, "name", { value: "BridgeError" });
    Object.defineProperty(BridgeError.prototype, BRIDGE, { value: true });
  }
}
