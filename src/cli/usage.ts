import type { Options } from "yargs";
import { nearest } from "../words/near.js";
import { UsageError } from "./exit-code.js";

// Common typing habits that the parser alone would misinterpret, or reject without help.

/** Looks up a text of the command line and fills in its values. */
type Tell = (key: string, values?: Readonly<Record<string, string>>) => string;

type OptionsByName = Readonly<Record<string, Options>>;

export interface Declared {
  readonly globals: OptionsByName;
  /** The options of each command. */
  readonly commands: ReadonlyMap<string, OptionsByName>;
}

const SHORT: Readonly<Record<string, string>> = { h: "help", v: "version" };

/** Whether a word is an option. A negative number is not an option, and a single dash is the name of a file. */
function isOption(word: string): boolean {
  return /^-(?![\d.]|$)/.test(word);
}

const withoutDashes = (word: string) => word.replace(/^-+/, "").replace(/=.*$/s, "");
const kebabCase = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** The positions of the arguments that are neither options nor their values. */
function placesOfArguments(words: readonly string[], options: OptionsByName): number[] {
  return words.flatMap((word, place) => {
    const before = words[place - 1] ?? "";
    const name = kebabCase(withoutDashes(before));
    const isKnown = isOption(before) && Object.hasOwn(options, name);
    const isValue = isKnown && !before.includes("=") && options[name]?.type !== "boolean";
    return isOption(word) || isValue ? [] : [place];
  });
}

/** The command line for the parser: `help cancel` becomes `cancel --help`, and nothing after `--` is an option. */
export function readableWords(argv: readonly string[], { globals, commands }: Declared, tell: Tell): readonly string[] {
  const end = argv.indexOf("--");
  const [words, rest] = end === -1 ? [argv, []] : [argv.slice(0, end), argv.slice(end + 1)];
  checkBraces(words, tell);
  const all = Object.assign({}, globals, ...commands.values());
  const [first, second] = placesOfArguments(words, all);
  const isHelp = first !== undefined && words[first] === "help";
  const command = words[(isHelp ? second : first) ?? -1];
  if (command !== undefined && !commands.has(command)) {
    // A word that looks like a command might be the value of an unknown option.
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
 * PowerShell interprets an ID in braces without quotes as a script block and passes it on as base64 of UTF-16.
 *
 * @throws UsageError that describes how to write the ID.
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
