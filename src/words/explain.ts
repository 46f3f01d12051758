import { badArgument, checkNoOthers, languageOf, checkString } from "./arguments.js";
import { BRIDGE_ERROR_CODES } from "./errors.js";
import { helpUrlOf } from "./help.js";
import { findHresult, hex as hexOf, parseHresult } from "./hresults.js";
import type { Locale } from "./locale.js";
import { adviseOnHresult, describeHresult, text, type Wording } from "./messages.js";

/** The options of {@link explain}. */
export interface ExplainOptions {
  /** The method that returned the code, as the documentation writes it: `IBackgroundCopyJob::Cancel`; a dot will do for the colons. */
  readonly method?: string | undefined;
  /** The language: a BCP 47 tag, the nearest {@link Locale | language} is used. Default: the environment's. */
  readonly locale?: string | undefined;
  /** Which sentences of the documentation are shown. Default: `"documented"`. */
  readonly wording?: Wording | undefined;
}

/** A code in words. */
export interface Explanation {
  /** The code's name; a code without a name is its hexadecimal form. */
  readonly code: string;
  /** The code as an unsigned number; a {@link BridgeErrorCode} has none. */
  readonly hresult: number | undefined;
  /** The code in hexadecimal. */
  readonly hex: string | undefined;
  readonly severity: "success" | "error";
  readonly method: string | undefined;
  readonly locale: Locale;
  readonly message: string;
  /** What can be done about it. */
  readonly advice: string | undefined;
  /** The page of the code in the reference, as in {@link LocalizedError.helpUrl}. */
  readonly helpUrl: string;
}

/** Words without what only an error itself can tell, where that stands in brackets or at the end. */
function withoutUnknown(words: string): string {
  return words.replace(/ ?[(（][^()（）]*…[^()（）]*[)）]| ?…$/g, "");
}

/**
 * Says what a code means, without asking any service.
 *
 * @param code - A name (`DO_E_INVALID_STATE`, or that of a {@link BridgeErrorCode}, `TIMEOUT`), a hexadecimal number (`0x80D02013`), or
 *   a decimal one, signed or unsigned.
 * @throws TypeError for a text that is neither a known name nor a number of 32 bits, and for an option that there is none of.
 */
export function explain(code: string | number, options: ExplainOptions = {}): Explanation {
  const language = languageOf(options);
  const { method: asked, locale, wording, ...others } = options;
  checkNoOthers(language, others);
  const method =
    asked === undefined ? undefined : checkString(language, "method", asked).replace(/^(\w+)\.(\w+)$/, "$1::$2");
  const isCode = typeof code === "string" || typeof code === "number";
  const ownCode = isCode ? String(code).trim().toUpperCase() : "";
  if (BRIDGE_ERROR_CODES.includes(ownCode)) {
    return {
      code: ownCode,
      hresult: undefined,
      hex: undefined,
      severity: "error",
      method,
      locale: language.locale,
      message: withoutUnknown(text(language, `bridge.${ownCode}`)),
      advice: text(language, `bridgeAdvice.${ownCode}`),
      helpUrl: helpUrlOf(language.locale, ownCode),
    };
  }
  const info = isCode ? findHresult(code) : undefined;
  const hresult = info?.hresult ?? (isCode ? parseHresult(String(code)) : undefined);
  if (hresult === undefined) {
    throw badArgument(language, "code", { value: code });
  }
  const hex = hexOf(hresult);
  const name = info?.name ?? hex;
  return {
    code: name,
    hresult,
    hex,
    severity: hresult < 0x80000000 ? "success" : "error",
    method,
    locale: language.locale,
    message: describeHresult(language, hresult, method),
    advice: adviseOnHresult(language, hresult, method),
    helpUrl: helpUrlOf(language.locale, name),
  };
}
