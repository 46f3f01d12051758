import type { Options } from "yargs";
import { LocalizedError } from "../words/errors.js";
import { LOCALES, negotiateLocale } from "../words/locale.js";
import type { Language } from "../words/messages.js";
import { cancel, complete, resume, suspend } from "./bulk.js";
import { single, type Asked, type Command, type Words } from "./command.js";
import { completion } from "./completion.js";
import { create } from "./create.js";
import { demo } from "./demo.js";
import { doctor } from "./doctor.js";
import { ExitCode, exitCodeOf, SetUpError, UsageError } from "./exit-code.js";
import { explain } from "./explain.js";
import { fleet } from "./fleet.js";
import { list } from "./list.js";
import { readPlainly } from "./plain.js";
import { printableSentence } from "./printable.js";
import { show } from "./show.js";
import { Terminal, type Surroundings } from "./terminal.js";
import { readableWords, type Declared } from "./usage.js";
import { watch } from "./watch.js";
import { loadWidths } from "./width.js";
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
  fleet,
  explain,
  doctor,
  demo,
  completion(() => COMMANDS, globalOptions),
];

/** Runs a command line and returns its exit code. */
export async function runCommandLine(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  // Needed before anything is parsed, because usage errors and help are in the caller's language too.
  const language: Language = { locale: negotiateLocale(localeOf(argv)), wording: "documented" };
  const { signal, stdout, stderr } = surroundings;
  if (stdout.isTTY || stderr.isTTY) {
    await loadWidths();
  }
  let terminal = new Terminal(language, { json: argv.includes("--json") }, surroundings);
  try {
    const words = (key: string) => wordsOf(language, key, { locales: LOCALES.join(", ") });
    const declared = {
      globals: globalOptions(unworded),
      commands: new Map(COMMANDS.map(({ name, options }) => [name, options?.(unworded) ?? {}])),
    };
    const readable = readableWords(argv, declared, (key, values) => wordsOf(language, `parser.${key}`, values));
    const asked = plain(readable, declared) ?? (await parsed(readable, words, Math.min(stdout.columns ?? 100, 120)));
    if (typeof asked === "string") {
      stdout.write(`${asked}\n`);
      return ExitCode.done;
    }
    const { command, options } = asked;
    if (!command.isText) {
      await loadWidths();
    }
    terminal = new Terminal(language, options, surroundings);
    return await command.run(terminal, options as never);
  } catch (error) {
    const command = argv.find((word) => COMMANDS.some(({ name }) => name === word));
    return signal.aborted ? ExitCode.interrupted : report(terminal, readable(terminal, error), command);
  }
}

// Declarations whose texts nobody reads.
const unworded = () => "";

/** The last language of a command line: any other text counts as English later. */
function localeOf(argv: readonly string[]): string | undefined {
  const end = argv.indexOf("--");
  const words = end === -1 ? argv : argv.slice(0, end);
  const place = words.findLastIndex((word) => /^--locale(?:=|$)/.test(word));
  return place === -1 ? undefined : (words[place]?.split("=")[1] ?? words[place + 1]);
}

/** The command of a plain command line with its options, or undefined if the parser has to read the command line. */
function plain(argv: readonly string[], { globals, commands }: Declared): Asked | undefined {
  for (const command of COMMANDS.filter(({ name }) => argv.includes(name))) {
    const options = readPlainly(argv, command, globals, commands.get(command.name) ?? {});
    if (options) {
      return { command, options };
    }
  }
  return undefined;
}

async function parsed(argv: readonly string[], words: Words, width: number): Promise<Asked | string> {
  const { parse } = await import("./parser.js");
  return parse(argv, { commands: COMMANDS, globals: globalOptions(words), words, width });
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
