/** The languages of the documentation that this package speaks. */
export type Locale = "en" | "fr" | "pt-BR" | "zh-TW" | "de" | "it";

export const LOCALES: readonly Locale[] = ["en", "fr", "pt-BR", "zh-TW", "de", "it"];

// The LANGIDs of Windows.
const LANGUAGE_IDS: Readonly<Record<Locale, number>> = {
  en: 0x0409,
  fr: 0x040c,
  "pt-BR": 0x0416,
  "zh-TW": 0x0404,
  de: 0x0407,
  it: 0x0410,
};

/** The LANGID under which Windows knows a language. */
export function languageId(locale: Locale): number {
  return LANGUAGE_IDS[locale];
}

const BY_LANGUAGE: Readonly<Record<string, Locale>> = { fr: "fr", pt: "pt-BR", de: "de", it: "it" };

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
 * The nearest of the six languages: `fr-CA` gives `fr`, `pt-PT` gives `pt-BR`, `zh-Hant`, `zh-HK` and `zh-MO` give `zh-TW`.
 * Whatever has no near one gives `en`, simplified Chinese included.
 *
 * @param requested - A BCP 47 tag (`pt-BR`) or a POSIX locale (`pt_BR.UTF-8`). Without it, the environment is asked: `LC_ALL`,
 *   `LC_MESSAGES`, `LANG`, then the locale of the JavaScript engine.
 */
export function negotiateLocale(requested?: string): Locale {
  const { LC_ALL, LC_MESSAGES, LANG } = process.env;
  const name = requested || LC_ALL || LC_MESSAGES || LANG || Intl.DateTimeFormat().resolvedOptions().locale;
  const locale = parse(name);
  if (locale?.language === "zh") {
    const { script, region } = locale.maximize();
    return script === "Hant" && region ? "zh-TW" : "en";
  }
  return BY_LANGUAGE[locale?.language ?? ""] ?? "en";
}
