import yargs, { type Argv, type Options } from "yargs";
import { Parser } from "yargs/helpers";
import { VERSION } from "../made/manifest.js";
import { LocalizedError } from "../words/errors.js";
import { LOCALES, negotiateLocale } from "../words/locale.js";
import type { Language } from "../words/messages.js";
import { cancel, complete, resume, suspend } from "./bulk.js";
import { single, type Command, type Words } from "./command.js";
import { completion } from "./completion.js";
import { create } from "./create.js";
import { demo } from "./demo.js";
import { doctor } from "./doctor.js";
import { ExitCode, exitCodeOf, SetUpError, UsageError } from "./exit-code.js";
import { explain } from "./explain.js";
import { list } from "./list.js";
import { parserWords } from "./parser-words.js";
import { printableSentence } from "./printable.js";
import { show } from "./show.js";
import { Terminal, type GlobalOptions, type Surroundings } from "./terminal.js";
import { readableWords } from "./usage.js";
import { watch } from "./watch.js";
import { wordsOf } from "./words.js";

/** All commands, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  create,
  list,
  show,
  watch,
  suspend,
  resume,
  complete,
  cancel,
  explain,
  doctor,
  demo,
  completion(() => COMMANDS, globalOptions),
];

/** Runs a command line and returns its exit code. */
export async function runCommandLine(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  // Needed before anything is parsed, because usage errors and help are in the caller's language too.
  const locale = Parser([...argv], { string: ["locale"] }).locale as string | string[] | undefined;
  const language: Language = { locale: negotiateLocale([locale].flat().at(-1)), wording: "documented" };
  const { signal, stdout } = surroundings;
  let terminal = new Terminal(language, { json: argv.includes("--json") }, surroundings);
  try {
    const words = (key: string) => wordsOf(language, key, { locales: LOCALES.join(", ") });
    const declared = {
      globals: globalOptions(words),
      commands: new Map(COMMANDS.map(({ name, options }) => [name, options?.(words) ?? {}])),
    };
    const readable = readableWords(argv, declared, (key, values) => wordsOf(language, `parser.${key}`, values));
    const asked = parse(readable, words, Math.min(stdout.columns ?? 100, 120));
    if (typeof asked === "string") {
      stdout.write(`${asked}\n`);
      return ExitCode.done;
    }
    const { command, options } = asked;
    terminal = new Terminal(language, options, surroundings);
    return await command.run(terminal, options as never);
  } catch (error) {
    const command = argv.find((word) => COMMANDS.some(({ name }) => name === word));
    return signal.aborted ? ExitCode.interrupted : report(terminal, readable(terminal, error), command);
  }
}

interface Asked {
  readonly command: Command;
  readonly options: GlobalOptions;
}

/** The requested command; for help and the version, their text. */
function parse(argv: readonly string[], words: Words, width: number): Asked | string {
  let asked: Asked | undefined;
  let output = "";
  // This ends the parsing: after a handler returns, yargs builds the help for nobody, which takes longer than everything else.
  const handler = (command: Command) => (options: GlobalOptions) => {
    asked = { command, options };
    throw asked;
  };
  try {
    cli(words, handler, width)
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

/** The options of all commands. */
export function globalOptions(words: Words): Record<string, Options> {
  return {
    service: single(words, "service", { choices: ["delivery-optimization", "bits", "embedded"] }),
    locale: single(words, "locale"),
    json: { type: "boolean", describe: words("option.json") },
    executable: single(words, "executable"),
    "module-path": single(words, "modulePath"),
  };
}

function cli(words: Words, handler: (command: Command) => (options: GlobalOptions) => void, width: number): Argv {
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
    .options(globalOptions(words));
  for (const command of COMMANDS) {
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

/** Reports why a command ended, and returns the exit code for it. */
function report(terminal: Terminal, error: unknown, command?: string): number {
  // On one line, because it might follow other documents.
  if (error instanceof LocalizedError) {
    terminal.documentLine({ error: error.toJSON() });
    terminal.complain(error);
  } else {
    const { name, message, stack } = error as Error;
    terminal.documentLine({ error: { name, message } });
    // An error that the caller can fix is reported in the caller's language. Anything else is a defect, and the report includes its
    // origin.
    const hint = terminal.words("usageHint", { command: ["background-copy", command].filter(Boolean).join(" ") });
    const told = error instanceof UsageError ? message : printableSentence(message);
    const lines =
      error instanceof SetUpError
        ? [told]
        : error instanceof TypeError
          ? [...told.split("\n"), hint]
          : String(stack)
              .replace(message, () => told)
              .split("\n");
    for (const line of lines) {
      terminal.note(line);
    }
  }
  return exitCodeOf(error);
}

/** A system error with its own message: the current folder no longer exists. */
function readable(terminal: Terminal, error: unknown): unknown {
  return (error as NodeJS.ErrnoException).syscall === "uv_cwd" ? new SetUpError(terminal.words("folderGone")) : error;
}
