/**
 * Splits a stream of text into lines. An incomplete line is kept until the rest arrives. Of a line longer than `limit`, no more than that
 * is kept.
 */
export function lineReader(onLine: (line: string) => void, limit = Number.POSITIVE_INFINITY): (text: string) => void {
  let parts: string[] = [];
  let kept = 0;
  const keep = (part: string) => {
    if (part && kept < limit) {
      parts.push(part.slice(0, limit - kept));
      kept += part.length;
    }
  };
  return (text) => {
    let start = 0;
    for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", start)) {
      keep(text.slice(start, end));
      const line = parts.join("");
      parts = [];
      kept = 0;
      start = end + 1;
      onLine(line.endsWith("\r") ? line.slice(0, -1) : line);
    }
    keep(text.slice(start));
  };
}
