import { checkNoOthers, checkString } from "./arguments.js";
import type { BridgeErrorCode } from "./bridge-codes.js";
import { languageAndOptions } from "./caller-language.js";
import "./every-language.js";
import { explainEach, explainOne, methodOf, type Asked, type Explanation } from "./explanation.js";
import type { CodeName } from "./hresults.js";
import type { Wording } from "./messages.js";
import type { OwnWords } from "./own-words.js";

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
  /** Texts of your own. See {@link ConnectOptions.words}. */
  readonly words?: OwnWords | undefined;
}

function asked(options: ExplainOptions): Asked {
  const { language, given } = languageAndOptions(options);
  const { method, locale, wording, helpBaseUrl, words, ...others } = given;
  checkNoOthers(language, others);
  return { language, method: methodOf(language, method) };
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
  return explainOne(asked(options), code);
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
  const { language, ...others } = asked(options);
  return explainEach({ language, ...others }, checkString(language, "text", text));
}
