import yargs, { type Argv } from "yargs";
import { Parser } from "yargs/helpers";
import { LocalizedError } from "../errors.js";
import { negotiateLocale } from "../locale.js";
import { text, type Language } from "../messages.js";
import { VERSION } from "../version.js";
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

const COMMANDS: readonly Command[] = [
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
  const asked = Parser([...argv], { string: ["locale"] }).locale as string | string[] | undefined;
  const language: Language = { locale: negotiateLocale([asked].flat().at(-1)), wording: "documented" };
  const words = (key: string) => text(language, key, {}, "cli");
  const { signal, stdout } = surroundings;
  let exitCode: number = ExitCode.done;

  const handler = (command: Command) => async (options: GlobalOptions) => {
    const terminal = new Terminal(language, options, surroundings);
    try {
      exitCode = await command.run(terminal, options as never);
    } catch (error) {
      exitCode = signal.aborted ? ExitCode.interrupted : report(terminal, error);
    }
  };
  const width = Math.min(stdout.columns ?? 100, 120);
  try {
    const parser = cli(words, handler, width).fail((message, error) => {
      throw new UsageError(message ?? error.message);
    });
    await parser.parseAsync(argv, {}, (_error, _argv, output) => {
      // Help and version; errors have been thrown.
      if (output) {
        stdout.write(`${output}\n`);
      }
    });
  } catch (error) {
    if (!(error instanceof UsageError)) {
      throw error;
    }
    exitCode = report(new Terminal(language, { json: argv.includes("--json") }, surroundings), error);
  }
  return exitCode;
}

function cli(
  words: Words,
  handler: (command: Command) => (options: GlobalOptions) => Promise<void>,
  width: number,
): Argv<GlobalOptions> {
  const parser = yargs()
    .scriptName("background-copy")
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
    .wrap(width) as never;
}

/** Says why a command ended, and gives the exit code for it. */
function report(terminal: Terminal, error: unknown): number {
  // On one line, as it may come after other documents.
  if (error instanceof LocalizedError) {
    terminal.documentLine({ error: error.toJSON() });
    terminal.complain(error);
  } else {
    const { name, message, stack } = error as Error;
    terminal.documentLine({ error: { name, message } });
    // A wrong argument is told in the caller's language; anything else is a defect, and its origin belongs into the report.
    terminal.note(error instanceof TypeError ? `${message}\n${terminal.words("usageHint")}` : String(stack));
  }
  return exitCodeOf(error);
}
