import { clearLine, clearScreenDown, cursorTo, moveCursor } from "node:readline";
import stringWidth from "string-width";
import type { Output } from "./terminal.js";

/**
 * Lines of a terminal that are drawn again and again in the same place. The cursor is never hidden and always stands at the start of
 * the line below: whatever ends the program, the terminal is as it should be.
 */
export class LiveLines {
  readonly #output: Output;
  #drawn: readonly string[] = [];

  constructor(output: Output) {
    this.#output = output;
  }

  /** How many lines there is room for. */
  get room(): number {
    return Math.max((this.#output.rows ?? 24) - 1, 1);
  }

  /** How wide they may be: some terminals break a line already when its last column is written. */
  get width(): number {
    return (this.#output.columns ?? 80) - 1;
  }

  draw(lines: readonly string[]): void {
    this.#goBack();
    // Line by line: a screen that is cleared as a whole is kept by some terminals, picture after picture.
    for (const line of lines) {
      clearLine(this.#output, 0);
      this.#output.write(`${line}\n`);
    }
    clearScreenDown(this.#output);
    this.#drawn = lines;
  }

  clear(): void {
    this.#goBack();
    clearScreenDown(this.#output);
    this.#drawn = [];
  }

  #goBack(): void {
    // A window that was made narrower has broken the lines.
    const columns = this.#output.columns ?? Number.POSITIVE_INFINITY;
    const rows = this.#drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(stringWidth(line) / columns)), 0);
    // The terminal may have echoed a ^C, so the cursor is anywhere on its line.
    cursorTo(this.#output, 0);
    moveCursor(this.#output, 0, -rows);
  }
}
