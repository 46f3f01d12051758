import { explain as explainCode } from "../words/explain.js";
import { single, type Command } from "./command.js";
import { ExitCode } from "./exit-code.js";
import type { GlobalOptions } from "./terminal.js";

interface ExplainArguments extends GlobalOptions {
  readonly code: string;
  readonly method?: string | undefined;
}

/** `explain CODE`: says what a code means. */
export const explain: Command<ExplainArguments> = {
  name: "explain",
  parameters: "<code>",
  examples: [
    "explain DO_E_INVALID_STATE",
    "explain 0x80D02013 --method IBackgroundCopyJob::Cancel",
    "explain CONSTRAINED_LANGUAGE",
  ],
  build: (command, words) =>
    command
      .positional("code", { type: "string", describe: words("argument.code") })
      .option("method", single(words, "method")),
  async run(terminal, { code, method }) {
    const explanation = explainCode(code, { method, locale: terminal.language.locale });
    // The codes of this package have no number.
    const { code: name, hex, hresult } = explanation;
    terminal.line(hresult === undefined ? name : `${name}  ${hex}  ${hresult}`);
    terminal.line(explanation.message);
    if (explanation.advice) {
      terminal.line(explanation.advice);
    }
    terminal.line(terminal.words("explain.page", { page: explanation.helpUrl }));
    terminal.document(explanation);
    return ExitCode.done;
  },
};
