const KEPT_LINES = 20;
export const KEPT_CHARACTERS = 500;

// The parts of a line that can't repeat a caller's data: names in the code of .NET, PowerShell, and the module, and the sentences with
// which .NET ends.
const OF_CODE =
  /^(?:Unhandled [Ee]xception|Fatal error|Process terminated|Stack overflow|Out of memory)\b|\b(?:System|Microsoft)(?:\.[A-Z]\w*)+|\b[a-z-]+\.psm1: line \d+/g;

/** The line without what it might repeat of a request: what remains are names of code and the length. */
export function withoutQuotes(line: string): string {
  return [...(line.match(OF_CODE) ?? []), `(${line.length} characters)`].join(" ");
}

/** The last lines that PowerShell wrote in addition to its answers. */
export class Diagnostics {
  readonly #lines: string[] = [];
  /** Whether a caller's data was sent. A line can repeat a request, for example in an error of PowerShell's parser. */
  #mayQuote = false;

  get lines(): readonly string[] {
    return [...this.#lines];
  }

  /** A caller's data is about to be sent. */
  dataFollows(): void {
    this.#mayQuote = true;
  }

  /** Keeps a line of PowerShell. */
  keep(line: string): void {
    const kept = line.slice(0, KEPT_CHARACTERS);
    this.add(this.#mayQuote ? withoutQuotes(kept) : kept);
  }

  /** Keeps a line of this package. */
  add(line: string): void {
    this.#lines.push(line);
    if (this.#lines.length > KEPT_LINES) {
      this.#lines.shift();
    }
  }
}
