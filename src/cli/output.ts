import { styleText } from "node:util";
import { printableSentence } from "./printable.js";
import { stringWidth, wrapText } from "./width.js";

/** A stream that might be a terminal. */
export interface Output extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

/** The styles of this command line. */
export type Style = "bold" | "red" | "green" | "yellow";

const STYLES: readonly Style[] = ["bold", "red", "green", "yellow"];
const always = (style: Style, text: string) => styleText(style, text, { validateStream: false });
const CODES: ReadonlySet<string> = new Set(STYLES.flatMap((style) => always(style, "\n").split("\n")));
const CODE = new RegExp(`(${[...CODES].map((code) => code.replace("[", "\\[")).join("|")})`);

/** Text with a style. Whether it is shown depends on the stream. */
export function styled(style: Style, text: string): string {
  return always(style, printableSentence(text));
}

/** The width of a stream: text that does not go to a terminal has any width. */
export function widthOf({ isTTY, columns = 80 }: Output): number {
  return isTTY ? columns : Number.POSITIVE_INFINITY;
}

/** A line that is safe to write to a stream: the only control sequences in it are the styles, if the stream has colors. */
export function shownOn(output: Output, line: string): string {
  const hasColors = styleText("bold", "x", { stream: output as never }) !== "x";
  return line
    .split(CODE)
    .map((part) => (CODES.has(part) ? (hasColors ? part : "") : printableSentence(part)))
    .join("");
}

/**
 * A wrapped line. Continuation lines have a deeper indentation than the line, so that no text looks like a separate line.
 */
export function wrapped(line: string, width: number): string[] {
  if (width === Number.POSITIVE_INFINITY || stringWidth(line) <= width) {
    return [line];
  }
  const indentation = `${/^ */.exec(line)?.[0]}  `;
  const [first = "", ...others] = wrappedText(line, width - indentation.length);
  return [first, ...others.map((other) => indentation + other)];
}

/** A text in lines that have room for it: between words where possible, otherwise between characters. */
export function wrappedText(text: string, width: number): string[] {
  if (stringWidth(text) <= width) {
    return [text];
  }
  const [first = "", ...others] = wrapText(text, width);
  return [first.trimEnd(), ...others.map((other) => other.trim())];
}
