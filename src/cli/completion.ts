import type { Options } from "yargs";
import type { Command, Words } from "./command.js";
import { SCRIPTS, type Completed, type CompletedOption } from "./completion-scripts.js";
import { ExitCode } from "./exit-code.js";
import type { GlobalOptions } from "./terminal.js";

interface CompletionArguments extends GlobalOptions {
  readonly shell: string;
}

const SHELLS = Object.keys(SCRIPTS);

function optionsOf(declared: Readonly<Record<string, Options>>): CompletedOption[] {
  return Object.entries(declared).map(([name, { describe = "", type, choices = [] }]) => ({
    name,
    describe: describe as string,
    takesValue: type !== "boolean",
    choices: choices as readonly string[],
  }));
}

/** `completion SHELL`: prints a script with which a shell completes commands, options, and values. */
export function completion(
  commands: () => readonly Command[],
  globals: (words: Words) => Readonly<Record<string, Options>>,
): Command<CompletionArguments> {
  return {
    name: "completion",
    parameters: "<shell>",
    examples: ["completion bash", "completion powershell"],
    positionals: (words) => ({ shell: { type: "string", describe: words("argument.shell"), choices: SHELLS } }),
    candidates: () => SHELLS,
    async run(terminal, { shell }) {
      const words = (key: string) => terminal.words(key);
      const completed: Completed = {
        commands: commands().map(({ name, options, candidates }) => ({
          name,
          describe: words(`command.${name}`),
          options: optionsOf(options?.(words) ?? {}),
          candidates: candidates?.() ?? [],
        })),
        globals: [
          ...optionsOf(globals(words)),
          { name: "help", describe: words("parser.showHelp"), takesValue: false, choices: [] },
          { name: "version", describe: words("parser.showVersion"), takesValue: false, choices: [] },
        ],
      };
      const script = SCRIPTS[shell as keyof typeof SCRIPTS](completed);
      for (const line of script.split("\n")) {
        terminal.line(line);
      }
      terminal.document({ shell, script });
      return ExitCode.done;
    },
  };
}
