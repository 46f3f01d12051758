import type { Options } from "yargs";
import { nearest } from "../words/near.js";
import { UsageError } from "./exit-code.js";

// What hands write that the parser alone would take for something else, or would refuse without a word of help.

/** Looks a text of the command line up, with what stands in it. */
type Tell = (key: string, values?: Readonly<Record<string, string>>) => string;

type OptionsByName = Readonly<Record<string, Options>>;

export interface Declared {
  readonly globals: OptionsByName;
  /** The options of each command. */
  readonly commands: ReadonlyMap<string, OptionsByName>;
}

const SHORT: Readonly<Record<string, string>> = { h: "help", v: "version" };

/** Whether a word is an option. A negative number is none, and a single dash is a name of a file. */
function isOption(word: string): boolean {
  return /^-(?![\d.]|$)/.test(word);
}

const withoutDashes = (word: string) => word.replace(/^-+/, "").replace(/=.*$/s, "");
const kebabCase = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** Where the words stand that are no options and no values of options. */
function placesOfArguments(words: readonly string[], options: OptionsByName): number[] {
  return words.flatMap((word, place) => {
    const before = words[place - 1] ?? "";
    const option = options[kebabCase(withoutDashes(before))];
    const isValue = isOption(before) && !before.includes("=") && option !== undefined && option.type !== "boolean";
    return isOption(word) || isValue ? [] : [place];
  });
}

/** The command line as the parser is to read it: `help cancel` is `cancel --help`, and what follows `--` is no option. */
export function readableWords(argv: readonly string[], { globals, commands }: Declared, tell: Tell): readonly string[] {
  const end = argv.indexOf("--");
  const [words, rest] = end === -1 ? [argv, []] : [argv.slice(0, end), argv.slice(end + 1)];
  checkBraces(words, tell);
  const all = Object.assign({}, globals, ...commands.values());
  const [first, second] = placesOfArguments(words, all);
  const isHelp = first !== undefined && words[first] === "help";
  const command = words[(isHelp ? second : first) ?? -1];
  if (command !== undefined && !commands.has(command)) {
    // What looks like a command may be the value of an option that there is not.
    checkOptions(words, Object.keys(all), tell);
    const near = nearest(command, commands.keys());
    throw new UsageError(withSuggestion(tell, tell("unknownCommand", { command }), near));
  }
  const known = { ...globals, ...(command === undefined ? {} : commands.get(command)) };
  checkOptions(words, Object.keys(known), tell);
  const option = rest.find(isOption);
  if (option !== undefined) {
    throw new UsageError(tell("unknownOption", { option }));
  }
  return isHelp ? [...words.toSpliced(first, 1), "--help"] : [...words, ...rest];
}

function withSuggestion(tell: Tell, refusal: string, near: string | undefined): string {
  return near === undefined ? refusal : tell("suggestion", { refusal, near });
}

function checkOptions(words: readonly string[], known: readonly string[], tell: Tell): void {
  const names = [...known, ...Object.values(SHORT)];
  for (const word of words.filter(isOption)) {
    const name = withoutDashes(word);
    const isKnown = word.startsWith("--") ? names.includes(kebabCase(name)) : Object.hasOwn(SHORT, name);
    if (!isKnown) {
      const near = nearest(name, names);
      const option = word.replace(/=.*$/s, "");
      throw new UsageError(withSuggestion(tell, tell("unknownOption", { option }), near && `--${near}`));
    }
  }
}

/**
 * PowerShell takes an id in braces without quotes for a block of script, and passes it on as base64 of UTF-16.
 *
 * @throws UsageError that says how the id has to be written.
 */
function checkBraces(words: readonly string[], tell: Tell): void {
  const place = words.findIndex((word) => /^-encodedCommand$/i.test(word));
  if (place !== -1) {
    const id = Buffer.from(words[place + 1] ?? "", "base64").toString("utf16le");
    throw new UsageError(
      tell("bracesTaken", { id: /^[0-9a-f-]{36}$/i.test(id) ? id : "6f0f2b0c-6b1a-4f0e-9d38-0a54f2a1c3de" }),
    );
  }
}
