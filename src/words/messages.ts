import { createInstance, type i18n } from "i18next";
import { MESSAGES } from "../made/messages.js";
import { failed, familyOf, findHresult, hex } from "./hresults.js";
import type { Locale } from "./locale.js";

/**
 * The wording of the messages that quote
 * [Microsoft's documentation](https://learn.microsoft.com/windows/win32/delivery_optimization/ibackgroundcopyjob-cancel): `documented`
 * quotes it character for character, and `edited` corrects machine translation errors.
 */
export type Wording = "documented" | "edited";

/** The language of one caller. */
export interface Language {
  readonly locale: Locale;
  readonly wording: Wording;
  /** The URL of the reference; see {@link helpUrlOf}. */
  readonly helpBaseUrl?: string | undefined;
}

export type Values = Readonly<Record<string, string | number>>;

/** The texts of a language: `messages` for programs, `cli` for the command line. */
type Namespace = "messages" | "cli";
/** The texts by language, as JSON. */
type Words = Readonly<Record<Locale, string>>;

const words: Partial<Record<Namespace, Words>> = { messages: MESSAGES };

/** Adds texts that not every caller needs. */
export function addWords(namespace: Namespace, added: Words): void {
  words[namespace] = added;
}

let instance: i18n | undefined;

// A separate instance, so that it does not affect other users of i18next in the process. It is filled at the first lookup.
function catalogue(): i18n {
  if (!instance) {
    instance = createInstance();
    instance.init({
      initAsync: false,
      lng: "en",
      fallbackLng: "en",
      ns: ["messages", "cli"],
      defaultNS: "messages",
      // Keys contain documented names, which contain colons.
      nsSeparator: false,
      interpolation: { escapeValue: false },
      // Replaces values that only an error has, when a code is explained on its own.
      missingInterpolationHandler: () => "…",
      resources: {},
    });
  }
  return instance;
}

function load(locale: Locale, namespace: Namespace): void {
  const json = words[namespace]?.[locale];
  if (json && !catalogue().hasResourceBundle(locale, namespace)) {
    catalogue().addResourceBundle(locale, namespace, JSON.parse(json));
  }
}

/** The text under `key`, or under the first of several keys that has one. */
export function text(
  language: Language,
  key: string | readonly string[],
  values: Values = {},
  namespace: Namespace = "messages",
): string {
  load("en", namespace);
  load(language.locale, namespace);
  const context = language.wording === "edited" ? { context: "edited" } : {};
  return catalogue().t(key as string[], { ...values, ...context, lng: language.locale, ns: namespace });
}

/** Whether there is a text under `key`. */
export function hasText(key: string, namespace: Namespace = "messages"): boolean {
  load("en", namespace);
  return catalogue().exists(key, { ns: namespace });
}

/** Joins sentences as the language requires. */
export function sentences(language: Language, ...parts: readonly (string | undefined)[]): string {
  return parts.filter(Boolean).join(text(language, "betweenSentences"));
}

function valuesOf(hresult: number): Values {
  const number = hresult & 0xffff;
  return { hex: hex(hresult), number, status: number };
}

function keys(kind: "hresult" | "advice", hresult: number, method?: string): string[] {
  const name = findHresult(hresult)?.name;
  const [byMethod, family] = kind === "hresult" ? ["method", "family"] : ["methodAdvice", "familyAdvice"];
  return [
    ...(name && method ? [`${byMethod}.${method}.${name}`] : []),
    ...(name ? [`${kind}.${name}`] : []),
    ...(failed(hresult) || name ? [] : [`${family}.unknownSuccess`]),
    `${family}.${failed(hresult) ? familyOf(hresult) : "success"}`,
    `${family}.unknown`,
  ];
}

/** The methods that have their own messages. */
export function methodsWithWords(): string[] {
  load("en", "messages");
  return Object.keys(catalogue().getResource("en", "messages", "method"));
}

const ACTIVATION = "CoCreateInstance";

/**
 * Whether the activation of a class failed with a code that has no message for activation. The general message would be misleading,
 * because it describes files and jobs, and the missing file is not the caller's.
 */
function isOtherActivation(hresult: number, method?: string): boolean {
  if (method !== ACTIVATION || !failed(hresult)) {
    return false;
  }
  return !hasText(`method.${ACTIVATION}.${findHresult(hresult)?.name}`);
}

/**
 * The message for a code: for the method that returned it, otherwise for the code, otherwise for its family. There is always a message.
 */
export function describeHresult(language: Language, hresult: number, method?: string): string {
  return isOtherActivation(hresult, method)
    ? text(language, `method.${ACTIVATION}.other`)
    : text(language, keys("hresult", hresult, method), valuesOf(hresult));
}

/** The recommended action for a code that the method returned; nothing for S_OK. */
export function adviseOnHresult(language: Language, hresult: number, method?: string): string | undefined {
  if (isOtherActivation(hresult, method)) {
    return text(language, "bridgeAdvice.SERVICE_UNAVAILABLE");
  }
  return hresult === 0 ? undefined : text(language, keys("advice", hresult, method), valuesOf(hresult));
}
