import { clearLine, clearScreenDown, cursorTo, moveCursor } from "node:readline";
import { shownOn, type Output } from "./output.js";
import { stringWidth } from "./width.js";

/**
 * Lines of a terminal that are redrawn in the same place. The cursor is never hidden and is always at the start of the line below, so the
 * terminal is intact however the program ends.
 */
export class LiveLines {
  readonly #output: Output;
  #drawn: readonly string[] = [];

  constructor(output: Output) {
    this.#output = output;
  }

  /** The number of lines that fit. */
  get room(): number {
    return Math.max((this.#output.rows ?? 24) - 1, 1);
  }

  /** The maximum width: some terminals already break a line when its last column is written. */
  get width(): number {
    return (this.#output.columns ?? 80) - 1;
  }

  draw(lines: readonly string[]): void {
    this.#goBack();
    // Line by line: some terminals keep every screen that is cleared as a whole.
    for (const line of lines) {
      clearLine(this.#output, 0);
      this.#output.write(`${shownOn(this.#output, line)}\n`);
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
    // A window that became narrower has wrapped the lines.
    const columns = this.#output.columns ?? Number.POSITIVE_INFINITY;
    const rows = this.#drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(stringWidth(line) / columns)), 0);
    // The terminal might have echoed a ^C, so the cursor can be anywhere on its line.
    cursorTo(this.#output, 0);
    moveCursor(this.#output, 0, -rows);
  }
}
