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

/**
 * The nearest supported language: `fr` for `fr-CA`, `pt-BR` for `pt-PT`, `zh-TW` for `zh-Hant`, `zh-HK`, and `zh-MO`. `en` if there is no
 * near language, which includes Simplified Chinese.
 *
 * @param requested - A BCP 47 tag (`pt-BR`) or a POSIX locale (`pt_BR.UTF-8`). Default: the environment, in the order `LC_ALL`,
 *   `LC_MESSAGES`, `LANG`, and the locale of the JavaScript engine.
 */
export function negotiateLocale(requested?: string): Locale {
  const { LC_ALL, LC_MESSAGES, LANG } = process.env;
  const name = requested || LC_ALL || LC_MESSAGES || LANG || Intl.DateTimeFormat().resolvedOptions().locale;
  const asked = parse(name);
  const nearest = LOCALES.find((locale) => {
    const { language, script } = new Intl.Locale(LANGUAGES[locale].culture);
    return language === asked?.language && (!script || script === asked.maximize().script);
  });
  return nearest ?? "en";
}
