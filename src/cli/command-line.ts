import yargs, { type Argv } from "yargs";
import { Parser } from "yargs/helpers";
import { VERSION } from "../made/manifest.js";
import { LocalizedError } from "../words/errors.js";
import { LOCALES, negotiateLocale } from "../words/locale.js";
import type { Language } from "../words/messages.js";
import { cancel, complete, resume, suspend } from "./bulk.js";
import { single, type Command, type Words } from "./command.js";
import { create } from "./create.js";
import { demo } from "./demo.js";
import { doctor } from "./doctor.js";
import { ExitCode, exitCodeOf, UsageError } from "./exit-code.js";
import { explain } from "./explain.js";
import { list } from "./list.js";
import { parserWords } from "./parser-words.js";
import { show } from "./show.js";
import { Terminal, type GlobalOptions, type Surroundings } from "./terminal.js";
import { watch } from "./watch.js";
import { wordsOf } from "./words.js";

/** All of them, in the order of the help. */
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
];

/** Runs a command line and gives its exit code. */
export async function runCommandLine(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  // Needed before anything is parsed: usage errors and help are in the caller's language too.
  const locale = Parser([...argv], { string: ["locale"] }).locale as string | string[] | undefined;
  const language: Language = { locale: negotiateLocale([locale].flat().at(-1)), wording: "documented" };
  const { signal, stdout } = surroundings;
  let terminal = new Terminal(language, { json: argv.includes("--json") }, surroundings);
  try {
    const words = (key: string) => wordsOf(language, key, { locales: LOCALES.join(", ") });
    const asked = parse(argv, words, Math.min(stdout.columns ?? 100, 120));
    if (typeof asked === "string") {
      stdout.write(`${asked}\n`);
      return ExitCode.done;
    }
    const { command, options } = asked;
    terminal = new Terminal(language, options, surroundings);
    return await command.run(terminal, options as never);
  } catch (error) {
    const command = argv.find((word) => COMMANDS.some(({ name }) => name === word));
    return signal.aborted ? ExitCode.interrupted : report(terminal, error, command);
  }
}

interface Asked {
  readonly command: Command;
  readonly options: GlobalOptions;
}

/** The command that is asked for; where it is help or the version, their text. */
function parse(argv: readonly string[], words: Words, width: number): Asked | string {
  let asked: Asked | undefined;
  let output = "";
  // It ends the parsing: after a handler that returns, yargs lays out the help for nobody, which takes longer than all the rest.
  const handler = (command: Command) => (options: GlobalOptions) => {
    asked = { command, options };
    throw asked;
  };
  try {
    cli(words, handler, width)
      .fail((message, error) => {
        throw new UsageError(message ?? error.message);
      })
      .parseSync(argv, {}, (_error, _argv, text) => {
        output += text;
      });
    return output;
  } catch (thrown) {
    if (asked && thrown === asked) {
      return asked;
    }
    throw thrown;
  }
}

function cli(words: Words, handler: (command: Command) => (options: GlobalOptions) => void, width: number): Argv {
  const parser = yargs()
    .scriptName("background-copy")
    // "no" begins the name of an option, --no-progress-timeout, and says the opposite of none.
    .parserConfiguration({ "boolean-negation": false })
    .detectLocale(false)
    .updateStrings(parserWords(words))
    .usage(words("usage"))
    .options({
      service: single(words, "service", { choices: ["delivery-optimization", "bits", "embedded"] }),
      locale: single(words, "locale"),
      json: { type: "boolean", describe: words("option.json") },
      executable: single(words, "executable"),
      "module-path": single(words, "modulePath"),
    });
  for (const command of COMMANDS) {
    const { name, parameters = "", examples, build } = command;
    parser.command(
      `${name} ${parameters}`.trim(),
      words(`command.${name}`),
      (own) => {
        const built = build?.(own as Argv<GlobalOptions>, words) ?? own;
        const shown = examples.map((line, i): [string, string] => [`$0 ${line}`, words(`examples.${name}.${i}`)]);
        return built.example(shown);
      },
      handler(command) as never,
    );
  }
  return parser
    .demandCommand(1, words("noCommand"))
    .strict()
    .version(VERSION)
    .help()
    .epilogue(words("exitCodes"))
    .exitProcess(false)
    .wrap(width);
}

/** Says why a command ended, and gives the exit code for it. */
function report(terminal: Terminal, error: unknown, command?: string): number {
  // On one line, as it may come after other documents.
  if (error instanceof LocalizedError) {
    terminal.documentLine({ error: error.toJSON() });
    terminal.complain(error);
  } else {
    const { name, message, stack } = error as Error;
    terminal.documentLine({ error: { name, message } });
    // A wrong argument is told in the caller's language; anything else is a defect, and its origin belongs into the report.
    const hint = terminal.words("usageHint", { command: ["background-copy", command].filter(Boolean).join(" ") });
    terminal.note(error instanceof TypeError ? `${message}\n${hint}` : String(stack));
  }
  return exitCodeOf(error);
}
