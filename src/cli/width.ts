// Measures and wraps text for terminals. What does it makes a segmenter when it is loaded, which takes longer than some commands, so it is
// loaded for commands with columns, and for terminals.

let measure: typeof import("string-width").default | undefined;
let wrap: typeof import("wrap-ansi").default | undefined;

/** Needed once, before the functions below. */
export async function loadWidths(): Promise<void> {
  const [width, wrapping] = await Promise.all([import("string-width"), import("wrap-ansi")]);
  measure = width.default;
  wrap = wrapping.default;
}

function loaded<Tool>(tool: Tool | undefined): Tool {
  if (!tool) {
    throw new Error("text is measured before loadWidths");
  }
  return tool;
}

/** The number of columns that a text takes. A Chinese character takes two. */
export function stringWidth(text: string): number {
  return loaded(measure)(text);
}

/** The lines of a text that has at least two columns: between words where possible, otherwise between characters. */
export function wrapText(text: string, width: number): string[] {
  return loaded(wrap)(text, Math.max(width, 2), { hard: true, trim: false }).split("\n");
}
