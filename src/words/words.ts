import { LOAD_MESSAGES } from "../made/load-messages.js";
import type { JobErrorContext, JobPriority, JobState, JobType } from "../model/job.js";
import { checkNoOthers, checkString, optionsOf } from "./arguments.js";
import type { BridgeErrorCode } from "./bridge-codes.js";
import type { Messages } from "./catalogue.js";
import { languageAndOptions } from "./caller-language.js";
import type { ExplainOptions } from "./explain.js";
import { explainData, explainEach, explainOne, methodOf, type Asked, type Explanation } from "./explanation.js";
import type { CodeName } from "./hresults.js";
import { negotiateLocale } from "./locale.js";
import { addMessages, messagesOf, type Language } from "./messages.js";
import { nameOf } from "./names.js";

/** The texts of one language, for programs and web pages. {@link loadWords} returns them. */
export class Words {
  readonly #language: Language;

  /** @internal */
  constructor(language: Language) {
    this.#language = language;
  }

  /** The language of the texts. */
  get locale(): string {
    return this.#language.locale;
  }

  /**
   * Explains an error, a result, or a code.
   *
   * @param what - An error, the return value of its `toJSON` method, or a result, even after it was sent as JSON; or a code, as for
   *   {@link explain}.
   * @param options - The method that returned the code. An error and a result contain it.
   * @throws TypeError if `what` contains no code, or several codes.
   */
  explain(
    what: object | CodeName | BridgeErrorCode | (string & {}) | number,
    options: Pick<ExplainOptions, "method"> = {},
  ): Explanation {
    const asked = this.#asked(options);
    return typeof what === "object" && what !== null ? explainData(asked, what) : explainOne(asked, what);
  }

  /**
   * Explains all codes in a text, as {@link explainAll} does.
   *
   * @throws TypeError if an option is unknown.
   */
  explainAll(text: string, options: Pick<ExplainOptions, "method"> = {}): Explanation[] {
    return explainEach(this.#asked(options), checkString(this.#language, "text", text));
  }

  /**
   * Returns the name of a state, a type, or a priority for users, or the message for the context of an error. An undocumented value is
   * returned unchanged.
   */
  nameOf(value: JobState | JobType | JobPriority | JobErrorContext): string {
    return nameOf(this.#language, value);
  }

  #asked(options: Pick<ExplainOptions, "method">): Asked {
    const language = this.#language;
    const { method, ...others } = optionsOf(language, options);
    checkNoOthers(language, others);
    return { language, method: methodOf(language, method) };
  }
}

/** Loads the nearest language, and returns it. */
async function load(locale: unknown): Promise<Language> {
  const nearest = negotiateLocale(typeof locale === "string" ? locale : "en");
  const { default: json } = await LOAD_MESSAGES[nearest]();
  addMessages({ [nearest]: json });
  const language: Language = { locale: nearest, wording: "documented" };
  checkString(language, "locale", locale);
  return language;
}

/**
 * Loads the texts of a language. The function also works in a browser, and a bundler can put each language into a separate file, so that a
 * web page loads only the languages that it shows.
 *
 * @param locale - A BCP 47 tag, from which the nearest {@link Locale | language} is chosen.
 * @param options - The wording, the URL of the reference, and texts of your own, as in {@link ExplainOptions}.
 * @throws TypeError if an option is unknown or its value isn't valid.
 *
 * @example
 * ```ts
 * import { loadWords } from "background-copy/words";
 *
 * const words = await loadWords("en");
 * console.log(words.nameOf("BG_JOB_STATE_TRANSIENT_ERROR")); // Transient error
 * ```
 */
export async function loadWords(
  locale: string,
  options: Pick<ExplainOptions, "wording" | "helpBaseUrl" | "words"> = {},
): Promise<Words> {
  const before = await load(locale);
  const { wording, helpBaseUrl, words, ...others } = optionsOf(before, options);
  checkNoOthers(before, others);
  return new Words(languageAndOptions({ locale, wording, helpBaseUrl, words }, before).language);
}

/**
 * Loads the texts of a language as a resource for i18next.
 *
 * @param locale - A BCP 47 tag, from which the nearest {@link Locale | language} is chosen.
 */
export async function loadMessages(locale: string): Promise<Messages> {
  await load(locale);
  return messagesOf(locale);
}
