/** Cuts a stream of text into lines. A part of a line is kept until the rest has come. */
export function lineReader(onLine: (line: string) => void): (text: string) => void {
  let parts: string[] = [];
  return (text) => {
    let start = 0;
    for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", start)) {
      const line = parts.join("") + text.slice(start, end);
      parts = [];
      start = end + 1;
      onLine(line.endsWith("\r") ? line.slice(0, -1) : line);
    }
    if (start < text.length) {
      parts.push(text.slice(start));
    }
  };
}
