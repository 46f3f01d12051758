import yargs, { type Argv } from "yargs";
import { hideBin, Parser } from "yargs/helpers";
import { LocalizedError } from "../errors.js";
import { negotiateLocale } from "../locale.js";
import { text, type Language } from "../messages.js";
import { VERSION } from "../version.js";
import { cancel } from "./cancel.js";
import { demo } from "./demo.js";
import { doctor } from "./doctor.js";
import { explain } from "./explain.js";
import { ExitCode, exitCodeOf, Terminal, type GlobalOptions } from "./terminal.js";

// What yargs says itself, by the names under which the catalogue has it.
const PARSER_WORDS: Readonly<Record<string, string>> = {
  "Commands:": "commands",
  "Options:": "options",
  "Positionals:": "positionals",
  "Show help": "showHelp",
  "Show version number": "showVersion",
  "choices:": "choices",
  "Invalid values:": "invalidValues",
  "Argument: %s, Given: %s, Choices: %s": "given",
  "Not enough arguments following: %s": "missingValue",
  boolean: "boolean",
  string: "string",
  array: "array",
  required: "required",
};

// The same for what yargs counts.
const COUNTED_PARSER_WORDS: Readonly<Record<string, string>> = {
  "Unknown argument: %s": "unknownArgument",
  "Unknown command: %s": "unknownCommand",
  "Not enough non-option arguments: got %s, need at least %s": "notEnoughArguments",
};

function parserWords(words: (key: string) => string): Record<string, string> {
  const entries = (said: Readonly<Record<string, string>>) =>
    Object.entries(said).map(([english, key]) => [english, words(`parser.${key}`)] as const);
  return {
    ...Object.fromEntries(entries(PARSER_WORDS)),
    // yargs' types know of one form alone, where its counted words have two.
    ...Object.fromEntries(
      entries(COUNTED_PARSER_WORDS).map(([said, word]) => [said, { one: word, other: word } as never]),
    ),
  };
}

/** A command line that makes no sense, in yargs' words. */
class UsageError extends TypeError {}

type Command = (terminal: Terminal, options: never) => Promise<number>;

/** Runs the command line and gives its exit code. */
async function main(argv: readonly string[]): Promise<number> {
  // Needed before anything is parsed: usage errors and help are in the caller's language too.
  const asked = Parser([...argv], { string: ["locale"] }).locale as string | string[] | undefined;
  const language: Language = { locale: negotiateLocale([asked].flat().at(-1)), wording: "documented" };
  const words = (key: string) => text(language, key, {}, "cli");
  const interrupted = new AbortController();
  const onInterrupt = () => interrupted.abort();
  process.once("SIGINT", onInterrupt);
  let exitCode: number = ExitCode.done;

  const handler = (command: Command) => async (options: GlobalOptions) => {
    const terminal = new Terminal(language, options, interrupted.signal);
    try {
      exitCode = await command(terminal, options as never);
    } catch (error) {
      exitCode = interrupted.signal.aborted ? ExitCode.interrupted : report(terminal, error);
    }
  };
  try {
    await cli(words, handler)
      .fail((message, error) => {
        throw new UsageError(message ?? error.message);
      })
      .parseAsync(argv);
  } catch (error) {
    if (!(error instanceof UsageError)) {
      throw error;
    }
    exitCode = report(new Terminal(language, { json: argv.includes("--json") }, interrupted.signal), error);
  } finally {
    process.off("SIGINT", onInterrupt);
  }
  return exitCode;
}

function cli(
  words: (key: string) => string,
  handler: (command: Command) => (options: GlobalOptions) => Promise<void>,
): Argv<GlobalOptions> {
  return yargs()
    .scriptName("background-copy")
    .detectLocale(false)
    .updateStrings(parserWords(words))
    .usage(words("usage"))
    .options({
      service: { choices: ["delivery-optimization", "bits", "embedded"] as const, describe: words("option.service") },
      locale: { type: "string", requiresArg: true, describe: words("option.locale") },
      json: { type: "boolean", describe: words("option.json") },
      executable: { type: "string", requiresArg: true, describe: words("option.executable") },
      "module-path": { type: "string", requiresArg: true, describe: words("option.modulePath") },
    })
    .command("demo", words("command.demo"), (command) => command, handler(demo))
    .command(
      "cancel <id..>",
      words("command.cancel"),
      (command) => command.positional("id", { type: "string", describe: words("argument.id") }),
      handler(cancel),
    )
    .command(
      "explain <code>",
      words("command.explain"),
      (command) =>
        command
          .positional("code", { type: "string", describe: words("argument.code") })
          .option("method", { type: "string", requiresArg: true, describe: words("option.method") }),
      handler(explain),
    )
    .command("doctor", words("command.doctor"), (command) => command, handler(doctor))
    .demandCommand(1, words("noCommand"))
    .strict()
    .version(VERSION)
    .help()
    .exitProcess(false)
    .wrap(Math.min(process.stdout.columns ?? 100, 120)) as never;
}

/** Says why a command ended, and gives the exit code for it. */
function report(terminal: Terminal, error: unknown): number {
  if (error instanceof LocalizedError) {
    terminal.document({ error: error.toJSON() });
    terminal.note(`${error.code}: ${error.message}`);
    terminal.note(error.advice ?? "");
  } else {
    const { name, message, stack } = error as Error;
    terminal.document({ error: { name, message } });
    // A wrong argument is told in the caller's language; anything else is a defect, and its origin belongs into the report.
    terminal.note(error instanceof TypeError ? `${message}\n${terminal.words("usageHint")}` : String(stack));
  }
  return exitCodeOf(error);
}

// A reader that has seen enough, like `head`, is no failure; a disk that takes no more is one.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") {
    process.stderr.write(`${error.message}\n`);
    process.exit(ExitCode.unknown);
  }
});

main(hideBin(process.argv)).then((exitCode) => {
  process.exitCode = exitCode;
});
