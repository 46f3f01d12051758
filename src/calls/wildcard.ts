/**
 * What a pattern with wildcards matches, by the rules of PowerShell's -like: `*` any characters, `?` one, `[a-z]` one of those, a
 * backtick before a character takes it as it is. Letter case does not count.
 *
 * @returns The test; `undefined` for a pattern that PowerShell would not take: brackets that are not closed, or a range from high to low.
 */
export function wildcard(pattern: string): ((text: string) => boolean) | undefined {
  let source = "";
  for (let i = 0; i < pattern.length; i++) {
    const character = pattern.charAt(i);
    if (character === "`" && i + 1 < pattern.length) {
      i++;
      source += literal(pattern.charAt(i));
    } else if (character === "*") {
      source += ".*";
    } else if (character === "?") {
      source += ".";
    } else if (character === "[") {
      // What comes first in it does not close it.
      const [brackets, content] = /^\[((?:`.|[^`])(?:`.|[^\]])*?)\]/s.exec(pattern.slice(i)) ?? [];
      if (brackets === undefined || content === undefined) {
        return undefined;
      }
      source += oneOf(content);
      i += brackets.length - 1;
    } else {
      source += literal(character);
    }
  }
  try {
    const expression = new RegExp(`^${source}$`, "is");
    return (text) => expression.test(text);
  } catch {
    return undefined;
  }
}

function literal(character: string): string {
  return /[\\^$.*+?()[\]{}|/-]/.test(character) ? `\\${character}` : character;
}

/** One of the characters, and of the ranges, between brackets. */
function oneOf(content: string): string {
  const ranges = content.matchAll(/(?:`(.)|(.))(?:(-)(?:`(.)|(.)))?/gs);
  const sources = Array.from(ranges, ([, escaped, plain, dash, escapedEnd, plainEnd]) => {
    const start = literal(escaped ?? plain ?? "");
    return dash ? `${start}-${literal(escapedEnd ?? plainEnd ?? "")}` : start;
  });
  return `[${sources.join("")}]`;
}
