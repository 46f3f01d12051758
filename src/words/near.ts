/**
 * The number of keystrokes between two texts: missing, extra, or wrong letters. Two neighbors in the wrong order count once, because this
 * is a frequent typo.
 */
function distance(from: string, to: string): number {
  const rows = [Array.from({ length: to.length + 1 }, (_, column) => column)];
  const at = (row: number, column: number) => rows[row]?.[column] ?? 0;
  for (let row = 1; row <= from.length; row++) {
    rows.push([row]);
    for (let column = 1; column <= to.length; column++) {
      const isSame = from[row - 1] === to[column - 1];
      const isSwapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      rows[row]?.push(
        Math.min(
          at(row - 1, column) + 1,
          at(row, column - 1) + 1,
          at(row - 1, column - 1) + (isSame ? 0 : 1),
          isSwapped ? at(row - 2, column - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
  }
  return at(from.length, to.length);
}

/** The word that was probably meant: the nearest one, unless it differs too much. */
export function nearest(text: string, words: Iterable<string>): string | undefined {
  const asked = text.toLowerCase();
  let found: string | undefined;
  // In longer words, one letter in five.
  let farthest = Math.max(2, Math.floor(asked.length / 5));
  for (const word of words) {
    // A larger difference in length makes a comparison unnecessary.
    if (Math.abs(word.length - asked.length) <= farthest) {
      const apart = distance(asked, word.toLowerCase());
      if (apart < farthest || (apart === farthest && found === undefined)) {
        [found, farthest] = [word, apart];
      }
    }
  }
  return found;
}
