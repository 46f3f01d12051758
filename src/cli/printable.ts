// What may reach a terminal. The names of jobs, the texts of services, and the output of PowerShell come from others, and a terminal obeys
// some characters, draws others as nothing or as a space, or turns the direction of what follows.

/**
 * The characters that are not seen as what they are: those that control a terminal or the direction of text, those that have no
 * appearance, those that look like a space or like nothing, and parts of characters.
 */
const HIDDEN =
  "(?! )[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Z}\\p{Default_Ignorable_Code_Point}\\p{Noncharacter_Code_Point}\\u2800\\uFFFC\\u{13441}\\u{13442}\\u{1D159}]";

const IN_NAMES = new RegExp(HIDDEN, "gu");
// The sentences of some languages contain no-break spaces.
const IN_SENTENCES = new RegExp(`(?![\\u00A0\\u202F])${HIDDEN}`, "gu");
// Between the texts of a JSON document, the only one is the line break.
const IN_JSON = new RegExp(`(?!\\n)${HIDDEN}`, "gu");

function numbered(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16).toUpperCase()}}`;
}

/** The name of something, with every character that would not be seen as its number: `\u{202E}`. */
export function printable(name: string): string {
  return name.replace(IN_NAMES, numbered);
}

/** A text that might contain names, such as a message. It keeps the no-break spaces of its language. */
export function printableSentence(sentence: string): string {
  return sentence.replace(IN_SENTENCES, numbered);
}

/** The same JSON document, with every character that would not be seen as an escape sequence of JSON. */
export function printableJson(json: string): string {
  return json.replace(IN_JSON, (character) =>
    character.replace(/./gs, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`),
  );
}
