import { Catalogue, type Messages, type Values } from "./catalogue.js";
import { failed, familyOf, findHresult, hex } from "./hresults.js";
import { negotiateLocale, negotiateOwn } from "./locale.js";

export type { Values };

/**
 * The wording of the messages that quote
 * [Microsoft's documentation](https://learn.microsoft.com/windows/win32/delivery_optimization/ibackgroundcopyjob-cancel): `documented`
 * quotes it character for character, and `edited` corrects machine translation errors.
 */
export type Wording = "documented" | "edited";

/** The language of one caller. */
export interface Language {
  /** A language of the package, or of the caller. */
  readonly locale: string;
  readonly wording: Wording;
  /** The URL of the reference; see {@link helpUrlOf}. */
  readonly helpBaseUrl?: string | undefined;
  /** The texts, if the caller has some of their own. */
  readonly catalogue?: Catalogue | undefined;
}

const messages = new Catalogue({});

/** Adds the texts of languages. */
export function addMessages(json: Readonly<Record<string, string>>): void {
  messages.add(json);
}

/** The texts of the package in the nearest language, as new data. */
export function messagesOf(locale: string): Messages {
  return messages.messages(negotiateLocale(locale));
}

/** The texts of the package, with those of a caller over them. */
export function withOwnMessages(own: ReadonlyMap<string, Messages>): Catalogue {
  return messages.with(own);
}

/** The same caller in another language. */
export function inLocale(language: Language, locale: string | undefined): Language {
  return { ...language, locale: negotiateOwn(locale, language.catalogue?.ownLocales ?? []) };
}

/** The text under `key`, or under the first of several keys that has one. */
export function text(
  { catalogue = messages, locale, wording }: Language,
  key: string | readonly string[],
  values: Values = {},
): string {
  return catalogue.text(locale, key, values, wording === "edited" ? wording : undefined);
}

/** Whether there is a text under `key`. */
function hasText({ catalogue = messages, locale }: Language, key: string): boolean {
  return catalogue.has(locale, key);
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
  return Object.keys(messagesOf("en").method as Messages);
}

const ACTIVATION = "CoCreateInstance";

/**
 * Whether the activation of a class failed with a code that has no message for activation. The general message would be misleading,
 * because it describes files and jobs, and the missing file is not the caller's.
 */
function isOtherActivation(language: Language, hresult: number, method?: string): boolean {
  if (method !== ACTIVATION || !failed(hresult)) {
    return false;
  }
  return !hasText(language, `method.${ACTIVATION}.${findHresult(hresult)?.name}`);
}

/**
 * The message for a code: for the method that returned it, otherwise for the code, otherwise for its family. There is always a message.
 */
export function describeHresult(language: Language, hresult: number, method?: string): string {
  return isOtherActivation(language, hresult, method)
    ? text(language, `method.${ACTIVATION}.other`)
    : text(language, keys("hresult", hresult, method), valuesOf(hresult));
}

/** What else is known about a refused request. */
export interface RefusalDetails {
  /** The service that knows the job instead. */
  readonly knownTo?: string | undefined;
  /** The integrity level of the job's owner. */
  readonly ownerIntegrityLevel?: number | undefined;
}

const E_ACCESSDENIED = 0x80070005;
// SECURITY_MANDATORY_SYSTEM_RID: BITS does not let an administrator change the jobs of such an owner.
const SYSTEM_INTEGRITY = 0x4000;

function isSystemJob(hresult: number, { ownerIntegrityLevel = 0 }: RefusalDetails): boolean {
  return hresult === E_ACCESSDENIED && ownerIntegrityLevel >= SYSTEM_INTEGRITY;
}

/** The message for a code with which a service refused a request. */
export function describeRefusal(
  language: Language,
  hresult: number,
  method?: string,
  details: RefusalDetails = {},
): string {
  const { knownTo } = details;
  return sentences(
    language,
    describeHresult(language, hresult, method),
    knownTo === undefined ? undefined : text(language, "knownTo", { service: knownTo }),
    isSystemJob(hresult, details) ? text(language, "systemJob") : undefined,
  );
}

/** The recommended action for a code with which a service refused a request. */
export function adviseOnRefusal(
  language: Language,
  hresult: number,
  method?: string,
  details: RefusalDetails = {},
): string | undefined {
  return isSystemJob(hresult, details) ? text(language, "systemJobAdvice") : adviseOnHresult(language, hresult, method);
}

/** The recommended action for a code that the method returned; nothing for S_OK. */
export function adviseOnHresult(language: Language, hresult: number, method?: string): string | undefined {
  if (isOtherActivation(language, hresult, method)) {
    return text(language, "bridgeAdvice.SERVICE_UNAVAILABLE");
  }
  return hresult === 0 ? undefined : text(language, keys("advice", hresult, method), valuesOf(hresult));
}
