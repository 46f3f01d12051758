import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import stringWidth from "string-width";
import { hostileText } from "../support/property.js";

// Names that forge what a terminal shows, and what a reader sees of an output.

export const ROW = "6f0f2b0c-6b1a-4f0e-9d38-0a54f2a1c3de  Suspended  1 MB  Harmless  Jan 1, 2026";

/** Pieces of names that forge rows: control sequences, invisible characters, blanks, wide and tall characters. */
const PIECES = [
  ..." \n\r\t\x1b\x7f\u009b\u00a0\u00ad\u0301\u034f\u0903\u1100\u1161\u11a8\u115f\u1160\u180e\u200b\u200d\u202e\u2028\u2066",
  ..."\u2800\u3000\u3164\ufe0f\uffa0\ufffc\u{1d159}\u{1f3fd}\u{e0041}aZ中é👩",
  "\ud800",
  "\udc00",
  "\x1b[31m",
  "\x1b[8m",
  "\x1b]8;;https://example.com\x07",
  "👩‍👩‍👧‍👦",
  " ".repeat(60),
  "\u3164".repeat(60),
  "Owner                    SYSTEM",
  ROW,
];
export const forgery: fc.Arbitrary<string> = fc.oneof(
  fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }).map((pieces) => pieces.join("").slice(0, 250)),
  hostileText.map((text) => text.slice(0, 250)),
);

/** An independent oracle: characters that control a terminal, are invisible, or look like a blank. */
export const UNSEEN =
  /\u034f|[\p{C}\p{Z}\p{Variation_Selector}\u00ad\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufffc\u{1d159}\u{e0000}-\u{e0fff}]/u;

/** The invisible characters of an output, except for line breaks, spaces, and the styles of the command line. */
export function unseen(output: string): string[] {
  const plain = output.replaceAll(/\x1b\[(?:1|22|31|32|33|39)m/g, "");
  return [...plain].filter((character) => UNSEEN.test(character) && !/[ \n\u00a0\u202f\p{Co}\p{Cn}]/u.test(character));
}

/** The first cells of the lines that start at the left edge, which readers take for separate lines. */
export function linesOfTheirOwn(output: string): string[] {
  return stripVTControlCharacters(output)
    .split("\n")
    .filter((line) => /^\S/.test(line))
    .map((line) => line.split(/ {2}/, 1)[0] ?? "");
}

export function widest(output: string): number {
  return Math.max(...output.split("\n").map((line) => stringWidth(line)));
}
