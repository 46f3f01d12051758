import { explain as explainCode } from "../explain.js";
import { ExitCode, type GlobalOptions, type Terminal } from "./terminal.js";

export interface ExplainArguments extends GlobalOptions {
  readonly code: string;
  readonly method?: string | undefined;
}

/** `explain CODE`: says what a code means. */
export async function explain(terminal: Terminal, { code, method }: ExplainArguments): Promise<number> {
  const explanation = explainCode(code, { method, locale: terminal.language.locale });
  terminal.line(`${explanation.code}  ${explanation.hex}  ${explanation.hresult}`);
  terminal.line(explanation.message);
  if (explanation.advice) {
    terminal.line(explanation.advice);
  }
  terminal.document(explanation);
  return ExitCode.done;
}
