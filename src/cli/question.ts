import { createInterface } from "node:readline";
import { shownOn } from "./output.js";
import type { Terminal } from "./terminal.js";

/** Asks the user a yes-or-no question. Any answer other than yes counts as no, and so does the end of the input. */
export async function isAgreedTo(terminal: Terminal, question: string): Promise<boolean> {
  const { stdin, stderr, signal } = terminal;
  stderr.write(`${shownOn(stderr, question)} `);
  // Not as a terminal: the system handles line editing, and Ctrl+C remains a signal.
  const lines = createInterface({ input: stdin, terminal: false });
  const onAbort = () => lines.close();
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    const answer = await new Promise<string | undefined>((resolve) => {
      lines.once("line", resolve);
      lines.once("close", () => resolve(undefined));
    });
    if (answer === undefined) {
      stderr.write("\n");
    }
    signal.throwIfAborted();
    return terminal
      .words("question.yes")
      .split(" ")
      .includes(answer?.trim().toLowerCase() ?? "");
  } finally {
    signal.removeEventListener("abort", onAbort);
    lines.close();
  }
}
