import { explain as explainOne, explainAll } from "../words/explain.js";
import type { Explanation } from "../words/explanation.js";
import { codeNames } from "../words/code-text.js";
import { pageOf } from "../words/help.js";
import { RETURNED_BY } from "../words/hresult-methods.js";
import { methodsWithWords } from "../words/messages.js";
import { nearest } from "../words/near.js";
import { single, type Command } from "./command.js";
import { ExitCode } from "./exit-code.js";
import type { GlobalOptions, Terminal } from "./terminal.js";

interface ExplainArguments extends GlobalOptions {
  readonly code: readonly string[];
  readonly method?: string | undefined;
}

/** `explain CODE …`: explains codes, including those in a line of a log. */
export const explain: Command<ExplainArguments> = {
  name: "explain",
  parameters: "<code..>",
  examples: [
    "explain DO_E_INVALID_STATE",
    "explain 0x80D02013 --method IBackgroundCopyJob::Cancel",
    "explain CONSTRAINED_LANGUAGE",
    'explain "BITS error 0x80070005 (-2147024891)"',
  ],
  positionals: (words) => ({
    // Otherwise, the parser would show its initial empty list.
    code: { type: "string", describe: words("argument.code"), default: undefined },
  }),
  options: (words) => ({ method: single(words, "method") }),
  candidates: codeNames,
  isText: true,
  async run(terminal, { code, method }) {
    const { locale } = terminal.language;
    const codes = explainWords(code, { method, locale });
    checkMethod(terminal, codes[0]?.method);
    const byText = new Map<string, Explanation[]>();
    for (const meaning of codes) {
      byText.set(meaning.text, [...(byText.get(meaning.text) ?? []), meaning]);
    }
    const paragraphs = [...byText].flatMap(([text, meanings]) => [
      ...(meanings.length > 1 ? [[terminal.words("explain.several", { text })]] : []),
      ...meanings.map((meaning) => linesOf(terminal, meaning)),
    ]);
    for (const [index, lines] of paragraphs.entries()) {
      for (const line of [...(index > 0 ? [""] : []), ...lines]) {
        terminal.line(line);
      }
    }
    terminal.document({ locale, codes });
    const isUnknown = [...byText.values()].some((meanings) => !meanings.some(({ known }) => known));
    return isUnknown ? ExitCode.refused : ExitCode.done;
  },
};

/** The codes in the arguments of a command line: each argument is a code, or all arguments together are a line that contains codes. */
function explainWords(words: readonly string[], options: Parameters<typeof explainAll>[1]): Explanation[] {
  const byWord = words.map((word) => explainAll(word, options));
  if (byWord.every(({ length }) => length > 0)) {
    return byWord.flat();
  }
  const line = words.join(" ");
  const inLine = explainAll(line, options);
  // A misspelled name is an error, even if there are other codes.
  const unknown = words.find((word, i) => byWord[i]?.length === 0 && /^[A-Z][A-Z0-9]*_\w+$/i.test(word));
  return unknown === undefined && inLine.length > 0 ? inLine : [explainOne(unknown ?? line, options)];
}

/** Reports that a method does not change the message, and suggests a similar one. */
function checkMethod(terminal: Terminal, method: string | undefined): void {
  const known = [...methodsWithWords(), ...Object.keys(RETURNED_BY)];
  if (method !== undefined && !known.includes(method)) {
    const near = nearest(method, known);
    const unknown = terminal.words("explain.unknownMethod", { method });
    terminal.note(near ? terminal.words("parser.suggestion", { refusal: unknown, near }) : unknown);
  }
}

function linesOf(terminal: Terminal, explanation: Explanation): string[] {
  const { code, hex, hresult, readAs, known, message, advice, helpUrl, locale } = explanation;
  const isOther = readAs === "Win32" || readAs === "HTTP";
  const kind = isOther ? terminal.words(`explain.${readAs}`, { number: (hresult ?? 0) & 0xffff }) : "";
  const names = [
    code,
    ...(hex === undefined || hex === code ? [] : [hex]),
    ...(hresult === undefined ? [] : [hresult]),
  ];
  return [
    [...names, ...(kind ? [kind] : [])].join("  "),
    ...(known ? [] : [terminal.words("explain.unknown")]),
    message,
    ...(advice ? [advice] : []),
    ...(helpUrl ? [terminal.words("explain.page", { page: helpUrl })] : []),
    ...(helpUrl || code === hex ? [] : [terminal.words("explain.offlinePage", { page: pageOf(locale, code) })]),
  ];
}
