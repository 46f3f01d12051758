/**
 * A text as one word for a POSIX shell, such as the path of a clone, whatever it contains.
 *
 * @param {string} text
 */
export function shellWord(text) {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
