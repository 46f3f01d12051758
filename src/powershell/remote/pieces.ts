/** Longer lines have not been shown to reach Windows PowerShell through every server. */
export const LONGEST_LINE = 2000;

const PIECE = 1900;

/** A line that is too long, as lines that each contain a plus, the number of pieces that follow, a space, and a piece. */
export function inPieces(line: string): string {
  if (line.length <= LONGEST_LINE) {
    return line;
  }
  const pieces = line.trimEnd().match(new RegExp(`.{1,${PIECE}}`, "g")) ?? [];
  return pieces.map((piece, i) => `+${pieces.length - 1 - i} ${piece}\n`).join("");
}
