import { createInstance, type i18n } from "i18next";
import { negotiateLocale } from "./locale.js";

/** The texts of a language in the format of i18next: a text, or a group of texts, under each key. */
export interface Messages {
  readonly [key: string]: string | Messages;
}

export type Values = Readonly<Record<string, string | number>>;

function makeInstance(): i18n {
  // A separate instance, so that it does not affect other users of i18next in the process.
  const instance = createInstance();
  instance.init({
    initAsync: false,
    lng: "en",
    // A language of a caller might have only some of the texts.
    fallbackLng: (locale) => negotiateLocale(locale || "en"),
    load: "currentOnly",
    defaultNS: "texts",
    // Keys contain documented names, which contain colons.
    nsSeparator: false,
    interpolation: { escapeValue: false },
    // Replaces values that only an error has, when a code is explained on its own.
    missingInterpolationHandler: () => "…",
    resources: {},
  });
  return instance;
}

/** The texts of the package, with those of a caller over them. */
export class Catalogue {
  readonly #json: Record<string, string>;
  readonly #own: ReadonlyMap<string, Messages>;
  #instance: i18n | undefined;

  /** @param json - The texts by language, as JSON, which costs almost nothing until a language is needed. */
  constructor(json: Readonly<Record<string, string>>, own: ReadonlyMap<string, Messages> = new Map()) {
    this.#json = json;
    this.#own = own;
  }

  /** The same texts, with those of a caller over them. */
  with(own: ReadonlyMap<string, Messages>): Catalogue {
    return new Catalogue(this.#json, own);
  }

  /** The languages of the caller. */
  get ownLocales(): string[] {
    return [...this.#own.keys()];
  }

  /** Adds the texts of more languages. */
  add(json: Readonly<Record<string, string>>): void {
    // To assign them would run the getters of all languages.
    Object.defineProperties(this.#json, Object.getOwnPropertyDescriptors(json));
  }

  /** The texts of a language of the package, as new data. */
  messages(locale: string): Messages {
    return JSON.parse(this.#json[locale] ?? "{}");
  }

  /** The text under `key`, or under the first of several keys that has one. */
  text(locale: string, key: string | readonly string[], values: Values, context?: string): string {
    const options = { lng: locale, replace: values, count: values.count as number, ...(context && { context }) };
    return this.#loaded(locale).t(key as string[], options);
  }

  /** Whether there is a text under `key`. */
  has(locale: string, key: string): boolean {
    return this.#loaded(locale).exists(key, { lng: locale });
  }

  #loaded(locale: string): i18n {
    this.#instance ??= makeInstance();
    for (const each of [locale, negotiateLocale(locale)]) {
      if (!this.#instance.hasResourceBundle(each, "texts")) {
        this.#instance.addResourceBundle(each, "texts", this.messages(each));
        this.#instance.addResourceBundle(each, "texts", this.#own.get(each) ?? {}, true, true);
      }
    }
    return this.#instance;
  }
}
