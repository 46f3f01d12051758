/** The part of a text that one element of a pattern matches: any run of characters, or one character, in lowercase. */
type Element = typeof ANY_RUN | ((lower: string) => boolean);

const ANY_RUN = "any run";

/** A character of a pattern, and whether a backtick before it escapes it. */
interface Token {
  readonly character: string;
  readonly isLiteral: boolean;
}

/**
 * A test for a pattern with wildcards, by the rules of the -like operator in PowerShell: `*` matches any characters, `?` matches one
 * character, `[a-z]` matches one of these characters, and a backtick escapes a character. Not case-sensitive. Every UTF-16 unit counts as
 * a character, as in Windows PowerShell 5.1: PowerShell 7 ignores invisible characters if a pattern has no wildcard, or only `*` at its
 * end.
 *
 * Anyone who names a job chooses the text, so the time is bounded: the number of steps is at most the product of the lengths of the text
 * and the pattern.
 *
 * @returns The test, or `undefined` for a pattern that PowerShell would reject: brackets that are not closed, or a range from high to
 *   low.
 */
export function wildcard(pattern: string): ((text: string) => boolean) | undefined {
  const elements = parse(tokensOf(pattern));
  return elements && ((text) => matches(elements, text));
}

function tokensOf(pattern: string): Token[] {
  if (pattern === "`") {
    // PowerShell treats it as the empty pattern.
    return [];
  }
  const tokens: Token[] = [];
  for (let i = 0; i < pattern.length; i++) {
    const isLiteral = pattern.charAt(i) === "`";
    if (isLiteral && i + 1 < pattern.length) {
      i++;
    }
    tokens.push({ character: pattern.charAt(i), isLiteral });
  }
  return tokens;
}

function parse(tokens: readonly Token[]): Element[] | undefined {
  const elements: Element[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const { character, isLiteral } = tokens[i] as Token;
    if (isLiteral) {
      elements.push(only(character));
    } else if (character === "*") {
      elements.push(ANY_RUN);
    } else if (character === "?") {
      elements.push(() => true);
    } else if (character === "[") {
      const content = contentOf(tokens, i + 1);
      const element = content && oneOf(content);
      if (!element) {
        return undefined;
      }
      elements.push(element);
      i += content.length + 1;
    } else {
      elements.push(only(character));
    }
  }
  return elements;
}

/** The content of the brackets; undefined if they are not closed. */
function contentOf(tokens: readonly Token[], start: number): Token[] | undefined {
  // The first character in them does not close them.
  for (let end = start + 1; end < tokens.length; end++) {
    const token = tokens[end] as Token;
    if (token.character === "]" && !token.isLiteral) {
      return tokens.slice(start, end);
    }
  }
  return undefined;
}

function only(character: string): Element {
  const lower = toLower(character);
  return (other) => other === lower;
}

/** One of the characters and ranges in brackets; undefined for a range that is not valid. */
function oneOf(content: readonly Token[]): Element | undefined {
  const ranges: (readonly [from: string, to: string])[] = [];
  for (let i = 0; i < content.length; i++) {
    const from = content[i] as Token;
    const [dash, to] = content.slice(i + 1, i + 3);
    if (dash?.character === "-" && !dash.isLiteral && to) {
      // PowerShell's regular expression interprets `-[` differently and rejects it.
      if (from.character > to.character || to.character === "[") {
        return undefined;
      }
      ranges.push([from.character, to.character]);
      i += 2;
    } else {
      ranges.push([from.character, from.character]);
    }
  }
  return (lower) => casesOf(lower).some((other) => ranges.some(([from, to]) => from <= other && other <= to));
}

/** Backtracks only to the last run: another length of an earlier run would not help. */
function matches(elements: readonly Element[], text: string): boolean {
  let element = 0;
  let position = 0;
  let afterRun: number | undefined;
  let endOfRun = 0;
  while (position < text.length) {
    const current = elements[element];
    if (current === ANY_RUN) {
      element++;
      afterRun = element;
      endOfRun = position;
    } else if (current?.(toLower(text.charAt(position)))) {
      element++;
      position++;
    } else if (afterRun !== undefined) {
      element = afterRun;
      endOfRun++;
      position = endOfRun;
    } else {
      return false;
    }
  }
  return elements.slice(element).every((rest) => rest === ANY_RUN);
}

/** The single lowercase form of a character; a character with several remains unchanged. */
function toLower(character: string): string {
  const lower = character.toLowerCase();
  return lower.length === 1 ? lower : character;
}

let upperCases: Map<string, string[]> | undefined;

/** All characters with that lowercase form: for "k", also the Kelvin sign. */
function casesOf(lower: string): readonly string[] {
  upperCases ??= makeUpperCases();
  return [lower, ...(upperCases.get(lower) ?? [])];
}

function makeUpperCases(): Map<string, string[]> {
  const made = new Map<string, string[]>();
  for (let code = 0; code <= 0xffff; code++) {
    const character = String.fromCharCode(code);
    const lower = toLower(character);
    if (lower !== character) {
      made.set(lower, [...(made.get(lower) ?? []), character]);
    }
  }
  return made;
}
