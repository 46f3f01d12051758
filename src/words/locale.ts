import { environment } from "./environment.js";

/**
 * The languages: a line here and a folder in `locales/` add one. `languageId` is the LANGID of Windows, and `culture` is the parent of
 * the cultures that the language serves: `pt` for `pt-PT`, `zh-Hant` for `zh-HK`.
 */
export const LANGUAGES = {
  en: { languageId: 0x0409, culture: "en" },
  fr: { languageId: 0x040c, culture: "fr" },
  "pt-BR": { languageId: 0x0416, culture: "pt" },
  "zh-TW": { languageId: 0x0404, culture: "zh-Hant" },
  de: { languageId: 0x0407, culture: "de" },
  it: { languageId: 0x0410, culture: "it" },
};

/**
 * The languages that this package supports.
 *
 * @useDeclaredType
 */
export type Locale = keyof typeof LANGUAGES;

export const LOCALES = Object.keys(LANGUAGES) as readonly Locale[];

function parse(name: string): Intl.Locale | undefined {
  // POSIX writes de_DE.UTF-8@euro where BCP 47 writes de-DE.
  const tag = name.replace(/[.@].*$/s, "").replaceAll("_", "-");
  try {
    return new Intl.Locale(tag);
  } catch {
    return undefined;
  }
}

/** Whether a language serves those who asked for another one: it is the same, in the same script if that is written in several. */
function serves({ language, script }: Intl.Locale, asked: Intl.Locale | undefined): boolean {
  return language === asked?.language && (!script || script === asked.maximize().script);
}

function nearest(asked: Intl.Locale | undefined): Locale | undefined {
  return LOCALES.find((locale) => serves(new Intl.Locale(LANGUAGES[locale].culture), asked));
}

function requestedLocale(requested?: string): Intl.Locale | undefined {
  const { LC_ALL, LC_MESSAGES, LANG } = environment();
  return parse(requested || LC_ALL || LC_MESSAGES || LANG || Intl.DateTimeFormat().resolvedOptions().locale);
}

/**
 * The nearest supported language: `fr` for `fr-CA`, `pt-BR` for `pt-PT`, `zh-TW` for `zh-Hant`, `zh-HK`, and `zh-MO`. `en` if there is no
 * near language, which includes Simplified Chinese.
 *
 * @param requested - A BCP 47 tag (`pt-BR`) or a POSIX locale (`pt_BR.UTF-8`). Default: the environment, in the order `LC_ALL`,
 *   `LC_MESSAGES`, `LANG`, and the locale of the JavaScript engine.
 */
export function negotiateLocale(requested?: string): Locale {
  // Every text asks for the language of a language.
  return requested !== undefined && isLocale(requested) ? requested : (nearest(requestedLocale(requested)) ?? "en");
}

function isLocale(name: string): name is Locale {
  return Object.hasOwn(LANGUAGES, name);
}

/**
 * The nearest language if a caller has languages of their own: the requested one itself, otherwise the nearest supported one, otherwise a
 * near one of the caller.
 */
export function negotiateOwn(requested: string | undefined, own: readonly string[]): string {
  const asked = requestedLocale(requested);
  return (
    own.find((tag) => tag === asked?.baseName) ??
    nearest(asked) ??
    own.find((tag) => serves(withScript(tag), asked)) ??
    "en"
  );
}

function withScript(tag: string): Intl.Locale {
  const { language, script } = new Intl.Locale(tag).maximize();
  return new Intl.Locale(language, script === undefined ? {} : { script });
}

/** The usual form of a BCP 47 tag, `pt-BR` for `pt-br`, or `undefined` if the text is not one. */
export function languageTag(text: string): string | undefined {
  return parse(text)?.baseName;
}

/** The LANGID of the nearest supported language. */
export function languageIdOf(locale: string): number {
  return LANGUAGES[negotiateLocale(locale)].languageId;
}
