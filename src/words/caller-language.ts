import { badArgument, checkString, optionsOf } from "./arguments.js";
import { isPageAddress } from "./help.js";
import { negotiateLocale } from "./locale.js";
import { inLocale, withOwnMessages, type Language, type Wording } from "./messages.js";
import { checkWords, type OwnWords } from "./own-words.js";

/** The language options of a caller. */
interface LanguageOptions {
  readonly locale?: string | undefined;
  readonly wording?: Wording | undefined;
  readonly helpBaseUrl?: string | undefined;
  readonly words?: OwnWords | undefined;
}

/**
 * The language of the options, and the options as {@link optionsOf} reads them. Errors before the language is known are in the language
 * `before`, by default that of the environment.
 */
export function languageAndOptions<T extends LanguageOptions>(
  options: T,
  before: Language = { locale: negotiateLocale(), wording: "documented" },
): { language: Language; given: T } {
  const given = optionsOf(before, options);
  const { locale, wording = "documented", helpBaseUrl, words } = given;
  if (locale !== undefined) {
    checkString(before, "locale", locale);
  }
  const language: Language = { locale: negotiateLocale(locale), wording, helpBaseUrl };
  if (wording !== "documented" && wording !== "edited") {
    throw badArgument(language, "wording", { value: wording });
  }
  if (helpBaseUrl !== undefined && !isPageAddress(checkString(language, "helpBaseUrl", helpBaseUrl))) {
    throw badArgument(language, "helpBaseUrl", { value: helpBaseUrl });
  }
  if (words === undefined) {
    return { language, given };
  }
  const catalogue = withOwnMessages(checkWords(language, words));
  return { language: inLocale({ ...language, catalogue }, locale), given };
}
