import yargs, { type Argv, type Options } from "yargs";
import { VERSION } from "../made/manifest.js";
import type { Asked, Command, Words } from "./command.js";
import { UsageError } from "./exit-code.js";
import { parserWords } from "./parser-words.js";
import { printableSentence } from "./printable.js";
import type { GlobalOptions } from "./terminal.js";

// The parser for help, the version, and everything that plain.ts does not read. Only it loads yargs.

/** The commands and options, with the texts of their help, and its width. */
interface Interface {
  readonly commands: readonly Command[];
  readonly globals: Readonly<Record<string, Options>>;
  readonly words: Words;
  readonly width: number;
}

/** The requested command; for help and the version, their text. */
export function parse(argv: readonly string[], offered: Interface): Asked | string {
  let asked: Asked | undefined;
  let output = "";
  // This ends the parsing: after a handler returns, yargs builds the help for nobody, which takes longer than everything else.
  const handler = (command: Command) => (options: GlobalOptions) => {
    asked = { command, options };
    throw asked;
  };
  try {
    cli(offered, handler)
      .fail((message, error) => {
        throw new UsageError(withoutHidden(message ?? error.message, argv));
      })
      .parseSync(argv, {}, (_error, _argv, text) => {
        output += text;
      });
    return output.replaceAll(/(?<=\S)(?=\[[^[\]]+\](?: \[[^[\]]+\])*$)/gm, " ");
  } catch (thrown) {
    if (asked && thrown === asked) {
      return asked;
    }
    throw thrown;
  }
}

/** A message of the parser. Only its line breaks are kept, because it quotes the command line. */
function withoutHidden(message: string, argv: readonly string[]): string {
  const quoted = argv.flatMap((word) => [word, word.replace(/^.*?=/s, "")]).filter(Boolean);
  return quoted.reduce((text, word) => text.replaceAll(word, printableSentence(word)), message);
}

function cli(
  { commands, globals, words, width }: Interface,
  handler: (command: Command) => (options: GlobalOptions) => void,
): Argv {
  // The parser's own look at the working folder would fail if the folder no longer exists.
  const parser = yargs([], "/")
    .scriptName("background-copy")
    .parserConfiguration({
      // "no" is the beginning of an option name, --no-progress-timeout, and does not negate an option.
      "boolean-negation": false,
      // Unknown options were rejected before, so what still starts with a dash is an argument.
      "unknown-options-as-args": true,
    })
    .detectLocale(false)
    .updateStrings(parserWords(words))
    .usage(words("usage"))
    .options(globals);
  for (const command of commands) {
    const { name, parameters = "", examples, positionals, options } = command;
    parser.command(
      `${name} ${parameters}`.trim(),
      words(`command.${name}`),
      (own) => {
        for (const [argument, declaration] of Object.entries(positionals?.(words) ?? {})) {
          own.positional(argument, declaration);
        }
        const shown = examples.map((line, i): [string, string] => [`$0 ${line}`, words(`examples.${name}.${i}`)]);
        return own.options(options?.(words) ?? {}).example(shown);
      },
      handler(command) as never,
    );
  }
  return (
    parser
      .demandCommand(1, words("noCommand"))
      .strict()
      .version(VERSION)
      .alias("version", "v")
      .help()
      .alias("help", "h")
      .epilogue(words("exitCodes"))
      .exitProcess(false)
      // The space that the parser omits in a full line.
      .wrap(width - 1)
  );
}
