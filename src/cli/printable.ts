// Makes text safe for a terminal. The names of jobs, the texts of services, and the output of PowerShell come from others, and some
// characters control a terminal, are invisible, look like a space, or change the direction of the following text.

/**
 * The characters that readers can't see: those that control a terminal or the direction of text, those that are invisible or look like a
 * space, and parts of characters.
 */
const HIDDEN =
  "(?! )[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Z}\\p{Default_Ignorable_Code_Point}\\p{Noncharacter_Code_Point}\\u2800\\uFFFC\\u{13441}\\u{13442}\\u{1D159}]";

const IN_NAMES = new RegExp(HIDDEN, "gu");
// The sentences of some languages contain no-break spaces.
const IN_SENTENCES = new RegExp(`(?![\\u00A0\\u202F])${HIDDEN}`, "gu");
// Outside the strings of a JSON document, the only such character is the line break.
const IN_JSON = new RegExp(`(?!\\n)${HIDDEN}`, "gu");

function numbered(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16).toUpperCase()}}`;
}

/** A name in which each invisible character is replaced by its number: `\u{202E}`. */
export function printable(name: string): string {
  return name.replace(IN_NAMES, numbered);
}

/** A text that might contain names, such as a message. It keeps the no-break spaces of its language. */
export function printableSentence(sentence: string): string {
  return sentence.replace(IN_SENTENCES, numbered);
}

/** The same JSON document, in which each invisible character is replaced by an escape sequence. */
export function printableJson(json: string): string {
  return json.replace(IN_JSON, (character) =>
    character.replace(/./gs, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`),
  );
}
