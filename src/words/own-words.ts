import { badArgument, checkString } from "./arguments.js";
import type { Messages } from "./catalogue.js";
import { languageTag } from "./locale.js";
import { messagesOf, type Language } from "./messages.js";
import { nearest } from "./near.js";
import { propertiesOf } from "./properties-of.js";

/** Your own texts: a resource of i18next for each language, by its BCP 47 tag. */
export type OwnWords = Readonly<Record<string, Messages>>;

// As i18next reads them: a variable can have spaces around it, and a format after it.
const VARIABLE = /\{\{-?\s*(\w+)[^{}]*\}\}/g;
// The corrected form of a sentence of Microsoft's documentation.
const EDITED = /_edited$/;

function variablesOf(text: string): Set<string> {
  return new Set(Array.from(text.matchAll(VARIABLE), ([, name = ""]) => name));
}

/** The texts by their full keys: `hresult.E_FAIL`. */
function flattened(messages: Messages, prefix = ""): Map<string, unknown> {
  return new Map(
    Object.entries(messages).flatMap(([key, value]): [string, unknown][] => {
      const group = propertiesOf(value as Messages);
      return group ? [...flattened(group, `${prefix}${key}.`)] : [[prefix + key, value]];
    }),
  );
}

/** Checks the texts of one language against those of the package. */
function checkMessages(language: Language, tag: string, messages: Messages): void {
  // Every language of the package has the same keys and variables, so the caller's language is enough.
  const originals = flattened(messagesOf(language.locale));
  for (const [key, value] of flattened(messages)) {
    const name = `words.${tag}.${key}`;
    const original = originals.get(key.replace(EDITED, ""));
    if (typeof original !== "string") {
      const near = nearest(key, originals.keys());
      throw badArgument(language, near === undefined ? "wordsKey" : "wordsKeyNear", { name, near: near ?? "" });
    }
    const [needed, given] = [variablesOf(original), variablesOf(checkString(language, name, value))];
    for (const variable of needed) {
      if (!given.has(variable)) {
        throw badArgument(language, "wordsVariableMissing", { name, variable: `{{${variable}}}` });
      }
    }
    for (const variable of given) {
      if (!needed.has(variable)) {
        throw badArgument(language, "wordsVariableUnknown", { name, variable: `{{${variable}}}` });
      }
    }
  }
}

/**
 * The texts of a caller, by language, as a copy.
 *
 * @throws TypeError if a language is not a tag, a key is unknown, or a text does not have the variables of the text that it replaces.
 */
export function checkWords(language: Language, words: OwnWords): Map<string, Messages> {
  const given = propertiesOf(words);
  if (!given) {
    throw badArgument(language, "words");
  }
  return new Map(
    Object.entries(given).map(([name, value]) => {
      const tag = languageTag(name);
      const messages = propertiesOf(value);
      if (tag === undefined || !messages) {
        throw badArgument(language, tag === undefined ? "wordsLanguage" : "words", { value: name });
      }
      checkMessages(language, tag, messages);
      return [tag, structuredClone({ ...messages })];
    }),
  );
}
