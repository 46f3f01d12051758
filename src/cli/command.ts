import type { Options, PositionalOptions } from "yargs";
import type { GlobalOptions, Terminal } from "./terminal.js";

/** Looks up a text in the caller's language. */
export type Words = (key: string) => string;

/** A command: its name, its options, and its action. Its texts are under its name in the catalogue. */
export interface Command<O extends GlobalOptions = never> {
  readonly name: string;
  /** The positional arguments, in the notation of the parser: `<id..>`. */
  readonly parameters?: string;
  /** Examples of command lines; their texts are under the name's `examples`, in this order. */
  readonly examples: readonly string[];
  /** The arguments, by their names in `parameters`. */
  positionals?(words: Words): Readonly<Record<string, PositionalOptions>>;
  /** The options, by their names on the command line, without the common ones. */
  options?(words: Words): Readonly<Record<string, Options>>;
  /** The possible values of the arguments, for completion. */
  candidates?(): readonly string[];
  /** Whether the command writes only text, which needs no columns. */
  readonly isText?: true;
  /** Runs the command and returns the exit code. */
  run(terminal: Terminal, options: O): Promise<number>;
}

/** The requested command with its options and arguments. */
export interface Asked {
  readonly command: Command;
  readonly options: GlobalOptions;
}

/** An option with one text. If it is given twice, the second value applies. */
export function single(words: Words, key: string, options: Options = {}): Options {
  const describe = words(`option.${key}`);
  return { type: "string", requiresArg: true, coerce: (value) => [value].flat().at(-1), describe, ...options };
}

/** An option that can be given several times. */
export function repeated(words: Words, key: string, options: Options = {}): Options {
  const describe = words(`option.${key}`);
  return { type: "string", requiresArg: true, coerce: (value) => [value].flat(), describe, ...options };
}

export function flag(words: Words, key: string): Options {
  return { type: "boolean", describe: words(`option.${key}`) };
}

/** A documented name as the command line accepts it: `BG_JOB_STATE_TRANSIENT_ERROR` is `transient-error`. */
export function shortName(prefix: string, name: string): string {
  return name.slice(prefix.length).toLowerCase().replaceAll("_", "-");
}
