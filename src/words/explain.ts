import { badArgument, checkNoOthers, checkString, languageAndOptions } from "./arguments.js";
import type { BridgeErrorCode } from "./errors.js";
import { findCodes, isKnown, nearestCode, type CodeKind, type Reading } from "./code-text.js";
import { helpUrlOf } from "./help.js";
import { failed, findHresult, hex as hexOf, type CodeName } from "./hresults.js";
import type { Locale } from "./locale.js";
import { adviseOnHresult, describeHresult, text, type Language, type Wording } from "./messages.js";

/** The options of {@link explain}. */
export interface ExplainOptions {
  /**
   * The documented name of the method that returned the code, such as `IBackgroundCopyJob::Cancel`. You can write a dot instead of `::`.
   */
  readonly method?: string | undefined;
  /** The language: a BCP 47 tag, from which the nearest {@link Locale | language} is chosen. Default: the language of the environment. */
  readonly locale?: string | undefined;
  /**
   * The wording of the messages that quote
   * [Microsoft's documentation](https://learn.microsoft.com/windows/win32/delivery_optimization/ibackgroundcopyjob-cancel).
   * Default: `"documented"`.
   */
  readonly wording?: Wording | undefined;
  /** The URL of the reference, for {@link Explanation.helpUrl}. See {@link ConnectOptions.helpBaseUrl}. */
  readonly helpBaseUrl?: string | undefined;
}

/** The explanation of a code. */
export interface Explanation {
  /** The name of the code, or the hexadecimal form of a code without a name. */
  readonly code: CodeName | BridgeErrorCode | (string & {});
  /** The code as an unsigned number. A {@link BridgeErrorCode} has no number. */
  readonly hresult: number | undefined;
  /** The code in hexadecimal. */
  readonly hex: string | undefined;
  readonly severity: "success" | "error";
  readonly method: string | undefined;
  readonly locale: Locale;
  readonly message: string;
  /** The recommended action. */
  readonly advice: string | undefined;
  /** The page of the code in the reference. See {@link LocalizedError.helpUrl}. */
  readonly helpUrl: string | undefined;
  /** Whether the meaning of the code is known. If it isn't, the message and the advice are general. */
  readonly known: boolean;
  /** The code as it is written in the text. */
  readonly text: string;
  /** How the code was read. A Win32 error (`5`) and an HTTP status (`404`) are explained by their HRESULT. */
  readonly readAs: CodeKind;
}

/** A message without the values that only an error has, if they are in brackets or at the end. */
function withoutUnknown(words: string): string {
  return words.replace(/ ?[(（][^()（）]*…[^()（）]*[)）]| ?…$/g, "");
}

function explanation(language: Language, method: string | undefined, given: string, reading: Reading): Explanation {
  const { kind, hresult, name } = reading;
  const hex = hresult === undefined ? undefined : hexOf(hresult);
  const code = name ?? (hresult === undefined ? given : (findHresult(hresult)?.name ?? hexOf(hresult)));
  return {
    code,
    hresult,
    hex,
    severity: hresult === undefined || failed(hresult) ? "error" : "success",
    method,
    locale: language.locale,
    message:
      hresult === undefined
        ? withoutUnknown(text(language, `bridge.${code}`))
        : describeHresult(language, hresult, method),
    advice: hresult === undefined ? text(language, `bridgeAdvice.${code}`) : adviseOnHresult(language, hresult, method),
    helpUrl: helpUrlOf(language, code),
    known: hresult === undefined || isKnown(hresult),
    text: given,
    readAs: kind,
  };
}

interface Asked {
  readonly language: Language;
  readonly method: string | undefined;
}

function asked(options: ExplainOptions): Asked {
  const { language, given } = languageAndOptions(options);
  const { method, locale, wording, helpBaseUrl, ...others } = given;
  checkNoOthers(language, others);
  const documented = method === undefined ? undefined : checkString(language, "method", method);
  return { language, method: documented?.replace(/^(\w+)\.(\w+)$/, "$1::$2") };
}

/**
 * Explains a code, without contacting a service.
 *
 * @param code - A name (`DO_E_INVALID_STATE`, or a {@link BridgeErrorCode} such as `TIMEOUT`), or a number in any form that Windows prints:
 *   an HRESULT in hexadecimal (`0x80D02013`, `80D02013`) or decimal, signed or unsigned, a Win32 error (`5`), or an HTTP status (`404`).
 *   If a number can have several meanings, the most likely one is explained. {@link explainAll} returns all of them.
 * @throws TypeError if the text contains no code or several codes, or if an option is unknown.
 *
 * @example
 * ```ts
 * import { explain } from "background-copy";
 *
 * const { code, message, advice } = explain("0x80D02013", { locale: "en" });
 * console.log(code); // DO_E_INVALID_STATE
 * ```
 */
export function explain(
  code: CodeName | BridgeErrorCode | (string & {}) | number,
  options: ExplainOptions = {},
): Explanation {
  const { language, method } = asked(options);
  const isCode = typeof code === "string" || typeof code === "number";
  const [found, ...others] = isCode ? findCodes(String(code)) : [];
  if (!found || others.length > 0) {
    const near = isCode && !found ? nearestCode(String(code)) : undefined;
    const key = found ? "severalCodes" : near ? "codeNear" : "code";
    throw badArgument(language, key, { value: code, near });
  }
  return explanation(language, method, found.text, found.readings[0] as Reading);
}

/**
 * Explains all codes in a text, without contacting a service.
 *
 * @param text - A code, or a text that contains codes, such as a line of a log.
 * @returns The explanations in the order of the text; an empty array if the text contains no code. If a number can have several meanings,
 *   such as `404`, the array contains each meaning, the most likely one first.
 * @throws TypeError if an option is unknown.
 */
export function explainAll(text: string, options: ExplainOptions = {}): Explanation[] {
  const { language, method } = asked(options);
  return findCodes(checkString(language, "text", text)).flatMap((found) =>
    found.readings.map((reading) => explanation(language, method, found.text, reading)),
  );
}
