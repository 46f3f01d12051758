import type { Options } from "yargs";
import type { Command } from "./command.js";

// Most command lines are plain: a command, its arguments, and options that it has, each once. They mean the same to every parser, so
// yargs, which takes longer to load than most commands to run, is only loaded for the others: for help, the version, and what it refuses.

interface Parameter {
  readonly name: string;
  readonly isRequired: boolean;
  readonly isList: boolean;
}

/** The positional arguments, from the notation of the parser: `<url> <file> [more..]`. */
function parametersOf({ parameters = "" }: Command): Parameter[] {
  return Array.from(parameters.matchAll(/([<[])(\w+)(\.\.)?[>\]]/g), ([, bracket, name = "", dots]) => ({
    name,
    isRequired: bracket === "<",
    isList: dots !== undefined,
  }));
}

const camelCase = (name: string) => name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());

function isAllowed(value: string, { choices }: { readonly choices?: Options["choices"] }): boolean {
  return value !== "" && !value.startsWith("-") && (choices?.includes(value) ?? true);
}

/** The values of the positional arguments by name, or undefined if there are too few or too many. */
function assigned(command: Command, values: readonly string[]): Record<string, unknown> | undefined {
  const declared = command.positionals?.(() => "") ?? {};
  const rest = [...values];
  const byName: Record<string, unknown> = {};
  for (const { name, isRequired, isList } of parametersOf(command)) {
    const given = isList ? rest.splice(0) : rest.splice(0, 1);
    if ((isRequired && given.length === 0) || !given.every((value) => isAllowed(value, declared[name] ?? {}))) {
      return undefined;
    }
    byName[name] = isList ? given : given[0];
  }
  return rest.length > 0 ? undefined : byName;
}

/**
 * The options and arguments of a plain command line, as the parser returns them; undefined if it is not plain.
 *
 * @param words - The command line, in which the command is the first argument.
 * @param globals - The options of all commands.
 * @param own - Those of the command, which follow it.
 */
export function readPlainly(
  words: readonly string[],
  command: Command,
  globals: Readonly<Record<string, Options>>,
  own: Readonly<Record<string, Options>>,
): Record<string, unknown> | undefined {
  const values: string[] = [];
  const options: Record<string, unknown> = {};
  for (let place = 0; place < words.length; place++) {
    const word = words[place] ?? "";
    if (!word.startsWith("-")) {
      values.push(word);
      continue;
    }
    const [, name = "", written] = /^--([a-z-]+)(?:=(.*))?$/s.exec(word) ?? [];
    const known = values.length === 0 ? globals : { ...globals, ...own };
    const option = Object.hasOwn(known, name) ? known[name] : undefined;
    const isFlag = option?.type === "boolean";
    const value = isFlag ? "" : (written ?? words[++place] ?? "");
    const isPlain = isFlag
      ? written === undefined && !/^(?:true|false)$/.test(words[place + 1] ?? "")
      : option?.type === "string" && isAllowed(value, option);
    if (!option || !isPlain || Object.hasOwn(options, camelCase(name))) {
      return undefined;
    }
    options[camelCase(name)] = isFlag || (option.coerce?.(value) ?? value);
  }
  const given = values.shift() === command.name ? assigned(command, values) : undefined;
  return given && { ...options, ...given };
}
