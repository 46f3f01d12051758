import type { Words } from "./command.js";

// The messages of yargs, with their keys in the catalogue.
const PARSER_WORDS: Readonly<Record<string, string>> = {
  "Commands:": "commands",
  "Options:": "options",
  "Positionals:": "positionals",
  "Examples:": "examples",
  "Show help": "showHelp",
  "Show version number": "showVersion",
  "choices:": "choices",
  "default:": "default",
  "Invalid values:": "invalidValues",
  "Argument: %s, Given: %s, Choices: %s": "given",
  "Not enough arguments following: %s": "missingValue",
  boolean: "boolean",
  number: "number",
  string: "string",
  array: "array",
  required: "required",
};

// The same for the messages of yargs with plural forms.
const COUNTED_PARSER_WORDS: Readonly<Record<string, string>> = {
  "Unknown argument: %s": "unknownArgument",
  "Not enough non-option arguments: got %s, need at least %s": "notEnoughArguments",
};

/** All messages of the parser, in the caller's language. */
export function parserWords(words: Words): Record<string, string> {
  const entries = (said: Readonly<Record<string, string>>) =>
    Object.entries(said).map(([english, key]) => [english, words(`parser.${key}`)] as const);
  return {
    ...Object.fromEntries(entries(PARSER_WORDS)),
    // The types of yargs allow one form only, but its messages with plural forms have two.
    ...Object.fromEntries(
      entries(COUNTED_PARSER_WORDS).map(([said, word]) => [said, { one: word, other: word } as never]),
    ),
  };
}
